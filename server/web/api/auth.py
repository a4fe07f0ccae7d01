"""Signing in and out. Browsers get a cookie, programs the token."""

from flask import Response, request
from flask_openapi3 import Tag

from server.accounts import SESSION_S, Person
from server.hall import Answer
from server.web.access import COOKIE, caller
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import send
from server.web.problems import Problem
from server.web.site import site

api = APIBlueprint("auth", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="sign-in")])


def _me(person: Person) -> dict[str, object]:
    return {
        "user": person.user,
        "name": person.display_name or person.user,
        "roles": sorted(person.roles),
        "window": person.window,
        "department": person.department,
    }


@api.post("/sign-in", responses={200: s.SignedIn})
def sign_in(body: s.SignInBody) -> Response:
    """Sign in, a clerk at a window. Needs no Idempotency-Key: signing in twice does no harm."""
    here = site()
    if body.window is not None and body.window not in here.names.windows:
        raise Problem("window_unknown", window=body.window)
    person = here.accounts.sign_in(body.user, body.password, body.window, slow=here.slow)
    if person is None:
        raise Problem("wrong_password")
    token = here.accounts.session(person)
    response = send(Answer(200, {"token": token, **_me(person)}))
    response.set_cookie(COOKIE, token, max_age=SESSION_S, httponly=True, samesite="Strict", secure=request.is_secure)
    return response


@api.post("/sign-out", responses={204: None})
def sign_out(body: s.Empty) -> Response:
    """Forget the cookie."""
    response = send(Answer(204, None))
    response.delete_cookie(COOKIE, samesite="Strict", httponly=True, secure=request.is_secure)
    return response


@api.get("/staff", responses={200: s.Staff})
def staff() -> Response:
    """What colleagues are called: views and the log name them by their id."""
    names = site().accounts.names()
    return send(Answer(200, {"staff": [{"user": user, "name": names[user]} for user in sorted(names)]}))


@api.get("/me", responses={200: s.Me})
def me() -> Response:
    """Who is signed in here."""
    person = caller().who
    assert isinstance(person, Person)
    return send(Answer(200, _me(person)))
