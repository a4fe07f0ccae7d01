"""Sound from the real speech engine: right length and energy, cached, and back after the engine died."""

import array
import logging
import math
import os
import sys
import threading
import wave

import pytest

from caller.synthesis import SpeechError, Synthesiser, seconds

pytestmark = pytest.mark.voice

CALL = "请A零一二号到三号窗口办理"
ENGLISH = "Ticket A zero one two, please go to window three"


@pytest.fixture(scope="module")
def synthesiser(tmp_path_factory):
    with Synthesiser(tmp_path_factory.mktemp("speech"), 160) as maker:
        yield maker


def samples(file):
    with wave.open(str(file), "rb") as source:
        assert (source.getnchannels(), source.getsampwidth(), source.getframerate()) == (1, 2, 22050)
        return array.array("h", source.readframes(source.getnframes()))


def loudness(some):
    return math.sqrt(sum(sample * sample for sample in some) / len(some)) / 32768


@pytest.mark.parametrize(("text", "language"), [(CALL, "zh"), (ENGLISH, "en")])
def test_a_call_is_audible_for_some_seconds(synthesiser, text, language):
    """A call lasts 2–6 s, is loud enough and is spoken through, not one word in silence."""
    file = synthesiser.wav(text, language)
    sound = samples(file)
    assert 2.0 < seconds(file) < 6.0
    assert 0.03 < loudness(sound) < 0.5
    parts = [sound[at : at + 2205] for at in range(0, len(sound) - 2205, 2205)]
    voiced = sum(loudness(part) > 0.01 for part in parts)
    assert voiced / len(parts) > 0.6


def test_longer_texts_last_longer(synthesiser):
    """Every character is spoken: seven numbers take several times as long as one."""
    one = seconds(synthesiser.wav("请A零一二号到三号窗口办理", "zh"))
    many = seconds(synthesiser.wav("请A零一二号A零一三号A零一四号A零一五号A零一六号到三号窗口办理", "zh"))
    assert many > 2 * one


def test_languages_have_voices_of_their_own(synthesiser):
    """The same letters sound different in the Chinese and the English voice."""
    assert samples(synthesiser.wav("Beijing 3", "zh")) != samples(synthesiser.wav("Beijing 3", "en"))


def test_same_text_is_made_once(synthesiser):
    """A second call for a text gives the same file without the engine touching it."""
    first = synthesiser.wav(CALL, "zh")
    stamp = first.read_bytes()
    inode = os.stat(first).st_ino
    assert synthesiser.wav(f"  {CALL}\n", "zh") == first
    assert os.stat(first).st_ino == inode
    assert first.read_bytes() == stamp


def test_rate_holds_over_languages(tmp_path):
    """A slow voice stays slow, also after Latin letters and a change of language."""
    with Synthesiser(tmp_path / "fast", 220) as fast, Synthesiser(tmp_path / "slow", 110) as slow:
        for text, language in [(ENGLISH, "en"), (CALL, "zh"), (ENGLISH + " again", "en")]:
            assert seconds(slow.wav(text, language)) > 1.5 * seconds(fast.wav(text, language))


def test_many_threads_share_one_engine(synthesiser):
    """Ten threads at once each get their own sentence."""
    texts = [f"请B零零{digit}号到一号窗口办理" for digit in "一二三四五六七八九零"]
    files = {}
    threads = [
        threading.Thread(target=lambda text=text: files.update({text: synthesiser.wav(text, "zh")})) for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert set(files) == set(texts)
    assert len({samples(file).tobytes() for file in files.values()}) == 10


def test_dead_engine_is_restarted(tmp_path, caplog):
    """Killed between two sentences, the engine's process is started again and the sentence is made."""
    with Synthesiser(tmp_path) as maker:
        maker.wav("一", "zh")
        engine = maker._engine._process
        engine.kill()
        engine.wait()
        with caplog.at_level(logging.WARNING):
            assert seconds(maker.wav("二", "zh")) > 0.2
        assert maker._engine._process.pid != engine.pid
    assert "restarted" in caplog.text


def test_hanging_engine_is_replaced(tmp_path, monkeypatch):
    """An engine that takes a text and never answers is ended after the limit; the error is a SpeechError."""
    monkeypatch.setattr("caller.synthesis.SENTENCE_LIMIT_S", 0.3)
    code = "import sys\nprint('{\"ready\": true}', flush=True)\nfor line in sys.stdin: pass"
    started = []

    def deaf(command, **options):
        started.append(real([sys.executable, "-c", code], **options))
        return started[-1]

    real = __import__("subprocess").Popen
    monkeypatch.setattr("caller.synthesis.subprocess.Popen", deaf)
    with Synthesiser(tmp_path) as maker, pytest.raises(SpeechError, match="did not answer"):
        maker.wav("一", "zh")
    assert len(started) == 2
    assert all(process.poll() is not None for process in started)


@pytest.mark.parametrize("kept", [0, 30, 20_000])
def test_cut_off_cache_file_is_made_again(synthesiser, kept):
    """A cache file cut short by a power failure, in its head or its sound, is not played but made anew."""
    file = synthesiser.wav("请C零零一号到二号窗口办理", "zh")
    whole = file.stat().st_size
    file.write_bytes(file.read_bytes()[:kept])
    assert synthesiser.wav("请C零零一号到二号窗口办理", "zh") == file
    assert file.stat().st_size == pytest.approx(whole, rel=0.02)


@pytest.mark.parametrize("text", ["", "  \n", "a\0b", "长" * 3000])
def test_nonsense_is_refused(synthesiser, text):
    """Nothing, control characters and whole books are refused."""
    with pytest.raises(SpeechError):
        synthesiser.wav(text, "zh")


def test_unknown_voice_is_an_error(synthesiser):
    """A language without a voice is a SpeechError, and the next sentence works."""
    with pytest.raises(SpeechError):
        synthesiser.wav("hello", "xx-none")
    assert synthesiser.wav(CALL, "zh").exists()
    assert synthesiser.wav("你好", "yue").exists()


def test_cache_does_not_fill_the_disk(tmp_path):
    """Beyond its size the cache drops what was unused longest and keeps the newest."""
    with Synthesiser(tmp_path, cache_mb=1) as maker:
        old = [tmp_path / f"old{n}.wav" for n in range(5)]
        for at, file in enumerate(old):
            file.write_bytes(bytes(400_000))
            os.utime(file, (at + 1, at + 1))
        new = maker.wav("一", "zh")
    assert new.exists()
    assert [file.exists() for file in old] == [False, False, False, True, True]


def test_cache_that_cannot_be_written_is_a_speech_error(tmp_path):
    """A cache that is no folder is reported as the one error callers handle."""
    (tmp_path / "file").write_text("")
    with Synthesiser(tmp_path / "file") as maker, pytest.raises(SpeechError):
        maker.wav("一", "zh")
