"""One hook's messages to its address: signed, tried again with growing pauses, given up after a day.

An answer 2xx is success. What the receiver refuses by its answer is tried again by the message's own pauses; where it is
not there at all (no connection, no answer in time, 429, 502, 503, 504) the whole hook rests and then tries one message.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from standardwebhooks import Webhook

from config.after_window import Hook
from server.notices.outbox import Outbox
from server.notices.records import Letter
from server.outside import FAILURES, no_limit, plain_session, why

#: Pauses after the first, second … failure of a message: eleven tries in some 25 hours.
PAUSES_S = (5.0, 30.0, 120.0, 600.0, 3600.0, 7200.0, 14400.0, 14400.0, 21600.0, 28800.0)
GIVEN_UP_S = 26 * 3600.0
#: Pauses of a hook whose receiver is away: short enough to call people who wait in the hall once it is back.
AWAY_S = (5.0, 15.0, 30.0, 60.0, 120.0)
#: Answers that say that the receiver, not the message, is the trouble.
AWAY_STATUS = (429, 502, 503, 504)
GONE = 410
CONNECT_S = 5.0
#: So much of a refusal is kept to be read.
ERROR_MAX = 300
BODY_MAX = 4096
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. `status` None: there was no answer at all."""

    status: int | None
    error: str | None = None
    retry_after: str | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_away(self) -> bool:
        """Whether nobody was there to take it."""
        return self.status is None or self.status in AWAY_STATUS


class Sender:
    """Sends one message to one address. `limit` ends a try whose receiver lets its answer drip."""

    def __init__(
        self, hook: Hook, secret: str, limit: Callable[[float], AbstractContextManager[object]] = no_limit
    ) -> None:
        self._hook = hook
        self._webhook = Webhook(secret)
        self._limit = limit
        self._session: requests.Session | None = None

    def send(self, message: str, body: str, at: float) -> Outcome:
        """One try; whatever goes wrong on the way is an outcome."""
        moment = datetime.fromtimestamp(at, UTC)
        headers = {
            "Content-Type": JSON,
            "User-Agent": "Chaoxi",
            "webhook-id": message,
            "webhook-timestamp": str(int(at)),
            "webhook-signature": self._webhook.sign(message, moment, body),
        }
        seconds = self._hook.timeout_s
        try:
            with (
                self._limit(seconds + CONNECT_S),
                self._open().post(
                    self._hook.url,
                    data=body.encode(),
                    headers=headers,
                    timeout=(min(CONNECT_S, seconds), seconds),
                    allow_redirects=False,
                    stream=True,
                ) as answer,
            ):
                return self._outcome(answer)
        except FAILURES as trouble:
            self.hang_up()
            return Outcome(None, why(trouble)[:ERROR_MAX])

    def _outcome(self, answer: requests.Response) -> Outcome:
        if 200 <= answer.status_code < 300:
            # It has it, whatever comes after. A short body is read, so that the connection can be used again.
            length = answer.headers.get("Content-Length", "")
            if answer.status_code == 204 or (length.isdigit() and int(length) <= BODY_MAX):
                with suppress(*FAILURES):
                    _ = answer.content
            return Outcome(answer.status_code)
        error = f"HTTP {answer.status_code} {answer.reason or ''}".strip()
        if 300 <= answer.status_code < 400:
            error += " (redirects are not followed)"
        return Outcome(answer.status_code, error[:ERROR_MAX], answer.headers.get("Retry-After"))

    def _open(self) -> requests.Session:
        if self._session is None:
            self._session = plain_session()
        return self._session

    def hang_up(self) -> None:
        """Close the connection: the next message may be hours away."""
        if self._session is not None:
            self._session.close()
            self._session = None


class Courier:
    """Works one hook's part of the outbox off, one message after the other. `phone_of` looks a number up by subjects;
    `is_stale` tells what does not hold any more."""

    def __init__(
        self,
        hook: Hook,
        sender: Sender,
        outbox: Outbox,
        now: Callable[[], float],
        phone_of: Callable[[tuple[str, ...]], str | None],
        is_stale: Callable[[Letter], bool],
    ) -> None:
        self.hook = hook
        self._sender = sender
        self._outbox = outbox
        self._now = now
        self._phone_of = phone_of
        self._is_stale = is_stale

    def work(self) -> None:
        """Send everything that is due."""
        self._outbox.drop_late(self.hook.id, self._now())
        try:
            while (letter := self._outbox.next(self.hook.id, self._now())) is not None:
                self._try(letter)
        finally:
            self._sender.hang_up()

    def _try(self, letter: Letter) -> None:
        if self._is_stale(letter):
            self._outbox.drop(letter)
            return
        outcome = self._sender.send(letter.id, self.body(letter), self._now())
        now = self._now()
        if outcome.is_ok:
            self._outbox.sent(letter, now)
            return
        error = outcome.error or ""
        asked_s = asked_pause(outcome.retry_after, now)
        next_at = now + max(PAUSES_S[min(letter.attempts, len(PAUSES_S) - 1)], asked_s or 0.0)
        tried_out = letter.attempts >= len(PAUSES_S) or next_at > letter.tried_from + GIVEN_UP_S
        if outcome.status == GONE or tried_out:
            self._outbox.give_up(letter, error, now)
        else:
            self._outbox.try_later(letter, next_at, error, now)
        if outcome.is_away:
            away = self._outbox.condition(self.hook.id).away
            rest_s = asked_s or AWAY_S[min(away, len(AWAY_S) - 1)]
            self._outbox.rest(self.hook.id, now + rest_s, now - GIVEN_UP_S, now)

    def body(self, letter: Letter) -> str:
        """What is sent: the payload, with the phone number if one is known at this moment."""
        payload = json.loads(letter.payload)
        payload["data"]["phone"] = self._phone_of(letter.subjects)
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def asked_pause(retry_after: str | None, now: float) -> float | None:
    """The pause a receiver asks for, in seconds or as a date; at most a day."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    else:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now
        except ValueError:
            return None
    return min(max(seconds, 0.0), 86400.0)
