"""The preview device: every ticket becomes a PNG, drawn from the very bytes that a printer would get."""

import os
from pathlib import Path

from printer.commands import PrintJob
from printer.delivery import PRINTED, Delivery, DeviceError, Watch
from printer.paper import Paper
from printer.profile import PrinterUrl, PrinterUrlError, Profile
from printer.status import Condition, PrinterStatus
from printer.status import Paper as PaperState
from printer.tokens import Tokens

READY = PrinterStatus(True, False, False, False, PaperState.OK)


class PreviewDevice:
    """Writes `A012.png`, and `A012-2.png` for the next one of that name, into a folder."""

    def __init__(self, url: PrinterUrl, profile: Profile) -> None:
        if not url.place:
            raise PrinterUrlError(f"{url.text!r}: write preview:///folder")
        self._folder = Path(url.place)
        self._width_px = profile.width_px

    def status(self) -> PrinterStatus:
        """A folder is always ready."""
        return READY

    def deliver(self, job: PrintJob, watch: Watch) -> Delivery:
        """Draw the job."""
        watch.begun()
        paper = Paper(self._width_px)
        for command in Tokens().take(job.data):
            paper.obey(command)
        if paper.rows:
            paper.cut.append(paper.torn_off())
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for picture in paper.cut:
                target = self._free_name(job.name)
                unfinished = target.with_suffix(".part")
                picture.save(unfinished, format="PNG")
                os.replace(unfinished, target)
        except OSError as trouble:
            raise DeviceError(Condition.UNREACHABLE, f"{self._folder}: {trouble}") from trouble
        return PRINTED

    def _free_name(self, name: str) -> Path:
        safe = "".join(character if character.isalnum() else "_" for character in name) or "ticket"
        target, n = self._folder / f"{safe}.png", 1
        while target.exists():
            n += 1
            target = self._folder / f"{safe}-{n}.png"
        return target
