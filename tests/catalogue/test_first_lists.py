"""The lists that a new hall starts with: Yangxin's own, and what a broken folder is answered with."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from config.loader import examine_text, load_hall
from server.catalogue.authority import gaps
from server.catalogue.records import ListName
from server.catalogue.routing import posts_of
from server.catalogue.setting_up import SEED_FILES, SeedBroken, open_catalogue
from server.catalogue.store import Catalogue

YANGXIN = Path(__file__).parents[2] / "config" / "halls" / "yangxin.yaml"
SMALL = Path(__file__).parents[1] / "hall" / "small_hall.yaml"


@pytest.fixture(scope="module")
def yangxin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The catalogue of the reference hall as it is after its first start."""
    books = Catalogue(tmp_path_factory.mktemp("yangxin") / "c.db")
    open_catalogue(books, load_hall(YANGXIN), YANGXIN, 1.0)
    yield books
    books.close()


def test_yangxin_starts_with_its_lists(yangxin: Catalogue) -> None:
    """Hundreds of items of forty departments, all with a service; online, negative, packages and letters too."""
    counts = {name: yangxin.count(name) for name in ListName}
    assert counts[ListName.COMPREHENSIVE] >= 300
    assert min(counts.values()) >= 20
    assert len(yangxin.departments()) >= 40
    assert yangxin.search(unassigned=True).total == 0
    assert yangxin.search(package=True).total >= 14
    assert all(item.guide.materials or item.elsewhere for item in yangxin.all_items().values())


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("社保卡", "社会保障卡申领"),
        ("sfz", "居民身份证首次申领"),
        ("shiye", "失业登记"),
        ("房产证", "不动产权证书补发、换发"),
        ("passport", "普通护照签发"),
        ("上户口", "出生登记"),
        ("餐馆", "餐饮店“一业一证”"),
        ("kaigongsi", "企业开办“一件事”"),
    ],
)
def test_people_find_their_business(yangxin: Catalogue, query: str, name: str) -> None:
    """In the words of the street as in those of the list."""
    assert name in [item.name for item in yangxin.search(query, limit=5).items]


def test_yangxins_letters_lack_nothing(yangxin: Catalogue) -> None:
    """Every item of the hall has a window that may take it, and every letter counts."""
    found = gaps(yangxin.all_items(), yangxin.letters(), posts_of(load_hall(YANGXIN)), date(2026, 11, 23))
    assert not any(getattr(found, name) for name in found.__dataclass_fields__)


def test_a_catalogue_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """The lists are taken in once; what was deleted later does not come back with a restart."""
    hall = load_hall(YANGXIN)
    books = Catalogue(tmp_path / "c.db")
    open_catalogue(books, hall, YANGXIN, 1.0)
    books.replace(ListName.COMPREHENSIVE, [], "root", 2.0)
    version = books.version
    open_catalogue(books, hall, YANGXIN, 3.0)
    assert (books.count(ListName.COMPREHENSIVE), books.version) == (0, version)
    books.close()


@pytest.mark.parametrize("broken", ["negative.csv", "letters.csv"])
def test_a_broken_folder_is_told_and_leaves_nothing(tmp_path: Path, broken: str) -> None:
    """One wrong row in the last list: nothing of the others stays, and the row is named."""
    lists = YANGXIN.parent / "yangxin-lists"
    (tmp_path / "lists").mkdir()
    for file in SEED_FILES.values():
        data = (lists / file).read_bytes()
        (tmp_path / "lists" / file).write_bytes(data + b"9999,,,,,,,\r\n" * (file == broken))
    path = tmp_path / "hall.yaml"
    path.write_text(YANGXIN.read_text("utf-8").replace("seed: yangxin-lists", "seed: lists"), "utf-8")
    books = Catalogue(tmp_path / "c.db")
    with pytest.raises(SeedBroken, match=f"{broken}, row [0-9]+"):
        open_catalogue(books, load_hall(path), path, 1.0)
    assert not books.has_items()
    assert (books.version, books.all_items()) == (0, {})
    books.close()


def test_a_hall_without_lists_starts_empty(tmp_path: Path) -> None:
    """No seed in the hall file, no items; a folder that is not there is told."""
    books = Catalogue(tmp_path / "c.db")
    open_catalogue(books, load_hall(SMALL), SMALL, 1.0)
    assert not books.has_items()
    path = tmp_path / "hall.yaml"
    path.write_text(SMALL.read_text("utf-8") + "\ncatalogue: { seed: nowhere }\n", "utf-8")
    with pytest.raises(SeedBroken, match="nowhere"):
        open_catalogue(books, load_hall(path), path, 1.0)
    books.close()


def test_an_item_belongs_to_one_service() -> None:
    """The hall file's check: a department or code that two services name is an error with its line."""
    text = SMALL.read_text("utf-8")
    for key, value in (("departments", "人社局"), ("items", "H1")):
        twice = text
        for service in ("insurance", "relief"):
            twice = twice.replace(f"  - id: {service}\n", f"  - id: {service}\n    {key}: [{value}]\n")
        findings = [finding.say("en") for finding in examine_text("hall.yaml", twice).findings]
        assert any("belong" in finding and "'insurance' already" in finding for finding in findings), findings
