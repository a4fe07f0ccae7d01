"""Signing in and out."""

from collections.abc import Callable
from typing import Any

import pytest

from server.accounts import SESSION_S, Role


@pytest.fixture
def staffed(world: Any) -> Any:
    """With two users who have passwords."""
    world.accounts.put_user("wang", "correct horse", [Role.CLERK], "S01")
    world.accounts.put_user("chen", "battery staple", [Role.SUPERVISOR, Role.MANAGER])
    return world


def sign_in(world: Any, user: str, password: str, **fields: Any) -> Any:
    """POST without a key: signing in twice does no harm."""
    return world.app.test_client().post("/api/v1/sign-in", json={"user": user, "password": password, **fields})


def test_a_clerk_signs_in_at_the_usual_window(staffed: Any) -> None:
    """The answer tells token, roles and window; the token works and the log names the clerk."""
    answer = sign_in(staffed, "wang", "correct horse")
    token = answer.json.pop("token")
    assert (answer.status_code, answer.json["roles"], answer.json["window"]) == (200, ["clerk"], "S01")
    me = staffed.anyone.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json == {"user": "wang", "name": "wang", "roles": ["clerk"], "window": "S01", "department": None}


def test_colleagues_are_called_by_their_names(staffed: Any, reason: Callable[[Any], str]) -> None:
    """Whoever has a name is called so from then on, in a session that began before too; the others by their id."""
    token = sign_in(staffed, "wang", "correct horse").json["token"]
    who = {"Authorization": f"Bearer {token}"}
    assert staffed.anyone.get("/staff", headers=who).json == {"staff": []}
    assert staffed.accounts.set_name("wang", "王芳")
    assert not staffed.accounts.set_name("nobody", "无人")
    assert staffed.anyone.get("/me", headers=who).json["name"] == "王芳"
    assert staffed.anyone.get("/staff", headers=who).json == {"staff": [{"user": "wang", "name": "王芳"}]}
    assert sign_in(staffed, "wang", "correct horse").json["name"] == "王芳"
    staffed.accounts.put_user("wang", "another horse", [Role.CLERK], "S01")
    assert staffed.accounts.called("user:wang") == "王芳", "a new password changes no name"
    assert (staffed.accounts.called("user:gone"), staffed.accounts.called(None)) == ("gone", "")
    assert reason(staffed.anyone.get("/staff")) == "unauthorized"


def test_a_clerk_signs_in_at_another_window(staffed: Any, reason: Callable[[Any], str]) -> None:
    """The window named at sign-in counts; one that does not exist is refused."""
    assert sign_in(staffed, "wang", "correct horse", window="S02").json["window"] == "S02"
    assert reason(sign_in(staffed, "wang", "correct horse", window="X1")) == "window_unknown"


def test_a_wrong_password_and_a_wrong_name_look_alike(staffed: Any) -> None:
    """Nobody learns from the answer whether a user exists."""
    wrong_password, wrong_name = sign_in(staffed, "wang", "wrong"), sign_in(staffed, "nobody", "wrong")
    assert wrong_password.status_code == 401
    assert wrong_password.data == wrong_name.data
    assert "Set-Cookie" not in wrong_password.headers


def test_the_cookie_is_kept_from_scripts_and_foreign_pages(staffed: Any) -> None:
    """HttpOnly, SameSite=Strict, a working day long; Secure where the page is."""
    cookie = sign_in(staffed, "chen", "battery staple").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={SESSION_S}"} <= set(cookie.split("; "))
    secure = staffed.app.test_client().post(
        "/api/v1/sign-in", json={"user": "chen", "password": "battery staple"}, base_url="https://hall.test"
    )
    assert "Secure" in secure.headers["Set-Cookie"].split("; ")


def test_the_cookie_signs_in_and_sign_out_forgets_it(staffed: Any, reason: Callable[[Any], str]) -> None:
    """A browser that keeps cookies is signed in, and after sign-out it is not."""
    client = staffed.app.test_client()
    client.post("/api/v1/sign-in", json={"user": "chen", "password": "battery staple"})
    assert client.get("/api/v1/me").json["roles"] == ["manager", "supervisor"]
    assert client.post("/api/v1/sign-out").status_code == 204
    assert reason(client.get("/api/v1/me")) == "unauthorized"


@pytest.mark.parametrize("token", ["", "x", "WyJyb290IixbImFkbWluIl0sbnVsbF0", "a.b.c", "\u00e9"])
def test_a_forged_token_is_nobody(staffed: Any, reason: Callable[[Any], str], token: str) -> None:
    """Only what this server signed counts."""
    answer = staffed.anyone.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert reason(answer) == "unauthorized"


def test_a_token_of_another_server_is_nobody(staffed: Any, reason: Callable[[Any], str], tmp_path: Any) -> None:
    """Each data directory has a secret of its own."""
    from server.accounts import Accounts, Person

    other = Accounts(tmp_path / "other.db")
    token = other.session(Person("root", frozenset({Role.ADMIN})))
    other.close()
    assert reason(staffed.anyone.get("/me", headers={"Authorization": f"Bearer {token}"})) == "unauthorized"


def test_a_session_ends(staffed: Any, reason: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """After a working day the token is no more (D3.4)."""
    monkeypatch.setattr("server.accounts.SESSION_S", -1)
    assert reason(staffed.clerk.get("/me")) == "unauthorized"


@pytest.mark.parametrize(
    "body", [{}, {"user": "wang"}, {"user": "", "password": "x"}, {"user": "w" * 65, "password": "x"}]
)
def test_half_a_sign_in_is_422(staffed: Any, body: dict[str, str]) -> None:
    """Both name and password, of a sane length."""
    assert staffed.app.test_client().post("/api/v1/sign-in", json=body).status_code == 422


def test_passwords_and_tokens_are_not_kept(staffed: Any, tmp_path: Any) -> None:
    """The file holds hashes only."""
    staffed.accounts.set_exit_pin("314159")
    held = (tmp_path / "accounts.db").read_bytes()
    for secret in ("correct horse", "314159", staffed.kiosk.token):
        assert secret.encode() not in held
    assert (tmp_path / "accounts.db").stat().st_mode & 0o077 == 0
