"""The kiosk's voice: says a sentence, and falls silent the moment another begins (standards B2.1).

Sound is made in a thread of its own and played through a `Player`; a text that has been overtaken is never played.
Must not know pages; what is said stands in `spoken.py`.
"""

import logging
import queue
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

log = logging.getLogger("kiosk.speech")


class Player(Protocol):
    """Plays one sound at a time; called from the UI thread only."""

    def play(self, sound: Path) -> None:
        """Begin a sound, ending the one before."""

    def stop(self) -> None:
        """Be silent now."""

    def is_playing(self) -> bool:
        """Tell whether something is heard."""


class Synthesis(Protocol):
    """Turns text into a sound file (`caller.synthesis.Synthesiser`)."""

    def wav(self, text: str, language: str) -> Path:
        """The sound of a text; may take a second."""


class Speech:
    """Speaks for one kiosk."""

    def __init__(
        self,
        synthesis: Synthesis,
        player: Player,
        to_ui: Callable[[Callable[[], None]], None],
        on_said: Callable[[str, str], None] = lambda text, language: None,
    ) -> None:
        self._synthesis, self._player, self._to_ui, self._on_said = synthesis, player, to_ui, on_said
        self._turn = 0
        self._texts: queue.Queue[tuple[int, str, str] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name="kiosk-speech", daemon=True)
        self._thread.start()

    def say(self, text: str, language: str) -> None:
        """Say this instead of whatever is being said. UI thread."""
        self.stop()
        if text:
            self._texts.put((self._turn, text, language))

    def stop(self) -> None:
        """Be silent. UI thread."""
        self._turn += 1
        self._player.stop()

    def is_speaking(self) -> bool:
        """Tell whether something is heard."""
        return self._player.is_playing()

    def close(self) -> None:
        """End."""
        self.stop()
        self._texts.put(None)
        self._thread.join(timeout=5)

    def _work(self) -> None:
        while (item := self._texts.get()) is not None:
            turn, text, language = item
            if turn != self._turn:
                continue
            try:
                sound = self._synthesis.wav(text, language)
            except Exception:
                log.exception("cannot say: %s", text)
                continue
            self._to_ui(partial(self._play, turn, sound, text, language))

    def _play(self, turn: int, sound: Path, text: str, language: str) -> None:
        if turn == self._turn:
            self._player.play(sound)
            self._on_said(text, language)
