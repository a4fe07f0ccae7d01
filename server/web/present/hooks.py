"""Hooks as administrators see them."""

import json
from typing import Any

from config.after_window import Hook, NoticeKind
from server.notices.notifier import Notices
from server.notices.records import Condition, Failed
from server.web.present.common import moment
from server.web.present.texts import name_in_both
from server.web.site import Site

KIND_NAMES = {
    NoticeKind.CALLED: "Called",
    NoticeKind.NEARLY: "Three before you",
    NoticeKind.RESULT_READY: "Result ready",
    NoticeKind.RESULT_POSTED: "Result posted",
    NoticeKind.FEE_DUE: "Fee due",
    NoticeKind.CORRECTION_DUE: "Papers to be corrected",
    NoticeKind.RATE_US: "Please rate",
    NoticeKind.BAD_RATING: "Bad rating",
    NoticeKind.STEP_OVERDUE: "Step overdue",
    NoticeKind.WAIT_ALARM: "Wait over its limit",
}


def hook_view(site: Site, notices: Notices, hook: Hook) -> dict[str, Any]:
    """One hook, with its secret."""
    plan, found = site.hall.plan, notices.condition(hook.id)
    return {
        "id": hook.id,
        "url": hook.url,
        "events": [{"kind": kind.value, **name_in_both(KIND_NAMES[kind])} for kind in dict.fromkeys(hook.events)],
        "secret": notices.secrets[hook.id],
        "state": _state(found),
        "queued": found.queued,
        "failed": found.failed,
        "sent": found.sent,
        "dropped": found.dropped,
        "last_success_at": moment(plan, found.last_success_at),
        "last_failure_at": moment(plan, found.last_failure_at),
        "last_error": found.last_error,
        "next_try_at": moment(plan, found.paused_until) if found.away else None,
    }


def failed_view(site: Site, message: Failed) -> dict[str, Any]:
    """One message that was given up; without a phone number, which it does not have."""
    payload = json.loads(message.payload)
    told = payload["data"]
    return {
        "id": message.id,
        "kind": message.kind,
        **name_in_both(KIND_NAMES[NoticeKind(message.kind)]),
        "at": payload["timestamp"],
        "failed_at": moment(site.hall.plan, message.failed_at),
        "attempts": message.attempts,
        "error": message.error,
        "ticket": told["ticket"],
        "case": told["case"],
        "text": told["text_zh"],
        "text_en": told["text_en"],
    }


def _state(found: Condition) -> str:
    if found.away:
        return "away"
    if (found.last_failure_at or 0.0) > (found.last_success_at or 0.0):
        return "failing"
    return "ok" if found.last_success_at else "idle"
