"""`run_server.py add-user`, `add-device`, `set-exit-pin`: what they keep, and what they refuse in one sentence."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from server.accounts import Accounts, Role
from server.cli import main
from server.compose import ACCOUNTS_FILE

SMALL = Path(__file__).parent / "small_hall.yaml"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Run the program with something on standard input; exit status, what it said, what it complained of."""

    def run_with(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        status = main(["--hall", str(SMALL), "--data", str(tmp_path), *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run_with


@pytest.fixture
def accounts(tmp_path: Path) -> Any:
    """What was kept."""
    kept = Accounts(tmp_path / ACCOUNTS_FILE)
    yield kept
    kept.close()


def test_a_department_user_signs_in_for_his_department(run: Any, accounts: Accounts) -> None:
    """Role and department come back at the sign-in and out of the session."""
    options = ("--role", "department", "--department", "县档案馆", "--password-stdin")
    status, said, _ = run("add-user", "wang", *options, typed="long enough\n")
    assert status == 0
    assert "县档案馆 stands in no service" in said
    person = accounts.sign_in("wang", "long enough")
    assert person is not None
    assert (person.roles, person.department) == (frozenset({Role.DEPARTMENT}), "县档案馆")
    assert accounts.person(accounts.session(person)) == person


def test_a_name_is_given_and_changed(run: Any, accounts: Accounts) -> None:
    """What another program writes is known at once; without a name the id is said to stand for it."""
    _, said, _ = run("add-user", "li", "--role", "clerk", "--password-stdin", typed="long enough\n")
    assert "--name gives a name" in said
    assert accounts.called("user:li") == "li"
    assert run("set-name", "li", " 李  静怡 ")[:2] == (0, "li: 李 静怡\n")
    assert accounts.called("user:li") == "李 静怡"
    named = ("add-user", "wang", "--role", "clerk", "--name", "王芳", "--password-stdin")
    assert "note" not in run(*named, typed="long enough\n")[1]
    assert accounts.names() == {"li": "李 静怡", "wang": "王芳"}


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (("add-user", "li", "--role", "department", "--password-stdin"), "long enough\n", "needs --department"),
        (("add-user", "li", "--role", "clerk", "--password-stdin"), "short\n", "at least 8 characters"),
        (("add-user", "li", "--role", "clerk"), "", "give it with --password-stdin"),
        (
            ("add-user", "li", "--role", "clerk", "--window", "X9", "--password-stdin"),
            "long enough\n",
            "no such window",
        ),
        (("set-name", "nobody", "无人"), "", "no such user"),
        (("set-name", "nobody", "  "), "", "1 to 64 characters"),
        (("set-exit-pin",), "", "give it with --pin-stdin"),
        (("set-exit-pin", "--pin-stdin"), "12ab\n", "at least 6 digits"),
        (("add-device", "kiosk-99", "--kind", "kiosk"), "", "no such device"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    run: Any, accounts: Accounts, arguments: tuple[str, ...], typed: str, sentence: str
) -> None:
    """Exit status 2, one line, nobody added."""
    status, said, complaint = run(*arguments, typed=typed)
    assert (status, said) == (2, "")
    assert sentence in complaint
    assert complaint.count("\n") == 1
    assert accounts.users() == []


def test_a_script_sets_the_exit_pin(run: Any, accounts: Accounts) -> None:
    """From standard input, without a terminal; what is kept is no PIN."""
    assert run("set-exit-pin", "--pin-stdin", typed="271828\n") == (0, "", "")
    assert "271828" not in (accounts.exit_pin_hash() or "271828")
