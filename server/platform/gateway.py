"""The HTTP adapter: a gateway beside the platform, with three calls (docs/platform.md)."""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import requests

from server.outside import FAILURES, no_limit, plain_session, why
from server.platform.port import PlatformAway, PlatformRefused
from server.platform.records import Fetched, Outgoing, OutKind, Raw, Verdict

TIMEOUT_S = 10.0
CONNECT_S = 5.0
ANSWER_MAX = 4_000_000
#: Answers that say that this one is not wanted, however often it comes.
REFUSALS = (400, 404, 409, 410, 413, 415, 422)


class HttpGateway:
    """One gateway; `token_env` names the environment variable with its bearer token."""

    def __init__(
        self,
        url: str,
        token_env: str | None = None,
        timeout_s: float = TIMEOUT_S,
        limit: Callable[[float], AbstractContextManager[object]] = no_limit,
    ) -> None:
        self._url = url.rstrip("/")
        self._token_env = token_env
        self._timeout_s = timeout_s
        self._limit = limit

    def submit(self, item: Outgoing) -> str | None:
        """`POST /cases`; the answer may carry the number as `platform`."""
        answer = self._ask("POST", "/cases", item)
        number = answer.get("platform")
        return number if isinstance(number, str) and number else None

    def report(self, item: Outgoing) -> None:
        """`POST /results`; of a rating `POST /ratings`."""
        self._ask("POST", "/ratings" if item.kind is OutKind.RATING else "/results", item)

    def fetch(self, after: str | None) -> Fetched:
        """`GET /milestones?after=`."""
        answer = self._ask("GET", "/milestones", None, {} if after is None else {"after": after})
        found, cursor = answer.get("milestones", []), answer.get("cursor", after)
        if not isinstance(found, list) or not isinstance(cursor, str | None):
            raise PlatformAway("GET /milestones: no list of milestones in the answer")
        return Fetched(tuple(Raw(one) for one in found), cursor, more=bool(found) and cursor != after)

    def settled(self, fetched: Fetched, verdicts: Mapping[int, Verdict]) -> None:
        """Nothing to do: the next request's cursor says it."""

    def _ask(
        self, method: str, path: str, item: Outgoing | None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        headers = {"Accept": "application/json", "User-Agent": "Chaoxi"}
        if self._token_env and (token := os.environ.get(self._token_env)):
            headers["Authorization"] = f"Bearer {token}"
        body = None
        if item is not None:
            headers["Idempotency-Key"] = item.id
            body = {"id": item.id, "type": item.kind.value, **item.content}
        try:
            with self._limit(self._timeout_s + CONNECT_S), plain_session() as session:
                answer = session.request(
                    method,
                    self._url + path,
                    params=query,
                    json=body,
                    headers=headers,
                    timeout=(min(CONNECT_S, self._timeout_s), self._timeout_s),
                    allow_redirects=False,
                    stream=True,
                )
                return _read(answer, f"{method} {path}")
        except FAILURES as trouble:
            raise PlatformAway(f"{method} {path}: {why(trouble)}") from trouble


def _read(answer: requests.Response, asked: str) -> dict[str, Any]:
    """The JSON object of a good answer."""
    told = f"{asked}: HTTP {answer.status_code}"
    if answer.status_code in REFUSALS:
        raise PlatformRefused(f"{told} {answer.raw.read(300, decode_content=True).decode('utf-8', 'replace')}".strip())
    if not 200 <= answer.status_code < 300:
        raise PlatformAway(told)
    if answer.status_code == 204:
        return {}
    content = bytearray()
    for chunk in answer.iter_content(65536):
        content += chunk
        if len(content) > ANSWER_MAX:
            raise PlatformAway(f"{told}, an answer of more than {ANSWER_MAX} bytes")
    if not content:
        return {}
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise PlatformAway(f"{told}, but no JSON object")
    return found
