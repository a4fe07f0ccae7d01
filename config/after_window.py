"""The hall file's sections of what follows a visit: cases and their clocks, experts, outgoing notices, the platform."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from config.kinds import Id, Minutes, Strict, Text
from config.sections import Choice

_Days = Annotated[int, Field(ge=1, le=366)]
_Url = Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]


class Cases(Strict):
    """Accepted items on their way to a result (Y4, P2–P4, M12, C5). Deadlines in working days."""

    urgent_min: Minutes = Field(default=10, description="papers of an urgent item reach the back office within")
    promised_min: Minutes = Field(default=30, description="those of any other")
    default_days: _Days = Field(default=20, description="departments' time where the item's guide names none")
    result_days: _Days = Field(default=1, description="from the last answer until the paper is at the pickup desk")
    collect_days: _Days = Field(default=30, description="a result not fetched after this many days is pointed out")
    post_days: _Days = Field(default=7, description="a result to be posted, or a delivery to be reported, likewise")
    kept_days: _Days = Field(default=180, description="name, phone and address of an application are kept so long")
    pickup: dict[Id, Id] = Field(
        default={}, description="zone → service whose windows hand out its results; its own pickup service if absent"
    )
    carriers: list[str] = Field(default=["EMS", "顺丰速运", "中通快递"], description="who posts results")
    refusals: list[Choice] = Field(
        default=[
            Choice(id="not-here", name={"zh": "不属于本机关职权范围", "en": "Not within the powers of this office"}),
            Choice(id="not-needed", name={"zh": "依法不需要取得行政许可", "en": "No permit is needed by law"}),
            Choice(id="conditions", name={"zh": "不符合法定条件", "en": "The conditions of the law are not met"}),
            Choice(id="withheld", name={"zh": "逾期未补正材料", "en": "Missing papers were not brought in time"}),
            Choice(id="other", name={"zh": "其他", "en": "Other"}),
        ],
        description="reasons of a refusal (不予受理)",
    )
    mismatches: list[Choice] = Field(
        default=[
            Choice(id="name", name={"zh": "姓名或名称不符", "en": "Name does not match"}),
            Choice(id="number", name={"zh": "证件号码不符", "en": "Number does not match"}),
            Choice(id="item", name={"zh": "事项不符", "en": "Another item"}),
            Choice(id="copies", name={"zh": "份数不符", "en": "Wrong number of copies"}),
            Choice(id="seal", name={"zh": "缺章或印制有误", "en": "Seal missing or misprinted"}),
        ],
        description="why a result goes back to the department",
    )


class ExpertKind(StrEnum):
    """Who helps a clerk beyond his own window."""

    #: 中台: knows an item and decides on the spot.
    EXPERT = "expert"
    #: 首席代表: decides for a department.
    CHIEF = "chief"


class Expert(Strict):
    """Somebody a clerk can call to the window or hand a ticket to (Y9, M11). `window`: where tickets handed over are
    served; without one he can only be called."""

    id: Id
    kind: ExpertKind
    name: Text
    department: str
    window: Id | None = None


class NoticeKind(StrEnum):
    """What other programs are told."""

    CALLED = "called"
    #: Three before you.
    NEARLY = "nearly"
    RESULT_READY = "result_ready"
    RESULT_POSTED = "result_posted"
    FEE_DUE = "fee_due"
    CORRECTION_DUE = "correction_due"
    RATE_US = "rate_us"
    BAD_RATING = "bad_rating"
    STEP_OVERDUE = "step_overdue"
    #: The longest wait of a service has crossed a limit (A2.17).
    WAIT_ALARM = "wait_alarm"


class Hook(Strict):
    """An address that is told of things (Standard Webhooks): the hall's SMS or WeChat gateway. Its secret is made at the
    first start and shown by `run_server.py hooks`."""

    id: Id
    url: _Url
    events: Annotated[list[NoticeKind], Field(min_length=1)]
    timeout_s: Annotated[float, Field(ge=1, le=60)] = 10


class PlatformLink(Strict):
    """The provincial platform (Y16). `hand`: numbers and milestones are entered by clerks; `file`: JSON files in
    `folder`/out and `folder`/in; `http`: a gateway at `url`, its token in the environment variable `token_env`."""

    kind: Literal["hand", "file", "http"] = "hand"
    folder: str | None = None
    url: _Url | None = None
    token_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    every_s: Annotated[float, Field(ge=1, le=3600)] = 30
