"""Run a hall's server: parse arguments, compose, run; nothing else."""

from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402 - gevent must patch the standard library before anything else is imported
import sys  # noqa: E402

# What is imported stays to the end. Looking through it for garbage costs a fifth of the start, and later a share of
# every full collection, which stops the hall meanwhile: so collect once at the end, and then look at newer things only.
gc.disable()

from server.cli import main  # noqa: E402

gc.collect()
gc.freeze()
gc.enable()

if __name__ == "__main__":
    sys.exit(main())
