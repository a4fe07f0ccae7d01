"""A moment as the API writes it; of its own, so that every file of shapes may use it."""

from typing import Annotated

from pydantic import Field

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
