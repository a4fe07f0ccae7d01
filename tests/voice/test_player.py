"""Players: a file each, a program of the system, the boards' browsers."""

import json
import sys
import threading
import time

import pytest
import requests

from caller.chime import write_chime
from caller.player import CommandPlayer, FolderPlayer, PlayerTrouble, Sound
from caller.voice_web import WebPlayer
from server.client_feed import EventStream


@pytest.fixture
def stop():
    return threading.Event()


@pytest.fixture
def make(tmp_path):
    def make(n, seconds=0.0):
        file = tmp_path / f"{n:032x}.wav"
        write_chime(file, 8000)
        return Sound(n, f"A{n:03}", 1, f"请A{n:03}号", file, seconds)

    return make


class Ear:
    """A board's browser: listens in a thread of its own."""

    def __init__(self, player, last=None):
        self.messages = []
        self.changed = threading.Condition()
        headers = {"Last-Event-ID": str(last)} if last is not None else {}
        url = f"http://127.0.0.1:{player.port}/say/latest"
        self.response = requests.get(url, headers=headers, stream=True, timeout=10)
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self):
        stream = EventStream()
        while chunk := self.response.raw.read1(65536):
            with self.changed:
                self.messages.extend(stream.feed(chunk))
                self.changed.notify_all()

    def wait(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.messages) >= count, 10), self.messages
            return list(self.messages)

    def close(self):
        self.thread.join(10)
        self.response.close()
        assert not self.thread.is_alive()


@pytest.fixture
def web(tmp_path):
    player = WebPlayer("127.0.0.1", 0, "f1", tmp_path / "served")
    yield player
    player.close()


def test_folder_keeps_everything_in_order(tmp_path, make, stop):
    """Files are numbered in the order spoken, also after a restart, and hold the sound."""
    for n in (1, 2):
        FolderPlayer(tmp_path / "out").play(make(n), stop)
    FolderPlayer(tmp_path / "out").play(make(3), stop)
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == ["000001-A001-1.wav", "000002-A002-1.wav", "000003-A003-1.wav"]
    assert files[0].read_bytes() == make(1).file.read_bytes()


def test_system_program_gets_the_file(tmp_path, make, stop):
    """The program is started with the file and its end awaited."""
    note = tmp_path / "note"
    code = f"import sys; open({str(note)!r}, 'a').write(sys.argv[1])"
    CommandPlayer(sys.executable, "-c", code).play(make(1), stop)
    assert note.read_text() == str(make(1).file)


def test_failing_program_is_told(make, stop):
    """No sound card: what the program said is in the error."""
    player = CommandPlayer(sys.executable, "-c", "import sys; sys.exit('no such card')")
    with pytest.raises(PlayerTrouble, match="no such card"):
        player.play(make(1), stop)
    with pytest.raises(PlayerTrouble, match="does not start"):
        CommandPlayer("/no/such/player").play(make(1), stop)


def test_stuck_program_is_ended(make, stop, monkeypatch):
    """A player that never ends does not mute the hall for ever."""
    monkeypatch.setattr("caller.player.GRACE_S", 0.2)
    player = CommandPlayer(sys.executable, "-c", "import time; time.sleep(60)")
    begin = time.monotonic()
    with pytest.raises(PlayerTrouble, match="stuck"):
        player.play(make(1), stop)
    assert time.monotonic() - begin < 5


def test_browsers_hear_and_fetch(web, make, stop):
    """Every board gets each call in order with its caption, and can fetch the sound from its own page."""
    ears = [Ear(web), Ear(web)]
    for ear in ears:
        assert ear.wait(1)[0].data == {"area": "f1"}
    for n in (1, 2):
        web.play(make(n), stop)
    for ear in ears:
        _, first, second = ear.wait(3)
        assert (first.event, first.data["number"], first.data["text"]) == ("say", "A001", "请A001号")
        assert second.data["call"] == 2
    got = requests.get(f"http://127.0.0.1:{web.port}{first.data['wav']}", timeout=5)
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert got.headers["Content-Type"] == "audio/wav"
    assert got.content == make(1).file.read_bytes()
    web.close()
    for ear in ears:
        ear.close()


def test_cut_off_browser_gets_what_it_missed(web, make, stop):
    """Reconnecting with the last id brings what was said meanwhile; a page opened anew hears only what follows."""
    for n in (1, 2, 3):
        web.play(make(n), stop)
    back, anew, confused = Ear(web, last=1), Ear(web), Ear(web, last=999)
    assert [m.data["call"] for m in back.wait(3)[1:]] == [2, 3]
    anew.wait(1)
    confused.wait(1)
    web.play(make(4), stop)
    assert [m.data["call"] for m in anew.wait(2)[1:]] == [4]
    assert [m.data["call"] for m in confused.wait(2)[1:]] == [4]
    web.close()
    for ear in (back, anew, confused):
        ear.close()


def test_old_sounds_are_not_repeated(web, make, stop, monkeypatch):
    """What was said long ago is not said again to a board that comes back."""
    monkeypatch.setattr("caller.voice_web.REPEAT_WITHIN_S", 0.0)
    web.play(make(1), stop)
    web.play(make(2), stop)
    ear = Ear(web, last=1)
    web.play(make(3), stop)
    assert [m.data["call"] for m in ear.wait(2)[1:]] == [3]
    web.close()
    ear.close()


@pytest.mark.parametrize("path", ["/wav/..%2fchime.wav", "/wav/nothing.wav", "/wav/", "/say", "/"])
def test_only_sounds_are_served(web, tmp_path, path):
    """No file outside the folder of sounds can be fetched."""
    (tmp_path / "chime.wav").write_text("secret")
    assert requests.get(f"http://127.0.0.1:{web.port}{path}", timeout=5).status_code == 404


def test_served_sounds_do_not_pile_up(web, make, stop, tmp_path, monkeypatch):
    """Only the last sounds stay on the disk."""
    monkeypatch.setattr("caller.voice_web.FILES_KEPT", 3)
    for n in range(1, 9):
        web.play(make(n), stop)
    assert sorted(file.stem[-1] for file in (tmp_path / "served").glob("*.wav")) == ["6", "7", "8"]


def test_playing_takes_as_long_as_the_sound(web, make):
    """The voice waits the sound's length, and stops waiting when told to."""
    stop = threading.Event()
    begin = time.monotonic()
    web.play(make(1, seconds=0.3), stop)
    assert time.monotonic() - begin >= 0.29
    stop.set()
    web.play(make(2, seconds=30), stop)
    assert time.monotonic() - begin < 10


def test_taken_port_is_told(web, tmp_path):
    """A port in use is an error with its address."""
    with pytest.raises(PlayerTrouble, match=str(web.port)):
        WebPlayer("127.0.0.1", web.port, "f1", tmp_path)


def test_messages_are_json_in_one_line(web, make, stop):
    """A caption with a line break cannot break the stream."""
    sound = make(1)
    ear = Ear(web)
    ear.wait(1)
    web.play(Sound(1, "A1", 1, "a\n\ndata: {}", sound.file, 0), stop)
    assert json.dumps(ear.wait(2)[1].data["text"]) == '"a\\n\\ndata: {}"'
    web.close()
    ear.close()
