"""The queue of a printer: nothing lost, nothing twice, always an answer."""

import errno
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from printer.commands import prepare
from printer.delivery import Limits, StreamDevice
from printer.profile import Mode, Profile
from printer.simulator import Simulator
from printer.spool import Job, JobState, Spool, SpoolBusy
from printer.spool_folder import Entry, SpoolFolder, Stage, say_new_roll
from printer.status import Condition, Paper, Trouble
from tests.printer.printer_cast import QUICK, Listener, a_ticket, wait_until


def a_spool(folder: Path, url: str, listener: Listener, limits: Limits = QUICK) -> Spool:
    return Spool(folder, url, 80, "auto", listener, limits)


def waiting(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("0*.json"))


def test_tickets_are_printed_in_order_and_forgotten(tmp_path: Path) -> None:
    """Ten tickets handed in at once: each answered at once, printed once, in order, and gone from disk."""
    listener = Listener()
    with Simulator() as printer:
        spool = a_spool(tmp_path, printer.url, listener)
        jobs = [spool.submit(a_ticket(number=f"A{n:03d}", id=f"t{n}")) for n in range(10)]
        assert all(job.state is JobState.QUEUED for job in jobs)
        assert len({job.id for job in jobs}) == 10
        for job in jobs:
            assert listener.end_of(job).state is JobState.PRINTED
        spool.close()
        assert len(printer.tickets) == 10
    assert [job.number for job in listener.jobs] == [f"A{n:03d}" for n in range(10)]
    assert [job.ticket_id for job in listener.jobs] == [f"t{n}" for n in range(10)]
    assert waiting(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "mend", "reason"),
    [
        ({"paper": Paper.OUT}, {"paper": Paper.OK}, Condition.PAPER_OUT),
        ({"is_cover_open": True}, {"is_cover_open": False}, Condition.COVER_OPEN),
        ({"is_offline": True}, {"is_offline": False}, Condition.OFFLINE),
        ({"has_error": True}, {"has_error": False}, Condition.ERROR),
    ],
)
def test_trouble_is_told_at_once_and_mended_in_time(
    tmp_path: Path, change: dict[str, object], mend: dict[str, object], reason: Condition
) -> None:
    """The citizen reads why while the spool tries again; one ticket comes out when it can."""
    listener = Listener()
    with Simulator() as printer:
        printer.set(**change)
        spool = a_spool(tmp_path, printer.url, listener)
        job = spool.submit(a_ticket())
        told = listener.wait_for(lambda heard: heard.reason is not None)
        assert (told.state, told.reason) == (JobState.QUEUED, reason)
        assert spool.status().condition is reason
        printer.set(**mend)
        assert listener.end_of(job).state is JobState.PRINTED
        wait_until(lambda: spool.status().condition is Condition.READY)
        spool.close()
        assert len(printer.tickets) == 1
    assert len(listener.jobs) == 2, "a reason is told once, not at every try"


def test_patience_ends(tmp_path: Path) -> None:
    """A ticket nobody can wait for any longer has failed, with the reason, and never comes out later."""
    listener = Listener()
    with Simulator() as printer:
        printer.set(paper=Paper.OUT)
        spool = a_spool(tmp_path, printer.url, listener, replace(QUICK, patience_s=0.1))
        job = spool.submit(a_ticket())
        ended = listener.end_of(job)
        assert (ended.state, ended.reason) == (JobState.FAILED, Condition.PAPER_OUT)
        printer.set(paper=Paper.OK)
        wait_until(lambda: spool.status().condition is Condition.READY)
        again = spool.submit(a_ticket(copy=2))
        assert listener.end_of(again).state is JobState.PRINTED
        spool.close()
        assert len(printer.tickets) == 1


@pytest.mark.skipif(os.name == "nt", reason="win:// works there")
def test_what_cannot_help_is_not_tried_again(tmp_path: Path) -> None:
    """A driver that is missing will be missing in 20 s too: the citizen hears at once."""
    listener = Listener()
    spool = a_spool(tmp_path, "win://Ticket", listener, replace(QUICK, patience_s=600))
    ended = listener.end_of(spool.submit(a_ticket()))
    assert (ended.state, ended.reason) == (JobState.FAILED, Condition.UNREACHABLE)
    assert len(listener.jobs) == 1
    spool.close()


def test_switched_off_printer_that_comes_back(tmp_path: Path) -> None:
    """Refused, then accepted: one ticket."""
    listener = Listener()
    with Simulator() as printer:
        printer.refuse()
        spool = a_spool(tmp_path, printer.url, listener)
        job = spool.submit(a_ticket())
        assert listener.wait_for(lambda heard: heard.reason is not None).reason is Condition.UNREACHABLE
        printer.accept()
        assert listener.end_of(job).state is JobState.PRINTED
        spool.close()
        assert len(printer.tickets) == 1


