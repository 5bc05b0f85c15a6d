"""What a process that runs somebody else's answer may not do, as far as it can be enforced.

Three layers, from hard to soft:

    the kernel, on Linux     no network (a network namespace without one)
    the kernel, on POSIX     memory, time, size of files, no new processes but for root (`resource`)
    Python, everywhere       no new processes, no sockets, no writing outside one folder,
                             no removing or renaming (an audit hook)

The last is not a security boundary: it stops accidents and jokes, not somebody determined to
get around it. On Windows it is the only one, besides the limit on time.
"""

import ctypes
import math
import os
import sys
import time
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

FILE_SIZE = 1 << 20  # bytes that an answer may write to one file
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # flags of unshare(2)
FORBIDDEN = (
    "os.fork", "os.posix_spawn", "os.spawn", "os.exec", "os.system", "os.startfile", "os.kill",
    "signal.pthread_kill", "subprocess.", "pty.", "socket.", "ctypes.", "os.remove", "os.rename", "os.rmdir",
    "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime", "os.setxattr",
    "os.removexattr", "os.chdir", "os.putenv", "os.unsetenv", "shutil.", "winreg.", "resource.",
    "webbrowser.open", "sys.setprofile", "sys.settrace", "gc.",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class NotAllowed(PermissionError):
    """An answer tries what the audit hook refuses."""


def set_limits(memory, seconds):
    """Limit memory (megabytes), processor time (seconds from now), files and processes.

    The limit on time is for the case that whoever watches this process is killed.

    Returns:
        whether memory is limited.
    """
    if resource is None:
        return False
    cpu = math.ceil(time.process_time() + seconds)
    for limit, most in (
        ("RLIMIT_CORE", 0), ("RLIMIT_NPROC", 0), ("RLIMIT_FSIZE", FILE_SIZE), ("RLIMIT_CPU", cpu),
    ):  # fmt: skip
        _limit(limit, most)
    return (
        _limit("RLIMIT_AS", memory << 20) and sys.platform != "darwin"
    )  # which accepts the limit and ignores it


def _limit(name, most):
    try:
        resource.setrlimit(getattr(resource, name), (most, most))
    except (AttributeError, ValueError, OSError):
        return False
    return True


def cut_network():
    """Leave the network, on Linux; return whether the kernel saw to it."""
    if sys.platform != "linux":
        return False
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    # A user may not make a network namespace, but within a user namespace of their own they may,
    # unless the system forbids that as well.
    return unshare is not None and 0 in map(unshare, (NEW_USER | NEW_NETWORK, NEW_NETWORK))


def forbid(folder):
    """From here on, raise NotAllowed for what no exercise needs; `folder` is where files may be written.

    Python cannot take an audit hook back, so this is for a process that does nothing else.
    """
    folder = Path(folder).resolve()
    workbook = Path(__file__).resolve().parent

    def hook(event, arguments):
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, (str, bytes, os.PathLike)):
                there = Path(os.fsdecode(path)).resolve()
                if (set(mode or "") & set("wax+") or (flags or 0) & WRITING) and folder not in there.parents:
                    raise NotAllowed(f"write to {os.fsdecode(path)}")
                if there.suffix == ".txt" and workbook in there.parents:
                    raise NotAllowed("read the solutions")
        elif event.startswith(FORBIDDEN):
            raise NotAllowed(event)

    sys.addaudithook(hook)
