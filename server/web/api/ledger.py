"""The ledger of acceptances (M9) and their figures for the monthly bulletin (C6, P8, Y10), as JSON and as files."""

from flask import Response
from flask_openapi3 import Tag

from server.core.calendar import business_day
from server.hall import Answer
from server.web.api import ledger_schemas as m
from server.web.api.blueprint import APIBlueprint
from server.web.api.periods import checked_days
from server.web.commanding import send
from server.web.present.common import moment
from server.web.sheets import book, csv_file
from server.web.site import Site, site
from server.web.threads.acceptance import acceptance_view
from server.web.threads.ledger import chosen, outcome_choices, read_entries, row_views, totals
from server.web.threads.ledger_sheets import bulletin_sheets, ledger_rows
from server.web.threads.words import texts

api = APIBlueprint("ledger", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="ledger")])

#: Longest stretch of days at once: a quarter.
DAYS_MAX = 92


def _days(here: Site, query: m.DaysQuery) -> tuple[str, str]:
    """First and last day asked for; this month so far if nothing is."""
    today = business_day(here.hall.now(), here.hall.plan.tz)
    last = query.to or today
    first = query.from_ or (last if query.to else f"{today[:8]}01")
    return checked_days(first, last, DAYS_MAX)


@api.get("/ledger", responses={200: m.Ledger})
def ledger(query: m.LedgerQuery) -> Response:
    """One row an item that was settled; a file has every row, its text is never a formula, its dates are dates."""
    here = site()
    first, last = _days(here, query)
    at = here.hall.now()
    everything = read_entries(here, first, last)
    found = chosen(everything, query.zone, query.department, query.outcome)
    if query.format != "json":
        rows = here.slow(lambda: ledger_rows(row_views(here, found, at)))
        name = f"ledger-{first}-{last}"
        if query.format == "csv":
            return csv_file(rows, name)
        return book([(texts("zh")("Ledger of acceptances"), rows)], name, here.slow)
    page = found[query.offset : query.offset + query.limit]
    return send(
        Answer(
            200,
            {
                "from": first,
                "to": last,
                "rows": row_views(here, page, at),
                "total": len(found),
                "totals": totals(here, found, at),
                "departments": sorted({name for entry in everything for name in entry.departments}),
                "outcomes": outcome_choices(),
                "now": moment(here.hall.plan, at),
            },
        )
    )


@api.get("/stats/acceptance", responses={200: m.Acceptance})
def acceptance(query: m.AcceptanceQuery) -> Response:
    """The monthly bulletin: outcomes and punctuality of each department, originals archived, items at one window."""
    here = site()
    first, last = _days(here, query)
    at = here.hall.now()
    entries, served_at = read_entries(here, first, last), here.hall.history.windows_of(first, last)
    view = here.slow(lambda: acceptance_view(here, entries, served_at, (first, last), at))
    if query.format == "xlsx":
        return book(bulletin_sheets(view), f"bulletin-{first}-{last}", here.slow)
    return send(Answer(200, {**view, "now": moment(here.hall.plan, at)}))
