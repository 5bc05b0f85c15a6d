"""A display without a screen (Xvfb), and a mouse whose events come from the X server itself.

Nothing but the standard library: libX11 and its test extension libXtst through ctypes.
"""

import contextlib
import ctypes
import ctypes.util
import os
import shutil
import subprocess
import tempfile
import time


def missing():
    """Return what a window under Xvfb lacks here, or an empty string."""
    try:
        import tkinter  # noqa: F401
    except ImportError:
        return "Python has no tkinter"
    if os.name == "nt" or not shutil.which("Xvfb"):
        return "no Xvfb: on Debian, apt-get install xvfb"
    if not all(map(ctypes.util.find_library, ("X11", "Xtst"))):
        return "no libXtst: on Debian, apt-get install libxtst6"
    return ""


@contextlib.contextmanager
def display():
    """Start Xvfb on a free display, yield its name such as ":99", and stop it."""
    with tempfile.TemporaryFile() as log:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x900x24", "-nolisten", "tcp"]
        server = subprocess.Popen(command, pass_fds=[write], stdout=log, stderr=log)
        os.close(write)
        try:
            with open(read) as pipe:
                name = pipe.readline().strip()  # written once the display is ready
            if not name:
                log.seek(0)
                raise RuntimeError(f"Xvfb did not start: {log.read().decode(errors='replace')}")
            yield f":{name}"
        finally:
            server.terminate()
            server.wait(timeout=20)


class Mouse:
    """The mouse of an X display."""

    def __init__(self, name):
        self._x11 = ctypes.CDLL(ctypes.util.find_library("X11"))
        self._xtst = ctypes.CDLL(ctypes.util.find_library("Xtst"))
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(name.encode()))
        if not self._display:
            raise RuntimeError(f"cannot open the display {name}")

    def move(self, x, y):
        """Move to a pixel of the screen."""
        self._xtst.XTestFakeMotionEvent(self._display, -1, int(x), int(y), 0)
        self._x11.XSync(self._display, 0)
        time.sleep(0.02)

    def button(self, down, number=1):
        """Press or release a button: 1 left, 2 middle, 3 right."""
        self._xtst.XTestFakeButtonEvent(self._display, number, int(down), 0)
        self._x11.XSync(self._display, 0)
        time.sleep(0.02)

    def close(self):
        self._x11.XCloseDisplay(self._display)
