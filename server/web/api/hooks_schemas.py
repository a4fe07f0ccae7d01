"""What hooks and their failed messages look like in the API."""

from typing import Annotated, Literal

from pydantic import Field

from server.web.api.moments import Moment
from server.web.api.shape import Shape

Kind = Literal[
    "called",
    "nearly",
    "result_ready",
    "result_posted",
    "fee_due",
    "correction_due",
    "rate_us",
    "bad_rating",
    "step_overdue",
    "wait_alarm",
]
HookId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]


class HookPath(Shape):
    """A hook of the hall file."""

    hook: HookId


class MessagePath(HookPath):
    """A message that was given up."""

    message: Annotated[str, Field(pattern=r"^msg_[A-Za-z0-9_-]+$", max_length=64)]


class HookEvent(Shape):
    """A kind of notice."""

    kind: Kind
    name: str
    name_en: str


class Hook(Shape):
    """An address that is told of things, and how it stands with it."""

    id: str
    url: str
    events: list[HookEvent]
    secret: str = Field(description="whsec_…: the receiver checks signatures with it")
    state: Literal["idle", "ok", "failing", "away"] = Field(
        description="idle: never used; ok: the last try arrived; failing: it was refused; away: nobody is there"
    )
    queued: int = Field(description="messages on their way")
    failed: int = Field(description="messages given up, kept 30 days")
    sent: int
    dropped: int = Field(description="calls and the like that would have come too late")
    last_success_at: Moment | None
    last_failure_at: Moment | None
    last_error: str | None
    next_try_at: Moment | None = Field(description="when the receiver is away: the next try")


class Hooks(Shape):
    """All hooks of the hall file."""

    hooks: list[Hook]


class TestOutcome(Shape):
    """What became of a test message."""

    __test__ = False

    ok: bool
    status: int | None = Field(description="the receiver's HTTP status; null: no answer")
    error: str | None


class FailedMessage(Shape):
    """A message that was given up."""

    id: str
    kind: Kind
    name: str
    name_en: str
    at: Moment = Field(description="when it happened")
    failed_at: Moment
    attempts: int
    error: str
    ticket: str | None
    case: str | None
    text: str
    text_en: str


class FailedMessages(Shape):
    """The last 200 messages of a hook that were given up, the latest first."""

    messages: list[FailedMessage]
