"""The platform of a running hall: what is new goes out, what came in is applied, whatever is in the way is shown."""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import structlog

from config.after_window import PlatformLink
from server.core.decide import decide
from server.core.model import HallState
from server.core.refusals import Reason, Rejected
from server.hall import Answer, Hall, Request
from server.outside import no_limit
from server.people import People
from server.platform.applying import DONE, PLATFORM, UNORDERED, Step, is_done, understood, verdict_of
from server.platform.exchange_folder import Broken, ExchangeFolder
from server.platform.gateway import HttpGateway
from server.platform.port import ByHand, Platform, PlatformAway, PlatformRefused
from server.platform.queue import Queue
from server.platform.records import Kept, Milestone, MilestoneState, Outgoing, OutKind, Raw, Verdict
from server.platform.reporting import KNOWN, RATINGS, submit_id, told_of, withdrawn

QUEUE_FILE = "platform.db"
WAITING = Verdict(MilestoneState.WAITING)
#: Reasons of our own beside those of the hall.
INVALID, BEHIND = "milestone_invalid", "milestone_behind"
#: A note is kept as long as others.
NOTE_KEPT_S = 366 * 86400.0
#: So many rounds of fetching without a pause, and so many events worded at a time.
ROUNDS, AT_ONCE = 20, 200
TIDY_EVERY_S = 3600.0

log = structlog.get_logger()


def platform_of(
    link: PlatformLink,
    base: Path,
    limit: Callable[[float], AbstractContextManager[object]] = no_limit,
) -> Platform:
    """The adapter of a hall file; a relative folder lies in `base`."""
    if link.kind == "file":
        return ExchangeFolder(base / (link.folder or "platform"))
    if link.kind == "http" and link.url is not None:
        return HttpGateway(link.url, link.token_env, limit=limit)
    return ByHand()


@dataclass(frozen=True, slots=True)
class Contact:
    """How it stands with the platform."""

    kind: str
    last_contact_at: float | None
    last_error: str | None
    is_away: bool


