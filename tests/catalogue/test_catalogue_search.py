"""Items are found by what people type, at once after every change, and with an index (Y3)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from server.catalogue.mixed import LETTERS_MAX, pattern_of
from server.catalogue.records import Absent, Guide, ListName
from server.catalogue.store import Catalogue
from tests.catalogue.conftest import CIVIL, HR, ROUTES, SMALL, listed

Names = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("社会保障卡", {"H1", "H2"}),
        ("保障卡", {"H1", "H2"}),
        ("身份证", {"X1"}),
        ("shenfenzheng", {"X1"}),
        ("shenfenzh", {"X1"}),
        ("shen fen zheng", {"X1"}),
        ("sfz", {"X1"}),
        ("SFZ", {"X1"}),
        ("ｓｆｚ", {"X1"}),
        ("shbzk", {"H1", "H2"}),
        ("补领 社会", {"H2"}),
        ("换领", {"H2"}),
        ("民政局", {"R1", "R2"}),
        ("H3", {"H3"}),
        ("卡障", set()),
        ("enzheng", set()),
        ("", {item.code for item in SMALL}),
        ("（）", set()),
        ('" OR 1 *', set()),
        ("NEAR(", set()),
    ],
)
def test_what_people_type(names: Names, query: str, codes: set[str]) -> None:
    """Characters anywhere in the name, pinyin from any syllable, initials, departments, codes; nothing breaks it."""
    assert set(names(query)) == codes


def test_the_best_hit_comes_first(catalogue: Catalogue, names: Names) -> None:
    """What is called so comes first, then what begins so, then what has it inside, then the department's others."""
    rows = [listed("Z1", "办理户口迁移"), listed("Z2", "户口迁移"), listed("Z3", "户口迁移证补办")]
    catalogue.replace(ListName.COMPREHENSIVE, [*rows, listed("Z4", "盖章", "户口迁移办")], "root", 2.0)
    assert names("户口迁移") == ["Z2", "Z3", "Z1", "Z4"]
    assert names("hkqy")[:2] == ["Z2", "Z3"]


def test_other_words_for_it(catalogue: Catalogue, names: Names) -> None:
    """A keyword of the guide finds the item, by characters and by letters, from the moment it is saved."""
    assert names("房产证") == []
    catalogue.put(ListName.GUIDES, Guide("M1", keywords=("营业执照",), name_en="Sole traders"), "root", 2.0)
    assert names("营业执照") == names("yyzz") == names("yingyezh") == names("traders") == ["M1"]
    catalogue.put(ListName.GUIDES, Guide("M1"), "root", 3.0)
    assert names("营业执照") == []


def test_filters_and_pages(catalogue: Catalogue, names: Names) -> None:
    """By service, department, kind, package; a page at a time with the total of all."""
    assert names(service="insurance") == ["H1", "H2", "H3", "R2"]
    assert names(department=CIVIL) == ["R1", "R2"]
    assert names("社会", service="relief") == []
    assert names(kind="行政许可") == []
    found = catalogue.search("", limit=3, offset=2)
    assert ([item.code for item in found.items], found.total) == (["H3", "R1", "R2"], 7)
    catalogue.put(ListName.GUIDES, Guide("P1", name="安家一件事", members=("X1", "H1")), "root", 2.0)
    assert names(package=True) == ["P1"]
    assert "P1" not in names(package=False)


def test_services_of_items(catalogue: Catalogue, names: Names) -> None:
    """By the hall file's code, else its department; the administrator's choice comes first; the rest is listed."""
    services = {item.code: item.service for item in catalogue.search(limit=50).items}
    assert services == {
        "H1": "insurance", "H2": "insurance", "H3": "insurance", "R1": "relief", "R2": "insurance", "M1": "licence",
        "X1": "",
    }  # fmt: skip
    assert names(unassigned=True) == ["X1"]
    catalogue.put(ListName.GUIDES, Guide("X1", service="relief"), "root", 2.0)
    catalogue.put(ListName.GUIDES, Guide("R2", service="licence"), "root", 2.0)
    assert names(service="relief") == ["R1", "X1"]
    assert names(service="licence") == ["R2", "M1"]
    assert names(unassigned=True) == []


def test_an_online_item_says_so(catalogue: Catalogue) -> None:
    """It carries the address of its guide, else the hall's; a piece of online business leads to its item (M5)."""
    item = catalogue.item("H2-01")
    assert item is not None
    assert (item.code, item.online and item.online.url) == ("H2", "https://online.test/H2")
    assert "网上办" in item.flags
    assert catalogue.item("H1").online is None  # type: ignore[union-attr]
    catalogue.put(ListName.GUIDES, Guide("H2", url="https://own.test/"), "root", 2.0)
    assert catalogue.item("H2").online.url == "https://own.test/"  # type: ignore[union-attr]
    assert [i.code for i in catalogue.search("换领").items] == ["H2"]


