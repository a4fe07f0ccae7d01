"""What the kiosk asks the server beside tickets: items, guides, the rating form, guides' help, ratings, whose card it is.

Threads of its own, so that neither the glass nor a ticket waits for an answer. Letters are debounced and only the
latest are asked for. A card's number passes through here once, to the server, and is kept nowhere.
"""

import logging
import queue
import threading
from collections.abc import Callable
from secrets import token_bytes
from typing import Any, Protocol

from kiosk.errands import (
    AskHelp,
    CaseSeen,
    FindItems,
    FormMissing,
    FormSeen,
    GuideMissing,
    GuideSeen,
    ItemsFound,
    LoadForm,
    LoadGuide,
    Rate,
    SeeCase,
    Sent,
)
from kiosk.items import read_guide, read_items
from kiosk.people import Holder, read_form, read_holder
from kiosk.state import Event, Refused
from kiosk.vouchers import read_case
from server.client import ApiError, ServerLost
from server.ids import RANDOM_BYTES, uuid7

log = logging.getLogger("kiosk.enquiry")

#: Letters typed within this time of each other are one question.
DEBOUNCE_S = 0.06
#: More items than a visitor will turn over.
ITEMS_MAX = 48

Question = LoadGuide | LoadForm | AskHelp | Rate | SeeCase


class Server(Protocol):
    """What is needed of `server.client.Client`."""

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


class Enquiry:
    """Asks for one kiosk."""

    def __init__(
        self,
        server: Server,
        kiosk: str,
        deliver: Callable[[Event], None],
        now_ms: Callable[[], int],
        *,
        debounce_s: float = DEBOUNCE_S,
    ) -> None:
        self._server, self._kiosk, self._deliver, self._now_ms = server, kiosk, deliver, now_ms
        self._debounce_s = debounce_s
        self._letters: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._questions: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._search, name="kiosk-search", daemon=True),
            threading.Thread(target=self._work, name="kiosk-enquiry", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End."""
        self._letters.put(None)
        self._questions.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    # From the UI thread; none of these waits

    def find(self, command: FindItems) -> None:
        """Look for items; only the latest letters are asked for."""
        self._letters.put(command.query)

    def ask(self, question: Question) -> None:
        """Ask something else."""
        # Made at the tap and kept over all tries, so that one tap does one thing.
        made = self._new_id()
        self._questions.put(lambda: self._answer(question, made))

    def _new_id(self) -> str:
        return str(uuid7(self._now_ms(), token_bytes(RANDOM_BYTES)))

    # From the reader's thread

    def holder(self, card: dict[str, Any]) -> Holder:
        """Ask whose card it is. Raises `ServerLost` or `ApiError`; the number is told to nobody else."""
        return read_holder(self._server.post("/holders", {"card": card}, retries=1, within_s=6.0) or {})

    # The workers

    def _search(self) -> None:
        while (query := self._letters.get()) is not None:
            try:
                while True:
                    newer = self._letters.get(timeout=self._debounce_s)
                    if newer is None:
                        return
                    query = newer
            except queue.Empty:
                pass
            try:
                found = read_items(self._server.get("/items", q=query.lower(), limit=ITEMS_MAX))
            except (ServerLost, ApiError, KeyError, TypeError) as trouble:
                # The services of the hall are found without the server.
                log.warning("no items for the letters typed: %s", trouble)
            else:
                self._deliver(ItemsFound(query, found))

    def _work(self) -> None:
        while (job := self._questions.get()) is not None:
            job()

    def _answer(self, question: Question, made: str) -> None:
        try:
            self._deliver(self._asked(question, made))
        except ServerLost as trouble:
            log.warning("no answer: %s", trouble)
            self._fail(question, "", "")
        except ApiError as refusal:
            log.info("refused: %s", refusal)
            self._fail(question, refusal.detail, refusal.detail_zh)
        except (KeyError, TypeError) as trouble:
            log.error("an answer that cannot be read: %s", trouble)
            self._fail(question, "", "")

    def _asked(self, question: Question, made: str) -> Event:
        match question:
            case LoadGuide(code):
                return GuideSeen(read_guide(self._server.get(f"/items/{code}")))
            case LoadForm():
                return FormSeen(read_form(self._server.get("/rating-form")))
            case SeeCase(attempt, token):
                return CaseSeen(attempt, read_case(self._server.get(f"/c/{token}")))
            case AskHelp(attempt, kind, language, ticket):
                body: dict[str, Any] = {"id": made, "kind": kind, "place": self._kiosk, "language": language}
                self._server.post("/help", {**body, **({"ticket": ticket} if ticket else {})}, key=made)
                return Sent(attempt)
            case Rate(attempt, number, token, level, points, code):
                given: dict[str, Any] = {"level": level, "points": list(points)}
                if token is not None:
                    self._server.post(f"/t/{token}/rating", given, key=made)
                else:
                    self._server.post("/ratings", {"number": number, "code": code, **given}, key=made)
                return Sent(attempt)

    def _fail(self, question: Question, detail: str, detail_zh: str) -> None:
        match question:
            case LoadGuide(code):
                self._deliver(GuideMissing(code))
            case AskHelp() | Rate() | SeeCase():
                self._deliver(Refused(question.attempt, detail, detail_zh))
            case LoadForm():
                self._deliver(FormMissing(detail, detail_zh))
