"""The QR code of a ticket as dark and light modules."""

from functools import lru_cache

import qrcode

#: Light modules that the standard asks for around a code; the page leaves them, `modules` does not.
QUIET = 4


@lru_cache(maxsize=32)
def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Make the code; level M: a quarter of a creased ticket may be unreadable."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())
