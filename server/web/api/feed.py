"""`GET /feed`: server-sent events. A snapshot first, then every change; missed announcements come first on resume.

Views are merged to the newest (at most four a second); `call` and `print` messages never are. A view is also looked at
with each heartbeat, since some of it changes with time alone (waits, opening hours).
"""

import re
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, current_app, request
from flask_openapi3 import Tag
from prometheus_client import Gauge
from pydantic import Field

from server.web.access import TOPIC_ACCESS, caller
from server.web.api.blueprint import APIBlueprint
from server.web.api.shape import Shape
from server.web.api.topics import TOPICS, Topic
from server.web.present.common import moment
from server.web.problems import Problem
from server.web.site import Site, dumps, site

api = APIBlueprint("feed", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="feed")])

HEARTBEAT_S = 5.0
#: Announcements older than this are not told again to a client that comes back; nobody would walk to them.
REPLAY_MAX_S = 10 * 60
RETRY_MS = 2000
#: SQLite's largest integer; a `Last-Event-ID` beyond it is none of ours.
SEQ_MAX = 2**63 - 1


class FeedQuery(Shape):
    board: str | None = None
    window: str | None = None
    ticket: str | None = None
    calls: str | None = None
    prints: str | None = None
    zone: str | None = None
    hall: str | None = None
    stats: str | None = None
    tides: str | None = None
    help: str | None = None
    appointments: date | None = None
    cases: str | None = None
    evaluator: str | None = None
    case: str | None = None
    last_event_id: int | None = Field(default=None, ge=0, le=SEQ_MAX)


def _message(event: str, data: object, seq: int | None = None) -> str:
    head = f"id: {seq}\n" if seq is not None else ""
    return f"{head}event: {event}\ndata: {dumps(data)}\n\n"


def _bare(view: dict[str, Any]) -> dict[str, Any]:
    """A view without what changes at every look."""
    return {name: value for name, value in view.items() if name not in ("now", "seq")}


class Stream:
    """One connection: what has been sent, and what is still to send."""

    def __init__(self, here: Site, topic: Topic, after: int | None) -> None:
        self._hall = here.hall
        self._topic = topic
        self._after = after
        self._seq = here.hall.seq
        self._sent: list[dict[str, Any]] = []
        self._viewed = self._beat = time.monotonic()
        self._pending = False

    def messages(self) -> Iterator[str]:
        """The connection's messages, for ever."""
        yield f"retry: {RETRY_MS}\n\n"
        # A number beyond our own is from another log (the data was cleaned): begin afresh.
        if self._after is not None and self._after <= self._seq:
            # Never further back than the day: older calls call nobody, and reading years of log would stop the hall.
            after = max(self._after, self._hall.remembered_from())
            yield from self._news(after, self._hall.now() - REPLAY_MAX_S)
        self._sent = self._topic.views(self._seq)
        for view in self._sent:
            yield _message("snapshot", view, self._seq)
        self._pending = False
        while True:
            if self._hall.wait_beyond(self._seq, self._patience()):
                yield from self._news(self._seq)
            now = time.monotonic()
            beats = now - self._beat >= HEARTBEAT_S
            if beats or (self._pending and now - self._viewed >= self._topic.every_s):
                yield from self._changed(now)
            if beats:
                yield _message("heartbeat", {"now": moment(self._hall.plan, self._hall.now())})
                self._beat = now

    def _patience(self) -> float:
        """Seconds until something must be sent even if nothing happens."""
        until = self._beat + HEARTBEAT_S
        if self._pending:
            until = min(until, self._viewed + self._topic.every_s)
        return max(0.0, until - time.monotonic())

    def _news(self, after: int, oldest: float = 0.0) -> Iterator[str]:
        """The single messages of what happened after a place in the log."""
        for recorded in self._hall.since(after):
            if recorded.event.at >= oldest:
                for name, data in self._topic.messages(recorded):
                    yield _message(name, data, recorded.seq)
            self._seq = recorded.seq
            self._pending = True

    def _changed(self, now: float) -> Iterator[str]:
        """The views that differ from those sent last."""
        views = self._topic.views(self._seq)
        known = [_bare(view) for view in self._sent]
        for view in views:
            if _bare(view) not in known:
                yield _message("view", view, self._seq)
        self._sent, self._viewed, self._pending = views, now, False


def _counted(messages: Iterator[str], feeds: Gauge) -> Iterator[str]:
    """The same messages, counted among the open connections until the client has gone."""
    with feeds.track_inprogress():
        yield from messages


@api.get("/feed")
def feed(query: FeedQuery) -> Response:
    """Follow one topic by server-sent events; `Last-Event-ID` resumes without a gap."""
    here = site()
    asked = [(name, value) for name in TOPICS if (value := getattr(query, name)) is not None]
    if len(asked) != 1:
        raise Problem("topic_wanted")
    name, value = asked[0]
    caller().require(TOPIC_ACCESS[name])
    topic = TOPICS[name](here, str(value))
    header = request.headers.get("Last-Event-ID", "")
    after = int(header) if re.fullmatch("[0-9]{1,18}", header) else query.last_event_id
    feeds = current_app.extensions["chaoxi-metrics"].feeds
    return Response(
        _counted(Stream(here, topic, after).messages(), feeds),
        content_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
