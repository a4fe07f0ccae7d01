"""What of a thread is not over yet: by when, who has it, what is late."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.core.case_clocks import overdue
from server.core.case_records import Case
from server.core.model import Plan, TicketState
from server.log.records import Row
from server.web.present.case_lists import due_at
from server.web.present.cases import LATE_NAMES, STATE_NAMES
from server.web.present.common import moment
from server.web.site import Site
from server.web.threads.spans import Span, SpanKind
from server.web.threads.words import Words

UNDER_WAY = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD)
STATE_WORDS = {
    TicketState.WAITING: "Waits to be called",
    TicketState.CALLED: "Called",
    TicketState.SERVING: "At the window",
    TicketState.HELD: "Set aside",
    TicketState.DONE: "Served",
    TicketState.NO_SHOW: "Did not come",
    TicketState.CANCELLED: "Given up",
}
#: Stretches that somebody must end, in words of what is to be done.
_TO_DO = {
    SpanKind.CALL_BACK: "The citizen is to be called back",
    SpanKind.MENDING: "The bad rating is to be put right",
    SpanKind.MATTER: "The matter is to be settled",
}


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is not over: `who` are departments and people."""

    message: str
    about: str | None
    due_at: float | None = None
    late: bool = False
    who: tuple[str, ...] = ()


def open_tickets(rows: Iterable[Row]) -> Iterator[Open]:
    """Tickets that wait, are called, served or set aside."""
    for row in rows:
        if (state := TicketState(str(row["state"]))) in UNDER_WAY:
            yield Open(STATE_WORDS[state], str(row["number"]))


def open_cases(plan: Plan, cases: Iterable[Case], at: float) -> Iterator[Open]:
    """Cases with what is late; where nothing is, with what comes next."""
    for case in cases:
        if case.is_over:
            continue
        late = overdue(plan, case, at)
        for each in late:
            who = tuple(name for name in (each.department, each.who) if name)
            yield Open(LATE_NAMES[each.step], case.number, each.due_at, late=True, who=who)
        if not late:
            waited_for = tuple(leg.department for leg in case.legs if leg.answer is None)
            yield Open(STATE_NAMES[case.state], case.number, due_at(plan, case), who=waited_for)
        if case.lacks and case.promise_by is not None and case.promise_by >= at:
            yield Open("Promised papers are to come", case.number, case.promise_by)


def open_redress(spans: Iterable[Span], number: str, at: float) -> Iterator[Open]:
    """Call-backs, remedies and matters that are due."""
    for span in spans:
        if span.to_at is None and span.kind in _TO_DO:
            yield Open(_TO_DO[span.kind], number, span.due_at, late=span.late(at))


def open_view(site: Site, found: Iterable[Open], words: Mapping[str, Words]) -> list[dict[str, Any]]:
    """As the API gives it; what is late first."""
    zh, en = words["zh"], words["en"]
    return [
        {
            "text": zh(each.message),
            "text_en": en(each.message),
            "about": each.about,
            "due_at": moment(site.hall.plan, each.due_at),
            "late": each.late,
            "who": [zh.who(name) if ":" in name else name for name in each.who],
        }
        for each in sorted(found, key=lambda each: not each.late)
    ]
