"""Tidal windows for supervisors: where they are, what the rules propose, and the one click that settles it."""

from collections.abc import Callable

from flask import Response
from flask_openapi3 import Tag

from server.core import commands as c
from server.core.commands import Command
from server.hall import Answer
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import perform, send, view_answer
from server.web.present.tides import tides_view
from server.web.site import site

api = APIBlueprint("tides", __name__, url_prefix="/api/v1/tides", abp_tags=[Tag(name="tides")])


def _settle(command: Callable[[float], Command]) -> Response:
    here = site()
    return perform(here, command, view_answer(lambda state, at: tides_view(here, state, at)))


@api.get("", responses={200: s.Tides})
def tides() -> Response:
    """Tidal windows, proposals, moves of the day, pressure of the zones, waits that are too long."""
    here = site()
    with here.hall.reading() as state:
        return send(Answer(200, tides_view(here, state, here.hall.now())))


@api.post("/<tide>/accept", responses={200: s.Tides})
def accept(path: s.TidePath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Do what is proposed; a window that is serving goes when its ticket has gone."""
    return _settle(lambda at: c.AcceptTide(at=at, tide=path.tide))


@api.post("/<tide>/dismiss", responses={200: s.Tides})
def dismiss(path: s.TidePath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Leave things as they are; the same is not proposed again for a quarter of an hour."""
    return _settle(lambda at: c.DismissTide(at=at, tide=path.tide))