def test_an_item_of_the_negative_list_has_no_service(catalogue: Catalogue, names: Names) -> None:
    """It is found, tells where to go, and belongs to no service even if another list has it (M8)."""
    row = Absent(HR, "H1", "社会保障卡申领", "公共服务", "分中心二楼", "0714-1", "场地不足")
    catalogue.replace(ListName.NEGATIVE, [row], "root", 2.0)
    item = catalogue.item("H1")
    assert item is not None
    assert item.elsewhere is not None
    assert (item.elsewhere.place, item.service) == ("分中心二楼", "")
    assert "H1" in names("社会保障卡")
    assert names(unassigned=True) == ["X1"]


def test_a_restart_finds_the_same(tmp_path: Path) -> None:
    """The file keeps all; another hall file spreads the items anew."""
    first = Catalogue(tmp_path / "c.db")
    first.replace(ListName.COMPREHENSIVE, SMALL, "root", 1.0)
    first.close()
    again = Catalogue(tmp_path / "c.db")
    again.route(ROUTES)
    assert again.version == 1
    assert [item.code for item in again.search("sfz").items] == ["X1"]
    assert len(again.search(service="insurance").items) == 4
    again.close()


def test_the_search_uses_its_indexes(catalogue: Catalogue) -> None:
    """No search walks through all items: with words by the full text, with a filter by an index (< 100 ms at 5,000)."""
    plans = {
        "SELECT e.code FROM entries_fts JOIN entries AS e ON e.id = entries_fts.rowid WHERE entries_fts MATCH 'x'": (
            "VIRTUAL TABLE INDEX"
        ),
        "SELECT e.code FROM entries AS e WHERE e.service = 'x' ORDER BY e.place LIMIT 20": "USING INDEX",
        "SELECT e.code FROM entries AS e WHERE e.department = 'x' ORDER BY e.place LIMIT 20": "USING INDEX",
        "SELECT e.code FROM entries AS e ORDER BY e.place LIMIT 20": "USING INDEX",
    }
    for sql, wanted in plans.items():
        steps = " ".join(row[3] for row in catalogue._query(f"EXPLAIN QUERY PLAN {sql}"))
        assert wanted in steps, steps


def test_every_change_is_kept_with_who_and_when(catalogue: Catalogue) -> None:
    """Field by field, newest first; what changed nothing leaves no trace; whole rows come and go as such."""
    before, version = len(catalogue.changes(limit=500)), catalogue.version
    catalogue.put(ListName.GUIDES, Guide("H1", fee="不收费"), "user:wang", 5.0)
    catalogue.put(ListName.GUIDES, Guide("H1", fee="5元"), "user:li", 6.0)
    catalogue.put(ListName.GUIDES, Guide("H1", fee="5元"), "user:li", 7.0)
    catalogue.remove(ListName.GUIDES, "H1", "user:li", 8.0)
    gone, changed, came = catalogue.changes(limit=500)[: len(catalogue.changes(limit=500)) - before]
    assert (changed.who, changed.at, changed.field, changed.before, changed.after) == (
        "user:li", 6.0, "fee", "不收费", "5元",
    )  # fmt: skip
    assert came.field == gone.field == ""
    assert came.before is None
    assert gone.after is None
    assert catalogue.version == version + 3
    assert not catalogue.remove(ListName.GUIDES, "H1", "user:li", 9.0)


