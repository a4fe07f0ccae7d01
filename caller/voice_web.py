"""Serves a voice's sound to the boards' browsers: `python -m caller.voice … --player web --listen HOST:PORT`.

The board page is opened with the voice's address, `/board/main?voice=http://HOST:PORT`, and plays what it is told.
Two calls, both readable from any page (CORS `*`), both only reading:

`GET /say/latest` is a stream of server-sent events:

- event `say`, one for every time something is to be heard, in order:
  `{"call": 57, "round": 1, "number": "A012", "text": "请A零一二号到三号窗口办理", "wav": "/wav/<name>.wav",
  "seconds": 5.4}`. `id` counts the events. `wav` is a path on this server; one file holds chime and sentences.
  `text` is the caption. The voice waits `seconds` before the next `say`, so a page that plays each at once hears
  no overlap; a page must still play one after the other (a queue), and may drop what waited longer than 30 s.
- event `hello`, the first message: `{"area": "f1"}`.
- a comment line every 5 s; hearing nothing for 12 s, reconnect. `EventSource` does it by itself and sends
  `Last-Event-ID`: what was said in the last 15 s and not received is sent again first. A page opened anew hears
  only what is said from then on.

`GET /wav/<name>.wav` is the sound, 16-bit mono WAV, cacheable.

Browsers refuse sound before a first click. A board's browser is therefore started with
`--autoplay-policy=no-user-gesture-required`; a page that is refused (`play()` rejects with `NotAllowedError`) shows
one button "sound on".
"""

import json
import logging
import queue
import shutil
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request, send_from_directory
from werkzeug.serving import WSGIRequestHandler, make_server

from caller.player import PlayerTrouble, Sound

log = logging.getLogger("caller.voice_web")

COMMENT_EVERY_S = 5.0
REPEAT_WITHIN_S = 15.0

#: A browser that takes nothing for this many messages is gone.
BACKLOG_MAX = 50

#: Sounds stay fetchable for this many announcements after their own.
FILES_KEPT = 60


@dataclass(frozen=True, slots=True)
class _Said:
    id: int
    at_s: float
    message: str


class WebPlayer:
    """A player whose loudspeakers are the boards' browsers."""

    def __init__(self, host: str, port: int, area: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._area = area
        self._lock = threading.Lock()
        self._listeners: set[queue.Queue[str | None]] = set()
        self._said: deque[_Said] = deque(maxlen=20)
        self._files: deque[Path] = deque()
        self._count = 0
        self._closing = False
        # Bound here, since werkzeug ends the whole program when a port is taken.
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listening = socket.create_server((host, port), family=family)
        except OSError as trouble:
            raise PlayerTrouble(f"cannot listen on {host}:{port}: {trouble}") from trouble
        with listening:
            self.port: int = listening.getsockname()[1]
            self._server = make_server(
                host,
                self.port,
                self._app(),
                threaded=True,
                request_handler=_QuietHandler,
                fd=listening.fileno(),
            )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
        self._thread.start()

    def play(self, sound: Sound, stop: threading.Event) -> None:
        """Tell every browser, and wait as long as the sound lasts."""
        name = f"{sound.file.stem}.wav"
        try:
            if not (self._folder / name).exists():
                part = self._folder / f"{sound.file.stem}.part"
                shutil.copyfile(sound.file, part)
                part.replace(self._folder / name)
        except OSError as trouble:
            raise PlayerTrouble(str(trouble)) from trouble
        self._keep(self._folder / name)
        data = {
            "call": sound.call,
            "round": sound.round,
            "number": sound.number,
            "text": sound.text,
            "wav": f"/wav/{name}",
            "seconds": round(sound.seconds, 2),
        }
        with self._lock:
            self._count += 1
            message = f"event: say\nid: {self._count}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
            self._said.append(_Said(self._count, time.monotonic(), message))
            for listener in list(self._listeners):
                try:
                    listener.put_nowait(message)
                except queue.Full:
                    self._listeners.discard(listener)
            heard_by = len(self._listeners)
        if not heard_by:
            log.warning("Call %s: no board is listening", sound.number)
        stop.wait(sound.seconds)

    def close(self) -> None:
        """Send the browsers away and stop serving."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            for listener in self._listeners:
                _force(listener, None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _keep(self, file: Path) -> None:
        """Delete the sounds that nobody will ask for any more."""
        if file in self._files:
            self._files.remove(file)
        self._files.append(file)
        while len(self._files) > FILES_KEPT:
            self._files.popleft().unlink(missing_ok=True)

    def _app(self) -> Flask:
        app = Flask(__name__, static_folder=None)

        @app.after_request
        def any_page_may_read(response: Response) -> Response:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response

        @app.get("/say/latest")
        def say() -> Response:
            last = request.headers.get("Last-Event-ID", "")
            stream = self._messages(int(last) if last.isascii() and last.isdigit() else None)
            return Response(stream, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

        @app.get("/wav/<name>")
        def wav(name: str) -> Response:
            response = send_from_directory(self._folder.resolve(), name, mimetype="audio/wav", max_age=3600)
            return response

        return app

    def _messages(self, last: int | None) -> Iterator[str]:
        listener: queue.Queue[str | None] = queue.Queue(BACKLOG_MAX)
        hello = json.dumps({"area": self._area}, ensure_ascii=False)
        with self._lock:
            if self._closing:
                return
            now = time.monotonic()
            # A number beyond ours is from before this program's restart: nothing of it can be told.
            missed = [
                said.message
                for said in self._said
                if last is not None and last <= self._count and said.id > last and now - said.at_s < REPEAT_WITHIN_S
            ]
            self._listeners.add(listener)
        try:
            yield f"event: hello\ndata: {hello}\n\n"
            yield from missed
            while True:
                with self._lock:
                    if listener not in self._listeners:
                        return
                try:
                    message = listener.get(timeout=COMMENT_EVERY_S)
                except queue.Empty:
                    message = ":\n\n"
                if message is None:
                    return
                yield message
        finally:
            with self._lock:
                self._listeners.discard(listener)


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_: object) -> None:
        """Requests are not logged: a board asks every few seconds, for years."""


def _force(listener: queue.Queue[str | None], message: str | None) -> None:
    while True:
        try:
            listener.put_nowait(message)
            return
        except queue.Full:
            try:
                listener.get_nowait()
            except queue.Empty:
                continue
