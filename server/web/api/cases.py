"""Cases for those who work on them: runners, departments, pickup desks, leaders; each step is a call."""

from collections.abc import Callable

from flask import Response
from flask_openapi3 import Tag

from server.core import case_events as e
from server.core.case_clocks import overdue
from server.core.case_records import Answer as Decision
from server.core.case_records import Case, HandedTo, PauseKind
from server.core.cases import find_case
from server.core.commands import Command
from server.core.events import Event
from server.core.model import HallState
from server.core.refusals import Reason, Rejected
from server.hall import Answer
from server.web.access import caller
from server.web.api import cases_bodies as b
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.case_rights import is_at_pickup, person, require_step, sees, sees_person, steps_for
from server.web.api.tracking import require_likely, same_address
from server.web.commanding import perform, send
from server.web.present.case_lists import departments, in_order, is_meant, overview, row_view
from server.web.present.cases import agent_of, notes_of, person_of
from server.web.problems import Problem
from server.web.site import Site, site
from server.web.written import perform_written

api = APIBlueprint("cases", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="cases")])

#: Figures over all cases are made for everybody at once.
OVERVIEW_MAX_AGE_S = 2.0
DAY_S = 86400.0


# --- looking ----------------------------------------------------------------------------------------------------------


@api.get("/cases", responses={200: b.CaseList})
def cases(query: b.CasesQuery) -> Response:
    """Open cases by what is due, then those of the last week that are over; a department sees its own."""
    here, who = site(), person()
    by = caller().name
    with here.hall.reading() as state:
        at = here.hall.now()
        chosen = in_order(
            here.hall.plan, [x for x in state.cases.values() if sees(here, who, x) and _is_asked(x, query)]
        )
    if query.mine:
        chosen = [x for x in chosen if any(leg.taken_by == by and leg.signed_at is None for leg in x.legs)]
    if query.overdue is not None:
        chosen = [x for x in chosen if bool(overdue(here.hall.plan, x, at)) == query.overdue]
    page = chosen[query.offset : query.offset + query.limit]
    views = [row_view(here, x, at, steps_for(here, who, x), personal=sees_person(here, who, x)) for x in page]
    return send(Answer(200, {"cases": views, "total": len(chosen)}))


def _is_asked(case: Case, query: b.CasesQuery) -> bool:
    return (
        (query.state is None or case.state.value in query.state)
        and (query.department is None or case.leg(query.department) is not None)
        and query.zone in (None, case.zone)
        and (not query.q or is_meant(case, query.q))
    )


@api.get("/cases/overview", responses={200: b.CasesOverview})
def cases_overview() -> Response:
    """All cases in figures: by state and zone, what is late and with whom, transfers in time today."""
    return send(Answer(200, overview_of(site())))


def overview_of(here: Site, seq: int = 0) -> dict[str, object]:
    """The figures, at most two seconds old."""
    view: dict[str, object] = here.cache.get(
        here.hall, "cases", OVERVIEW_MAX_AGE_S, lambda state, at: overview(here, state, at), seq
    )
    return view


@api.get("/cases/form", responses={200: b.CasesForm})
def form() -> Response:
    """What the pages of cases offer."""
    here = site()
    rules = here.names.hall.cases
    with here.hall.reading() as state:
        listed = departments(here, state)
    view = {
        "mismatches": [{"id": x.id, "name": x.name["zh"], "name_en": x.name["en"]} for x in rules.mismatches],
        "carriers": list(rules.carriers),
        "tracking": [
            {"carrier": carrier, "form": known.form["zh"], "form_en": known.form["en"]}
            for carrier in rules.carriers
            if (known := rules.tracking_of(carrier)) is not None
        ],
        "authorities": [{"id": x.id, "name": x.name["zh"], "name_en": x.name["en"]} for x in rules.authorities],
        "departments": listed,
        "pickup": is_at_pickup(here, person()),
    }
    return send(Answer(200, view))


@api.get("/cases/<case>", responses={200: b.CaseDetail})
def case(path: b.CasePath) -> Response:
    """One case by id or number."""
    here = site()
    with here.hall.reading() as state:
        found = find_case(state, path.case)
    return _detail(here, found)


@api.get("/vouchers/<path:token>", responses={200: b.CaseDetail})
def voucher(path: b.VoucherPath) -> Response:
    """The case of a voucher whose QR code was scanned: the whole address, or the token at its end."""
    here = site()
    with here.hall.reading() as state:
        name = here.links.find_case(state, path.found)
        found = None if name is None else state.cases[name]
    if found is None:
        raise Problem("voucher_unknown")
    return _detail(here, found)


