"""Words of the API that name states and kinds, in both languages."""

from config.texts import Texts
from server.web.present.common import both
from server.web.problems import LOCALE

_ZH = Texts(LOCALE, "zh")


def name_in_both(english: str, key: str = "name") -> dict[str, str]:
    """An English name and its Chinese one, as `{key}` and `{key}_en`."""
    return both({"zh": _ZH(english), "en": english}, key)
