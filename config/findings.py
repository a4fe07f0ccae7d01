"""What is wrong with a hall file, where, and how to mend it, in the language of whoever reads it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from config.texts import Texts

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("zh", "en")


@cache
def texts(language: str) -> Texts:
    """The sentences of this package in one language."""
    return Texts(LOCALE, language)


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English message with its fields, not yet put into a language; a field may itself be a sentence."""

    message: str
    fields: dict[str, object] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """Put it into a language."""
        said = {
            name: value.say(language) if isinstance(value, Sentence) else value for name, value in self.fields.items()
        }
        return texts(language)(self.message, **said)


def sentence(message: str, /, **fields: object) -> Sentence:
    """Note down a message: `sentence("unknown {kind} '{name}'", kind=..., name=...)`."""
    return Sentence(message, fields)


class Severity(StrEnum):
    """An error keeps the hall from starting; a warning is told and no more."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a hall file. `line` and `column` count from 1; line 0 is the file as a whole."""

    file: str
    line: int
    column: int
    problem: Sentence
    mend: Sentence
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """`file:line:column`, which editors jump to."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def say(self, language: str) -> str:
        """Tell place, fault and mend in two lines."""
        t = texts(language)
        heading = t("error") if self.severity is Severity.ERROR else t("warning")
        problem, mend = self.problem.say(language), self.mend.say(language)
        return f"{self.place}  {heading}  {problem}\n    {t('Mend')}  {mend}"


def report(findings: Sequence[Finding], language: str) -> str:
    """Tell all findings, in the order of the file."""
    return "\n".join(finding.say(language) for finding in findings)


class HallFileError(ValueError):
    """A hall file that cannot be used. `str()` tells everything in Chinese, then in English."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n\n".join(report(self.findings, language) for language in LANGUAGES))
