"""How a device's printer is, as managers see it."""

from typing import Any

from server.core.model import DeviceCondition
from server.web.present.common import both, moment
from server.web.site import Site

#: Conditions of a printer that somebody must see to, and those in which it still prints.
ALARMS = frozenset({"unreachable", "cover_open", "paper_out", "error", "offline"})
WARNINGS = frozenset({"near_end"})


def report_view(site: Site, device: str, told: DeviceCondition) -> dict[str, Any]:
    """A device's condition with its name and how bad it is."""
    hall = site.names.hall
    names = {d.id: d.name for d in hall.kiosks} | {d.id: d.name for d in hall.printers}
    name = both(names[device]) if device in names else {"name": device, "name_en": device}
    alarm = "alarm" if told.condition in ALARMS else "warning" if told.condition in WARNINGS else "none"
    return {
        "device": device,
        **name,
        "printer": told.condition,
        "alarm": alarm,
        "since": moment(site.hall.plan, told.since),
    }
