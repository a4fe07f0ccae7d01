"""A board as the loudspeaker of its area's voice program (the protocol of caller/voice_web.py)."""

import io
import itertools
import math
import struct
import threading
import time
import wave
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.browser.demo_hall import DemoHall, until

pytestmark = pytest.mark.browser

SOUND_S = 0.4
#: Our two listeners on one sound are told one after the other.
CLOCK_MS = 20


def a_sound() -> bytes:
    """A short tone."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        tone = (int(8000 * math.sin(n / 4)) for n in range(int(8000 * SOUND_S)))
        out.writeframes(b"".join(struct.pack("<h", sample) for sample in tone))
    return file.getvalue()


class VoiceOfTheArea:
    """Says three things at once to whoever listens, and notes which sounds are fetched and when."""

    def __init__(self) -> None:
        self.fetched: list[tuple[str, float]] = []
        app = Flask("voice")

        @app.get("/say/latest")
        def say() -> Response:
            says = [f'event: say\nid: {n}\ndata: {{"call": {n}, "wav": "/wav/{n}.wav"}}\n\n' for n in (1, 2, 3)]
            response = Response(itertools.chain(says, self._silence()), mimetype="text/event-stream")
            response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        @app.get("/wav/<name>")
        def wav(name: str) -> Response:
            self.fetched.append((name, time.monotonic()))
            return Response(a_sound(), mimetype="audio/wav")

        self.stop = threading.Event()
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def _silence(self) -> Iterator[str]:
        self.stop.wait(20)
        yield ": end\n\n"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def voice() -> Iterator[VoiceOfTheArea]:
    """A voice program that speaks to boards."""
    speaking = VoiceOfTheArea()
    yield speaking
    speaking.close()


def test_sounds_are_played_one_after_the_other(
    hall: DemoHall, voice: VoiceOfTheArea, visit: Callable[..., Page]
) -> None:
    """Three sounds that come at once are all played without a click, in order and never over each other (C6)."""
    page = visit("about:blank")
    page.add_init_script(
        """window.played = [];
           const play = HTMLMediaElement.prototype.play;
           HTMLMediaElement.prototype.play = function () {
             const entry = { wav: this.src.split("/").pop(), from: performance.now(), to: null };
             window.played.push(entry);
             this.addEventListener("ended", () => (entry.to = performance.now()));
             return play.call(this);
           };"""
    )
    page.goto(f"{hall.url}/board/main?voice={voice.url}")
    until(lambda: page.evaluate("window.played.filter((each) => each.to !== null).length") == 3, 10, "all were played")
    played = page.evaluate("window.played")
    assert [each["wav"] for each in played] == ["1.wav", "2.wav", "3.wav"]
    for earlier, later in itertools.pairwise(played):
        assert later["from"] >= earlier["to"] - CLOCK_MS
    assert all(each["to"] - each["from"] >= SOUND_S * 900 for each in played), "each is played to its end"
    expect(page.locator("#sound-on")).to_be_hidden()


def test_what_waited_too_long_is_not_said(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """A sound that waited more than 30 s behind others is dropped; one that failed does not stop the next."""
    page = visit(f"{hall.url}/board/main")
    played = page.evaluate(
        """async () => {
          const { VoiceQueue } = await import("/static/board/voice.js");
          let now = 0;
          const played = [];
          const queue = new VoiceQueue(async (url) => { played.push(url); now += 20000; }, () => now);
          for (const url of ["a", "b", "c", "d"]) queue.say(url);
          await new Promise((resolve) => setTimeout(resolve, 50));
          queue.say("e");
          await new Promise((resolve) => setTimeout(resolve, 50));
          return played;
        }"""
    )
    assert played == ["a", "b", "c", "e"], "d waited 40 s"
