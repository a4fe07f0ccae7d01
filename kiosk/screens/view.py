"""What a page needs to draw itself: the state and what follows from it."""

from dataclasses import dataclass
from datetime import datetime

from config.texts import Texts
from kiosk.frame import Frame
from kiosk.pagebook import Rules
from kiosk.state import State
from kiosk.theme import Look


@dataclass(frozen=True, slots=True)
class View:
    """One moment of the kiosk."""

    state: State
    look: Look
    frame: Frame
    texts: Texts
    rules: Rules
    now: float
    hall_now: datetime
    device: str = ""

    @property
    def other_language(self) -> str:
        """The language of the second line."""
        return "en" if self.look.language == "zh" else "zh"
