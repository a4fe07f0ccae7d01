"""What a simulated day is made of: the citizens who come, and when each window's clerk is there.

Times are seconds from local midnight. A visit says what its citizen brings along and nothing of what the hall does.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visit:
    """One citizen's ticket: when they come, for what, and how long the work takes once they are at a window."""

    ref: str
    at_s: float
    service: str
    service_s: float
    group: str | None = None
    # How long they wait before they go away unserved; none = as long as it takes.
    patience_s: float | None = None
    appointment_s: float | None = None
    no_show: bool = False
    # A follow-up leg of the same ticket: where the first window sends the citizen on to.
    next_service: str | None = None
    next_service_s: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A span in which a window's clerk is at the window; a window has several, or none."""

    window: str
    from_s: float
    to_s: float
