"""Papers as A4 sheets (PDF): text that can be searched and copied, in this machine's Chinese fonts.

Fonts are read and cut down in pure Python, which takes a second or two: never do it on an event loop.
"""

from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from fpdf import FPDF

from server.papers.faces import Faces
from server.papers.model import Paper
from server.papers.sheets import PAGE_H, PAGE_W, Sheets

#: One at a time: two would not be quicker, and take twice the memory.
_TURN = Lock()


def pdf(papers: Sequence[Paper], made_at: datetime) -> bytes:
    """One document of all these papers, each beginning on a page of its own."""
    with _TURN:
        document = FPDF(unit="mm", format=(PAGE_W, PAGE_H))
        document.set_auto_page_break(False)
        document.set_creation_date(made_at)
        document.set_title(f"{papers[0].title.zh} {papers[0].number}")
        document.set_author(papers[0].hall.zh)
        document.set_lang("zh-CN")
        document.c_margin = 0
        faces = Faces(document)
        for paper in papers:
            Sheets(document, faces, paper).draw()
        return bytes(document.output())