def _detail(here: Site, found: Case) -> Response:
    who = person()
    if not sees(here, who, found):
        raise Rejected(Reason.CASE_UNKNOWN, case=found.number)
    personal = sees_person(here, who, found)
    facts = {**person_of(here, found.id), **agent_of(here, found.id)}
    if not personal:
        facts = dict.fromkeys(facts)
    with here.hall.reading() as state:
        settled = state.settlements.get(found.id)
    notes = notes_of(here, found, settled or here.hall.history.settlement(found.id)) if personal else []
    row = row_view(here, found, here.hall.now(), steps_for(here, who, found), personal=personal)
    return send(Answer(200, {**row, **facts, "sees_person": personal, "notes": notes}))


# --- steps ------------------------------------------------------------------------------------------------------------


def _found(here: Site, name: str) -> Case:
    with here.hall.reading() as state:
        return find_case(state, name)


def _act(
    step: str, name: str, command: Callable[[float, Case, str], Command], department: str | None = None
) -> Response:
    """Do a step of a case; the answer is kept beside the log and tells nothing personal."""
    return _write(step, name, None, lambda at, case, by, _: command(at, case, by), department)


def _write(
    step: str,
    name: str,
    text: str | None,
    command: Callable[[float, Case, str, str | None], Command],
    department: str | None = None,
    keep: Callable[[Case, float], None] = lambda _, __: None,
) -> Response:
    """Do a step beside which somebody wrote `text`; `keep` writes what else is personal, before the event is there."""
    here, who, by = site(), person(), caller().name
    found = _found(here, name)
    require_step(here, who, found, step, department)

    def answer(state: HallState, events: list[Event], at: float) -> Answer:
        now = state.cases[found.id]
        if events:
            keep(now, at)
        return Answer(200, row_view(here, now, at, steps_for(here, who, now), personal=False))

    if text is None:
        return perform(here, lambda at: command(at, found, by, None), answer)
    return perform_written(here, text, lambda at, note: command(at, found, by, note), answer)


def _department(found: str | None, case: Case) -> str:
    """Whose papers a step is about: as asked, the asker's own, or the only department there is."""
    wanted = found or person().department
    if wanted is None and len(case.legs) == 1:
        wanted = case.legs[0].department
    if wanted is None:
        raise Rejected(Reason.DEPARTMENT_WANTED)
    return wanted


@api.post("/cases/<case>/take", responses={200: b.CaseRow})
def take(path: b.CasePath, header: s.KeyHeader, body: b.DepartmentBody) -> Response:
    """A runner has the papers, for one department or all."""
    return _act(
        "take",
        path.case,
        lambda at, case, by: e.TakePapers(at=at, case=case.id, by=by, department=body.department),
        body.department,
    )


@api.post("/cases/<case>/sign", responses={200: b.CaseRow})
def sign(path: b.CasePath, header: s.KeyHeader, body: b.DepartmentBody) -> Response:
    """A department signs for the papers."""
    return _act(
        "sign",
        path.case,
        lambda at, case, by: e.SignPapers(at=at, case=case.id, by=by, department=_department(body.department, case)),
        body.department,
    )


@api.post("/cases/<case>/papers", responses={200: b.CaseRow})
def papers(path: b.CasePath, header: s.KeyHeader, body: b.PapersBody) -> Response:
    """Missing papers have come."""
    return _act(
        "papers", path.case, lambda at, case, by: e.BringPapers(at=at, case=case.id, by=by, papers=tuple(body.papers))
    )


@api.post("/cases/<case>/pause", responses={200: b.CaseRow})
def pause(path: b.CasePath, header: s.KeyHeader, body: b.PauseCaseBody) -> Response:
    """The clock stands still for a fee or a correction."""
    return _act(
        "pause",
        path.case,
        lambda at, case, by: e.PauseCase(
            at=at, case=case.id, by=by, kind=PauseKind(body.kind), fee=body.fee, lacks=tuple(body.lacks)
        ),
    )


@api.post("/cases/<case>/go-on", responses={200: b.CaseRow})
def go_on(path: b.CasePath, header: s.KeyHeader, body: s.Empty) -> Response:
    """What was waited for has come; the clock runs again."""
    return _act("go-on", path.case, lambda at, case, by: e.GoOn(at=at, case=case.id, by=by))


@api.post("/cases/<case>/answer", responses={200: b.CaseRow})
def answer(path: b.CasePath, header: s.KeyHeader, body: b.AnswerBody) -> Response:
    """A department decides; never who accepted the case (P6)."""
    return _write(
        "answer",
        path.case,
        body.note,
        lambda at, case, by, note: e.AnswerCase(
            at=at,
            case=case.id,
            by=by,
            department=_department(body.department, case),
            answer=Decision(body.answer),
            note=note,
        ),
        body.department,
    )


