"""`python -m printer` and `python -m printer.simulator` as a technician types them."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from pyzbar.pyzbar import decode as read_codes

from printer.__main__ import main
from printer.profile import Mode, PrinterUrl, Profile
from printer.sample import SAMPLE_URL, page_jobs
from printer.simulator import Simulator
from printer.status import Paper, PrinterStatus


def test_test_page_on_paper(capsys: pytest.CaptureFixture[str]) -> None:
    """Both renderings come out, and the program says so in both languages."""
    with Simulator() as printer:
        assert main(["--device", printer.url, "--test"]) == 0
        assert printer.wait_for_tickets(2)
        pages = list(printer.tickets)
        assert printer.paper.unknown == []
    said = capsys.readouterr().out
    assert "正常 / Ready" in said
    assert "test-raster" in said
    assert "test-text" in said
    assert [read_codes(page)[0].data.decode() for page in pages] == [SAMPLE_URL] * 2


@pytest.mark.parametrize("paper", ["58", "80"])
def test_test_page_as_pictures(tmp_path: Path, paper: str) -> None:
    """Without any printer: PNGs of the right width."""
    assert main(["--device", f"preview://{tmp_path}", "--paper", paper, "--test"]) == 0
    with Image.open(tmp_path / "test_raster.png") as page:
        assert page.width == {"58": 384, "80": 576}[paper]


def test_slow_line_gets_the_text_page_only() -> None:
    """Nobody waits a minute for a test page."""
    url = PrinterUrl.parse("serial:///dev/ttyS0")
    jobs = page_jobs(url, Profile.of(url, 80), Mode.AUTO, PrinterStatus())
    assert [job.name for job in jobs] == ["test-text"]


def test_trouble_is_said_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """No paper, no printer, no sense: three different answers."""
    with Simulator() as printer:
        printer.set(paper=Paper.OUT)
        assert main(["--device", printer.url, "--test"]) == 1
        assert "打印机缺纸 / The printer is out of paper" in capsys.readouterr().out
        printer.refuse()
        assert main(["--device", printer.url, "--test"]) == 1
        assert "打印机无法连接" in capsys.readouterr().out
    assert main(["--device", "epson", "--test"]) == 2
    assert "begin with one of" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--test"])


def test_new_roll_is_noted(tmp_path: Path) -> None:
    """The spool of that folder reads it."""
    assert main(["--new-roll", str(tmp_path / "spool")]) == 0
    assert (tmp_path / "spool" / "new-roll").exists()


def test_simulator_as_a_program(tmp_path: Path) -> None:
    """Words typed change the printer; every ticket becomes a picture."""
    program = subprocess.Popen(
        [sys.executable, "-m", "printer.simulator", "--port", "0", "--png", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdin
    assert program.stdout
    try:
        url = program.stdout.readline().split()[0]
        program.stdin.write("paper-out\n")
        program.stdin.flush()
        assert "paper-out" in program.stdout.readline()
        assert main(["--device", url, "--test", "--mode", "raster"]) == 1
        program.stdin.write("ok\n")
        program.stdin.flush()
        assert "ok" in program.stdout.readline()
        assert main(["--device", url, "--test", "--mode", "raster"]) == 0
        program.communicate("quit\n", timeout=20)
        assert program.returncode == 0
    finally:
        program.kill()
        program.wait()
    with Image.open(tmp_path / "ticket-0001.png") as page:
        assert page.width == 576


def test_program_waits_for_its_server_and_ends_on_a_signal(tmp_path: Path) -> None:
    """Without a server it says so, once, and goes on trying; SIGTERM ends it cleanly."""
    program = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "printer",
            "--server",
            "http://127.0.0.1:9",
            "--printer",
            "desk",
            "--spool",
            str(tmp_path),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stderr
    try:
        assert "waiting for the server" in program.stderr.readline()
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=20)
        assert program.returncode == 0
    finally:
        program.kill()
        program.wait()
