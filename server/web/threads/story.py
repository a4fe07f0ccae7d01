"""The thread of a ticket: everything that happened to that citizen, in order, by phases, with what is still open (Y3).

Nothing personal is in it: no name, no phone number, nothing that somebody wrote. Whoever served the ticket does not see
its rating and what followed, also where he is a leader (A1.9).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server.core.case_events import ItemSettled
from server.core.case_records import Case
from server.core.events import Event
from server.core.model import TicketState
from server.core.orders import OrderClosed, OrderMended
from server.core.ratings import RATED
from server.log.records import Recorded, Row, event_adapter
from server.web.present.cases import STATE_NAMES
from server.web.present.common import both, moment
from server.web.present.ratings import level_name
from server.web.site import Site
from server.web.threads import words_beside, words_cases, words_queue
from server.web.threads.phases import PHASE_NAMES, Phase, phase_of
from server.web.threads.spans import PHASE_OF_SPAN, Span, SpanKind, Spans
from server.web.threads.story_open import STATE_WORDS, Open, open_cases, open_redress, open_tickets, open_view
from server.web.threads.words import Words, tell

#: Modules whose sentences register themselves when they are imported.
REGISTERED = (words_beside, words_cases, words_queue)
#: What is left out of an event: handles of people and of what they wrote, and the code that proves an appointment.
PERSONAL = frozenset({"at", "holder", "note", "code", "has_contact"})
SPAN_NAMES = {
    SpanKind.WAIT: "Wait",
    SpanKind.WALK: "Way to the window",
    SpanKind.SERVICE: "Service",
    SpanKind.HOLD: "Set aside",
    SpanKind.TRANSFER: "Papers to the back office",
    SpanKind.APPROVAL: "Decision",
    SpanKind.PAUSE: "Clock stopped",
    SpanKind.HANDOVER: "Result to the desk",
    SpanKind.COLLECTION: "Until it was fetched",
    SpanKind.POSTING: "Until it was posted",
    SpanKind.POST: "In the post",
    SpanKind.CALL_BACK: "Call-back",
    SpanKind.MENDING: "Putting right",
    SpanKind.MATTER: "Matter",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its phase, and whether it came late."""

    recorded: Recorded
    phase: Phase
    late: bool


@dataclass(slots=True)
class Story:
    """What the log knows of one visit."""

    ticket: Row
    others: list[Row]
    cases: list[Case]
    told: list[Told]
    spans: Spans
    rating_hidden: bool

    def whose(self, of: str) -> str | None:
        """The number of a ticket or a case."""
        numbers = {str(row["id"]): str(row["number"]) for row in (self.ticket, *self.others)}
        return numbers.get(of) or next((case.number for case in self.cases if case.id == of), None)


def read_story(site: Site, ticket: str, reader: str) -> Story | None:
    """All there is of a ticket's thread; None where there is no such ticket. `reader`: who wants to know."""
    history = site.hall.history
    subjects = history.subjects_of(ticket)
    if not subjects:
        return None
    named = [subject.partition(":")[::2] for subject in subjects]
    rows = [row for kind, key in named if kind == "ticket" and (row := history.ticket_row(key)) is not None]
    cases = [case for kind, key in named if kind == "case" and (case := history.case(key)) is not None]
    # The story is that of the visit, also where somebody asks for the ticket that its result was fetched with.
    rows.sort(key=lambda row: (row["case"] is not None, row["issued_at"]))
    to_fetch = {str(row["id"]) for row in rows if row["case"] is not None}
    hidden = {str(row["id"]) for row in rows if row["clerk"] == reader}
    spans, told = Spans(site.hall.plan), list[Told]()
    for recorded in history.thread(subjects):
        event = recorded.event
        phase = phase_of(event, to_fetch=getattr(event, "ticket", None) in to_fetch)
        if hidden and phase in (Phase.RATING, Phase.REDRESS) and _is_about(event, hidden):
            continue
        told.append(Told(recorded, phase, spans.follow(event)))
    return Story(rows[0], rows[1:], cases, told, spans, bool(hidden))


def _is_about(event: Event, tickets: set[str]) -> bool:
    """Whether a rating, or the work order of one, is of these tickets; an order has its ticket's id."""
    if hasattr(event, "matter"):
        return False
    return getattr(event, "ticket", None) in tickets or getattr(event, "order", None) in tickets


def story_view(site: Site, story: Story, at: float) -> dict[str, Any]:
    """The thread as the API gives it."""
    settled = {
        event.settlement: " ".join(filter(None, (event.title, event.case)))
        for event in (told.recorded.event for told in story.told)
        if isinstance(event, ItemSettled)
    }
    words = {language: Words(site, language, settled) for language in ("zh", "en")}
    rating = next((told.recorded.event for told in story.told if isinstance(told.recorded.event, RATED)), None)
    return {
        **head_view(site, story.ticket),
        "others": [head_view(site, row) for row in story.others],
        "rating": rating.level if isinstance(rating, RATED) else None,
        "rating_name": level_name(rating.level)["name"] if isinstance(rating, RATED) else None,
        "rating_name_en": level_name(rating.level)["name_en"] if isinstance(rating, RATED) else None,
        "rating_hidden": story.rating_hidden,
        "cases": [_case_view(words, case) for case in story.cases],
        "phases": _phases(site, story, words, at),
        "durations": [_span_view(site, story, words, span, at) for span in story.spans.found],
        "open": open_view(site, _unfinished(site, story, at), words),
        "events": [_event_view(site, story, words, told) for told in story.told],
        "now": moment(site.hall.plan, at),
    }


