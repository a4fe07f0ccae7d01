"""What goes between the hall and the platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

MilestoneKind = Literal["numbered", "progressed", "answered", "fee_due", "correction_due", "went_on", "withdrawn"]

#: What a kind of milestone must say.
_NEEDED: dict[str, tuple[str, ...]] = {
    "numbered": ("case", "platform"),
    "progressed": ("milestone",),
    "answered": ("answer",),
    "correction_due": ("lacks",),
}


class Milestone(BaseModel):
    """A step that the platform tells. Fields it does not know are left alone."""

    id: str = Field(
        pattern=r"^[!-.0-~]{1,128}$", description="the platform's own id: what comes again under it is ignored"
    )
    kind: MilestoneKind
    case: str | None = Field(default=None, max_length=64, description="the hall's number or id of the case")
    platform: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="the platform's number; finds the case if `case` is absent",
    )
    milestone: str | None = Field(default=None, min_length=1, max_length=200, description="progressed: what happened")
    department: str | None = Field(
        default=None, max_length=100, description="answered: who decided; needed where several must"
    )
    answer: Literal["granted", "denied"] | None = None
    fee: Annotated[int, Field(ge=0, le=100_000_000)] | None = Field(default=None, description="fee_due: in cents")
    lacks: list[Annotated[str, Field(min_length=1, max_length=200)]] | None = Field(
        default=None, min_length=1, max_length=50, description="correction_due: every paper"
    )
    note: str | None = Field(default=None, max_length=1000, description="answered: kept apart from the log, for a year")

    @model_validator(mode="after")
    def _says_what_it_must(self) -> "Milestone":
        if self.case is None and self.platform is None:
            raise ValueError("name the case: `case` or `platform`")
        if missing := [name for name in _NEEDED.get(self.kind, ()) if getattr(self, name) is None]:
            raise ValueError(f"a milestone of kind {self.kind} needs: {', '.join(missing)}")
        return self


class OutKind(StrEnum):
    """What the hall tells the platform."""

    SUBMIT = "submit"
    RESULT_READY = "result_ready"
    POSTED = "posted"
    DELIVERED = "delivered"
    HANDED_OUT = "handed_out"
    WITHDRAWN = "withdrawn"
    #: A rating, and that two people have found one to be false.
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something for the platform. Its id is the same however often it is sent."""

    id: str
    kind: OutKind
    case: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Raw:
    """A milestone as it came: well-formed or not. `place` is where it came from, for the adapter."""

    content: Any
    place: str = ""

    def read(self) -> Milestone:
        """The milestone; raises `ValueError` in words."""
        try:
            return Milestone.model_validate(self.content)
        except ValidationError as wrong:
            told = [
                f"{'.'.join(map(str, each['loc'])) or 'milestone'}: {each['msg'].removeprefix('Value error, ')}"
                for each in wrong.errors()
            ]
            raise ValueError("; ".join(told)) from wrong


@dataclass(frozen=True, slots=True)
class Fetched:
    """Milestones that came, and from where to go on next time. `more`: there are more at once."""

    milestones: tuple[Raw, ...]
    cursor: str | None
    more: bool = False


class MilestoneState(StrEnum):
    """What became of a milestone."""

    #: Cannot be applied yet, for instance because the papers have not been signed for.
    WAITING = "waiting"
    APPLIED = "applied"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a milestone, and why it waits or was refused: `reason` is a refusal's code, `fields` its words."""

    state: MilestoneState
    reason: str | None = None
    fields: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A milestone in the queue."""

    id: str
    content: str
    received_at: float
    verdict: Verdict
    tries: int
