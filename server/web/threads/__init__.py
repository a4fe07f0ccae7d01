"""Threads of tickets, the ledger of acceptances and the bulletin: what is told of past days, and its pages for leaders."""

from pathlib import Path

from flask import Blueprint, Response

from server.web.pages.rendering import Pages

HERE = Path(__file__).parent

__all__ = ["blueprint"]


def blueprint() -> Blueprint:
    """All pages of this package."""
    pages = Blueprint(
        "threads_pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/threads",
    )
    rendered = Pages(HERE)

    @pages.get("/thread")
    def search() -> Response:
        return rendered.page("threads/thread.html", ticket=None)

    @pages.get("/thread/<ticket>")
    def thread(ticket: str) -> Response:
        return rendered.page("threads/thread.html", ticket=ticket)

    @pages.get("/ledger")
    def ledger() -> Response:
        return rendered.page("threads/ledger.html")

    return pages
