"""The side file of what is personal: handles by keyed hash, facts with an end, and nothing left of what is deleted (A3)."""

import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from server.id_numbers import age_on, read_number
from server.masked_names import masked_name
from server.people import People, masked_tail

CARD = "11010519491231002X"


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    """A file of its own."""
    people = People(tmp_path / "people.db", "secret")
    yield people
    people.close()


def bytes_of(folder: Path) -> bytes:
    """Everything that stands on the disk."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def test_a_number_is_hashed_with_the_halls_own_key(people: People, tmp_path: Path) -> None:
    """Another hall's file knows the same card by another mark: two stolen files cannot be laid side by side."""
    other = People(tmp_path / "other.db", "another secret")
    assert people.mark("card", CARD) != other.mark("card", CARD)
    assert people.mark("card", CARD) == people.mark("card", f" {CARD.lower()} ")
    assert people.mark("phone", CARD) != people.mark("card", CARD)
    other.close()


def test_a_person_is_remembered_and_then_not(people: People) -> None:
    """The same number gives the same handle until the longest end that was asked for, then a new one."""
    first = people.holder("card", CARD, 100.0)
    assert people.holder("card", CARD, 50.0) == first
    assert people.purge(99.9) == 0
    assert people.known(first.handle) == first
    assert people.purge(100.0) == 1
    assert people.known(first.handle) is None
    assert people.holder("card", CARD, 300.0).handle != first.handle


def test_a_shorter_rule_holds_for_those_who_are_known_already(people: People) -> None:
    """When the hall file is changed to keep less long, nobody is kept longer than the new rule from now on."""
    lan = people.holder("card", CARD, 1000.0)
    assert people.shorten(500.0) == 1
    assert people.shorten(500.0) == 0
    assert people.purge(500.0) == 1
    assert people.known(lan.handle) is None


def test_a_name_just_read_lies_in_memory_only(people: People, tmp_path: Path) -> None:
    """It waits a quarter of an hour for its ticket, and no byte of it comes to the disk."""
    people.pass_on("p-lan", "张三丰", 0.0)
    assert people.passing("p-lan", 899.9) == "张三丰"
    assert people.passing("p-lan", 900.0) is None
    assert people.passing("p-mei", 0.0) is None
    assert "张三丰".encode() not in bytes_of(tmp_path)


def test_nothing_stays_on_the_disk_of_what_is_deleted(people: People, tmp_path: Path) -> None:
    """Hundreds of facts of mixed length, in pages that divide and join, replaced, forgotten, expired: after the file was
    written anew no byte of any value is left, in it or beside it."""
    chance = random.Random(4)
    values = [f"canary-{n:04d}-" + "x" * chance.randrange(5, 400) for n in range(600)]
    for n, value in enumerate(values):
        people.note(f"ticket:{chance.randrange(10**6)}-{n}", "name", value, 10.0 if n % 3 else 1e9)
    assert b"canary-0000" in bytes_of(tmp_path)
    people.purge(10.0)
    for subject in people.subjects("ticket:"):
        people.forget(subject)
    people.wipe()
    assert b"canary-" not in bytes_of(tmp_path)


def test_who_asked_to_be_forgotten_stays_forgotten_when_an_old_copy_is_put_back(tmp_path: Path) -> None:
    """Yesterday's backup knows him; the file that opens on it does not."""
    people = People(tmp_path / "people.db", "secret")
    lan, mei = people.holder("card", CARD, 1e9), people.holder("phone", "13912345678", 1e9)
    people.note(f"holder:{lan.handle}", "groups", "elder", 1e9)
    shutil.copy(tmp_path / "people.db", tmp_path / "backup.db")
    people.forget_holder(lan.handle)
    people.close()

    shutil.copy(tmp_path / "backup.db", tmp_path / "people.db")
    again = People(tmp_path / "people.db", "secret")

    assert again.known(lan.handle) is None
    assert again.fact(f"holder:{lan.handle}", "groups") is None
    assert again.known(mei.handle) == mei
    again.close()


def test_rare_characters_come_back_as_they_went_in(people: People) -> None:
    """Names from all the planes that GB 18030-2022 level 3 reaches."""
    people.note("ticket:1", "name", "䶮㛃𬱖𡈽𰻝", 1e9)
    assert people.fact("ticket:1", "name") == "䶮㛃𬱖𡈽𰻝"


def test_only_its_own_user_may_read_the_file(people: People, tmp_path: Path) -> None:
    """The data directory may be read by a backup program; this file by the server."""
    assert (tmp_path / "people.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("欧阳小明", "欧阳*明"),
        ("尉迟敬德", "尉迟*德"),
        ("张王小明", "张**明"),
        ("丨", "*"),
        ("阿依古丽·买买提", "阿***·**提"),
        ("迪丽热巴•迪力木拉提·艾山", "迪***·*****·*山"),
        ("𡈽䶮㛃", "𡈽*㛃"),
        ("John Smith", "J*** S****"),
        ("O'BRIEN, ZOË", "O******, Z**"),
        ("  张　三  ", "张*"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_its_ends(name: str, shown: str) -> None:
    """One surname, a surname of two, ethnic names with their dots, Latin letters, rare characters: never the whole."""
    assert masked_name(name) == shown


def test_a_tail_has_four_figures() -> None:
    """As many stars as were hidden; a short number is not shown at all but by its end."""
    assert masked_tail(CARD) == "**************002X"
    assert masked_tail("123") == "123"


def test_every_wrong_figure_is_found() -> None:
    """Of all numbers that differ from a right one in one figure or by two neighbours exchanged none passes (MOD 11-2)."""
    today = date(2026, 11, 23)
    assert read_number(CARD, today) is not None
    signs = [CARD[:n] + other + CARD[n + 1 :] for n in range(18) for other in "0123456789X" if other != CARD[n]]
    swaps = [CARD[:n] + CARD[n + 1] + CARD[n] + CARD[n + 2 :] for n in range(17) if CARD[n] != CARD[n + 1]]
    assert [wrong for wrong in signs + swaps if read_number(wrong, today) is not None] == []


def test_full_width_figures_and_blanks_are_read() -> None:
    """As a wedge reader in a Chinese input method may type them."""
    read = read_number("１１０１０５ １９４９１２３１ ００２ｘ", date(2026, 11, 23))
    assert read is not None
    assert (read.number, read.birth) == (CARD, date(1949, 12, 31))


def test_age_counts_full_years() -> None:
    """The day before the birthday is a year younger; a 29 February counts from 1 March."""
    assert age_on(date(1961, 11, 23), date(2026, 11, 22)) == 64
    assert age_on(date(1961, 11, 23), date(2026, 11, 23)) == 65
    assert age_on(date(1960, 2, 29), date(2025, 2, 28)) == 64
    assert age_on(date(1960, 2, 29), date(2025, 3, 1)) == 65
