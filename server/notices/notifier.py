"""The notices of a running hall: follows its log, fills the outbox, has a courier for each hook."""

import base64
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from config.after_window import Hook, NoticeKind
from server.core.model import TicketState
from server.core.ratings import reminders_due
from server.hall import Hall
from server.notices.composing import Composer
from server.notices.delivery import Courier, Outcome, Sender
from server.notices.nearness import Nearness
from server.notices.outbox import Outbox, message_id
from server.notices.records import Condition, Failed, Letter, Notice
from server.outside import no_limit
from server.people import People

OUTBOX_FILE = "notices.db"
#: So many events are worded at a time; between them the hall goes on.
AT_ONCE = 100
TIDY_EVERY_S = 3600.0
#: What happened longer ago is not told any more: the server stood still for days.
LATEST_S = 3 * 86400.0
#: Reminders are due days after a visit; a minute more or less is nothing.
REMIND_EVERY_S = 60.0


def secret_name(hook: str) -> str:
    """Under which name `Accounts` keeps a hook's secret."""
    return f"hook:{hook}"


def hook_secret(secret: str) -> str:
    """A named secret of `Accounts` in the form that Standard Webhooks gives it."""
    return "whsec_" + base64.b64encode(secret.encode()).decode()


class Notices:
    """All hooks of one hall. `secret_of` gives a named secret."""

    def __init__(
        self,
        hooks: Sequence[Hook],
        hall: Hall,
        people: People,
        composer: Composer,
        path: Path,
        secret_of: Callable[[str], str],
        limit: Callable[[float], AbstractContextManager[object]] = no_limit,
    ) -> None:
        self._hooks = {hook.id: hook for hook in hooks}
        self._hall = hall
        self._people = people
        self._composer = composer
        self._outbox = Outbox(path, hall.plan.hall)
        self._wanted: dict[str, list[str]] = {}
        for hook in hooks:
            for kind in dict.fromkeys(hook.events):
                self._wanted.setdefault(kind.value, []).append(hook.id)
        self.secrets = {hook.id: hook_secret(secret_of(secret_name(hook.id))) for hook in hooks}
        self._limit = limit
        self.couriers = [
            Courier(hook, self._sender(hook), self._outbox, hall.now, self._phone, self._is_stale) for hook in hooks
        ]
        self._near = Nearness(composer, self._outbox.told(), is_wanted=NoticeKind.NEARLY.value in self._wanted)
        self._tidied_at = 0.0
        if not hooks:
            self._outbox.forget_cursor()
        elif self._outbox.cursor() is None:
            # Who was never told anything begins with what happens from now on.
            self._outbox.take_in((), {}, hall.seq, (), hall.now())

    def _sender(self, hook: Hook) -> Sender:
        return Sender(hook, self.secrets[hook.id], self._limit)

    # --- the chore ----------------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Take what is new in the log into the outbox. Cheap when there is nothing."""
        if not self._hooks:
            return
        now = self._hall.now()
        if not 0 <= now - self._tidied_at < TIDY_EVERY_S:
            self._outbox.tidy(self._hooks, now)
            self._tidied_at = now
        cursor, seq = self._outbox.cursor() or 0, self._hall.seq
        if cursor > seq:
            # An old copy of the log was put back.
            self._outbox.take_in((), {}, seq, (), now)
        elif cursor < seq:
            self._follow_from(cursor, now)
        self._remind(now)
        if self._near.is_wanted:
            with self._hall.reading() as state:
                made = self._near.look(self._hall.plan, state, self._hall.seq, now)
            if made:
                told = [str(one.ticket) for one in made]
                self._outbox.take_in(made, self._wanted, self._outbox.cursor() or 0, told, now)

    def _follow_from(self, cursor: int, now: float) -> None:
        news = self._hall.since(cursor)
        self._near.heard(news)
        worth = [
            one for one in news if one.seq > cursor and self._composer.knows(one) and one.event.at > now - LATEST_S
        ]
        for begin in range(0, len(worth), AT_ONCE):
            part = worth[begin : begin + AT_ONCE]
            with self._hall.reading() as state:
                made = [self._composer.of_event(state, one) for one in part]
            self._outbox.take_in([one for one in made if one is not None], self._wanted, part[-1].seq, (), now)
        self._outbox.take_in((), {}, news[-1].seq, (), now)

    def _remind(self, now: float) -> None:
        """Invite once more who has not rated. What was due and how far it has been looked move on together: whoever
        kills the server between them neither loses a reminder nor repeats one."""
        until = self._outbox.reminded()
        if until is not None and not until + REMIND_EVERY_S <= now:
            return
        made: list[Notice] = []
        if until is not None and NoticeKind.RATE_US.value in self._wanted:
            with self._hall.reading() as state:
                due = reminders_due(self._hall.plan, state, until, now)
                made = [one for at, visit in due if (one := self._composer.of_reminder(visit, at)) is not None]
        self._outbox.take_in(made, self._wanted, self._outbox.cursor() or 0, (), now, reminded=now)

    # --- for the couriers ---------------------------------------------------------------------------------------------

    def _phone(self, subjects: tuple[str, ...]) -> str | None:
        return next((phone for one in subjects if (phone := self._people.fact(one, "phone")) is not None), None)

    def _is_stale(self, letter: Letter) -> bool:
        """Whether its ticket has gone on: nobody is called who is served already, or asked to rate who has rated."""
        if letter.ticket is None:
            return False
        with self._hall.reading() as state:
            ticket, visit = state.tickets.get(letter.ticket), state.visits.get(letter.ticket)
        if letter.kind == NoticeKind.RATE_US:
            rated = ticket or visit
            return rated is not None and rated.rating is not None
        wanted = TicketState.CALLED if letter.kind == NoticeKind.CALLED else TicketState.WAITING
        return ticket is None or ticket.state is not wanted

    # --- for people ---------------------------------------------------------------------------------------------------

    @property
    def hooks(self) -> list[Hook]:
        """The hooks of the hall file."""
        return list(self._hooks.values())

    def find(self, hook: str) -> Hook | None:
        """The hook with an id."""
        return self._hooks.get(hook)

    def condition(self, hook: str) -> Condition:
        """How it stands with a hook."""
        return self._outbox.condition(hook)

    def failed(self, hook: str) -> list[Failed]:
        """What was given up."""
        return self._outbox.failed(hook)

    def resend(self, hook: str, message: str) -> bool:
        """Try a failed message again; False if there is none of this id."""
        return self._outbox.resend(hook, message, self._hall.now())

    def test(self, hook: Hook, key: str) -> Outcome:
        """Send a test now, past the outbox, and tell what came of it."""
        notice = self._composer.of_test(key, self._hall.now())
        sender = self._sender(hook)
        payload = {**notice.data, "data": {**notice.data["data"], "phone": None}}
        try:
            return sender.send(
                message_id(self._hall.plan.hall, hook.id, notice),
                json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
                notice.at,
            )
        finally:
            sender.hang_up()

    def close(self) -> None:
        """Close the outbox."""
        self._outbox.close()
