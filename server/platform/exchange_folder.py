"""The file adapter: JSON files in a folder that both sides reach. `out` is written by the hall, `in` by the other side.

A file of `in` that was taken goes to `done`; one with anything that was refused to `bad`, with the reasons in a file
beside it. Files are written under a name with a dot first and then renamed, so that nobody reads half of one; the other
side should do the same. A file that is no JSON is looked at twice, in case it is still being written.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from server.platform.port import PlatformAway
from server.platform.records import Fetched, MilestoneState, Outgoing, Raw, Verdict

#: So many files at a time; the rest comes with the next round.
FILES_AT_ONCE = 200
FILE_MAX = 4_000_000


class Broken(str):
    """What stands in a file that cannot be read: why."""


class ExchangeFolder:
    """One folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, tuple[int, int]] = {}

    def submit(self, item: Outgoing) -> str | None:
        """The number comes as a milestone."""
        self._write("out", f"{item.id}.json", _text({"id": item.id, "type": item.kind.value, **item.content}))
        return None

    def report(self, item: Outgoing) -> None:
        """As the acceptance."""
        self.submit(item)

    def fetch(self, after: str | None) -> Fetched:
        """Everything that lies in `in`, by name."""
        found: list[Raw] = []
        try:
            folder = self._made("in")
            paths = sorted(path for path in folder.iterdir() if path.suffix == ".json" and path.name[0] != ".")
            for path in paths[:FILES_AT_ONCE]:
                found += [Raw(content, path.name) for content in self._milestones_in(path)]
        except OSError as trouble:
            raise PlatformAway(str(trouble)) from trouble
        return Fetched(tuple(found), after)

    def settled(self, fetched: Fetched, verdicts: Mapping[int, Verdict]) -> None:
        """Move the files."""
        reasons: dict[str, list[str]] = {}
        for place, raw in enumerate(fetched.milestones):
            told = reasons.setdefault(raw.place, [])
            verdict = verdicts.get(place)
            if verdict is not None and verdict.state is MilestoneState.REFUSED:
                told.append(_reason(raw, verdict))
        try:
            for name, told in reasons.items():
                self._move(name, told)
        except OSError as trouble:
            raise PlatformAway(str(trouble)) from trouble

    def _milestones_in(self, path: Path) -> list[Any]:
        """One milestone or a list of them; nothing yet, if it may still be being written."""
        facts = path.stat()
        if facts.st_size > FILE_MAX:
            return [Broken(f"larger than {FILE_MAX} bytes")]
        try:
            content = json.loads(path.read_text("utf-8-sig"))
        except (ValueError, RecursionError) as wrong:
            seen, self._seen[path.name] = self._seen.get(path.name), (facts.st_size, facts.st_mtime_ns)
            return [Broken(f"not JSON: {wrong}")] if seen == self._seen[path.name] else []
        return content if isinstance(content, list) and content else [content]

    def _move(self, name: str, told: list[str]) -> None:
        source = self._folder / "in" / name
        target = self._made("bad" if told else "done") / name
        if told:
            self._write("bad", f"{name}.error.txt", "\n".join(told) + "\n")
        if source.exists():
            source.replace(target)
        self._seen.pop(name, None)

    def _made(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _write(self, folder: str, name: str, text: str) -> None:
        try:
            target = self._made(folder) / name
            half = target.with_name(f".{name}")
            with half.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            half.replace(target)
        except OSError as trouble:
            raise PlatformAway(str(trouble)) from trouble


def _reason(raw: Raw, verdict: Verdict) -> str:
    name = raw.content.get("id", "?") if isinstance(raw.content, dict) else "?"
    fields = ", ".join(f"{key}={value}" for key, value in (verdict.fields or {}).items())
    return f"{name}: {verdict.reason or ''} {fields}".strip()


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)
