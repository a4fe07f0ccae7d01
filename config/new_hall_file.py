"""Where a new hall file goes: tried before anything is asked, and never lost after everything was answered."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from config.findings import Sentence, sentence
from config.os_words import in_words


def cannot_write(file: Path | None) -> Sentence | None:
    """Why a file cannot be written, found out by trying before anything is asked; a file that is there is left alone."""
    probe = file or Path(f".chaoxi-{os.getpid()}.tmp")
    try:
        probe.open("x").close()
        probe.unlink()
    except FileExistsError:
        return _there_already(probe)
    except (OSError, ValueError) as trouble:
        return _unwritable(file or Path.cwd(), trouble)
    return None


def keep(text: str, wanted: Path) -> tuple[Path | None, Sentence | None]:
    """Write a text to a new file, elsewhere when it cannot be as wanted: where it is now, and why not as wanted."""
    why: Sentence | None = None
    for place in _places(wanted):
        try:
            _write_new(place, text)
        except FileExistsError:
            why = why or _there_already(place)
        except (OSError, ValueError) as trouble:
            why = why or _unwritable(place, trouble)
        else:
            return place, why
    return None, why


def _places(wanted: Path) -> Iterator[Path]:
    """As wanted, under the next free name beside it, at home, in the system's folder for passing things."""
    folders = [wanted.parent]
    with suppress(RuntimeError):  # who has no home
        folders.append(Path.home())
    for folder in dict.fromkeys((*folders, Path(tempfile.gettempdir()))):
        yield folder / wanted.name
        for number in range(2, 10):
            yield folder / f"{wanted.stem}-{number}{wanted.suffix or '.yaml'}"


def _write_new(place: Path, text: str) -> None:
    with place.open("x", encoding="utf-8") as out:
        try:
            out.write(text)
            out.flush()
        except OSError:
            place.unlink(missing_ok=True)
            raise


def _there_already(file: Path) -> Sentence:
    return sentence("{file} is there already; it stays as it is.", file=file)


def _unwritable(file: Path, trouble: OSError | ValueError) -> Sentence:
    words = in_words(trouble) if isinstance(trouble, OSError) else sentence("no file can have this name")
    return sentence("{file} cannot be written: {trouble}", file=file, trouble=words)