def head_view(site: Site, row: Row) -> dict[str, Any]:
    """What a ticket is, without what is personal."""
    names, plan = site.names, site.hall.plan
    window = None if row["window"] is None else names.windows[str(row["window"])]
    state = str(row["state"])
    words = {language: Words(site, language) for language in ("zh", "en")}
    return {
        "id": row["id"],
        "number": row["number"],
        "business_day": row["business_day"],
        "service": row["service"],
        **both(names.services[str(row["service"])].name, "service_name"),
        "zone": row["zone"],
        **both(names.zones[str(row["zone"])].name, "zone_name"),
        "item": row["item"],
        "window": row["window"],
        "window_name": window.name["zh"] if window else None,
        "window_name_en": window.name["en"] if window else None,
        "clerk": row["clerk"],
        "clerk_name": None if row["clerk"] is None else site.accounts.called(str(row["clerk"])),
        "state": state,
        "state_name": words["zh"](STATE_WORDS[TicketState(state)]),
        "state_name_en": words["en"](STATE_WORDS[TicketState(state)]),
        "issued_at": moment(plan, _at(row["issued_at"])),
        "finished_at": moment(plan, _at(row["finished_at"])),
        "to_fetch": row["case"] is not None,
    }


def _at(value: str | int | float | None) -> float | None:
    return None if value is None else float(value)


def _case_view(words: Mapping[str, Words], case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "title": case.title,
        "state": case.state.value,
        "state_name": words["zh"](STATE_NAMES[case.state]),
        "state_name_en": words["en"](STATE_NAMES[case.state]),
        "platform": case.platform,
    }


def _event_view(site: Site, story: Story, words: Mapping[str, Words], told: Told) -> dict[str, Any]:
    recorded = told.recorded
    event, kind = recorded.event, type(recorded.event).__name__
    fields = event_adapter(kind).dump_python(event, mode="json")
    of = getattr(event, "case", None) or getattr(event, "ticket", None)
    return {
        "seq": recorded.seq,
        "at": moment(site.hall.plan, event.at),
        "kind": kind,
        "phase": told.phase.value,
        "actor": recorded.actor,
        "actor_name": words["zh"].who(_actor(recorded)),
        "actor_name_en": words["en"].who(_actor(recorded)),
        "text": tell(event, words["zh"]),
        "text_en": tell(event, words["en"]),
        "late": told.late,
        "about": None if of is None else story.whose(str(of)),
        "detail": {
            name: value for name, value in fields.items() if name not in PERSONAL and value not in (None, [], "", False)
        },
    }


def _actor(recorded: Recorded) -> str:
    """Who did it: where the event names somebody, it was he, whatever program sent it."""
    by = getattr(recorded.event, "by", None)
    return str(by) if isinstance(by, str) and recorded.actor in ("system", "") else recorded.actor


# --- phases and durations -----------------------------------------------------------------------------------------------


def _phases(site: Site, story: Story, words: Mapping[str, Words], at: float) -> list[dict[str, Any]]:
    """Each phase with when it began and ended, how long it took and whether something in it was late."""
    views = []
    for phase in Phase:
        spans = [span for span in story.spans.found if PHASE_OF_SPAN[span.kind] is phase]
        told = [each for each in story.told if each.phase is phase]
        moments = [each.recorded.event.at for each in told]
        runs = any(span.to_at is None for span in spans)
        begins = min([*(span.from_at for span in spans), *moments], default=None)
        ends = None if runs else max([*(span.to_at or at for span in spans), *moments], default=None)
        views.append(
            {
                "id": phase.value,
                "name": words["zh"](PHASE_NAMES[phase]),
                "name_en": words["en"](PHASE_NAMES[phase]),
                "state": "none" if begins is None else "now" if runs else "past",
                "began_at": moment(site.hall.plan, begins),
                "ended_at": moment(site.hall.plan, ends),
                "seconds": round(_covered(spans, at)) if spans else None,
                "late": any(each.late for each in told) or any(span.late(at) for span in spans),
                "events": len(told),
            }
        )
    return views


def _covered(spans: Iterable[Span], at: float) -> float:
    """How much time these stretches cover together; two at once count once."""
    total, until = 0.0, float("-inf")
    for begin, end in sorted((span.from_at, at if span.to_at is None else span.to_at) for span in spans):
        total += max(0.0, end - max(begin, until))
        until = max(until, end)
    return total


def _span_view(site: Site, story: Story, words: Mapping[str, Words], span: Span, at: float) -> dict[str, Any]:
    plan = site.hall.plan
    return {
        "id": span.kind.value,
        "phase": PHASE_OF_SPAN[span.kind].value,
        "name": words["zh"](SPAN_NAMES[span.kind]),
        "name_en": words["en"](SPAN_NAMES[span.kind]),
        "about": story.whose(span.of),
        "department": span.department,
        "from_at": moment(plan, span.from_at),
        "to_at": moment(plan, span.to_at),
        "seconds": round(span.seconds(at)),
        "due_at": moment(plan, span.due_at),
        "late": span.late(at),
    }


def _unfinished(site: Site, story: Story, at: float) -> list[Open]:
    number = str(story.ticket["number"])
    return [
        *open_tickets((story.ticket, *story.others)),
        *open_cases(site.hall.plan, story.cases, at),
        *open_redress(story.spans.found, number, at),
        *([Open("To be reviewed by another person", number)] if _awaits_review(story) else []),
    ]


def _awaits_review(story: Story) -> bool:
    """Whether a bad rating was put right and nobody has closed its work order."""
    events = [told.recorded.event for told in story.told]
    over = any(isinstance(each, OrderClosed) or getattr(each, "accepted", False) for each in events)
    return any(isinstance(each, OrderMended) for each in events) and not over
