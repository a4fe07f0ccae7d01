"""Readers without a device, and the addresses of all of them."""

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kiosk.id_reader import Card, CardKind, ReaderTrouble, ReaderUrlError, Trouble, open_reader
from kiosk.id_reader.device import SamDevice, card_block
from kiosk.id_reader.folder import FolderReader, card_of, load_card
from kiosk.id_reader.layouts import read_card
from kiosk.id_reader.serial_reader import SerialReader
from kiosk.id_reader.simulator import lay, obey
from tests.kiosk.id_card_cast import NAME, NUMBER, canaries_in, told_by

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "kiosk" / "id_reader" / "samples"
MINE = {"kind": "resident", "number": NUMBER, "name": NAME, "birth": "1950-03-09", "valid_to": "长期"}


def kind_of_trouble(reader: FolderReader) -> Trouble:
    with pytest.raises(ReaderTrouble) as refused:
        reader.read(threading.Event())
    assert canaries_in(told_by(refused.value)) == []
    return refused.value.kind


def test_a_file_put_into_the_folder_is_a_card_and_leaves_no_number_behind(tmp_path: Path) -> None:
    """Read once, then gone from disk (A3.1)."""
    reader = open_reader(f"simulator://{tmp_path}", 1)
    assert isinstance(reader, FolderReader)
    (tmp_path / "mine.json").write_text(json.dumps(MINE), encoding="utf-8")
    card = reader.read(threading.Event())
    assert (card.number, card.name, card.valid_to) == (NUMBER, NAME, "长期")
    assert list(tmp_path.iterdir()) == []


def test_a_file_put_in_later_is_waited_for(tmp_path: Path) -> None:
    """As a card is."""
    reader = FolderReader(tmp_path, 30)
    timer = threading.Timer(0.1, lambda: (tmp_path / "mine.json").write_text(json.dumps(MINE), encoding="utf-8"))
    timer.start()
    assert reader.read(threading.Event()).number == NUMBER
    timer.join()


@pytest.mark.parametrize("kind", Trouble)
def test_troubles_can_be_played(tmp_path: Path, kind: Trouble) -> None:
    """A demonstrator shows every sentence of the kiosk."""
    (tmp_path / "trouble.json").write_text(json.dumps({"trouble": kind}), encoding="utf-8")
    assert kind_of_trouble(FolderReader(tmp_path, 1)) is kind
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "12",
        "null",
        '"x"',
        "{}",
        f'{{"number": "{NUMBER}", "birth": "1950-13-09"}}',
        f'{{"number": "{NUMBER}", "kind": "dog"}}',
        f'{{"number": "{NUMBER[:-1]}X"}}',
        f'{{"number": "{NUMBER}"',
    ],
)
def test_a_file_that_is_no_card_is_told_once_and_left(tmp_path: Path, text: str) -> None:
    """Nobody's file is deleted because a folder was mistaken; mended, it is read."""
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    reader = FolderReader(tmp_path, 0.05)
    assert kind_of_trouble(reader) is Trouble.UNREADABLE
    assert kind_of_trouble(FolderReader(tmp_path, 0.05)) is Trouble.TIMEOUT
    assert path.read_text(encoding="utf-8") == text
    mended = tmp_path / "mended.json"
    mended.write_text(json.dumps(MINE), encoding="utf-8")
    assert reader.read(threading.Event()).number == NUMBER


def test_without_its_folder_it_is_unplugged(tmp_path: Path) -> None:
    """The folder is the cable; made, where it can be, so that a demonstrator finds it."""
    assert kind_of_trouble(FolderReader(tmp_path / "no" / "cards", 1)) is Trouble.UNPLUGGED
    assert kind_of_trouble(FolderReader(tmp_path / "cards", 0)) is Trouble.TIMEOUT
    assert (tmp_path / "cards").is_dir()


