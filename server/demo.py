"""The demo hall: accounts for every window, tokens for every device, written where any program finds them.

Loopback only, open whatever the hour. The same logins after every restart on the same data directory.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.accounts import Accounts, DeviceKind, Role
from server.demo_names import demo_name
from server.plan import Names

DEMO_FILE = "demo.json"

#: Demo staff beside the clerks: user name and roles.
LEADERS: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("supervisor", (Role.SUPERVISOR,)),
    ("manager", (Role.MANAGER,)),
    ("guide", (Role.GUIDE,)),
    ("runner", (Role.RUNNER,)),
    ("admin", (Role.ADMIN, Role.MANAGER, Role.SUPERVISOR)),
)


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A demo user."""

    user: str
    password: str
    roles: tuple[Role, ...]
    window: str | None = None
    department: str | None = None

    def entry(self) -> dict[str, Any]:
        """As demo.json tells it."""
        told: dict[str, Any] = {"user": self.user, "password": self.password, "roles": list(self.roles)}
        told |= {"window": self.window} if self.window else {}
        return told | ({"department": self.department} if self.department else {})


def prepare(names: Names, accounts: Accounts, data: Path, url: str) -> dict[str, Any]:
    """Make the demo's accounts, or find them again, and write demo.json; returns what it says."""
    path = data / DEMO_FILE
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known = {entry["user"]: entry["password"] for entry in kept.get("users", [])}
    wanted: list[tuple[str, tuple[Role, ...], str | None, str | None]] = [
        (f"clerk-{window.lower()}", (Role.CLERK,), window, None) for window in names.windows
    ]
    wanted += [(user, roles, None, None) for user, roles in LEADERS]
    # One who decides for each department, in the order of the hall file.
    services = names.hall.services
    listed = (name for service in services for name in service.departments)
    departments = dict.fromkeys([*(service.department["zh"] for service in services), *listed])
    wanted += [(f"department-{n}", (Role.DEPARTMENT,), None, name) for n, name in enumerate(departments, 1)]
    users = []
    with accounts.at_once():
        for number, (user, roles, window, department) in enumerate(wanted):
            login = DemoLogin(user, known.get(user) or secrets.token_hex(4), roles, window, department)
            if user not in known:
                accounts.put_user(
                    user, login.password, roles, window, department=department, name=demo_name(number), is_secret=False
                )
            users.append(login.entry())
    tokens = {}
    for kind in DeviceKind:
        device = names.hall.kiosks[0].id if kind is DeviceKind.KIOSK and names.hall.kiosks else "*"
        name = f"{kind.value}_token"
        tokens[name] = kept.get(name) or accounts.add_device(device, kind)
    pin = kept.get("exit_pin") or f"{secrets.randbelow(10**6):06d}"
    if "exit_pin" not in kept:
        accounts.set_exit_pin(pin)
    kiosks = {}
    for kiosk in names.hall.kiosks:
        kept_token = kept.get("kiosks", {}).get(kiosk.id)
        first = kiosk.id == names.hall.kiosks[0].id
        kiosks[kiosk.id] = (
            tokens["kiosk_token"] if first else kept_token or accounts.add_device(kiosk.id, DeviceKind.KIOSK)
        )
    told = {"url": url, **tokens, "exit_pin": pin, "kiosks": kiosks, "users": users}
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    temporary.chmod(0o600)
    temporary.replace(path)
    return told
