"""Views that only read: zones, boards, figures of the day."""

from flask import Response
from flask_openapi3 import Tag

from server.hall import Answer
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import send
from server.web.present.boards import board_view, find_board
from server.web.present.stats import csv_rows, stats_view
from server.web.present.windows import zone_view
from server.web.problems import Problem
from server.web.sheets import csv_file
from server.web.site import Site, dumps, site

zones = APIBlueprint("zones", __name__, url_prefix="/api/v1/zones", abp_tags=[Tag(name="zones")])
boards = APIBlueprint("boards", __name__, url_prefix="/api/v1/boards", abp_tags=[Tag(name="boards")])
stats = APIBlueprint("stats", __name__, url_prefix="/api/v1/stats", abp_tags=[Tag(name="stats")])

STATS_MAX_AGE_S = 1.0


@zones.get("/<zone>", responses={200: s.Zone})
def zone(path: s.ZonePath) -> Response:
    """A zone live."""
    here = site()
    if path.zone not in here.names.zones:
        raise Problem("zone_unknown", zone=path.zone)
    with here.hall.reading() as state:
        return send(Answer(200, zone_view(here, state, path.zone, here.hall.now())))


@boards.get("/<board>", responses={200: s.Board})
def board(path: s.BoardPath) -> Response:
    """What a board shows."""
    here = site()
    found = find_board(here, path.board)
    if found is None:
        raise Problem("board_unknown", board=path.board)
    with here.hall.reading() as state:
        return send(Answer(200, board_view(here, state, found, here.hall.now())))


def figures(here: Site) -> dict[str, object]:
    """The figures of the day, at most a second old."""
    view: dict[str, object] = here.cache.get(
        here.hall, "stats", STATS_MAX_AGE_S, lambda state, at: stats_view(here, state, at)
    )
    return view


@stats.get("/today", responses={200: s.Stats})
def today() -> Response:
    """Figures of the day."""
    return Response(dumps(figures(site())), content_type="application/json")


@stats.get("/today.csv")
def today_csv() -> Response:
    """Every ticket of the day as CSV for a spreadsheet."""
    here = site()
    with here.hall.reading() as state:
        day = state.business_day
        rows = list(csv_rows(here, state))
    return csv_file(rows, f"chaoxi-{day}")
