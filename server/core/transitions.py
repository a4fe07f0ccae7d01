"""The one table of a ticket's life: state × verb → next state. What is not here is refused and changes nothing.

Everything that decides whether a step is legal lives in this file; `docs/architecture.md` shows a diagram made from it.
"""

from enum import StrEnum

from server.core.model import TicketState as S


class Verb(StrEnum):
    """What can be done to a ticket that exists."""

    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    NO_SHOW = "no_show"
    REINSTATE = "reinstate"
    CANCEL = "cancel"
    RATE = "rate"


TRANSITIONS: dict[tuple[S, Verb], S] = {
    (S.WAITING, Verb.CALL): S.CALLED,
    (S.WAITING, Verb.CANCEL): S.CANCELLED,
    (S.CALLED, Verb.RECALL): S.CALLED,
    (S.CALLED, Verb.START): S.SERVING,
    # Many clerks never press start: finishing a called ticket is legal, its walk is then unknown.
    (S.CALLED, Verb.FINISH): S.DONE,
    (S.CALLED, Verb.HOLD): S.HELD,
    (S.CALLED, Verb.TRANSFER): S.WAITING,
    (S.CALLED, Verb.NO_SHOW): S.NO_SHOW,
    (S.CALLED, Verb.CANCEL): S.CANCELLED,
    (S.SERVING, Verb.FINISH): S.DONE,
    (S.SERVING, Verb.HOLD): S.HELD,
    (S.SERVING, Verb.TRANSFER): S.WAITING,
    (S.HELD, Verb.RESUME): S.CALLED,
    (S.HELD, Verb.CANCEL): S.CANCELLED,
    (S.NO_SHOW, Verb.REINSTATE): S.WAITING,
    # The missed citizen stands at the window: the clerk may call the number again by hand.
    (S.NO_SHOW, Verb.CALL): S.CALLED,
    (S.DONE, Verb.RATE): S.DONE,
}


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> waiting: issue"]
    lines += [f"    {state} --> {after}: {verb}" for (state, verb), after in TRANSITIONS.items()]
    lines += [f"    {state} --> [*]" for state in (S.DONE, S.CANCELLED)]
    return "\n".join(lines)
