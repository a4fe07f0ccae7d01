"""The child process that speaks: one pyttsx3 engine, one text after the other, each into a WAV file.

`python -m caller.speech_engine RATE` reads lines of JSON `{"text", "language", "file"}` and answers each with
`{"error": null}` or a sentence for the log. A process of its own, since the engine behind pyttsx3 allows only one
user, keeps the first rate it is given, and takes its process with it when it crashes. It knows no cache and no
queue: see `synthesis.py`.
"""

import ctypes
import json
import os
import re
import sys
import threading
from pathlib import Path
from typing import Any

#: Voices of espeak-ng by our language code where the two differ.
ESPEAK_VOICES = {"zh": "cmn", "en": "en-us"}

#: How Windows' voices name their language, in the order wanted.
SAPI_NAMES = {"zh": ("zh-cn", "huihui", "yaoyao", "kangkang", "chinese"), "en": ("en-us", "en-gb", "english")}
#: "A zero one two" is a number, not an article: espeak-ng says the letter only with a hyphen behind it.
LETTER_A = re.compile(r"\bA (?=(?:zero|one|two|three|four|five|six|seven|eight|nine)\b)")

#: Beyond any sentence: espeak-ng makes minutes of speech in a second.
FINISH_LIMIT_S = 10.0


def load_engine(rate_wpm: int) -> Any:
    """Start pyttsx3 with an engine that speaks Mandarin properly."""
    if sys.platform.startswith("linux"):
        # Debian 12's espeak-ng 1.51 reads Chinese characters as English letters. The wheel brings 1.52, and as it is
        # loaded first under the same library name, pyttsx3 finds it instead of the system's.
        import espeakng_loader

        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        ctypes.CDLL(espeakng_loader.get_library_path() + ".1", mode=ctypes.RTLD_GLOBAL)
    import pyttsx3

    engine = pyttsx3.init()
    # Once only: with Latin letters in a text the first rate of a process stays for ever.
    engine.setProperty("rate", rate_wpm)
    return engine


def voice_for(engine: Any, language: str) -> str:
    """The engine's voice id of a language."""
    if language in ESPEAK_VOICES and sys.platform.startswith("linux"):
        return ESPEAK_VOICES[language]
    voices = engine.getProperty("voices")
    if sys.platform.startswith("linux"):
        # espeak-ng takes any name and goes on with the voice it has.
        for name in (str(name) for voice in voices for name in voice.languages):
            if name == language or name.startswith(f"{language}-"):
                return name
        raise LookupError(f"espeak-ng has no voice for '{language}'")
    for wanted in SAPI_NAMES.get(language, (language,)):
        for voice in voices:
            if wanted in f"{voice.id} {voice.name} {voice.languages}".lower():
                return str(voice.id)
    raise LookupError(f"this computer has no voice for '{language}'")


def speak(engine: Any, text: str, language: str, file: str) -> None:
    """Put one text into one file. One text per run: of two queued ones pyttsx3 keeps only the last."""
    finished = threading.Event()
    if language == "en" and sys.platform.startswith("linux"):
        text = LETTER_A.sub("A- ", text)
    engine.setProperty("voice", voice_for(engine, language))
    ticket = engine.connect("finished-utterance", lambda **_: finished.set())
    try:
        engine.save_to_file(text, file)
        engine.runAndWait()
        # On Linux `runAndWait` does not wait: espeak-ng goes on in a thread of its own, and on a busy computer the
        # file is not there yet, or half. It says "finished" after closing the file.
        if sys.platform.startswith("linux") and not finished.wait(FINISH_LIMIT_S):
            raise TimeoutError(f"the engine did not finish within {FINISH_LIMIT_S:g} s")
    finally:
        engine.disconnect(ticket)
    if not Path(file).exists():
        raise OSError("the engine wrote no file")


def main() -> None:
    """Answer until the input ends, which is when the parent is gone."""
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    # pyttsx3 prints to standard output, which is our line to the parent.
    os.dup2(2, 1)
    engine = load_engine(int(sys.argv[1]))
    answers.write(json.dumps({"ready": True}) + "\n")
    for line in requests:
        order = json.loads(line)
        error = None
        try:
            speak(engine, order["text"], order["language"], order["file"])
        except Exception as trouble:  # noqa: BLE001 - whatever the engine throws is told to the parent, which decides
            error = f"{type(trouble).__name__}: {trouble}"
        answers.write(json.dumps({"error": error}) + "\n")


if __name__ == "__main__":
    main()
