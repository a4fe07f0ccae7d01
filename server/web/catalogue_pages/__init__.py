"""Pages of the catalogue: search and guides on a citizen's phone, lists, items and letters for administrators.

They know only the HTTP API.
"""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app

import server.web.pages
from server.catalogue.columns import FLAGS, titles
from server.catalogue.records import Course, ListName
from server.catalogue.terms import AUDIENCES, HANDLINGS, KINDS
from server.web.pages.rendering import Pages

HERE = Path(__file__).parent

_PAGES = Pages(HERE)
_SHARED = Pages(Path(server.web.pages.__file__).parent)


def blueprint() -> Blueprint:
    """All pages of this package."""
    pages = Blueprint(
        "catalogue_pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/catalogue",
    )

    @pages.get("/items")
    def items() -> Response:
        return _page("catalogue/items.html")

    @pages.get("/items/<code>")
    def item(code: str) -> Response:
        return _page("catalogue/item.html", code=code)

    @pages.get("/catalogue")
    def catalogue() -> Response:
        words = {"kinds": KINDS, "handlings": HANDLINGS, "audiences": AUDIENCES, "flags": FLAGS}
        columns = {name.value: titles(name) for name in ListName}
        return _page("catalogue/catalogue.html", words=words, columns=columns, courses=[c.value for c in Course])

    return pages


def _page(template: str, **data: Any) -> Response:
    """A page whose scripts also say the sentences of the scripts that all pages share."""
    language = _PAGES.language()
    texts = {language: {**_SHARED.script_texts(language), **_PAGES.script_texts(language)}}
    hall: dict[str, str] = current_app.config.get("HALL_NAME", {})
    return _PAGES.page(template, texts=texts, hall=hall.get(language) or hall.get("zh", ""), **data)
