"""Puts a kiosk together: settings, fonts, window, link, printer, voice; then runs it."""

import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk import fonts, toolkit
from kiosk.link import Link
from kiosk.outbox import Outbox
from kiosk.settings import KioskSettings, Options, read_options, read_settings
from server.client import ApiError, Client, ServerLost

log = logging.getLogger("kiosk")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one kiosk until staff leave it."""
    options = read_options(arguments)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    options.data.mkdir(parents=True, exist_ok=True)
    client = Client(options.server, options.token or None)
    settings = _settings(client, options)
    faces = fonts.prepare(options.data / "fonts")
    size = options.size or settings.size
    toolkit.set_up(size, faces, options.data / "kivy", is_windowed=options.is_windowed)
    return _run(client, options, settings)


def _run(client: Client, options: Options, settings: KioskSettings) -> int:
    # Only now, with Kivy set up, may its modules be imported.
    from caller.synthesis import Synthesiser
    from kiosk.app import Kiosk, Parts
    from kiosk.enquiry import Enquiry
    from kiosk.identify import Identify, Readers
    from kiosk.scanner import Scanner
    from kiosk.sound import KivyPlayer
    from kiosk.speech import Speech
    from kiosk.spool import SpoolPrinting
    from printer.watch import ConditionWatch

    tell = _tell if options.prints_events else lambda kind, facts: None
    parts = Parts(settings, options.data, tell=tell)
    kiosk = Kiosk(parts)

    def adopt(seen: KioskSettings) -> None:
        _store(options, seen)
        seen = _own_printer(seen, options)
        printing.adopt(seen)
        readers.adopt(seen)
        kiosk.post(lambda: kiosk.adopt(seen))

    link = Link(client, options.kiosk, Outbox(options.data / "outbox"), kiosk.post, adopt)
    printing = SpoolPrinting(options.data / "spool", settings, kiosk.paper_moved)
    enquiry = Enquiry(client, options.kiosk, kiosk.post, link.clock.now_ms)
    readers, scanner = Readers(settings), Scanner(kiosk.post)
    reading = Identify(readers.open, enquiry.holder, kiosk.post)

    def hear(text: str) -> None:
        readers.feed(text)
        if parts.settings.has_scanner:
            scanner.feed(text)

    watch = ConditionWatch(client, options.kiosk, printing.condition)
    with Synthesiser(options.data / "voice") as synthesiser:
        speech = Speech(
            synthesiser,
            KivyPlayer(),
            kiosk.post,
            lambda text, language: tell("said", {"text": text, "language": language}),
        )
        parts.enquiry, parts.reading, parts.keys = enquiry, reading, hear
        parts.line, parts.printing, parts.speech, parts.hall_now = link, printing, speech, link.clock.now
        link.start(settings.zones)
        # The service manager's stop ends the program; a window manager's does not (see the app).
        signal.signal(signal.SIGTERM, lambda *_: kiosk.post(kiosk.stop))
        try:
            kiosk.run()
        finally:
            reading.close()
            watch.close()
            link.close()
            enquiry.close()
            speech.close()
            printing.close()
            client.close()
    return 0


def _settings(client: Client, options: Options) -> KioskSettings:
    """This kiosk's section of the hall file; the one of last time while the server is away."""
    try:
        settings = read_settings(client.get(f"/devices/{options.kiosk}"))
        _store(options, settings)
    except (ServerLost, ApiError) as trouble:
        log.warning("no settings from the server: %s", trouble)
        try:
            kept = json.loads(_kept(options).read_text(encoding="utf-8"))
            kept["size"], zones = tuple(kept["size"]), kept["zones"]
            settings = KioskSettings(**{**kept, "zones": tuple(zones) if zones is not None else None})
        except (OSError, ValueError, TypeError, KeyError):
            settings = KioskSettings(options.kiosk)
    return _own_printer(settings, options)


def _own_printer(settings: KioskSettings, options: Options) -> KioskSettings:
    """The command line's printer goes before the hall file's; a preview without a folder gets one in our data."""
    url = options.printer or settings.printer_url or "preview://"
    if url == "preview://":
        url = f"preview://{(options.data / 'tickets').resolve().as_posix()}"
    return replace(settings, printer_url=url)


def _kept(options: Options) -> Path:
    return options.data / "settings.json"


def _store(options: Options, settings: KioskSettings) -> None:
    part = _kept(options).with_suffix(".part")
    facts = {name: getattr(settings, name) for name in settings.__slots__}
    part.write_text(json.dumps(facts), encoding="utf-8")
    # It holds the hash of the exit PIN.
    os.chmod(part, 0o600)
    part.replace(_kept(options))


def _tell(kind: str, facts: dict[str, Any]) -> None:
    """One event as a line of JSON, for tests that drive the whole program."""
    sys.stdout.write(json.dumps({"event": kind, **facts}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
