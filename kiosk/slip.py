"""What stands on the slip of an item: its guide, or where it is done instead; with the online way as a code.

Pure.
"""

from kiosk.catalogue import Hall
from kiosk.items import Guide
from kiosk.sheet import guide_paragraphs
from kiosk.wording import texts_of
from printer.slips import Slip


def slip_of(guide: Guide, hall: Hall | None, language: str) -> Slip:
    """Make the slip in the visitor's language."""
    texts = texts_of(language)
    item = guide.item
    sections = [(one.heading, one.lines) for one in guide_paragraphs(guide, texts)]
    url = item.online.url if item.online else ""
    other = item.name.to("en" if language == "zh" else "zh")
    return Slip.of(
        item.name.to(language),
        [(texts("Item code"), (item.code,)), *sections],
        qr=url,
        qr_caption=texts("Scan to do it online") if url else "",
        footer=texts("This slip is not a queue number"),
        hall=hall.name.to(language) if hall else "",
        below_title=other if other != item.name.to(language) else "",
    )
