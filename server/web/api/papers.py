"""The papers of a settlement: as A4 sheets, or on a ticket printer of the staff (P2, Y5, M9)."""

from typing import Annotated, Literal

from flask import Response, request
from flask_openapi3 import Tag
from pydantic import Field

from server.core.calendar import local
from server.core.case_events import PaperPrinted, PrintPaper
from server.core.case_records import PaperKind
from server.core.refusals import Reason, Rejected
from server.hall import Answer
from server.papers.facts import CopyOf
from server.papers.making import NoSheet, make_pdf
from server.papers.wording import papers
from server.web.access import caller
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.case_rights import is_at_pickup, is_leader, person
from server.web.api.shape import Shape
from server.web.api.tickets import require_printer
from server.web.commanding import perform
from server.web.present.papers import Settled, paper_facts, receipt_facts, settled
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("papers", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="papers")])

Kind = Literal["voucher", "correction", "refusal"]
SettlementName = Annotated[str, Field(max_length=64)]


class PaperPath(Shape):
    settlement: SettlementName
    kind: Kind | Literal["receipt"]


class CopyQuery(Shape):
    copy_: Literal["applicant", "file", "window"] | None = Field(
        default=None, alias="copy", description="one copy; all of them if left out"
    )


class SettlementPath(Shape):
    settlement: SettlementName


class PrintBody(s.Body):
    printer: s.Id = Field(description="a staff printer of the hall file")
    kind: Kind | None = Field(default=None, description="the settlement's own paper if left out")


class Printed(Shape):
    """An order to print that the printer's program will find in its feed."""

    settlement: str
    paper: Kind
    printer: str
    copy_: int = Field(alias="copy", description="the how many-th time; 2 and more are marked on the paper")


def _settled(here: Site, name: str) -> Settled:
    """The settlement, if whoever asks has to do with it: names stand on its papers."""
    with here.hall.reading() as state:
        found = settled(here, state, name)
    if found is None:
        raise Rejected(Reason.SETTLEMENT_UNKNOWN, settlement=name)
    who, kept = person(), found.kept
    is_own = who.window == kept.window or kept.clerk in (who.user, who.name)
    if not (is_leader(who) or is_own or (found.case is not None and is_at_pickup(here, who))):
        raise Problem("not_your_window", window=kept.window)
    return found


def _paper(found: Settled, wanted: str | None) -> PaperKind:
    """The kind of paper there is of it, if it is the one that is wanted."""
    kind = found.paper
    if kind is None or wanted not in (None, kind.value):
        raise Problem("paper_none", paper=wanted or found.kept.outcome.value)
    return kind


@api.get("/settlements/<settlement>/papers/<kind>.pdf")
def sheets(path: PaperPath, query: CopyQuery) -> Response:
    """The paper as A4 sheets: every copy, or the one that is named; of a result that was fetched also its receipt."""
    here = site()
    found = _settled(here, path.settlement)
    is_receipt = path.kind == "receipt" and found.is_fetched
    kind = PaperKind.RECEIPT if is_receipt else _paper(found, path.kind)
    made = papers(
        receipt_facts(here, found) if is_receipt else paper_facts(here, found, here.public_url or request.host_url),
        None if query.copy_ is None else CopyOf(query.copy_),
    )
    if not made:
        raise Problem("paper_none", paper=f"{kind.value} ({query.copy_})")
    at = local(here.hall.now(), here.hall.plan.tz)
    try:
        # Not in a thread: gevent waits for a child only in its main loop, and lets others go on meanwhile.
        document = make_pdf(made, at)
    except NoSheet as trouble:
        raise Problem("no_sheet") from trouble
    return Response(
        document,
        content_type="application/pdf",
        headers={
            # A name stands on it.
            "Cache-Control": "no-store",
            "Content-Disposition": f'inline; filename="{kind.value}-{made[0].number}.pdf"',
        },
    )


@api.post("/settlements/<settlement>/print", responses={200: Printed})
def print_paper(path: SettlementPath, header: s.KeyHeader, body: PrintBody) -> Response:
    """Have the paper printed on a ticket printer of the staff, all copies; again if it was before."""
    here = site()
    found = _settled(here, path.settlement)
    kind = _paper(found, body.kind)
    require_printer(here, body.printer)
    before = here.hall.history.thread([f"ticket:{found.kept.ticket}"])
    again = 1 + sum(isinstance(each.event, PaperPrinted) and each.event.settlement == found.kept.id for each in before)
    by = caller().name
    return perform(
        here,
        lambda at: PrintPaper(
            at=at,
            settlement=found.kept.id,
            paper=kind,
            printer=body.printer,
            by=by,
            ticket=found.kept.ticket,
            copy=again,
        ),
        lambda _, __, ___: Answer(
            200, {"settlement": found.kept.id, "paper": kind.value, "printer": body.printer, "copy": again}
        ),
    )
