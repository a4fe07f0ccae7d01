"""A small catalogue of the cast's hall: 社保 of the human resources bureau, 救助 of civil affairs, 执照 of market regulation."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.catalogue.cells import Known
from server.catalogue.entries import Routes
from server.catalogue.records import Listed, ListName, OnlineEntry
from server.catalogue.store import Catalogue

HR, CIVIL, MARKET = "人社局", "民政局", "市场监管局"
KNOWN = Known(
    services=frozenset({"insurance", "relief", "licence"}),
    windows={"S01": ("S01",), "1": ("S01",), "S01..S03": ("S01", "S02", "S03"), "E01": ("E01",)},
    zones={"social": "social", "社会事务": "social", "business": "business"},
)
ROUTES = Routes(
    by_code={"R2": "insurance"},
    by_department={HR: "insurance", CIVIL: "relief", MARKET: "licence"},
    services=KNOWN.services,
    departments_en={HR: "Human Resources"},
    online_url="https://online.test/{code}",
)


def listed(code: str, name: str, department: str = HR, **more: str) -> Listed:
    """A row of the comprehensive-window list."""
    fields = {"kind": "公共服务", "handling": "即办件", "audience": "自然人"} | more
    return Listed(department, code, name, **fields)


SMALL = (
    listed("H1", "社会保障卡申领"),
    listed("H2", "社会保障卡补领、换领"),
    listed("H3", "失业保险金申领", handling="承诺件"),
    listed("R1", "最低生活保障对象认定", CIVIL),
    listed("R2", "临时救助", CIVIL),
    listed("M1", "个体工商户注册登记", MARKET, audience="自然人、法人"),
    listed("X1", "居民身份证办理", "公安局"),
)
ONLINE = (
    OnlineEntry(HR, "H2", "社会保障卡补领、换领", "社会保障卡补领", "H2-01", "公共服务", "自然人"),
    OnlineEntry(HR, "H2", "社会保障卡补领、换领", "社会保障卡换领", "H2-02", "公共服务", "自然人"),
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """The small catalogue."""
    books = Catalogue(tmp_path / "catalogue.db")
    books.route(ROUTES)
    books.replace(ListName.COMPREHENSIVE, SMALL, "root", 1.0)
    books.replace(ListName.ONLINE, ONLINE, "root", 1.0)
    yield books
    books.close()


@pytest.fixture
def names(catalogue: Catalogue) -> Callable[..., list[str]]:
    """The codes that a search gives, in order."""

    def found(query: str = "", **more: Any) -> list[str]:
        return [item.code for item in catalogue.search(query, **more).items]

    return found
