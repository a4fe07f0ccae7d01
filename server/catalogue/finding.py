"""Asking the index: which items match what people typed and chose, best first."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from server.catalogue.mixed import Spelled
from server.catalogue.spelling import match_of
from server.catalogue.terms import narrow

Query = Callable[[str, Any], list[Any]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: words, and filters. `departments` are all names of the one that was chosen."""

    query: str = ""
    service: str | None = None
    departments: Sequence[str] = ()
    kind: str | None = None
    package: bool | None = None
    unassigned: bool = False
    limit: int = 20
    offset: int = 0


@dataclass(slots=True)
class _Question:
    """A question to the index as it grows."""

    values: dict[str, Any]
    source: str = "entries AS e"
    order: str = "e.place"
    where: tuple[str, ...] = ()


def find(query: Query, spelling: Callable[[], Spelled], wish: Wish) -> tuple[list[str], int]:
    """Codes of a page of items, and how many there are: what begins with the words comes before what has them inside,
    then what is near."""
    asked = _Question({"limit": wish.limit, "offset": wish.offset})
    if typed := wish.query.strip()[:64]:
        match = match_of(narrow(typed))
        if not match:
            return [], 0
        _ask_words(query, spelling, asked, typed, match)
    asked.where = tuple(_filters(wish, asked.values))
    condition = f" WHERE {' AND '.join(asked.where)}" if asked.where else ""
    codes = query(
        f"SELECT e.code FROM {asked.source}{condition} ORDER BY {asked.order} LIMIT :limit OFFSET :offset",
        asked.values,
    )
    total = query(f"SELECT count(*) FROM {asked.source}{condition}", asked.values)[0][0]
    return [code for (code,) in codes], total


def _ask_words(query: Query, spelling: Callable[[], Spelled], asked: _Question, typed: str, match: str) -> None:
    plain = narrow(typed).lower().replace(" ", "")
    spelt = _spelt(query, spelling(), narrow(typed).split())
    beyond = set(spelt) - _matching(query, match) if spelt else set()
    begins = [item for item, is_begun in spelt.items() if is_begun]
    asked.values |= {"match": match, "asked": typed, "plain": plain, "half": f"{plain}%"}
    asked.values |= {name: json.dumps(list(items)) for name, items in
                     (("beyond", beyond), ("spelt", spelt), ("begins", begins))}  # fmt: skip
    # How near a hit is costs most of the time, and says nothing of a single letter that thousands have.
    far = "bm25(entries_fts, 8.0, 4.0, 1.0, 6.0, 6.0)" if len(plain) > 1 else "0.0"
    hits = f"SELECT rowid AS id, {far} AS far FROM entries_fts WHERE entries_fts MATCH :match"
    if beyond:
        hits += " UNION ALL SELECT value, 0.0 FROM json_each(:beyond)"
    asked.source = f"({hits}) AS hit JOIN entries AS e ON e.id = hit.id"
    asked.order = (
        "CASE WHEN e.name = :asked OR e.code = :asked THEN 0"
        " WHEN substr(e.name, 1, length(:asked)) = :asked OR e.pinyin LIKE :half OR e.initials LIKE :half"
        f"{' OR e.id IN (SELECT value FROM json_each(:begins))' if spelt else ''} THEN 1"
        f" WHEN instr(e.name, :asked){' OR e.id IN (SELECT value FROM json_each(:spelt))' if spelt else ''}"
        " THEN 2 ELSE 3 END, hit.far, e.place"
    )


def _filters(wish: Wish, values: dict[str, Any]) -> Iterable[str]:
    for name, value in (("service", wish.service), ("kind", wish.kind)):
        if value:
            values[name] = value
            yield f"e.{name} = :{name}"
    if wish.departments:
        values["departments"] = json.dumps(list(wish.departments))
        yield "e.department IN (SELECT value FROM json_each(:departments))"
    if wish.package is not None:
        yield f"e.package = {int(wish.package)}"
    if wish.unassigned:
        yield "e.service = '' AND e.absent = 0"


def _spelt(query: Query, spelling: Spelled, words: Sequence[str]) -> dict[int, bool]:
    """Items with a name that is spelled as typed, in a mix of characters and letters; of each whether it begins so.

    Words beside it may be anything that finds the item.
    """
    found = [spelling.find(word) for word in words]
    if len(words) < 2 or not any(found):
        return found[0] if found else {}
    every = [set(items) | _matching(query, match_of(word)) for word, items in zip(words, found, strict=True)]
    return {item: found[0].get(item, False) for item in set.intersection(*every)}


def _matching(query: Query, match: str) -> set[int]:
    if not match:
        return set()
    return {row[0] for row in query("SELECT rowid FROM entries_fts WHERE entries_fts MATCH ?", [match])}
