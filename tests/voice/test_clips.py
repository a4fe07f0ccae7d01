"""Recorded clips are joined where all are there; otherwise the sentence is synthesised and the log says why."""

import array
import logging
import wave

import pytest

from caller.clips import ClipFolder, ClipTrouble
from caller.synthesis import Synthesiser, seconds

CALL = "请A零一二号到三号窗口办理"
NEEDED = ["请", "A", "零", "一", "二", "三", "号", "到", "号窗口", "办理"]


def record(folder, name, loudness, rate=16000, length_s=0.1):
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(array.array("h", [loudness] * int(rate * length_s)).tobytes())


@pytest.fixture
def folder(tmp_path):
    for loudness, name in enumerate(NEEDED, start=1):
        record(tmp_path / "clips" / "zh", name, loudness * 100)
    return tmp_path / "clips"


def words(file):
    """The recorded loudness values in the order they are heard."""
    with wave.open(str(file), "rb") as source:
        sound = array.array("h", source.readframes(source.getnframes()))
    return [sound[at + 800] for at in range(0, len(sound), 1600)]


def test_sentence_of_clips(folder, tmp_path):
    """Every word is its clip, in order, the longest clip where two fit."""
    with Synthesiser(tmp_path / "cache", clips=folder) as maker:
        file = maker.wav(CALL, "zh")
        assert maker._engine is None
    assert words(file) == [100, 200, 300, 400, 500, 700, 800, 600, 900, 1000]
    assert seconds(file) == pytest.approx(1.0)


def test_new_recording_replaces_the_joined_sentence(folder, tmp_path):
    """A clip recorded again is heard at the next call."""
    with Synthesiser(tmp_path / "cache", clips=folder) as maker:
        maker.wav(CALL, "zh")
        record(folder / "zh", "请", 9000, length_s=0.1)
        assert words(maker.wav(CALL, "zh"))[0] == 9000


def test_english_clips_are_whole_words(tmp_path):
    """English words are never put together from letters, case does not matter and a comma is a pause."""
    for loudness, name in enumerate(["ticket", "A", "zero", "please go to window", "three", "t"], start=1):
        record(tmp_path / "en", name, loudness)
    clips = ClipFolder(tmp_path)
    plan = clips.plan("Ticket A zero, please go to window three", "en")
    assert [clip.stem if clip else None for clip in plan] == [
        "ticket",
        "A",
        "zero",
        None,
        "please go to window",
        "three",
    ]
    with pytest.raises(ClipTrouble, match="two"):
        clips.plan("Ticket A two", "en")


@pytest.mark.voice
@pytest.mark.parametrize("fault", ["missing", "text", "cut", "empty", "8 bit", "other rate"])
def test_missing_or_broken_clip_is_synthesised(folder, tmp_path, caplog, fault):
    """A clip that is missing or broken never silences a call: it is synthesised, and logged once."""
    broken = folder / "zh" / "到.wav"
    match fault:
        case "missing":
            broken.unlink()
        case "text":
            broken.write_text("not a sound")
        case "cut":
            broken.write_bytes(broken.read_bytes()[:20])
        case "empty":
            record(folder / "zh", "到", 0, length_s=0)
        case "8 bit":
            with wave.open(str(broken), "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(1)
                out.setframerate(16000)
                out.writeframes(bytes([200] * 1600))
        case "other rate":
            record(folder / "zh", "到", 100, rate=8000)
    with caplog.at_level(logging.WARNING), Synthesiser(tmp_path / "cache", clips=folder) as maker:
        assert 2.0 < seconds(maker.wav(CALL, "zh")) < 6.0
        maker.wav(CALL, "zh")
    assert caplog.text.count("到") >= 1
    assert len(caplog.records) == 1


def test_no_folder_is_like_no_clips(tmp_path):
    """A clips folder that does not exist names what is missing."""
    with pytest.raises(ClipTrouble, match="请"):
        ClipFolder(tmp_path / "none").plan(CALL, "zh")
