"""The one HTTP client of all device programs: kiosk, caller, voice, boards' bars, printer.

Answers come within a time limit, a POST can be sent again without doing its work twice, and the feed goes on where it
was cut. It must not import Flask or the hall's core: it runs on other machines and knows only `docs/api.md`.
"""

import argparse
import itertools
import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter

from server.client_feed import EventStream, FeedBroken, FeedMessage, Position

__all__ = ["ApiError", "Client", "FeedMessage", "ServerLost", "add_token_option", "token_from"]

log = logging.getLogger("server.client")

API = "/api/v1"

#: The server sends a heartbeat every 5 s; hearing nothing for this long, we are cut off.
SILENCE_MAX_S = 12.0

#: Waits between tries, the last for ever after: short at first for a restarted server, never above 2 s so that a
#: device is back within 5 s of its server.
BACK_OFF_S = (0.2, 0.5, 1.0, 2.0)

#: Answers that say "not now": a proxy without its server, a server whose storage is in trouble.
NOT_NOW = frozenset({502, 503, 504})

#: An answer larger than this is not from our server.
ANSWER_LIMIT = 16_000_000


class ServerLost(Exception):
    """No answer: not reachable, not in time, or cut off in the middle. Whether a POST was carried out is unknown."""


class ApiError(Exception):
    """The server answered, and refused. `reason` is the stable word of the API; the two details are for people."""

    def __init__(
        self, status: int, reason: str, detail: str, detail_zh: str = "", errors: list[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(f"{status} {reason}: {detail}")
        self.status = status
        self.reason = reason
        self.detail = detail
        self.detail_zh = detail_zh or detail
        self.errors = errors or []


class Client:
    """Talks to one hall server. May be used from several threads.

    >>> client = Client("http://127.0.0.1:8080", token)
    >>> client.get("/hall")["name"]
    >>> client.post("/windows/S03/call-next", {"finish_current": True})
    """

    def __init__(self, url: str, token: str | None = None, timeout_s: float = 3.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not the address of a server (http://host:port): {url!r}")
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        self._headers = {"Accept": "application/json", "User-Agent": "chaoxi-device"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._session = _session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close idle connections; the client may still be used."""
        self._session.close()

    def get(self, path: str, /, **query: object) -> dict[str, Any]:
        """Read one thing; `path` begins below `/api/v1`. Tried once more when the connection fails at once."""
        answer = self._send("GET", path, query=query, retries=1, within_s=self.timeout_s + 0.5)
        return answer or {}

    def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        retries: int = 3,
        within_s: float = 8.0,
    ) -> dict[str, Any] | None:
        """Do one thing, once; None for an empty answer (204).

        The idempotency key is made here once and kept over all tries, so that a lost answer does nothing twice. Give
        `key` to go on with a call begun earlier. At most `retries` further tries, and no more than `within_s` in all.
        """
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._send("POST", path, body=body or {}, headers=headers, retries=retries, within_s=within_s)

    def settings(self, device: str, stop: threading.Event) -> dict[str, Any] | None:
        """A device's settings of the hall file, asked for until a server answers; None when told to stop.

        Raises `ApiError` for a device the hall does not know.
        """
        while not stop.is_set():
            try:
                settings: dict[str, Any] = self.get(f"/devices/{device}")["settings"]
                return settings
            except ServerLost as trouble:
                log.warning("Server lost: %s", trouble)
                stop.wait(BACK_OFF_S[-1])
        return None

    def feed(
        self, *, stop: threading.Event | None = None, after: int | None = None, **topic: object
    ) -> Iterator[FeedMessage]:
        """Follow the feed for ever: `feed(board="main")`, `feed(calls="f1", stop=event)`.

        `after` begins behind a number heard by an earlier run of the program, so that announcements made while it was
        switched off are not lost (the server tells those of the last ten minutes).

        Reconnects by itself, from the last number heard, and says so with `lost` and `back`. No `call` or `print`
        is left out or given twice. Ends when `stop` is set. A refusal on the first connection (wrong token, unknown
        board) is raised as `ApiError`; a later one is a `lost`, since a server that restarts may refuse for a while.
        """
        stop = stop or threading.Event()
        position = Position(snapshots=sum(str(value).count(",") + 1 for value in topic.values()), after=after)
        waits = _back_off()
        was_connected, is_lost = False, False
        while not stop.is_set():
            try:
                with _Listener(self, topic, position.resume_from, stop) as listener:
                    position.connected()
                    was_connected = True
                    if is_lost:
                        is_lost = False
                        yield FeedMessage("back", {})
                    for message in listener.messages():
                        waits = _back_off()
                        if position.accept(message):
                            yield message
                why = "the server closed the feed"
            except ApiError as refusal:
                if not was_connected and refusal.status not in NOT_NOW:
                    raise
                why = str(refusal)
            except (ServerLost, FeedBroken) as trouble:
                why = str(trouble)
            if stop.is_set():
                return
            if not is_lost:
                is_lost = True
                yield FeedMessage("lost", {"why": why})
            stop.wait(next(waits))

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, object] | None = None,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        retries: int,
        within_s: float,
    ) -> dict[str, Any] | None:
        """One logical request with its tries; raises what the last try met."""
        end = time.monotonic() + within_s
        for left, wait_s in zip(range(retries, -1, -1), _back_off(), strict=False):
            try:
                return self._try(method, path, query, body, headers, end)
            except ServerLost:
                if not left or time.monotonic() + wait_s >= end:
                    raise
            except ApiError as refusal:
                if refusal.status not in NOT_NOW or not left or time.monotonic() + wait_s >= end:
                    raise
            time.sleep(wait_s)
        raise AssertionError("unreachable: the last try returns or raises")

    def _try(
        self,
        method: str,
        path: str,
        query: dict[str, object] | None,
        body: dict[str, Any] | None,
        headers: dict[str, str] | None,
        end: float,
    ) -> dict[str, Any] | None:
        response = _open(
            self._session,
            method,
            self.url + API + path,
            params=query,
            json=body,
            headers=self._headers | (headers or {}),
            timeout=max(0.1, min(self.timeout_s, end - time.monotonic())),
        )
        with response:
            content = _read(response, min(end, time.monotonic() + self.timeout_s))
        if response.status_code == 204:
            return None
        return _answer(response.status_code, content)


class _Listener:
    """One connection of the feed. A watcher cuts the read when `stop` is set, so that a program ends at once."""

    def __init__(self, client: Client, topic: dict[str, object], resume_from: int | None, stop: threading.Event):
        headers = client._headers | {"Accept": "text/event-stream", "Cache-Control": "no-cache"}
        if resume_from is not None:
            headers["Last-Event-ID"] = str(resume_from)
        self._session = _session()
        try:
            self._response = _open(
                self._session,
                "GET",
                f"{client.url}{API}/feed",
                params=topic,
                headers=headers,
                timeout=(min(client.timeout_s, 3.0), SILENCE_MAX_S),
            )
            try:
                if self._response.status_code != 200:
                    content = _read(self._response, time.monotonic() + client.timeout_s)
                    _answer(self._response.status_code, content)
                    raise FeedBroken(f"answer {self._response.status_code} instead of the feed")
                kind = self._response.headers.get("Content-Type", "")
                if not kind.startswith("text/event-stream"):
                    raise FeedBroken(f"{kind or 'an untyped answer'} instead of the feed")
            except BaseException:
                self._response.close()
                raise
        except BaseException:
            self._session.close()
            raise
        self._stop = stop
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="feed-watcher", daemon=True)
        self._watcher.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watcher.join()
        self._response.close()
        self._session.close()

    def messages(self) -> Iterator[FeedMessage]:
        """Give messages as they come, until the server closes."""
        stream = EventStream()
        while not self._stop.is_set():
            chunk = _read_some(self._response)
            if not chunk:
                return
            yield from stream.feed(chunk)

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            if self._done.is_set():
                return
        # Raises when the connection is already gone, which is what we want.
        with suppress(ValueError, RuntimeError, OSError):
            self._response.raw.shutdown()


class _Adapter(HTTPAdapter):
    """Closes its connections when told to. The original leaves that to the garbage collector, and a failed try keeps
    them in a reference cycle, so that the server would hold a dead device's line until the next collection."""

    def close(self) -> None:
        pools = self.poolmanager.pools
        for key in pools.keys():  # noqa: SIM118 - not a dict: it refuses to be iterated
            if pool := pools.get(key):
                pool.close()
        super().close()


def _session() -> requests.Session:
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter())
    # A proxy or a .netrc of the machine has no say between a device and its hall; the latter would replace our token.
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def _back_off() -> Iterator[float]:
    return itertools.chain(BACK_OFF_S, itertools.repeat(BACK_OFF_S[-1]))


def _open(session: requests.Session, method: str, url: str, **how: Any) -> requests.Response:
    try:
        # A redirect would turn a POST into a GET: it is an answer we do not understand.
        return session.request(method, url, stream=True, allow_redirects=False, **how)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as trouble:
        raise ServerLost(f"{method} {url}: {_root(trouble)}") from trouble


def _read(response: requests.Response, end: float) -> bytes:
    """The whole body, by `end`: a time-out of the socket alone would let a dripping server hold us for ever."""
    content = bytearray()
    while chunk := _read_some(response):
        content += chunk
        if len(content) > ANSWER_LIMIT:
            raise ServerLost(f"{response.url}: an answer of more than {ANSWER_LIMIT} bytes")
        if time.monotonic() > end:
            raise ServerLost(f"{response.url}: the answer did not end in time")
    expected = response.headers.get("Content-Length")
    if expected and expected.isdigit() and "Content-Encoding" not in response.headers and len(content) < int(expected):
        raise ServerLost(f"{response.url}: cut off after {len(content)} of {expected} bytes")
    return bytes(content)


def _read_some(response: requests.Response) -> bytes:
    try:
        chunk: bytes = response.raw.read1(65536, decode_content=True)
    except (urllib3.exceptions.HTTPError, HTTPException, OSError) as trouble:
        raise ServerLost(f"{response.url}: {_root(trouble)}") from trouble
    return chunk


def _answer(status: int, content: bytes) -> dict[str, Any]:
    """The JSON object of a good answer; any other is raised."""
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if 200 <= status < 300 and isinstance(answer, dict):
        return answer
    if isinstance(answer, dict) and "reason" in answer:
        errors = answer.get("errors")
        raise ApiError(
            status,
            str(answer["reason"]),
            str(answer.get("detail") or answer.get("title") or answer["reason"]),
            str(answer.get("detail_zh") or ""),
            errors if isinstance(errors, list) else None,
        )
    shown = content[:120].decode("utf-8", "replace")
    raise ApiError(status, "unexpected_answer", f"not an answer of a Chaoxi server: {shown!r}")


def _root(trouble: BaseException) -> str:
    """Why, in a few words: the system's own error where there is one, else the outermost, without its wrappings."""
    cause: BaseException | None = trouble
    found = trouble
    while cause is not None:
        if isinstance(cause, OSError) and not isinstance(cause, requests.RequestException):
            found = cause
        cause = cause.__cause__ or cause.__context__
    if isinstance(found, urllib3.exceptions.ProtocolError | HTTPException):
        return "cut off in the middle"
    return f"{type(found).__name__}: {found}" if str(found) else type(found).__name__


def add_token_option(parser: argparse.ArgumentParser) -> None:
    """Add `--token-file` to a program's options."""
    parser.add_argument("--token-file", type=Path, help="file with the device token (or set CHAOXI_TOKEN)")


def token_from(args: argparse.Namespace) -> str | None:
    """The device token from `--token-file`, else from the environment's CHAOXI_TOKEN, else none.

    Raises OSError for a file that cannot be read and ValueError for an empty one.
    """
    file: Path | str | None = getattr(args, "token_file", None)
    if file is None:
        return os.environ.get("CHAOXI_TOKEN") or None
    token = Path(file).read_text(encoding="utf-8-sig").strip()
    if not token:
        raise ValueError(f"the token file {file} is empty")
    return token
