"""Letters decide which windows may take an item, and from when; what is missing is told (M13, Y6)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.loader import load_hall
from server.catalogue.authority import Post, authority, gaps
from server.catalogue.entries import Item
from server.catalogue.records import Absent, Guide, Letter, LetterItem, ListName
from server.catalogue.routing import posts_of
from server.catalogue.setting_up import follow_letters
from server.catalogue.store import Catalogue
from server.core import commands as c
from server.core.refusals import Reason, Rejected
from server.hall import Answer, Hall, Request
from server.log.sqlite import SqliteLog
from server.plan import make_plan
from tests.cast import COMPANY, E01, INSURANCE, MEDICAL, S01, S02, T01, YANGXIN, Day, at, day_opened
from tests.catalogue.conftest import CIVIL, HR, MARKET

TODAY = date(2026, 11, 23)
#: S1 and S2 are comprehensive windows of two departments; H9 is the human resources bureau's own.
POSTS = {
    "S1": Post("S1", "social", frozenset({"insurance", "relief"}), frozenset()),
    "S2": Post("S2", "social", frozenset({"insurance", "relief"}), frozenset()),
    "H9": Post("H9", "hr", frozenset({"insurance"}), frozenset({HR, "县人社局"})),
    "E1": Post("E1", "business", frozenset({"licence"}), frozenset({MARKET})),
}


def letter(
    name: str = "L1",
    department: str = HR,
    *codes: str,
    start: int = -10,
    end: int | None = None,
    **where: tuple[str, ...],
) -> Letter:
    """A letter that runs from so many days from today to so many."""
    items = tuple(LetterItem(code) for code in codes)
    until = None if end is None else TODAY + timedelta(days=end)
    return Letter(name, department, TODAY + timedelta(days=start), until, items, **where)


@pytest.fixture
def items(catalogue: Catalogue) -> dict[str, Item]:
    return dict(catalogue.all_items())


def test_without_a_letter_only_the_departments_own_window(items: dict[str, Item]) -> None:
    """The special window needs none; of an item without any window the set is empty, not open."""
    allowed = authority(items, [], POSTS, TODAY)
    assert allowed["H1"] == {"H9"}
    assert allowed["M1"] == {"E1"}
    assert allowed["R1"] == frozenset()
    assert set(allowed) == set(items)


@pytest.mark.parametrize(
    ("where", "windows"),
    [
        ({}, {"S1", "S2", "H9", "E1"}),
        ({"windows": ("S1",)}, {"S1", "H9"}),
        ({"zones": ("social",)}, {"S1", "S2", "H9"}),
        ({"windows": ("E1",), "zones": ("hr",)}, {"E1", "H9"}),
    ],
)
def test_a_letter_opens_the_windows_it_names(
    items: dict[str, Item], where: dict[str, tuple[str, ...]], windows: set[str]
) -> None:
    """Windows, zones, both, or the whole hall; and only for the items it names."""
    allowed = authority(items, [letter("L1", HR, "H1", **where)], POSTS, TODAY)
    assert allowed["H1"] == windows
    assert allowed["H2"] == {"H9"}


@pytest.mark.parametrize(
    ("start", "end", "is_open"), [(0, None, True), (0, 0, True), (1, None, False), (-9, -1, False), (-9, 9, True)]
)
def test_from_the_first_day_through_the_last(
    items: dict[str, Item], start: int, end: int | None, is_open: bool
) -> None:
    """On the day it starts and on the day it ends it counts; the day before and the day after it does not."""
    allowed = authority(items, [letter("L1", HR, "H1", start=start, end=end)], POSTS, TODAY)
    assert ("S1" in allowed["H1"]) is is_open


def test_a_department_cannot_give_away_anothers_items(items: dict[str, Item]) -> None:
    """A letter of civil affairs that names an item of human resources opens nothing."""
    assert authority(items, [letter("L1", CIVIL, "H1")], POSTS, TODAY)["H1"] == {"H9"}


def test_a_package_needs_a_letter_for_each_of_its_items(catalogue: Catalogue) -> None:
    """Only windows that may take every one of them; what is not done in the hall does not count."""
    catalogue.put(ListName.GUIDES, Guide("P1", name="一件事", service="relief", members=("H1", "R1")), "root", 2.0)
    for_h1 = letter("L1", HR, "H1", windows=("S1", "S2"))
    for_r1 = letter("L2", CIVIL, "R1", windows=("S2",))
    assert authority(catalogue.all_items(), [for_h1], POSTS, TODAY)["P1"] == frozenset()
    assert authority(catalogue.all_items(), [for_h1, for_r1], POSTS, TODAY)["P1"] == {"S2"}
    catalogue.put(ListName.NEGATIVE, Absent(CIVIL, "R1", "低保", "行政确认", "别处", "0714", "场地"), "root", 3.0)
    allowed = authority(catalogue.all_items(), [for_h1], POSTS, TODAY)
    assert allowed["P1"] == {"S1", "S2", "H9"}
    assert "R1" not in allowed


def test_what_is_missing_is_told(catalogue: Catalogue) -> None:
    """Items nobody may take, letters for unknown, foreign and unserved items, letters that end, ended or begin."""
    letters = [
        letter("ok", HR, "H1", "H2", end=20),
        letter("odd", HR, "NOWHERE", "R1"),
        letter("idle", CIVIL, "R1", windows=("E1",)),
        letter("old", CIVIL, "R1", end=-1),
        letter("soon", CIVIL, "R2", start=5),
    ]
    found = gaps(catalogue.all_items(), letters, POSTS, TODAY)
    # R2 belongs to the insurance service and to civil affairs; X1 has no service at all.
    assert [item.code for item in found.without_letter] == ["R1", "R2"]
    assert [(x.id, code) for x, code in found.unknown] == [("odd", "NOWHERE")]
    assert [(x.id, item.code) for x, item in found.foreign] == [("odd", "R1")]
    assert [(x.id, item.code) for x, item in found.idle] == [("idle", "R1")]
    assert [x.id for x in found.ending] == ["ok"]
    assert [x.id for x in found.expired] == ["old"]
    assert [x.id for x in found.upcoming] == ["soon"]


def test_a_letter_for_a_packages_item_serves_where_the_package_is_taken(catalogue: Catalogue) -> None:
    """Not idle at the package's windows, idle at others; and the package named in a letter is no gap of its own."""
    catalogue.put(ListName.GUIDES, Guide("P1", name="一件事", service="relief", members=("H1", "R1")), "root", 2.0)
    package = catalogue.all_items()["P1"]
    letters = [
        letter("there", HR, "H1", windows=("S1",)),
        letter("nowhere", HR, "H1", windows=("E1",)),
        letter("whole", package.department, "P1", windows=("E1",)),
    ]
    found = gaps(catalogue.all_items(), letters, POSTS, TODAY)
    assert [(x.id, item.code) for x, item in found.idle] == [("nowhere", "H1")]


