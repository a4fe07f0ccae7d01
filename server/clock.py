"""The only reader of wall time. Everything else is handed a time, so that a day can be replayed and simulated."""

import time
from collections.abc import Callable

#: Seconds since 1970 UTC.
Clock = Callable[[], float]


def system_clock() -> float:
    """The machine's time, to the millisecond."""
    return round(time.time(), 3)  # noqa: TID251 - this is the one place
