"""Chime and joining: the right length, loudness and order, whatever the parts' formats."""

import array
import itertools
import math
import wave

import pytest

from caller.chime import LENGTH_S, chime_samples, write_chime
from caller.sound import GAP_S, join, read_samples, resampled
from caller.synthesis import seconds


def write(file, samples, rate=22050, channels=1):
    with wave.open(str(file), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(array.array("h", samples).tobytes())
    return file


def strength(samples, rate, frequency):
    """How much of one frequency is in some samples (Goertzel)."""
    real = sum(s * math.cos(2 * math.pi * frequency * at / rate) for at, s in enumerate(samples))
    imaginary = sum(s * math.sin(2 * math.pi * frequency * at / rate) for at, s in enumerate(samples))
    return math.hypot(real, imaginary) / len(samples)


def test_chime_is_two_falling_tones(tmp_path):
    """First the higher tone, then the lower; no clipping, no click at either end."""
    write_chime(tmp_path / "chime.wav")
    samples, rate = read_samples(tmp_path / "chime.wav")
    assert seconds(tmp_path / "chime.wav") == pytest.approx(LENGTH_S, abs=0.01)
    assert 4000 < max(samples) < 30000
    first, second = samples[: int(0.35 * rate)], samples[int(0.5 * rate) : int(1.0 * rate)]
    assert strength(first, rate, 659.26) > 5 * strength(first, rate, 523.25)
    assert strength(second, rate, 523.25) > 2 * strength(second, rate, 659.26)
    assert abs(samples[0]) < 50
    assert abs(samples[-1]) < 50
    assert max(abs(b - a) for a, b in itertools.pairwise(samples)) < 6000


def test_chime_at_any_rate():
    """The chime is as long at every sample rate."""
    assert len(chime_samples(8000)) == 8000 * LENGTH_S
    assert len(chime_samples(48000)) == 48000 * LENGTH_S


def test_parts_follow_each_other(tmp_path):
    """Joined parts keep their order, with a short silence between."""
    parts = [write(tmp_path / f"{n}.wav", [n * 1000] * 2205) for n in (1, 2, 3)]
    join(parts, tmp_path / "joined.wav")
    samples, rate = read_samples(tmp_path / "joined.wav")
    assert len(samples) == 3 * 2205 + 2 * int(GAP_S * rate)
    heard = [value for at, value in enumerate(samples) if at == 0 or value != samples[at - 1]]
    assert heard == [1000, 0, 2000, 0, 3000]


def test_mixed_formats_are_brought_together(tmp_path):
    """A stereo recording at 44100 and the engine's 22050 mono are joined at the higher rate, each as long as before."""
    low = write(tmp_path / "low.wav", [1000] * 22050)
    high = write(tmp_path / "high.wav", [2000, 4000] * 44100, rate=44100, channels=2)
    join([low, high], tmp_path / "joined.wav")
    samples, rate = read_samples(tmp_path / "joined.wav")
    assert rate == 44100
    assert seconds(tmp_path / "joined.wav") == pytest.approx(2 + GAP_S, abs=0.01)
    assert samples[1000] == 1000
    assert samples[-1000] == 3000


def test_resampling_keeps_the_pitch():
    """A tone of 440 Hz is one of 440 Hz afterwards."""
    tone = array.array("h", (round(8000 * math.sin(2 * math.pi * 440 * at / 16000)) for at in range(8000)))
    out = resampled(tone, 16000, 22050)
    assert strength(out, 22050, 440) > 0.9 * strength(tone, 16000, 440)
    assert strength(out, 22050, 606) < 0.05 * strength(out, 22050, 440)
    assert len(resampled(array.array("h"), 16000, 22050)) == 0


def test_eight_bit_is_refused(tmp_path):
    """A recording of 8 bit is an error, not noise."""
    with wave.open(str(tmp_path / "8.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(bytes(100))
    with pytest.raises(wave.Error):
        read_samples(tmp_path / "8.wav")
