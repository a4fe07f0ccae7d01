"""Take the README's picture of every shipped hall: its main board while its demo day is played. Needs Chromium."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
from PIL import Image
from playwright.sync_api import sync_playwright

from config.loader import load_hall

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HALLS = ("miluo", "puyang", "chenzhou", "town", "village")
SPEED = "20"
#: People are called at most windows after this, at that speed.
WARM_UP_S = 40
WIDTH, HEIGHT, SMALL = 1920, 1080, 960


def photograph(name: str, data: Path) -> None:
    """Play a hall's day for a while and keep a picture of its main board."""
    file = ROOT / "config" / "halls" / f"{name}.yaml"
    options = ["--hall", str(file), "--demo", "--port", "0", "--speed", SPEED, "--data", str(data)]
    server = subprocess.Popen([sys.executable, "run_server.py", *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 90
        while True:
            try:
                url = json.loads((data / "demo.json").read_text("utf-8"))["url"]
                if requests.get(f"{url}/readyz", timeout=1).ok:
                    break
            except (OSError, ValueError, requests.RequestException):
                if time.monotonic() > end:
                    raise SystemExit(f"{name}: the demo server did not get ready") from None
                time.sleep(0.3)
        time.sleep(WARM_UP_S)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(f"{url}/board/{load_hall(file).boards[0].id}")
            page.wait_for_timeout(3000)
            picture = HERE / f"hall-{name}.png"
            page.screenshot(path=picture)
            browser.close()
        with Image.open(picture) as taken:
            small = taken.convert("RGB").resize((SMALL, SMALL * HEIGHT // WIDTH), Image.Resampling.LANCZOS)
        small.quantize(128).save(picture, optimize=True)
    finally:
        server.terminate()
        server.wait(30)


def main() -> None:
    """All halls, or those named."""
    for name in sys.argv[1:] or HALLS:
        with tempfile.TemporaryDirectory() as folder:
            photograph(name, Path(folder))


if __name__ == "__main__":
    main()
