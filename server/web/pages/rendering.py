"""Rendering a page of any package of pages: its templates, its sentences, the language wished for. No data of the hall."""

from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Response, current_app, make_response, render_template, request

from config.pages import page_language, script_texts, sentences_of_scripts
from config.texts import Texts
from server.web.access import caller
from server.web.pages.navigation import bar, is_signed_in

LANGUAGE_COOKIE = "chaoxi_language"
YEAR_S = 365 * 86400
#: The frame and the scripts that all packages of pages share.
SHARED = Path(__file__).parent


class Pages:
    """The pages of one package: `folder` has its `static` scripts and its `locale`; the rest is `SHARED`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, Texts] = {}
        self._script_texts: dict[str, dict[str, str]] = {}

    @cached_property
    def _sentences(self) -> set[str]:
        return sentences_of_scripts(self._folder / "static") | sentences_of_scripts(SHARED / "static")

    def texts(self, language: str) -> Texts:
        """The package's sentences in a language."""
        if language not in self._texts:
            texts = Texts(self._folder / "locale", language)
            if self._folder != SHARED:
                texts.fall_back_on(Texts(SHARED / "locale", language))
            self._texts[language] = texts
        return self._texts[language]

    def script_texts(self, language: str) -> dict[str, str]:
        """Those that its scripts show."""
        if language not in self._script_texts:
            self._script_texts[language] = dict(script_texts(self._sentences, self.texts(language)))
        return self._script_texts[language]

    def language(self) -> str:
        """The language of this request: asked for, remembered, the browser's, the hall's first."""
        remembered = request.cookies.get(LANGUAGE_COOKIE)
        languages: list[str] = current_app.config["LANGUAGES"]
        return page_language(request.args.get("lang"), remembered, request.accept_languages, languages)

    def page(self, template: str, **data: Any) -> Response:
        """Render a page in the language wished for and remember a language that was asked for."""
        languages: list[str] = current_app.config["LANGUAGES"]
        language = self.language()
        page = {"language": language, "texts": {language: self.script_texts(language)}, **data}
        who = caller()
        frame = {"bar": bar(who, request.path, _SHARED_PAGES.texts(language)), "signed_in": is_signed_in(who)}
        texts = self.texts(language)
        response = make_response(
            render_template(template, t=texts, language=language, languages=languages, page=page, **frame, **data)
        )
        # What a page shows depends on who is signed in; nobody shall find the last one's page in a cache.
        response.headers["Cache-Control"] = "private, no-cache"
        if request.args.get("lang") in languages:
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_S, samesite="Strict", httponly=True)
        return response


#: Whatever package a page is of, the bar of pages has the same words.
_SHARED_PAGES = Pages(SHARED)
