"""Plays the kiosk's voice through Kivy (SDL's mixer): no other program, works without a sound card."""

import logging
from pathlib import Path
from typing import Any

from kivy.core.audio import SoundLoader

log = logging.getLogger("kiosk.sound")


class KivyPlayer:
    """One sound at a time; UI thread only."""

    def __init__(self) -> None:
        self._sound: Any = None

    def play(self, sound: Path) -> None:
        """Begin a sound, ending the one before."""
        self.stop()
        self._sound = SoundLoader.load(str(sound))
        if self._sound is None:
            log.warning("no sound device, or not a sound: %s", sound)
        else:
            self._sound.play()

    def stop(self) -> None:
        """Be silent now."""
        if self._sound is not None:
            self._sound.stop()
            self._sound.unload()
            self._sound = None

    def is_playing(self) -> bool:
        """Tell whether something is heard."""
        return self._sound is not None and self._sound.state == "play"