@api.post("/cases/<case>/result", responses={200: b.CaseRow})
def result(path: b.CasePath, header: s.KeyHeader, body: b.ResultBody) -> Response:
    """The pickup desk takes a result over, if it agrees with the acceptance record."""
    return _act(
        "result",
        path.case,
        lambda at, case, by: e.ReceiveResult(
            at=at, case=case.id, by=by, title=body.title, granted=body.granted, item=body.item, copies=body.copies
        ),
    )


@api.post("/cases/<case>/return", responses={200: b.CaseRow})
def give_back(path: b.CasePath, header: s.KeyHeader, body: b.ReturnBody) -> Response:
    """A result that does not match goes back to the department."""
    if body.reason not in {choice.id for choice in site().names.hall.cases.mismatches}:
        raise Problem("choice_unknown", field="mismatch", choice=body.reason)
    return _write(
        "return",
        path.case,
        body.note,
        lambda at, case, by, note: e.ReturnResult(
            at=at, case=case.id, by=by, reason=body.reason, department=body.department, note=note
        ),
    )


@api.post("/cases/<case>/post", responses={200: b.CaseRow})
def post(path: b.CasePath, header: s.KeyHeader, body: b.PostBody) -> Response:
    """The result goes by post. A number that its carrier does not give is asked about, and a parcel with another case
    of the same person; one that goes to somebody else is refused."""
    here = site()
    require_step(here, person(), _found(here, path.case), "post")
    require_likely(here, body.carrier, body.tracking, confirmed=body.confirmed)
    return _act(
        "post",
        path.case,
        lambda at, case, by: e.PostResult(
            at=at,
            case=case.id,
            by=by,
            carrier=body.carrier,
            tracking=body.tracking,
            together=body.confirmed,
            same_address=same_address(here, case, body.carrier, body.tracking),
        ),
    )


@api.post("/cases/<case>/delivered", responses={200: b.CaseRow})
def delivered(path: b.CasePath, header: s.KeyHeader, body: b.DeliveredBody) -> Response:
    """The post has delivered what has this number; another number than the one that was posted is refused."""
    return _act(
        "delivered",
        path.case,
        lambda at, case, by: e.ReportDelivery(at=at, case=case.id, by=by, carrier=body.carrier, tracking=body.tracking),
    )


@api.post("/cases/<case>/hand-out", responses={200: b.CaseRow})
def hand_out(path: b.CasePath, header: s.KeyHeader, body: b.HandOutBody) -> Response:
    """The result is handed out at the desk, to the applicant or to whom he sent: who that is, by what authority, and what
    was shown in place of a voucher that is lost."""
    here, window = site(), person().window
    require_step(here, person(), _found(here, path.case), "hand-out")
    _require_whole(here, body)

    def command(at: float, case: Case, by: str, note: str | None) -> e.HandOut:
        to = HandedTo(body.to)
        return e.HandOut(
            at=at, case=case.id, by=by, to=to, proof=body.proof, window=window, authority=body.authority, note=note
        )

    def keep(case: Case, at: float) -> None:
        until = at + here.names.hall.cases.kept_days * DAY_S
        for kind, value in (("agent", body.agent), ("relation", body.relation)):
            if told := " ".join((value or "").split()):
                here.people.note(f"case:{case.id}", kind, told, until)

    return _write("hand-out", path.case, body.note, command, keep=keep)


def _require_whole(here: Site, body: b.HandOutBody) -> None:
    """Refuse a hand-out without what must be on record: of whoever was sent his name and authority."""
    if (body.to == "agent") != bool((body.agent or "").strip()) or (body.relation and body.to != "agent"):
        raise Problem("agent_wanted")
    known = {choice.id for choice in here.names.hall.cases.authorities}
    if body.authority is not None and body.authority not in known:
        raise Problem("choice_unknown", field="authority", choice=body.authority)
    if body.proof == "other" and not (body.note or "").strip():
        raise Problem("proof_words_wanted")


@api.post("/cases/<case>/withdraw", responses={200: b.CaseRow})
def withdraw(path: b.CasePath, header: s.KeyHeader, body: b.WithdrawBody) -> Response:
    """The applicant takes the application back."""
    return _write(
        "withdraw",
        path.case,
        body.note,
        lambda at, case, by, note: e.WithdrawCase(at=at, case=case.id, by=by, note=note),
    )
