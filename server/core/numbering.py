"""Numbers people read: a letter and a count that restarts each business day and never wraps. Pure."""


def format_number(series: str, count: int) -> str:
    """`A`, 12 → `A012`; past 999 the number simply grows to four digits (A2.7)."""
    return f"{series}{count:03d}"
