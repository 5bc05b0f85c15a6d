"""The drawing board in a window of an X server, moved by real mouse events."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from numpygan import VAE
from numpygan.checkpoint import save
from tests.interactive import x_server
from tests.pages import pages

pytestmark = pytest.mark.skipif(bool(x_server.missing()), reason=x_server.missing())

# Run by another Python with a window: `numpygan draw RUN`, a mouse in a thread of its own, and at
# the end the window is closed as a user would. What was drawn and shown goes to a file.
PROGRAM = """
import os, sys, threading, time
import numpy as np
from matplotlib import pyplot
from numpygan.cli import main
from numpygan.interactive import DrawingBoard
from tests.interactive.x_server import Mouse

run, out = sys.argv[1:]
boards = []
original = DrawingBoard.__init__

def remember(self, *arguments, **more):
    original(self, *arguments, **more)
    boards.append(self)

DrawingBoard.__init__ = remember

def on_screen(axes, x, y, data=True):
    # Positions in the figure count from below, those of the screen from above.
    widget = axes.figure.canvas.get_tk_widget()
    across, up = (axes.transData if data else axes.transAxes).transform((x, y))
    return widget.winfo_rootx() + across, widget.winfo_rooty() + widget.winfo_height() - up

def drag(mouse, places, number=1):
    mouse.move(*places[0])
    mouse.button(True, number)
    for place in places:
        mouse.move(*place)
    expected = len(released) + 1
    mouse.button(False, number)
    while len(released) < expected and time.monotonic() < deadline:  # all events before it were handled
        time.sleep(0.02)

def user(board, places, kept):
    try:
        mouse = Mouse(os.environ["DISPLAY"])
        drag(mouse, places["line"])
        kept["drawn"] = board.paper.pixels.copy()
        kept["shown"] = np.array(board.view.figure.axes[1].images[0].get_array())
        drag(mouse, places["across"], 3)
        kept["erased"] = board.paper.pixels.copy()
        drag(mouse, [places["clear"]])
        kept["cleared"] = board.paper.pixels.copy()
        mouse.close()
    finally:
        np.savez(out, **kept)
        finished.set()

released, finished, deadline = [], threading.Event(), time.monotonic() + 90

def started():
    board = boards[0]
    axes = board.axes
    board.figure.canvas.mpl_connect("button_release_event", released.append)
    places = {
        "line": [on_screen(axes, x, 14) for x in np.linspace(4, 23, 12)],
        "across": [on_screen(axes, 14, y) for y in np.linspace(6, 22, 12)],
        "clear": on_screen(board.buttons["Clear"].ax, 0.5, 0.5, data=False),
    }
    threading.Thread(target=user, args=(board, places, {}), daemon=True).start()

def wait():
    window = boards[0].figure.canvas.manager.window
    if finished.is_set() or time.monotonic() > deadline:
        window.tk.eval(window.protocol("WM_DELETE_WINDOW"))  # what its close button calls
    else:
        window.after(100, wait)

show = pyplot.show

def show_and_use():
    widget = boards[0].figure.canvas.get_tk_widget()
    widget.after(1500, started)
    widget.after(1600, wait)
    show()

pyplot.show = show_and_use
sys.exit(main(["draw", run]))
"""


@pytest.mark.slow
def test_a_line_is_drawn_erased_and_cleared_with_the_mouse(tmp_path):
    vae, run = VAE(5, rng=0), tmp_path / "run"
    run.mkdir()
    save(vae, run / "model.npz")
    (run / "settings.json").write_text(json.dumps({"data": "digits"}))
    with x_server.display() as name:
        environment = {**os.environ, "DISPLAY": name, "MPLBACKEND": "TkAgg"}
        command = [sys.executable, "-W", "error", "-c", PROGRAM, str(run), str(tmp_path / "seen.npz")]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, cwd=pages.ROOT
        )
    assert done.returncode == 0, done.stderr
    with np.load(tmp_path / "seen.npz") as seen:
        drawn, shown = seen["drawn"], seen["shown"]
        erased, cleared = seen["erased"], seen["cleared"]
    assert drawn[14, 6:22, 0].min() > 0.9 and drawn[:10].max() == 0 and drawn[18:].max() == 0
    expected = vae.decode(vae.encode(drawn[np.newaxis]))[0, ..., 0]
    np.testing.assert_allclose(shown, expected, atol=1e-5)
    assert erased[14, 14, 0] < 0.1 and erased[14, 8, 0] > 0.9
    assert cleared.max() == 0
