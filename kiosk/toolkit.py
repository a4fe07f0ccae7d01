"""Sets Kivy up, in the one order that works (fonts and window before anything else of Kivy is imported).

Must be called before any module of `kiosk.screens` is imported.
"""

import logging
import os
from pathlib import Path

from kiosk.fonts import FONT_NAME, FontFiles


def set_up(size: tuple[int, int], fonts: FontFiles, home: Path, *, is_windowed: bool) -> None:
    """Tell Kivy about window, fonts and input; nothing of it can be changed later."""
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_FILELOG", "1")
    os.environ.setdefault("KIVY_NO_CONFIG", "1")
    os.environ.setdefault("KIVY_HOME", str(home))
    os.environ.setdefault("KCFG_KIVY_LOG_LEVEL", "warning")
    # Kivy would set the level of every logger of the program.
    os.environ.setdefault("KIVY_LOG_MODE", "PYTHON")
    # SDL would take SIGTERM for a click on the window's close button, which a kiosk ignores.
    os.environ.setdefault("SDL_NO_SIGNAL_HANDLERS", "1")
    # Kivy tells, with a traceback, that a touch library is missing which most kiosks do not need.
    logging.getLogger("kivy").addFilter(lambda record: "MTDev" not in record.getMessage())
    home.mkdir(parents=True, exist_ok=True)
    from kivy.config import Config  # the first import of Kivy, after its environment

    width, height = size
    Config.set("graphics", "width", str(width))
    Config.set("graphics", "height", str(height))
    Config.set("graphics", "borderless", "0" if is_windowed else "1")
    Config.set("graphics", "resizable", "1" if is_windowed else "0")
    Config.set("graphics", "show_cursor", "1" if is_windowed else "0")
    Config.set("graphics", "maxfps", "30")
    Config.set("graphics", "multisamples", "0")
    # Hide the mouse's imitation of a second finger; the kiosk has no menu to open.
    Config.set("input", "mouse", "mouse,disable_multitouch")
    # Escape, F1 and the rest of a forgotten keyboard do nothing (standards D3.14).
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "window_icon", "")
    Config.set("kivy", "keyboard_mode", "")
    regular, bold = str(fonts.regular), str(fonts.bold)
    Config.set("kivy", "default_font", [FONT_NAME, regular, regular, bold, bold])
