"""Under gevent, as the server runs: a receiver whose answer drips byte by byte is cut off, names are looked up apart."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
from gevent import monkey

monkey.patch_all()

import socket

import gevent

from config.after_window import Hook
from server.notices.delivery import Sender
from server.serving import at_most, look_names_up_apart

look_names_up_apart()
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)


def drip():
    connection, _ = listener.accept()
    while True:
        connection.send(b"H")
        gevent.sleep(0.01)


gevent.spawn(drip)
hook = Hook(id="sms", url=f"http://127.0.0.1:{listener.getsockname()[1]}/", events=["called"], timeout_s=60)
outcome = Sender(hook, "whsec_" + "QUJD" * 12, lambda seconds: at_most(0.3)).send("msg_1", "{}", 1.0)
print(outcome.status, outcome.error)

hub = gevent.get_hub()
socket.getaddrinfo("localhost", 80)
print(hub.resolver.pool is not hub.threadpool, hub.resolver.pool.size, hub.threadpool.size)
"""


def test_a_dripping_answer_is_cut_off_and_names_have_threads_of_their_own() -> None:
    """The whole try has a limit, not only each byte; a name server that hangs cannot take the threads of the log."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["None no answer in time", "True 1 0"]
