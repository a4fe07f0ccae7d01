"""Puts pydantic's complaints about the shape of a hall file into words that say what to write instead."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from config.findings import Sentence, sentence
from config.kinds import COLOUR_PATTERN, ID_PATTERN, LETTER_PATTERN, NUMBER_MAX, RUN_PATTERN
from config.schema import HallFile

KEY_MARK = "[key]"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing wrong with the shape: where, and whether the key or its value is meant."""

    path: tuple[object, ...]
    of_key: bool
    problem: Sentence
    mend: Sentence


def explain(error: ErrorDetails, *, in_braces: Callable[[tuple[object, ...]], bool]) -> Complaint:
    """Explain one error of pydantic. `in_braces` tells whether the mapping at a path is written as {a: b, c: d}."""
    loc = tuple(error["loc"])
    of_key = bool(loc) and loc[-1] == KEY_MARK
    path = loc[:-1] if of_key else loc
    parent = path[:-1]
    key = _shown(path)
    wants_text = is_text(annotation_at(parent))
    if error["type"] == "string_type" and error.get("input") is None and wants_text and in_braces(parent):
        return Complaint(
            path,
            True,
            sentence("a comma cuts this text in two: '{key}' was read as a key of its own", key=key),
            sentence("Put the whole text between double quotes."),
        )
    if error["type"] in ("extra_forbidden", "invalid_key"):
        return Complaint(path, True, sentence("unknown key '{key}'", key=key), _nearest_key(path))
    if error["type"] == "missing":
        return Complaint(
            parent,
            False,
            sentence("'{key}' is missing", key=key),
            sentence("Add '{key}: …' to this entry.", key=key),
        )
    problem, mend = _value(error, path, key)
    return Complaint(path, of_key or error["type"] == "missing_translation", problem, mend)


def _value(error: ErrorDetails, path: tuple[object, ...], key: str) -> tuple[Sentence, Sentence]:
    """Say what is wrong with a value, and what it should be."""
    limits = error.get("ctx", {})
    given = _given(error.get("input"))
    for explain_one in (_own_refusal, _wrong_kind, _out_of_bounds, _wrong_form):
        if answer := explain_one(error, path, key, given, limits):
            return answer
    return (
        sentence("'{key}' is not accepted: {detail}", key=key, detail=error["msg"]),
        sentence("Compare with the same entry in config/halls/yangxin.yaml."),
    )


Words = tuple[Sentence, Sentence] | None
Limits = Mapping[str, object]


def _own_refusal(error: ErrorDetails, path: tuple[object, ...], key: str, given: str, limits: Limits) -> Words:
    """The refusals that the schema itself words."""
    match error["type"]:
        case "missing_translation":
            return (
                sentence("'{key}' lacks a translation: {languages}", key=key, languages=limits["languages"]),
                sentence("Write every language of the hall: {{ zh: …, en: … }}."),
            )
        case "shift_backwards":
            return (
                sentence("this shift ends ({end}) before it starts ({start})", **limits),
                sentence("Write the earlier time first, in 24-hour time: 08:30-12:00."),
            )
        case "not_a_span":
            return (
                sentence("{given} is not a stretch of time", given=given),
                sentence("Write start and end with a hyphen, in 24-hour time: 08:30-12:00."),
            )
        case "not_a_run":
            return (
                sentence("'{ids}' is not a run of windows", **limits),
                sentence("Use the same letters and a number on both sides: S01..S24."),
            )
        case "run_backwards":
            return sentence("'{ids}' runs backwards", **limits), sentence("Write the smaller number first: S01..S24.")
        case "run_too_long":
            return (
                sentence("'{ids}' goes beyond window number {limit}", limit=NUMBER_MAX, **limits),
                sentence("Shorten the run or give it a smaller first number."),
            )
    return None


def _wrong_kind(error: ErrorDetails, path: tuple[object, ...], key: str, given: str, limits: Limits) -> Words:
    """A text where a number belongs, a list where a group belongs …"""
    match error["type"]:
        case "string_type" if error.get("input") is None:
            colour = key == "colour"
            return (
                sentence("'{key}' has no value", key=key),
                sentence('Put colours in quotes ("#0B6E4F"): a bare # begins a comment.')
                if colour
                else sentence("Write a text after the colon."),
            )
        case "string_type":
            return (
                sentence("'{key}' must be a text, not {given}", key=key, given=given),
                sentence('Put it in double quotes: "12".'),
            )
        case "dict_type" | "model_type" if is_text(annotation_at(path)):
            return (
                sentence("'{key}' needs its text in every language of the hall", key=key),
                sentence("Write every language of the hall: {{ zh: …, en: … }}."),
            )
        case "dict_type" | "model_type":
            return (
                sentence("'{key}' must be a group of keys, not {given}", key=key, given=given),
                sentence("Write its keys below it, indented by two spaces: 'key: value'."),
            )
    for kinds, problem, mend in _KINDS:
        if error["type"] in kinds:
            return sentence(problem, key=key, given=given), sentence(mend)
    if error["type"].startswith("time"):
        return (
            sentence("{given} is not a time of day", given=given),
            sentence("Times go from 00:00 to 23:59: 08:30-12:00."),
        )
    if error["type"].startswith("date"):
        return sentence("{given} is not a day", given=given), sentence("Write year, month and day: 2027-01-01.")
    return None


