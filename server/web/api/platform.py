"""The provincial platform (Y16): its gateway pushes milestones, leaders see what is in the way."""

from flask import Response
from flask_openapi3 import Tag

from server.hall import Answer
from server.platform.desk import PlatformDesk
from server.platform.records import Raw
from server.web.api import platform_schemas as p
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import idempotency_key, send
from server.web.present.platform import milestone_view, platform_view
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("platform", __name__, url_prefix="/api/v1/platform", abp_tags=[Tag(name="platform")])


def _desk(here: Site) -> PlatformDesk:
    if here.platform is None:
        raise Problem("not_found")
    return here.platform


@api.get("", responses={200: p.Platform})
def platform() -> Response:
    """Whether the platform is there, what is on its way to it, which milestones wait or were refused and why."""
    here = site()
    return send(Answer(200, platform_view(here, _desk(here))))


@api.post("/milestones", responses={200: p.TakenAll})
def milestones(header: s.KeyHeader, body: p.MilestonesBody) -> Response:
    """Take milestones in. They are on disk before this is answered; one whose id is known changes nothing."""
    idempotency_key()
    here = site()
    kept = _desk(here).take([Raw(one) for one in body.milestones])
    return send(Answer(200, {"milestones": [milestone_view(here, one) for one in kept]}))


@api.post("/milestones/<milestone>/retry", responses={200: p.Taken})
def retry(path: p.MilestonePath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Try a refused milestone again, once its cause is mended; one that is applied or waits stays as it is."""
    idempotency_key()
    here = site()
    kept = _desk(here).try_again(path.milestone)
    if kept is None:
        raise Problem("milestone_unknown")
    return send(Answer(200, milestone_view(here, kept)))


@api.post("/outgoing/<item>/retry", responses={200: p.Platform})
def resend(path: p.OutgoingPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Send something that the platform refused again with the next exchange."""
    idempotency_key()
    here = site()
    desk = _desk(here)
    if not desk.send_again(path.item):
        raise Problem("outgoing_unknown")
    return send(Answer(200, platform_view(here, desk)))
