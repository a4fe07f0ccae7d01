"""Figures of acceptances for the monthly bulletin (C6, Y10): what became of items by department, how punctual the
departments were (Y4), originals in the archive (Y16), and the share of items accepted at one window (P8).

One window: a comprehensive window serves services of more than one department. An item counts as accepted at one window
if it was settled at a comprehensive window and its citizen was served at no other window in that visit.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from server.core.case_clocks import overdue, working_days_left
from server.core.case_records import WITH_ORIGINALS, Answer, Case, CaseState, Leg, Outcome
from server.core.model import Plan
from server.plan import Names
from server.web.site import Site
from server.web.threads.ledger import Entry, outcome_choices
from server.web.threads.words import texts

ONE_WINDOW = (
    "A comprehensive window serves more than one department. An item counts as accepted at one window if it was settled "
    "at a comprehensive window and its citizen was served at no other window in that visit, a pre-check included"
)


def acceptance_view(
    site: Site, entries: list[Entry], served_at: Mapping[str, Collection[str]], days: tuple[str, str], at: float
) -> dict[str, Any]:
    """The figures of some days. `served_at`: the windows that each ticket was served at. Reads nothing more."""
    first, last = days
    by_department: dict[str, list[Entry]] = {}
    for entry in entries:
        for department in dict.fromkeys(entry.departments or ("–",)):
            by_department.setdefault(department, []).append(entry)
    return {
        "from": first,
        "to": last,
        "outcomes": outcome_choices(),
        "one_window": one_window(site.names, entries, served_at),
        "departments": [
            {"department": department, **_figures(site.hall.plan, his, department, at)}
            for department, his in sorted(by_department.items(), key=lambda each: (-len(each[1]), each[0]))
        ],
        "all": _figures(site.hall.plan, entries, None, at),
    }


def ratio(part: int, of: int) -> dict[str, Any]:
    """A part of a whole; no share of nothing."""
    return {"part": part, "of": of, "share": round(part / of, 4) if of else None}


# --- accepted at one window ---------------------------------------------------------------------------------------------


def comprehensive_windows(names: Names) -> frozenset[str]:
    """The windows that serve more than one department, by the hall file."""
    return frozenset(
        window.id
        for window in names.windows.values()
        if len({d for service in window.services for d in _departments_served(names, service)}) > 1
    )


def _departments_served(names: Names, service: str) -> list[str]:
    known = names.services[service]
    return list(known.departments) or [known.department["zh"]]


def one_window(names: Names, entries: list[Entry], served_at: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """The share of items whose whole handling, seen from the citizen, was at one comprehensive window."""
    windows = comprehensive_windows(names)
    at_comprehensive = {entry.settled.id for entry in entries if entry.settled.window in windows}
    single = {entry.settled.id for entry in entries if len(served_at.get(entry.settled.ticket, ())) <= 1}
    return {
        "words": texts("zh")(ONE_WINDOW),
        "words_en": ONE_WINDOW,
        "windows": len(windows),
        "comprehensive": ratio(len(at_comprehensive), len(entries)),
        "single": ratio(len(single), len(entries)),
        "both": ratio(len(at_comprehensive & single), len(entries)),
    }


# --- departments ----------------------------------------------------------------------------------------------------------


def _figures(plan: Plan, entries: list[Entry], department: str | None, at: float) -> dict[str, Any]:
    """The figures of a department's part in these items, or of all departments."""
    cases = [entry.case for entry in entries if entry.case is not None]
    legs = [(case, leg) for case in cases for leg in case.legs if department in (None, leg.department)]
    answered = [(case, leg) for case, leg in legs if leg.answered_at is not None]
    outcomes = Counter(entry.settled.outcome for entry in entries)
    originals = [entry for entry in entries if entry.settled.outcome in WITH_ORIGINALS]
    days = [working_days_taken(plan, case, leg) for case, leg in answered]
    late = [step for case in cases for step in overdue(plan, case, at) if _is_his(step.department, department)]
    told = [key for case in cases for key in case.alerted if _is_his(key.partition(" ")[2] or None, department)]
    return {
        "settled": len(entries),
        "outcomes": {outcome.value: outcomes[outcome] for outcome in Outcome},
        "cases": len(cases),
        "transfer": _transfer(legs, at),
        "urgent": _transfer([(case, leg) for case, leg in legs if case.urgent], at),
        "answers": _answers(legs, at),
        "granted": sum(leg.answer is Answer.GRANTED for _, leg in answered),
        "denied": sum(leg.answer is Answer.DENIED for _, leg in answered),
        "mean_days": round(sum(days) / len(days), 1) if days else None,
        "told": len(told),
        "late": len(late),
        "returned": sum(case.returned for case in cases),
        "filed": ratio(sum(not entry.awaits_archive for entry in originals), len(originals)),
    }


def _is_his(of: str | None, department: str | None) -> bool:
    """Whether a late step is a department's; those of nobody's (a result not fetched) count only for all together."""
    return department is None or of == department


def _transfer(legs: Iterable[tuple[Case, Leg]], at: float) -> dict[str, Any]:
    """Papers signed for in time, of those that were signed for or should have been (Y4)."""
    due = [
        leg
        for case, leg in legs
        if leg.signed_at is not None or (leg.due_at < at and case.state is not CaseState.WITHDRAWN)
    ]
    return ratio(sum(leg.signed_at is not None and leg.signed_at <= leg.due_at for leg in due), len(due))


def _answers(legs: Iterable[tuple[Case, Leg]], at: float) -> dict[str, Any]:
    """Decisions in time, of those made and those that should have been; while a clock stands still none is due."""
    part = of = 0
    for case, leg in legs:
        if leg.answered_at is not None:
            of += 1
            part += leg.answered_at <= case.deadline_at
        elif case.state in (CaseState.TRANSIT, CaseState.APPROVAL) and case.deadline_at < at:
            of += 1
    return ratio(part, of)


def working_days_taken(plan: Plan, case: Case, leg: Leg) -> int:
    """Working days from acceptance to a department's answer, without those in which the clock stood still."""
    assert leg.answered_at is not None
    taken = working_days_left(plan, case.opened_at, leg.answered_at)
    stood = sum(
        working_days_left(plan, pause.at, pause.ended_at)
        for pause in case.pauses
        if pause.ended_at is not None and pause.ended_at <= leg.answered_at
    )
    return max(0, taken - stood)
