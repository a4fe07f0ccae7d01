"""Text in a spreadsheet's cell that must stay text (C12). One rule for every file that is given out or taken in."""

#: So that a spreadsheet opens a CSV file as UTF-8.
BOM = "\ufeff"
#: A spreadsheet takes text that begins with one of these for a formula; an apostrophe before it keeps it text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def escaped(value: object) -> object:
    """For a CSV cell: text that a spreadsheet would run as a formula stays text, anything else is as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
