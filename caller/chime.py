"""The two tones before a call, made by arithmetic: no recording, no licence, any sample rate."""

import array
import math
import wave
from pathlib import Path

#: A falling major third, as in a door bell; (frequency in Hz, start in s).
TONES = ((659.26, 0.0), (523.25, 0.38))
LENGTH_S = 1.25
LOUDNESS = 0.28

#: Overtones of a struck bar, quickly fading, keep the tone from sounding like a telephone.
OVERTONES = ((1.0, 1.0, 3.2), (2.0, 0.28, 5.5), (3.0, 0.10, 9.0))


def chime_samples(rate: int) -> "array.array[int]":
    """The chime as 16-bit mono samples."""
    sound = array.array("h")
    for at in range(int(LENGTH_S * rate)):
        value = sum(_tone(frequency, at / rate - start_s) for frequency, start_s in TONES)
        # The last 50 ms fade to nothing, so that no click ends the chime.
        fade = min(1.0, (LENGTH_S - at / rate) / 0.05)
        sound.append(round(32767 * LOUDNESS * fade * value))
    return sound


def _tone(frequency: float, time_s: float) -> float:
    if time_s < 0:
        return 0.0
    attack = min(1.0, time_s / 0.008)
    return attack * sum(
        part * math.exp(-decay * time_s) * math.sin(2 * math.pi * frequency * multiple * time_s)
        for multiple, part, decay in OVERTONES
    )


def write_chime(file: Path, rate: int = 22050) -> None:
    """Write the chime as a WAV file."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(chime_samples(rate).tobytes())
