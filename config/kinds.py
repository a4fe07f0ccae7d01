"""What every section of a hall file is made of: ids, texts in all languages, stretches of time."""

import re
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

ID_PATTERN = r"^[A-Za-z0-9_-]+$"
RUN_PATTERN = r"^[A-Za-z0-9_-]+(\.\.[A-Za-z0-9_-]+)?$"
LETTER_PATTERN = r"^[A-Z]$"
COLOUR_PATTERN = r"^#[0-9A-Fa-f]{6}$"
#: The highest public window number; three digits are what voices and boards are made for.
NUMBER_MAX = 999

Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=40)]
Letter = Annotated[str, Field(pattern=LETTER_PATTERN)]
Colour = Annotated[str, Field(pattern=COLOUR_PATTERN)]
#: A stretch of time within an opening day, in minutes.
Minutes = Annotated[float, Field(ge=0, le=600)]


def _needs_both_languages(text: dict[str, str]) -> dict[str, str]:
    missing = [language for language in ("zh", "en") if not text.get(language, "").strip()]
    if missing:
        raise PydanticCustomError(
            "missing_translation", "missing translation: {languages}", {"languages": ", ".join(missing)}
        )
    return text


#: A text in every language of the hall; Chinese and English always.
Text = Annotated[dict[str, str], AfterValidator(_needs_both_languages)]


class Strict(BaseModel):
    """Refuses unknown keys, so that a typing error is an error and not a setting that silently does nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _split_span(span: object) -> object:
    """`08:30-12:00` → its two ends; `{start, end}` is left as it is."""
    if isinstance(span, dict | Shift):
        return span
    ends = re.fullmatch(r"\s*([0-9]{1,2}:[0-9]{2})\s*-\s*([0-9]{1,2}:[0-9]{2})\s*", str(span))
    if ends is None:
        raise PydanticCustomError("not_a_span", "not a stretch of time like 08:30-12:00")
    return {"start": ends[1].zfill(5), "end": ends[2].zfill(5)}


class Shift(Strict):
    """One stretch of opening time within a day, hall time, end excluded."""

    start: time
    end: time

    @model_validator(mode="after")
    def _ends_after_start(self) -> "Shift":
        if self.end <= self.start:
            raise PydanticCustomError(
                "shift_backwards",
                "shift ends ({end}) before it starts ({start})",
                {"start": f"{self.start:%H:%M}", "end": f"{self.end:%H:%M}"},
            )
        return self


Span = Annotated[Shift, BeforeValidator(_split_span)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
