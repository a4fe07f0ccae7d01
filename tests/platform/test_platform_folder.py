"""The file adapter: what goes out lies in `out`, what lies in `in` is applied and moved, faults stand beside it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.core import case_events as ce
from tests.platform.conftest import Desk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder both sides reach."""
    return tmp_path / "exchange"


@pytest.fixture
def filed(build: Callable[[str], Desk], folder: Path) -> Desk:
    """A hall that exchanges files."""
    return build(f"platform: {{ kind: file, folder: '{folder}' }}\n")


def put(folder: Path, name: str, content: Any) -> None:
    """The other side writes a file."""
    (folder / "in").mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    (folder / "in" / name).write_text(text, "utf-8")


def names(folder: Path, part: str) -> list[str]:
    """What lies in a part of the folder."""
    return sorted(path.name for path in (folder / part).iterdir()) if (folder / part).exists() else []


def test_cases_go_out_and_milestones_come_in(filed: Desk, folder: Path) -> None:
    """One file for each accepted item; one milestone or a list of them in a file, moved to done."""
    number = filed.accept()
    filed.sign()
    filed.exchange()
    (name,) = names(folder, "out")
    sent = json.loads((folder / "out" / name).read_text("utf-8"))
    assert (name, sent["type"], sent["case"]) == ("submit-c-1.json", "submit", number)
    put(folder, "0001.json", {"id": "m-1", "kind": "numbered", "case": number, "platform": "HB-1"})
    put(
        folder,
        "0002.json",
        [
            {"id": "m-2", "kind": "progressed", "platform": "HB-1", "milestone": "已分办"},
            {"id": "m-3", "kind": "answered", "platform": "HB-1", "answer": "granted"},
        ],
    )
    put(folder, ".half.json", "{")
    filed.exchange()

    assert filed.case().platform == "HB-1"
    assert filed.case().is_granted
    assert (names(folder, "in"), names(folder, "done"), names(folder, "bad")) == (
        [".half.json"],
        ["0001.json", "0002.json"],
        [],
    )


def test_what_is_refused_lies_in_bad_with_the_reason_beside_it(filed: Desk, folder: Path) -> None:
    """An unknown case, a field that is missing: the file is in bad, its reasons in a file of the same name."""
    number = filed.accept()
    put(
        folder,
        "a.json",
        [
            {"id": "m-1", "kind": "progressed", "case": number, "milestone": "已分办"},
            {"id": "m-2", "kind": "progressed", "case": "20200101-0001", "milestone": "已分办"},
            {"id": "m-3", "kind": "answered", "case": number},
        ],
    )
    filed.exchange()

    assert names(folder, "bad") == ["a.json", "a.json.error.txt"]
    told = (folder / "bad" / "a.json.error.txt").read_text("utf-8").splitlines()
    assert told[0] == "m-2: case_unknown case=20200101-0001"
    assert told[1].startswith("m-3: milestone_invalid why=")
    assert filed.happened(ce.MilestoneNoted) == 1
    assert filed.view()["counts"]["bad"] == 2


def test_a_file_that_is_still_being_written_is_looked_at_again(filed: Desk, folder: Path) -> None:
    """Half a file waits for its other half; one that stays broken goes to bad with the next round."""
    number = filed.accept()
    filed.exchange()
    put(folder, "slow.json", '{"id": "m-1", "kind": "progr')
    put(folder, "broken.json", "no json")
    filed.exchange()
    assert names(folder, "in") == ["broken.json", "slow.json"]
    put(folder, "slow.json", {"id": "m-1", "kind": "progressed", "case": number, "milestone": "已分办"})
    filed.exchange()

    assert (names(folder, "in"), names(folder, "done")) == ([], ["slow.json"])
    assert names(folder, "bad") == ["broken.json", "broken.json.error.txt"]
    assert "not JSON" in (folder / "bad" / "broken.json.error.txt").read_text("utf-8")


def test_a_kill_before_the_move_applies_nothing_twice(filed: Desk, folder: Path) -> None:
    """The same file once more, as after a kill between queue and move, changes nothing and is moved."""
    number = filed.accept()
    step = {"id": "m-1", "kind": "progressed", "case": number, "milestone": "已分办"}
    for _ in range(2):
        put(folder, "a.json", step)
        filed.exchange()

    assert filed.happened(ce.MilestoneNoted) == 1
    assert names(folder, "done") == ["a.json"]


def test_a_folder_that_is_away_stops_nothing(filed: Desk, folder: Path) -> None:
    """A share that is not mounted counts as away; the queue goes out when it is back."""
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("not a folder", "utf-8")
    filed.accept()
    filed.exchange()
    assert filed.view()["away"]
    folder.unlink()
    filed.exchange()

    assert names(folder, "out") == ["submit-c-1.json"]
    assert not filed.view()["away"]
