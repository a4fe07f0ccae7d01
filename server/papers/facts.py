"""What stands on a paper, gathered before it is worded. Pure values; moments are the hall's local time."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from server.core.case_records import DeliveryWay, Outcome, PaperKind


class CopyOf(StrEnum):
    """Whose copy a sheet is."""

    APPLICANT = "applicant"
    FILE = "file"
    WINDOW = "window"


#: A voucher goes to the applicant, with the papers into the file, and stays at the window; a notice has no file yet.
COPIES = {
    PaperKind.VOUCHER: (CopyOf.APPLICANT, CopyOf.FILE, CopyOf.WINDOW),
    PaperKind.CORRECTION: (CopyOf.APPLICANT, CopyOf.WINDOW),
    PaperKind.REFUSAL: (CopyOf.APPLICANT, CopyOf.WINDOW),
    # Signed by who takes the result, and kept with the papers.
    PaperKind.RECEIPT: (CopyOf.FILE,),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One text in Chinese, and in English where the citizen speaks that."""

    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A paper of the guide's list: name, form (original, copy …) and how many."""

    name: str
    form: str = ""
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Taken:
    """A result that was fetched: what it is, who took it and what was shown. `agent` and `relation` are None once they
    are no longer kept; `proof` other than the voucher replaced it, `note` says how."""

    result: str
    copies: int
    is_agent: bool
    proof: str
    agent: str | None = None
    relation: str | None = None
    authority: Said = Said("")
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """Everything on the paper of one settlement. `applicant` is None once the name is no longer kept; `place` is where
    the result is fetched, or where to come back; `again` above 1 marks a paper that was printed before."""

    kind: PaperKind
    outcome: Outcome
    hall: Said
    number: str
    title: Said
    ticket: str
    at: datetime
    window: Said
    clerk: str = ""
    code: str = ""
    departments: tuple[str, ...] = ()
    applicant: str | None = None
    handed: tuple[Handed, ...] = ()
    lacks: tuple[str, ...] = ()
    promise_on: date | None = None
    deadline_on: date | None = None
    days: int = 0
    urgent: bool = False
    delivery: DeliveryWay = DeliveryWay.WINDOW
    carriers: tuple[str, ...] = ()
    place: Said = Said("")
    precheck: Said | None = None
    platform: str = ""
    reason: Said = Said("")
    note: str = ""
    basis: str = ""
    url: str = ""
    taken: Taken | None = None
    again: int = 1
    english: bool = False