def test_nothing_is_missing_when_every_item_has_a_letter(catalogue: Catalogue) -> None:
    """The lists can become empty."""
    letters = [letter("a", HR, "H1", "H2", "H3"), letter("b", CIVIL, "R1", "R2")]
    found = gaps(catalogue.all_items(), letters, POSTS, TODAY)
    assert not any(getattr(found, name) for name in found.__dataclass_fields__)


def test_posts_of_yangxin() -> None:
    """Of the reference hall the police, tax, fund, marriage and utility windows are special, the others comprehensive."""
    hall = load_hall(Path(__file__).parents[2] / "config" / "halls" / "yangxin.yaml")
    posts = posts_of(hall)
    own = {
        zone: {post.id for post in posts.values() if post.zone == zone and post.own_of} for zone in ("social", "police")
    }
    assert own["police"] == {"G01", "G02", "G03", "G04", "G05", "G06"}
    assert not {f"S{n:02}" for n in range(1, 25)} & own["social"]
    assert posts["X01"].own_of == {"县税务局"}


# --- in the hall ------------------------------------------------------------------------------------------------------


def test_a_window_never_gets_a_ticket_outside_its_letters() -> None:
    """However the tickets stand, each window calls only those whose item it may take; others go on as ever."""
    plan = replace(YANGXIN, authority={"H1": frozenset({S02}), "M1": frozenset({T01})})
    day = Day(day_opened(), plan=plan)
    day.open(S01, S02, E01, T01)
    numbers = {}
    for name, item in (("h1", "H1"), ("h1b", "H1"), ("plain", None), ("free", "UNKNOWN")):
        day.do(c.Issue(at=at("9:00"), ticket=name, service=INSURANCE, item=item))
        numbers[name] = day.state.tickets[name].number
    day.do(c.Issue(at=at("9:01"), ticket="m1", service=COMPANY, item="M1"))
    assert day.line(S01) == [numbers["plain"], numbers["free"]]
    assert day.line(S02) == [numbers["h1"], numbers["h1b"], numbers["plain"], numbers["free"]]
    assert day.line(E01) == []
    assert day.call_next(T01, "9:05") == day.state.tickets["m1"].number
    with pytest.raises(Rejected) as refused:
        day.do(c.CallTicket(at=at("9:06"), window=S01, ticket=numbers["h1"]))
    assert refused.value.reason is Reason.NOT_SERVED_HERE


