"""The settlements whose papers the tests make: one voucher with missing papers, a correction notice, a refusal."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from server.core.case_records import DeliveryWay, Outcome, PaperKind
from server.papers.facts import Handed, PaperFacts, Said

RARE = "䶮㛃𬱖𡈽𰻝"
URL = "http://hall.example/c/AbCdEfGhIjKlMnOpQrStUv"

VOUCHER = PaperFacts(
    kind=PaperKind.VOUCHER,
    outcome=Outcome.ACCEPTED_MISSING,
    hall=Said("阳新县市民之家", "Yangxin Citizens' Home"),
    number="20261122-0007",
    title=Said("食品经营许可（仅销售预包装食品）", "Food business licence"),
    ticket="A012",
    at=datetime(2026, 11, 22, 9, 12, tzinfo=UTC),
    window=Said("3号窗口", "Window 3"),
    clerk="wang",
    code="M6-011",
    departments=("县市场监督管理局", "县城市管理执法局"),
    applicant=RARE,
    handed=(Handed("居民身份证", "原件"), Handed("申请书", "原件", 2), Handed("照片", "", 3)),
    lacks=("场所使用证明", "平面图"),
    promise_on=date(2026, 12, 1),
    deadline_on=date(2026, 12, 18),
    days=20,
    place=Said("一楼 出证区 1–3号窗口", "Ground floor, Windows 1–3"),
    url=URL,
)
CORRECTION = replace(
    VOUCHER,
    kind=PaperKind.CORRECTION,
    outcome=Outcome.CORRECTION,
    number="A012",
    precheck=Said("一楼 预审台", "Pre-check desk"),
)
REFUSAL = replace(
    CORRECTION,
    kind=PaperKind.REFUSAL,
    outcome=Outcome.REFUSED,
    lacks=(),
    note="申请的经营场所不在本县",
    reason=Said("不属于本机关职权范围", "Not within the powers of this office"),
    basis="《食品经营许可管理办法》第十五条",
)


def many(count: int, **changes: Any) -> PaperFacts:
    """A correction notice of so many papers."""
    return replace(
        CORRECTION, lacks=tuple(f"第{n}份证明文件及其附件（加盖公章）" for n in range(1, count + 1)), **changes
    )


def by_post(facts: PaperFacts = VOUCHER) -> PaperFacts:
    """The same, to be posted."""
    return replace(facts, delivery=DeliveryWay.POST, carriers=("EMS", "顺丰速运"))
