"""Requests for a guide (帮办代办, C8): asked for at a kiosk or by staff, taken and ended by guides. Calls for an expert
(`settle.py`) are taken and ended here too."""

from collections.abc import Callable

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Device, Person
from server.core.assistance import AskForHelp, EndHelp, TakeHelp
from server.core.commands import Command
from server.hall import Answer
from server.web.access import caller
from server.web.api import identity_schemas as i
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import perform, send
from server.web.present.experts import desk_of
from server.web.present.help import help_list, help_view
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("help", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="help")])


def _user() -> str:
    who = caller().who
    assert isinstance(who, Person)
    return who.user


def _act(here: Site, name: str, command: Callable[[float], Command], status: int = 200) -> Response:
    return perform(here, command, lambda state, _, __: Answer(status, help_view(here, state, state.help[name])))


def _require_called(here: Site, name: str, *, or_caller: bool = False) -> None:
    """A call that is shown at an expert's desk is answered there (or by leaders), ended also where he is called to."""
    with here.hall.reading() as state:
        request = state.help.get(name)
    desk = None if request is None else desk_of(here, request)
    if request is None or desk is None:
        return
    who = caller().who
    if or_caller and isinstance(who, Person) and who.window == request.place:
        return
    caller().require_window(here, desk)


@api.post("/help", responses={201: i.Help})
def ask(header: s.KeyHeader, body: i.HelpBody) -> Response:
    """Ask for a guide to come. Sending the same id again is the same request."""
    here, who = site(), caller().who
    if body.kind not in {kind.id for kind in here.names.hall.assistance.kinds}:
        raise Problem("help_kind_unknown", kind=body.kind)
    # A device says where it stands itself; a person says where the citizen is.
    own_place = who.id if isinstance(who, Device) else (who.window if isinstance(who, Person) else None)
    place, by = body.place or own_place, caller().name
    if place is None:
        raise Problem("place_wanted")
    return _act(
        here,
        body.id,
        lambda at: AskForHelp(
            at=at, help=body.id, kind=body.kind, place=place, by=by, ticket=body.ticket, language=body.language
        ),
        201,
    )


@api.get("/help", responses={200: i.HelpList})
def requests() -> Response:
    """Today's requests: those that wait, those a guide is with, the last that are over."""
    here = site()
    with here.hall.reading() as state:
        return send(Answer(200, help_list(here, state)))


@api.post("/help/<help>/take", responses={200: i.Help})
def take(path: i.HelpPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """A guide goes, or the expert who was called; nobody else need."""
    user = _user()
    _require_called(site(), path.help)
    return _act(site(), path.help, lambda at: TakeHelp(at=at, help=path.help, by=user))


@api.post("/help/<help>/end", responses={200: i.Help})
def end(path: i.HelpPath, header: s.KeyHeader, body: i.HelpEndBody) -> Response:
    """How it ended; whoever called an expert may also say that he is not needed any more."""
    user = _user()
    _require_called(site(), path.help, or_caller=True)
    return _act(site(), path.help, lambda at: EndHelp(at=at, help=path.help, by=user, outcome=body.outcome))
