"""Execute a notebook as Jupyter would, in a process of its own.

    python -m tests.notebook_runner NOTEBOOK RESULT [SECONDS]

After so many SECONDS in one cell it presses the button that stops it, and continues with the next.
It is a process of its own because Jupyter's packages raise warnings, which are errors in the tests.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


def run_notebook(content, folder, *, stop_after=None):
    """Return the executed cells of a notebook, given as JSON has it; skip the test without Jupyter.

    Each cell is a dict; `outputs` holds what it printed and showed. A cell that takes more than
    `stop_after` seconds is interrupted.
    """
    pytest.importorskip("nbclient", reason='install it with python -m pip install -e ".[notebooks]"')
    pytest.importorskip("ipykernel", reason='install it with python -m pip install -e ".[notebooks]"')
    notebook, result = folder / "notebook.ipynb", folder / "result.ipynb"
    notebook.write_text(json.dumps(content), encoding="utf-8")
    command = [sys.executable, "-m", "tests.notebook_runner", str(notebook), str(result)]
    command += [] if stop_after is None else [str(stop_after)]
    surroundings = {
        key: value for key, value in os.environ.items() if key != "MPLBACKEND"
    }  # Jupyter has its own
    done = subprocess.run(command, cwd=TOP, env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(result.read_text(encoding="utf-8"))["cells"]


def of_cells(*sources):
    """Return a notebook of these cells of code."""
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "id": f"cell-{k}", "source": source} for k, source in enumerate(sources)]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def printed_by(cell, stream="stdout"):
    """Return what a cell wrote to a stream."""
    outputs = [output for output in cell["outputs"] if output.get("name") == stream]
    return "".join("".join(output["text"]) for output in outputs)


def shown_by(cell):
    """Return what a cell showed: a list of dicts from a MIME type to the data."""
    return [output["data"] for output in cell["outputs"] if "data" in output]


def main(notebook, result, seconds="600"):
    import nbclient
    import nbformat

    content = nbformat.read(notebook, 4)
    where = {"metadata": {"path": str(Path(notebook).parent)}}
    stopping = {"timeout": int(seconds), "interrupt_on_timeout": seconds != "600"}
    nbclient.NotebookClient(content, kernel_name="python3", resources=where, **stopping).execute()
    nbformat.write(content, result)


if __name__ == "__main__":
    main(*sys.argv[1:])
