"""The citizen's own case, by the unguessable token of its voucher."""

from flask import Response
from flask_openapi3 import Tag

from server.hall import Answer
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.case_schemas import PublicCase
from server.web.commanding import send
from server.web.present.citizen_cases import public_case
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("case_links", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="citizen's link")])


def case_of(here: Site, token: str) -> str:
    """The id of the case behind a token, or the problem that there is none."""
    with here.hall.reading() as state:
        found = here.links.find_case(state, token)
    if found is None:
        raise Problem("voucher_unknown")
    return found


@api.get("/c/<token>", responses={200: PublicCase})
def case(path: s.TokenPath) -> Response:
    """Where the case stands, in plain words; nothing of who applied."""
    here = site()
    found = case_of(here, path.token)
    with here.hall.reading() as state:
        return send(Answer(200, public_case(here, state, state.cases[found], here.hall.now())))
