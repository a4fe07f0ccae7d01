"""Miluo's hall is that of its published plan: windows M1 and M2, department zones M3, enterprise centre M4, letters M13."""

from collections import Counter
from pathlib import Path

import pytest

from config.loader import Examined, examine
from config.plan import ResolvedWindow, resolve_windows
from config.schema import HallFile, Position
from config.sections import CardUse, ServiceKind


@pytest.fixture(scope="module")
def examined() -> Examined:
    """What the loader says about the shipped file."""
    return examine(Path(__file__).parents[2] / "config" / "halls" / "miluo.yaml")


@pytest.fixture(scope="module")
def hall(examined: Examined) -> HallFile:
    """The hall."""
    assert examined.hall is not None
    return examined.hall


@pytest.fixture(scope="module")
def windows(hall: HallFile) -> list[ResolvedWindow]:
    """Its single windows."""
    return resolve_windows(hall)


def test_miluo_has_no_fault_and_no_warning(examined: Examined) -> None:
    """The loader has nothing to say."""
    assert examined.findings == ()


def test_four_windows_accept_two_hand_out_two_runners_carry(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """M1: 4 comprehensive acceptance windows, 2 comprehensive pickup windows, 2 material runners."""
    zone = next(zone for zone in hall.zones if zone.id == "comprehensive")
    there = [one for one in windows if one.zone == "comprehensive"]
    accepted = tuple(s.id for s in hall.services if s.zone == "comprehensive" and s.position is Position.ACCEPTANCE)

    assert Counter(one.position for one in there) == {Position.ACCEPTANCE: 4, Position.PICKUP: 2}
    assert {one.services for one in there if one.position is Position.ACCEPTANCE} == {accepted}
    assert zone.positions[Position.RUNNER] == 2


def test_six_windows_are_kept(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """M2: advice, packages, assisted service, cross-province service, couldn't-get-it-done, open government."""
    services = {service.id: service for service in hall.services}
    kept = [services[one.services[0]] for one in windows if one.zone == "kept"]

    assert [one.name["zh"] for one in kept] == [
        "综合咨询",
        "一件事一次办",
        "帮办代办",
        "跨省通办",
        "办不成事反映",
        "政务公开",
    ]
    assert [len(one.services) for one in windows if one.zone == "kept"] == [1] * 6
    assert [one.kind for one in kept] == [
        ServiceKind.ORDINARY,
        ServiceKind.PACKAGE,
        ServiceKind.ASSISTED,
        ServiceKind.CROSS_REGION,
        ServiceKind.UNRESOLVED,
        ServiceKind.ORDINARY,
    ]


def test_ten_department_zones_do_not_distinguish(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """M3: ten zones by their names, in each of them every window takes everything of the zone."""
    names = ["人口出入境", "车管所", "处罚", "人社", "医保", "税务", "不动产", "工改", "婚姻登记", "市场监管"]
    zones = [zone for zone in hall.zones if zone.id not in ("comprehensive", "kept", "enterprise-care")]

    assert [zone.name["zh"].removesuffix("专区") for zone in zones] == names
    for zone in zones:
        everything = tuple(service.id for service in hall.services if service.zone == zone.id)
        assert {one.services for one in windows if one.zone == zone.id} == {everything}


def test_the_enterprise_centre_joins_packages_and_benefits(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """M4: the enterprise one-thing window and the policy-benefit window stand in one zone."""
    there = {one.services for one in windows if one.zone == "enterprise-care"}

    assert there == {("enterprise-one-thing",), ("policy-benefit",)}
    assert next(zone for zone in hall.zones if zone.id == "enterprise-care").name["zh"] == "亲企惠企服务中心"


def test_ten_theme_packages_have_a_service(hall: HallFile) -> None:
    """M14: four for citizens at the package window, six for firms at the enterprise centre."""
    by_service = {s.id: s.items for s in hall.services if s.kind is ServiceKind.PACKAGE}

    assert {service: len(items) for service, items in by_service.items()} == {
        "one-thing": 4,
        "enterprise-one-thing": 6,
    }


def test_letters_decide_and_cards_are_asked_for_where_it_matters(hall: HallFile) -> None:
    """M13 and M10: letters are on; travel documents are in one's own name, the kiosk has a reader."""
    cards = {service.id: service.id_card for service in hall.services}

    assert hall.catalogue.letters
    assert hall.catalogue.seed == "miluo-lists"
    assert [name for name, use in cards.items() if use is CardUse.REQUIRED] == ["exit-entry"]
    assert cards["unresolved"] is CardUse.NONE, "whoever complains need not give a name"
    assert hall.kiosks[0].id_reader is not None
    assert any(group.min_age == 65 for group in hall.priority_groups)


def test_half_of_every_lunch_shift_stays(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """Where a zone works through noon, not everybody is at lunch at the same time."""
    through = {z.id for z in hall.zones if z.hours == "all-day"} - {"kept", "enterprise-care"}
    for zone in through:
        assert {one.hours for one in windows if one.zone == zone} == {"lunch-12", "lunch-13"}, zone
