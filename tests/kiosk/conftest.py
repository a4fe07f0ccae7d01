"""Sets Kivy up for off-screen tests, before any test imports it."""

import ctypes.util
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kiosk.hall_server import HallServer, hall_server

os.environ["SDL_VIDEODRIVER"] = "offscreen"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ.pop("DISPLAY", None)


@pytest.fixture
def server() -> Iterator[HallServer]:
    """A hall's server on a free port."""
    with hall_server() as running:
        yield running


@pytest.fixture(scope="session")
def font_files() -> Any:
    """The faces, taken out of their collections once for all tests."""
    from kiosk import fonts

    return fonts.prepare(Path(tempfile.gettempdir()) / "chaoxi-fonts")


@pytest.fixture(scope="session")
def kivy_window(font_files: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The one window of this process."""
    if ctypes.util.find_library("EGL") is None:
        pytest.skip("no EGL: install libegl1")
    from kiosk import toolkit

    toolkit.set_up((1080, 1920), font_files, tmp_path_factory.mktemp("kivy"), is_windowed=False)
    from kivy.config import Config

    # Tests need no rest between frames.
    Config.set("graphics", "maxfps", "0")
    from kivy.core.window import Window

    return Window


@pytest.fixture
def start(kivy_window: Any, server: HallServer, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Start the whole kiosk, less its printer's hardware, in a window of a size."""
    from tests.kiosk.whole import Whole

    running: list[Any] = []

    # Half the pixels each way are the same page in a quarter of the painting.
    def begin(size: tuple[int, int] = (540, 960), **how: Any) -> Any:
        whole = Whole(kivy_window, server, tmp_path, size, **how)
        running.append(whole)
        return whole.driver

    yield begin
    for whole in running:
        whole.close()
