"""Requests for a guide (帮办代办, C8) or an expert (中台, Y9), and the clerk's look at a priority proof (A2.5). Pure.

A request says where somebody needs which kind of help; one guide takes it and ends it. One that names an expert is for
him. The proof of a group is a yes or a no and nothing else: no paper and no diagnosis is written down. A refuted one
keeps its place and is counted.
"""

from dataclasses import dataclass, replace

from server.core import commands as c
from server.core import events as e
from server.core.affairs import HelpRequest, HelpState
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import HallState, Plan, TicketState
from server.core.refusals import Reason, Rejected
from server.core.verbs import find_ticket

#: What a ticket's group was proved by.
CARD, CLERK, REFUTED = "card", "clerk", "refuted"
#: The verb of a refusal, in words in `server/web/problems.py`.
CHECK = "check_proof"


# --- Commands and events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmProof(c.AtWindow):
    """The clerk has looked at what proves the priority group of the ticket at the window."""

    ticket: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForHelp(c.Command):
    """Somebody asks for a guide. `help` is made by the device before it sends; `by` is who sends it."""

    help: str
    kind: str
    place: str
    by: str
    ticket: str | None = None
    language: str = "zh"
    #: The expert or chief representative who is called to a window (Y9), by his id in the hall file.
    expert: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeHelp(c.Command):
    """A guide goes."""

    help: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHelp(c.Command):
    """The guide, or the desk, tells how it ended."""

    help: str
    by: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChecked(e.TicketEvent):
    """A clerk confirmed or refuted what a priority group was claimed by."""

    window: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEvent(Event):
    """Something happened to a request for help."""

    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpAsked(HelpEvent):
    """Somebody waits for a guide."""

    kind: str
    place: str
    by: str
    ticket: str | None = None
    language: str = "zh"
    expert: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpTaken(HelpEvent):
    """A guide is on the way."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpEnded(HelpEvent):
    """Over."""

    by: str
    outcome: str


EVENTS: tuple[type[Event], ...] = (PriorityChecked, HelpAsked, HelpTaken, HelpEnded)


# --- One rule per command ---------------------------------------------------------------------------------------------


@judge.register
def _(command: ConfirmProof, plan: Plan, state: HallState) -> list[Event]:
    if command.window not in plan.windows:
        raise Rejected(Reason.WINDOW_UNKNOWN, window=command.window)
    ticket = find_ticket(state, command.ticket)
    is_here = state.window(command.window).ticket == ticket.id
    if not is_here or ticket.group is None or ticket.state not in (TicketState.CALLED, TicketState.SERVING):
        raise Rejected(Reason.WRONG_STATE, ticket=ticket.number, state=ticket.state.value, verb=CHECK)
    if ticket.proof == (CLERK if command.confirmed else REFUTED):
        return []
    return [PriorityChecked(at=command.at, ticket=ticket.id, window=command.window, confirmed=command.confirmed)]


@judge.register
def _(command: AskForHelp, plan: Plan, state: HallState) -> list[Event]:
    if (known := state.help.get(command.help)) is not None:
        # The device made the id before it sent: the same request again is the same tap.
        if (known.kind, known.asked_by) == (command.kind, command.by):
            return []
        raise Rejected(Reason.HELP_STATE, state=known.state.value)
    ticket = None if command.ticket is None else find_ticket(state, command.ticket).id
    if command.expert is not None and open_call(state, command.expert, command.place, ticket) is not None:
        # He has been called to this citizen and has not been there yet: calling again changes nothing.
        return []
    return [
        HelpAsked(
            at=command.at,
            help=command.help,
            kind=command.kind,
            place=command.place,
            by=command.by,
            ticket=ticket,
            language=command.language,
            expert=command.expert,
        )
    ]


def open_call(state: HallState, expert: str, place: str, ticket: str | None) -> HelpRequest | None:
    """The call of an expert to a place and its citizen that is not over yet."""
    return next(
        (
            one
            for one in state.help.values()
            if (one.expert, one.place, one.ticket) == (expert, place, ticket) and one.state is not HelpState.ENDED
        ),
        None,
    )


def _find(state: HallState, name: str) -> HelpRequest:
    request = state.help.get(name)
    if request is None:
        raise Rejected(Reason.HELP_UNKNOWN, help=name)
    return request


@judge.register
def _(command: TakeHelp, plan: Plan, state: HallState) -> list[Event]:
    request = _find(state, command.help)
    if request.state is HelpState.TAKEN and request.taken_by == command.by:
        return []
    if request.state is not HelpState.ASKED:
        raise Rejected(Reason.HELP_STATE, state=request.state.value)
    return [HelpTaken(at=command.at, help=request.id, by=command.by)]


@judge.register
def _(command: EndHelp, plan: Plan, state: HallState) -> list[Event]:
    request = _find(state, command.help)
    if request.state is HelpState.ENDED:
        raise Rejected(Reason.HELP_STATE, state=request.state.value)
    return [HelpEnded(at=command.at, help=request.id, by=command.by, outcome=command.outcome)]


# --- One step per event -----------------------------------------------------------------------------------------------


@follow.register
def _(event: PriorityChecked, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    # At the window, not in a line: its place among those who wait is not touched.
    state.tickets[ticket.id] = replace(ticket, proof=CLERK if event.confirmed else REFUTED)


@follow.register
def _(event: HelpAsked, state: HallState) -> None:
    state.help[event.help] = HelpRequest(
        id=event.help,
        place=event.place,
        kind=event.kind,
        asked_at=event.at,
        asked_by=event.by,
        language=event.language,
        ticket=event.ticket,
        expert=event.expert,
    )


@follow.register
def _(event: HelpTaken, state: HallState) -> None:
    request = state.help[event.help]
    state.help[event.help] = replace(request, state=HelpState.TAKEN, taken_by=event.by, taken_at=event.at)


@follow.register
def _(event: HelpEnded, state: HallState) -> None:
    request = state.help[event.help]
    state.help[event.help] = replace(request, state=HelpState.ENDED, ended_at=event.at, outcome=event.outcome)
