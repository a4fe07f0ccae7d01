"""Which windows may take which item today: letters of authorisation, and what is missing in them (M13). Pure.

A department's own window needs no letter for the department's items. Any other window needs one in force that names
the item and the window. A package needs one for each of its items. An item that nobody may take has no window.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.catalogue.entries import Item
from server.catalogue.records import Letter

#: A letter that ends within so many days is told of.
ENDING_DAYS = 30


@dataclass(frozen=True, slots=True)
class Post:
    """A window as letters see it: where it is, what it may ever serve, and whose own window it is.

    `own_of` are the departments that every service of its own belongs to: one for a special window (under all its
    names), none for a comprehensive one.
    """

    id: str
    zone: str
    serves: frozenset[str]
    own_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing or wrong in the letters today."""

    #: Items with a service for which no window has a letter; a ticket for one is refused.
    without_letter: tuple[Item, ...] = ()
    #: (letter, code) that are in no list, or not done in the hall.
    unknown: tuple[tuple[Letter, str], ...] = ()
    #: (letter, item) where the item is another department's: such an entry does not count.
    foreign: tuple[tuple[Letter, Item], ...] = ()
    #: (letter, item) where none of the letter's windows serves the item's service, nor a package with it.
    idle: tuple[tuple[Letter, Item], ...] = ()
    expired: tuple[Letter, ...] = ()
    ending: tuple[Letter, ...] = ()
    upcoming: tuple[Letter, ...] = ()


@dataclass(slots=True)
class _Reach:
    """The windows of each letter and department, worked out once."""

    posts: Mapping[str, Post]
    own: dict[str, frozenset[str]] = field(default_factory=dict)
    by_letter: dict[str, frozenset[str]] = field(default_factory=dict)

    def own_windows(self, department: str) -> frozenset[str]:
        """The department's own windows."""
        if department not in self.own:
            self.own[department] = frozenset(post.id for post in self.posts.values() if department in post.own_of)
        return self.own[department]

    def windows_of(self, letter: Letter) -> frozenset[str]:
        """The windows that a letter names; all, if it names none."""
        if letter.id not in self.by_letter:
            everywhere = not letter.windows and not letter.zones
            self.by_letter[letter.id] = frozenset(
                post.id
                for post in self.posts.values()
                if everywhere or post.id in letter.windows or post.zone in letter.zones
            )
        return self.by_letter[letter.id]


def authority(
    items: Mapping[str, Item], letters: Iterable[Letter], posts: Mapping[str, Post], today: date
) -> dict[str, frozenset[str]]:
    """Item → the windows that may take it today, for every item that is done in the hall."""
    reach = _Reach(posts)
    in_force: dict[tuple[str, str], set[str]] = {}
    for letter in letters:
        if letter.is_in_force(today):
            for entry in letter.items:
                in_force.setdefault((letter.department, entry.code), set()).update(reach.windows_of(letter))

    def single(item: Item) -> frozenset[str]:
        return reach.own_windows(item.department) | in_force.get((item.department, item.code), set())

    allowed = {}
    for code, item in items.items():
        if item.elsewhere is not None:
            continue
        members = [items[member] for member in item.guide.members if member in items]
        done_here = [member for member in members if member.elsewhere is None]
        allowed[code] = frozenset.intersection(*(single(each) for each in done_here or [item]))
    return allowed


def gaps(items: Mapping[str, Item], letters: Iterable[Letter], posts: Mapping[str, Post], today: date) -> Gaps:
    """What must be mended before every item has a window."""
    letters = tuple(letters)
    reach = _Reach(posts)
    allowed = authority(items, letters, posts, today)
    able = {
        service: frozenset(post.id for post in posts.values() if service in post.serves)
        for service in {item.service for item in items.values()}
    }
    # An item is also taken where a package is that it belongs to; a package itself is taken by letters for its items.
    taken_at = {code: able[item.service] for code, item in items.items() if item.service}
    for package in items.values():
        for code in package.guide.members if package.service else ():
            taken_at[code] = taken_at.get(code, frozenset()) | able[package.service]
    unknown, foreign, idle = [], [], []
    for letter in letters:
        if letter.end is not None and letter.end < today:
            continue
        for entry in letter.items:
            item = items.get(entry.code)
            if item is None or item.elsewhere is not None:
                unknown.append((letter, entry.code))
            elif item.department != letter.department:
                foreign.append((letter, item))
            elif not item.guide.members and not reach.windows_of(letter) & taken_at.get(
                item.code, reach.windows_of(letter)
            ):
                idle.append((letter, item))
    return Gaps(
        without_letter=tuple(
            item
            for code, item in items.items()
            if item.service and item.elsewhere is None and not allowed[code] & able[item.service]
        ),
        unknown=tuple(unknown),
        foreign=tuple(foreign),
        idle=tuple(idle),
        expired=tuple(letter for letter in letters if letter.end is not None and letter.end < today),
        ending=tuple(
            letter
            for letter in letters
            if letter.end is not None and today <= letter.end <= today + timedelta(days=ENDING_DAYS)
        ),
        upcoming=tuple(letter for letter in letters if letter.start > today),
    )
