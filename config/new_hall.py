"""`python -m config new`: begins a hall file by asking a few questions, each with an answer that Enter takes.

Every answer is looked at when it is given. Whether the file can be written is tried before the first question, and no
file is ever overwritten; when it cannot be written after the last one, it is kept elsewhere, so that no answer is lost.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Protocol, TypeVar

from config.checks.devices import PRINTERS, READERS
from config.findings import Sentence, sentence, texts
from config.kinds import NUMBER_MAX
from config.new_hall_file import cannot_write, keep
from config.new_hall_names import english, new_id, new_mark
from config.new_hall_text import Draft, DraftService, DraftZone, Named, written

#: I and O are read as 1 and 0.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

NAME_MAX = 60
FLOORS = (-3, 99)
KIOSKS_MAX = 20
#: So many windows to a zone that letters and boards still make sense.
WINDOWS_MAX = 99

_SPAN = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])\s*[-–—~至到]\s*([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")
_SEPARATORS = re.compile(r"[,，、;；]+")


Answer = TypeVar("Answer")


class Stopped(Exception):
    """The answers ended before the questions."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why an answer cannot be taken."""

    why: Sentence


class Console(Protocol):
    """Where questions are asked."""

    def ask(self, question: str) -> str:
        """Show a question and give the line that is answered; raise `Stopped` at the end of the input."""

    def say(self, line: str) -> None:
        """Show a line."""


@dataclass
class Interview:
    """Asks for one hall."""

    console: Console
    language: str
    _ids: set[str] = field(default_factory=set)

    def hall(self) -> Draft:
        """Ask everything."""
        t = texts(self.language)
        self.console.say(t("A new hall. Enter takes what stands in brackets; everything can be changed in the file."))
        name = self._named(t("Name of the hall in Chinese"), t("Its name in English"), "")
        workday = self._ask(t("Opening hours from Monday to Friday"), "08:30-12:00, 14:30-17:30", spans)
        saturday = self._ask(t("Opening hours on Saturday (- means closed)"), "-", spans_or_none)
        zones = self._zones()
        kiosks = self._ask(t("How many kiosks"), "1", whole(0, KIOSKS_MAX))
        printer, paper_mm, reader = "preview://", 80, ""
        if kiosks:
            printer = self._ask(t("Their printer (preview:// makes pictures)"), "preview://", address(PRINTERS))
            paper_mm = self._ask(t("Width of the paper in mm, 80 or 58"), "80", paper)
            question = t("Their ID-card reader, such as sam:///dev/ttyUSB0 (- means none)")
            reader = self._ask(question, "-", address_or_none(READERS))
        return Draft(
            new_id(name.en, "hall", ()),
            name,
            workday,
            saturday,
            tuple(zones),
            kiosks,
            printer,
            paper_mm,
            reader,
            tuple(sorted({zone.floor for zone in zones})),
        )

    def _zones(self) -> list[DraftZone]:
        t = texts(self.language)
        zones: list[DraftZone] = []
        while len(zones) < len(LETTERS):
            letter = LETTERS[len(zones)]
            self.console.say("")
            if zones:
                question = t("Zone {letter}: name in Chinese (Enter alone: no more zones)", letter=letter)
                zh = self._ask(question, "", name_or_none)
                if not zh:
                    break
            else:
                zh = self._ask(t("Zone {letter}: name in Chinese", letter=letter), "综合服务", one_name)
            zones.append(self._zone(letter, zh, zones))
        return zones

    def _zone(self, letter: str, zh: str, before: Sequence[DraftZone]) -> DraftZone:
        t = texts(self.language)
        name = Named(zh, self._ask(t("Its name in English"), english(zh), one_name))
        floor = self._ask(t("On which floor"), str(before[-1].floor if before else 1), whole(*FLOORS))
        known = before[-1].department.zh if before else "政务服务中心"
        department = self._ask(t("Department in charge, in Chinese"), known, one_name)
        services = self._ask(t("What people come for, in Chinese, with commas between"), "综合业务", names)
        left = NUMBER_MAX - sum(zone.windows for zone in before)
        windows = self._ask(t("How many windows"), "2", whole(1, min(WINDOWS_MAX, left)))
        identity = new_id(name.en, f"zone-{letter.lower()}", self._ids)
        self._ids.add(identity)
        return DraftZone(
            identity,
            name,
            floor,
            letter,
            new_mark(zh, {zone.mark for zone in before}),
            Named(department, english(department)),
            tuple(self._service(identity, service) for service in services),
            windows,
        )

    def _service(self, zone: str, zh: str) -> DraftService:
        name = Named(zh, english(zh))
        identity = new_id(name.en, f"{zone}-service"[:30], self._ids)
        self._ids.add(identity)
        return DraftService(identity, name)

    def _named(self, question_zh: str, question_en: str, default: str) -> Named:
        zh = self._ask(question_zh, default, one_name)
        return Named(zh, self._ask(question_en, english(zh), one_name))

    def _ask(self, question: str, default: str, read: Callable[[str], Answer | Unfit]) -> Answer:
        """Ask until there is an answer that fits."""
        shown = f"{question} [{default}]: " if default else f"{question}: "
        while True:
            answer = read(plain(self.console.ask(shown)) or default)
            if not isinstance(answer, Unfit):
                return answer
            self.console.say(f"  {answer.why.say(self.language)}")


