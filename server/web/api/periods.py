"""The days that figures are made of: from–to of a request, checked once for every call that takes them."""

from datetime import date, timedelta

from server.web.problems import Problem


def checked_days(first: str, last: str, most: int) -> tuple[str, str]:
    """Both days as they came, if they are days, in order, and at most `most` of them; else `Problem`."""
    try:
        length = date.fromisoformat(last) - date.fromisoformat(first)
    except ValueError:
        raise Problem("invalid_request", errors=[{"loc": "from", "msg": "no such day"}]) from None
    if not timedelta(0) <= length < timedelta(days=most):
        raise Problem("invalid_request", errors=[{"loc": "to", "msg": f"at most {most} days, the last not first"}])
    return first, last
