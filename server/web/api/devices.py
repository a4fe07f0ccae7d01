"""Devices: their settings from the hall file, and how they say they are."""

from collections.abc import Sequence
from typing import Any

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Device, DeviceKind
from server.core import commands as c
from server.hall import Answer
from server.web.access import caller
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import perform, send
from server.web.present.devices import report_view
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("devices", __name__, url_prefix="/api/v1/devices", abp_tags=[Tag(name="devices")])


def _find(here: Site, device_id: str) -> tuple[str, Any]:
    """A device's kind and its entry in the hall file."""
    hall = here.names.hall
    sections: dict[str, Sequence[Any]] = {
        "kiosk": hall.kiosks,
        "board": hall.boards,
        "voice": hall.voices,
        "keypad": hall.keypads,
        "ledbar": hall.ledbars,
        "evaluator": hall.evaluators,
        "printer": hall.printers,
    }
    for kind, entries in sections.items():
        for entry in entries:
            if entry.id == device_id:
                return kind, entry
    raise Problem("device_unknown", device=device_id)


#: What a board's token may read: these only show and speak what is public anyway, and one program may drive several.
SHOWING = frozenset({"board", "voice", "ledbar"})


def _require_itself(device_id: str) -> None:
    """A device may only ask about, and speak for, itself; the demo's `*` tokens stand for any of their kind."""
    who = caller().who
    if isinstance(who, Device) and who.id not in (device_id, "*"):
        raise Problem("forbidden")


@api.get("/<device>", responses={200: s.DeviceSettings})
def device(path: s.DevicePath) -> Response:
    """A device's settings from the hall file."""
    here, who = site(), caller().who
    kind, entry = _find(here, path.device)
    if not (isinstance(who, Device) and who.kind is DeviceKind.BOARD and kind in SHOWING):
        _require_itself(path.device)
    answer = {"id": entry.id, "kind": kind, "settings": entry.model_dump(mode="json")}
    if kind == "kiosk" and isinstance(who, Device) and who.kind is DeviceKind.KIOSK:
        # Six digits are soon guessed from their hash: only the kiosk gets it, which must work offline too.
        answer["exit_pin_hash"] = here.accounts.exit_pin_hash()
    return send(Answer(200, answer))


@api.post("/<device>/status", responses={200: s.DeviceReport})
def status(path: s.DevicePath, header: s.KeyHeader, body: s.DeviceStatusBody) -> Response:
    """How the device's printer is; managers see it at once. Saying the same again changes nothing."""
    here = site()
    _require_itself(path.device)
    _find(here, path.device)
    return perform(
        here,
        lambda at: c.ReportDevice(at=at, device=path.device, condition=body.printer),
        lambda state, _, at: Answer(200, report_view(here, path.device, state.devices[path.device])),
    )