def test_stopping_ends_it(tmp_path: Path) -> None:
    """At once, however long it might wait."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(ReaderTrouble, match="timeout"):
        FolderReader(tmp_path, 600).read(stop)


def test_every_sample_is_what_its_name_says() -> None:
    """The cards of the demos: one of each kind, rare characters, an elder; nobody's numbers."""
    found = {path.stem: load_card(path) for path in SAMPLES.glob("*.json")}
    cards = {name: card for name, card in found.items() if isinstance(card, Card)}
    assert {card.kind for card in cards.values()} == set(CardKind)
    assert cards["rare-name"].name == "䶮㛃𬱖𡈽𰻝"
    for card in cards.values():
        assert read_card(card_block(card)) == card
        assert card.number.startswith(("100000", "810000199408230021", "ZZZ", "900000"))
    troubles = {name: found[name] for name in found if name not in cards}
    assert {name: str(trouble) for name, trouble in troubles.items()} == {
        "not-a-card": "not_a_card",
        "unreadable": "unreadable",
    }


def test_kind_and_birthday_follow_from_the_number_where_left_out() -> None:
    """A card for a quick try is one line."""
    card = card_of({"number": "830000199201300022"})
    assert isinstance(card, Card)
    assert (card.kind, str(card.birth)) == (CardKind.HMT, "1992-01-30")


def test_words_of_the_simulator(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Lay on, take away, fail; a file that is no card changes nothing, and no answer tells what is on one."""
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(MINE), encoding="utf-8")
    device = SamDevice()
    with caplog.at_level(logging.DEBUG):
        said = [obey(device, None, f"lay {path}")]
        assert device.block is not None
        said += [obey(device, None, f"lay {tmp_path}/none"), lay(device, SAMPLES / "unreadable.json")]
        assert device.block is not None
        said.append(obey(device, None, "fail"))
        assert device.faults
        said.append(obey(device, None, "take"))
        assert device.block is None
        said.append(obey(device, None, "unplug"))
    assert said[-1].startswith("lay FILE")
    assert canaries_in(" ".join(said) + caplog.text) == []


def test_the_simulator_as_a_program(tmp_path: Path) -> None:
    """`--card … --link …`: a kiosk's reader finds it there; words are obeyed."""
    link = tmp_path / "reader"
    program = subprocess.Popen(
        [sys.executable, "-m", "kiosk.id_reader.simulator", "--card", SAMPLES / "rare-name.json", "--link", link],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    with program:
        assert program.stdin
        assert program.stdout
        assert program.stdout.readline() == "a resident card lies on the reader\n"
        assert program.stdout.readline() == f"sam://{link}\n"
        reader = open_reader(f"sam://{link}", 20)
        assert reader.read(threading.Event()).name == "䶮㛃𬱖𡈽𰻝"
        program.stdin.write("take\n")
        assert program.stdout.readline() == "nothing lies on the reader\n"
        reader.close()
        program.stdin.write("quit\n")
        program.communicate(timeout=20)
    assert program.returncode == 0
    assert not link.is_symlink()


@pytest.mark.parametrize(
    ("url", "port", "baud"),
    [
        ("sam:///dev/ttyUSB0", "/dev/ttyUSB0", 115200),
        ("sam:///dev/ttyUSB0?baud=9600", "/dev/ttyUSB0", 9600),
        ("sam://COM3", "COM3", 115200),
        ("sam+socket://10.0.0.9:4001", "socket://10.0.0.9:4001", 115200),
    ],
)
def test_addresses_of_serial_readers(monkeypatch: pytest.MonkeyPatch, url: str, port: str, baud: int) -> None:
    """The device's own name, upper and lower case as written."""
    made: list[tuple[str, float, int]] = []
    monkeypatch.setattr(
        "kiosk.id_reader.open.SerialReader",
        lambda port, timeout_s, *, baud=115200: made.append((port, timeout_s, baud)),
    )
    open_reader(url, 7)
    assert made == [(port, 7, baud)]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sam://",
        "/dev/ttyUSB0",
        "sam+socket://",
        "sam+socket://host:1/x",
        "wedge://x",
        "simulator://",
        "simulator:///",
        "usb://1234:5678",
        "sam:///dev/ttyUSB0?baud=1200",
        "sam:///dev/ttyUSB0?speed=9600",
        "wedge://?x=1",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    """Told when the kiosk starts, with what to write instead."""
    with pytest.raises(ReaderUrlError, match=r"reader|baud|option"):
        open_reader(url)


def test_opening_and_closing_wants_no_device(tmp_path: Path) -> None:
    """A kiosk starts with its reader still in the box."""
    reader = open_reader(f"sam://{tmp_path}/none")
    assert isinstance(reader, SerialReader)
    reader.close()
    assert not reader._thread.is_alive()
