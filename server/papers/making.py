"""Has a PDF made beside the running hall: two seconds of pure Python over font files of 20 MB would hold up every call."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

from server.papers.model import Paper

ROOT = Path(__file__).resolve().parents[2]
#: Longer than a slow machine needs; then something is wrong with its fonts.
LIMIT_S = 60.0
#: At most so many at once, the others wait: each takes a core for two seconds.
AT_ONCE = 2
_turns = BoundedSemaphore(AT_ONCE)


class NoSheet(Exception):
    """The document could not be made; the message says why."""


def make_pdf(papers: Sequence[Paper], made_at: datetime) -> bytes:
    """The papers as one PDF. Takes seconds, in which gevent lets others go on; for its main thread, since it waits for
    a child nowhere else."""
    command = [sys.executable, "-m", "server.papers"]
    with _turns:
        try:
            done = subprocess.run(
                command,
                input=pickle.dumps((tuple(papers), made_at)),
                capture_output=True,
                cwd=ROOT,
                timeout=LIMIT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as trouble:
            raise NoSheet(str(trouble)) from trouble
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        raise NoSheet(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
