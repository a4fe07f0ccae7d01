"""Run a hall's server: parse arguments, compose, run; nothing else."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402 - gevent must patch the standard library before anything else is imported

from server.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
