"""The platform's queue as leaders see it."""

import json
from typing import Any

from server.platform.desk import PlatformDesk
from server.platform.records import Kept
from server.web.present.common import moment
from server.web.problems import problem
from server.web.site import Site


def platform_view(site: Site, desk: PlatformDesk) -> dict[str, Any]:
    """Contact, what has not gone out, what waits or was refused."""
    plan, contact = site.hall.plan, desk.contact()
    return {
        "kind": contact.kind,
        "away": contact.is_away,
        "last_contact_at": moment(plan, contact.last_contact_at),
        "last_error": contact.last_error,
        "counts": desk.counts(),
        "outgoing": [
            {
                "id": row["id"],
                "kind": row["kind"],
                "case": row["case_id"],
                "made_at": moment(plan, row["made_at"]),
                "state": row["state"],
                "attempts": row["attempts"],
                "error": row["error"],
            }
            for row in desk.outgoing()
        ],
        "milestones": [milestone_view(site, kept) for kept in desk.milestones()],
    }


def milestone_view(site: Site, kept: Kept) -> dict[str, Any]:
    """One milestone, with the sentence that says why it waits or was refused."""
    content = json.loads(kept.content) if kept.content else {}
    told = content if isinstance(content, dict) else {}
    verdict = kept.verdict
    words = {} if verdict.reason is None else problem(verdict.reason, dict(verdict.fields or {}), names=site.names).body
    return {
        "id": kept.id,
        "kind": _text(told.get("kind")),
        "case": _text(told.get("case")) or _text(told.get("platform")),
        "received_at": moment(site.hall.plan, kept.received_at),
        "state": verdict.state.value,
        "reason": verdict.reason,
        "detail": words.get("detail"),
        "detail_zh": words.get("detail_zh"),
    }


def _text(value: Any) -> str | None:
    return value[:200] if isinstance(value, str) else None
