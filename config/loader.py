"""Reads a hall file: YAML, then shape, then the rules between its sections, with every finding at its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from config.checks import LETTERS, Issue, Unread, check
from config.findings import Finding, HallFileError, Sentence, Severity, sentence
from config.os_words import in_words
from config.schema import HallFile
from config.shape import explain
from config.yaml_source import Place, Source, read_yaml

__all__ = ["DEFAULT_HALL", "Examined", "HallFileError", "examine", "examine_text", "load_hall"]

#: The hall that is served when none is named: the Yangxin Citizens' Home.
DEFAULT_HALL = Path(__file__).parent / "halls" / "yangxin.yaml"

#: The key that names an entry of a section in other sections.
NAME_KEYS = {"series": "letter"}


@dataclass(frozen=True, slots=True)
class Examined:
    """What a look at a hall file gave: the hall, unless there are errors, and all findings in order of lines."""

    hall: HallFile | None
    findings: tuple[Finding, ...]


def load_hall(path: Path) -> HallFile:
    """Read a hall file, or raise `HallFileError` with everything that is wrong with it. Warnings do not stop it."""
    examined = examine(path)
    if examined.hall is None:
        raise HallFileError(examined.findings)
    return examined.hall


def examine(path: Path) -> Examined:
    """Read a hall file and list everything there is to say about it. Never raises for a fault of the file."""
    file = str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return _refused(
            file, Place(0, 0), sentence("there is no such file"), sentence("Check the path and the spelling.")
        )
    except (OSError, ValueError) as trouble:
        detail = in_words(trouble) if isinstance(trouble, OSError) else sentence("no file can have this name")
        return _refused(
            file,
            Place(0, 0),
            sentence("the file cannot be read: {detail}", detail=detail),
            sentence("Name a file, and check who may read it."),
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        return _refused(file, Place(raw.count(b"\n", 0, trouble.start) + 1, 1), *_not_utf8(raw))
    if not text.strip():
        return _refused(
            file,
            Place(0, 0),
            sentence("the file is empty"),
            sentence("Begin one with 'python -m config new', or copy config/halls/yangxin.yaml."),
        )
    if "\0" in text:
        return _refused(file, Place(0, 0), *_NO_TEXT)
    return examine_text(file, text)


#: What Windows' Notepad calls Unicode.
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AGAIN = sentence("Save it again with the encoding UTF-8 (in many editors: Save as …, Encoding).")
_NO_TEXT = (
    sentence("this is no text file, perhaps a spreadsheet, a document or a picture"),
    sentence(
        "A hall file is plain text: write it with an editor such as Notepad, or begin one with 'python -m config new'."
    ),
)


def _not_utf8(raw: bytes) -> tuple[Sentence, Sentence]:
    """What a file is instead of UTF-8, as far as it can be told."""
    if raw.startswith(_UTF_16_MARKS):
        return sentence("the file is in UTF-16 ('Unicode' in Notepad), not in UTF-8"), _SAVE_AGAIN
    if b"\0" in raw:
        return _NO_TEXT
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return sentence("the file is not in UTF-8"), _SAVE_AGAIN
    return sentence("the file is in a Chinese encoding (GBK, 'ANSI' in Notepad), not in UTF-8"), _SAVE_AGAIN


def examine_text(file: str, text: str) -> Examined:
    """Examine the text of a hall file; `file` is the name that findings bear."""
    source = read_yaml(text)
    findings = [
        Finding(file, flaw.place.line, flaw.place.column, flaw.problem, flaw.mend, Severity.ERROR)
        for flaw in source.flaws
    ]
    if source.is_readable:
        if not isinstance(source.data, dict):
            return _refused(
                file,
                Place(1, 1),
                sentence("this is not a hall file"),
                sentence("Begin with 'id: …'; config/halls/yangxin.yaml is a whole example."),
            )
        findings += _shape_and_rules(file, source, source.data)
    # What an alias repeats is written, and told, once.
    findings = list({finding.say("en"): finding for finding in findings}.values())
    findings.sort(key=lambda finding: (finding.line, finding.column))
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Examined(None, tuple(findings))
    return Examined(HallFile.model_validate(source.data), tuple(findings))


def _shape_and_rules(file: str, source: Source, data: Mapping[object, object]) -> list[Finding]:
    """Findings of the schema; and of the rules, for all that the schema accepts."""
    try:
        hall = HallFile.model_validate(data)
    except ValidationError as trouble:
        errors = trouble.errors(include_url=False)
        complaints = [explain(error, in_braces=source.is_in_braces) for error in errors]
        findings = [
            _finding(file, source, Issue(one.path, one.problem, one.mend, of_key=one.of_key)) for one in complaints
        ]
        return findings + _rules_for_the_rest(file, source, data, [tuple(error["loc"]) for error in errors])
    return [_finding(file, source, issue) for issue in check(hall)]


def _rules_for_the_rest(
    file: str, source: Source, data: Mapping[object, object], refused: list[tuple[object, ...]]
) -> list[Finding]:
    """Check the rules on the hall without its misshapen entries, so that a file's faults are all told at once."""
    rest, unread, origins = _without(data, refused)
    try:
        hall = HallFile.model_validate(rest)
    except ValidationError:
        return []
    findings = []
    for issue in check(hall, unread):
        path = issue.path
        if len(path) > 1 and path[0] in origins and isinstance(path[1], int):
            path = (path[0], origins[path[0]][path[1]], *path[2:])
        findings.append(_finding(file, source, Issue(path, issue.problem, issue.mend, issue.severity, issue.of_key)))
    return findings


def _without(
    data: Mapping[object, object], refused: list[tuple[object, ...]]
) -> tuple[dict[object, object], Unread, dict[object, list[int]]]:
    """Leave out what the schema refused: whole entries of lists and timetables, whole keys elsewhere.

    Gives also the names of what was left out, and for each shortened list where its items stood before.
    """
    rest = dict(data)
    names: dict[str, set[str]] = {}
    origins: dict[object, list[int]] = {}
    for section in dict.fromkeys(path[0] for path in refused if path):
        entries = data.get(section)
        wrong = {path[1] for path in refused if path[0] == section and len(path) > 1}
        whole = any(path[0] == section and len(path) == 1 for path in refused)
        left_out = names.setdefault(str(section), set())
        if isinstance(entries, list) and not whole:
            origins[section] = [at for at in range(len(entries)) if at not in wrong]
            rest[section] = [entries[at] for at in origins[section]]
            for at in wrong:
                if isinstance(at, int) and isinstance(entry := entries[at], dict):
                    left_out.add(str(entry.get(NAME_KEYS.get(str(section), "id"), "")))
                    names.setdefault(LETTERS, set()).add(str(entry.get("letter", "")))
        elif section == "hours" and isinstance(entries, dict) and not whole:
            rest[section] = {name: hours for name, hours in entries.items() if name not in wrong}
            left_out.update(str(name) for name in wrong)
        else:
            rest.pop(section, None)
    if "id" in names:
        rest["id"] = "unread"
    if "name" in names:
        rest["name"] = {"zh": "…", "en": "…"}
    return rest, Unread({section: frozenset(left_out) for section, left_out in names.items()}), origins


def _finding(file: str, source: Source, issue: Issue) -> Finding:
    place = source.place(issue.path, of_key=issue.of_key)
    return Finding(file, place.line, place.column, issue.problem, issue.mend, issue.severity)


def _refused(file: str, place: Place, problem: Sentence, mend: Sentence) -> Examined:
    return Examined(None, (Finding(file, place.line, place.column, problem, mend),))