def test_unknown_is_never_tried_again(tmp_path: Path) -> None:
    """A silent printer: the ticket may have come out, so a second one is never printed by itself."""
    listener = Listener()
    with Simulator() as printer:
        printer.set(is_silent=True)
        spool = a_spool(tmp_path, printer.url, listener, replace(QUICK, answer_s=0.1))
        first, second = spool.submit(a_ticket()), spool.submit(a_ticket(number="A013"))
        for job in (first, second):
            ended = listener.end_of(job)
            assert (ended.state, ended.reason) == (JobState.UNKNOWN, Trouble.UNCONFIRMED)
        spool.close()
        assert len(printer.tickets) == 2
    assert waiting(tmp_path) == []


def test_printer_that_dies_mid_ticket_is_not_called_printed(tmp_path: Path) -> None:
    """Half a ticket is a retry or "unknown"; once the printer lives, the next one is printed."""
    listener = Listener()
    with Simulator() as printer:
        printer.set(dies_after_bytes=20_000)
        spool = a_spool(tmp_path, printer.url, listener, replace(QUICK, patience_s=0.2))
        ended = listener.end_of(spool.submit(a_ticket()))
        assert ended.state in (JobState.UNKNOWN, JobState.FAILED)
        assert printer.tickets == []
        printer.set(dies_after_bytes=None)
        assert listener.end_of(spool.submit(a_ticket(copy=2))).state is JobState.PRINTED
        spool.close()


def test_queued_tickets_outlive_a_restart(tmp_path: Path) -> None:
    """Stopped with a dead printer, started again with a live one: everything comes out once, in order."""
    before, after = Listener(), Listener()
    with Simulator() as printer:
        printer.refuse()
        spool = a_spool(tmp_path, printer.url, before)
        jobs = [spool.submit(a_ticket(number=f"A{n:03d}")) for n in range(3)]
        before.wait_for(lambda heard: heard.reason is Condition.UNREACHABLE)
        spool.close()
        assert waiting(tmp_path) == ["00000001.json", "00000002.json", "00000003.json"]
        printer.accept()
        spool = a_spool(tmp_path, printer.url, after)
        for job in jobs:
            assert after.end_of(job).state is JobState.PRINTED
        newest = spool.submit(a_ticket(number="A099"))
        assert newest.id == "00000004"
        assert after.end_of(newest).state is JobState.PRINTED
        spool.close()
        assert len(printer.tickets) == 4
    assert [job.number for job in after.jobs] == ["A000", "A001", "A002", "A099"]


def test_power_cut_while_sending_is_unknown(tmp_path: Path) -> None:
    """A ticket that was half way when the power went may be in somebody's hand: reported, not printed again."""
    SpoolFolder(tmp_path).save(Entry("00000007", Stage.SENDING, a_ticket()))
    listener = Listener()
    with Simulator() as printer:
        spool = a_spool(tmp_path, printer.url, listener)
        ended = listener.wait_for(lambda heard: heard.id == "00000007")
        assert (ended.state, ended.reason) == (JobState.UNKNOWN, Trouble.INTERRUPTED)
        next_one = spool.submit(a_ticket())
        assert next_one.id == "00000008", "numbers of jobs go on although their file was lost"
        listener.end_of(next_one)
        spool.close()
        assert len(printer.tickets) == 1


def test_ticket_is_on_disk_as_sending_before_its_first_byte(tmp_path: Path) -> None:
    """Otherwise a power cut would print it twice."""
    listener = Listener()
    with Simulator() as printer:
        printer.set(paper_out_after_rows=300)
        spool = a_spool(tmp_path, printer.url, listener)
        spool.submit(a_ticket())
        listener.wait_for(lambda heard: heard.reason is Condition.PAPER_OUT)
        assert json.loads((tmp_path / "00000001.json").read_text())["stage"] == "sending"
        printer.set(paper=Paper.OK)
        listener.wait_for(lambda heard: heard.state is JobState.PRINTED)
        spool.close()


def test_broken_file_is_set_aside(tmp_path: Path) -> None:
    """Rubbish on the disk stops nothing and is kept for who wants to look."""
    (tmp_path / "00000003.json").write_text('{"stage": "queu')
    listener = Listener()
    with Simulator() as printer:
        spool = a_spool(tmp_path, printer.url, listener)
        job = spool.submit(a_ticket())
        assert job.id == "00000004"
        assert listener.end_of(job).state is JobState.PRINTED
        spool.close()
    assert (tmp_path / "00000003.broken").exists()


def test_ticket_that_cannot_be_laid_out_does_not_stop_the_others(tmp_path: Path) -> None:
    """A poisoned ticket fails alone, also after a restart."""
    listener = Listener()
    with Simulator() as printer:
        spool = a_spool(tmp_path, printer.url, listener)
        bad = spool.submit(replace(a_ticket(), issued_at="yesterday"))
        good = spool.submit(a_ticket())
        ended = listener.end_of(bad)
        assert (ended.state, ended.reason) == (JobState.FAILED, Trouble.UNPRINTABLE)
        assert listener.end_of(good).state is JobState.PRINTED
        spool.close()


