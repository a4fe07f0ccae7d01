"""Orders to print the paper of what was settled: which paper, whose, and what the log keeps of it."""

from dataclasses import replace
from typing import Any

import pytest

from server.core.case_events import PaperPrinted, PrintPaper, SettlementRetracted
from server.core.case_records import Outcome, PaperKind
from server.core.refusals import Reason
from server.core.settling import PAPERS
from tests.cast import S01, at, given
from tests.core.case_cast import AT_THE_WINDOW, CASE, CHEN, TICKET, case_opened, settled

PRINT = PrintPaper(at=at("10:05"), settlement=CASE, paper=PaperKind.VOUCHER, printer="desk", by=CHEN)
PRINTED = PaperPrinted(
    at=PRINT.at, ticket=TICKET, settlement=CASE, paper=PaperKind.VOUCHER, printer="desk", by=CHEN, copy=1
)
NO_CASE: dict[str, Any] = {"case": None, "department": None}

#: Written by hand from the issue, a second time.
PAPER_OF = {
    Outcome.DONE: None,
    Outcome.ACCEPTED: PaperKind.VOUCHER,
    Outcome.ACCEPTED_MISSING: PaperKind.VOUCHER,
    Outcome.PRE_ACCEPTED: PaperKind.VOUCHER,
    Outcome.CORRECTION: PaperKind.CORRECTION,
    Outcome.REFUSED: PaperKind.REFUSAL,
}


def test_printing_is_told_and_changes_nothing() -> None:
    """The event names ticket, settlement, paper, printer and who asked; the state stays as it was."""
    hall = given(*AT_THE_WINDOW, settled(), case_opened())
    before = dict(hall.state.settlements)

    state = hall.when(PRINT).then(PRINTED)

    assert (state.settlements, state.tickets[TICKET].settled) == (before, (CASE,))
    assert (state.cases_made, list(state.cases)) == (1, [CASE])


def test_the_second_time_is_the_second_copy() -> None:
    """Whoever asks says the how many-th it is, so that it can be marked on the paper."""
    hall = given(*AT_THE_WINDOW, settled(), case_opened(), PRINTED)
    hall.when(replace(PRINT, copy=2)).then(replace(PRINTED, copy=2))


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("paper", PaperKind)
def test_each_outcome_has_its_own_paper(outcome: Outcome, paper: PaperKind) -> None:
    """A refusal is no voucher, and what was done at once has none."""
    assert PAPERS.get(outcome) is PAPER_OF[outcome]
    hall = given(*AT_THE_WINDOW, settled(outcome=outcome, **NO_CASE))
    answer = hall.when(replace(PRINT, paper=paper))
    if PAPER_OF[outcome] is paper:
        answer.then(replace(PRINTED, paper=paper))
    else:
        answer.refused(Reason.SETTLEMENT_UNKNOWN)


def test_what_was_taken_back_has_no_paper() -> None:
    """Nor has what nobody settled."""
    taken_back = SettlementRetracted(at=at("9:30"), ticket=TICKET, settlement=CASE, window=S01)
    given(*AT_THE_WINDOW, settled(), case_opened(), taken_back).when(PRINT).refused(Reason.SETTLEMENT_UNKNOWN)
    given(*AT_THE_WINDOW).when(PRINT).refused(Reason.SETTLEMENT_UNKNOWN)


def test_of_a_past_day_the_ticket_is_told() -> None:
    """The state has forgotten it; whoever found it in the views names its ticket."""
    told = given(*AT_THE_WINDOW).when(replace(PRINT, settlement="s-old", ticket="t-old"))
    told.then(replace(PRINTED, settlement="s-old", ticket="t-old"))
