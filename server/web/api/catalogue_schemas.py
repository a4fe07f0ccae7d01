"""Bodies, paths and answers of the catalogue's calls."""

from typing import Annotated

from pydantic import BaseModel, Field, RootModel

from server.web.api.schemas import Id

Word = Annotated[str, Field(max_length=100)]


class ItemPath(BaseModel):
    code: Id


class ItemsQuery(BaseModel):
    q: Annotated[str, Field(max_length=64)] = ""
    service: Word | None = None
    department: Word | None = None
    kind: Word | None = None
    package: bool | None = Field(default=None, description="only one-thing packages, or only single items")
    unassigned: bool = Field(default=False, description="only items that belong to no service")
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0


class OnlineLink(BaseModel):
    url: str | None
    name: str


class Elsewhere(BaseModel):
    place: str
    contact: str
    reason: str


class ItemBrief(BaseModel):
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


class Items(BaseModel):
    items: list[ItemBrief]
    total: int


class Material(BaseModel):
    name: str
    form: str
    copies: int
    note: str
    sample: str | None


class Form(BaseModel):
    name: str
    url: str | None


class Guide(BaseModel):
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
    guide: Guide
    members: list[ItemBrief]


class Department(BaseModel):
    name: str
    name_en: str
    items: int


class Departments(RootModel[list[Department]]):
    """In the order of the lists."""
