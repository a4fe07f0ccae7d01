"""The page's route; requests, services and tickets come by the API and the feed."""

from pathlib import Path

from flask import Blueprint, Response, current_app

from server.web.pages.rendering import Pages

HERE = Path(__file__).parent
_PAGES = Pages(HERE)


def blueprint() -> Blueprint:
    """The page of this package."""
    pages = Blueprint(
        "guides", __name__, template_folder="templates", static_folder="static", static_url_path="/static/guides"
    )

    @pages.get("/guide")
    def guide() -> Response:
        return _PAGES.page("guides/guide.html", printers=current_app.config.get("PRINTERS", []))

    return pages
