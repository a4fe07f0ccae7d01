"""Hooks for administrators: how it stands with them, a test, what was given up and sending it again."""

from flask import Response
from flask_openapi3 import Tag

from config.after_window import Hook
from server.hall import Answer
from server.notices.notifier import Notices
from server.web.access import caller
from server.web.api import hooks_schemas as h
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import idempotency_key, send
from server.web.present.hooks import failed_view, hook_view
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("hooks", __name__, url_prefix="/api/v1/hooks", abp_tags=[Tag(name="notices")])


def _find(here: Site, name: str) -> tuple[Notices, Hook]:
    notices = here.notices
    hook = None if notices is None else notices.find(name)
    if notices is None or hook is None:
        raise Problem("hook_unknown", hook=name)
    return notices, hook


@api.get("", responses={200: h.Hooks})
def hooks() -> Response:
    """Every hook of the hall file with its secret, its queue and its last success."""
    here = site()
    notices = here.notices
    views = [] if notices is None else [hook_view(here, notices, hook) for hook in notices.hooks]
    return send(Answer(200, {"hooks": views}))


@api.post("/<hook>/test", responses={200: h.TestOutcome})
def test(path: h.HookPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Send a message of type `test` now and tell what the receiver answered. Sent again under one key, the message has
    the same id."""
    key = idempotency_key()
    notices, hook = _find(site(), path.hook)
    outcome = notices.test(hook, f"{caller().name} {key}")
    return send(Answer(200, {"ok": outcome.is_ok, "status": outcome.status, "error": outcome.error}))


@api.get("/<hook>/failed", responses={200: h.FailedMessages})
def failed(path: h.HookPath) -> Response:
    """Messages that were given up."""
    here = site()
    notices, hook = _find(here, path.hook)
    return send(Answer(200, {"messages": [failed_view(here, one) for one in notices.failed(hook.id)]}))


@api.post("/<hook>/failed/<message>/resend", responses={200: h.Hook})
def resend(path: h.MessagePath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Try a given-up message again, under its old id, for another day; one that is on its way already stays so."""
    idempotency_key()
    here = site()
    notices, hook = _find(here, path.hook)
    if not notices.resend(hook.id, path.message):
        raise Problem("message_unknown", message=path.message)
    return send(Answer(200, hook_view(here, notices, hook)))
