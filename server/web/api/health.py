"""`/healthz`, `/readyz`, `/metrics`: for whoever watches the server. Labels are halls, zones and methods only."""

from collections import Counter as Counted

from flask import Response, current_app
from flask_openapi3 import Tag
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from server.core.dispatch import waiting
from server.core.model import AlarmLevel, MoveKind
from server.core.tides import pressures
from server.hall import Answer
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import send
from server.web.site import site

api = APIBlueprint("health", __name__, abp_tags=[Tag(name="health")])


class Metrics:
    """The counters of one app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("chaoxi_http_requests", "HTTP requests", ["method", "status"], registry=self.registry)
        self.latency = Histogram(
            "chaoxi_http_request_duration_seconds",
            "Time to answer, feeds left out",
            ["method"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5),
        )
        self.waiting = Gauge("chaoxi_tickets_waiting", "Tickets waiting", ["zone"], registry=self.registry)
        self.open_windows = Gauge("chaoxi_windows_open", "Windows open", ["zone"], registry=self.registry)
        self.moves = Gauge("chaoxi_tidal_moves_today", "Moves of tidal windows today", ["kind"], registry=self.registry)
        self.helping = Gauge(
            "chaoxi_helping_calls_today", "Calls that helped another zone today", registry=self.registry
        )
        self.proposals = Gauge(
            "chaoxi_tidal_proposals_open", "Proposals that wait for a supervisor", registry=self.registry
        )
        self.pressure = Gauge(
            "chaoxi_zone_pressure_seconds",
            "Waiting work per open window; infinite where people wait and no window is open",
            ["zone"],
            registry=self.registry,
        )
        self.alarms = Gauge("chaoxi_wait_alarms", "Services with too long a wait", ["level"], registry=self.registry)
        self.feeds = Gauge("chaoxi_feed_connections", "Feeds being followed now", registry=self.registry)
        self.events = Gauge("chaoxi_log_last_seq", "Last sequence number of the log", registry=self.registry)


@api.get("/healthz", responses={200: s.Health})
def healthz() -> Response:
    """The process answers."""
    return send(Answer(200, {"status": "ok"}))


@api.get("/readyz", responses={200: s.Ready})
def readyz() -> Response:
    """The hall is loaded and its day is open."""
    here = site()
    with here.hall.reading() as state:
        return send(Answer(200, {"status": "ok", "business_day": state.business_day, "seq": here.hall.seq}))


@api.get("/metrics")
def metrics() -> Response:
    """Prometheus metrics."""
    here, kept = site(), current_app.extensions["chaoxi-metrics"]
    with here.hall.reading() as state:
        counts = dict.fromkeys(here.names.zones, 0)
        for ticket in waiting(state):
            counts[ticket.zone] = counts.get(ticket.zone, 0) + 1
        opened = dict.fromkeys(here.names.zones, 0)
        for window in here.names.windows.values():
            opened[window.zone] += state.window(window.id).status == "open"
        seq = here.hall.seq
        moves = Counted(move.kind for move in state.moves)
        alarms = Counted(alarm.level for alarm in state.alarms.values())
        pressure = pressures(here.hall.plan, state)
        helping, proposals = state.helping_calls, len(state.tides)
    for zone in here.names.zones:
        kept.waiting.labels(zone).set(counts[zone])
        kept.open_windows.labels(zone).set(opened[zone])
        kept.pressure.labels(zone).set(pressure.get(zone, 0.0))
    for kind in MoveKind:
        kept.moves.labels(kind.value).set(moves[kind])
    for level in AlarmLevel:
        kept.alarms.labels(level.value).set(alarms[level])
    kept.helping.set(helping)
    kept.proposals.set(proposals)
    kept.events.set(seq)
    return Response(generate_latest(kept.registry), content_type=CONTENT_TYPE_LATEST)
