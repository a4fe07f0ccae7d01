"""The kiosk's line to the server: one worker that sends, one listener that hears. The UI thread never waits here.

A ticket's id and its idempotency key are made at the tap and stored before anything is sent; the worker repeats the
same request until it is answered or nobody waits any more, and cancels what came of an abandoned one. Results go to
`deliver`, which must bring them to the UI thread. Must not know Kivy.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_bytes
from typing import Any, Protocol

from kiosk.catalogue import Ticket, read_hall, read_ticket
from kiosk.errands import CheckIn, CopyHeld
from kiosk.outbox import Fate, Outbox, Record
from kiosk.settings import KioskSettings, read_settings
from kiosk.state import Event, HallSeen, Issued, IssueTicket, LinkBack, LinkLost, LinkRefused, Recovered, Refused
from server.client import ApiError, FeedMessage, ServerLost
from server.ids import RANDOM_BYTES, uuid7

log = logging.getLogger("kiosk.link")

#: Between two tries of the same request.
AGAIN_S = 0.4
#: An abandoned request may still be on its way; only after this long is "unknown ticket" the last word.
SETTLE_AFTER_S = 12.0
#: A ticket taken this long before a crash is shown again; after that its visitor is gone.
RECOVER_WITHIN_MS = 120_000
#: Between two tries to hear the hall; and while the server does not know this kiosk, which only staff can mend.
LISTEN_AGAIN_S = 1.0
REFUSED_AGAIN_S = 10.0
#: Answers that say that this kiosk's id or token is wrong.
UNKNOWN_HERE = frozenset({401, 403, 404})
#: Answers that say "not now".
NOT_NOW = frozenset({429, 502, 503, 504})


class Server(Protocol):
    """What the kiosk needs of `server.client.Client`."""

    def get(self, path: str, /, **query: object) -> dict[str, Any]: ...

    def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        retries: int = 3,
        within_s: float = 8.0,
    ) -> dict[str, Any] | None: ...

    def feed(self, *, stop: threading.Event | None = None, hall: int) -> Iterator[FeedMessage]: ...


class HallClock:
    """The hall's time, carried on by this machine's steady clock: a wrong kiosk clock is never seen (D2.14)."""

    def __init__(self) -> None:
        self._seen: tuple[datetime, float] | None = None

    def heard(self, now: str) -> None:
        """Take the server's time."""
        self._seen = (datetime.fromisoformat(now), time.monotonic())

    def now(self) -> datetime | None:
        """The hall's time, or nothing before it was ever heard."""
        if self._seen is None:
            return None
        then, at = self._seen
        return datetime.fromtimestamp(then.timestamp() + time.monotonic() - at, then.tzinfo)

    def now_ms(self) -> int:
        """Milliseconds since 1970; 0 before the hall was ever heard."""
        now = self.now()
        return int(now.timestamp() * 1000) if now else 0


@dataclass(frozen=True, slots=True)
class _Settle:
    record: Record
    due: float


