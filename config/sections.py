"""The hall file's sections beside the queue: calendar, appointments, identity, ratings, help, matters, catalogue."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from config.kinds import Id, Minutes, Span, Strict, Text, Weekday

Days = Annotated[int, Field(ge=0, le=366)]


class MarketDays(Strict):
    """Market days (赶集日) by the last figure of the day of the month: `days: [3, 6, 9]` is the 3rd, 6th, 9th, 13th …"""

    rule: Literal["lunar", "solar"]
    days: Annotated[list[Annotated[int, Field(ge=0, le=9)]], Field(min_length=1)]


class Calendar(Strict):
    """Workdays and holidays. Those of China are known for the years that chinesecalendar covers; `holidays` and `workdays`
    add to them or correct them, and are all there is for later years and for `country: none`."""

    country: Literal["cn", "none"] = "cn"
    holidays: dict[date, Text] = Field(default={}, description="further days off, with their name")
    workdays: list[date] = Field(
        default=[], description="days that are worked though they are a weekend or holiday (调休)"
    )
    market_days: MarketDays | None = None


class SlotSpan(Strict):
    """Slots of a service on some weekdays: every `every_min` minutes of `span`, for `capacity` people each."""

    days: Annotated[list[Weekday], Field(min_length=1)]
    span: Span
    every_min: Annotated[int, Field(ge=5, le=240)] = 30
    capacity: Annotated[int, Field(ge=1, le=999)] = 1


class Booking(Strict):
    """Rules of appointments (A2.4); how late one may come stands in `rules.appointment_late_min`."""

    horizon_days: Annotated[int, Field(ge=0, le=90)] = Field(default=14, description="how far ahead one may book")
    cancel_before_min: Annotated[float, Field(ge=0, le=7 * 24 * 60)] = Field(
        default=120, description="changing and cancelling end so long before the slot; staff may always"
    )
    early_min: Minutes = Field(default=30, description="check-in begins so long before the slot")
    per_day: Annotated[int, Field(ge=0, le=99)] = Field(
        default=1, description="appointments of one person on one day; 0 = any"
    )
    absence_limit: Annotated[int, Field(ge=0, le=99)] = Field(
        default=3, description="who did not come so often cannot book by himself; 0 = never barred"
    )
    absence_days: Days = Field(default=90, description="within so many days")


class CardUse(StrEnum):
    """Whether a service's ticket is in somebody's name (A2.10). Staff may always issue without a card."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Identity(Strict):
    """People by card (A2.11, A3). Only a keyed hash and a masked tail are kept, for `kept_days`."""

    open_per_service: Annotated[int, Field(ge=0, le=99)] = Field(
        default=1, description="open tickets of a person; 0 = any"
    )
    per_day: Annotated[int, Field(ge=0, le=99)] = Field(default=3, description="tickets of a person in a day; 0 = any")
    kept_days: Days = Field(default=30, description="after this the link to the person is deleted")
    consent: Text = {
        "zh": "读取身份证仅用于核对您本人的取号和预约。系统不保存身份证号码、住址、民族、照片和指纹，只保存加密后的标识和末四位，办事窗口需要核对姓名的当天显示姓名、办结即删，"
        "到期自动删除。您也可以不刷身份证，请选择“不用身份证”或联系工作人员。",
        "en": "Your ID card is read only to match your own tickets and appointments. Number, address, ethnic group, photo "
        "and fingerprints are not kept, only an encrypted mark and the last four characters, deleted when they expire; where the window must check it, your name is shown there until your visit ends. "
        "You may go on without a card, or ask the staff.",
    }


class RatingPoint(Strict):
    """One thing that can be ticked with a rating, such as 'polite' or 'had to come twice'."""

    id: Id
    name: Text


class RatingForm(Strict):
    """The points of each level (A1.4), 5 = very satisfied … 1 = very dissatisfied. Whoever changes them changes `version`."""

    version: str
    points: dict[Annotated[int, Field(ge=1, le=5)], list[RatingPoint]]

    @model_validator(mode="after")
    def _has_every_level(self) -> "RatingForm":
        if missing := [str(level) for level in (5, 4, 3, 2, 1) if not self.points.get(level)]:
            raise PydanticCustomError(
                "levels_missing", "the rating form has no points for level {levels}", {"levels": ", ".join(missing)}
            )
        return self


def _standard_form() -> RatingForm:
    good = [
        RatingPoint(id="polite", name={"zh": "态度热情", "en": "Friendly"}),
        RatingPoint(id="quick", name={"zh": "办事效率高", "en": "Quick"}),
        RatingPoint(id="skilled", name={"zh": "业务熟练", "en": "Knew the business"}),
        RatingPoint(id="once", name={"zh": "一次办成", "en": "Done in one visit"}),
        RatingPoint(id="clear", name={"zh": "一次性告知清楚", "en": "Told everything at once"}),
    ]
    bad = [
        RatingPoint(id="rude", name={"zh": "态度生硬、推诿", "en": "Unfriendly, sent me away"}),
        RatingPoint(id="slow", name={"zh": "办理缓慢", "en": "Slow"}),
        RatingPoint(id="unskilled", name={"zh": "业务不熟练", "en": "Did not know the business"}),
        RatingPoint(id="again", name={"zh": "要我多次跑", "en": "Had to come again"}),
        RatingPoint(id="unclear", name={"zh": "没有一次性告知", "en": "Not told everything at once"}),
        RatingPoint(id="long-wait", name={"zh": "等候时间长", "en": "Long wait"}),
    ]
    return RatingForm(version="1", points={5: good, 4: good, 3: good, 2: bad, 1: bad})


