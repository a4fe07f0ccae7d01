"""Puyang's hall is that of its published plan: six zones, each a comprehensive window group with exactly its departments."""

from pathlib import Path

import pytest

from config.loader import Examined, examine
from config.plan import ResolvedWindow, resolve_windows
from config.schema import HallFile, Position

#: halls.md P1, 2018 names; the four gas companies count as four.
DEPARTMENTS = {
    "investment": "发展改革委 国土资源局 住房城乡建设局 城乡规划局 人防办 环保局 气象局 安全监管局 市政府投资办 市政府金融办"
    " 城管综合执法局 消防支队 城市管理局 林业局 水利局 文广新局 卫生计生委 民宗委 国家安全局 交通运输局 商务局 工商局"
    " 外事侨务旅游局 工业和信息化委 档案局 供电公司",
    "enterprise": "工商局 质监局 食品药品监督管理局 公安局 税务局 人力资源社会保障局 商务局 烟草局 邮政管理局",
    "estate": "国土资源局 房地产管理中心 税务局 公积金管理中心 自来水公司 供电公司 热力公司 4家燃气公司 水务公司 有线电视台"
    " 移动 联通 电信",
    "culture": "科技局 教育局 文广新局 卫生计生委 体育局 外侨旅游局 农业畜牧局 林业局 粮食局 水利局 农机局 城市管理局",
    "police": "公安局 司法局",
    "livelihood": "人力资源社会保障局 民政局 交通局 公路局 工业和信息化委 无线电管理局 税务局 档案局 残联",
}
COUNTS = {"investment": 26, "enterprise": 9, "estate": 16, "culture": 12, "police": 2, "livelihood": 9}


@pytest.fixture(scope="module")
def examined() -> Examined:
    """What the loader says about the shipped file."""
    return examine(Path(__file__).parents[2] / "config" / "halls" / "puyang.yaml")


@pytest.fixture(scope="module")
def hall(examined: Examined) -> HallFile:
    """The hall."""
    assert examined.hall is not None
    return examined.hall


@pytest.fixture(scope="module")
def windows(hall: HallFile) -> list[ResolvedWindow]:
    """Its single windows."""
    return resolve_windows(hall)


def test_puyang_has_no_fault_and_no_warning(examined: Examined) -> None:
    """The loader has nothing to say."""
    assert examined.findings == ()


@pytest.mark.parametrize("zone", DEPARTMENTS)
def test_a_zone_has_exactly_the_departments_of_the_plan(hall: HallFile, zone: str) -> None:
    """P1: none missing, none added, as many as the plan counts."""
    there = {
        department
        for service in hall.services
        if service.zone == zone and service.position is Position.ACCEPTANCE
        for department in service.department["zh"].split("、")
    }

    assert there == set(DEPARTMENTS[zone].split())
    assert sum(4 if name.startswith("4家") else 1 for name in there) == COUNTS[zone]


def test_the_six_zones_are_those_of_the_plan_and_no_other(hall: HallFile) -> None:
    """P1: 投资项目, 企业开办, 不动产交易登记, 科教文卫, 公安司法, 社保民生."""
    assert [zone.name["zh"].removesuffix("综合窗口区") for zone in hall.zones] == [
        "投资项目",
        "企业开办",
        "不动产交易登记",
        "科教文卫",
        "公安司法",
        "社保民生",
    ]


def test_every_acceptance_window_takes_all_of_its_zone(hall: HallFile, windows: list[ResolvedWindow]) -> None:
    """A zone is one comprehensive window group, not a row of departments' windows."""
    for zone in DEPARTMENTS:
        everything = tuple(s.id for s in hall.services if s.zone == zone and s.position is Position.ACCEPTANCE)
        group = [one for one in windows if one.zone == zone and one.position is Position.ACCEPTANCE]
        assert len(group) >= 3
        assert {one.services for one in group} == {everything}


def test_results_are_handed_out_at_one_window_a_floor(windows: list[ResolvedWindow]) -> None:
    """P4: collection is apart from acceptance."""
    pickup = [one for one in windows if one.position is Position.PICKUP]

    assert [one.number // 100 for one in pickup] == [0, 2, 3]


def test_special_groups_are_helped_and_may_book(hall: HallFile) -> None:
    """P5: assisted service can be asked for at the kiosk, and there are hours only for those who booked."""
    assert {kind.id for kind in hall.assistance.kinds} >= {"whole", "book"}
    assert any(service.slots for service in hall.services if service.zone == "livelihood")
    for name in ("office", "all-day"):
        assert hall.hours[name].appointment is not None
    assert any(group.min_age == 60 for group in hall.priority_groups)