class PlatformDesk:
    """The platform's desk in one hall."""

    def __init__(self, link: PlatformLink, platform: Platform, hall: Hall, people: People, path: Path) -> None:
        self.every_s = link.every_s
        self._known = (*KNOWN, *(RATINGS if link.ratings else ()))
        self._kind = link.kind
        self._platform = platform
        self._hall = hall
        self._people = people
        self._queue = Queue(path)
        self._turn = RLock()
        self._looked_at_seq = -1
        self._tidied_at = 0.0
        self._last_contact_at: float | None = None
        self._last_error: str | None = None
        self._is_away = False
        if link.kind == "hand":
            self._queue.set_cursor("log", None)
        elif self._queue.cursor("log") is None:
            # Who is told nothing yet begins with what happens from now on.
            self._queue.set_cursor("log", str(hall.seq))

    @property
    def is_linked(self) -> bool:
        """Whether there is a platform that must be asked."""
        return self._kind != "hand"

    # --- the chores ---------------------------------------------------------------------------------------------------

    def exchange(self) -> None:
        """Send what is new, fetch what has come. A platform that is away is asked again in the next round."""
        self._follow()
        self._tidy()
        try:
            self._send()
            self._fetch()
        except PlatformAway as away:
            if str(away) != self._last_error:
                log.warning("platform away", error=str(away))
            self._last_error, self._is_away = str(away), True
        else:
            self._last_contact_at, self._last_error, self._is_away = self._hall.now(), None, False

    def apply(self) -> None:
        """Apply what waits, in the order in which it came for each case. Cheap while nothing has happened."""
        if self._looked_at_seq == self._hall.seq:
            return
        with self._turn:
            self._looked_at_seq = self._hall.seq
            behind: set[str] = set()
            for kept in self._queue.waiting():
                self._apply_one(kept, behind)

    def _tidy(self) -> None:
        now = self._hall.now()
        if not 0 <= now - self._tidied_at < TIDY_EVERY_S:
            self._queue.tidy(now)
            self._tidied_at = now

    # --- out ----------------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        if not self.is_linked:
            return
        cursor, seq = int(self._queue.cursor("log") or 0), self._hall.seq
        if cursor >= seq:
            if cursor > seq:
                # An old copy of the log was put back.
                self._queue.set_cursor("log", str(seq))
            return
        news = self._hall.since(cursor)
        worth = [one for one in news if one.seq > cursor and isinstance(one.event, self._known)]
        for begin in range(0, len(worth), AT_ONCE):
            part = worth[begin : begin + AT_ONCE]
            with self._hall.reading() as state:
                told = told_of(self._hall.plan, state, part)
            tried = {case: self._queue.attempts(submit_id(case)) for case in told.retracted}
            items = [*told.items, *(withdrawn(case) for case, times in tried.items() if times)]
            dropped = [submit_id(case) for case, times in tried.items() if times == 0]
            self._queue.put(items, dropped, part[-1].seq, self._hall.now())
        self._queue.set_cursor("log", str(news[-1].seq))

    def _send(self) -> None:
        while (item := self._queue.next_out()) is not None:
            self._queue.trying(item)
            try:
                self._send_one(item)
            except PlatformRefused as refused:
                log.warning("platform refused", id=item.id, error=str(refused))
                self._queue.not_sent(item, str(refused), refused=True)
            except PlatformAway as away:
                self._queue.not_sent(item, str(away), refused=False)
                raise
            else:
                self._queue.sent(item)

    def _send_one(self, item: Outgoing) -> None:
        if item.kind is not OutKind.SUBMIT:
            self._platform.report(item)
            return
        number = self._platform.submit(item)
        if number is not None:
            self.take([Raw({"id": f"{item.id}-number", "kind": "numbered", "case": item.case, "platform": number})])

    # --- in -----------------------------------------------------------------------------------------------------------

    def _fetch(self) -> None:
        for _ in range(ROUNDS):
            try:
                fetched = self._platform.fetch(self._queue.cursor("platform"))
            except PlatformRefused as refused:
                raise PlatformAway(str(refused)) from refused
            verdicts = self.take(fetched.milestones, cursor=fetched.cursor) if fetched.milestones else []
            if not fetched.milestones and fetched.cursor is not None:
                self._queue.set_cursor("platform", fetched.cursor)
            self._platform.settled(fetched, {place: kept.verdict for place, kept in enumerate(verdicts)})
            if not fetched.more:
                return

    def take(self, came: Sequence[Raw], cursor: str | None = None) -> list[Kept]:
        """Take milestones into the queue, then apply what can be applied; what became of each."""
        read = [_read(raw) for raw in came]
        now = self._hall.now()
        with self._turn:
            self._queue.take(read, cursor, now)
            for name, _, verdict in read:
                if verdict.state is MilestoneState.REFUSED:
                    log.warning("platform milestone refused", id=name, reason=verdict.reason, **(verdict.fields or {}))
            self._looked_at_seq = -1
            self.apply()
            found = [self._queue.milestone(name) for name, _, _ in read]
        return [kept for kept in found if kept is not None]

    def _apply_one(self, kept: Kept, behind: set[str]) -> None:
        milestone = Milestone.model_validate_json(kept.content)
        tries = kept.tries
        with self._hall.reading() as state:
            judged = self._judged(state, milestone, behind)
        if isinstance(judged, Step):
            verdict = self._perform(kept, milestone, judged)
            tries += verdict.state is not MilestoneState.APPLIED
        else:
            verdict = judged
        if verdict.state is MilestoneState.WAITING and milestone.kind not in UNORDERED:
            with self._hall.reading() as state:
                behind.add(understood(state, milestone).case.id)
        if verdict != kept.verdict or tries != kept.tries:
            self._queue.settle(kept.id, verdict, tries, self._hall.now())
        if verdict.state is MilestoneState.REFUSED:
            log.warning("platform milestone refused", id=kept.id, reason=verdict.reason, **(verdict.fields or {}))

    def _judged(self, state: HallState, milestone: Milestone, behind: set[str]) -> Step | Verdict:
        """What to do with a milestone as the hall is now; asked beforehand, since a refusal would be kept as the
        command's answer."""
        try:
            step = understood(state, milestone)
            if milestone.kind not in UNORDERED and step.case.id in behind:
                return Verdict(MilestoneState.WAITING, BEHIND, {"case": step.case.number})
            if is_done(step.case, milestone):
                return DONE
            decide(self._hall.plan, state, step.command(self._hall.now(), None))
        except Rejected as refusal:
            return verdict_of(state, milestone, refusal)
        return step

    def _perform(self, kept: Kept, milestone: Milestone, step: Step) -> Verdict:
        note = self._people.remark(milestone.note, self._hall.now() + NOTE_KEPT_S) if milestone.note else None
        mark = hashlib.sha256(kept.id.encode()).hexdigest()[:32]
        answer = self._hall.handle(
            Request(
                command=lambda at: step.command(at, note),
                command_id=f"platform-{mark}-{kept.tries}",
                body_hash="",
                actor=PLATFORM,
                answer=lambda *_: Answer(200, None),
                refuse=lambda refusal: Answer(409, {"reason": refusal.reason.value, "fields": refusal.fields}),
            )
        )
        if answer.status == 200:
            return DONE
        with self._hall.reading() as state:
            refusal = Rejected(Reason(answer.body["reason"]), **answer.body["fields"])
            return verdict_of(state, milestone, refusal)

    # --- for people ---------------------------------------------------------------------------------------------------

    def contact(self) -> Contact:
        """How it stands with the platform."""
        return Contact(self._kind, self._last_contact_at, self._last_error, self._is_away)

    def counts(self) -> dict[str, int]:
        """How much is on its way, waits, and should be looked at."""
        return self._queue.counts()

    def outgoing(self) -> list[dict[str, Any]]:
        """What is on its way or was refused."""
        return self._queue.out()

    def milestones(self) -> list[Kept]:
        """Milestones that wait or were refused."""
        return self._queue.shown()

    def try_again(self, name: str) -> Kept | None:
        """Try a refused milestone again; None if there is none of this id. What was never readable stays refused."""
        with self._turn:
            kept = self._queue.milestone(name)
            if kept is None or kept.verdict.state is not MilestoneState.REFUSED or kept.verdict.reason == INVALID:
                return kept
            self._queue.settle(name, WAITING, kept.tries, self._hall.now())
            self._looked_at_seq = -1
            self.apply()
            return self._queue.milestone(name)

    def send_again(self, item: str) -> bool:
        """Send something that the platform refused again; False if there is none of this id."""
        return self._queue.send_again(item)

    def close(self) -> None:
        """Close the queue."""
        self._queue.close()


def _read(raw: Raw) -> tuple[str, str, Verdict]:
    """A milestone's id and content for the queue, and what is known of it already."""
    content = json.dumps(raw.content, ensure_ascii=False, default=str)
    try:
        if isinstance(raw.content, Broken):
            raise ValueError(str(raw.content))
        return raw.read().id, content, WAITING
    except ValueError as wrong:
        name = f"bad-{hashlib.sha256(f'{raw.place} {content}'.encode()).hexdigest()[:24]}"
        return name, content, Verdict(MilestoneState.REFUSED, INVALID, {"why": str(wrong)[:500]})
