"""Running answers in a process of their own, with limits on time and memory."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from .verdict import STATUSES, Verdict

SECONDS = 5  # for one answer; an honest one takes a tenth
MEMORY = 1024  # megabytes
STARTING = 60  # seconds until the process must be ready, on a busy machine too
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
KEPT = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def judge_sources(answers, *, lang="en", seconds=SECONDS, memory=MEMORY, enforced=None):
    """Run answers one after the other and return a Verdict for each.

    Args:
        answers: list of (name of the exercise, source, filename).
        seconds: how long one may take. If one takes longer, or ends the process, the rest
            continues in a new one.
        memory: megabytes that the process may have, where that can be enforced.
        enforced: a dict to be filled in with what the system enforces, if given.
    """
    verdicts = []
    while len(verdicts) < len(answers):
        verdicts += _run(
            answers[len(verdicts) :], lang, seconds, memory, {} if enforced is None else enforced
        )
    return verdicts


def _run(answers, lang, seconds, memory, enforced):
    """Return the verdicts of one process: at least one, the last of which may be that it was ended."""
    job = {"lang": lang, "memory": memory, "seconds": seconds * (len(answers) + 1)}
    job["answers"] = [dict(zip(("name", "source", "filename"), answer)) for answer in answers]
    verdicts = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _process(folder) as process:
        lines = _lines_of(process)
        with contextlib.suppress(OSError):
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.close()
        ready = _next(lines, STARTING)
        if not isinstance(ready, dict):
            raise RuntimeError("the process that runs the answers did not start")
        enforced.update(ready)
        for name, _, _ in answers:
            reply = _next(lines, seconds)
            if isinstance(reply, dict):
                verdicts.append(_verdict(name, reply, lang))
                continue
            if reply == "late":
                cause, values = "endless", {"seconds": seconds}
            else:
                cause, values = "died", {"status": _status(process, seconds)}
            verdicts.append(Verdict(name, "broken", cause, values, lang=lang))
            break
    return verdicts


def _status(process, seconds):
    """Return the exit status, or "?" if the process has closed its pipe or garbled it and goes on."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return "?"


def _verdict(name, reply, lang):
    """Return the Verdict that a line says; the answer may have had its hands on it."""
    try:
        verdict = Verdict(**reply)
        verdict.index = None if verdict.index is None else tuple(verdict.index)
        verdict.line = None if verdict.line is None else tuple(verdict.line)
        if verdict.name != name or verdict.status not in STATUSES:
            raise ValueError
        str(verdict)
    except (TypeError, ValueError, LookupError, AttributeError):
        return Verdict(name, "broken", "died", {"status": "?"}, lang=lang)
    return verdict


@contextlib.contextmanager
def _process(folder):
    """Yield the process, in a session of its own; in the end it and what it started are gone."""
    variables = {name: os.environ[name] for name in KEPT if name in os.environ}
    variables |= dict.fromkeys(ONE_THREAD, "1")
    variables |= dict.fromkeys(("HOME", "USERPROFILE", "TEMP", "TMP", "TMPDIR"), folder)
    variables |= {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
    variables |= {"PYTHONIOENCODING": "utf-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "numpygan.workbook.child"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=folder, env=variables, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        process.stdin.close()


def _lines_of(process):
    """Return a queue with what the process says, line by line, and None at its end."""
    lines = queue.Queue()

    def read():
        with process.stdout:
            while line := process.stdout.readline(1 << 20):
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _next(lines, seconds):
    """Return what the next line holds, "late" if there is none in time, or None if the process is gone."""
    try:
        line = lines.get(timeout=seconds)
    except queue.Empty:
        return "late"
    try:
        return json.loads(line) if line else None
    except (ValueError, RecursionError):  # RecursionError: a line of nothing but opening brackets
        return None