_KINDS = (
    (
        ("list_type",),
        "'{key}' must be a list, not {given}",
        "Write every item on a line of its own after '- ', or all in brackets: [a, b].",
    ),
    (
        ("int_type", "int_parsing", "int_from_float", "int_parsing_size"),
        "'{key}' must be a whole number, not {given}",
        "Write digits only.",
    ),
    (
        ("float_type", "float_parsing", "finite_number"),
        "'{key}' must be a number, not {given}",
        "Write a number like 10 or 2.5.",
    ),
    (("bool_type", "bool_parsing"), "'{key}' must be true or false, not {given}", "Write true or false."),
)


def _out_of_bounds(error: ErrorDetails, path: tuple[object, ...], key: str, given: str, limits: Limits) -> Words:
    """A number or a text that is too small or too big."""
    for kind, name, problem, mend in _BOUNDS:
        if error["type"] == kind:
            limit = limits[name]
            fields = {"key": key, "given": given, "limit": f"{limit:g}" if isinstance(limit, float) else limit}
            return sentence(problem, **fields), sentence(mend, **fields)
    if error["type"] == "too_short":
        return sentence("'{key}' is empty", key=key), sentence("Write at least one entry.")
    return None


_BOUNDS = (
    ("greater_than_equal", "ge", "'{key}' is too small: {given}", "Write {limit} or more."),
    ("greater_than", "gt", "'{key}' is too small: {given}", "Write more than {limit}."),
    ("less_than_equal", "le", "'{key}' is too big: {given}", "Write {limit} or less."),
    ("string_too_long", "max_length", "'{key}' is too long: {given}", "At most {limit} characters."),
    ("string_too_short", "min_length", "'{key}' is too short: {given}", "At least {limit} characters."),
)


def _wrong_form(error: ErrorDetails, path: tuple[object, ...], key: str, given: str, limits: Limits) -> Words:
    """A word that is not one of those allowed, or is not spelt as asked."""
    if error["type"] in ("enum", "literal_error"):
        allowed = re.findall(r"[^\s',]+", re.sub(r"\bor\b", " ", str(limits["expected"])))
        wording = (
            sentence("unknown key '{key}'", key=key)
            if error["loc"][-1] == KEY_MARK
            else sentence("'{key}' cannot be {given}", key=key, given=given)
        )
        return wording, nearest(str(error.get("input")), allowed)
    if error["type"] != "string_pattern_mismatch":
        return None
    for pattern, problem, mend in _PATTERNS:
        if limits["pattern"] == pattern:
            return sentence(problem, key=key, given=given), sentence(mend)
    return None


_PATTERNS = (
    (ID_PATTERN, "{given} is not an id", "Ids use A–Z, a–z, 0–9, - and _ only, no spaces."),
    (RUN_PATTERN, "{given} is neither a window id nor a run", "Write one id (S01) or a run (S01..S24)."),
    (LETTER_PATTERN, "'{key}' must be one capital letter, not {given}", "Write one letter, A to Z."),
    (COLOUR_PATTERN, "{given} is not a colour", 'Write # and six hexadecimal digits in quotes: "#0B6E4F".'),
)


def nearest(name: str, known: Iterable[str]) -> Sentence:
    """Suggest the name that was meant, or list those there are."""
    names = list(dict.fromkeys(known))
    by_lower = {one.lower(): one for one in reversed(names)}
    if close := difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6):
        return sentence("Did you mean '{name}'?", name=by_lower[close[0]])
    if not names:
        return sentence("There are none in this file yet: write it first, or leave this out.")
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return sentence("Write one of: {names}.", names=shown)


def _nearest_key(path: tuple[object, ...]) -> Sentence:
    around = annotation_at(path[:-1])
    if isinstance(around, type) and issubclass(around, BaseModel):
        return nearest(str(path[-1]), around.model_fields)
    return sentence("Delete this key.")


def annotation_at(path: tuple[object, ...]) -> object:
    """What the schema expects at a path; `None` where it expects nothing."""
    here: object = HallFile
    for step in path:
        here = _bare(here)
        arguments = get_args(here)
        if isinstance(here, type) and issubclass(here, BaseModel):
            declared = here.model_fields.get(str(step))
            here = None if declared is None else Annotated[declared.annotation, *declared.metadata, None]
        elif get_origin(here) is list:
            here = arguments[0]
        elif get_origin(here) is dict:
            here = arguments[1]
        else:
            return None
    return _bare(here)


def is_text(annotation: object) -> bool:
    """Whether a text in several languages belongs there."""
    bare = _bare(annotation)
    return get_origin(bare) is dict and get_args(bare) == (str, str)


def _bare(annotation: object) -> object:
    """An annotation without its constraints and without `None`."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            annotation = next(one for one in get_args(annotation) if one is not NoneType)
        else:
            return annotation


def _shown(path: tuple[object, ...]) -> str:
    """The name of a place for people: its last key, or the list it is an item of."""
    words = [str(step) for step in path if not isinstance(step, int)]
    return str(path[-1]) if path and not isinstance(path[-1], int) else (words[-1] if words else "…")


def _given(value: object) -> str:
    """What was written, shortened."""
    match value:
        case None:
            return "…"
        case dict():
            return "{ … }"
        case list():
            return "[ … ]"
    text = " ".join(str(value).split())
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
