"""The routes of the server's own pages: templates with their sentences; figures come by the API and the feed."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request

from config.pages import page_language
from server.web.access import caller
from server.web.pages.navigation import doors, home_of, sees_zones
from server.web.pages.rendering import Pages

HERE = Path(__file__).parent


_PAGES = Pages(HERE)
_texts, _script_texts, _language, _page = _PAGES.texts, _PAGES.script_texts, _PAGES.language, _PAGES.page


def blueprint() -> Blueprint:
    """All pages of this package."""
    pages = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static/pages"
    )
    _add_staff_pages(pages)
    _add_phone_page(pages)
    return pages


def _add_staff_pages(pages: Blueprint) -> None:
    @pages.get("/")
    def start() -> Response:
        config = current_app.config
        who = caller()
        return _page("pages/start.html", boards=config.get("BOARDS", []), doors=doors(who), zones=sees_zones(who))

    @pages.get("/home")
    def home() -> Response:
        """Where whoever has just signed in works."""
        return cast(Response, redirect(home_of(caller())))

    @pages.get("/sign-in")
    def sign_in() -> Response:
        return _page("pages/sign_in.html")

    @pages.get("/manage")
    def manage() -> Response:
        rules: dict[str, dict[str, list[str]]] = current_app.config.get("RULES_IN_WORDS", {})
        return _page("pages/manage.html", rules=rules.get(_language(), {"calling": [], "tides": []}))

    @pages.get("/manage/chart.svg")
    def chart() -> Response:
        figures = cast(Callable[[], Mapping[str, Any]], current_app.config["STATS_TODAY"])()
        # Here and not above: the library that draws costs a start more than any other, and few starts see a chart.
        from server.web.pages.chart import draw_day

        response = Response(draw_day(figures["quarters"], _texts(_language())), mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.get("/zone/<zone>")
    def zone_page(zone: str) -> Response:
        return _page("pages/zone.html", zone=zone)


def _add_phone_page(pages: Blueprint) -> None:
    @pages.get("/t/<token>")
    def phone(token: str) -> Response:
        return citizens_page("pages/phone.html", token)

    @pages.get("/c/<token>")
    def case(token: str) -> Response:
        return citizens_page("pages/case.html", token)

    def citizens_page(template: str, token: str) -> Response:
        """Every language comes along: which one is shown depends on the ticket or case, which only the API knows."""
        languages: list[str] = current_app.config["LANGUAGES"]
        asked = request.args.get("lang")
        language = page_language(asked, None, request.accept_languages, languages)
        page = {
            "language": language,
            "asked": asked if asked in languages else None,
            "languages": languages,
            "texts": {each: _script_texts(each) for each in languages},
            "token": token,
        }
        response = make_response(render_template(template, t=_texts(language), page=page))
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
