"""Whose turn has come near: three or fewer before a waiting ticket, told once. Cheap in a hall of a hundred services.

Only the heads of the lines can be near. Who was found to have `n` too many before him is looked at again after `n`
events, since one event moves a line by one at most; or at once when windows have changed what they take.
"""

from collections.abc import Sequence

from server.core.dispatch import ahead_of
from server.core.events import DayOpened, TicketCalled, WindowEvent
from server.core.model import HallState, Plan
from server.core.ordering import order_key
from server.log.records import Recorded
from server.notices.composing import Composer
from server.notices.records import Notice

#: Three before you.
NEAR = 3
#: So many are looked at in one round, so that the hall need not wait; the next round goes on.
LOOKS_AT_ONCE = 10
#: However few events there are, everybody is looked at again after this long.
AGAIN_S = 60.0


class Nearness:
    """Remembers who was told and who need not be looked at yet."""

    def __init__(self, composer: Composer, told: set[str], *, is_wanted: bool) -> None:
        self.is_wanted = is_wanted
        self._composer = composer
        self._told = told
        #: Ticket → place in the log from which it is looked at again.
        self._again: dict[str, int] = {}
        self._plan: Plan | None = None
        self._looked_at_seq = -1
        self._all_looked_at = 0.0
        self._looks = 0

    def heard(self, news: Sequence[Recorded]) -> None:
        """What has happened: after some events nothing that was found before counts."""
        if any(_changes_windows(one) for one in news):
            self._again.clear()

    def look(self, plan: Plan, state: HallState, seq: int, now: float) -> list[Notice]:
        """Notices for those who are near now and have not been told."""
        if plan is not self._plan or not 0 <= now - self._all_looked_at < AGAIN_S:
            self._plan, self._all_looked_at, self._looked_at_seq = plan, now, -1
            self._again.clear()
        if self._looked_at_seq == seq:
            return []
        self._told &= state.tickets.keys()
        self._again = {name: at for name, at in self._again.items() if name in state.waiting}
        self._looks = 0
        found: list[Notice] = []
        for places in state.lines.values():
            for _, _, name in places[: NEAR + 1]:
                if name not in self._told and not self._is_near(plan, state, name, seq, now, found):
                    break
        # Those whom not every window may call, likewise: in line with who waits for the same.
        far: set[tuple[str, str | None, str | None]] = set()
        for ticket in sorted((state.tickets[name] for name in state.reserved), key=order_key):
            waits_for = (ticket.service, ticket.for_window, ticket.item)
            if ticket.id in self._told or waits_for in far:
                continue
            if not self._is_near(plan, state, ticket.id, seq, now, found):
                far.add(waits_for)
        if self._looks <= LOOKS_AT_ONCE:
            self._looked_at_seq = seq
        self._told.update(str(one.ticket) for one in found)
        return found

    def _is_near(self, plan: Plan, state: HallState, name: str, seq: int, now: float, found: list[Notice]) -> bool:
        if self._again.get(name, 0) > seq:
            return False
        self._looks += 1
        if self._looks > LOOKS_AT_ONCE:
            return False
        ticket = state.tickets[name]
        ahead = ahead_of(plan, state, ticket)
        if ahead > NEAR:
            self._again[name] = seq + ahead - NEAR
            return False
        found.append(self._composer.of_near(ticket, ahead, now))
        return True


def _changes_windows(recorded: Recorded) -> bool:
    """Whether windows may take other tickets after an event: then lines that stood beside each other may join or part."""
    event = recorded.event
    if isinstance(event, TicketCalled):
        return event.helping or event.switching or event.zone is not None
    return isinstance(event, WindowEvent | DayOpened)
