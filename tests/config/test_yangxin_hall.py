"""The shipped hall is that of the published plan: zones, positions, services, timetables, devices."""

from collections import Counter
from pathlib import Path

import pytest

from config.loader import Examined, examine, examine_text
from config.plan import ResolvedWindow, resolve_windows
from config.schema import CallRules, HallFile, Position, Service, Tides, Zone

A, P, C, K, T = Position.ACCEPTANCE, Position.PRECHECK, Position.CONSULTING, Position.PICKUP, Position.TIDAL

#: halls.md, table Y; the special zones have windows of their own.
WINDOWS = {
    "social": {A: 24, P: 2, K: 2, T: 2},
    "enterprise": {A: 12, C: 2, K: 2, T: 2},
    "real-estate": {A: 15, P: 2, C: 4, K: 2, T: 3},
    "police": {A: 6},
    "tax": {A: 5},
    "housing-fund": {A: 3},
    "marriage": {A: 2},
    "consulting": {C: 1},
    "public": {A: 6},
}
STAFF = {
    "social": {Position.RUNNER: 3, Position.SUPERVISOR: 1},
    "enterprise": {Position.RUNNER: 2, Position.SUPERVISOR: 1},
    "consulting": {Position.GUIDE: 4 + 4 + 4},
}
#: A word of every department in table Y, by zone.
DEPARTMENTS = {
    "social": "人力资源 医疗保障 民政 交通运输 司法 文化和旅游 卫生健康 农业农村 退役军人 残疾人 统战 档案 版 财政 教育 科学技术"
    " 经济和信息化 统计 气象 烟草 消防",
    "enterprise": "市场监督 公安 人力资源 税务 商务 自然资源 住房和城乡 人民防空 发展和改革 应急 生态环境 水利 城市管理 供水",
    "real-estate": "不动产 税务 住房和城乡 公证 供水",
}


@pytest.fixture(scope="module")
def examined() -> Examined:
    """What the loader says about the shipped file."""
    return examine(Path(__file__).parents[2] / "config" / "halls" / "yangxin.yaml")


@pytest.fixture(scope="module")
def hall(examined: Examined) -> HallFile:
    """The hall."""
    assert examined.hall is not None
    return examined.hall


@pytest.fixture(scope="module")
def windows(hall: HallFile) -> list[ResolvedWindow]:
    """Its single windows."""
    return resolve_windows(hall)


def zone_of(hall: HallFile, name: str) -> Zone:
    """A zone by id."""
    return next(zone for zone in hall.zones if zone.id == name)


def services_of(hall: HallFile, zone: str) -> list[Service]:
    """The services of a zone in order."""
    return [service for service in hall.services if service.zone == zone]


def test_the_shipped_hall_has_no_fault_and_no_warning(examined: Examined) -> None:
    """Not even a board whose text would be small."""
    assert examined.findings == ()


def test_every_zone_has_the_windows_of_the_plan(windows: list[ResolvedWindow]) -> None:
    """24 + 12 + 15 acceptance windows, precheck, consulting, pickup, seven tidal ones, the special windows."""
    counted = {zone: Counter(one.position for one in windows if one.zone == zone) for zone in WINDOWS}

    assert counted == WINDOWS
    assert len(windows) == sum(sum(count.values()) for count in WINDOWS.values())


def test_staff_without_a_window_are_those_of_the_plan(hall: HallFile) -> None:
    """Runners and supervisors of two zones; guides for advice, for self-service and for online service."""
    assert {zone.id: dict(zone.positions) for zone in hall.zones if zone.positions} == STAFF


