"""What is wrong with a field of a request, in words: pydantic's own are English and speak to programmers."""

from collections.abc import Mapping
from typing import Any

from config.texts import Texts
from server.web.problems import LOCALE

#: Kind of fault → sentence; what stands in braces comes from the fault.
_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "is not written as it should be",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "int_parsing": "a whole number is wanted",
    "int_type": "a whole number is wanted",
    "date_from_datetime_parsing": "a date such as 2026-11-22 is wanted",
    "date_type": "a date such as 2026-11-22 is wanted",
    "literal_error": "one of {expected} is wanted",
    "enum": "one of {expected} is wanted",
    "bool_parsing": "yes or no is wanted",
}
_BLANK = "must not be empty"
_ZH, _EN = Texts(LOCALE, "zh"), Texts(LOCALE, "en")


def told(error: Mapping[str, Any]) -> dict[str, str]:
    """One of pydantic's errors as the API tells it: where, and what in both languages."""
    sentence = _SENTENCES.get(error["type"])
    fields: dict[str, Any] = error.get("ctx", {})
    if error["type"] in ("string_too_short", "too_short") and fields.get("min_length") == 1:
        sentence = _BLANK
    where = ".".join(str(part) for part in error["loc"])
    if sentence is None:
        return {"loc": where, "msg": error["msg"]}
    return {"loc": where, "msg": _EN(sentence, **fields), "zh": _ZH(sentence, **fields)}
