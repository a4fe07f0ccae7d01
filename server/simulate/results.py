"""What came of a simulated day: every leg of every ticket, every tidal move, and how full and how idle the hall was.

Times are seconds from local midnight. Filled by the engine, read by measures, reports and the result file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from server.simulate.table import write_table


@dataclass(slots=True)
class Leg:
    """One wait and service of a ticket; a follow-up service is a leg of its own, waiting from its transfer on."""

    ref: str
    leg: int  # 0 for the first
    number: str
    service: str
    group: str | None
    on_time_appointment: bool
    issued_s: float
    credited_s: float
    called_s: float | None
    window: str | None
    started_s: float | None
    finished_s: float | None
    outcome: str  # done transferred no_show left day_end
    estimate_s: float | None
    estimate_low_s: float | None
    estimate_high_s: float | None
    # Own line × mean service time ÷ windows, at the same moment: the estimate to beat.
    naive_s: float | None
    helped: bool  # called by a window of another zone
    entry: int  # rank among equal credited times
    switched: bool = False  # to help, its clerk changed over to another part of the house


@dataclass(slots=True)
class Move:
    """A tidal window, or one that helps, changes what it serves."""

    at_s: float
    window: str
    kind: str  # help home open close move revert
    from_zone: str
    to_zone: str
    why_zh: str
    why_en: str


@dataclass(slots=True)
class Moment:
    """The hall after one event, true until the next."""

    at_s: float
    waiting: int
    idle: int  # open windows with nothing to do


@dataclass(slots=True)
class DayResult:
    """A whole simulated day under one policy."""

    hall: str
    policy: str
    legs: list[Leg]
    moves: list[Move]
    moments: list[Moment]
    windows_open_s: float
    windows_busy_s: float


COLUMNS = (
    "ref", "number", "service", "group", "issued_s", "called_s", "window", "started_s", "finished_s", "outcome",
    "estimate_s", "estimate_low_s", "estimate_high_s",
)  # fmt: skip


def write_results(path: Path, legs: Iterable[Leg]) -> None:
    """Write the result file, one row per leg; times to a tenth of a second, empty for what did not happen."""
    write_table(path, COLUMNS, ([_cell(getattr(leg, column)) for column in COLUMNS] for leg in legs))


def _cell(value: float | str | None) -> str | None:
    return f"{value:.1f}" if isinstance(value, int | float) else value
