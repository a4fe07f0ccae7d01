"""Recorded clips: a folder of WAV files named by what they say, joined into sentences.

`<folder>/<language>/<words>.wav`: `zh/请.wav`, `zh/零.wav`, `zh/号窗口.wav`, `en/please go to window.wav`. Longer clips
are preferred; punctuation is a short silence. All clips of a language must be of one format (16 bit). It must not
know the engine: whoever asks falls back when a clip is missing or broken.
"""

import unicodedata
import wave
from dataclasses import dataclass
from pathlib import Path

PAUSE_S = 0.15


class ClipTrouble(Exception):
    """A sentence cannot be joined: a clip is missing or broken."""


@dataclass(frozen=True, slots=True)
class _Format:
    channels: int
    width: int
    rate: int


class ClipFolder:
    """The clips under one folder. The folder is read at each sentence, so that new recordings count at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def plan(self, text: str, language: str) -> list[Path | None]:
        """The clips that say `text`, None for a pause; raises `ClipTrouble` naming what is missing."""
        clips = {_spoken(file.stem): file for file in sorted((self._folder / language).glob("*.wav"))}
        words = _spoken(text)
        longest = max((len(name) for name in clips), default=0)
        # best[i]: fewest clips that say the first i characters.
        best: list[list[Path | None] | None] = [[]] + [None] * len(words)
        for at in range(len(words)):
            so_far = best[at]
            if so_far is None:
                continue
            if _is_gap(words[at]):
                pause: list[Path | None] = [] if words[at] == " " else [None]
                _keep_better(best, at + 1, so_far + pause)
            for end in range(at + 1, min(at + longest, len(words)) + 1):
                clip = clips.get(words[at:end])
                if clip and _ends_word(words, at) and _ends_word(words, end):
                    _keep_better(best, end, [*so_far, clip])
        whole = best[-1]
        if not words or whole is None:
            reached = max(at for at, plan in enumerate(best) if plan is not None)
            raise ClipTrouble(f"no clip for '{words[reached : reached + 12]}' in {self._folder / language}")
        return whole

    def join(self, plan: list[Path | None], target: Path) -> None:
        """Write the planned clips one after the other into `target`."""
        form: _Format | None = None
        sound: list[bytes | None] = []
        for clip in plan:
            if clip is None:
                sound.append(None)
                continue
            clip_form, frames = _read(clip)
            if form and clip_form != form:
                raise ClipTrouble(f"{clip} has another format than the clips before it: {clip_form} instead of {form}")
            form = clip_form
            sound.append(frames)
        if form is None:
            raise ClipTrouble("nothing to say")
        silence = bytes(int(PAUSE_S * form.rate) * form.width * form.channels)
        with wave.open(str(target), "wb") as out:
            out.setnchannels(form.channels)
            out.setsampwidth(form.width)
            out.setframerate(form.rate)
            out.writeframes(b"".join(silence if part is None else part for part in sound))


def _spoken(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_gap(character: str) -> bool:
    return character == " " or unicodedata.category(character).startswith("P")


def _ends_word(words: str, at: int) -> bool:
    """Whether a Latin word is not cut in two at this place; Chinese may be cut anywhere, and letter from Chinese."""
    if at in (0, len(words)):
        return True
    before, after = words[at - 1], words[at]
    return not (before.isascii() and before.isalpha() and after.isascii() and after.isalpha())


def _keep_better(best: list[list[Path | None] | None], at: int, plan: list[Path | None]) -> None:
    known = best[at]
    if known is None or len(plan) < len(known):
        best[at] = plan


def _read(clip: Path) -> tuple[_Format, bytes]:
    try:
        with wave.open(str(clip), "rb") as source:
            form = _Format(source.getnchannels(), source.getsampwidth(), source.getframerate())
            frames = source.readframes(source.getnframes())
    except (OSError, EOFError, wave.Error) as trouble:
        raise ClipTrouble(f"{clip} cannot be read: {trouble}") from trouble
    if form.width != 2 or not frames:
        raise ClipTrouble(f"{clip} is not a 16-bit recording with sound in it")
    return form, frames
