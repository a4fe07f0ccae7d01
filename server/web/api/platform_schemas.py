"""What goes between the hall and the platform's gateway, and what is in the way, in the API."""

from typing import Any, Literal

from pydantic import Field

from server.platform.records import Milestone as Milestone
from server.web.api.moments import Moment
from server.web.api.schemas import Body
from server.web.api.shape import Shape

NAME = r"^[!-~]{1,160}$"


class MilestonesBody(Body):
    """Milestones in the order in which they happened. Each is looked at by itself: one that is not as it should be does
    not keep the others away, and stands on the page of what went wrong."""

    milestones: list[dict[str, Any]] = Field(
        min_length=1, max_length=200, description="each as the schema Milestone of docs/platform.md"
    )


class MilestonePath(Shape):
    """A milestone by the platform's id."""

    milestone: str = Field(pattern=NAME)


class OutgoingPath(Shape):
    """Something on its way to the platform."""

    item: str = Field(pattern=NAME)


class Taken(Shape):
    """What became of a milestone. `waiting`: it is kept and applied as soon as it can be."""

    id: str
    kind: str | None
    case: str | None = Field(description="the case as the milestone named it")
    received_at: Moment
    state: Literal["applied", "waiting", "refused"]
    reason: str | None
    detail: str | None
    detail_zh: str | None


class TakenAll(Shape):
    """What became of each, in the order in which they were sent."""

    milestones: list[Taken]


class Outgoing(Shape):
    """Something the platform has not got yet."""

    id: str
    kind: Literal["submit", "result_ready", "posted", "delivered", "handed_out", "withdrawn", "rating"]
    case: str
    made_at: Moment
    state: Literal["queued", "refused"]
    attempts: int
    error: str | None


class QueueCounts(Shape):
    """How much is in the way."""

    queued: int = Field(description="on its way to the platform")
    refused: int = Field(description="refused by the platform")
    waiting: int = Field(description="milestones that cannot be applied yet")
    bad: int = Field(description="milestones refused by the hall")


class Platform(Shape):
    """How it stands with the platform."""

    kind: Literal["hand", "file", "http"]
    away: bool
    last_contact_at: Moment | None
    last_error: str | None
    counts: QueueCounts
    outgoing: list[Outgoing]
    milestones: list[Taken] = Field(description="those that wait or were refused, the latest first")