def test_a_failing_change_leaves_everything(catalogue: Catalogue, names: Names) -> None:
    """What breaks in the middle of a change is undone in the file, in memory and in the index; nobody is told."""
    told: list[int] = []
    catalogue.on_change(lambda: told.append(catalogue.version))
    version = catalogue.version

    def break_it() -> None:
        with catalogue.all_or_nothing():
            catalogue.replace(ListName.COMPREHENSIVE, [listed("Q1", "新事项")], "root", 3.0)
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        break_it()
    assert names() == [item.code for item in SMALL]
    assert set(catalogue.all_items()) == {item.code for item in SMALL}
    assert (catalogue.version, told) == (version, [])
    catalogue.replace(ListName.COMPREHENSIVE, [listed("Q1", "新事项")], "root", 4.0)
    assert told == [version + 1]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("shehuibzk", {"H1", "H2"}),
        ("社会bzk", {"H1", "H2"}),
        ("shehuibao障k", {"H1", "H2"}),
        ("shhbzk", {"H1", "H2"}),
        ("保zhang卡", {"H1", "H2"}),
        ("bzkasl", {"H1"}),
        ("bzkhl", set()),  # 补领 stands between: a name is spelled without gaps
        ("buling换l", {"H2"}),
        ("shengfz", set()),
        ("社保zk", set()),
        ("sehuibzk", set()),
        ("shhbazk", set()),  # ba is neither the whole of bao nor its initial
        ("shenfzh", {"X1"}),
        ("s份z", {"X1"}),
        ("人社局 shehuibzk", {"H1", "H2"}),
        ("shehuibzk 换领", {"H2"}),
        ("民政局 社会bzk", set()),
        ("dib", {"R1"}),
        ("低bao", {"R1"}),
    ],
)
def test_a_name_in_any_mix_of_characters_pinyin_and_initials(
    catalogue: Catalogue, names: Names, query: str, codes: set[str]
) -> None:
    """Each character as itself, in full, or by its initial; half a syllable only at the end; with other words beside."""
    catalogue.route(replace(ROUTES, keywords={"relief": ("低保",)}))
    catalogue.put(ListName.GUIDES, Guide("R2", service="insurance"), "root", 2.0)
    assert set(names(query)) == codes


def test_mixed_spelling_begins_before_it_is_inside(catalogue: Catalogue, names: Names) -> None:
    """A name that begins as typed comes before one that has it inside; filters and pages count both ways together."""
    rows = [listed("Z1", "办理户口迁移"), listed("Z2", "户口迁移证补办"), listed("Z3", "hukou办理", "公安局")]
    catalogue.replace(ListName.COMPREHENSIVE, rows, "root", 2.0)
    assert names("hukouqy") == ["Z2", "Z1"]
    assert names("户kou") == ["Z2", "Z1"]
    assert set(names("hukou")) == {"Z1", "Z2", "Z3"}
    found = catalogue.search("hukouqy", limit=1, offset=1)
    assert ([item.code for item in found.items], found.total) == (["Z1"], 2)
    assert names("hukouqy", department="公安局") == []
    catalogue.put(ListName.COMPREHENSIVE, listed("Z1", "办理迁移"), "root", 3.0)
    assert names("hukouqy") == ["Z2"]


def test_strange_questions_end_soon(catalogue: Catalogue, names: Names) -> None:
    """A name and a question made to be tried in many ways cost no more than any other (counted, not timed)."""
    catalogue.put(ListName.COMPREHENSIVE, listed("A1", " ".join(["aa"] * 90)), "root", 2.0)
    assert pattern_of("a" * (LETTERS_MAX + 1)) is None
    assert names("a" * 20 + "卡") == []
    assert "A1" in names("aaaaaa")


def test_an_index_of_an_earlier_form_is_made_anew(tmp_path: Path) -> None:
    """A file whose index lacks what this version searches by is opened, and everything is found."""
    first = Catalogue(tmp_path / "c.db")
    first.route(ROUTES)
    first.replace(ListName.COMPREHENSIVE, SMALL, "root", 1.0)
    first._db.table("entries").transform(drop={"spelled"})
    first.close()
    again = Catalogue(tmp_path / "c.db")
    again.route(ROUTES)
    assert [item.code for item in again.search("社会bzk").items] == ["H1", "H2"]
    assert again.search("sfz").total == 1
    again.close()


def test_a_department_by_its_english_name_is_every_one_called_so(catalogue: Catalogue, names: Names) -> None:
    """Two Chinese departments with one English name are one to whoever reads English."""
    catalogue.route(replace(ROUTES, departments_en={HR: "Welfare", CIVIL: "Welfare"}))
    assert names(department="Welfare") == ["H1", "H2", "H3", "R1", "R2"]
    assert names(department=CIVIL) == ["R1", "R2"]


@pytest.mark.parametrize("name", ["䶮", "㛃", "𬱖", "𡈽", "𰻝"])
def test_rare_characters_are_kept(catalogue: Catalogue, name: str) -> None:
    """A rare character survives the file and finds its item (A3.4)."""
    catalogue.put(ListName.COMPREHENSIVE, listed("RARE", f"{name}家湾事项"), "root", 2.0)
    assert catalogue.item("RARE").name == f"{name}家湾事项"  # type: ignore[union-attr]
    assert [item.code for item in catalogue.search(f"{name}家湾").items] == ["RARE"]


def test_the_words_people_say_for_a_service_find_its_items(catalogue: Catalogue, names: Names) -> None:
    """低保 stands in no item's name: it is a keyword of the service in the hall file."""
    assert names("低保") == []
    catalogue.route(replace(ROUTES, keywords={"relief": ("低保",)}))
    assert names("低保") == ["R1"]