def test_an_item_nobody_may_take_gets_no_ticket() -> None:
    """Better told at the kiosk than never called."""
    day = Day(day_opened(), plan=replace(YANGXIN, authority={"R1": frozenset()}))
    with pytest.raises(Rejected) as refused:
        day.do(c.Issue(at=at("9:00"), ticket="x", service=MEDICAL, item="R1"))
    assert refused.value.reason is Reason.ITEM_NOT_AUTHORISED


SHANGHAI = ZoneInfo("Asia/Shanghai")
LETTERS_ON = "\ncatalogue: { letters: true }\n"


class Clock:
    """Wall time as the test wants it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI).timestamp()

    def __call__(self) -> float:
        return self.at


def running(tmp_path: Path, catalogue: Catalogue, clock: Clock) -> tuple[Hall, SqliteLog]:
    """The small hall with letters on, where social windows serve two departments."""
    text = (Path(__file__).parents[1] / "hall" / "small_hall.yaml").read_text("utf-8")
    path = tmp_path / "hall.yaml"
    path.write_text(text + LETTERS_ON, "utf-8")
    hall_file = load_hall(path)
    log = SqliteLog(tmp_path / "hall.db", hall_file.id)
    hall = Hall(make_plan(hall_file), log, clock)
    hall.tick()
    follow_letters(hall, catalogue, hall_file)
    return hall, log


def ask(hall: Hall, name: str, command: type[c.Command], **fields: object) -> int:
    """Give a command; the number of events, or -1 if refused."""
    seen: list[int] = []
    request = Request(
        lambda now: command(at=now, **fields),  # type: ignore[arg-type]
        name, "", "test",
        lambda _s, events, _at: (seen.append(len(events)), Answer(200, None))[1],
        lambda refused: (seen.append(-1), Answer(409, refused.reason.value))[1],
    )  # fmt: skip
    hall.handle(request)
    return seen[-1]


def test_an_entered_letter_counts_at_once(tmp_path: Path, catalogue: Catalogue) -> None:
    """With the letter the ticket is issued and called; with the letter taken away the next one is refused."""
    clock = Clock()
    hall, log = running(tmp_path, catalogue, clock)
    ask(hall, "open", c.OpenWindow, window="S01", clerk="wang")
    assert ask(hall, "t1", c.Issue, ticket="t1", service="insurance", item="H1") == -1
    entered = Letter("L1", HR, date(2026, 1, 1), None, (LetterItem("H1"),), zones=("social",))
    catalogue.put(ListName.LETTERS, entered, "root", 2.0)
    assert hall.plan.authority["H1"] == {"S01", "S02", "S03"}
    assert ask(hall, "t2", c.Issue, ticket="t2", service="insurance", item="H1") == 1
    assert ask(hall, "call", c.CallNext, window="S01") == 1
    catalogue.remove(ListName.LETTERS, "L1", "root", 3.0)
    assert ask(hall, "t3", c.Issue, ticket="t3", service="insurance", item="H1") == -1
    log.close()


def test_a_letter_counts_from_its_start_date_on(tmp_path: Path, catalogue: Catalogue) -> None:
    """Entered today for tomorrow: today no ticket, tomorrow from the day's first event on, after its end no more."""
    clock = Clock()
    hall, log = running(tmp_path, catalogue, clock)
    tomorrow = Letter("L1", HR, date(2026, 11, 24), date(2026, 11, 24), (LetterItem("H1"),))
    catalogue.put(ListName.LETTERS, tomorrow, "root", 2.0)
    assert ask(hall, "t1", c.Issue, ticket="t1", service="insurance", item="H1") == -1
    clock.at += 86400
    # Not a tick but a citizen is the first to come on the new day.
    assert ask(hall, "t2", c.Issue, ticket="t2", service="insurance", item="H1") == 1
    assert "S01" in hall.plan.authority["H1"]
    clock.at += 86400
    hall.tick()
    assert hall.plan.authority["H1"] == frozenset()
    log.close()


def test_the_plan_can_be_exchanged_while_the_hall_runs(tmp_path: Path, catalogue: Catalogue) -> None:
    """`adopt` counts for the next decision and leaves the state as it is."""
    clock = Clock()
    hall, log = running(tmp_path, catalogue, clock)
    ask(hall, "t0", c.Issue, ticket="t0", service="relief")
    with hall.reading() as state:
        before = dict(state.tickets)
    hall.adopt(replace(hall.plan, authority={"H1": frozenset({"S03"})}))
    with hall.reading() as state:
        assert state.tickets == before
    assert ask(hall, "t1", c.Issue, ticket="t1", service="insurance", item="H1") == 1
    assert ask(hall, "t2", c.Issue, ticket="t2", service="relief", item="R1") == 1
    log.close()
