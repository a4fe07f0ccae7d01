"""What is told of days and slots in a hall file that cannot be meant, with its line; and what years are not known."""

from collections.abc import Callable

import pytest

from config.calendars import LAST_YEAR
from config.findings import Severity
from config.loader import Examined
from config.summary import summarise

NEXT, AFTER = LAST_YEAR + 1, LAST_YEAR + 2
NEW_YEAR = "{ zh: 元旦, en: New Year }"
DAY = "    tue: [08:30-12:00]\n"
END = "areas:\n"

#: What is written where, on which line it is told, as what, and how.
ROWS: list[tuple[str, str, int, Severity, str]] = [
    (
        END,
        f"calendar:\n  holidays: {{ 2026-12-01: {NEW_YEAR} }}\n  workdays:\n    - 2026-12-01\n",
        10,
        Severity.ERROR,
        "2026-12-01 is both a holiday and a workday",
    ),
    (
        END,
        f"calendar:\n  holidays: {{ {AFTER}-01-01: {NEW_YEAR} }}\n  workdays: [{AFTER}-01-03]\n",
        8,
        Severity.WARNING,
        f"the holidays and make-up workdays of {NEXT} are not known",
    ),
    (
        DAY,
        "    holiday: [09:00-12:00, 11:00-13:00]\n",
        7,
        Severity.ERROR,
        "shift 11:00-13:00 overlaps 09:00-12:00 or stands before it",
    ),
    (
        DAY,
        "    dates:\n      2026-12-01: [14:00-15:00, 09:00-10:00]\n",
        8,
        Severity.ERROR,
        "shift 09:00-10:00 overlaps 14:00-15:00 or stands before it",
    ),
    (
        DAY,
        "    closed: [2026-12-01]\n    dates:\n      2026-12-01: [09:00-10:00]\n",
        9,
        Severity.WARNING,
        "2026-12-01 has hours of its own though it is closed; the hours count",
    ),
    (
        DAY,
        "    market: [08:00-17:00]\n",
        7,
        Severity.WARNING,
        "hours of market days, but the hall has no market days",
    ),
    (
        DAY,
        "    appointment:\n      mon: [17:00-18:00, 17:30-19:00]\n",
        8,
        Severity.ERROR,
        "shift 17:30-19:00 overlaps 17:00-18:00 or stands before it",
    ),
    (
        DAY,
        "    appointment:\n      mon: [17:00-18:00]\n      appointment: { mon: [19:00-20:00] }\n",
        9,
        Severity.ERROR,
        "hours by appointment have no further hours by appointment",
    ),
    (
        "    mean_service_min: 6\n",
        '    slots:\n      - { days: [mon], span: "09:00-10:00" }\n      - { days: [wed], span: "09:00-10:00" }\n',
        34,
        Severity.WARNING,
        "no slot of 'insurance' lies in its opening hours",
    ),
]


@pytest.mark.parametrize(("place", "more", "line", "severity", "problem"), ROWS, ids=[row[4][:45] for row in ROWS])
def test_what_cannot_be_meant_is_told(
    small: str,
    examine_text: Callable[[str], Examined],
    place: str,
    more: str,
    line: int,
    severity: Severity,
    problem: str,
) -> None:
    """One finding, on the line of the fault, with a mend in both languages."""
    assert small.count(place) == 1
    text = small.replace(place, more + place if place == END else place + more)

    [finding] = examine_text(text).findings

    assert (finding.problem.say("en"), finding.severity, finding.line) == (problem, severity, line)
    assert finding.mend.say("en") != finding.mend.say("zh")
    assert finding.problem.say("zh") != problem


@pytest.mark.parametrize(
    "more",
    [
        "    appointment: { wed: [09:00-10:00] }\n",
        "    dates: { 2026-11-25: [09:00-10:00] }\n",
        "    market: [08:00-17:00]\n",
    ],
)
def test_slots_of_a_day_that_is_sometimes_open(small: str, examine_text: Callable[[str], Examined], more: str) -> None:
    """Extended hours, a single Wednesday, or market days that fall on one: then the slots are meant."""
    slots = '    mean_service_min: 6\n    slots: [{ days: [wed], span: "09:00-10:00" }]\n'
    text = small.replace("    mean_service_min: 6\n", slots).replace(DAY, DAY + more)
    text = text.replace(END, "calendar: { market_days: { rule: lunar, days: [3] } }\n" + END)
    assert examine_text(text).findings == ()


def test_a_year_told_in_full_is_no_matter(small: str, examine_text: Callable[[str], Examined]) -> None:
    """Holidays and make-up workdays of the next year: nothing to say, nor when the year is only begun (the
    summary tells that it is not known). A hall without a country need tell none."""
    full = f"calendar:\n  holidays: {{ {NEXT}-01-01: {NEW_YEAR} }}\n  workdays: [{NEXT}-01-03]\n"
    none = f"calendar:\n  country: none\n  holidays: {{ {AFTER}-01-01: {NEW_YEAR} }}\n"
    begun = f"calendar:\n  holidays: {{ {NEXT}-01-01: {NEW_YEAR} }}\n"
    for calendar in (full, none, begun):
        assert examine_text(small.replace(END, calendar + END)).findings == ()


@pytest.mark.parametrize(
    ("calendar", "known"),
    [
        ("", LAST_YEAR),
        (f"calendar:\n  holidays: {{ {NEXT}-01-01: {NEW_YEAR} }}\n  workdays: [{NEXT}-01-03]\n", NEXT),
        (f"calendar:\n  holidays: {{ {NEXT}-01-01: {NEW_YEAR} }}\n", LAST_YEAR),
        ("calendar: { country: none }\n", None),
    ],
)
def test_the_summary_tells_until_when_holidays_are_known(
    small: str, examine_text: Callable[[str], Examined], calendar: str, known: int | None
) -> None:
    """`python -m config check` always says it, so that nobody learns it on New Year's Day."""
    hall = examine_text(small.replace(END, calendar + END)).hall
    assert hall is not None
    told = f"已知到 {known} 年；之后只按大厅文件里写的"
    assert (told in summarise(hall, "zh")) == (known is not None)
    assert ("节假日" in summarise(hall, "zh")) == (known is not None)
