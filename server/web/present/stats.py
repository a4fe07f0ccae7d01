"""The figures of the day for managers, as JSON and as CSV rows."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from server.core.assistance import CARD, CLERK, REFUTED
from server.core.model import HallState, Ticket
from server.core.statistics import load, quarters, service_s, staffing, wait_s, waits
from server.web.present.common import both, moment, rounded
from server.web.present.devices import report_view
from server.web.present.tides import alarm_views, tide_costs
from server.web.present.windows import window_line
from server.web.site import Site


def stats_view(site: Site, state: HallState, at: float) -> dict[str, Any]:
    """Zones, quarter hours, services and windows of today."""
    plan, names = site.hall.plan, site.names
    tickets = list(state.tickets.values())
    zones, services = [], []
    for zone in names.hall.zones:
        figures = waits((t for t in tickets if t.zone == zone.id), at)
        staff = staffing(plan, state, zone.id)
        zones.append(
            {
                "zone": zone.id,
                **both(zone.name),
                "colour": zone.colour,
                "waiting": figures.waiting,
                "longest_wait_s": rounded(figures.longest_wait_s),
                "mean_wait_s": rounded(figures.mean_wait_s),
                "p90_wait_s": rounded(figures.p90_wait_s),
                "issued": figures.issued,
                "called": figures.called,
                "served": figures.served,
                "no_show": figures.no_show,
                "open_windows": staff.open,
                "total_windows": staff.total,
                "idle_windows": staff.idle,
                "load": load(figures, staff).value,
            }
        )
    for service in names.hall.services:
        figures = waits((t for t in tickets if t.service == service.id), at)
        services.append(
            {
                "service": service.id,
                **both(service.name),
                "zone": service.zone,
                "issued": figures.issued,
                "served": figures.served,
                "waiting": figures.waiting,
                "mean_wait_s": rounded(figures.mean_wait_s),
                "p90_wait_s": rounded(figures.p90_wait_s),
                "mean_service_s": rounded(figures.mean_service_s),
            }
        )
    return {
        "business_day": state.business_day,
        "now": moment(plan, at),
        "zones": zones,
        "quarters": [
            {**asdict(q), "at": moment(plan, q.at), "mean_wait_s": rounded(q.mean_wait_s)}
            for q in quarters(tickets, at)
        ],
        "services": services,
        "devices": [report_view(site, device, told) for device, told in sorted(state.devices.items())],
        "windows": [_window(site, state, w, at) for w in names.windows],
        "alarms": alarm_views(site, state, at),
        "tides": tide_costs(site, state),
        "identity": _identity(site, tickets),
    }


def _identity(site: Site, tickets: list[Ticket]) -> dict[str, Any]:
    """How many tickets are in a name, what became of the proofs of priority groups (`open`: nobody has looked), and
    tickets given beyond the limits."""
    claimed = [t.proof or "open" for t in tickets if t.group is not None]
    return {
        "tickets": len(tickets),
        "named": sum(ticket.holder is not None for ticket in tickets),
        "limits": asdict(site.hall.plan.limits),
        "proofs": {kind: claimed.count(kind) for kind in (CARD, CLERK, REFUTED, "open")},
        "over_limit": [
            {
                "number": ticket.number,
                "service": ticket.service,
                **both(site.names.services[ticket.service].name, "service_name"),
                "issued_at": moment(site.hall.plan, ticket.issued_at),
            }
            for ticket in tickets
            if ticket.over_limit
        ],
    }


def _window(site: Site, state: HallState, window_id: str, at: float) -> dict[str, Any]:
    line = window_line(site, state, window_id, at)
    figures = waits((t for t in state.tickets.values() if t.window == window_id), at)
    return {
        "window": window_id,
        "name": line["name"],
        "name_en": line["name_en"],
        "zone": site.names.windows[window_id].zone,
        "state": line["state"],
        "status": line["status"],
        "since_s": line["since_s"],
        "served": figures.served,
        "mean_service_s": rounded(figures.mean_service_s),
    }


#: Columns of the CSV: heading and field of a ticket.
TICKET_COLUMNS = (
    ("票号 number", "number"),
    ("专区 zone", "zone"),
    ("业务 service", "service"),
    ("状态 state", "state"),
    ("渠道 channel", "channel"),
    ("优先群体 group", "group"),
    ("优先核对 proof", "proof"),
    ("超限发号 over_limit", "over_limit"),
    ("取号 issued_at", "issued_at"),
    ("首次叫号 first_called_at", "first_called_at"),
    ("窗口 window", "window"),
    ("开始 started_at", "started_at"),
    ("结束 finished_at", "finished_at"),
    ("等候秒数 wait_s", "wait_s"),
    ("办理秒数 service_s", "service_s"),
    ("叫号次数 calls", "calls"),
)


def csv_rows(site: Site, state: HallState) -> Iterator[list[Any]]:
    """Heading and one row a ticket, in order of issue."""
    plan = site.hall.plan
    yield [heading for heading, _ in TICKET_COLUMNS]
    for ticket in state.tickets.values():
        fields: dict[str, Any] = {
            "zone": site.names.zones[ticket.zone].name["zh"],
            "service": site.names.services[ticket.service].name["zh"],
            "wait_s": rounded(wait_s(ticket)),
            "service_s": rounded(service_s(ticket)),
            "state": ticket.state.value,
            "over_limit": "是 yes" if ticket.over_limit else None,
        }
        for name in ("issued_at", "first_called_at", "started_at", "finished_at"):
            fields[name] = moment(plan, getattr(ticket, name))
        yield [fields[f] if f in fields else getattr(ticket, f) for _, f in TICKET_COLUMNS]
