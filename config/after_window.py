"""The hall file's sections of what follows a visit: cases and their clocks, experts, outgoing notices, the platform."""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from config.kinds import Id, Minutes, Strict, Text
from config.sections import Choice


def _regular(pattern: str) -> str:
    """Refuse what is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as wrong:
        raise PydanticCustomError("not_a_pattern", "not a pattern: {why}", {"why": str(wrong)}) from wrong
    return pattern


_Days = Annotated[int, Field(ge=1, le=366)]
_Url = Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]


class Tracking(Strict):
    """What a carrier's numbers look like, so that a slip of the finger is asked about. `form` says it in words."""

    pattern: Annotated[str, Field(max_length=200), AfterValidator(_regular)]
    form: Text


#: Of carriers that every hall knows: by what their name contains, since a branch's name is longer.
KNOWN_CARRIERS = {
    "EMS": Tracking(
        pattern=r"1\d{12}|9\d{12}|[A-Z]{2}\d{9}[A-Z]{2}",
        form={
            "zh": "13 位数字，或两位字母加 9 位数字加两位字母",
            "en": "13 digits, or two letters, nine digits and two letters",
        },
    ),
    "顺丰": Tracking(
        pattern=r"SF\d{13}|\d{12}", form={"zh": "SF 加 13 位数字，或 12 位数字", "en": "SF and 13 digits, or 12 digits"}
    ),
    "京东": Tracking(
        pattern=r"JD[A-Z0-9]{11,16}(-\d{1,3}){0,3}",
        form={"zh": "JD 开头，13 至 18 位字母或数字", "en": "JD and 11 to 16 letters or digits"},
    ),
    "中通": Tracking(pattern=r"\d{12,15}", form={"zh": "12 至 15 位数字", "en": "12 to 15 digits"}),
    "圆通": Tracking(pattern=r"YT\d{13}|[A-Z]?\d{10,12}", form={"zh": "YT 加 13 位数字", "en": "YT and 13 digits"}),
    "申通": Tracking(pattern=r"\d{12,15}", form={"zh": "12 至 15 位数字", "en": "12 to 15 digits"}),
    "韵达": Tracking(pattern=r"\d{13}|\d{15}", form={"zh": "13 位或 15 位数字", "en": "13 or 15 digits"}),
    "极兔": Tracking(pattern=r"JT\d{13}", form={"zh": "JT 加 13 位数字", "en": "JT and 13 digits"}),
    "邮政": Tracking(
        pattern=r"\d{13}|[A-Z]{2}\d{9}[A-Z]{2}",
        form={
            "zh": "13 位数字，或两位字母加 9 位数字加两位字母",
            "en": "13 digits, or two letters, nine digits and two letters",
        },
    ),
}


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
    tracking: dict[str, Tracking] = Field(
        default={}, description="carrier → what its tracking numbers look like, where that is not known or is otherwise"
    )
    authorities: Annotated[list[Choice], Field(min_length=1)] = Field(
        default=[
            Choice(id="letter", name={"zh": "授权委托书和双方身份证", "en": "Authorisation letter and both ID cards"}),
            Choice(id="family", name={"zh": "户口簿或亲属关系证明", "en": "Household register or proof of kinship"}),
            Choice(
                id="company", name={"zh": "单位介绍信和经办人身份证", "en": "Company letter and its bearer's ID card"}
            ),
            Choice(id="guardian", name={"zh": "监护关系证明", "en": "Proof of guardianship"}),
        ],
        description="by what somebody who fetches a result for the applicant proves it (代领)",
    )
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

    def tracking_of(self, carrier: str) -> Tracking | None:
        """What a carrier's numbers look like, as the hall file says or as everybody knows; None of one nobody knows."""
        name = carrier.upper()
        return self.tracking.get(carrier) or next((form for key, form in KNOWN_CARRIERS.items() if key in name), None)


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
    #: Whether ratings are reported, too (A1.10).
    ratings: bool = False
