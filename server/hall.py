"""A running hall: command in, decide, append, tell followers.

Holds the state in memory. Commands that arrive together share one commit; nobody sees a change before it is durable.
Runs under threads and under gevent alike: `blocking` runs the slow part of a commit (the flush to disk), so that an
event loop can go on meanwhile and gather the next batch.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from threading import Condition, RLock
from typing import Any

from server.clock import Clock
from server.core.affairs import WorkOrder
from server.core.calendar import business_day
from server.core.commands import Command, OpenDay, Watch
from server.core.decide import decide
from server.core.events import DayOpened, Event, TicketCalled, TicketRecalled, TicketResumed
from server.core.evolve import evolve, fold
from server.core.model import HallState, Plan
from server.core.refusals import Rejected
from server.log.records import (
    Changes,
    CommandRecord,
    EventLog,
    History,
    RatedCount,
    Recorded,
    Row,
    StorageTrouble,
    Transaction,
)
from server.log.view_tables import VIEWS
from server.log.views import rows_after

#: Events of the day kept in memory for followers that come back (a feed's gap); older ones are read from the log.
RECENT_MAX = 20_000
#: Most commands that share one commit.
BATCH_MAX = 64
#: How long a command's first answer is kept for repetitions (D2.10 asks for 24 h), and how it is cleaned away.
ANSWERS_KEPT_S = 48 * 3600
FORGET_EVERY_S, FORGET_MAX = 60.0, 2000
SYSTEM = "system"
#: Events that are announced in the hall.
ANNOUNCED = (TicketCalled, TicketRecalled, TicketResumed)


class KeyReused(Exception):
    """The same idempotency key came with another body."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command is answered, kept with it. `body` is JSON or None; `replayed` if it is the first answer again."""

    status: int
    body: Any
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A command as it comes from outside.

    `command` is built with the time of the decision. `answer` words the outcome and `refuse` the refusal; both run
    inside the decision, so that what is answered is what was true then.
    """

    command: Callable[[float], Command]
    command_id: str
    body_hash: str
    actor: str
    answer: Callable[[HallState, list[Event], float], Answer]
    refuse: Callable[[Rejected], Answer]


@dataclass(slots=True, eq=False)
class _Pending:
    request: Request
    answer: Answer | None = None
    trouble: Exception | None = None

    @property
    def settled(self) -> bool:
        return self.answer is not None or self.trouble is not None

    def result(self) -> Answer:
        if self.trouble is not None:
            raise self.trouble
        assert self.answer is not None
        return self.answer


@dataclass(slots=True)
class _Batch:
    """Decided together, committed together."""

    seq: int
    recorded: list[Recorded] = field(default_factory=list)
    answers: dict[str, tuple[str, Answer]] = field(default_factory=dict)


class Hall:
    """One hall over one log."""

    def __init__(
        self,
        plan: Plan,
        log: EventLog,
        clock: Clock,
        blocking: Callable[[Callable[[], None]], None] = lambda work: work(),
    ) -> None:
        self.plan = plan
        self.seq = 0
        #: The place that the state shows: beyond `seq` while an answer is made that is not written yet.
        self.state_seq = 0
        self._log = log
        self._clock = clock
        self._blocking = blocking
        self._state = HallState()
        self._recent: deque[Recorded] = deque(maxlen=RECENT_MAX)
        #: Place in the log of each announcement of the day; the n-th call is at index n - 1.
        self.call_seqs: list[int] = []
        self._turn = RLock()
        self._queue: deque[_Pending] = deque()
        self._news = Condition()
        #: The state may hold what was never written; it must be read again before anybody looks at it.
        self._doubtful = True
        self._forgot_at = 0.0
        self._plan_of_day: Callable[[Plan, str], Plan] = lambda plan, _: plan
        self._load()

    # --- reading ------------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[HallState]:
        """The state, durable and standing still while you look. Look quickly and keep nothing but frozen records.

        Raises `StorageTrouble` while a failed write cannot be followed by reading the log again.
        """
        with self._turn:
            if self._doubtful:
                self._load()
            yield self._state

    def now(self) -> float:
        """The hall's time: never before the last event, so that no duration is negative (D2.14)."""
        return max(self._clock(), self._state.last_at)

    def wait_beyond(self, seq: int, timeout_s: float) -> bool:
        """Wait until the log has grown beyond `seq`; False after the timeout."""
        with self._news:
            return self._news.wait_for(lambda: self.seq > seq, timeout_s)

    def since(self, seq: int) -> list[Recorded]:
        """Events after `seq`, in order."""
        with self._turn:
            missed = self.seq - seq
            if missed <= 0:
                return []
            if missed <= len(self._recent):
                # From the newest end: many followers ask for the last event or two, none should copy the day.
                return list(islice(reversed(self._recent), missed))[::-1]
        return list(self._log.read(seq))

    def remembered_from(self) -> int:
        """The place after which `since` needs not read the log: the day's opening, or later in a very long day."""
        with self._turn:
            return self.seq - len(self._recent)

    # --- the plan -----------------------------------------------------------------------------------------------------

    def adopt(self, plan: Plan) -> None:
        """Go on by another plan: the next decision is by it. What has happened stands; state never reads the plan."""
        with self._turn:
            self.plan = plan

    def plan_by_day(self, made: Callable[[Plan, str], Plan]) -> None:
        """Let the plan depend on the business day (`made` gets the plan so far and the day): now and whenever a day
        begins, before anything is decided in it. `made` must not fail: a day has to begin."""
        with self._turn:
            self._plan_of_day = made
        self.renew_plan()

    def renew_plan(self) -> None:
        """What the plan is made of has changed: make today's anew."""
        with self._turn:
            self.adopt(self._plan_of_day(self.plan, self._state.business_day or business_day(self.now(), self.plan.tz)))

    def rated_counts(self, first_day: str, last_day: str) -> list[RatedCount]:
        """How the tickets of some business days were rated."""
        return self._log.rated_counts(first_day, last_day)

    def orders_of(self, first_day: str, last_day: str) -> list[WorkOrder]:
        """The work orders of some business days."""
        return self._log.orders_of(first_day, last_day)

    @property
    def history(self) -> History:
        """What the log's views tell of past days: tickets, settlements, cases, threads."""
        return self._log.history

    # --- writing ------------------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Answer:
        """Decide one command and make it durable; a repeated one gets its first answer.

        Raises `KeyReused`, or `StorageTrouble` when the log cannot be written (then nothing has changed).
        """
        pending = _Pending(request)
        self._queue.append(pending)
        while not pending.settled:
            with self._turn:
                if not pending.settled:
                    self._commit_batch()
        return pending.result()

    def tick(self) -> None:
        """Let time pass: opens the business day when the hall's date has changed, looks after the hall (tides, alarms),
        forgets old answers. Cheap; call it every second or so. Raises `StorageTrouble`."""
        now = self.now()
        with self._turn:
            if business_day(now, self.plan.tz) > self._state.business_day and (trouble := self._commit_batch()):
                raise trouble
            self._watch()
            if not 0 <= now - self._forgot_at < FORGET_EVERY_S:
                self._forgot_at = now
                self._forget_answers(now - ANSWERS_KEPT_S)

    def _watch(self) -> None:
        """Let the rules act by themselves where time alone brings something about; mostly it does not."""
        with self.reading() as state:
            nothing_to_do = not state.day_open or not decide(self.plan, state, Watch(at=self.now()))
        if nothing_to_do:
            return
        done = Answer(204, None)
        name = f"watch-{self.seq}-{int(self.now() * 1000)}"
        self.handle(Request(lambda at: Watch(at=at), name, "", SYSTEM, lambda *_: done, lambda _: done))

    def _forget_answers(self, before: float) -> None:
        with self._log.transaction() as turn:
            if turn.forget_commands(before, FORGET_MAX):
                self._blocking(turn.commit)

    def _commit_batch(self) -> Exception | None:
        """Settle the commands that wait; gives the trouble, if any, which their senders are told too."""
        batch = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]
        trouble = self._commit(batch)
        if trouble is not None and len(batch) > 1 and not isinstance(trouble, StorageTrouble):
            # A fault of the program over one command: the others must not fall with it.
            for pending in batch:
                pending.trouble = self._commit([pending])
        elif trouble is not None:
            for pending in batch:
                pending.trouble = trouble
        return trouble

    def _commit(self, batch: list[_Pending]) -> Exception | None:
        """Decide a batch and make it durable; on trouble nothing has changed."""
        seq_before = self.seq
        try:
            if self._doubtful:
                self._load()
            with self._log.transaction() as turn:
                self._catch_up(turn)
                decided = _Batch(self.seq)
                self._begin_day(turn, decided)
                settled = [(pending, self._settle(pending.request, turn, decided)) for pending in batch]
                self._blocking(turn.commit)
        except BaseException as trouble:
            self._distrust()
            if isinstance(trouble, Exception):
                return trouble
            # The server is being stopped in the middle of it. Whether it was written nobody knows: the senders ask again.
            for pending in batch:
                pending.trouble = StorageTrouble("stopped while writing")
            raise
        for recorded in decided.recorded:
            self._follow(recorded)
        for pending, outcome in settled:
            if isinstance(outcome, Answer):
                pending.answer = outcome
            else:
                pending.trouble = outcome
        if self.seq > seq_before:
            with self._news:
                self._news.notify_all()
        return None

    def _distrust(self) -> None:
        """After a failed write: forget the state and read the truth again, now or, if the disk refuses, at the next use."""
        self._doubtful = True
        with suppress(StorageTrouble):
            self._load()

    def _settle(self, request: Request, turn: Transaction, batch: _Batch) -> Answer | KeyReused:
        if (known := self._first_answer(request, turn, batch)) is not None:
            body_hash, first = known
            return first if body_hash == request.body_hash else KeyReused()
        at = self.now()
        events: list[Event] = []
        rows: dict[str, list[Row]] = {}
        try:
            events = decide(self.plan, self._state, request.command(at))
        except Rejected as refusal:
            answer = request.refuse(refusal)
        else:
            rows = self._apply(events, request.command_id, request.actor, batch)
            answer = request.answer(self._state, events, at)
        if request.command_id:
            record = CommandRecord(
                request.command_id,
                request.body_hash,
                answer.status,
                json.dumps(answer.body, ensure_ascii=False),
                at,
            )
            turn.append(Changes(batch.recorded[len(batch.recorded) - len(events) :], rows, record))
            replay = Answer(answer.status, answer.body, replayed=True)
            batch.answers[request.command_id] = (request.body_hash, replay)
        return answer

    def _first_answer(self, request: Request, turn: Transaction, batch: _Batch) -> tuple[str, Answer] | None:
        if request.command_id in batch.answers:
            return batch.answers[request.command_id]
        if not request.command_id or (record := turn.command(request.command_id)) is None:
            return None
        return record.body_hash, Answer(record.status, json.loads(record.answer), replayed=True)

    def _begin_day(self, turn: Transaction, batch: _Batch) -> None:
        at = self.now()
        today = business_day(at, self.plan.tz)
        if today <= self._state.business_day:
            return
        self.adopt(self._plan_of_day(self.plan, today))
        events = decide(self.plan, self._state, OpenDay(at=at, business_day=today))
        rows = self._apply(events, f"day-{today}", SYSTEM, batch)
        turn.append(Changes(batch.recorded[-len(events) :], rows))

    def _apply(self, events: list[Event], command_id: str, actor: str, batch: _Batch) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = {name: [] for name in VIEWS}
        for event in events:
            calls_before = len(self._state.calls)
            day_before = self._state.business_day
            evolve(self._state, event)
            batch.seq += 1
            self.state_seq = batch.seq
            day = self._state.business_day if isinstance(event, DayOpened) else day_before
            batch.recorded.append(Recorded(batch.seq, day, event, command_id, actor))
            changed = rows_after(
                self.plan.hall, self._state, event, batch.seq, min(calls_before, len(self._state.calls))
            )
            for name, new in changed.items():
                rows[name] += new
        return rows

    def _catch_up(self, turn: Transaction) -> None:
        """Follow what another process has written since our last turn."""
        if turn.last_seq() > self.seq:
            for recorded in turn.read(self.seq):
                evolve(self._state, recorded.event)
                self.state_seq = recorded.seq
                self._follow(recorded)

    def _load(self) -> None:
        """Fold the log from the last day's opening. All or nothing: a failing disk leaves everything as it was."""
        start = self._log.day_start()
        events = list(self._log.read(start))
        self._state = fold(recorded.event for recorded in events)
        self._recent = deque(events, maxlen=RECENT_MAX)
        self.call_seqs = [recorded.seq for recorded in events if isinstance(recorded.event, ANNOUNCED)]
        self.seq = self.state_seq = events[-1].seq if events else start
        self._doubtful = False

    def _follow(self, recorded: Recorded) -> None:
        """Note an event that is durable and applied."""
        self.seq = recorded.seq
        self._recent.append(recorded)
        if isinstance(recorded.event, DayOpened):
            self.call_seqs.clear()
        elif isinstance(recorded.event, ANNOUNCED):
            self.call_seqs.append(recorded.seq)
