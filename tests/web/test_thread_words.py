"""Every kind of event has a plain sentence in both languages, so that no thread ever misses one (Y3)."""

import re
import types
from dataclasses import MISSING, fields
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from babel.messages.pofile import read_po

from server.core.event_types import EVENT_TYPES
from server.core.events import Event
from server.core.model import Why
from server.web.threads.story import REGISTERED
from server.web.threads.words import LOCALE, Words, tell

CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Fields that name something of the hall, or that must say one of a few words.
VALUES: dict[str, Any] = {
    "window": "S01",
    "for_window": "S01",
    "service": "insurance",
    "services": ("insurance",),
    "then": ("licence",),
    "zone": "social",
    "group": "elder",
    "state": "printed",
    "step": "transfer",
    "level": 2,
    "number": "A001",
    "by": "user:wang",
    "device": "kiosk-1",
    "place": "S01",
    "points": ("rude",),
    "business_day": "2026-11-23",
    "why": Why(zh="先到先叫", en="came first", detail="x"),
    "fee": 12050,
    # What people call things in Chinese only stands in both languages as it is.
    "title": "title-of-item",
    "department": "department-x",
    "departments": ("department-x", "department-y"),
    "lacks": ("paper-x",),
    "papers": ("paper-x",),
}


def value_of(name: str, hint: Any) -> Any:
    """Something that a field may hold."""
    if name in VALUES:
        return VALUES[name]
    if get_origin(hint) in (Union, types.UnionType):
        return value_of(name, next(each for each in get_args(hint) if each is not type(None)))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return {float: 1795395600.0, int: 3, bool: True, str: f"{name}-x"}.get(hint, ())


def example(kind: type[Event], *, whole: bool) -> Event:
    """An event of a kind; with everything that it may tell, or with nothing that it need not."""
    hints = get_type_hints(kind)
    wanted = [
        field for field in fields(kind) if whole or (field.default is MISSING and field.default_factory is MISSING)
    ]
    return kind(**{field.name: value_of(field.name, hints[field.name]) for field in wanted})


@pytest.mark.parametrize("whole", [False, True], ids=["bare", "whole"])
@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=list(EVENT_TYPES))
def test_every_event_is_told_in_both_languages(kind: type[Event], whole: bool, shared: Any) -> None:
    """One sentence, without an open field; the Chinese one is Chinese, the English one has none of it."""
    event = example(kind, whole=whole)
    chinese, english = (tell(event, Words(shared.site, language)) for language in ("zh", "en"))
    assert CHINESE.search(chinese), chinese
    assert not CHINESE.search(english), english
    for sentence in (chinese, english):
        assert "\n" not in sentence
        assert not re.search(r"[{}]|\bNone\b|\('|<", sentence), sentence


def test_each_kind_has_a_sentence_of_its_own() -> None:
    """None falls back on another's: what is not told by name is not told."""
    assert {kind for kind in EVENT_TYPES.values() if kind not in tell.registry} == set()
    assert len(REGISTERED) == 3


def test_an_event_without_a_sentence_is_refused(shared: Any) -> None:
    """A new kind of event that nobody gave words fails loudly in the test above, not silently on the page."""
    with pytest.raises(NotImplementedError):
        tell(Event(at=0.0), Words(shared.site, "zh"))


def test_who_is_called_by_what_people_know(shared: Any) -> None:
    """A user by his name, a machine by what it is, nobody as the citizen."""
    words = Words(shared.site, "zh")
    told = [words.who(name) for name in ("user:wang", "wang", "kiosk:kiosk-1", "system", "anyone", None)]
    assert told[:2] == ["wang", "wang"]
    assert told[2].startswith("自助机")
    assert told[3:] == ["系统", "市民", "–"]


def test_sentences_of_the_catalogue_keep_their_fields() -> None:
    """A translation with another field than its original would fail on the day it is needed."""
    with (LOCALE / "zh.po").open("rb") as source:
        messages = [(str(message.id), str(message.string)) for message in read_po(source, locale="zh") if message.id]
    named = re.compile(r"\{(\w+)\}")
    odd = [english for english, chinese in messages if set(named.findall(english)) != set(named.findall(chinese))]
    assert odd == []
    assert [english for english, chinese in messages if not chinese] == []
