"""The routes of the booking pages, and the check-in code as a picture for a kiosk's scanner."""

from pathlib import Path
from typing import Any

import qrcode
from flask import Blueprint, Response, abort, current_app
from qrcode.constants import ERROR_CORRECT_M

import server.web.pages
from server.web.pages.rendering import Pages

_PAGES = Pages(Path(__file__).parent)
_SHARED = Pages(Path(server.web.pages.__file__).parent)
CODE_FIGURES = 6
#: Light modules round a code that a scanner needs.
QUIET = 4


def blueprint() -> Blueprint:
    """All pages of this package."""
    pages = Blueprint(
        "booking", __name__, template_folder="templates", static_folder="static", static_url_path="/static/booking"
    )

    @pages.get("/book")
    def book() -> Response:
        return _page("booking/book.html")

    @pages.get("/a/<token>")
    def appointment(token: str) -> Response:
        response = _page("booking/appointment.html", token=token)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @pages.get("/appointments")
    def appointments() -> Response:
        return _page("booking/appointments.html")

    @pages.get("/book/code/<code>.svg")
    def code(code: str) -> Response:
        if len(code) != CODE_FIGURES or not (code.isascii() and code.isdigit()):
            abort(404)
        return Response(code_svg(code), mimetype="image/svg+xml")

    return pages


def _page(template: str, **data: Any) -> Response:
    """A page whose scripts also say the sentences of the scripts that all pages share."""
    language = _PAGES.language()
    texts = {language: {**_SHARED.script_texts(language), **_PAGES.script_texts(language)}}
    hall: dict[str, str] = current_app.config.get("HALL_NAME", {})
    return _PAGES.page(template, texts=texts, hall=hall.get(language) or hall.get("zh", ""), **data)


def code_svg(code: str) -> str:
    """The code as a QR picture: figures only, so that a scanner that types them meets no keyboard layout."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    made.add_data(code)
    made.make(fit=True)
    dark = [(x, y) for y, row in enumerate(made.get_matrix()) for x, is_dark in enumerate(row) if is_dark]
    side = len(made.get_matrix()) + 2 * QUIET
    path = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for x, y in dark)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )
