"""Take the README's pictures from the running programs: `make pictures`. Needs Chromium and an off-screen Kivy."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
#: How long the demo day runs, eight times as fast as real, before anything is photographed.
WARM_UP_S = 75
#: Of all the kiosk's pages in all their modes, those the README shows.
KIOSK_SCREENS = (
    "kiosk-home-portrait",
    "kiosk-services-portrait",
    "kiosk-confirm-portrait",
    "kiosk-ticket-printed-portrait",
    "kiosk-home-landscape",
    "kiosk-home-portrait-en",
    "kiosk-home-portrait-largest-en",
    "kiosk-home-portrait-contrast",
    "kiosk-home-portrait-low",
    "kiosk-guide-portrait",
    "kiosk-levels-portrait",
)
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def start_server(data: Path) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """A demo hall on a free port, playing its day."""
    server = subprocess.Popen(
        [sys.executable, "run_server.py", "--demo", "--port", "0", "--speed", "8", "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            demo: dict[str, Any] = json.loads((data / "demo.json").read_text("utf-8"))
            if requests.get(demo["url"] + "/readyz", timeout=1).ok:
                return server, demo
        except (OSError, ValueError, requests.RequestException):
            time.sleep(0.3)
    server.terminate()
    raise SystemExit("the demo server did not get ready")


class Staff:
    """Somebody of the demo, acting through the API."""

    def __init__(self, demo: dict[str, Any], user: str) -> None:
        self.url = demo["url"]
        self.login = next(entry for entry in demo["users"] if entry["user"] == user)
        answer = requests.post(
            f"{self.url}/api/v1/sign-in",
            json={"user": self.login["user"], "password": self.login["password"]},
            timeout=5,
        )
        self.token = answer.json()["token"]

    def post(self, path: str, body: dict[str, Any] | None = None) -> None:
        requests.post(
            f"{self.url}/api/v1{path}",
            json=body or {},
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(uuid.uuid4())},
            timeout=10,
        ).raise_for_status()

    def get(self, path: str) -> Any:
        answer = requests.get(f"{self.url}/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"}, timeout=10)
        answer.raise_for_status()
        return answer.json()


def issue(demo: dict[str, Any], service: str) -> dict[str, Any]:
    """A ticket from the demo's kiosk."""
    answer = requests.post(
        f"{demo['url']}/api/v1/tickets",
        json={"service": service},
        headers={"Authorization": f"Bearer {demo['kiosk_token']}", "Idempotency-Key": str(uuid.uuid4())},
        timeout=5,
    )
    answer.raise_for_status()
    ticket: dict[str, Any] = answer.json()
    return ticket


def shoot(browser: Browser, demo: dict[str, Any], name: str, path: str, size: tuple[int, int], **more: Any) -> None:
    """One page as a PNG of at most 256 colours, which is a third of the size and looks the same."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=more.get("locale", "zh-CN"),
        device_scale_factor=more.get("scale", 1),
    )
    page = context.new_page()
    if user := more.get("user"):
        login = next(entry for entry in demo["users"] if entry["user"] == user)
        page.request.post(f"{demo['url']}/api/v1/sign-in", data={"user": login["user"], "password": login["password"]})
    page.goto(demo["url"] + path)
    page.locator("main:visible, #board").first.wait_for()
    page.wait_for_timeout(3000)
    page.screenshot(path=str(HERE / f"{name}.png"))
    context.close()
    shrink(HERE / f"{name}.png")


def shrink(path: Path) -> None:
    """Fewer colours, smaller file."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def pages(demo: dict[str, Any]) -> None:
    """Every page of the server."""
    hall = requests.get(f"{demo['url']}/api/v1/hall", timeout=5).json()
    service = hall["zones"][0]["services"][0]["id"]
    window = next(entry["window"] for entry in demo["users"] if entry.get("window"))
    clerk = Staff(demo, f"clerk-{window.lower()}")
    serve(demo, clerk, window, service)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        ticket = issue(demo, service)  # photographed at once, while it still waits
        shoot(browser, demo, "phone", ticket["url"], (390, 844), scale=2)
        shoot(browser, demo, "phone-en", ticket["url"] + "?lang=en", (390, 844), scale=2, locale="en-GB")
        user = clerk.login["user"]
        shoot(browser, demo, "console", "/window", (1366, 860), user=user)
        shoot(browser, demo, "console-en", "/window", (1366, 860), user=user, locale="en-GB")
        shoot(browser, demo, "board", f"/board/{hall_board(demo)}", (1920, 1080))
        shoot(browser, demo, "manager", "/manage", (1366, 1500), user="manager")
        shoot(browser, demo, "zone", f"/zone/{hall['zones'][0]['id']}", (1366, 1100), user="supervisor")
        applied, case = accepted(demo, hall["now"])
        shoot(browser, demo, "case", case["url"], (390, 844), scale=2)
        shoot(browser, demo, "case-en", case["url"] + "?lang=en", (390, 844), scale=2, locale="en-GB")
        goes_on(demo, case["id"])
        shoot(browser, demo, "thread", f"/thread/{applied}", (1366, 1240), user="manager")
        shoot(browser, demo, "supervision", "/supervision", (1366, 1000), user="manager")
        browser.close()
    paper(ticket, hall)


