"""Satisfaction and how bad ratings were followed up, as JSON and as rows for a spreadsheet.

Good are the three upper levels. Unrated tickets are never good: satisfaction is good ÷ rated, and the rated share
stands beside it. Both totals are told, with excluded ratings and without (A1.8).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from server.core.affairs import OrderState, WorkOrder
from server.core.ratings import BAD, LEVELS
from server.log.records import RatedCount
from server.web.present.common import both
from server.web.present.ratings import is_overdue, level_name
from server.web.site import Site

#: Of fewer ratings nothing is told by window, zone or service: one could tell whose they are (A1.9).
ENOUGH = 5


def _figures(counts: Iterable[RatedCount], *, excluded: bool, least: int = 0) -> dict[str, Any]:
    """The figures of some counts; `excluded`: with the ratings that two people excluded."""
    rows = list(counts)
    valid = [row for row in rows if row.level is not None and (excluded or not row.excluded)]
    served, rated = sum(row.count for row in rows), sum(row.count for row in valid)
    good = sum(row.count for row in valid if row.level is not None and row.level > BAD)
    told = rated >= least
    return {
        "served": served,
        "rated": rated,
        "rated_share": _share(rated, served),
        "good": good if told else None,
        "bad": rated - good if told else None,
        "satisfaction": _share(good, rated) if told else None,
        "levels": {str(level): sum(row.count for row in valid if row.level == level) for level in LEVELS}
        if told
        else None,
    }


def _share(part: int, of: int) -> float | None:
    return round(part / of, 4) if of else None


def _ratio(part: int, of: int) -> dict[str, Any]:
    return {"part": part, "of": of, "share": _share(part, of)}


def _groups(
    rows: list[RatedCount], key: Callable[[RatedCount], str | None], names: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The figures by zone, window or service, without excluded ratings; those that served nobody are left out."""
    by_key: dict[str, list[RatedCount]] = {}
    for row in rows:
        if (name := key(row)) is not None:
            by_key.setdefault(name, []).append(row)
    order = [*names, *sorted(set(by_key) - set(names))]
    return [
        {
            "id": name,
            **both(names.get(name, {"zh": name, "en": name})),
            "excluded": sum(row.count for row in by_key[name] if row.excluded),
            **_figures(by_key[name], excluded=False, least=ENOUGH),
        }
        for name in order
        if name in by_key
    ]


def figures_view(site: Site, first: str, last: str, at: float) -> dict[str, Any]:
    """Ratings of the tickets of these business days, and the work orders they opened."""
    names = site.names
    rows, orders = site.hall.rated_counts(first, last), site.hall.orders_of(first, last)
    return {
        "first_day": first,
        "last_day": last,
        "excluded": sum(row.count for row in rows if row.excluded),
        "all": _figures(rows, excluded=True),
        "without_excluded": _figures(rows, excluded=False),
        "zones": _groups(rows, lambda row: row.zone, {z: zone.name for z, zone in names.zones.items()}),
        "windows": _groups(rows, lambda row: row.window, {w: window.name for w, window in names.windows.items()}),
        "services": _groups(rows, lambda row: row.service, {s: one.name for s, one in names.services.items()}),
        "orders": _order_figures(orders, at),
    }


def _order_figures(orders: list[WorkOrder], at: float) -> dict[str, Any]:
    """Call-back, mending and closing, each with what it is a share of; excluded ratings ask for nothing (A1.7)."""
    valid = [order for order in orders if order.state is not OrderState.EXCLUDED]
    named = [order for order in valid if order.has_contact]
    called, mended = [x for x in valid if x.callbacks], [x for x in valid if x.mended_at is not None]
    return {
        "opened": len(orders),
        "named": sum(order.has_contact for order in orders),
        "excluded": len(orders) - len(valid),
        "overdue": sum(is_overdue(order, at) for order in orders),
        "callback": _ratio(len(called), len(valid)),
        "callback_named": _ratio(sum(bool(x.callbacks) for x in named), len(named)),
        "callback_in_time": _ratio(sum(x.callbacks[0].at <= x.contact_by for x in called), len(valid)),
        "reached": _ratio(sum(any(call.reached for call in x.callbacks) for x in valid), len(valid)),
        "mending": _ratio(len(mended), len(valid)),
        "mending_in_time": _ratio(sum((x.mended_at or 0.0) <= x.mend_by for x in mended), len(valid)),
        "closing": _ratio(sum(x.state is OrderState.CLOSED for x in valid), len(valid)),
    }


#: Headings of the spreadsheet, in the form of the day's own (`stats.py`).
_HEADINGS = ("范围 scope", "名称 name", "办结 served", "评价 rated", "参评率 rated_share", "好评 good", "差评 bad",
             "满意率 satisfaction", *(f"{level_name(n)['name']} {n}" for n in LEVELS), "已排除 excluded")  # fmt: skip
_ORDER_HEADINGS = {
    "callback": "回访率 call-back",
    "callback_named": "实名回访率 call-back of named",
    "callback_in_time": "按时回访率 call-back in time",
    "reached": "接通率 reached",
    "mending": "整改率 mending",
    "mending_in_time": "按时整改率 mending in time",
    "closing": "办结率 closing",
}


def csv_rows(view: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Both totals, then zones, windows and services, then the work orders with numerator and denominator."""
    yield [f"{view['first_day']} – {view['last_day']}"]
    yield list(_HEADINGS)
    yield _row("全部（含已排除） all", "", view["all"], view["excluded"])
    yield _row("不含已排除 without excluded", "", view["without_excluded"], view["excluded"])
    for scope, heading in (("zones", "专区 zone"), ("windows", "窗口 window"), ("services", "业务 service")):
        for group in view[scope]:
            yield _row(heading, group["name"], group, group["excluded"])
    yield []
    yield ["工单 work orders", "分子 part", "分母 of", "比率 share"]
    for name, heading in _ORDER_HEADINGS.items():
        ratio = view["orders"][name]
        yield [heading, ratio["part"], ratio["of"], ratio["share"]]


def _row(scope: str, name: str, figures: Mapping[str, Any], excluded: int) -> list[Any]:
    plain = [figures[key] for key in ("served", "rated", "rated_share", "good", "bad", "satisfaction")]
    levels = figures["levels"] or {}
    return [scope, name, *plain, *(levels.get(str(level)) for level in LEVELS), excluded]
