"""An answer that misbehaves costs itself and nothing else."""

import json
import signal
import subprocess
import sys

import pytest

from numpygan.workbook.exercises import find
from numpygan.workbook.supervise import _verdict, judge_sources

POSIX = sys.platform != "win32"
LINUX = sys.platform == "linux"


def answer(body, name="dense_forward"):
    source = f"import numpy as np\n\ndef dense_forward(x, W, b):\n    {body}\n"
    return name, source, "02_dense_forward.py"


def judged(*bodies, seconds=5):
    good = ("dense_forward", find("dense_forward").whole_solution, "good.py")
    *verdicts, last = judge_sources([*map(answer, bodies), good], seconds=seconds)
    assert last, f"the answer after them must not suffer: {last}"
    return verdicts


@pytest.mark.slow
def test_an_endless_loop_is_ended():
    (verdict,) = judged("while True: pass", seconds=2)
    assert verdict.cause == "endless" and "2 seconds" in str(verdict)


@pytest.mark.slow
def test_an_endless_loop_that_swallows_everything_is_ended():
    (verdict,) = judged("while True:\n        try: x = 1\n        except BaseException: pass", seconds=2)
    assert verdict.cause == "endless"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("raise SystemExit(0)", "exits"),
        ("exit()", "exits"),
        ("import os; os._exit(0)", "died"),
        ("import os; os.abort()", "died"),
        ("return dense_forward(x, W, b)", "recursion"),
        ("from numpygan.layers import Dense", "library"),
        ("import numpygan.layers.dense", "library"),
        ("__import__('torch')", "library"),
        ("import importlib", "machinery"),
        ("import subprocess", "machinery"),
        ("import os; os.remove('x')", "not_allowed"),
        ("import shutil; shutil.rmtree('/tmp/nothing-is-here')", "not_allowed"),
        ("import os; os.system('true')", "not_allowed"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "not_allowed"),
        ("return x @ W.T", "do_not_fit"),
        ("return y", "raises"),
        ("import nonexistent", "raises"),
    ],
)
def test_what_it_does_is_said(body, cause):
    (verdict,) = judged(body)
    assert verdict.status == "broken" and verdict.cause == cause, verdict
    assert verdict.reason


@pytest.mark.skipif(not POSIX, reason="there is no fork")
def test_a_fork_bomb_does_not_begin():
    (verdict,) = judged("import os\n    while True: os.fork()")
    assert verdict.cause == "not_allowed" and "os.fork" in str(verdict)


@pytest.mark.skipif(not LINUX, reason="memory is not limited")
def test_an_array_of_100_gigabytes_is_refused():
    (verdict,) = judged("return np.ones(12_500_000_000)")
    assert verdict.cause == "memory"


def test_it_cannot_write_elsewhere_but_may_write_in_its_own_folder(tmp_path):
    (elsewhere,) = judged(f"open({str(tmp_path / 'x')!r}, 'w')")
    assert elsewhere.cause == "not_allowed" and not list(tmp_path.iterdir())
    (here,) = judged("open('x', 'w').write('x')\n    return x @ W + b")
    assert here


def test_it_cannot_read_the_solutions():
    from numpygan.workbook.exercises import texts

    (verdict,) = judged(f"return open({str(texts() / '02_dense_forward.txt')!r}).read()")
    assert verdict.cause == "not_allowed"


def test_a_megabyte_of_output_is_cut_short():
    first, second = judged(
        "print('x' * 1_000_000)\n    return x @ W + b",
        "import os; os.write(1, b'x' * 1_000_000)\n    return x @ W + b",
    )
    assert first and 0 < len(first.printed) <= 300 and "printed" in str(first)
    assert second and second.printed == ""


@pytest.mark.skipif(not POSIX, reason="knows the pipe by its number")
def test_what_is_written_into_the_pipe_is_not_believed():
    flood = "import os\n    for fd in range(3, 20):\n        try: os.write(fd, b'[' * 200_000 + b'\\n')"
    (verdict,) = judged(f"{flood}\n        except OSError: pass\n    return x @ W + b")
    assert verdict.status == "broken"


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="knows the pipe by its number")
@pytest.mark.parametrize(
    "last_word", ["os.closerange(3, 20)", "[os.write(fd, b'[\\n') for fd in range(3, 20)]"]
)
def test_a_process_that_closes_or_garbles_the_pipe_and_goes_on_is_ended(last_word):
    body = f"import os\n    try: {last_word}\n    except OSError: pass\n    while True: pass"
    (verdict,) = judged(body, seconds=2)
    assert verdict.cause == "died"


@pytest.mark.slow
@pytest.mark.skipif(not POSIX, reason="time is not limited")
def test_a_process_that_nobody_watches_any_more_ends_by_itself(tmp_path):
    fields = dict(zip(("name", "source", "filename"), answer("while True: pass")))
    job = json.dumps({"lang": "en", "memory": 1024, "seconds": 1, "answers": [fields]})
    child = [sys.executable, "-m", "numpygan.workbook.child"]
    ended = subprocess.run(child, input=job + "\n", text=True, capture_output=True, cwd=tmp_path, timeout=60)
    assert ended.returncode in (-signal.SIGKILL, -signal.SIGXCPU)


@pytest.mark.parametrize("wrong", [{"printed": 3}, {"line": 3}, {"status": "perfect"}, {"extra": 1}])
def test_a_verdict_that_makes_no_sense_is_not_believed(wrong):
    reply = {"name": "tanh", "status": "done", **wrong}
    assert _verdict("tanh", reply, "en").status == "broken"


def test_a_file_that_python_cannot_read():
    source = "def dense_forward(x, W, b:\n    return x\n"
    (verdict,) = judge_sources([("dense_forward", source, "a.py")])
    assert verdict.cause == "syntax" and "line 1" in str(verdict)


def test_the_line_is_shown():
    (verdict,) = judged("return x @ W + c")
    assert verdict.line == (4, "return x @ W + c")
    assert "line 4: return x @ W + c" in str(verdict)


def test_a_function_that_is_gone():
    (verdict,) = judge_sources([("dense_forward", "def forward(x, W, b):\n    return x @ W + b\n", "a.py")])
    assert verdict.cause == "missing" and "dense_forward" in verdict.reason
