"""Every way to break what follows a visit: pre-checks, pickup desks, experts, hooks, the platform's link."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from config.findings import Severity
from config.loader import Examined

PRECHECK = """  - id: look
    zone: social
    name: { zh: 预审, en: Pre-check }
    department: { zh: 政务局, en: Government Services }
    position: precheck
"""
WINDOW = "  - { ids: Q01, number: 9, zone: social, position: precheck }\n"
RELIEF = "    department: { zh: 民政局, en: Civil Affairs }\n"


@dataclass(frozen=True, slots=True)
class Broken:
    """A change to the good hall, and the one finding it must give: `at` is the text of the line it points to."""

    name: str
    old: str
    new: str
    at: str
    problem: str
    mend: str
    zh: str


CASES = [
    Broken(
        "unknown pre-check",
        "    precheck: look\n",
        "    precheck: lok\n",
        "precheck: lok",
        "unknown service 'lok'",
        "Did you mean 'look'?",
        "没有名为“lok”的业务",
    ),
    Broken(
        "a pre-check that is none",
        "    precheck: look\n",
        "    precheck: insurance\n",
        "precheck: insurance",
        "service 'insurance' is for position 'acceptance', not for pre-checks",
        "Write one of: look.",
        "不是预审",
    ),
    Broken(
        "its own pre-check",
        "    precheck: look\n",
        "    precheck: relief\n",
        "precheck: relief",
        "'relief' cannot be its own pre-check",
        "Write one of: look.",
        "不能给自己当预审",
    ),
    Broken(
        "a ring",
        "    position: precheck\n",
        "    position: precheck\n    precheck: look\n",
        "    precheck: look",
        "'look' is a pre-check itself and cannot have one",
        "Delete this line; 'precheck' belongs to the service the papers are for.",
        "本身就是预审",
    ),
    Broken(
        "pickup of an unknown zone",
        "pickup: { social: collect }",
        "pickup: { socail: collect }",
        "pickup: { socail: collect }",
        "unknown zone 'socail'",
        "Did you mean 'social'?",
        "没有名为“socail”的服务区",
    ),
    Broken(
        "pickup at a service that hands out nothing",
        "pickup: { social: collect }",
        "pickup: { social: insurance }",
        "pickup: { social: insurance }",
        "service 'insurance' is for position 'acceptance' and hands out no results",
        "Write one of: collect.",
        "不发放结果",
    ),
    Broken(
        "pickup at an unknown service",
        "pickup: { social: collect }",
        "pickup: { social: colect }",
        "pickup: { social: colect }",
        "unknown service 'colect'",
        "Did you mean 'collect'?",
        "没有名为“colect”的业务",
    ),
    Broken(
        "expert at an unknown window",
        "window: S02 }",
        "window: S09 }",
        "window: S09",
        "unknown window 'S09'",
        "Did you mean 'S03'?",
        "没有名为“S09”的窗口",
    ),
    Broken(
        "expert of an unknown department",
        "department: 人社局, window",
        "department: 人事局, window",
        "department: 人事局",
        "unknown department '人事局'",
        "Did you mean '人社局'?",
        "没有名为“人事局”的部门",
    ),
    Broken(
        "two experts of one name",
        "  - { id: second,",
        "  - { id: first,",
        "  - { id: first, kind: chief",
        "two experts are called 'first'",
        "Give one of them another id.",
        "first",
    ),
    Broken(
        "platform by file without a folder",
        "platform: { kind: hand }",
        "platform: { kind: file }",
        "platform: { kind: file }",
        "the platform's link 'file' wants a 'folder'",
        "Write 'folder: …' here, or 'kind: hand' where clerks enter the numbers.",
        "缺少“folder”",
    ),
    Broken(
        "ratings for a platform that nobody is linked to",
        "platform: { kind: hand }",
        "platform: { kind: hand, ratings: true }",
        "platform: { kind: hand, ratings: true }",
        "nobody takes the ratings: the platform's link is 'hand'",
        "Write 'kind: file' or 'kind: http', or delete this line.",
        "评价报不出去",
    ),
    Broken(
        "a reminder after the last moment to rate",
        "platform: { kind: hand }",
        "ratings: { within_h: 48, remind_days: 2 }",
        "ratings: { within_h: 48, remind_days: 2 }",
        "after 2 days one can rate no more: 'within_h' is 48",
        "Give 'within_h' more than 48 hours, or fewer days here; 0 invites nobody again.",
        "2 天后已经不能评价",
    ),
]


@pytest.fixture
def whole(small: str) -> str:
    """The small hall with a pre-check, a pickup desk, two experts and a platform, without a fault."""
    text = small.replace("  - id: licence\n", f"{PRECHECK}  - id: licence\n", 1).replace(
        "windows:\n", f"windows:\n{WINDOW}", 1
    )
    text = text.replace(RELIEF, f"{RELIEF}    precheck: look\n", 1)
    return text + (
        "cases:\n  pickup: { social: collect }\n"
        "experts:\n"
        "  - { id: first, kind: expert, name: { zh: 专家, en: Expert }, department: 人社局, window: S02 }\n"
        "  - { id: second, kind: chief, name: { zh: 代表, en: Chief }, department: 民政局 }\n"
        "platform: { kind: hand }\n"
    )


def test_it_is_good_before_it_is_broken(whole: str, examine_text: Callable[[str], Examined]) -> None:
    """Neither errors nor warnings."""
    assert examine_text(whole).findings == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_told_with_line_and_mend(case: Broken, whole: str, examine_text: Callable[[str], Examined]) -> None:
    """One fault gives one finding at the line where it stands, with fault and mend in English and Chinese."""
    assert whole.count(case.old) == 1, "the change must have one place"
    text = whole.replace(case.old, case.new)

    examined = examine_text(text)

    assert examined.hall is None
    [finding] = examined.findings
    assert finding.severity is Severity.ERROR
    assert case.at in text.splitlines()[finding.line - 1]
    assert finding.problem.say("en") == case.problem
    assert finding.mend.say("en") == case.mend
    assert case.zh in finding.problem.say("zh")
    assert finding.mend.say("zh") != case.mend, "the mend is not translated"
