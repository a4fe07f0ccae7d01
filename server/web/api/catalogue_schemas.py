"""Bodies, paths and answers of the catalogue's calls."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, RootModel

from server.catalogue.records import Course, Flag, ListName
from server.catalogue.sheets import clean
from server.catalogue.terms import AUDIENCES, HANDLINGS, KINDS
from server.web.api.schemas import Body, Id, Moment
from server.web.api.shape import Shape

Word = Annotated[str, Field(max_length=100)]


class ItemPath(Shape):
    code: Id


class ItemsQuery(Shape):
    q: Annotated[str, Field(max_length=64)] = ""
    service: Word | None = None
    department: Word | None = Field(
        default=None, description="its Chinese name; or an English one: every department called so"
    )
    kind: Word | None = None
    package: bool | None = Field(default=None, description="only one-thing packages, or only single items")
    unassigned: bool = Field(default=False, description="only items that belong to no service")
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0


class OnlineLink(Shape):
    url: str | None
    name: str


class Elsewhere(Shape):
    place: str
    contact: str
    reason: str


class ItemBrief(Shape):
    code: str
    name: str
    name_en: str
    department: str
    department_en: str
    kind: str
    handling: str
    audience: str
    service: str | None
    service_name: str | None
    service_name_en: str | None
    online: OnlineLink | None
    elsewhere: Elsewhere | None
    package: bool
    flags: list[str]


class Items(Shape):
    items: list[ItemBrief]
    total: int


class Material(Shape):
    name: str
    form: str
    copies: int
    note: str
    sample: str | None


class Form(Shape):
    name: str
    url: str | None


class Guide(Shape):
    conditions: str
    materials: list[Material]
    fee: str
    time_limit: str
    time_limit_days: int | None = Field(description="of a package: the longest it may take, in working days")
    legal_basis: str
    forms: list[Form]
    where: str
    by: str
    steps: str


class ItemWhole(ItemBrief):
    place: str | None = Field(description="part of the house and zone where its service is")
    place_en: str | None
    bookable: bool = Field(description="its service takes appointments")
    revision: str = Field(description="changes with the item; an edit that names it is refused when it is stale")
    guide: Guide
    members: list[ItemBrief]


class Department(Shape):
    name: str
    name_en: str
    items: int


class Departments(RootModel[list[Department]]):
    """In the order of the lists."""


# --- lists ------------------------------------------------------------------------------------------------------------


class ListQuery(Shape):
    list: ListName


class UploadQuery(ListQuery):
    keep: bool = Field(default=False, description="rows that are not in the file stay; else the file is the whole list")
    confirm: Annotated[str, Field(max_length=100)] | None = Field(
        default=None, description="the word that a preview with alarms asks for"
    )
    version: int | None = Field(default=None, description="of the preview; refused if the catalogue has changed since")


class ExportQuery(ListQuery):
    format: Literal["xlsx", "csv"] = "xlsx"


class Told(Shape):
    row: int = Field(description="as numbered in the file; 0 = the file as a whole")
    column: str
    value: str
    zh: str
    en: str


class RowName(Shape):
    key: str
    name: str


class FieldChange(Shape):
    field: str
    column: str
    before: Any
    after: Any


class RowChange(RowName):
    fields: list[FieldChange]


class Counts(Shape):
    rows: int
    new: int
    changed: int
    gone: int
    same: int
    faults: int
    remarks: int


#: Named here because a field called `list` hides the builtin from what follows it.
RowNames = list[RowName]
RowChanges = list[RowChange]
Tellings = list[Told]
ListNames = list[ListName]


class Alarm(Shape):
    zh: str
    en: str


class Confirm(Shape):
    sort: Literal["gone", "hall"] = Field(description="what the word is: how many rows would go, or the hall's name")
    word: str


Alarms = list[Alarm]


class Preview(Shape):
    list: ListName
    version: int
    counts: Counts
    had: int = Field(description="rows the list has now")
    alarms: Alarms = Field(description="why this may be the wrong file")
    confirm: Confirm | None = Field(description="what the import must repeat; null without alarms")
    new: RowNames
    changed: RowChanges
    gone: RowNames
    faults: Tellings
    remarks: Tellings


class Imported(Shape):
    list: ListName
    version: int
    counts: Counts


class Lists(Shape):
    version: int
    letters: bool = Field(description="whether letters decide which windows may take an item")
    items: int
    unassigned: int
    lists: dict[str, int]


class ItemRows(Shape):
    item: ItemWhole
    lists: ListNames = Field(description="the lists it stands in")
    listed: dict[str, Any] | None = Field(description="its row of the comprehensive-window list")
    guide: dict[str, Any] = Field(description="its row of the guides list, empty if it has none")


class ChangesQuery(Shape):
    code: Annotated[str, Field(max_length=64)] | None = Field(default=None, description="of an item, or of a letter")
    limit: Annotated[int, Field(ge=1, le=100)] = 30
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0


ChangedFields = list[FieldChange]


class ChangedRow(RowName):
    list: ListName
    sort: Literal["new", "changed", "gone"]
    fields: ChangedFields = Field(description="of a row that is new or gone: those that are not empty")


class ChangedCounts(Shape):
    list: ListName
    new: int
    changed: int
    gone: int


ChangedRows = list[ChangedRow]
ChangedLists = list[ChangedCounts]


class Act(Shape):
    at: Moment
    who: str
    lists: ChangedLists = Field(description="how many rows of each list")
    rows: ChangedRows = Field(description="the first 100 of them")


Acts = list[Act]


class Changes(Shape):
    acts: Acts
    more: bool


# --- edits ------------------------------------------------------------------------------------------------------------

Short = Annotated[str, AfterValidator(clean), Field(max_length=300)]
Long = Annotated[str, AfterValidator(clean), Field(max_length=5000)]
Url = Annotated[str, Field(max_length=500, pattern=r"^(https?://[^\s<>\"]+)?$")]
Part = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=200, pattern=r"^[^|｜\n\r]+$")]
Note = Annotated[str, AfterValidator(clean), Field(max_length=300, pattern=r"^[^|｜\n\r]*$")]
Keyword = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^、,，;；\s]+$")]


def _none_or_more_than_one(members: list[str]) -> list[str]:
    if len(members) == 1 or len(set(members)) < len(members):
        raise ValueError("two other items or more, or none; each once")
    return members


Members = Annotated[
    list[Id],
    AfterValidator(_none_or_more_than_one),
    Field(max_length=60, json_schema_extra={"uniqueItems": True, "anyOf": [{"maxItems": 0}, {"minItems": 2}]}),
]


class MaterialBody(Body):
    name: Part
    form: Note = ""
    copies: Annotated[int, Field(ge=1, le=99)] = 1
    note: Note = ""
    sample: Url = ""


class FormBody(Body):
    name: Part
    url: Url = ""


class ElsewhereBody(Body):
    """Where an item is done that is not done in the hall (M8)."""

    place: Annotated[Short, Field(min_length=1)]
    contact: Annotated[Short, Field(min_length=1)]
    reason: Annotated[Long, Field(min_length=1)]


class EditBody(Body):
    """What is not named stays as it is."""

    create: bool = Field(default=False, description="make a new item; refused if there is one of this code")
    revision: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="of the item that was edited; refused if somebody else has changed it since"
    )
    name: Annotated[Short, Field(min_length=1)] | None = None
    department: Annotated[Short, Field(min_length=1)] | None = None
    kind: Literal[KINDS] | None = None  # type: ignore[valid-type]
    handling: Literal[HANDLINGS] | None = None  # type: ignore[valid-type]
    audience: Literal[AUDIENCES] | None = None  # type: ignore[valid-type]
    remark: Long | None = None
    name_en: Short | None = None
    service: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]*$")] | None = Field(
        default=None, description="the service it belongs to; empty: as the hall file says"
    )
    flags: list[Flag] | None = None
    keywords: Annotated[list[Keyword], Field(max_length=30)] | None = None
    conditions: Long | None = None
    materials: Annotated[list[MaterialBody], Field(max_length=60)] | None = None
    fee: Short | None = None
    time_limit: Short | None = None
    legal_basis: Long | None = None
    forms: Annotated[list[FormBody], Field(max_length=30)] | None = None
    where: Short | None = None
    by: Short | None = None
    steps: Long | None = None
    url: Url | None = None
    members: Members | None = None
    course: Course | None = None
    elsewhere: ElsewhereBody | None = Field(
        default=None, description="of an item of the negative list; makes a new item one of that list"
    )


# --- letters ----------------------------------------------------------------------------------------------------------


#: As offices number their papers: 阳政务委〔2026〕1号. No sign that an address needs for itself.
LetterNumber = Annotated[str, Field(pattern=r"""^[^\s/\\?#%<>"'&]+$""", max_length=64)]


class LetterPath(Shape):
    letter: LetterNumber


class LetterBody(Body):
    id: LetterNumber
    department: Annotated[Short, Field(min_length=1)]
    start: date
    end: date | None = None
    windows: Annotated[list[Id], Field(max_length=200, default_factory=list)]
    zones: Annotated[list[Id], Field(max_length=100, default_factory=list)]
    items: Annotated[list[Id], Field(min_length=1, max_length=600)]


class LetterItem(Shape):
    code: str
    name: str
    kind: str
    handling: str
    audience: str
    remark: str


class Letter(Shape):
    id: str
    department: str
    start: date
    end: date | None
    state: Literal["in_force", "upcoming", "expired"]
    windows: list[str]
    zones: list[str]
    windows_text: str = Field(description="the windows that it names, as people read them")
    windows_text_en: str
    items: list[LetterItem]


class Missing(Shape):
    code: str
    name: str
    department: str
    service: str | None
    letter: str | None


class Gaps(Shape):
    without_letter: list[Missing]
    unknown: list[Missing]
    foreign: list[Missing]
    idle: list[Missing]
    expired: list[str]
    ending: list[str]
    upcoming: list[str]


class LetterWindow(Shape):
    window: str
    name: str
    name_en: str
    number: int
    zone: str


class Letters(Shape):
    today: date
    decide: bool = Field(description="whether letters decide which windows may take an item (hall file)")
    windows: list[LetterWindow] = Field(description="every window of the hall, to choose from")
    letters: list[Letter]
    gaps: Gaps
