"""Why a command is refused: one enum, one exception. Wording and HTTP status stand in `server/web/problems.py`."""

from enum import StrEnum


class Reason(StrEnum):
    """Stable codes; other programs rely on them."""

    DAY_NOT_OPEN = "day_not_open"
    SERVICE_UNKNOWN = "service_unknown"
    SERVICE_CLOSED = "service_closed"
    GROUP_UNKNOWN = "group_unknown"
    TICKET_EXISTS = "ticket_exists"
    TICKET_UNKNOWN = "ticket_unknown"
    WINDOW_UNKNOWN = "window_unknown"
    WINDOW_CLOSED = "window_closed"
    WINDOW_PAUSED = "window_paused"
    WINDOW_BUSY = "window_busy"
    WINDOW_IDLE = "window_idle"
    NOT_SERVED_HERE = "not_served_here"
    RESERVED_ELSEWHERE = "reserved_elsewhere"
    WRONG_STATE = "wrong_state"
    RECALL_LIMIT = "recall_limit"
    ALREADY_RATED = "already_rated"
    SAME_TARGET = "same_target"
    TICKET_VOID = "ticket_void"
    TIDE_UNKNOWN = "tide_unknown"
    UNTIL_PAST = "until_past"
    ZONE_UNKNOWN = "zone_unknown"


class Rejected(Exception):
    """A business refusal; nothing was changed. `fields` fill the sentence shown to people."""

    def __init__(self, reason: Reason, **fields: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.fields = fields
