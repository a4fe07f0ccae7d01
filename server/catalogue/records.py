"""What the catalogue knows, list by list. Frozen records; every text is stripped and free of control signs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ListName(StrEnum):
    """The lists that are imported and exported; the first three are the official ones (M6, M7, M8)."""

    COMPREHENSIVE = "comprehensive"
    ONLINE = "online"
    NEGATIVE = "negative"
    GUIDES = "guides"
    LETTERS = "letters"


class Flag(StrEnum):
    """The four promises an item may carry (四办, C1)."""

    AT_ONCE = "马上办"
    ONLINE = "网上办"
    NEARBY = "就近办"
    ONCE = "一次办"


class Course(StrEnum):
    """How the items of a one-thing package go on: side by side, or one after the other."""

    PARALLEL = "并联"
    SEQUENCE = "串联"


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the comprehensive-window list (M6)."""

    department: str
    code: str
    name: str
    kind: str
    handling: str
    audience: str
    remark: str = ""

    @property
    def key(self) -> str:
        """What names the row in its list."""
        return self.code


@dataclass(frozen=True, slots=True)
class OnlineEntry:
    """A row of the online list (M7): a piece of business that can be done without coming."""

    department: str
    code: str
    main_name: str
    name: str
    business_code: str
    kind: str
    audience: str

    @property
    def key(self) -> str:
        """A main item has several pieces of business; each has a code of its own."""
        return self.business_code


@dataclass(frozen=True, slots=True)
class Absent:
    """A row of the negative list (M8): an item that is not done in the hall."""

    department: str
    code: str
    name: str
    kind: str
    place: str
    contact: str
    reason: str

    @property
    def key(self) -> str:
        """What names the row in its list."""
        return self.code


@dataclass(frozen=True, slots=True)
class Material:
    """One paper that must be brought. `form` is original, copy or electronic, as the guide writes it."""

    name: str
    form: str = ""
    copies: int = 1
    note: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form to fill in, perhaps with its address."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """What is known of an item beyond the official lists. `name` and `department` count only where no list has the item.

    `service` is the administrator's word on which service it belongs to. `members` makes it a one-thing package.
    """

    code: str
    name: str = ""
    department: str = ""
    name_en: str = ""
    service: str = ""
    flags: tuple[Flag, ...] = ()
    keywords: tuple[str, ...] = ()
    conditions: str = ""
    materials: tuple[Material, ...] = ()
    fee: str = ""
    time_limit: str = ""
    legal_basis: str = ""
    forms: tuple[Form, ...] = ()
    where: str = ""
    by: str = ""
    steps: str = ""
    url: str = ""
    members: tuple[str, ...] = ()
    course: Course = Course.PARALLEL

    @property
    def key(self) -> str:
        """What names the row in its list."""
        return self.code


@dataclass(frozen=True, slots=True)
class LetterItem:
    """An item as a letter names it (M13)."""

    code: str
    name: str = ""
    kind: str = ""
    handling: str = ""
    audience: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """An authorisation letter: the department lets these windows take these items, from `start` through `end`.

    Without windows and zones it holds for every window of the hall.
    """

    id: str
    department: str
    start: date
    end: date | None
    items: tuple[LetterItem, ...]
    windows: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What names the letter."""
        return self.id

    def is_in_force(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


Record = Listed | OnlineEntry | Absent | Guide | Letter

KIND_OF: dict[ListName, type[Record]] = {
    ListName.COMPREHENSIVE: Listed,
    ListName.ONLINE: OnlineEntry,
    ListName.NEGATIVE: Absent,
    ListName.GUIDES: Guide,
    ListName.LETTERS: Letter,
}
