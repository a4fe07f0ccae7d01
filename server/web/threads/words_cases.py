"""Sentences about what became of items, their cases, the archive and papers by courier."""

from server.core import case_events as k
from server.core.case_records import Answer, DeliveryWay, PaperKind, PauseKind
from server.web.present.cases import LATE_NAMES, OUTCOME_NAMES
from server.web.threads.words import Words, tell

_PAPERS = {
    PaperKind.VOUCHER: "acceptance voucher",
    PaperKind.CORRECTION: "correction notice",
    PaperKind.REFUSAL: "notice of non-acceptance",
    PaperKind.RECEIPT: "receipt of the result",
}
_TO = {"applicant": "the applicant", "agent": "somebody the applicant sent"}
_PROOFS = {
    "voucher": "voucher shown",
    "card": "voucher lost, ID card shown",
    "family": "voucher lost, household register shown",
    "other": "voucher lost, proved otherwise",
}


@tell.register
def _(event: k.ItemSettled, w: Words) -> str:
    missing = w("missing: {papers}", papers=w.listed(event.lacks)) if event.lacks else None
    return w.joined(
        w("{outcome}: {title}", outcome=w(OUTCOME_NAMES[event.outcome]), title=event.title),
        w.department(event.department) if event.department else None,
        missing,
        w("promised for {day}", day=w.day(event.promise_by)) if event.promise_by else None,
        w("reason: {reason}", reason=w.refusal(event.reason)) if event.reason else None,
        w("case {case}", case=event.case) if event.case else None,
    )


@tell.register
def _(event: k.SettlementRetracted, w: Words) -> str:
    back = w("{window} took an outcome back: it was a slip", window=w.window(event.window))
    return w.joined(back, w.settled(event.settlement))


@tell.register
def _(event: k.PaperPrinted, w: Words) -> str:
    told = w("{paper} went to {printer}", paper=w(_PAPERS[event.paper]), printer=w.place(event.printer))
    copy = w("copy {n}", n=event.copy) if event.copy > 1 else None
    return w.joined(told, w.settled(event.settlement), copy)


@tell.register
def _(event: k.CaseOpened, w: Words) -> str:
    return w.joined(
        w("Case {case} opened: {title}", case=event.number, title=event.title),
        w.listed(map(w.department, event.departments)),
        w("papers to the back office by {time}", time=w.time(event.transfer_by)),
        w("to be decided by {time}", time=w.time(event.deadline_at)),
        w("urgent") if event.urgent else None,
        w("the result goes by post") if event.delivery is DeliveryWay.POST else w("the result is fetched here"),
    )


@tell.register
def _(event: k.PapersTaken, w: Words) -> str:
    return w(
        "{who} took the papers for {departments}",
        who=w.who(event.by),
        departments=w.listed(map(w.department, event.departments)),
    )


@tell.register
def _(event: k.PapersSigned, w: Words) -> str:
    return w(
        "{department} signed for the papers: {who}", department=w.department(event.department), who=w.who(event.by)
    )


@tell.register
def _(event: k.PapersBrought, w: Words) -> str:
    return w("Missing papers were brought: {papers}", papers=w.listed(event.papers))


@tell.register
def _(event: k.CasePaused, w: Words) -> str:
    if event.kind is PauseKind.FEE:
        paused = w("The clock stopped: a fee is awaited")
        if event.fee is not None:
            paused = w("The clock stopped: a fee of {fee} yuan is awaited", fee=w.money(event.fee))
        return w.joined(paused, w("{n} working days were left", n=event.left))
    papers = w("The clock stopped: a correction is awaited")
    return w.joined(papers, w.listed(event.lacks), w("{n} working days were left", n=event.left))


@tell.register
def _(event: k.CaseWentOn, w: Words) -> str:
    return w("The clock runs again, to be decided by {time}", time=w.time(event.deadline_at))


@tell.register
def _(event: k.CaseAnswered, w: Words) -> str:
    if event.answer is Answer.GRANTED:
        return w("{department} granted it: {who}", department=w.department(event.department), who=w.who(event.by))
    return w("{department} denied it: {who}", department=w.department(event.department), who=w.who(event.by))


@tell.register
def _(event: k.ResultReceived, w: Words) -> str:
    return w("The result agrees with the record and is ready: {title}, copies: {n}", title=event.title, n=event.copies)


@tell.register
def _(event: k.ResultReturned, w: Words) -> str:
    return w(
        "The result did not match and went back to {department}: {reason}",
        department=w.department(event.department),
        reason=w.mismatch(event.reason),
    )


@tell.register
def _(event: k.ResultPosted, w: Words) -> str:
    return w("The result was posted: {carrier} {tracking}", carrier=event.carrier, tracking=event.tracking)


@tell.register
def _(event: k.ResultDelivered, w: Words) -> str:
    return w("The post reported that it arrived")


@tell.register
def _(event: k.ResultHandedOut, w: Words) -> str:
    out = w("The result was handed to {to}", to=w(_TO.get(event.to, "somebody the applicant sent")))
    where = None if event.window is None else w.window(event.window)
    sent = None if event.authority is None else w.authority(event.authority)
    return w.joined(
        out, w.agent(event.case), sent, w(_PROOFS.get(event.proof, "voucher lost, proved otherwise")), where
    )


@tell.register
def _(event: k.CaseWithdrawn, w: Words) -> str:
    return w("The applicant took the application back")


@tell.register
def _(event: k.CaseNumbered, w: Words) -> str:
    return w("Number on the provincial platform: {platform}", platform=event.platform)


@tell.register
def _(event: k.MilestoneNoted, w: Words) -> str:
    return w("The provincial platform reports: {milestone}", milestone=event.milestone)


@tell.register
def _(event: k.StepOverdue, w: Words) -> str:
    late = w("Overdue: {step}, due {time}", step=w(LATE_NAMES[event.step]), time=w.time(event.due_at))
    return w.joined(
        late, event.department and w.department(event.department), None if event.who is None else w.who(event.who)
    )


@tell.register
def _(event: k.OriginalsFiled, w: Words) -> str:
    return w("The originals are in the archive, ticked off by {who}", who=w.who(event.by))


@tell.register
def _(event: k.ParcelSigned, w: Words) -> str:
    return w("Papers came by {carrier} {tracking}", carrier=event.carrier, tracking=event.tracking)


@tell.register
def _(event: k.ParcelSorted, w: Words) -> str:
    return w("The papers by courier go to {department}", department=w.department(event.department))


@tell.register
def _(event: k.ParcelRegistered, w: Words) -> str:
    return w("The papers by courier were taken in by {who}", who=w.who(event.by))
