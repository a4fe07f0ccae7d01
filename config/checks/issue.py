"""What a check answers, and what the checks may know of entries that could not be read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from config.findings import Sentence, Severity, sentence
from config.shape import nearest

Path = tuple[object, ...]

#: Under this name `Unread` keeps the letters of unread entries: they are taken, whoever has them.
LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Issue:
    """A rule that is broken at a path of the hall file."""

    path: Path
    problem: Sentence
    mend: Sentence
    severity: Severity = Severity.ERROR
    of_key: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """Entries whose shape is wrong: by section the names they bear. They exist, but nothing else is known of them."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __contains__(self, section: str) -> bool:
        return section in self.names

    def of(self, section: str) -> frozenset[str]:
        """The names of a section's unread entries."""
        return self.names.get(section, frozenset())


def error(path: Path, problem: Sentence, mend: Sentence, *, of_key: bool = False) -> Issue:
    """An issue that keeps the hall from starting."""
    return Issue(path, problem, mend, of_key=of_key)


def warning(path: Path, problem: Sentence, mend: Sentence) -> Issue:
    """An issue that is told and no more."""
    return Issue(path, problem, mend, Severity.WARNING)


def unknown(path: Path, kind: Sentence, name: str, known: Iterable[str], *, of_key: bool = False) -> Issue:
    """A name that leads nowhere, with the nearest one that does."""
    return error(path, sentence("unknown {kind} '{name}'", kind=kind, name=name), nearest(name, known), of_key=of_key)
