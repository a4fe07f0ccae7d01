"""A card from the chip to the ticket through the real reader protocol and the real server: its number is left nowhere."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from kiosk.enquiry import Enquiry
from kiosk.errands import HolderSeen, ReadCard
from kiosk.id_reader import Card, open_reader
from kiosk.id_reader.device import SamDevice, card_block
from kiosk.id_reader.folder import load_card
from kiosk.id_reader.simulator import Terminal
from kiosk.identify import Identify
from kiosk.settings import KioskSettings
from kiosk.spool import SpoolPrinting
from server.client import Client

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "kiosk" / "id_reader" / "samples"
WAIT_S = 40.0


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The server as a process; its folder and what a demo tells."""
    folder = tmp_path_factory.mktemp("hall")
    small = ROOT / "tests" / "hall" / "small_hall.yaml"
    arguments = ["--hall", small, "--data", folder / "data", "--demo", "--quiet-hall", "--port", "0"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "run_server.py", *arguments], cwd=ROOT, stdout=log, stderr=log)
    try:
        yield folder, _ready(folder, process)
    finally:
        process.terminate()
        process.wait(20)


def _ready(folder: Path, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    turn = threading.Event()
    for _ in range(int(WAIT_S / 0.05)):
        assert process.poll() is None, (folder / "server.log").read_text("utf-8")
        try:
            demo: dict[str, Any] = json.loads((folder / "data" / "demo.json").read_text("utf-8"))
            if requests.get(f"{demo['url']}/readyz", timeout=2).ok:
                return demo
        except (OSError, ValueError):
            pass
        turn.wait(0.05)
    raise AssertionError("the server is not ready")


def left_of(number: str, *folders: Path) -> list[str]:
    """The files that hold the number, its first fourteen signs or its seventeen figures, in any coding."""
    parts = [number, number[:17], number[:14], number[6:14] + number[14:17]]
    needles = [part.encode(coding) for part in parts for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if any(needle in path.read_bytes() for needle in needles)]


def test_the_search_would_find_a_number(tmp_path: Path) -> None:
    """A test of nothing would pass."""
    (tmp_path / "a.db").write_bytes(b"\x00\x01" + "100000195003090013".encode("utf-16-le"))
    assert left_of("100000195003090013", tmp_path)
    assert left_of("100000195003090021", tmp_path)


@pytest.mark.parametrize("sample", ["elder", "rare-name", "hmt", "foreign-2017", "foreign-2023"])
def test_a_number_is_nowhere_on_disk_after_its_ticket(
    sample: str, hall: tuple[Path, dict[str, Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Chip, line, reader, kiosk, server, ticket, paper: afterwards database, logs and spool know a handle (A3.1)."""
    folder, demo = hall
    card = load_card(SAMPLES / f"{sample}.json")
    assert isinstance(card, Card)
    terminal = Terminal(SamDevice(card_block(card)), tmp_path / "reader")
    news: list[Any] = []
    came = threading.Event()

    def deliver(event: Any) -> None:
        news.append(event)
        came.set()

    printed = threading.Event()
    client = Client(demo["url"], demo["kiosk_token"])
    enquiry = Enquiry(client, "kiosk-1", deliver, lambda: 0)
    printing = SpoolPrinting(
        tmp_path / "spool",
        KioskSettings("kiosk-1", printer_url=f"preview://{tmp_path}/pictures"),
        lambda ticket, state, is_waiting: printed.set() if state == "printed" else None,
    )
    identify = Identify(lambda: open_reader(f"sam://{tmp_path}/reader", 20), enquiry.holder, deliver)
    try:
        with caplog.at_level(logging.DEBUG):
            identify.begin(ReadCard(1))
            assert came.wait(WAIT_S)
            seen = news[0]
            assert isinstance(seen, HolderSeen), seen
            assert seen.holder.masked.endswith(card.number[-4:])
            hall_view = client.get("/hall")
            zone = hall_view["zones"][0]
            body = {"service": zone["services"][0]["id"], "holder": seen.holder.handle, "language": "zh"}
            ticket = client.post("/tickets", body, key=f"privacy-{sample}")
            assert ticket is not None
            printing.submit(ticket, hall_view, 1)
            assert printed.wait(WAIT_S)
    finally:
        identify.close()
        enquiry.close()
        printing.close()
        terminal.pull()
    (tmp_path / "kiosk.log").write_text(caplog.text, encoding="utf-8")

    assert left_of(card.number, folder, tmp_path) == []
