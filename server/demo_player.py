"""The lively day of the demo hall: a program of its own, a client like any other, kept running while the server runs."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: How often the server looks whether its day is still being played.
EVERY_S = 5.0
#: It gave the server up; whoever reads the terminal has been told in a line.
GIVEN_UP = 3


class DemoPlayer:
    """Starts the program, and starts it again when it has ended: a machine that is busy at the start must not leave a
    demo in which nothing moves."""

    def __init__(self, arguments: list[str], say: Callable[[str], None]) -> None:
        self._command = [sys.executable, "-m", "server.simulate.demo_day", *arguments]
        self._say = say
        self._program = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, cwd=ROOT)

    def watch(self) -> None:
        """The chore."""
        status = self._program.poll()
        # 0: the day has been played to its end.
        if status not in (None, 0):
            self._say(f"  演示放映中断，重新开始 the demo day stopped (exit status {status}) and begins again")
            self._program = self._start()

    def stop(self) -> None:
        """End it with the server."""
        self._program.terminate()
        self._program.wait()
