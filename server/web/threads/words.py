"""What sentences about events are made of: a hall's names in one language. `tell` says any event in one sentence."""

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from pathlib import Path

from config.sections import Choice
from config.texts import Texts
from server.core.calendar import local
from server.core.events import Event
from server.web.present.cases import agent_of
from server.web.problems import LOCALE as NAMES_LOCALE
from server.web.site import Site

LOCALE = Path(__file__).parent / "locale"
_TEXTS: dict[str, Texts] = {}
#: A sentence with as many things in a row as people read.
LISTED_MAX = 12


def texts(language: str) -> Texts:
    """The sentences of threads and ledgers in a language; names of states and kinds are the API's."""
    if language not in _TEXTS:
        found = Texts(LOCALE, language)
        found.fall_back_on(Texts(NAMES_LOCALE, language))
        _TEXTS[language] = found
    return _TEXTS[language]


class Words:
    """Sentences and names in one language: `words("{window} called", window=words.window("S01"))`."""

    def __init__(self, site: Site, language: str, settled: Mapping[str, str] | None = None) -> None:
        """`settled`: what each settlement of the story is called, also one that was taken back."""
        self.language = language
        self._settled = settled or {}
        self._site = site
        self._names = site.names
        self._hall = site.names.hall
        self._texts = texts(language)

    def __call__(self, message: str, /, **fields: object) -> str:
        """A sentence in this language."""
        return self._texts(message, **fields)

    def of(self, text: dict[str, str]) -> str:
        """One of {zh, en}."""
        return text.get(self.language) or text["zh"]

    def listed(self, parts: Iterable[str]) -> str:
        """Several things in a row."""
        found = list(parts)
        return ("、" if self.language == "zh" else ", ").join(found[:LISTED_MAX])

    def joined(self, *parts: str | None) -> str:
        """A sentence of several halves; those that are missing are left out."""
        return ("；" if self.language == "zh" else "; ").join(part for part in parts if part)

    def window(self, name: str | None) -> str:
        """A window's name."""
        return "–" if name is None else self.of(dict(self._names.windows[name].name))

    def service(self, name: str) -> str:
        """A service's name."""
        return self.of(dict(self._names.services[name].name))

    def zone(self, name: str) -> str:
        """A zone's name."""
        return self.of(dict(self._names.zones[name].name))

    def group(self, name: str) -> str:
        """A priority group's name."""
        return next((self.of(dict(each.name)) for each in self._hall.priority_groups if each.id == name), name)

    def place(self, name: str) -> str:
        """A kiosk, a printer or a window."""
        devices = {kiosk.id: kiosk.name for kiosk in self._hall.kiosks}
        devices |= {printer.id: printer.name for printer in self._hall.printers}
        if name in devices:
            return self.of(dict(devices[name]))
        return self.window(name) if name in self._names.windows else name

    def settled(self, name: str) -> str | None:
        """The item that was settled and the number of its case; None where the story has neither."""
        return self._settled.get(name)

    def department(self, name: str) -> str:
        """A department by the name that the item lists write; in English as far as the hall file knows it."""
        known = (service.department for service in self._hall.services if service.department["zh"] == name)
        return next((self.of(dict(each)) for each in known), name)

    def expert(self, name: str) -> str:
        """An expert or chief representative."""
        return next((self.of(dict(each.name)) for each in self._hall.experts if each.id == name), name)

    def choice(self, choices: Sequence[Choice], wanted: str | None) -> str:
        """A choice's name; free text, or an entry that left the hall file, is its own name."""
        return next((self.of(dict(each.name)) for each in choices if each.id == wanted), wanted or "–")

    def refusal(self, reason: str | None) -> str:
        """Why something was not accepted."""
        return self.choice(self._hall.cases.refusals, reason)

    def mismatch(self, reason: str) -> str:
        """Why a result went back."""
        return self.choice(self._hall.cases.mismatches, reason)

    def authority(self, authority: str) -> str:
        """By what somebody who was sent for a result proved it."""
        return self.choice(self._hall.cases.authorities, authority)

    def agent(self, case: str) -> str | None:
        """Who was sent for a case's result, with the name masked and as long as it is kept."""
        found = agent_of(self._site, case)
        return " ".join(filter(None, (found["agent"], found["relation"]))) or None

    def help_kind(self, kind: str) -> str:
        """What help was asked for."""
        return self.choice(self._hall.assistance.kinds, kind)

    def matter_reason(self, reason: str | None) -> str:
        """Why a matter was brought."""
        return self.choice(self._hall.matters.reasons, reason)

    def matter_result(self, result: str) -> str:
        """What came of a matter."""
        return self.choice(self._hall.matters.results, result)

    def points(self, level: int, points: Iterable[str]) -> str:
        """What was ticked of the rating form; of an older form only the ids are left."""
        known = {point.id: self.of(dict(point.name)) for point in self._hall.ratings.form.points.get(level, [])}
        return self.listed(known.get(point, point) for point in points)

    def who(self, name: str | None) -> str:
        """Somebody, as people call him: `user:wang` is 王芳, or wang while nobody wrote her name."""
        if name is None:
            return "–"
        kind, found, key = name.partition(":")
        if not found:
            return {"system": self("the system"), "anyone": self("the citizen")}.get(name, name)
        named = {
            "kiosk": self("kiosk {name}", name=self.place(key)),
            "printer": self("printer {name}", name=self.place(key)),
            "keypad": self("keypad {name}", name=key),
            "evaluator": self("evaluator of {name}", name=self.window(key)),
            "platform": self("the provincial platform"),
        }
        return named.get(kind) or (self._site.accounts.called(key) if kind == "user" else key)

    def time(self, at: float) -> str:
        """A day and time of the hall's clock."""
        return f"{local(at, self._site.hall.plan.tz):%Y-%m-%d %H:%M}"

    def day(self, at: float) -> str:
        """A day."""
        return f"{local(at, self._site.hall.plan.tz):%Y-%m-%d}"

    def money(self, cents: int) -> str:
        """An amount in yuan."""
        return f"{cents // 100}.{cents % 100:02d}"


@singledispatch
def tell(event: Event, words: Words) -> str:
    """One plain sentence about an event. Each kind has its own below; a test sees to it."""
    raise NotImplementedError(type(event).__name__)
