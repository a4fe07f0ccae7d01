"""A running hall: command in, decide, append, tell followers.

Holds the state in memory. Commands that arrive together share one commit; nobody sees a change before it is durable.
Runs under threads and under gevent alike: `blocking` runs the slow part of a commit (the flush to disk), so that an
event loop can go on meanwhile and gather the next batch.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, RLock
from typing import Any

from server.clock import Clock
from server.core.calendar import business_day
from server.core.commands import Command, OpenDay
from server.core.decide import decide
from server.core.events import DayOpened, Event, TicketCalled, TicketRecalled, TicketResumed
from server.core.evolve import evolve
from server.core.model import HallState, Plan
from server.core.refusals import Rejected
from server.log.records import Changes, CommandRecord, EventLog, Recorded, Row, StorageTrouble, Transaction
from server.log.views import VIEWS, rows_after

#: Events of the day kept in memory for followers that come back (a feed's gap); older ones are read from the log.
RECENT_MAX = 20_000
#: Most commands that share one commit.
BATCH_MAX = 64
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
        self._reload()

    # --- reading ------------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[HallState]:
        """The state, durable and standing still while you look. Look quickly and keep nothing but frozen records."""
        with self._turn:
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
            recent = list(self._recent)
            current = self.seq
        if seq >= current:
            return []
        if recent and recent[0].seq <= seq + 1:
            return recent[seq + 1 - recent[0].seq :]
        return list(self._log.read(seq))

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
        """Let time pass: opens the business day when the hall's date has changed. Cheap; call it every second or so."""
        if business_day(self.now(), self.plan.tz) > self._state.business_day:
            with self._turn:
                self._commit_batch()

    def _commit_batch(self) -> None:
        batch = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]
        try:
            with self._log.transaction() as turn:
                self._catch_up(turn)
                decided = _Batch(self.seq)
                self._begin_day(turn, decided)
                settled = [(pending, self._settle(pending.request, turn, decided)) for pending in batch]
                self._blocking(turn.commit)
        except Exception as trouble:
            # The state may hold what was never written: forget it and read the truth again.
            self._reload()
            for pending in batch:
                pending.trouble = trouble
            if not isinstance(trouble, StorageTrouble):
                raise
            return
        for recorded in decided.recorded:
            self._follow(recorded)
        for pending, outcome in settled:
            if isinstance(outcome, Answer):
                pending.answer = outcome
            else:
                pending.trouble = outcome
        if decided.recorded:
            with self._news:
                self._news.notify_all()

    def _settle(self, request: Request, turn: Transaction, batch: _Batch) -> Answer | KeyReused:
        if (known := self._first_answer(request, turn, batch)) is not None:
            body_hash, first = known
            return first if body_hash == request.body_hash else KeyReused()
        at = self.now()
        try:
            events = decide(self.plan, self._state, request.command(at))
            rows = self._apply(events, request.command_id, request.actor, batch)
            answer = request.answer(self._state, events, at)
        except Rejected as refusal:
            events, rows = [], {}
            answer = request.refuse(refusal)
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
        means = {str(service.id): service.mean_service_s for service in self.plan.services.values()}
        events = decide(self.plan, self._state, OpenDay(at=at, business_day=today, means=means))
        rows = self._apply(events, f"day-{today}", SYSTEM, batch)
        turn.append(Changes(batch.recorded[-len(events) :], rows))

    def _apply(self, events: list[Event], command_id: str, actor: str, batch: _Batch) -> dict[str, list[Row]]:
        rows: dict[str, list[Row]] = {name: [] for name in VIEWS}
        for event in events:
            calls_before = len(self._state.calls)
            day_before = self._state.business_day
            evolve(self._state, event)
            batch.seq += 1
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
                self._follow(recorded)

    def _reload(self) -> None:
        """Fold the log from the last day's opening."""
        self._state = HallState()
        self._recent.clear()
        self.call_seqs.clear()
        self.seq = self._log.day_start()
        for recorded in self._log.read(self.seq):
            evolve(self._state, recorded.event)
            self._follow(recorded)

    def _follow(self, recorded: Recorded) -> None:
        """Note an event that is durable and applied."""
        self.seq = recorded.seq
        self._recent.append(recorded)
        if isinstance(recorded.event, DayOpened):
            self.call_seqs.clear()
        elif isinstance(recorded.event, ANNOUNCED):
            self.call_seqs.append(recorded.seq)