class Ratings(Strict):
    """Ratings and what must follow a bad one (A1); deadlines in working days."""

    contact_days: Annotated[int, Field(ge=0, le=30)] = 1
    mend_days: Annotated[int, Field(ge=0, le=15)] = Field(default=5, description="at most 15 working days")
    within_h: Annotated[float, Field(gt=0, le=24 * 31)] = Field(
        default=24 * 7, description="how long after the service one may rate by the ticket's link"
    )
    remind_days: Annotated[int, Field(ge=0, le=30)] = Field(
        default=3, description="who has not rated is invited once more after so many days; 0: never"
    )
    form: RatingForm = Field(default_factory=_standard_form)


class Choice(Strict):
    """One entry of a list of the hall's own words."""

    id: Id
    name: Text


class Assistance(Strict):
    """Free help by guides (帮办代办, C8): what can be asked for at the kiosk. Empty: the kiosk offers none."""

    kinds: list[Choice] = [
        Choice(id="guide", name={"zh": "请导办员帮我取号、填表", "en": "Help me take a number and fill in forms"}),
        Choice(
            id="whole", name={"zh": "老弱病残孕：请全程帮办", "en": "Accompany me: elderly, ill, disabled, expecting"}
        ),
        Choice(id="wheelchair", name={"zh": "需要轮椅", "en": "I need a wheelchair"}),
        Choice(id="sign", name={"zh": "需要手语或文字交流", "en": "Sign language or writing"}),
    ]


class Matters(Strict):
    """办不成事, cross-region business and words to 12345: reasons, results and deadlines (working days)."""

    reasons: list[Choice] = [
        Choice(id="refused", name={"zh": "窗口不受理", "en": "The window refused it"}),
        Choice(id="passed-on", name={"zh": "部门之间推诿", "en": "Departments sent me back and forth"}),
        Choice(id="overdue", name={"zh": "超过承诺时限", "en": "Past the promised time"}),
        Choice(
            id="materials", name={"zh": "要求提供清单之外的材料", "en": "Papers asked for that are not on the list"}
        ),
        Choice(id="system", name={"zh": "系统或网上办不了", "en": "The system did not let me"}),
        Choice(id="other", name={"zh": "其他", "en": "Other"}),
    ]
    results: list[Choice] = [
        Choice(id="done", name={"zh": "已办成", "en": "Done"}),
        Choice(id="explained", name={"zh": "依规不能办，已说明理由", "en": "Not possible by law; reason explained"}),
        Choice(id="forwarded", name={"zh": "已转交责任部门", "en": "Passed to the department in charge"}),
        Choice(id="withdrawn", name={"zh": "当事人撤回", "en": "Withdrawn"}),
    ]
    regions: list[Choice] = Field(
        default=[], description="places that cross-region business is done for; free text if empty"
    )
    unresolved_days: Annotated[int, Field(ge=0, le=60)] = 5
    cross_region_days: Annotated[int, Field(ge=0, le=60)] = 10
    complaint_days: Annotated[int, Field(ge=0, le=60)] = 5


class CatalogueRules(Strict):
    """The catalogue of service items and the authorisation letters."""

    letters: bool = Field(
        default=False,
        description="comprehensive windows may take an item of a department only under an authorisation letter in force",
    )
    seed: str | None = Field(
        default=None,
        description="folder beside the hall file with lists that an empty catalogue takes in at first start",
    )
    online_url: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=500)] | None = Field(
        default=None,
        description="where an item on the online list leads whose guide names no address; '{code}' is its code",
    )


class ServiceKind(StrEnum):
    """What sort of business a service is."""

    ORDINARY = "ordinary"
    #: 办不成事: what is brought here is recorded as a matter.
    UNRESOLVED = "unresolved"
    CROSS_REGION = "cross_region"
    #: Several departments' items in one visit (一件事一次办).
    PACKAGE = "package"
    ASSISTED = "assisted"


class Evaluator(Strict):
    """A serial line with evaluators (评价器) at windows; address → window. Tablets need none: they open `/evaluator/<window>`."""

    id: Id
    port: str
    codec: str = "five-keys"
    windows: dict[Annotated[int, Field(ge=0, le=255)], Id]


class IdReader(Strict):
    """A kiosk's ID-card reader. `url`: sam:///dev/ttyUSB0?baud=115200, sam://COM3, sam+socket://host:port (SAM serial
    protocol); wedge:// (a reader that types); simulator:///folder (cards as files)."""

    url: str
    timeout_s: Annotated[float, Field(ge=1, le=60)] = 10
