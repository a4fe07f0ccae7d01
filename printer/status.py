"""What a printer says about itself, told apart: paper near its end, paper out, cover open, offline, error, no answer.

Pure. A printer that does not answer is *unknown*, never "fine": python-escpos takes silence for enough paper.
Bits are those of DLE EOT n (Epson ESC/POS reference, "Transmit real-time status").
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from printer.layout import texts

#: DLE EOT 1–4: printer, cause of offline, cause of error, paper roll.
QUESTIONS: tuple[bytes, ...] = tuple(b"\x10\x04" + bytes([n]) for n in (1, 2, 3, 4))

OFFLINE = 0x08
COVER_OPEN = 0x04
STOPPED_BY_PAPER_END = 0x20
ERROR_OCCURRED = 0x40
CUTTER_OR_FATAL = 0x68
NEAR_END = 0x0C
PAPER_END = 0x60


class Paper(StrEnum):
    """What is known of the roll."""

    OK = "ok"
    NEAR_END = "near_end"
    OUT = "out"
    UNKNOWN = "unknown"


class Condition(StrEnum):
    """The one thing to tell staff, worst first."""

    UNREACHABLE = "unreachable"
    COVER_OPEN = "cover_open"
    PAPER_OUT = "paper_out"
    ERROR = "error"
    OFFLINE = "offline"
    NEAR_END = "near_end"
    READY = "ready"
    UNKNOWN = "unknown"


#: Conditions in which nothing can be printed.
BLOCKING = frozenset(
    {Condition.UNREACHABLE, Condition.COVER_OPEN, Condition.PAPER_OUT, Condition.ERROR, Condition.OFFLINE}
)


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """The last that is known. None means that the printer did not say."""

    is_reachable: bool | None = None
    is_offline: bool | None = None
    is_cover_open: bool | None = None
    has_error: bool | None = None
    paper: Paper = Paper.UNKNOWN
    is_estimate: bool = False

    @property
    def condition(self) -> Condition:
        """Sum up. Offline comes late: an open cover or missing paper also makes a printer offline."""
        checks = (
            (self.is_reachable is False, Condition.UNREACHABLE),
            (self.is_cover_open, Condition.COVER_OPEN),
            (self.paper is Paper.OUT, Condition.PAPER_OUT),
            (self.has_error, Condition.ERROR),
            (self.is_offline, Condition.OFFLINE),
            (self.paper is Paper.NEAR_END, Condition.NEAR_END),
            (self.is_offline is None and self.paper is Paper.UNKNOWN, Condition.UNKNOWN),
        )
        return next((condition for is_so, condition in checks if is_so), Condition.READY)

    @property
    def is_blocking(self) -> bool:
        return self.condition in BLOCKING

    @classmethod
    def of(cls, condition: Condition) -> Self:
        """The least that must be so for this condition."""
        match condition:
            case Condition.UNREACHABLE:
                return cls(is_reachable=False)
            case Condition.COVER_OPEN:
                return cls(is_reachable=True, is_offline=True, is_cover_open=True)
            case Condition.PAPER_OUT:
                return cls(is_reachable=True, is_offline=True, paper=Paper.OUT)
            case Condition.ERROR:
                return cls(is_reachable=True, is_offline=True, has_error=True)
            case Condition.OFFLINE:
                return cls(is_reachable=True, is_offline=True)
            case Condition.NEAR_END:
                return cls(is_reachable=True, is_offline=False, paper=Paper.NEAR_END)
            case Condition.READY:
                return cls(True, False, False, False, Paper.OK)
            case Condition.UNKNOWN:
                return cls()

    def estimated(self, is_near_end: bool) -> Self:
        """Fill in the paper from the meter where the printer itself says nothing."""
        if self.paper is not Paper.UNKNOWN or not is_near_end:
            return self
        return replace(self, paper=Paper.NEAR_END, is_estimate=True)


UNREACHABLE = PrinterStatus(is_reachable=False)

#: Connected, and silent.
SILENT = PrinterStatus(is_reachable=True)


def is_status_byte(byte: int) -> bool:
    """Answers to DLE EOT have bits 1 and 4 set, 0 and 7 clear; XON, XOFF and rubbish have not."""
    return byte & 0x93 == 0x12


def is_done_byte(byte: int) -> bool:
    """The answer to GS r 1 has bits 4 and 7 clear, so it cannot be taken for an answer to DLE EOT."""
    return byte & 0x90 == 0


def read_answers(answers: list[int | None]) -> PrinterStatus:
    """Make a status from the answers to `QUESTIONS`, None where there was none."""
    printer, offline, error, roll = answers
    if printer is None:
        return SILENT
    paper = Paper.UNKNOWN if roll is None else _paper(roll)
    if offline is not None and offline & STOPPED_BY_PAPER_END:
        paper = Paper.OUT
    return PrinterStatus(
        is_reachable=True,
        is_offline=bool(printer & OFFLINE),
        is_cover_open=None if offline is None else bool(offline & COVER_OPEN),
        has_error=None
        if offline is None and error is None
        else bool((offline or 0) & ERROR_OCCURRED or (error or 0) & CUTTER_OR_FATAL),
        paper=paper,
    )


def _paper(roll: int) -> Paper:
    return Paper.OUT if roll & PAPER_END else Paper.NEAR_END if roll & NEAR_END else Paper.OK


def explain(reason: str, language: str) -> str:
    """A condition, or another reason of a job, as a sentence for people."""
    say = texts(language)
    sentences: dict[str, str] = {
        Condition.UNREACHABLE: say("The printer cannot be reached"),
        Condition.COVER_OPEN: say("The printer's cover is open"),
        Condition.PAPER_OUT: say("The printer is out of paper"),
        Condition.ERROR: say("The printer reports a fault (cutter or head)"),
        Condition.OFFLINE: say("The printer is offline"),
        Condition.NEAR_END: say("The paper roll is nearly used up"),
        Condition.READY: say("Ready"),
        Condition.UNKNOWN: say("The printer does not answer questions"),
        Trouble.CUT_OFF: say("The connection broke while the ticket was printing"),
        Trouble.STALLED: say("The printer stopped taking data"),
        Trouble.UNCONFIRMED: say("Sent, but the printer did not confirm it"),
        Trouble.INTERRUPTED: say("The program stopped while the ticket was printing"),
        Trouble.UNPRINTABLE: say("The ticket could not be laid out"),
    }
    return sentences.get(reason, reason)


class Trouble(StrEnum):
    """Reasons of a job that are not a condition of the printer."""

    CUT_OFF = "cut_off"
    STALLED = "stalled"
    UNCONFIRMED = "unconfirmed"
    INTERRUPTED = "interrupted"
    UNPRINTABLE = "unprintable"