class Link:
    """Sends and listens for one kiosk."""

    def __init__(
        self,
        server: Server,
        kiosk: str,
        outbox: Outbox,
        deliver: Callable[[Event], None],
        on_settings: Callable[[KioskSettings], None] = lambda _: None,
        *,
        settle_after_s: float = SETTLE_AFTER_S,
    ) -> None:
        self.clock = HallClock()
        self._server, self._kiosk, self._outbox = server, kiosk, outbox
        self._deliver, self._on_settings = deliver, on_settings
        self._settle_after_s = settle_after_s
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._stop = threading.Event()
        self._abandoned: set[int] = set()
        self._wake = threading.Event()
        self._settles: list[_Settle] = []
        self._zones: tuple[str, ...] | None = None
        self._has_recovered = False
        self._threads = [
            threading.Thread(target=self._work, name="kiosk-worker", daemon=True),
            threading.Thread(target=self._listen, name="kiosk-listener", daemon=True),
        ]

    def start(self, zones: tuple[str, ...] | None = None) -> None:
        """Begin to listen and to send."""
        self._zones = zones
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End both threads; what is unfinished stays on disk."""
        self._stop.set()
        self._wake.set()
        self._jobs.put(None)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=5)

    # From the UI thread; none of these waits

    def issue(self, command: IssueTicket) -> None:
        """Take a ticket, once. Its id and key are made here, at the tap."""
        record = replace(
            self._record(command.language),
            service=command.service,
            group=command.group,
            item=command.item,
            holder=command.holder,
            voucher=command.voucher,
        )
        self._jobs.put(lambda: self._issue(record, command.attempt))

    def check_in(self, command: CheckIn) -> None:
        """Turn an appointment into a ticket, once."""
        record = replace(
            self._record(command.language),
            is_check_in=True,
            code=command.code,
            token=command.token,
            holder=command.holder,
        )
        self._jobs.put(lambda: self._issue(record, command.attempt))

    def _record(self, language: str) -> Record:
        at_ms = self.clock.now_ms()
        made = (str(uuid7(at_ms, token_bytes(RANDOM_BYTES))) for _ in range(2))
        return Record(id=next(made), key=next(made), service="", group=None, language=language, at_ms=at_ms)

    def copy_held(self, command: CopyHeld) -> None:
        """Get a ticket that the visitor already has, to be printed again and marked as a copy."""
        key = str(uuid7(self.clock.now_ms(), token_bytes(RANDOM_BYTES)))

        def ask() -> None:
            try:
                answer = self._server.post(f"/tickets/{command.ticket}/reprint", {}, key=key)
            except ServerLost as trouble:
                log.warning("ticket %s not got for a copy: %s", command.ticket, trouble)
                self._deliver(Refused(command.attempt, "", ""))
            except ApiError as refusal:
                log.info("no copy of %s: %s", command.ticket, refusal)
                self._deliver(Refused(command.attempt, refusal.detail, refusal.detail_zh))
            else:
                self._deliver(Issued(command.attempt, read_ticket(answer or {})))

        self._jobs.put(ask)

    def abandon(self, attempt: int) -> None:
        """Nobody waits for this attempt any more."""
        self._abandoned.add(attempt)
        self._wake.set()

    def taken(self, ticket: Ticket) -> None:
        """The visitor has the ticket."""
        self._jobs.put(lambda: self._outbox.drop(ticket.id))

    def reprint(self, ticket: Ticket, then: Callable[[dict[str, Any]], None]) -> None:
        """Ask for a copy; `then` gets the ticket with its number of copies, in the worker's thread."""
        key = str(uuid7(self.clock.now_ms(), token_bytes(RANDOM_BYTES)))

        def ask() -> None:
            try:
                answer = self._server.post(f"/tickets/{ticket.id}/reprint", {}, key=key)
            except (ServerLost, ApiError) as trouble:
                # The paper matters more than the count: print, marked as a copy, and go on.
                log.warning("reprint of %s not counted: %s", ticket.number, trouble)
                answer = None
            then(answer or {**ticket.raw, "copies": int(ticket.raw.get("copies") or 1) + 1})

        self._jobs.put(ask)

    def report_paper(self, ticket_id: str, state: str) -> None:
        """Tell the server what became of the paper."""
        key = str(uuid7(self.clock.now_ms(), token_bytes(RANDOM_BYTES)))

        def tell() -> None:
            try:
                self._server.post(f"/tickets/{ticket_id}/print-state", {"state": state}, key=key)
            except (ServerLost, ApiError) as trouble:
                log.warning("print state %s of %s not told: %s", state, ticket_id, trouble)

        self._jobs.put(tell)

    # The worker

    def _work(self) -> None:
        while not self._stop.is_set():
            wait_s = max(0.05, min((s.due for s in self._settles), default=time.monotonic() + 60) - time.monotonic())
            try:
                job = self._jobs.get(timeout=wait_s)
            except queue.Empty:
                self._settle_due()
                continue
            if job is not None:
                try:
                    job()
                except OSError as trouble:
                    # A full or broken disk must not end the only worker.
                    log.error("the kiosk's data folder is in trouble: %s", trouble)
            self._settle_due()

    def _issue(self, record: Record, attempt: int) -> None:
        try:
            self._outbox.keep(record)
        except OSError as trouble:
            # Unsafe to send what could not be stored: a crash would make a second ticket.
            log.error("cannot store a ticket before sending it: %s", trouble)
            self._deliver(Refused(attempt, "", ""))
            return
        while not self._stop.is_set():
            self._wake.clear()
            if attempt in self._abandoned:
                self._give_up(record, attempt)
                return
            try:
                answer = self._server.post(record.path, record.body(), key=record.key, retries=0, within_s=6.0)
            except ServerLost as trouble:
                log.warning("no answer to a ticket yet: %s", trouble)
            except ApiError as refusal:
                if refusal.status not in NOT_NOW:
                    log.info("ticket refused: %s", refusal)
                    self._outbox.drop(record.id)
                    self._deliver(Refused(attempt, refusal.detail, refusal.detail_zh))
                    return
            else:
                self._answered(record, attempt, answer or {})
                return
            self._wake.wait(AGAIN_S)

    def _answered(self, record: Record, attempt: int, answer: dict[str, Any]) -> None:
        if attempt in self._abandoned:
            self._give_up(record, attempt)
            return
        record = self._outbox.turn(record, Fate.ANSWERED, answer)
        self._deliver(Issued(attempt, read_ticket(answer)))

    def _give_up(self, record: Record, attempt: int) -> None:
        self._abandoned.discard(attempt)
        record = self._outbox.turn(record, Fate.ABANDONED)
        self._settles.append(_Settle(record, time.monotonic() + self._settle_after_s))

    def _settle_due(self) -> None:
        """Cancel what nobody waited for, once the server can be asked."""
        now = time.monotonic()
        for settle in [s for s in self._settles if s.due <= now]:
            self._settles.remove(settle)
            try:
                self._settle(settle.record)
            except (ServerLost, ApiError) as trouble:
                if isinstance(trouble, ApiError) and trouble.status not in NOT_NOW:
                    log.warning("abandoned ticket %s cannot be settled: %s", settle.record.id, trouble)
                    self._outbox.drop(settle.record.id)
                else:
                    self._settles.append(_Settle(settle.record, time.monotonic() + self._settle_after_s))

    def _settle(self, record: Record) -> None:
        try:
            ticket = self._server.get(f"/tickets/{record.id}")
        except ApiError as refusal:
            if refusal.status != 404:
                raise
        else:
            # Who checked in and went away is in the hall; to cancel would cost the appointment.
            if ticket.get("state") == "waiting" and not record.is_check_in:
                # Its own key, derived so that a repeated cancel is the same cancel.
                self._server.post(f"/tickets/{record.id}/cancel", {}, key=f"cancel-{record.key}")
        self._outbox.drop(record.id)

    def _recover(self) -> None:
        """After a start: show what was being taken a moment ago, cancel what is older and never reached anybody."""
        now_ms = self.clock.now_ms()
        for record in self._outbox.records():
            is_fresh = abs(now_ms - record.at_ms) < RECOVER_WITHIN_MS
            if record.fate is Fate.ANSWERED:
                if is_fresh and record.ticket is not None:
                    self._deliver(Recovered(read_ticket(record.ticket), needs_paper=False))
                else:
                    self._outbox.drop(record.id)
            elif record.fate is Fate.PENDING and is_fresh:
                self._resend(record)
            else:
                record = self._outbox.turn(record, Fate.ABANDONED)
                self._settles.append(_Settle(record, time.monotonic()))

    def _resend(self, record: Record) -> None:
        try:
            answer = self._server.post(record.path, record.body(), key=record.key)
        except (ServerLost, ApiError) as trouble:
            log.warning("ticket of before the restart not recovered: %s", trouble)
            record = self._outbox.turn(record, Fate.ABANDONED)
            self._settles.append(_Settle(record, time.monotonic() + self._settle_after_s))
        else:
            self._outbox.turn(record, Fate.ANSWERED, answer or {})
            self._deliver(Recovered(read_ticket(answer or {}), needs_paper=True))

    # The listener

    def _listen(self) -> None:
        told: Event | None = None
        while not self._stop.is_set():
            news: Event | None = None
            why: Exception | None = None
            try:
                self._read_settings()
                told = None
                for message in self._server.feed(hall=1, stop=self._stop):
                    self._hear(message)
            except ServerLost as lost:
                news, why = LinkLost(), lost
            except ApiError as refusal:
                news, why = LinkRefused() if refusal.status in UNKNOWN_HERE else LinkLost(), refusal
            if news is not None and news != told:
                log.warning("not connected: %s", why)
                self._deliver(news)
                told = news
            self._stop.wait(REFUSED_AGAIN_S if isinstance(news, LinkRefused) else LISTEN_AGAIN_S)

    def _read_settings(self) -> None:
        settings = read_settings(self._server.get(f"/devices/{self._kiosk}"))
        self._zones = settings.zones
        self._on_settings(settings)

    def _hear(self, message: FeedMessage) -> None:
        match message.event:
            case "snapshot" | "view":
                self.clock.heard(message.data["now"])
                self._deliver(HallSeen(read_hall(message.data, self._zones)))
                if not self._has_recovered:
                    self._has_recovered = True
                    self._jobs.put(self._recover)
            case "heartbeat":
                self.clock.heard(message.data["now"])
            case "lost":
                self._deliver(LinkLost())
            case "back":
                self._deliver(LinkBack())
