"""Authorisation letters (M13): what they let windows do today, what is missing, entering and taking back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response
from flask_openapi3 import Tag

from server.catalogue.authority import Gaps, gaps
from server.catalogue.codec import fields_of
from server.catalogue.entries import Item
from server.catalogue.records import Letter, LetterItem, ListName
from server.catalogue.routing import posts_of
from server.core.calendar import business_day
from server.core.refusals import Reason
from server.hall import Answer
from server.web.api import catalogue_schemas as cs
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.catalogue_writes import once
from server.web.commanding import send
from server.web.present.common import both, windows_text
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("letters", __name__, url_prefix="/api/v1/letters", abp_tags=[Tag(name="catalogue")])


@api.get("", responses={200: cs.Letters})
def letters() -> Response:
    """Every letter, and what is missing today."""
    here = site()
    today = _today(here)
    items, known = here.catalogue.all_items(), here.catalogue.letters()
    found = gaps(items, known, posts_of(here.names.hall), today)
    answer = {
        "today": today.isoformat(),
        "decide": here.names.hall.catalogue.letters,
        "windows": [
            {"window": window.id, "number": window.number, "zone": window.zone, **both(window.name, "name")}
            for window in here.names.windows.values()
        ],
        "letters": [_view(here, letter, today) for letter in known],
        "gaps": _gaps(found if here.names.hall.catalogue.letters else replace(found, without_letter=())),
    }
    return send(Answer(200, answer))


@api.post("", endpoint="enter", responses={200: cs.Letter})
def enter(header: s.KeyHeader, body: cs.LetterBody) -> Response:
    """Enter a letter, or set one of the same id right."""
    here = site()

    def act(who: str, at: float) -> Answer:
        letter = _letter(here, body)
        here.catalogue.put(ListName.LETTERS, letter, who, at)
        return Answer(200, _view(here, letter, _today(here)))

    return once(here, act)


@api.post("/<letter>/remove", responses={200: cs.Letter})
def remove(path: cs.LetterPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Take a letter away that should not be there; one that has ended may stay."""
    here = site()

    def act(who: str, at: float) -> Answer:
        known = here.catalogue.row(ListName.LETTERS, path.letter)
        if not isinstance(known, Letter):
            raise Problem("letter_unknown", letter=path.letter)
        here.catalogue.remove(ListName.LETTERS, path.letter, who, at)
        return Answer(200, _view(here, known, _today(here)))

    return once(here, act)


def _today(here: Site) -> date:
    return date.fromisoformat(business_day(here.hall.now(), here.hall.plan.tz))


def _letter(here: Site, body: cs.LetterBody) -> Letter:
    if body.end is not None and body.end < body.start:
        raise Problem("letter_backwards")
    for window in body.windows:
        if window not in here.names.windows:
            raise Problem(Reason.WINDOW_UNKNOWN.value, window=window)
    for zone in body.zones:
        if zone not in here.names.zones:
            raise Problem("zone_unknown", zone=zone)
    items = here.catalogue.all_items()
    for code in body.items:
        if code not in items:
            raise Problem("item_unknown", item=code)
    return Letter(
        id=body.id,
        department=body.department,
        start=body.start,
        end=body.end,
        items=tuple(_entry(items[code]) for code in dict.fromkeys(body.items)),
        windows=tuple(dict.fromkeys(body.windows)),
        zones=tuple(dict.fromkeys(body.zones)),
    )


def _entry(item: Item) -> LetterItem:
    return LetterItem(item.code, item.name, item.kind, item.handling, item.audience)


def _view(here: Site, letter: Letter, today: date) -> dict[str, Any]:
    state = "in_force" if letter.is_in_force(today) else "upcoming" if letter.start > today else "expired"
    open_now = [window for window in letter.windows if window in here.names.windows]
    return {**fields_of(letter), "state": state, **windows_text(here.names, open_now)}


def _gaps(found: Gaps) -> dict[str, Any]:
    return {
        "without_letter": [_missing(item) for item in found.without_letter],
        "unknown": [
            {
                "code": code,
                "name": _name_in(letter, code),
                "department": letter.department,
                "service": None,
                "letter": letter.id,
            }
            for letter, code in found.unknown
        ],
        "foreign": [_missing(item, letter) for letter, item in found.foreign],
        "idle": [_missing(item, letter) for letter, item in found.idle],
        "expired": _ids(found.expired),
        "ending": _ids(found.ending),
        "upcoming": _ids(found.upcoming),
    }


def _missing(item: Item, letter: Letter | None = None) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "department": item.department,
        "service": item.service or None,
        "letter": letter.id if letter else None,
    }


def _name_in(letter: Letter, code: str) -> str:
    return next((item.name for item in letter.items if item.code == code), "")


def _ids(letters: Iterable[Letter]) -> list[str]:
    return [letter.id for letter in letters]
