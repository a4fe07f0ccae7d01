"""Pages of ratings and what follows: the evaluator's tablet, work orders for leaders, matters for staff."""

from pathlib import Path

from flask import Blueprint, Response

from server.web.pages.rendering import Pages

HERE = Path(__file__).parent

__all__ = ["blueprint"]


def blueprint() -> Blueprint:
    """All pages of this package."""
    pages = Blueprint(
        "ratings_pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/ratings",
    )
    rendered = Pages(HERE)

    @pages.get("/evaluator/<window>")
    def evaluator(window: str) -> Response:
        """The tablet brings both languages along: which one is shown depends on the citizen."""
        texts = {language: rendered.script_texts(language) for language in ("zh", "en")}
        return rendered.page("ratings/evaluator.html", window=window, texts=texts)

    @pages.get("/orders")
    def orders() -> Response:
        return rendered.page("ratings/orders.html")

    @pages.get("/matters")
    def matters() -> Response:
        return rendered.page("ratings/matters.html")

    return pages
