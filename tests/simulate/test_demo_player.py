"""The demo's day goes on while its server runs: given up, it is begun again, and the terminal is told in a line."""

import sys
from pathlib import Path

import pytest

from server import demo_player
from server.demo_player import GIVEN_UP, DemoPlayer
from server.simulate import demo_day


def ending(tmp_path: Path, status: int) -> Path:
    """A program that ends at once with this status, and leaves a mark each time it was started."""
    program = tmp_path / "program.py"
    program.write_text(f"open({str(tmp_path / 'starts')!r}, 'a').write('x')\nraise SystemExit({status})\n")
    return program


@pytest.mark.parametrize(("status", "starts"), [(GIVEN_UP, 2), (1, 2), (0, 1)])
def test_a_day_that_broke_off_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, starts: int
) -> None:
    """After an end in trouble, and only then; nobody sees a stack of calls."""
    program = ending(tmp_path, status)
    start = DemoPlayer._start

    def with_this_program(player: DemoPlayer) -> object:
        player._command = [sys.executable, str(program)]
        return start(player)

    monkeypatch.setattr(demo_player.DemoPlayer, "_start", with_this_program)
    said: list[str] = []
    player = DemoPlayer([], said.append)
    player._program.wait()
    player.watch()
    player._program.wait()
    assert len((tmp_path / "starts").read_text()) == starts
    assert len(said) == starts - 1
    player.stop()


def test_a_server_that_does_not_answer_is_given_up_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program ends with a status that means so."""
    (tmp_path / "demo.json").write_text("{}")
    monkeypatch.setattr(demo_day, "begin", lambda *_: None)
    # Nothing listens on port 9 of this machine.
    arguments = ["--server", "http://127.0.0.1:9", "--demo-file", str(tmp_path / "demo.json")]
    assert demo_day.main(arguments) == GIVEN_UP
    assert capsys.readouterr().err.count("\n") == 1
