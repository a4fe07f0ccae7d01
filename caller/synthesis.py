"""Text into WAV files: recorded clips where every word is there, else the speech engine; kept in a cache.

Used by the hall's voices and by the kiosk's spoken guidance. It works without network and must not know what is said
or when: texts come from `phrases.py` or the kiosk, and playing is `player.py`'s.
"""

import contextlib
import hashlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import wave
from pathlib import Path
from typing import Any, Self

from caller.clips import ClipFolder, ClipTrouble

log = logging.getLogger("caller.synthesis")

#: Part of every cache name; raise it when the same text is to sound different.
VOICE_VERSION = 1

#: Starting Python and the engine takes under a second; a slow disk may take several.
START_LIMIT_S = 20.0

#: A sentence takes about 20 ms with espeak-ng; Windows' voices take up to a second.
SENTENCE_LIMIT_S = 15.0

TEXT_LIMIT = 2000


class SpeechError(Exception):
    """A text could not be turned into sound."""


class Synthesiser:
    """Makes WAV files of texts, one at a time, from any thread. Close it, or use it in a `with`.

    `cache` is a folder of its own; the oldest files go when it grows beyond `cache_mb`.
    """

    def __init__(self, cache: Path, rate_wpm: int = 160, *, clips: Path | None = None, cache_mb: int = 200) -> None:
        self._cache = cache
        self._rate_wpm = rate_wpm
        self._clips = ClipFolder(clips) if clips else None
        self._cache_bytes = cache_mb * 1_000_000
        self._written = 0
        self._engine: _Engine | None = None
        self._lock = threading.Lock()
        self._told: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the engine's process."""
        with self._lock:
            self._end_engine()

    def wav(self, text: str, language: str) -> Path:
        """The sound of `text` (`zh`, `en`, …); raises `SpeechError`.

        Note: blocks; about 0.05 s for a new sentence, up to a second for the first one.
        """
        text = " ".join(text.split())
        if not text or len(text) > TEXT_LIMIT or "\0" in text:
            raise SpeechError(f"not a text to speak: {text[:40]!r}")
        with self._lock:
            try:
                self._cache.mkdir(parents=True, exist_ok=True)
                return self._from_clips(text, language) or self._from_engine(text, language)
            except OSError as trouble:
                raise SpeechError(f"the speech cache {self._cache} cannot be used: {trouble}") from trouble

    def _from_clips(self, text: str, language: str) -> Path | None:
        if self._clips is None:
            return None
        try:
            plan = self._clips.plan(text, language)
            stamps = [f"{clip}{clip.stat().st_mtime_ns}" if clip else "pause" for clip in plan]
            target = self._place("clips", text, language, *stamps)
            if not _is_sound(target):
                part = self._part(target)
                self._clips.join(plan, part)
                self._keep(part, target)
        except (ClipTrouble, OSError) as trouble:
            if str(trouble) not in self._told:
                self._told.add(str(trouble))
                log.warning("Synthesised instead of recorded: %s", trouble)
            return None
        return target

    def _from_engine(self, text: str, language: str) -> Path:
        target = self._place("engine", text, language, str(self._rate_wpm))
        if _is_sound(target):
            with contextlib.suppress(OSError):
                os.utime(target)
            return target
        part = self._part(target)
        try:
            self._speak(text, language, part)
        except SpeechError as trouble:
            # The engine's process died or hung: one more try with a new one, since the text itself is seldom to blame.
            log.warning("Speech engine restarted: %s", trouble)
            self._end_engine()
            try:
                self._speak(text, language, part)
            except SpeechError:
                self._end_engine()
                raise
        if not _is_sound(part):
            part.unlink(missing_ok=True)
            raise SpeechError(f"the engine gave only silence for {text!r}")
        self._keep(part, target)
        return target

    def _speak(self, text: str, language: str, file: Path) -> None:
        if self._engine is None:
            self._engine = _Engine(self._rate_wpm)
        self._engine.speak(text, language, file)

    def _end_engine(self) -> None:
        if self._engine:
            self._engine.close()
            self._engine = None

    def _place(self, *what: str) -> Path:
        name = hashlib.sha256("\0".join((str(VOICE_VERSION), *what)).encode()).hexdigest()[:32]
        return self._cache / f"{name}.wav"

    def _part(self, target: Path) -> Path:
        # Two programs may share a cache folder: each writes beside and moves the whole file into place.
        return target.with_suffix(f".{os.getpid()}.part")

    def _keep(self, part: Path, target: Path) -> None:
        os.replace(part, target)
        self._written += 1
        if self._written % 50 == 1:
            self._prune()

    def _prune(self) -> None:
        """Delete the files longest unused: with all numbers at all windows the cache would fill a disk."""
        files = []
        for file in self._cache.glob("*.wav"):
            with contextlib.suppress(OSError):
                status = file.stat()
                files.append((status.st_mtime_ns, status.st_size, file))
        room = self._cache_bytes
        for _, size, file in sorted(files, reverse=True):
            room -= size
            if room < 0:
                with contextlib.suppress(OSError):
                    file.unlink()


class _Engine:
    """The child process of `speech_engine.py`."""

    def __init__(self, rate_wpm: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "caller.speech_engine", str(rate_wpm)],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._answers: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name="speech-engine", daemon=True)
        self._reader.start()
        try:
            if not self._answer(START_LIMIT_S).get("ready"):
                raise SpeechError("the speech engine does not start")
        except SpeechError:
            self.close()
            raise

    def speak(self, text: str, language: str, file: Path) -> None:
        """Have one text spoken into a file."""
        order = json.dumps({"text": text, "language": language, "file": str(file.resolve())})
        assert self._process.stdin
        try:
            self._process.stdin.write(order + "\n")
            self._process.stdin.flush()
        except OSError as trouble:
            raise SpeechError(f"the speech engine is gone: {trouble}") from trouble
        error = self._answer(SENTENCE_LIMIT_S).get("error")
        if error:
            raise SpeechError(str(error))

    def close(self) -> None:
        """End the process, gently first."""
        assert self._process.stdin
        assert self._process.stdout
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def _answer(self, limit_s: float) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=limit_s)
        except queue.Empty:
            raise SpeechError(f"the speech engine did not answer within {limit_s:g} s") from None
        if not line:
            raise SpeechError("the speech engine ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _is_sound(file: Path) -> bool:
    """Whether a file is a whole WAV with something to hear in it."""
    try:
        with wave.open(str(file), "rb") as source:
            frames = source.readframes(source.getnframes())
            whole = len(frames) == source.getnframes() * source.getsampwidth() * source.getnchannels()
    except (OSError, EOFError, wave.Error):
        return False
    return whole and any(frames)


def seconds(file: Path) -> float:
    """How long a WAV file plays."""
    with wave.open(str(file), "rb") as source:
        return source.getnframes() / source.getframerate()
