"""The ledger of acceptances (受理台账, M9): one row for each item that was settled at a window, with what came of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from server.accounts import called_in
from server.core.calendar import local
from server.core.case_clocks import overdue
from server.core.case_records import WITH_ORIGINALS, Case, CaseState, DeliveryWay, Outcome, Settlement
from server.web.present.cases import OUTCOME_NAMES, STATE_NAMES
from server.web.present.common import both, moment
from server.web.site import Site
from server.web.threads.words import Words, texts


@dataclass(frozen=True, slots=True)
class Entry:
    """An item that was settled, and the case it became."""

    settled: Settlement
    case: Case | None
    departments: tuple[str, ...]

    @property
    def awaits_archive(self) -> bool:
        """Whether originals stayed in the hall and are not ticked off in the archive yet (Y16)."""
        return self.settled.outcome in WITH_ORIGINALS and self.settled.filed_at is None


def read_entries(site: Site, first: str, last: str) -> list[Entry]:
    """What was settled on some days, in order. Day by day, with a breath between: the hall goes on meanwhile."""
    history, entries = site.hall.history, list[Entry]()
    start, length = date.fromisoformat(first), date.fromisoformat(last) - date.fromisoformat(first)
    for n in range(length.days + 1):
        name = (start + timedelta(days=n)).isoformat()
        cases = {case.id: case for case in history.cases_of(name, name)}
        for settled in history.settlements_of(name, name):
            case = cases.get(settled.id)
            entries.append(Entry(settled, case, departments_of(site, settled, case)))
        if cases:
            site.slow(lambda: None)
    return entries


def departments_of(site: Site, settled: Settlement, case: Case | None) -> tuple[str, ...]:
    """Whose business it was: the departments that got the papers, else the one told at the window, else its service's."""
    if case is not None:
        return tuple(leg.department for leg in case.legs)
    if settled.department is not None:
        return (settled.department,)
    service = site.names.services.get(settled.service)
    return () if service is None else (service.department["zh"],)


def chosen(
    entries: Iterable[Entry], zone: str | None = None, department: str | None = None, outcome: str | None = None
) -> list[Entry]:
    """Those of a zone, a department, an outcome."""
    return [
        entry
        for entry in entries
        if zone in (None, entry.settled.zone)
        and (department is None or department in entry.departments)
        and outcome in (None, entry.settled.outcome.value)
    ]


def is_late(site: Site, entry: Entry, at: float) -> bool:
    """Whether a step of its case is late now."""
    return entry.case is not None and bool(overdue(site.hall.plan, entry.case, at))


def row_views(site: Site, entries: Iterable[Entry], at: float) -> list[dict[str, Any]]:
    """Rows of the ledger. Nothing personal."""
    words = {language: Words(site, language) for language in ("zh", "en")}
    staff = partial(called_in, site.accounts.names())
    return [_row_view(site, entry, at, words, staff) for entry in entries]


def _row_view(
    site: Site, entry: Entry, at: float, words: Mapping[str, Words], staff: Callable[[str | None], str]
) -> dict[str, Any]:
    plan, names, settled, case = site.hall.plan, site.names, entry.settled, entry.case
    state = OUTCOME_NAMES[settled.outcome] if case is None else STATE_NAMES[case.state]
    return {
        "id": settled.id,
        "day": settled.business_day,
        "at": moment(plan, settled.at),
        "ticket": settled.ticket,
        "number": settled.number,
        "item": settled.item,
        "title": settled.title,
        "departments": list(entry.departments),
        "zone": settled.zone,
        **both(names.zones[settled.zone].name, "zone_name"),
        "outcome": settled.outcome.value,
        "outcome_name": words["zh"](OUTCOME_NAMES[settled.outcome]),
        "outcome_name_en": words["en"](OUTCOME_NAMES[settled.outcome]),
        "lacks": list(settled.lacks),
        "promise_on": None if settled.promise_by is None else local(settled.promise_by, plan.tz).date().isoformat(),
        "reason": settled.reason,
        "reason_name": words["zh"].refusal(settled.reason) if settled.reason else None,
        "reason_name_en": words["en"].refusal(settled.reason) if settled.reason else None,
        "case": settled.case,
        "platform": settled.platform if case is None else case.platform,
        "window": settled.window,
        **both(names.windows[settled.window].name, "window_name"),
        "clerk": settled.clerk,
        "clerk_name": None if settled.clerk is None else staff(settled.clerk),
        "deadline_at": None if case is None else moment(plan, case.deadline_at),
        "state": None if case is None else case.state.value,
        "state_name": words["zh"](state),
        "state_name_en": words["en"](state),
        "late": is_late(site, entry, at),
        "result_at": moment(plan, result_at(entry)),
        "delivery": None if case is None else case.delivery.value,
        "carrier": None if case is None else case.carrier,
        "tracking": None if case is None else case.tracking,
        "delivered_at": None if case is None else moment(plan, _delivered_at(case)),
        "handed_to": None if case is None else case.handed_to,
        "delivered": _delivered(words["zh"], case),
        "delivered_en": _delivered(words["en"], case),
        "filed_at": moment(plan, settled.filed_at),
        "filed_by": settled.filed_by,
        "filed_by_name": None if settled.filed_by is None else staff(settled.filed_by),
        "awaits_archive": entry.awaits_archive,
    }


def result_at(entry: Entry) -> float | None:
    """When the result was there: at once, or when it lay checked at the pickup desk."""
    if entry.case is not None:
        return entry.case.ready_at
    return entry.settled.at if entry.settled.outcome is Outcome.DONE else None


def _delivered(words: Words, case: Case | None) -> str | None:
    """How the result goes to the applicant, and when it did."""
    if case is None:
        return None
    by_post = words("By post") if case.delivery is DeliveryWay.POST else words("Fetched at the window")
    if case.carrier is not None:
        by_post = f"{by_post} {case.carrier} {case.tracking}"
    if (ended_at := _delivered_at(case)) is not None:
        return words.joined(by_post, words("delivered {time}", time=words.time(ended_at)))
    return by_post


def _delivered_at(case: Case) -> float | None:
    return case.ended_at if case.state is CaseState.DELIVERED else None


def totals(site: Site, entries: Iterable[Entry], at: float) -> dict[str, Any]:
    """Figures over all rows that were asked for."""
    found = list(entries)
    outcomes = Counter(entry.settled.outcome.value for entry in found)
    return {
        "settled": len(found),
        "outcomes": {outcome.value: outcomes[outcome.value] for outcome in Outcome},
        "open": sum(entry.case is not None and not entry.case.is_over for entry in found),
        "late": sum(is_late(site, entry, at) for entry in found),
        "unfiled": sum(entry.awaits_archive for entry in found),
    }


def outcome_choices() -> list[dict[str, str]]:
    """The outcomes with their names."""
    zh, en = texts("zh"), texts("en")
    return [{"id": each.value, "name": zh(name), "name_en": en(name)} for each, name in OUTCOME_NAMES.items()]
