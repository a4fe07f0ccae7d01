"""Texts: every language of the hall, and the fields in braces that are filled in."""

from collections.abc import Iterator, Mapping
from string import Formatter

from pydantic import BaseModel

from config.checks.issue import Issue, Path, error
from config.findings import sentence
from config.schema import HallFile
from config.shape import is_text, nearest

#: For each phrase the fields it must have and those it may have besides.
FIELDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "call": (("number", "window"), ()),
    "led_idle": ((), ()),
    "led_call": (("number",), ()),
    "led_paused": ((), ()),
    "led_closed": ((), ()),
    "led_helping": (("zone",), ()),
    "ticket_hint": ((), ()),
}


def check_texts(hall: HallFile) -> Iterator[Issue]:
    """Check languages and fields."""
    yield from _languages(hall)
    for path, text in texts_of(hall, ()):
        yield from _translated(path, text, hall.languages)
    for name, (needed, allowed) in FIELDS.items():
        yield from _fields(("phrases", name), getattr(hall.phrases, name), needed, allowed)
    yield from _fields(("window_name",), hall.window_name, ("n",), ())
    for at, run in enumerate(hall.windows):
        if run.name is not None:
            alone = len(run.expand()) == 1
            yield from _fields(("windows", at, "name"), run.name, () if alone else ("n",), ("n",))


def texts_of(entry: BaseModel, path: Path) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Every text of an entry and of what it contains, with its path."""
    for name, declared in type(entry).model_fields.items():
        value = getattr(entry, name)
        here = (*path, name)
        if isinstance(value, BaseModel):
            yield from texts_of(value, here)
        elif isinstance(value, list):
            for at, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from texts_of(item, (*here, at))
                elif isinstance(item, dict):
                    yield (*here, at), item
        elif isinstance(value, dict) and is_text(declared.annotation):
            yield here, value


def _languages(hall: HallFile) -> Iterator[Issue]:
    for language in ("zh", "en"):
        if language not in hall.languages:
            yield error(
                ("languages",),
                sentence("the hall's languages lack '{language}'", language=language),
                sentence("Chinese and English always belong: [zh, en]."),
            )
    for at, language in enumerate(hall.languages):
        if language in hall.languages[:at]:
            yield error(
                ("languages", at),
                sentence("'{name}' stands twice in this list", name=language),
                sentence("Delete one of them."),
            )
    for at, voice in enumerate(hall.voices):
        for place, language in enumerate(voice.languages):
            if language not in hall.languages:
                yield error(
                    ("voices", at, "languages", place),
                    sentence("'{language}' is not a language of this hall", language=language),
                    nearest(language, hall.languages),
                )
        if not voice.languages:
            yield error(
                ("voices", at, "languages"),
                sentence("this voice speaks no language"),
                sentence("Write at least one: [zh]."),
            )


def _translated(path: Path, text: Mapping[str, str], languages: list[str]) -> Iterator[Issue]:
    missing = [language for language in languages if not text.get(language, "").strip()]
    if missing:
        yield error(
            path,
            sentence("'{key}' lacks a translation: {languages}", key=_key(path), languages=", ".join(missing)),
            sentence("Write every language of the hall: {{ zh: …, en: … }}."),
            of_key=True,
        )
    for language in text:
        if language not in languages:
            yield error(
                (*path, language),
                sentence("'{language}' is not a language of this hall", language=language),
                nearest(language, languages),
                of_key=True,
            )


def _fields(path: Path, text: Mapping[str, str], needed: tuple[str, ...], allowed: tuple[str, ...]) -> Iterator[Issue]:
    for language, wording in text.items():
        here = (*path, language)
        try:
            found = {_written(name, form, conversion) for _text, name, form, conversion in Formatter().parse(wording)}
        except ValueError:
            yield error(
                here,
                sentence("a brace that does not close in '{wording}'", wording=wording),
                sentence("Fields are written with both braces: {{number}}."),
            )
            continue
        for wanted in needed:
            if wanted not in found:
                yield error(
                    here,
                    sentence("{{{name}}} is missing in '{wording}'", name=wanted, wording=wording),
                    sentence("Write {{{name}}} where it belongs in the sentence.", name=wanted),
                )
        for name in sorted(found - {None, *needed, *allowed}, key=str):
            yield error(
                here,
                sentence("nothing is known to fill in for {{{name}}}", name=name),
                sentence("Fields allowed here: {names}.", names=_braced((*needed, *allowed)))
                if needed or allowed
                else sentence("Delete the braces: this sentence has no fields."),
            )


def _written(name: str | None, form: str | None, conversion: str | None) -> str | None:
    """A field as it was written; with a format or conversion it is none of ours, they are filled in plainly."""
    if name is None:
        return None
    return name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")


def _braced(names: tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _key(path: Path) -> str:
    return next(str(step) for step in reversed(path) if isinstance(step, str))