OFFICE = "市住房公积金中心阳新办事处"
WINDOW = "F01"


def serve(demo: dict[str, Any], staff: Staff, window: str, service: str) -> dict[str, Any]:
    """A ticket at a window, called and begun; the demo's own clerk sits there too and may be quicker with a step."""
    for _ in range(5):
        mine = issue(demo, service)
        for step, body in (("finish", {}), ("open", {}), ("call", {"ticket": mine["number"]}), ("start", {})):
            with contextlib.suppress(requests.HTTPError):
                staff.post(f"/windows/{window}/{step}", body)
        here = staff.get(f"/windows/{window}")["ticket"]
        if here is not None and here["id"] == mine["id"]:
            return mine
    raise SystemExit(f"nobody could be served at {window}")


def accepted(demo: dict[str, Any], now: str) -> tuple[str, dict[str, Any]]:
    """An application taken with a paper missing; the ticket's id and the case as the phone knows it."""
    leader = Staff(demo, "supervisor")
    mine = serve(demo, leader, WINDOW, "fund-loan")
    said = {"outcome": "accepted_missing", "title": "公积金贷款申请", "departments": [OFFICE], "lacks": ["收入证明"]}
    promised = (date.fromisoformat(now[:10]) + timedelta(days=5)).isoformat()
    leader.post(f"/windows/{WINDOW}/settle", {"id": f"case-{mine['id']}", **said, "promise_on": promised})
    leader.post(f"/windows/{WINDOW}/finish")
    (case,) = leader.get(f"/tickets/{mine['id']}")["cases"]
    return mine["id"], {"id": f"case-{mine['id']}", "url": case["url"]}


def goes_on(demo: dict[str, Any], case: str) -> None:
    """The papers come, the department signs and grants, the result lies ready: a thread with all its phases. The
    demo's own people are at it too and may be quicker with a step."""
    leader = Staff(demo, "manager")
    for step, body in (
        ("papers", {}),
        ("sign", {"department": OFFICE}),
        ("answer", {"department": OFFICE, "answer": "granted"}),
        ("result", {"title": "借款合同", "granted": True}),
    ):
        with contextlib.suppress(requests.HTTPError):
            leader.post(f"/cases/{case}/{step}", body)


def hall_board(demo: dict[str, Any]) -> str:
    """The first board of the demo's hall file."""
    from config.loader import DEFAULT_HALL, load_hall

    return load_hall(DEFAULT_HALL).boards[0].id


def paper(ticket: dict[str, Any], hall: dict[str, Any]) -> None:
    """The ticket as the printer gets it."""
    from printer.layout import TicketPrint
    from printer.raster import render

    render(TicketPrint.from_ticket(ticket, hall), 576).save(HERE / "ticket.png")


def kiosk() -> None:
    """The kiosk's screens, drawn off screen with a canned hall."""
    environment = os.environ | {"SDL_VIDEODRIVER": "offscreen"}
    environment.pop("DISPLAY", None)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "kiosk.pictures", "--out", folder], cwd=ROOT, env=environment, check=True)
        for name in KIOSK_SCREENS:
            with Image.open(Path(folder) / f"{name}.png") as drawn:
                half = drawn.convert("RGB").resize((drawn.width // 2, drawn.height // 2), Image.Resampling.LANCZOS)
            half.quantize(256, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        server, demo = start_server(Path(folder))
        try:
            time.sleep(WARM_UP_S)
            pages(demo)
        finally:
            server.terminate()
            server.wait(15)
    kiosk()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
