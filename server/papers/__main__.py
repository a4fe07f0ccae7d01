"""Makes one PDF in a process of its own: papers come pickled on standard input, the document goes to standard output.

Started by `making.py` alone, which is why pickled input is harmless here.
"""

import pickle
import sys

from server.papers.pdf import pdf

if __name__ == "__main__":
    papers, made_at = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pdf(papers, made_at))
