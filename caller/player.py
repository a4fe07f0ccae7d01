"""Where a voice's sound goes: a sound card, the boards' browsers (`voice_web.py`), a folder, or nowhere.

A player gets one sound at a time and returns when it has been heard, so that announcements never overlap. It must
not know why something is said.
"""

import logging
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

log = logging.getLogger("caller.player")

#: What a sound card may take longer than the sound itself before it counts as stuck.
GRACE_S = 5.0


class PlayerTrouble(Exception):
    """A sound could not be played."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One thing to be heard, with its caption."""

    call: int
    number: str
    round: int
    text: str
    file: Path
    seconds: float


class Player(Protocol):
    """Plays one sound and returns when it is over, or when `stop` is set."""

    def play(self, sound: Sound, stop: threading.Event) -> None:
        """Raises `PlayerTrouble`."""

    def close(self) -> None:
        """Let go of the device."""


class NullPlayer:
    """Plays nothing, and takes as long for it as the sound would."""

    def play(self, sound: Sound, stop: threading.Event) -> None:
        log.info("Call %s (round %s), not played: %s", sound.number, sound.round, sound.text)
        stop.wait(sound.seconds)

    def close(self) -> None:
        """Nothing to let go."""


class FolderPlayer:
    """Keeps every sound as a numbered file, at once: to listen to later, and to see what a voice would say."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._count = max((int(file.name[:6]) for file in folder.glob("[0-9]" * 6 + "-*.wav")), default=0)

    def play(self, sound: Sound, stop: threading.Event) -> None:
        self._count += 1
        number = re.sub(r"[^A-Za-z0-9]", "_", sound.number)
        try:
            shutil.copyfile(sound.file, self._folder / f"{self._count:06}-{number}-{sound.round}.wav")
        except OSError as trouble:
            raise PlayerTrouble(str(trouble)) from trouble

    def close(self) -> None:
        """Nothing to let go."""


class CommandPlayer:
    """Plays with a program of the system: `aplay`, `paplay`."""

    def __init__(self, *command: str) -> None:
        self._command = command

    def play(self, sound: Sound, stop: threading.Event) -> None:
        try:
            process = subprocess.Popen(
                [*self._command, str(sound.file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
        except OSError as trouble:
            raise PlayerTrouble(f"{self._command[0]} does not start: {trouble}") from trouble
        with process:
            try:
                _, said = process.communicate(timeout=sound.seconds + GRACE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise PlayerTrouble(f"{self._command[0]} did not end: the sound card seems stuck") from None
        if process.returncode:
            raise PlayerTrouble(f"{self._command[0]}: {said.strip()[-200:] or process.returncode}")

    def close(self) -> None:
        """Nothing to let go."""


class WindowsPlayer:
    """Plays through Windows' own sound."""

    def play(self, sound: Sound, stop: threading.Event) -> None:
        if sys.platform != "win32":
            raise PlayerTrouble("this is not Windows")
        import winsound

        try:
            winsound.PlaySound(str(sound.file), winsound.SND_FILENAME | winsound.SND_NODEFAULT)
        except RuntimeError as trouble:
            raise PlayerTrouble(str(trouble)) from trouble

    def close(self) -> None:
        """Nothing to let go."""


def local_player() -> Player | None:
    """The player of this computer's sound card, None if it has none."""
    if sys.platform == "win32":
        return WindowsPlayer()
    # paplay first: where a sound server runs, it holds the card and aplay would fail.
    for probe, command in ((("pactl", "info"), ("paplay",)), (("aplay", "-l"), ("aplay", "-q"))):
        if shutil.which(command[0]) and shutil.which(probe[0]) and _succeeds(*probe):
            return CommandPlayer(*command)
    return None


def _succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=5, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
