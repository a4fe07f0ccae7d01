"""What stands on vouchers, correction notices and refusals, and on which copy."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from server.core.case_records import Outcome
from server.papers import wording
from server.papers.facts import CopyOf, PaperFacts, Said
from server.papers.model import Code, Facts, Listing, Paper, Passage, Signatures, to_json
from server.papers.wording import LOCALE, papers
from tests.papers.papers_cast import CORRECTION, REFUSAL, URL, VOUCHER, by_post, many


def rows(paper: Paper) -> dict[str, Said]:
    """The facts of a paper by their Chinese label."""
    return {label.zh: value for part in paper.parts if isinstance(part, Facts) for label, value in part.rows}


def lists(paper: Paper) -> dict[str, list[str]]:
    """The lists of a paper by their Chinese heading."""
    return {part.heading.zh: [line.zh for line in part.lines] for part in paper.parts if isinstance(part, Listing)}


def all_said(value: object) -> Iterator[Said]:
    """Every text of a paper."""
    if isinstance(value, Said):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from all_said(each)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from all_said(getattr(value, name))


def test_a_voucher_has_three_copies_and_says_whose_each_is() -> None:
    """Applicant, file, window; only the applicant's has the code that fetches the result."""
    made = papers(VOUCHER)

    assert [(paper.copy, paper.copy_name.zh) for paper in made] == [
        (CopyOf.APPLICANT, "申请人联"), (CopyOf.FILE, "存档联"), (CopyOf.WINDOW, "窗口留存联"),
    ]  # fmt: skip
    assert {paper.title.zh for paper in made} == {"政务服务事项申请材料受理凭证"}
    codes = [[part.url for part in paper.parts if isinstance(part, Code)] for paper in made]
    assert codes == [[URL], [], []]


@pytest.mark.parametrize("copy", range(3))
def test_every_copy_tells_what_was_accepted(copy: int) -> None:
    """Item, applicant, departments, deadline as a day and in working days, where the result is, who took it."""
    found = rows(papers(VOUCHER)[copy])

    assert {label: value.zh for label, value in found.items()} == {
        "事项名称": "食品经营许可（仅销售预包装食品）",
        "事项编码": "M6-011",
        "申请人": VOUCHER.applicant,
        "受理方式": "容缺受理",
        "承办部门": "县市场监督管理局、县城市管理执法局",
        "办结时限": "2026年12月18日前（20个工作日）",
        "结果送达": "窗口领取：一楼 出证区 1–3号窗口",
        "办理窗口": "3号窗口　经办人 wang",
        "排队号": "A012",
        "日期时间": "2026年11月22日 09:12",
    }


def test_missing_papers_come_with_the_promise_to_sign() -> None:
    """What was handed in, what is missing, the sentence of the promise with its day, and a line to sign on."""
    paper = papers(VOUCHER)[0]

    found = lists(paper)
    assert found["已收材料"] == ["居民身份证（原件，1份）", "申请书（原件，2份）", "照片（3份）"]
    assert found["容缺材料（尚缺）"] == ["场所使用证明", "平面图"]
    assert found["容缺承诺"][0].startswith("本人已知悉上列材料尚缺，承诺于2026年12月1日前补齐")
    signed = [[label.zh for label in part.labels] for part in paper.parts if isinstance(part, Signatures)]
    assert signed == [["承诺人签名", "日期"], ["申请人签名", "经办人签名", "（盖章）日期"]]


def test_a_complete_application_promises_nothing() -> None:
    """No list of missing papers, no promise, one row of signatures."""
    paper = papers(replace(VOUCHER, outcome=Outcome.ACCEPTED, lacks=(), promise_on=None))[0]

    assert list(lists(paper)) == ["已收材料"]
    assert sum(isinstance(part, Signatures) for part in paper.parts) == 1
    assert rows(paper)["受理方式"].zh == "受理"


def test_a_posted_result_names_the_post_and_no_address() -> None:
    """Who may carry it; the address stays in the hall's keeping. Urgent is told."""
    found = rows(papers(replace(by_post(), urgent=True))[2])

    assert found["结果送达"].zh == "邮寄送达（EMS、顺丰速运），寄往所留地址"
    assert found["受理方式"].zh == "容缺受理（加急）"


def test_what_is_not_known_is_left_for_a_pen() -> None:
    """A name that is no longer kept, and materials where the guide names none."""
    paper = papers(replace(VOUCHER, applicant=None, handed=()))[0]

    assert rows(paper)["申请人"] == Said("")
    assert [set(line) for line in lists(paper)["已收材料"]] == [{"＿"}] * 3


def test_papers_sent_in_online_are_told_as_such() -> None:
    """They were not handed over the desk."""
    paper = papers(replace(VOUCHER, outcome=Outcome.PRE_ACCEPTED))[0]
    assert "已收材料（网上提交）" in lists(paper)