def test_fault_of_the_listener_does_not_stop_the_printer(tmp_path: Path) -> None:
    """Whoever listens may fail; tickets come out."""
    heard = threading.Event()

    def listener(job: Job) -> None:
        heard.set()
        raise RuntimeError("listener at fault")

    with Simulator() as printer:
        spool = Spool(tmp_path, printer.url, 80, "auto", listener, QUICK)
        spool.submit(a_ticket())
        assert heard.wait(20)
        spool.submit(a_ticket())
        assert printer.wait_for_tickets(2)
        spool.close()


def test_full_disk_does_not_keep_paper_from_coming_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a full disk costs is the memory over a restart, not the ticket."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    listener = Listener()
    with Simulator() as printer:
        spool = a_spool(tmp_path, printer.url, listener)
        monkeypatch.setattr(SpoolFolder, "_write", full)
        assert listener.end_of(spool.submit(a_ticket())).state is JobState.PRINTED
        spool.close()
        assert len(printer.tickets) == 1


def test_fault_of_a_driver_does_not_stop_the_printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody foresaw: this ticket is unknown, the next one is printed."""
    listener = Listener()
    with Simulator() as printer:
        spool = a_spool(tmp_path, printer.url, listener)
        with monkeypatch.context() as patch:
            patch.setattr(StreamDevice, "deliver", lambda *_: 1 // 0)
            patch.setattr(StreamDevice, "status", lambda *_: 1 // 0)
            ended = listener.end_of(spool.submit(a_ticket()))
        assert (ended.state, ended.reason) == (JobState.UNKNOWN, Trouble.INTERRUPTED)
        assert listener.end_of(spool.submit(a_ticket())).state is JobState.PRINTED
        spool.close()


def test_closing_does_not_wait_for_paper(tmp_path: Path) -> None:
    """A kiosk is switched off while its printer waits, half way, for a new roll: the ticket is unknown."""
    listener = Listener()
    with Simulator() as printer:
        printer.set(paper_out_after_rows=300)
        spool = a_spool(tmp_path, printer.url, listener, replace(QUICK, patience_s=600))
        spool.submit(a_ticket())
        listener.wait_for(lambda heard: heard.reason is Condition.PAPER_OUT)
        spool.close()
        ended = listener.wait_for(lambda heard: heard.state is JobState.UNKNOWN)
        assert ended.reason is Trouble.INTERRUPTED


def test_two_programs_cannot_print_from_one_folder(tmp_path: Path) -> None:
    """A second start is refused, and possible after the first has ended."""
    with Simulator() as printer:
        first = a_spool(tmp_path, printer.url, Listener())
        with pytest.raises(SpoolBusy):
            a_spool(tmp_path, printer.url, Listener())
        first.close()
        a_spool(tmp_path, printer.url, Listener()).close()


def test_nothing_is_taken_after_closing(tmp_path: Path) -> None:
    """A ticket that nobody will print is refused loudly."""
    with Simulator() as printer:
        spool = a_spool(tmp_path, printer.url, Listener())
        spool.close()
        with pytest.raises(RuntimeError):
            spool.submit(a_ticket())


def test_idle_printer_is_looked_at(tmp_path: Path) -> None:
    """Near end, out and open cover are known without a ticket being printed."""
    with Simulator() as printer:
        spool = a_spool(tmp_path, printer.url, Listener())
        wait_until(lambda: spool.status().condition is Condition.READY)
        for change, condition in (
            ({"paper": Paper.NEAR_END}, Condition.NEAR_END),
            ({"paper": Paper.OUT}, Condition.PAPER_OUT),
            ({"is_cover_open": True}, Condition.COVER_OPEN),
        ):
            printer.set(**change)
            wait_until(lambda wanted=condition: spool.status().condition is wanted)
        printer.refuse()
        wait_until(lambda: spool.status().condition is Condition.UNREACHABLE)
        spool.close()


def test_meter_warns_for_printers_that_cannot(tmp_path: Path) -> None:
    """A silent printer with `roll_m`: near end after nine tenths of the roll, over restarts, until a new roll is in."""
    length_m = prepare(a_ticket(), Profile(80), Mode.RASTER).length_mm / 1000
    limits = replace(QUICK, answer_s=0.1)
    listener = Listener()
    with Simulator() as printer:
        printer.set(is_silent=True)
        url = f"{printer.url}?roll_m={length_m * 2.1}"
        spool = a_spool(tmp_path, url, listener, limits)
        listener.end_of(spool.submit(a_ticket()))
        wait_until(lambda: spool.status().is_reachable)
        assert spool.status().condition is Condition.UNKNOWN
        spool.close()
        spool = a_spool(tmp_path, url, listener, limits)
        listener.end_of(spool.submit(a_ticket()))
        wait_until(lambda: spool.status().condition is Condition.NEAR_END)
        assert spool.status().is_estimate
        say_new_roll(tmp_path)
        wait_until(lambda: spool.status().condition is Condition.UNKNOWN)
        spool.close()


def test_preview_without_a_folder_writes_beside_the_queue(tmp_path: Path) -> None:
    """`preview://` as the hall file says it."""
    listener = Listener()
    spool = a_spool(tmp_path, "preview://", listener)
    assert listener.end_of(spool.submit(a_ticket())).state is JobState.PRINTED
    spool.close()
    assert (tmp_path / "tickets" / "A012.png").is_file()
