"""From a POST to a command of the hall, and from its outcome to an answer. Idempotency keys are read here."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response, request

from server.core.commands import Command
from server.core.events import Event
from server.core.model import HallState
from server.core.refusals import Rejected
from server.hall import Answer, KeyReused, Request
from server.log.records import StorageTrouble
from server.web.access import caller
from server.web.problems import CONTENT_TYPE, Problem, problem
from server.web.site import Site, dumps

_KEY = re.compile(r"[!-~]{8,128}")


def idempotency_key() -> str:
    """The request's key; refuses a request without a usable one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise Problem("idempotency_key_missing")
    # The header draft writes the key as a quoted string; most senders leave the quotes away. Both mean the same key.
    key = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not _KEY.fullmatch(key):
        raise Problem("idempotency_key_invalid")
    return key


def _body_hash(who: str, secret: str) -> str:
    """What must be the same when a key comes again: who asks for what with which body. Keyed, since it is kept: a phone
    number in a body could be found by trying all of them."""
    digest = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    body = json.dumps(request.get_json(silent=True) or {}, sort_keys=True)
    for part in (who, request.path, body):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def refused(site: Site, refusal: Rejected) -> Answer:
    """A refusal as an answer."""
    ready = problem(refusal.reason.value, refusal.fields, names=site.names)
    return Answer(ready.status, ready.body)


def send(answer: Answer) -> Response:
    """An answer as an HTTP response."""
    kind = "application/json" if answer.status < 400 else CONTENT_TYPE
    body = "" if answer.body is None else dumps(answer.body)
    response = Response(body, answer.status, content_type=kind)
    if answer.body is None:
        response.headers.pop("Content-Type", None)
    if answer.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def perform(
    site: Site,
    command: Callable[[float], Command],
    answer: Callable[[HallState, list[Event], float], Answer],
    dress: Callable[[Any], Any] = lambda body: body,
) -> Response:
    """Hand a command to the hall and answer what became of it.

    `answer` is kept beside the log for repetitions, so nothing personal may stand in it; `dress` adds that on the way
    out, to the first answer and to every repetition.
    """
    who = caller().name
    wanted = Request(
        command=command,
        command_id=idempotency_key(),
        body_hash=_body_hash(who, site.answers_secret),
        actor=who,
        answer=answer,
        refuse=partial(refused, site),
    )
    try:
        settled = site.hall.handle(wanted)
    except KeyReused:
        raise Problem("idempotency_key_reused") from None
    except StorageTrouble as trouble:
        raise Problem("storage_trouble") from trouble
    return send(settled if settled.status >= 400 else replace(settled, body=settled.body and dress(settled.body)))


def view_answer(build: Callable[[HallState, float], Any], status: int = 200) -> Callable[..., Answer]:
    """Answer with a view of the state after the command."""
    return lambda state, _events, at: Answer(status, build(state, at))
