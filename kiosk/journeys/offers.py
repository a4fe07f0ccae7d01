"""What can be done now for the person whose card was read, and for the item that was looked up.

Pure; follows from the state and changes nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.errands import Doing
from kiosk.people import Appointment, HeldTicket
from kiosk.state import State


class OptionKind(StrEnum):
    """What can be done for somebody whose card was read."""

    CHECK_IN = "check_in"
    COPY = "copy"
    PRIORITY = "priority"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Option:
    """One of them."""

    kind: OptionKind
    group: str = ""
    ticket: HeldTicket | None = None
    appointment: Appointment | None = None

    @property
    def value(self) -> str:
        """What a tap on it says."""
        about = self.ticket.number if self.ticket else self.appointment.id if self.appointment else self.group
        return f"{self.kind.value}:{about}"


def options(state: State) -> tuple[Option, ...]:
    """Everything that can be done now for the person whose card was read."""
    holder, hall = state.holder, state.hall
    if holder is None or hall is None:
        return ()
    found = [Option(OptionKind.CHECK_IN, appointment=one) for one in holder.due(hall.now)]
    if state.doing is Doing.CHECK_IN:
        return tuple(found)
    held = holder.open_ticket(state.service)
    if held is not None:
        # One open ticket of a person for a service (A2.11): it is named and printed again instead of refused.
        return (*found, Option(OptionKind.COPY, ticket=held))
    groups = dict.fromkeys(group for group in (state.group, *holder.groups) if group and hall.group(group))
    return (*found, *(Option(OptionKind.PRIORITY, group=group) for group in groups), Option(OptionKind.PLAIN))


def can_take(state: State) -> bool:
    """Tell whether this hall gives tickets for the item."""
    item, hall = state.item, state.hall
    return item is not None and item.elsewhere is None and hall is not None and hall.service(item.service) is not None
