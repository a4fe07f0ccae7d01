"""The transition table, row by row, and everything that is not in it."""

from itertools import product

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.event_types import EVENT_TYPES
from server.core.model import TicketState as S
from server.core.refusals import Reason
from server.core.transitions import TRANSITIONS, Verb
from tests.cast import MORNING, S01, S02, STORY_OF, TAX, at, given, id_of

#: Written by hand from the design, a second time: a row lost from the table or added to it is noticed here.
#: state verb -> next state, event
TABLE = """
waiting  call       called     TicketCalled
waiting  cancel     cancelled  TicketCancelled
called   recall     called     TicketRecalled
called   start      serving    ServiceStarted
called   finish     done       ServiceFinished
called   hold       held       TicketHeld
called   transfer   waiting    TicketTransferred
called   no_show    no_show    TicketMissed
called   cancel     cancelled  TicketCancelled
serving  finish     done       ServiceFinished
serving  hold       held       TicketHeld
serving  transfer   waiting    TicketTransferred
held     resume     called     TicketResumed
held     cancel     cancelled  TicketCancelled
no_show  reinstate  waiting    TicketReinstated
no_show  call       called     TicketCalled
done     rate       done       TicketRated
"""
ROWS = [
    (S(state), Verb(verb), S(after), EVENT_TYPES[event])
    for state, verb, after, event in (line.split() for line in TABLE.split("\n") if line)
]
LEGAL = {(state, verb) for state, verb, _, _ in ROWS}
ILLEGAL = [pair for pair in product(S, Verb) if pair not in LEGAL]
#: These name a ticket; the others speak of whatever is at the window.
NAMES_TICKET = {Verb.CALL, Verb.RESUME, Verb.REINSTATE, Verb.CANCEL, Verb.RATE}
AT_WINDOW = {S.CALLED, S.SERVING}


def doing(verb: Verb, window: str) -> c.Command:
    """The command that does a verb to A001, at 9:30."""
    now, ticket = at("9:30"), id_of("A001")
    commands: dict[Verb, c.Command] = {
        Verb.CALL: c.CallTicket(at=now, window=window, ticket=ticket),
        Verb.RECALL: c.Recall(at=now, window=window),
        Verb.START: c.Start(at=now, window=window),
        Verb.FINISH: c.Finish(at=now, window=window),
        Verb.HOLD: c.Hold(at=now, window=window),
        Verb.RESUME: c.Resume(at=now, window=window, ticket=ticket),
        Verb.TRANSFER: c.Transfer(at=now, window=window, to_service=TAX),
        Verb.NO_SHOW: c.MarkNoShow(at=now, window=window),
        Verb.REINSTATE: c.Reinstate(at=now, window=window, ticket=ticket),
        Verb.CANCEL: c.Cancel(at=now, ticket=ticket),
        Verb.RATE: c.Rate(at=now, ticket=ticket, level=5),
    }
    return commands[verb]


def test_the_table_is_the_one_of_the_design() -> None:
    """The table holds these rows and no other."""
    assert {(state, verb): after for state, verb, after, _ in ROWS} == TRANSITIONS


def test_every_pair_is_tried() -> None:
    """Legal and illegal pairs together are all pairs there are."""
    assert len(ROWS) + len(ILLEGAL) == len(S) * len(Verb) == 77


@pytest.mark.parametrize(("state", "verb", "after", "event"), ROWS)
def test_a_legal_step_makes_its_event_and_leads_to_its_state(
    state: S, verb: Verb, after: S, event: type[e.TicketEvent]
) -> None:
    """Each row: the verb makes one event of its kind, about this ticket, and the ticket is then where the row says."""
    window = S01 if state in AT_WINDOW else S02
    outcome = given(*MORNING, *STORY_OF[state]).when(doing(verb, window))
    assert outcome.refusal is None
    (made,) = outcome.events or ()
    assert type(made) is event
    assert isinstance(made, e.TicketEvent)
    assert (made.at, made.ticket) == (at("9:30"), id_of("A001"))
    assert outcome.ticket().state is after


@pytest.mark.parametrize(("state", "verb", "after", "event"), ROWS)
def test_a_window_has_the_ticket_exactly_while_it_is_called_or_served(
    state: S, verb: Verb, after: S, event: type[e.TicketEvent]
) -> None:
    """After each row the windows and the waiting list agree with the ticket."""
    window = S01 if state in AT_WINDOW else S02
    hall = given(*MORNING, *STORY_OF[state]).when(doing(verb, window)).state
    holding = [w.id for w in hall.windows.values() if w.ticket == id_of("A001")]
    assert holding == ([window] if after in AT_WINDOW else [])
    assert (id_of("A001") in hall.waiting) == (after is S.WAITING)


@pytest.mark.parametrize(("state", "verb"), ILLEGAL)
def test_an_illegal_step_is_refused_and_changes_nothing(state: S, verb: Verb) -> None:
    """What is not in the table is refused with a reason that names the trouble; the hall stays as it was."""
    # The ticket's window where it has one: there only the state forbids the step. Elsewhere a free window.
    frees_first = verb in (Verb.CALL, Verb.RESUME) or state not in AT_WINDOW
    outcome = given(*MORNING, *STORY_OF[state]).when(doing(verb, S02 if frees_first else S01))
    if verb in NAMES_TICKET or state in AT_WINDOW:
        refusal = outcome.refused(Reason.WRONG_STATE)
        assert refusal.fields == {"ticket": "A001", "state": state.value, "verb": verb.value}
    else:
        assert outcome.refused(Reason.WINDOW_IDLE).fields == {"window": S02}


@pytest.mark.parametrize("state", [s for s in S if s not in AT_WINDOW])
@pytest.mark.parametrize("verb", [v for v in Verb if v not in NAMES_TICKET])
def test_nothing_is_done_through_the_window_a_ticket_has_left(state: S, verb: Verb) -> None:
    """A window that had the ticket once, or never, has no hand on it now."""
    given(*MORNING, *STORY_OF[state]).when(doing(verb, S01)).refused(Reason.WINDOW_IDLE)
