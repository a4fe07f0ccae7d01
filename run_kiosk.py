"""Starts a ticket kiosk: reads the command line, puts the parts together, runs. Holds nothing else."""

import sys

from kiosk.main import main

if __name__ == "__main__":
    sys.exit(main())