# What an answer may be


def plain(text: str) -> str:
    """An answer without blanks around it and without characters that no name has."""
    visible = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join(visible.split())


def one_name(text: str) -> str | Unfit:
    """A name."""
    if not any(letter.isalnum() for letter in text):
        return Unfit(sentence("A name is needed here."))
    if len(text) > NAME_MAX:
        return Unfit(sentence("That is too long: at most {most} characters.", most=NAME_MAX))
    return text


def name_or_none(text: str) -> str | Unfit:
    """A name, or nothing."""
    return one_name(text) if text else ""


def names(text: str) -> tuple[str, ...] | Unfit:
    """Names with commas between them, each once."""
    found = dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip())
    if not found:
        return Unfit(sentence("A name is needed here."))
    for name in found:
        if isinstance(unfit := one_name(name), Unfit):
            return unfit
    return tuple(found)


def spans(text: str) -> tuple[str, ...] | Unfit:
    """Shifts of a day, such as `08:30-12:00, 14:30-17:30`."""
    found = []
    for part in _SEPARATORS.split(text):
        if not part.strip():
            continue
        ends = _SPAN.fullmatch(part.strip())
        if ends is None:
            return Unfit(sentence("Write it like 08:30-12:00, 14:30-17:30."))
        found.append((f"{int(ends[1]):02}:{ends[2]}", f"{int(ends[3]):02}:{ends[4]}"))
    in_order = all(start < end for start, end in found) and all(a[1] <= b[0] for a, b in pairwise(found))
    if not found or not in_order:
        return Unfit(sentence("Each shift begins before it ends, and after the one before it."))
    return tuple(f"{start}-{end}" for start, end in found)


def spans_or_none(text: str) -> tuple[str, ...] | Unfit:
    """Shifts, or none."""
    return () if text in ("", "-") else spans(text)


def whole(least: int, most: int) -> Callable[[str], int | Unfit]:
    """A whole number between two."""

    def read(text: str) -> int | Unfit:
        if re.fullmatch(r"-?[0-9]{1,3}", text) and least <= int(text) <= most:
            return int(text)
        return Unfit(sentence("Write a whole number from {least} to {most}.", least=least, most=most))

    return read


def paper(text: str) -> int | Unfit:
    """A width of paper."""
    return int(text) if text in ("58", "80") else Unfit(sentence("Write 80 or 58."))


def address(schemes: Sequence[str]) -> Callable[[str], str | Unfit]:
    """A device's address."""

    def read(text: str) -> str | Unfit:
        scheme, mark, rest = text.partition("://")
        if mark and scheme in schemes and (rest.strip("/") or scheme in ("preview", "wedge")) and " " not in text:
            return text
        known = ", ".join(f"{scheme}://" for scheme in schemes)
        return Unfit(sentence("An address begins with one of {known}", known=known))

    return read


def address_or_none(schemes: Sequence[str]) -> Callable[[str], str | Unfit]:
    """A device's address, or none."""
    return lambda text: "" if text in ("", "-") else address(schemes)(text)


def begin(console: Console, file: Path | None, language: str) -> Path | None:
    """Ask, and write the file; nothing when the answers ended too soon or the file cannot be written there."""
    t = texts(language)
    if (unfit := cannot_write(file)) is not None:
        console.say(unfit.say(language))
        return None
    try:
        draft = Interview(console, language).hall()
    except Stopped:
        console.say("")
        console.say(t("The answers ended; nothing was written."))
        return None
    wanted = file or Path(f"{draft.id}.yaml")
    console.say("")
    target, trouble = keep(written(draft, language), wanted)
    if trouble is not None:
        console.say(trouble.say(language))
    if target is None:
        console.say(t("The answers could not be written anywhere; what follows is the file, to copy."))
        console.say(written(draft, language))
    else:
        console.say(t("Written: {file}", file=target))
    return target
