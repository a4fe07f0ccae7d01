"""The administrators' page `/hooks`: how it stands with those who are told of things, and with the platform."""

from pathlib import Path

from flask import Blueprint, Response

from server.web.pages.rendering import Pages

HERE = Path(__file__).parent


def blueprint() -> Blueprint:
    """The one page of this package."""
    pages = Blueprint(
        "hooks_pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/hooks",
    )
    rendered = Pages(HERE)

    @pages.get("/hooks")
    def hooks() -> Response:
        return rendered.page("hooks/hooks.html")

    return pages
