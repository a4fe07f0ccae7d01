"""Find services by letters: pinyin initials, full pinyin or any mixture (`sb`, `shebao`, `shb` → 社保), and English.

Pure. Every reading of a character counts, so that 重 and 行 are found either way.
"""

from functools import lru_cache

from pypinyin import Style, pinyin

from kiosk.catalogue import Hall, Service

QUERY_MAX = 20


@lru_cache(maxsize=4)
def find(hall: Hall, query: str) -> tuple[Service, ...]:
    """Give the services that match, best first: by name from its beginning, by a keyword, inside the name, else."""
    letters = query.lower()
    if not letters:
        return ()
    ranked = [
        (rank, index, service)
        for index, service in enumerate(service for zone in hall.zones for service in zone.services)
        if (rank := _rank(service, letters)) is not None
    ]
    return tuple(service for _, _, service in sorted(ranked, key=lambda found: found[:2]))


def _rank(service: Service, letters: str) -> int | None:
    if _matches_at(_readings(service.name.zh), 0, letters) or _squeeze(service.name.en).startswith(letters):
        return 0
    if any(_matches_at(_readings(word), 0, letters) for word in service.keywords):
        return 1
    if _matches_inside(service.name.zh, letters) or _matches_words(service.name.en, letters):
        return 2
    others = (*service.keywords, service.department.zh)
    if any(_matches_inside(text, letters) for text in others) or _matches_words(service.department.en, letters):
        return 3
    return None


def _squeeze(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def _matches_words(text: str, letters: str) -> bool:
    """Tell whether the letters begin at some word of an English text."""
    parts = text.lower().split()
    return any(_squeeze("".join(parts[start:])).startswith(letters) for start in range(len(parts)))


@lru_cache(maxsize=4096)
def _readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Give for each sign the ways to type it; signs that cannot be typed are left out."""
    found: list[tuple[str, ...]] = []
    for sign in text:
        if sign.isascii():
            if sign.isalnum():
                found.append((sign.lower(),))
            continue
        ways = pinyin(sign, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
        if ways:
            found.append(tuple(ways[0]))
    return tuple(found)


def _matches_inside(text: str, letters: str) -> bool:
    readings = _readings(text)
    return any(_matches_at(readings, start, letters) for start in range(len(readings)))


def _matches_at(readings: tuple[tuple[str, ...], ...], start: int, letters: str) -> bool:
    """Tell whether the letters can be split into beginnings of the signs from `start` on, none left out."""
    if not letters:
        return True
    if start >= len(readings):
        return False
    for way in readings[start]:
        for length in range(1, len(way) + 1):
            if not letters.startswith(way[:length]):
                break
            if _matches_at(readings, start + 1, letters[length:]):
                return True
    return False
