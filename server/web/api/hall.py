"""`GET /hall`: open to anyone; kiosks and phones begin here."""

from flask import Response
from flask_openapi3 import Tag

from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.present.hall import hall_view
from server.web.site import dumps, site

api = APIBlueprint("hall", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="hall")])

#: A kiosk's home page may be this old; the view costs some milliseconds in a full hall.
MAX_AGE_S = 1.0


@api.get("/hall", responses={200: s.Hall})
def hall() -> Response:
    """The hall: zones and services, open or not, waiting, expected wait."""
    here = site()
    view = here.cache.get(here.hall, "hall", MAX_AGE_S, lambda state, at: hall_view(here, state, at))
    return Response(dumps(view), content_type="application/json")
