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
    CARD_WANTED = "card_wanted"
    HAS_OPEN_TICKET = "has_open_ticket"
    DAILY_LIMIT = "daily_limit"
    APPOINTMENT_EXISTS = "appointment_exists"
    APPOINTMENT_UNKNOWN = "appointment_unknown"
    APPOINTMENT_OVER = "appointment_over"
    APPOINTMENT_EARLY = "appointment_early"
    APPOINTMENT_LATE = "appointment_late"
    APPOINTMENT_LIMIT = "appointment_limit"
    APPOINTMENT_BARRED = "appointment_barred"
    SLOT_UNKNOWN = "slot_unknown"
    SLOT_FULL = "slot_full"
    CODE_TAKEN = "code_taken"
    RATING_OVER = "rating_over"
    POINT_UNKNOWN = "point_unknown"
    ORDER_UNKNOWN = "order_unknown"
    ORDER_STATE = "order_state"
    CALLBACK_WANTED = "callback_wanted"
    SECOND_PERSON_WANTED = "second_person_wanted"
    MATTER_EXISTS = "matter_exists"
    MATTER_UNKNOWN = "matter_unknown"
    MATTER_SETTLED = "matter_settled"
    HELP_UNKNOWN = "help_unknown"
    HELP_STATE = "help_state"
    ITEM_NOT_AUTHORISED = "item_not_authorised"


class Rejected(Exception):
    """A business refusal; nothing was changed. `fields` fill the sentence shown to people."""

    def __init__(self, reason: Reason, **fields: str | int) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.fields = fields
