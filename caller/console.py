"""The clerk's console in the browser: its page and the small always-on-top one.

Knows the pages' files only; what happens at a window goes from the page to the HTTP API.
"""

from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request

from config.pages import page_language, script_texts, sentences_of_scripts
from config.texts import Texts

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "chaoxi_language"


@cache
def _texts(language: str) -> Texts:
    return Texts(HERE / "locale", language)


@cache
def _script_texts(language: str) -> dict[str, str]:
    return dict(script_texts(sentences_of_scripts(HERE / "static"), _texts(language)))


def _page(template: str, **extra: Any) -> Response:
    languages: list[str] = current_app.config["LANGUAGES"]
    asked = request.args.get("lang")
    language = page_language(asked, request.cookies.get(LANGUAGE_COOKIE), request.accept_languages, languages)
    page = {"language": language, "texts": {language: _script_texts(language)}, **extra}
    html = render_template(template, t=_texts(language), language=language, languages=languages, page=page)
    response = make_response(html)
    if asked in languages:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 86400, samesite="Strict", httponly=True)
    return response


def blueprint() -> Blueprint:
    """The console's pages. The app's config gives LANGUAGES, WINDOWS, PRINTERS, PAUSE_REASONS and EXPERTS (whether there
    are any) of the hall."""
    pages = Blueprint(
        "caller", __name__, template_folder="templates", static_folder="static", static_url_path="/static/caller"
    )

    @pages.get("/window")
    def console() -> Response:
        config = current_app.config
        return _page(
            "caller/console.html",
            windows=config.get("WINDOWS", []),
            printers=config.get("PRINTERS", []),
            pause_reasons=config.get("PAUSE_REASONS", []),
            has_experts=config.get("EXPERTS", False),
        )

    @pages.get("/window/mini")
    def mini() -> Response:
        return _page("caller/mini.html")

    return pages