def test_eight_real_estate_windows_serve_all_and_seven_register(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """Comprehensive windows take every acceptance service of the zone, the others registration only."""
    acceptance = {one.id for one in services_of(hall, "real-estate") if one.position is A}
    served = [set(one.services) for one in windows if one.zone == "real-estate" and one.position is A]

    assert sum(services == acceptance for services in served) == 8
    assert [services for services in served if services != acceptance] == [
        {"estate-registration", "estate-mortgage", "estate-query", "estate-reissue"}
    ] * 7


def test_special_windows_do_not_distinguish(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """Inside police, tax, fund and marriage every window serves everything."""
    for zone in ("police", "tax", "housing-fund", "marriage"):
        everything = tuple(service.id for service in services_of(hall, zone))
        assert {one.services for one in windows if one.zone == zone} == {everything}


def test_tidal_windows_may_help_in_the_other_zones(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """Each of the seven serves its own zone, holds the theme services at enterprise, and helps two zones more."""
    zone_by_service = {service.id: service.zone for service in hall.services}
    for one in (one for one in windows if one.position is T):
        assert {zone_by_service[name] for name in one.services} == {one.zone}
        assert {zone_by_service[name] for name in one.may_help} >= {"social", "enterprise", "real-estate"} - {one.zone}
    themes = {"theme-startup", "theme-one-licence", "theme-build-first", "theme-joint-review"}
    assert all(themes <= set(one.services) for one in windows if one.id in ("TE01", "TE02"))


def test_every_department_of_the_plan_has_a_service(hall: HallFile) -> None:
    """Resident and visiting departments, in the zones the plan gives them."""
    for zone, words in DEPARTMENTS.items():
        departments = " ".join(service.department["zh"] for service in services_of(hall, zone))
        assert [word for word in words.split() if word not in departments] == []


def test_the_services_named_by_the_plan_are_there(hall: HallFile) -> None:
    """跨域通办, 一事联办, 办不成事, the four themes, water, power and gas."""
    names = " ".join(service.name["zh"] for service in hall.services)

    for wanted in (
        "跨域通办",
        "一事联办",
        "办不成事",
        "企业开办",
        "一业一证",
        "先建后验",
        "建设项目联合审批",
        "自来水",
        "电力",
        "燃气",
    ):
        assert wanted in names


def test_there_are_services_enough_for_pages_and_search(hall: HallFile) -> None:
    """At least 50 services, more than one page of eight in social, each with search words and a name of its own."""
    assert len(hall.services) >= 50
    assert len(services_of(hall, "social")) > 24
    assert all(service.keywords for service in hall.services)
    for language in ("zh", "en"):
        names = [service.name[language] for service in hall.services]
        assert len(set(names)) == len(names)


def test_the_most_used_services_come_first(hall: HallFile) -> None:
    """Social security and health insurance, half the tickets of the reference day, are on the first page."""
    first_page = [service.id for service in services_of(hall, "social")[:8]]

    assert first_page[:3] == ["social-insurance", "medical-insurance", "social-security-card"]


def test_lunch_saturday_and_noon_break(hall: HallFile) -> None:
    """The main zones work through noon, marriage and advice rest, the police also open on Saturday morning."""

    def day(zone: str, name: str) -> list[str]:
        hours = hall.hours[zone_of(hall, zone).hours or ""]
        return [f"{shift.start:%H:%M}-{shift.end:%H:%M}" for shift in getattr(hours, name)]

    for zone in ("social", "enterprise", "real-estate", "police", "tax", "housing-fund", "public"):
        assert day(zone, "wed") == ["08:30-17:30"]
    for zone in ("marriage", "consulting"):
        assert day(zone, "wed") == ["08:30-12:00", "14:30-17:30"]
    assert day("police", "sat") == ["08:30-12:00"]
    assert day("social", "sat") == []
    assert day("social", "sun") == []


def test_comprehensive_windows_may_help_with_quick_business(windows: list[ResolvedWindow]) -> None:
    """Social windows with changes to a business, business and tax ones with social insurance, and so on; no more."""
    helping = {one.id[:-2]: one.may_help for one in windows if one.may_help and one.position is not T}

    assert helping == {
        "S": ("company-change", "estate-query", "tax-invoice"),
        "E": ("social-insurance", "medical-insurance", "estate-query"),
        "X": ("social-insurance", "medical-insurance", "estate-query"),
        "RC": ("tax-invoice", "tax-filing"),
    }


def test_half_of_the_clerks_are_there_at_any_lunch_time(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """Wherever the zone works through noon, the first half of a run eats at twelve and the other at one."""
    shifts = {
        "12": ["08:30-12:00", "13:00-17:30"],
        "13": ["08:30-13:00", "14:00-17:30"],
    }
    runs: dict[str, list[ResolvedWindow]] = {}
    for one in windows:
        if zone_of(hall, one.zone).hours != "noon-break" and one.zone != "public":
            runs.setdefault(one.id[:-2], []).append(one)
    assert len(runs) == 17
    for run in runs.values():
        for place, one in enumerate(run):
            hours = hall.hours[one.hours]
            spans = [f"{span.start:%H:%M}-{span.end:%H:%M}" for span in hours.wed]
            assert spans == shifts["12" if place < (len(run) + 1) // 2 else "13"], one.id
            assert bool(hours.sat) == (one.zone == "police"), one.id
            assert hours.closed == hall.hours["all-day"].closed


def test_rules_and_tides_are_written_out_with_their_defaults(hall: HallFile) -> None:
    """The file shows an official every number there is, and changes none."""
    assert hall.rules == CallRules()
    assert hall.tides == Tides()
    assert hall.rules.model_fields_set == set(CallRules.model_fields)
    assert hall.tides.model_fields_set == set(Tides.model_fields) - {"schedule"}


def test_the_example_of_a_move_by_timetable_works_as_it_stands() -> None:
    """Whoever takes the # away has a move by timetable, and a hall without a fault."""
    text = (Path(__file__).parents[2] / "config" / "halls" / "yangxin.yaml").read_text(encoding="utf-8")
    used = text.replace("  # schedule:\n  #   - {", "  schedule:\n    - {")
    assert used != text

    examined = examine_text("yangxin.yaml", used)

    assert examined.findings == ()
    assert examined.hall is not None
    assert [(move.window, move.zone) for move in examined.hall.tides.schedule] == [("TS01", "enterprise")]


def test_three_floors_each_with_kiosk_board_and_voice(hall: HallFile) -> None:
    """Nobody has to climb stairs for a ticket or to see and hear a call."""
    floors = {area.id: area.floor for area in hall.areas}

    assert {floors[kiosk.area] for kiosk in hall.kiosks} == {1, 2, 3}
    assert {board.area for board in hall.boards} == set(floors)
    assert sorted(voice.area for voice in hall.voices) == sorted(floors)
    assert next(voice for voice in hall.voices if voice.area == "f1").languages == ["zh", "en"]


def test_kiosks_and_boards_come_in_both_orientations(hall: HallFile) -> None:
    """Portrait and landscape; the demo's kiosk prints to a preview, since no printer stands there."""
    for screens in ([kiosk.screen for kiosk in hall.kiosks], [board.screen for board in hall.boards]):
        assert {screen.width_px > screen.height_px for screen in screens} == {True, False}
    assert hall.kiosks[0].printer.url == "preview://"
    assert hall.kiosks[0].zones is None


def test_window_numbers_tell_the_floor(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """1–99 on the first floor, 2xx on the second, 3xx on the third."""
    floors = {area.id: area.floor for area in hall.areas}
    for one in windows:
        floor = floors[zone_of(hall, one.zone).area]
        assert (one.number // 100 or 1) == floor


def test_priority_groups_are_those_of_the_law(hall: HallFile) -> None:
    """Soldiers and veterans, other entitled families, the old, the disabled, expectant mothers, infants."""
    assert [group.id for group in hall.priority_groups] == [
        "military",
        "honoured",
        "elder",
        "disabled",
        "pregnant",
        "infant",
    ]
    assert all(group.enabled and group.proof["zh"] and group.proof["en"] for group in hall.priority_groups)
