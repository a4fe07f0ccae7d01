"""ID-card readers of a kiosk, opened by URL as in the hall file.

    sam:///dev/ttyUSB0?baud=115200   sam://COM3   sam+socket://host:port   the SAM serial protocol
    wedge://                                                              a reader that types; feed it the keys
    simulator:///folder                                                   files for cards

Nothing of a card is logged, kept or shown in an exception here; it goes to whoever asked, once.
"""

from kiosk.id_reader.card import Card, CardKind, IdReader, ReaderTrouble, Trouble
from kiosk.id_reader.open import ReaderUrlError, open_reader
from kiosk.id_reader.wedge import WedgeReader

__all__ = ["Card", "CardKind", "IdReader", "ReaderTrouble", "ReaderUrlError", "Trouble", "WedgeReader", "open_reader"]
