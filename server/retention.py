"""How long what is personal is kept, and the chore that deletes it (A3.2). The log itself is never touched: it has
handles only, and a handle whose person is deleted means nobody.

Whoever puts an old copy of `people.db` back has what has expired deleted again by the first run, since every row knows
its end, and who asked to be forgotten by `People` itself.
"""

from datetime import timedelta

from server.core.calendar import local, moment_of
from server.core.model import Plan, TicketState
from server.hall import Hall
from server.people import People
from server.plan import Names
from server.web.site import Site

DAY_S = 86400.0
#: How often the chore runs: a name goes within this time after its citizen has left the window.
EVERY_S = 10.0
#: The file is written anew at most so often, and only after something was deleted.
WIPE_EVERY_S = 3600.0
#: In these states a ticket's citizen may still come to a window.
STAYS = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD, TicketState.NO_SHOW)


def day_end(plan: Plan, at: float) -> float:
    """Midnight of the hall after a moment."""
    return moment_of(local(at, plan.tz).date() + timedelta(days=1), 0, plan.tz)


def kept_until(site: Site, at: float) -> float:
    """Until when somebody who shows a card or a phone number now is remembered: at least today."""
    days = site.names.hall.identity.kept_days
    return max(at + days * DAY_S, day_end(site.hall.plan, at))


class Retention:
    """The chore. Cheap when there is nothing to delete."""

    def __init__(self, hall: Hall, names: Names, people: People) -> None:
        self._hall = hall
        self._names = names
        self._people = people
        self._dirty = True
        self._wiped_at = 0.0

    def work(self) -> None:
        """Delete names of tickets that are over, then everything that has expired."""
        now = self._hall.now()
        gone = self._names_of_the_gone() + self._people.shorten(now + self._longest_s()) + self._people.purge(now)
        self._dirty = self._dirty or gone > 0
        if self._dirty and not 0 <= now - self._wiped_at < WIPE_EVERY_S:
            self._people.wipe()
            self._dirty, self._wiped_at = False, now

    def _names_of_the_gone(self) -> int:
        """What clerks were told for a visit goes with its ticket; tickets of other days are over."""
        subjects = self._people.subjects("ticket:")
        if not subjects:
            return 0
        with self._hall.reading() as state:
            staying = {f"ticket:{one.id}" for one in state.tickets.values() if one.state in STAYS}
        return sum(self._people.forget(subject) for subject in subjects if subject not in staying)

    def _longest_s(self) -> float:
        """How long anybody may be remembered from now on: an appointment is kept as long after its day as a visit."""
        hall = self._names.hall
        return (hall.identity.kept_days + hall.booking.horizon_days + 1) * DAY_S