def test_a_correction_notice_lists_everything_at_once() -> None:
    """All twenty papers, counted, with the law, where to come back and where to have them looked through."""
    applicants, windows = papers(many(20))

    listed = next(part for part in applicants.parts if isinstance(part, Listing) and len(part.lines) == 20)
    assert listed.is_counted
    assert (applicants.title.zh, applicants.number_label.zh, applicants.number) == (
        "一次性补正告知书",
        "排队号",
        "A012",
    )
    (law,) = (part.text.zh for part in applicants.parts if isinstance(part, Passage))
    assert "《中华人民共和国行政许可法》第三十二条" in law
    assert "一次性告知" in law
    found = lists(applicants)
    assert found["后续办理"][:2] == [
        "补齐后请到以下地点办理：一楼 出证区 1–3号窗口", "办理前请先预审材料：一楼 预审台，免得再跑一趟",
    ]  # fmt: skip
    assert (applicants.copy, windows.copy) == (CopyOf.APPLICANT, CopyOf.WINDOW)


def test_where_nothing_is_looked_through_first_nobody_is_sent() -> None:
    """No advice to a desk that is not there."""
    told = lists(papers(replace(CORRECTION, precheck=None))[0])["后续办理"]
    assert not any("预审" in line for line in told)
    assert len(told) == 2


def test_a_refusal_tells_reason_law_and_rights() -> None:
    """The hall's reason, the clerk's words for it, who decided, the item's own law, and both ways to contest it with their days."""
    paper = papers(REFUSAL)[0]

    assert rows(paper)["理由"].zh == "不属于本机关职权范围"
    found = lists(paper)
    assert found["依据"] == ["《中华人民共和国行政许可法》第三十二条", "《食品经营许可管理办法》第十五条"]
    assert found["具体理由"] == ["申请的经营场所不在本县"]
    assert rows(paper)["决定部门"].zh == "县市场监督管理局、县城市管理执法局"
    assert "六十日内依法申请行政复议" in found["权利告知"][0]
    assert "六个月内依法向人民法院提起行政诉讼" in found["权利告知"][0]
    assert "12345" in paper.foot.zh


def test_one_copy_can_be_made_alone() -> None:
    """A kind that has no such copy makes nothing."""
    assert [paper.copy for paper in papers(VOUCHER, CopyOf.FILE)] == [CopyOf.FILE]
    assert papers(REFUSAL, CopyOf.FILE) == ()


@pytest.mark.parametrize("facts", [VOUCHER, many(3), REFUSAL], ids=lambda facts: facts.kind.value)
def test_english_stands_beside_chinese_only_for_who_speaks_it(facts: PaperFacts) -> None:
    """No English for others; for an English speaker every sentence and label of ours has one."""
    for paper in papers(facts):
        assert not any(said.en for said in all_said(paper))
    for paper in papers(replace(facts, english=True)):
        labels = [label for part in paper.parts if isinstance(part, Facts) for label, _ in part.rows]
        labels += [part.heading for part in paper.parts if isinstance(part, Listing)]
        labels += [label for part in paper.parts if isinstance(part, Signatures) for label in part.labels]
        for said in (paper.title, paper.copy_name, paper.hall, paper.foot, *labels):
            assert said.en, said.zh
            assert said.en.isascii(), said.en


def test_english_dates_and_places_are_english() -> None:
    """Not the Chinese once more."""
    found = rows(papers(replace(VOUCHER, english=True))[0])
    assert found["办结时限"].en == "18 December 2026 (20 working days)"
    assert found["结果送达"].en == "Fetched at: Ground floor, Windows 1–3"
    assert found["事项名称"].en == "Food business licence"


def test_a_paper_printed_again_is_marked() -> None:
    """The first is not; the third says so."""
    assert papers(VOUCHER)[0].mark is None
    assert papers(replace(VOUCHER, again=3))[0].mark == Said("补打 第3次打印")


def test_papers_travel_as_plain_values() -> None:
    """Each part says its type, so that a printer program leaves out what it does not know."""
    plain = to_json(papers(VOUCHER)[0])
    assert [part["type"] for part in plain["parts"]] == [
        "facts", "listing", "listing", "listing", "signatures", "code", "signatures",
    ]  # fmt: skip
    assert plain["copy_name"] == {"zh": "申请人联", "en": ""}


def test_every_sentence_has_its_chinese_with_the_same_fields() -> None:
    """Present, translated, and filled in with the same fields."""
    with (LOCALE / "zh.po").open("rb") as source:
        chinese = {str(entry.id): str(entry.string) for entry in read_po(source, locale="zh") if entry.id}
    source_text = ast.parse(Path(wording.__file__).read_text(encoding="utf-8"))
    said = {
        str(node.args[0].value)
        for node in ast.walk(source_text)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "say"
        and isinstance(node.args[0], ast.Constant)
    }
    said |= {
        text for names in (wording.TITLES, wording.COPY_NAMES, wording.WAYS, wording.PROOFS) for text in names.values()
    }
    assert len(said) > 40
    for message in said:
        wanted = {name for _, name, _, _ in Formatter().parse(message) if name}
        assert {name for _, name, _, _ in Formatter().parse(chinese[message]) if name} == wanted, message
    assert set(chinese) <= said | {"Papers handed in", "Papers sent in online", "Acceptance no.", "Queue no."}
