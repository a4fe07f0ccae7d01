"""The tickets, halls and listeners that the printer's tests play with."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from printer.delivery import Limits
from printer.layout import TicketPrint
from printer.spool import Job, JobState
from printer.status import Condition

HALL: dict[str, Any] = {
    "name": "阳新县市民之家",
    "name_en": "Yangxin Citizens' Home",
    "public_url": "http://hall.example",
}

#: Short where a test waits for something not to happen, long where it waits for something to happen.
QUICK = Limits(
    connect_s=5,
    answer_s=5,
    write_s=5,
    confirm_s=10,
    silent_confirm_s=0.2,
    ask_again_s=0.05,
    patience_s=30,
    back_off_s=0.02,
    poll_s=0.05,
)


def a_ticket_json(**changes: Any) -> dict[str, Any]:
    """A ticket as docs/api.md gives it."""
    return {
        "id": "0193aaaa",
        "number": "A012",
        "state": "waiting",
        "hall": "阳新县市民之家",
        "hall_en": "Yangxin Citizens' Home",
        "zone": "social",
        "zone_name": "社会事务区",
        "zone_name_en": "Social Affairs",
        "area_name": "一楼大厅",
        "area_name_en": "1st floor",
        "service": "soc-ins",
        "service_name": "社会保障卡补办（个人）",
        "service_name_en": "Social security card replacement",
        "group": None,
        "language": "zh",
        "issued_at": "2026-11-21T09:02:11.120+08:00",
        "ahead": 5,
        "wait": {"low_s": 600, "high_s": 1200},
        "windows": ["S01"],
        "windows_text": "1–24号窗口",
        "windows_text_en": "Windows 1–24",
        "url": "/t/Qm9Kx3ZrT1aVb8YcD2eFgh",
        "hint": "请留意叫号，过号请到咨询台",
        "hint_en": "Please watch for your number. If you miss it, ask at the information desk",
        "rating_code": "4821",
        "copies": 1,
        **changes,
    }


def a_ticket(copy: int = 1, **changes: Any) -> TicketPrint:
    """A ticket ready for printing."""
    return TicketPrint.from_ticket(a_ticket_json(**changes), HALL, copy)


@dataclass
class Listener:
    """Hears what becomes of jobs, and waits for it."""

    jobs: list[Job] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, job: Job) -> None:
        with self._changed:
            self.jobs.append(job)
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[Job], bool], timeout_s: float = 20) -> Job:
        """The first job heard, or to be heard, that is wanted."""
        with self._changed:
            found = self._changed.wait_for(lambda: next(filter(wanted, self.jobs), None), timeout_s)
            assert found, f"heard only {self.jobs}"
            return found

    def end_of(self, job: Job) -> Job:
        """How a job ended."""
        return self.wait_for(lambda heard: heard.id == job.id and heard.state is not JobState.QUEUED)


@dataclass
class Onlooker:
    """Watches one delivery."""

    has_begun: bool = False
    troubles: list[Condition | None] = field(default_factory=list)

    def begun(self) -> None:
        self.has_begun = True

    def trouble(self, condition: Condition | None) -> None:
        self.troubles.append(condition)

    def is_closing(self) -> bool:
        return False


def wait_until(condition: Callable[[], object], timeout_s: float = 20) -> None:
    """Wait for what no event announces; fails after the limit."""
    ticker = threading.Event()
    for _ in range(int(timeout_s / 0.01)):
        if condition():
            return
        ticker.wait(0.01)
    raise AssertionError("did not happen in time")
