"""Errors as RFC 9457 problem+json: every reason code with its HTTP status and its sentence, in this one file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.texts import Texts
from server.core.refusals import Reason
from server.plan import Names

LOCALE = Path(__file__).parent / "locale"
CONTENT_TYPE = "application/problem+json"

_BUSINESS: dict[Reason, tuple[int, str]] = {
    Reason.DAY_NOT_OPEN: (409, "The business day is not open"),
    Reason.SERVICE_UNKNOWN: (404, "There is no service '{service}'"),
    Reason.SERVICE_CLOSED: (409, "Service '{service}' is closed now"),
    Reason.GROUP_UNKNOWN: (422, "There is no priority group '{group}'"),
    Reason.TICKET_EXISTS: (409, "This ticket id already belongs to {ticket}"),
    Reason.TICKET_UNKNOWN: (404, "There is no ticket '{ticket}' today"),
    Reason.WINDOW_UNKNOWN: (404, "There is no window '{window}'"),
    Reason.WINDOW_CLOSED: (409, "{window} is closed; open it first"),
    Reason.WINDOW_PAUSED: (409, "{window} is paused; open it first"),
    Reason.WINDOW_BUSY: (409, "{window} still has {ticket}; finish it first"),
    Reason.WINDOW_IDLE: (409, "There is no ticket at {window}"),
    Reason.NOT_SERVED_HERE: (409, "{window} does not serve the service of {ticket}"),
    Reason.RESERVED_ELSEWHERE: (409, "{ticket} waits for {window}"),
    Reason.WRONG_STATE: (409, "{ticket} is {state}: {verb} is not possible now"),
    Reason.RECALL_LIMIT: (409, "{ticket} has been recalled {limit} times, which is the limit"),
    Reason.ALREADY_RATED: (409, "{ticket} has been rated already"),
    Reason.TICKET_VOID: (409, "{ticket} was missed more than {minutes} minutes ago and is void"),
    Reason.SAME_TARGET: (409, "{ticket} is there already"),
    Reason.TIDE_UNKNOWN: (404, "This proposal is not open any more"),
    Reason.UNTIL_PAST: (409, "The end lies in the past; give a later one"),
    Reason.ZONE_UNKNOWN: (404, "There is no zone '{zone}'"),
    Reason.CARD_WANTED: (422, "Service '{service}' wants an ID card; without one, ask the staff"),
    Reason.HAS_OPEN_TICKET: (409, "This person holds {ticket} for the same service, which is still open"),
    Reason.DAILY_LIMIT: (409, "This person has taken {limit} tickets today, which is the limit; ask the staff"),
    Reason.APPOINTMENT_EXISTS: (409, "This appointment id is taken already"),
    Reason.APPOINTMENT_UNKNOWN: (404, "There is no such appointment"),
    Reason.APPOINTMENT_OVER: (409, "The appointment is {state}"),
    Reason.APPOINTMENT_EARLY: (409, "It is too early for this appointment; come from {from_time} on"),
    Reason.APPOINTMENT_LATE: (
        409,
        "An appointment can be changed or cancelled until {minutes} minutes before it; ask the staff",
    ),
    Reason.APPOINTMENT_LIMIT: (409, "This person has {limit} appointments on that day, which is the limit"),
    Reason.APPOINTMENT_BARRED: (409, "Booking is closed to who did not come {limit} times; take a ticket in the hall"),
    Reason.SLOT_UNKNOWN: (409, "There is no such slot, or it has begun; choose another time"),
    Reason.SLOT_FULL: (409, "This slot is full; choose another time"),
    Reason.CODE_TAKEN: (409, "This check-in code is in use; send another"),
    Reason.RATING_OVER: (409, "The time for rating {ticket} is over"),
    Reason.POINT_UNKNOWN: (422, "The rating form has no point '{point}' for level {level}"),
    Reason.ORDER_UNKNOWN: (404, "There is no such work order"),
    Reason.ORDER_STATE: (409, "The work order is {state}: that is not possible now"),
    Reason.CALLBACK_WANTED: (409, "Record a call-back first: a work order is not closed without one"),
    Reason.SECOND_PERSON_WANTED: (409, "Another person than {user} must do this"),
    Reason.MATTER_EXISTS: (409, "This matter id is taken already"),
    Reason.MATTER_UNKNOWN: (404, "There is no such matter"),
    Reason.MATTER_SETTLED: (409, "The matter is settled already"),
    Reason.HELP_UNKNOWN: (404, "There is no such request for help any more"),
    Reason.SETTLEMENT_EXISTS: (409, "This id belongs to another settlement already"),
    Reason.SETTLEMENT_UNKNOWN: (404, "There is no such settlement any more"),
    Reason.PAPERS_WANTED: (422, "Name every missing paper"),
    Reason.PROMISE_WANTED: (422, "Say by when the missing papers are promised; a day that is still to come"),
    Reason.REASON_WANTED: (422, "A refusal needs its reason"),
    Reason.DEPARTMENT_WANTED: (422, "Say which department decides"),
    Reason.OUTCOME_FIELDS: (422, "'{field}' does not belong to this outcome"),
    Reason.CASE_UNKNOWN: (404, "There is no open case '{case}'"),
    Reason.CASE_STATE: (409, "Case {case} is {state}: that is not possible now"),
    Reason.DEPARTMENT_UNKNOWN: (409, "Case {case} is not with '{department}'"),
    Reason.PAPERS_GONE: (409, "The papers of case {case} have been taken over by somebody else"),
    Reason.PAPERS_UNKNOWN: (409, "Case {case} does not lack: {papers}"),
    Reason.PAPERS_NOT_SIGNED: (409, "'{department}' has not signed for the papers of case {case} yet"),
    Reason.PAPERS_MISSING: (409, "Papers of case {case} are still missing: {papers}"),
    Reason.RESULT_MISMATCH: (409, "The result does not match the acceptance record of case {case}: {field}"),
    Reason.NOT_BY_POST: (409, "Case {case} is to be fetched at the window"),
    Reason.TRACKING_TAKEN: (
        409,
        "This is the number of the parcel of case {case}, which goes to somebody else; look at it again",
    ),
    Reason.TRACKING_SHARED: (
        409,
        "This is the number of the parcel of case {case}, which goes to the same person: do both lie in it?",
    ),
    Reason.TRACKING_DIFFERS: (
        409,
        "Case {case} was posted with another courier or number; compare both with the report",
    ),
    Reason.AUTHORITY_WANTED: (409, "Somebody who was sent shows by what authority; the applicant needs none"),
    Reason.ORIGINALS_CARRIED: (409, "The papers of case {case} are still on the way: no archive has them yet"),
    Reason.PARCEL_EXISTS: (409, "This id belongs to another parcel already"),
    Reason.PARCEL_UNKNOWN: (404, "There is no such parcel any more"),
    Reason.PARCEL_STATE: (409, "The parcel is {state}: that is not possible now"),
    Reason.PARCEL_SIGNED: (409, "A parcel with this number has been signed for already: is this another one?"),
    Reason.ITEM_NOT_AUTHORISED: (409, "No window has a letter for item '{item}' today; ask at the information desk"),
    Reason.HELP_STATE: (409, "The request for help is {state}"),
}

#: Refusals of the web itself: (status, sentence).
_WEB: dict[str, tuple[int, str]] = {
    "invalid_request": (422, "The request is not as the API wants it"),
    "invalid_json": (400, "The body is not valid JSON"),
    "json_wanted": (415, "Send the body as application/json"),
    "idempotency_key_missing": (400, "Send an Idempotency-Key (a UUID made by the sender) with every POST"),
    "idempotency_key_invalid": (400, "An Idempotency-Key has 8 to 128 visible characters"),
    "idempotency_key_reused": (422, "This Idempotency-Key was used with another body"),
    "unauthorized": (401, "Sign in first, or send the device's token"),
    "wrong_password": (401, "User name or password is wrong"),
    "forbidden": (403, "You may not do this"),
    "not_your_window": (403, "You are not signed in at {window}"),
    "not_your_department": (403, "The papers of '{department}' are that department's own business"),
    "not_at_pickup": (403, "This is done at a pickup window; sign in at one"),
    "not_your_ticket": (403, "This kiosk did not issue that ticket"),
    "cross_site": (403, "Changes are only taken from this server's own pages"),
    "not_found": (404, "There is nothing here"),
    "board_unknown": (404, "There is no board '{board}'"),
    "area_unknown": (404, "There is no area '{area}'"),
    "device_unknown": (404, "There is no device '{device}' in the hall file"),
    "printer_unknown": (404, "There is no printer '{printer}' in the hall file"),
    "item_unknown": (404, "There is no item '{item}' in the catalogue"),
    "item_exists": (409, "This code belongs to '{name}' already; take another code, or change that item"),
    "item_faulty": (409, "Something of the item is missing or does not fit"),
    "item_in_package": (409, "'{item}' belongs to the package '{package}'; take it out of the package first"),
    "import_unconfirmed": (
        409,
        "This file would change very much. If it is the right one, repeat what the preview asks for",
    ),
    "letter_unknown": (404, "There is no letter '{letter}'"),
    "letter_backwards": (409, "The letter ends before it starts"),
    "catalogue_changed": (409, "Somebody has changed the catalogue since this preview; look at it again"),
    "import_refused": (422, "{faults} faults in the file; nothing was taken in"),
    "phone_wanted": (422, "Whoever books by himself leaves a phone number, and no other mark of a person"),
    "agent_wanted": (422, "Who fetches it for the applicant? Write the name; the applicant himself needs none"),
    "proof_words_wanted": (422, "Say in words what was shown in place of the voucher"),
    "tracking_unlikely": (422, "A number of {carrier} looks otherwise: is it typed as it stands on the parcel?"),
    "card_for_tracking": (422, "This is the number of an ID card, not of a parcel; it was not kept"),
    "voucher_unknown": (404, "This voucher is not known here, or its case is long over; ask at the information desk"),
    "result_not_ready": (409, "Case {case} is {state}: its result cannot be fetched now"),
    "pickup_ticket_taken": (409, "{ticket} has been taken for the result of case {case} already; please keep it"),
    "no_pickup": (409, "No window of this hall hands out the result of case {case}; ask at the information desk"),
    "item_changed": (409, "Somebody else has changed item '{item}' meanwhile; load it again"),
    "rating_code_wrong": (
        409,
        "This is not the rating code of {ticket}; it stands on the ticket, or on the page behind the ticket's QR code",
    ),
    "rating_code_spent": (
        409,
        "Too many wrong codes for {ticket}; it can only be rated through the QR code on the ticket",
    ),
    "link_unknown": (404, "This link is not valid, or its day is over"),
    "card_invalid": (409, "This is not the number of an ID card; read the card once more"),
    "holder_unknown": (404, "Nobody is known by this handle any more; show the card once more"),
    "milestone_invalid": (422, "The milestone is not as it should be: {why}"),
    "milestone_behind": (409, "An earlier milestone of case {case} waits"),
    "milestone_unknown": (404, "There is no such milestone"),
    "outgoing_unknown": (404, "There is nothing of this name on its way to the platform"),
    "thread_unknown": (404, "There is no ticket '{ticket}' in the log"),
    "hook_unknown": (404, "There is no hook '{hook}' in the hall file"),
    "message_unknown": (404, "There is no such message any more"),
    "choice_unknown": (404, "This hall has no {field} '{choice}'"),
    "help_kind_unknown": (404, "This hall has no help of kind '{kind}'"),
    "place_wanted": (422, "Say where the person is"),
    "paper_none": (404, "There is no such paper of this settlement: {paper}"),
    "no_sheet": (503, "The sheet could not be made; print on a ticket printer, or try again"),
    "title_wanted": (422, "Say which item it is: one of the catalogue, or its name"),
    "refusal_words_wanted": (422, "This reason says nothing by itself: write the reason in words for the notice"),
    "address_wanted": (422, "A result that is posted wants name, phone and address"),
    "not_for_window": (422, "A result that is fetched at the window wants no address"),
    "promise_too_far": (422, "Papers are promised for a day within a year"),
    "number_in_text": (422, "Leave numbers of cards and phones out of titles and lists of papers; these are kept"),
    "proof_wanted": (422, "Group '{group}' is proved by the ID card; without it, ask the staff"),
    "until_too_far": (409, "An end lies within a year; without one the change holds for good"),
    "not_tidal": (409, "{window} is not a tidal window; it cannot stand by"),
    "appointment_not_today": (409, "The appointment is not for today"),
    "topic_wanted": (
        422,
        "Name exactly one topic: board, window, ticket, calls, prints, zone, hall, stats, tides, help, appointments, "
        "evaluator, case or cases",
    ),
    "method_not_allowed": (405, "This address does not take that method"),
    "too_large": (413, "The body is too large"),
    "storage_trouble": (503, "The server cannot write to its disk; nothing was changed"),
    "internal_error": (500, "Something went wrong in the server; it has been logged"),
}

#: Names of states and verbs in sentences.
_WORDS = {
    "waiting": "waiting",
    "called": "called",
    "serving": "being served",
    "held": "on hold",
    "done": "finished",
    "no_show": "missed",
    "cancelled": "cancelled",
    "call": "calling",
    "recall": "recalling",
    "start": "starting",
    "finish": "finishing",
    "hold": "holding",
    "resume": "resuming",
    "transfer": "transferring",
    "reinstate": "reinstating",
    "cancel": "cancelling",
    "rate": "rating",
    "check_proof": "checking the proof of a priority group",
    "booked": "booked",
    "arrived": "checked in",
    "missed": "missed",
    "open": "open",
    "contacted": "followed up",
    "mended": "mended",
    "closed": "closed",
    "excluded": "excluded",
    "judgement_pending": "waiting for a second person's judgement",
    "asked": "waiting for a guide",
    "taken": "taken by a guide",
    "ended": "over",
    "reason": "reason",
    "result": "result",
    "region": "region",
    "transit": "on the way to the departments",
    "approval": "being decided",
    "paused": "paused",
    "decided": "decided, its result not handed over yet",
    "ready": "ready to be fetched",
    "posted": "posted",
    "delivered": "handed out",
    "withdrawn": "withdrawn",
    "granted": "granted",
    "denied": "denied",
    "signed": "signed for",
    "sorted": "sorted",
    "registered": "registered",
    "item": "item",
    "decision": "decision",
    "refusal": "reason of a refusal",
    "mismatch": "mismatch",
    "authority": "authority",
    "expert": "expert",
    "lacks": "missing papers",
    "promise_on": "promised day",
    "promise_by": "promised day",
    "delivery": "way of delivery",
    "urgent": "urgent papers",
    "days": "working days",
    "address": "address",
    "phone": "phone number",
    "name": "name",
    "department": "department",
}
#: `no_show` is a state and a verb; as a verb it reads otherwise.
_NO_SHOW_VERB = "marking as missed"

SENTENCES: dict[str, tuple[int, str]] = {**{r.value: s for r, s in _BUSINESS.items()}, **_WEB}

#: As long as a phone number, or longer.
_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")

_ZH = Texts(LOCALE, "zh")
_EN = Texts(LOCALE, "en")


class Problem(Exception):
    """A refusal by the web, raised anywhere below a view."""

    def __init__(self, reason: str, errors: list[dict[str, Any]] | None = None, **fields: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = fields
        self.errors = errors


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """A problem ready to send."""

    status: int
    body: dict[str, Any]


def _hushed(value: str | int) -> str | int:
    """A value that came with the request, without what may be somebody's: a card typed into the wrong field would be
    repeated by the sentence, and sentences are kept beside the log."""
    return _LONG_NUMBER.sub(lambda run: "*" * len(run[0]), value) if isinstance(value, str) else value


def _public(names: Names | None, field: str, value: str | int) -> Mapping[str, str] | None:
    """What people call a thing of the hall file: its id is for files and programs. None for what is not in it."""
    if names is None:
        return None
    match field:
        case "window" if value in names.windows:
            return names.windows[str(value)].name
        case "service" if value in names.services:
            return names.services[str(value)].name
        case "zone" if value in names.zones:
            return names.zones[str(value)].name
        case "group":
            return next((group.name for group in names.hall.priority_groups if group.id == value), None)
        case _:
            return None


def _spoken(texts: Texts, fields: dict[str, str | int], names: Names | None) -> dict[str, str | int]:
    spoken: dict[str, str | int] = {}
    for field, value in fields.items():
        if (public := _public(names, field, value)) is not None:
            spoken[field] = public.get(texts.language) or public["zh"]
        else:
            spoken[field] = texts(_WORDS[str(value)]) if str(value) in _WORDS else _hushed(value)
    if fields.get("verb") == "no_show":
        spoken["verb"] = texts(_NO_SHOW_VERB)
    return spoken


def problem(
    reason: str,
    fields: dict[str, str | int] | None = None,
    errors: list[dict[str, Any]] | None = None,
    names: Names | None = None,
) -> ProblemBody:
    """The problem document of a reason; `names` gives what is in the hall file its public name."""
    status, sentence = SENTENCES[reason]
    fields = fields or {}
    body: dict[str, Any] = {
        "type": f"/problems/{reason}",
        "title": reason.replace("_", " "),
        "status": status,
        "reason": reason,
        "detail": _EN(sentence, **_spoken(_EN, fields, names)),
        "detail_zh": _ZH(sentence, **_spoken(_ZH, fields, names)),
    }
    if errors:
        body["errors"] = errors
    return ProblemBody(status, body)
