"""Pages of what follows a visit: runners, departments, the pickup desk, supervision. They know only the HTTP API."""

from pathlib import Path

from flask import Blueprint, Response

from server.web.pages.rendering import Pages

HERE = Path(__file__).parent

__all__ = ["blueprint"]


def blueprint() -> Blueprint:
    """All pages of this package."""
    pages = Blueprint(
        "cases_pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/cases",
    )
    rendered = Pages(HERE)

    @pages.get("/runner")
    def runner() -> Response:
        return rendered.page("cases/runner.html")

    @pages.get("/department")
    def department() -> Response:
        return rendered.page("cases/department.html")

    @pages.get("/pickup")
    def pickup() -> Response:
        return rendered.page("cases/pickup.html")

    @pages.get("/supervision")
    def supervision() -> Response:
        return rendered.page("cases/supervision.html")

    return pages
