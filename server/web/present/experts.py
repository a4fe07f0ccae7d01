"""Experts (中台) and chief representatives of a hall, and the calls for them that are open (Y9, M11)."""

from typing import Any

from config.after_window import Expert, ExpertKind
from server.core.affairs import HelpRequest, HelpState
from server.core.model import HallState, WindowStatus
from server.web.present.common import both, moment
from server.web.present.texts import name_in_both
from server.web.present.tickets import item_of
from server.web.site import Site

KIND_NAMES = {ExpertKind.EXPERT: "Expert", ExpertKind.CHIEF: "Chief representative"}


def find_expert(site: Site, name: str | None) -> Expert | None:
    """An expert by his id, while the hall file has him."""
    return next((expert for expert in site.names.hall.experts if expert.id == name), None)


def desk_of(site: Site, request: HelpRequest) -> str | None:
    """The window at which a call for an expert is shown; None where a guide is asked, or fetches who has no desk."""
    expert = find_expert(site, request.expert)
    return None if expert is None else expert.window


def department_en(site: Site, department: str) -> str:
    """The English name of a department, where the hall file tells one."""
    return site.catalogue.routes.departments_en.get(department, department)


def titled(expert: Expert) -> dict[str, str]:
    """What he is and his name, in both languages."""
    kind = name_in_both(KIND_NAMES[expert.kind], "zh")
    both_kinds = {"zh": kind["zh"], "en": kind["zh_en"]}
    # Some are named by what they are.
    return {
        language: name if both_kinds[language].lower() in name.lower() else f"{both_kinds[language]} {name}"
        for language, name in expert.name.items()
        if language in both_kinds
    }


def expert_view(site: Site, state: HallState, expert: Expert) -> dict[str, Any]:
    """Who he is, where tickets are handed over to him, and whether his desk is open now."""
    window = None if expert.window is None else site.names.windows.get(expert.window)
    # A desk on a break takes what is handed over; a closed one cannot.
    is_open = window is not None and state.window(window.id).status is not WindowStatus.CLOSED
    return {
        "id": expert.id,
        "kind": expert.kind.value,
        **name_in_both(KIND_NAMES[expert.kind], "kind_name"),
        **both(expert.name),
        **both(titled(expert), "title"),
        "department": expert.department,
        "department_en": department_en(site, expert.department),
        "window": None if window is None else window.id,
        "window_name": None if window is None else window.name["zh"],
        "window_name_en": None if window is None else window.name["en"],
        "open": is_open,
    }


def calls_from(site: Site, state: HallState, window: str) -> list[dict[str, Any]]:
    """Experts called to a window who have not been there yet."""
    return [_call(site, state, one) for one in _open_calls(state) if one.place == window]


def calls_to(site: Site, state: HallState, window: str) -> list[dict[str, Any]]:
    """Windows that call an expert whose desk this is."""
    here = {expert.id for expert in site.names.hall.experts if expert.window == window}
    return [_call(site, state, one) for one in _open_calls(state) if one.expert in here] if here else []


def _open_calls(state: HallState) -> list[HelpRequest]:
    """Open calls of experts; once the citizen has left the window there is nothing to come for."""
    return [
        one
        for one in state.help.values()
        if one.expert is not None
        and one.state is not HelpState.ENDED
        and (one.ticket is None or state.window(one.place).ticket == one.ticket)
    ]


def _call(site: Site, state: HallState, one: HelpRequest) -> dict[str, Any]:
    expert, window = find_expert(site, one.expert), site.names.windows.get(one.place)
    known = None if one.ticket is None else state.tickets.get(one.ticket)
    return {
        "id": one.id,
        "expert": one.expert,
        **both(expert.name if expert else {"zh": str(one.expert), "en": str(one.expert)}, "expert_name"),
        "window": one.place,
        **both(window.name if window else {"zh": one.place, "en": one.place}, "window_name"),
        "number": None if known is None else known.number,
        "item_name": None if known is None else item_of(site, known)["item_name"],
        "state": one.state.value,
        "asked_at": moment(site.hall.plan, one.asked_at),
        "taken_at": moment(site.hall.plan, one.taken_at),
    }
