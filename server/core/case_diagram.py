"""The life of a case as a diagram, made from the table of its steps (`cases.STEPS`), for the docs."""

from server.core.case_records import CaseState as S
from server.core.cases import STEPS

#: Step → the states it may lead to, where it leads on; by the papers and answers of the case it is one of these or the
#: state it was in.
LEADS_TO: dict[str, tuple[S, ...]] = {
    "sign": (S.APPROVAL,),
    "pause": (S.PAUSED,),
    "go-on": (S.TRANSIT, S.APPROVAL),
    "answer": (S.DECIDED,),
    "result": (S.READY,),
    "return": (S.TRANSIT, S.APPROVAL),
    "post": (S.POSTED,),
    "delivered": (S.DELIVERED,),
    "hand-out": (S.DELIVERED,),
    "withdraw": (S.WITHDRAWN,),
}
#: Steps after which a case may still be where it was; papers signed for during a pause leave it paused.
MAY_STAY = ("take", "sign", "papers", "answer", "number", "milestone")


def arrows() -> list[tuple[S, S, str]]:
    """From where to where by which step."""
    found = []
    for step, states in STEPS.items():
        for state in states:
            afters = () if step == "sign" and state is S.PAUSED else LEADS_TO.get(step, ())
            found += [(state, after, step) for after in afters if after is not state]
            if step in MAY_STAY:
                found.append((state, state, step))
    return found


def mermaid() -> str:
    """The table as a Mermaid state diagram; what leaves a case where it is, is left out."""
    lines = ["stateDiagram-v2", "    [*] --> transit: accepted"]
    lines += [f"    {state} --> {after}: {step}" for state, after, step in arrows() if state is not after]
    lines += [f"    {state} --> [*]" for state in (S.DELIVERED, S.WITHDRAWN)]
    return "\n".join(lines)
