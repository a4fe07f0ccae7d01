"""One-thing packages: one list of materials, nothing asked for twice, and the time limit of the plan (C1, Y14)."""

import pytest

from server.catalogue.entries import merged_materials, package_days
from server.catalogue.present import whole
from server.catalogue.records import Course, Guide, ListName, Material
from server.catalogue.store import Catalogue
from server.catalogue.terms import working_days


def test_one_list_without_repeats() -> None:
    """The same paper once, in the largest number of copies, with every remark; another form of it is another paper."""
    first = Guide("A", materials=(Material("居民身份证", "原件"), Material("照片", "电子版", 1, "白底")))
    second = Guide(
        "B",
        materials=(
            Material("居民 身份证", "原件", 2, "双方都带"),
            Material("居民身份证", "复印件"),
            Material("照片", "电子版", 1, "白底", "https://s.test/"),
        ),
    )
    assert merged_materials([first, second]) == (
        Material("居民身份证", "原件", 2, "双方都带"),
        Material("照片", "电子版", 1, "白底", "https://s.test/"),
        Material("居民身份证", "复印件"),
    )


@pytest.mark.parametrize(
    ("course", "limits", "days"),
    [
        (Course.PARALLEL, ["5个工作日", "即时办结", "20个工作日"], 20),
        (Course.PARALLEL, ["即时办结", "当场办结"], 0),
        (Course.SEQUENCE, ["10个工作日", "10个工作日"], 6),
        (Course.SEQUENCE, ["5个工作日", "2个工作日"], 2),
        (Course.SEQUENCE, ["1个工作日", "即时办结"], 1),
        (Course.SEQUENCE, ["即时办结"], 0),
        (Course.PARALLEL, ["5个工作日", "看情况"], None),
        (Course.PARALLEL, [], None),
    ],
)
def test_the_time_limit_of_a_package(course: Course, limits: list[str], days: int | None) -> None:
    """Side by side the longest; one after the other at most 30 % of the sum; unknown while one of them is."""
    assert package_days(course, limits) == days


@pytest.mark.parametrize(
    ("limit", "days"),
    [
        ("5个工作日", 5),
        ("２０ 工作日", 20),
        ("十个工作日", 10),
        ("即时办结", 0),
        ("当场", 0),
        ("30日", None),
        ("", None),
    ],
)
def test_a_limit_in_words(limit: str, days: int | None) -> None:
    """Working days as guides write them; calendar days are not taken for working days."""
    assert working_days(limit) == days


def test_a_package_shows_its_members(catalogue: Catalogue) -> None:
    """Members of several departments, their papers in one list, the computed limit; an unknown member is left out."""
    catalogue.put(ListName.GUIDES, Guide("H1", materials=(Material("身份证"), Material("照片"))), "root", 2.0)
    catalogue.put(ListName.GUIDES, Guide("R1", materials=(Material("身份证"),), time_limit="7个工作日"), "root", 2.0)
    package = Guide(
        "P1", name="一件事", service="relief", members=("H1", "R1", "GONE"), materials=(Material("申请表"),)
    )
    catalogue.put(ListName.GUIDES, package, "root", 2.0)
    item = catalogue.item("P1")
    assert item is not None
    shown = whole(item, catalogue.all_items(), lambda service: (service, service))
    assert [member["code"] for member in shown["members"]] == ["H1", "R1"]
    assert [paper["name"] for paper in shown["guide"]["materials"]] == ["申请表", "身份证", "照片"]
    # H1 is an instant item without a limit of its own.
    assert shown["guide"]["time_limit_days"] == 7
    assert shown["package"] is True
