"""The voice of one area: `python -m caller.voice --server URL --area A [--player auto|web|null|file:DIR]`.

Follows the calls of its area, makes the sound and plays it, one call after the other. What is said stands in
`phrases.py`, in which order and how often in `announcer.py`, where it sounds in `player.py`. Cut off from the
server it speaks what it has, and goes on with what it missed.
"""

import argparse
import contextlib
import hashlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from caller.announcer import Announcement, Announcer
from caller.chime import write_chime
from caller.hall_time import HallTime
from caller.phrases import ONE, ONE_ON_THE_TELEPHONE, Sentence, call_sentences
from caller.player import FolderPlayer, NullPlayer, Player, PlayerTrouble, Sound, local_player
from caller.sound import join
from caller.synthesis import SpeechError, Synthesiser, seconds
from caller.voice_web import WebPlayer
from server.client import ApiError, Client, FeedMessage, add_token_option, token_from

log = logging.getLogger("caller.voice")

#: After this many failures a sound is left, so that one broken file does not mute the hall.
TRIES = 3
RETRY_AFTER_S = 2.0

#: Joined sounds kept for the player; a call needs two.
SOUNDS_KEPT = 250


class Voice:
    """One area's voice. `follow` and `speak` run in a thread each."""

    def __init__(
        self,
        player: Player,
        cache: Path,
        *,
        clips: Path | None = None,
        one: str = ONE,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._player = player
        self._cache = cache
        self._clips = clips
        self._one = one
        self._steady = steady
        self._hall_time = HallTime()
        self._announcer = Announcer()
        self._changed = threading.Condition()
        self._settings: Mapping[str, Any] = {}
        self._templates: Mapping[str, str] = {}
        self._synthesiser: Synthesiser | None = None
        self._joined = cache / "joined"
        self._joined.mkdir(parents=True, exist_ok=True)
        self._chime = cache / "chime.wav"
        write_chime(self._chime)

    def close(self) -> None:
        """End the speech engine."""
        if self._synthesiser:
            self._synthesiser.close()

    def take(self, message: FeedMessage) -> None:
        """Act on one message of the feed; one that cannot be read is logged and left."""
        try:
            match message.event:
                case "snapshot" | "view":
                    self._take_view(message)
                case "call":
                    self._take_call(message)
                case "heartbeat":
                    self._hall_time.heard(str(message.data["now"]), self._steady())
                case "lost":
                    log.warning("Server lost: %s", message.data.get("why"))
                case "back":
                    log.info("Server back")
        except (KeyError, TypeError, ValueError) as trouble:
            log.error("A %s of the feed cannot be read: %r", message.event, trouble)

    def speak_next(self, stop: threading.Event) -> bool:
        """Speak the next call once; False if none waits."""
        with self._changed:
            announcement = self._announcer.next(self._steady())
        if announcement is None:
            return False
        file = announcement.first if announcement.rounds_spoken == 0 else announcement.again
        sound = Sound(
            announcement.call,
            announcement.number,
            announcement.rounds_spoken + 1,
            announcement.text,
            file,
            seconds(file),
        )
        for left in range(TRIES - 1, -1, -1):
            try:
                self._player.play(sound, stop)
                break
            except PlayerTrouble as trouble:
                log.error("Call of %s could not be played: %s", announcement.number, trouble)
                if left and stop.wait(RETRY_AFTER_S):
                    return True
        with self._changed:
            self._announcer.spoken(announcement, self._steady())
        return True

    def speak(self, stop: threading.Event) -> None:
        """Speak whatever comes, until `stop`."""
        while not stop.is_set():
            if not self.speak_next(stop):
                with self._changed:
                    if not len(self._announcer):
                        self._changed.wait(0.2)

    def _take_view(self, message: FeedMessage) -> None:
        view = message.data
        if "now" in view:
            self._hall_time.heard(str(view["now"]), self._steady())
        settings = view.get("voice") or {}
        if self._synthesiser is None or settings != self._settings:
            clips = self._clips or (Path(settings["clips"]) if settings.get("clips") else None)
            if self._synthesiser:
                self._synthesiser.close()
            self._synthesiser = Synthesiser(self._cache / "speech", int(settings.get("rate_wpm", 160)), clips=clips)
            self._settings = settings
            # Starts the engine now, so that the first call of the day is not late.
            for language in settings.get("languages", ["zh"]):
                self._sound_of(Sentence(language, "0"))
        self._templates = view["phrases"]["call"]
        with self._changed:
            self._announcer.still_called(view["called"], message.id)

    def _take_call(self, message: FeedMessage) -> None:
        call = message.data
        sentences = call_sentences(call, self._templates, self._settings.get("languages", ["zh"]), self._one)
        called_at_s = self._hall_time.steady(str(call["at"]), self._steady())
        spoken = [(sentence, file) for sentence in sentences if (file := self._sound_of(sentence))]
        if not spoken:
            log.error("Call of %s: no sentence could be made, only the chime sounds", call["number"])
        files = [file for _, file in spoken] or [self._chime]
        with_chime = [self._chime, *files] if spoken and self._settings.get("chime", True) else files
        first = self._join(with_chime)
        announcement = Announcement(
            call=int(call["call"]),
            seq=message.id,
            number=str(call["number"]),
            called_at_s=called_at_s,
            text=" ".join(sentence.text for sentence, _ in spoken),
            first=first,
            again=self._join(files),
            seconds=seconds(first),
        )
        with self._changed:
            self._announcer.add(announcement)
            self._changed.notify_all()

    def _sound_of(self, sentence: Sentence) -> Path | None:
        if self._synthesiser is None:
            return None
        try:
            return self._synthesiser.wav(sentence.text, sentence.language)
        except SpeechError as trouble:
            log.error("Not spoken: %s (%s)", sentence.text, trouble)
            return None

    def _join(self, files: Sequence[Path]) -> Path:
        name = hashlib.sha256("\0".join(str(file) for file in files).encode()).hexdigest()[:32]
        target = self._joined / f"{name}.wav"
        if len(files) == 1:
            return files[0]
        part = target.with_suffix(".part")
        join(files, part)
        part.replace(target)
        kept = sorted(self._joined.glob("*.wav"), key=lambda file: file.stat().st_mtime_ns)
        for file in kept[:-SOUNDS_KEPT]:
            file.unlink(missing_ok=True)
        return target


def run(client: Client, area: str, voice: Voice, stop: threading.Event) -> None:
    """Follow the area's calls and speak them until `stop`; raises `ApiError` if the server refuses at the start."""
    speaker = threading.Thread(target=voice.speak, args=(stop,), name="speaker", daemon=True)
    speaker.start()
    try:
        for message in client.feed(stop=stop, calls=area):
            voice.take(message)
    finally:
        stop.set()
        speaker.join()


def cache_folder() -> Path:
    """Where this user's programs keep what they can make again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "chaoxi" / "voice"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chaoxi" / "voice"


def _player(choice: str, listen: str, area: str, cache: Path) -> Player:
    if choice == "web":
        host, _, port = listen.rpartition(":")
        player = WebPlayer(host.strip("[]") or "127.0.0.1", int(port), area, cache / "served")
        log.info("Serving the voice of %s at port %s", area, player.port)
        return player
    if choice.startswith("file:"):
        return FolderPlayer(Path(choice.removeprefix("file:")))
    if choice == "auto":
        local = local_player()
        if local:
            return local
        log.warning("This computer has no sound card that works: nothing will be heard (see --player web)")
    return NullPlayer()


def _player_choice(text: str) -> str:
    if text in ("auto", "web", "null") or text.removeprefix("file:") not in ("", text):
        return text
    raise argparse.ArgumentTypeError("auto, web, null or file:FOLDER")


def _listen_address(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError("HOST:PORT")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one voice until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m caller.voice", description="Speaks the calls of one area.")
    parser.add_argument("--server", required=True, metavar="URL")
    parser.add_argument("--area", required=True, help="an area of the hall file")
    add_token_option(parser)
    parser.add_argument(
        "--player", default="auto", type=_player_choice, help="auto (default), web, null or file:FOLDER"
    )
    parser.add_argument(
        "--listen", default="127.0.0.1:8090", type=_listen_address, metavar="HOST:PORT", help="for --player web"
    )
    parser.add_argument("--clips", type=Path, metavar="FOLDER", help="recorded clips, instead of the hall file's")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="where sounds are kept")
    parser.add_argument("--one", choices=[ONE, ONE_ON_THE_TELEPHONE], default=ONE, help="how the digit 1 is read")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    cache = options.cache or cache_folder() / options.area
    try:
        with contextlib.ExitStack() as stack:
            client = stack.enter_context(Client(options.server, token_from(options)))
            player = stack.enter_context(
                contextlib.closing(_player(options.player, options.listen, options.area, cache))
            )
            voice = Voice(player, cache, clips=options.clips, one=options.one)
            stack.callback(voice.close)
            run(client, options.area, voice, stop)
    except (ApiError, PlayerTrouble, OSError, ValueError) as trouble:
        log.error("%s", trouble)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
