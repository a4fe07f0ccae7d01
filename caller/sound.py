"""Joins WAV files into one: chime, Chinese, English. Mono, 16 bit, at the highest rate of the parts.

By hand, since `audioop` left Python with 3.13. It must not know what the parts say.
"""

import array
import sys
import wave
from collections.abc import Sequence
from pathlib import Path

#: Between the chime and a sentence, and between two sentences.
GAP_S = 0.25


def read_samples(file: Path) -> "tuple[array.array[int], int]":
    """A WAV file's samples, mixed down to one channel, and its rate."""
    with wave.open(str(file), "rb") as source:
        if source.getsampwidth() != 2:
            raise wave.Error(f"{file} is not of 16 bit")
        channels, rate = source.getnchannels(), source.getframerate()
        samples = array.array("h", source.readframes(source.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    if channels > 1:
        samples = array.array(
            "h", (sum(samples[at : at + channels]) // channels for at in range(0, len(samples), channels))
        )
    return samples, rate


def resampled(samples: "array.array[int]", rate: int, wanted: int) -> "array.array[int]":
    """The same sound at another rate, by straight lines between samples; good enough for speech."""
    if rate == wanted or not samples:
        return samples
    last = len(samples) - 1
    step = rate / wanted
    out = array.array("h")
    for at in range(int(len(samples) * wanted / rate)):
        place = at * step
        left = min(int(place), last)
        right = min(left + 1, last)
        out.append(round(samples[left] + (samples[right] - samples[left]) * (place - left)))
    return out


def join(parts: Sequence[Path], target: Path) -> None:
    """Write the parts one after the other into `target`."""
    read = [read_samples(part) for part in parts]
    rate = max(rate for _, rate in read)
    whole = array.array("h")
    for at, (samples, own_rate) in enumerate(read):
        if at:
            whole.frombytes(bytes(2 * int(GAP_S * rate)))
        whole.extend(resampled(samples, own_rate, rate))
    if sys.byteorder == "big":
        whole.byteswap()
    with wave.open(str(target), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(whole.tobytes())
