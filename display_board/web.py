"""The board page: one URL per board, drawn by its own script from the HTTP API and the feed.

Knows the page's files and how large things must be; not the server's core, and not what a board shows.
"""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.pages import page_language, script_texts, sentences_of_scripts
from config.texts import Texts
from display_board.sizes import Layout, Wall, lay_out

HERE = Path(__file__).parent


class WallQuery(BaseModel):
    """What the page says about its screen, so that no size is worked out in a script."""

    model_config = ConfigDict(frozen=True)

    width: int = Field(ge=240, le=16384)
    height: int = Field(ge=240, le=16384)
    inches: float = Field(ge=5, le=400)
    distance: float = Field(gt=0, le=50)
    zones: int = Field(ge=0, le=60)
    notices: bool = True
    digits: int = Field(default=2, ge=1, le=4)


@cache
def _texts(language: str) -> Texts:
    return Texts(HERE / "locale", language)


@cache
def _script_texts(language: str) -> dict[str, str]:
    return dict(script_texts(sentences_of_scripts(HERE / "static"), _texts(language)))


def _voice_origin(address: str | None) -> str | None:
    """The origin of a voice's address if it is one a page may be allowed to speak to."""
    if not address:
        return None
    parts = urlsplit(address)
    is_plain = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    if not is_plain or not all(c.isalnum() or c in ".-:[]" for c in parts.netloc):
        return None
    return f"{parts.scheme}://{parts.netloc}"


def _warnings(layout: Layout, wall: Wall, texts: Texts) -> list[str]:
    """What the one who hangs the board up should know."""
    found = []
    if not layout.fits:
        found.append(
            texts(
                "This screen is too small for {distance} m: numbers are {mm} mm high, readable to {readable} m",
                distance=f"{wall.distance_m:g}",
                mm=round(layout.number_mm),
                readable=f"{layout.readable_m:.1f}",
            )
        )
    elif not layout.text_is_preferred:
        found.append(texts("Texts are at the smallest size allowed, {mm} mm", mm=round(layout.text_mm)))
    return found


def blueprint() -> Blueprint:
    """The page of every board, its static files and the sizes it asks for."""
    pages = Blueprint(
        "board", __name__, template_folder="templates", static_folder="static", static_url_path="/static/board"
    )

    @pages.get("/board/<board>")
    def board_page(board: str) -> Response:
        languages: list[str] = current_app.config["LANGUAGES"]
        language = page_language(request.args.get("lang"), None, request.accept_languages, languages[:1])
        set_up: dict[str, str] = current_app.config["BOARD_VOICES"]
        voice = _voice_origin(request.args.get("voice") or set_up.get(board))
        page = {
            "language": language,
            "languages": languages,
            "texts": {each: _script_texts(each) for each in languages},
            "board": board,
            "voice": voice,
        }
        response = Response(
            render_template(
                "board/board.html", page=page, language=language, texts=[(each, _texts(each)) for each in languages]
            )
        )
        if voice:
            response.content_security_policy.default_src = "'self'"
            response.content_security_policy.connect_src = f"'self' {voice}"
            response.content_security_policy.media_src = f"'self' blob: {voice}"
            response.content_security_policy.img_src = "'self' data:"
            response.content_security_policy.base_uri = "'none'"
            response.content_security_policy.frame_ancestors = "'none'"
        return response

    @pages.get("/board-sizes")
    def board_sizes() -> tuple[Response, int]:
        try:
            asked = WallQuery.model_validate(request.args.to_dict())
            wall = Wall(
                asked.width,
                asked.height,
                asked.inches,
                asked.distance,
                max(1, asked.zones),
                asked.notices,
                asked.digits,
            )
            layout = lay_out(wall)
        except ValidationError as error:
            return jsonify(errors=error.errors(include_url=False, include_context=False)), 422
        warnings = {each: _warnings(layout, wall, _texts(each)) for each in current_app.config["LANGUAGES"]}
        return jsonify(asdict(layout) | {"warnings": warnings}), 200

    return pages
