"""POSTs that change the catalogue: one after the other, each once however often it is sent, beside the event loop."""

import hashlib
import json
import sqlite3
from collections.abc import Callable

from flask import Response, request

from server.hall import ANSWERS_KEPT_S, Answer
from server.web.access import caller
from server.web.commanding import idempotency_key, send
from server.web.problems import Problem, problem
from server.web.site import Site


def once(here: Site, act: Callable[[str, float], Answer]) -> Response:
    """Change the catalogue (`act` gets who and when) and answer; a repeated request gets its first answer."""
    who, at = caller().name, here.hall.now()
    key = f"{who} {idempotency_key()}"
    asked = request.full_path.encode() + b"\0" + request.get_data(cache=True)
    body_hash = hashlib.sha256(asked).hexdigest()

    def settle() -> Answer:
        with here.catalogue.all_or_nothing():
            if (first := here.catalogue.answer(key)) is not None:
                known, status, body = first
                if known != body_hash:
                    raise Problem("idempotency_key_reused")
                return Answer(status, json.loads(body), replayed=True)
            try:
                answer = act(who, at)
            except Problem as refused:
                ready = problem(refused.reason, refused.fields, refused.errors, here.names)
                answer = Answer(ready.status, ready.body)
            kept = json.dumps(answer.body, ensure_ascii=False)
            here.catalogue.keep_answer(key, body_hash, answer.status, kept, at, ANSWERS_KEPT_S)
            return answer

    try:
        answer: Answer = here.slow(settle)
    except sqlite3.Error as trouble:
        raise Problem("storage_trouble") from trouble
    return send(answer)
