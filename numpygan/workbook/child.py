"""The process that runs answers: `python -m numpygan.workbook.child`, started by supervise.py.

It reads one line of JSON, the job, and writes one line for each answer. What the answers
print goes nowhere near these lines.
"""

import dataclasses
import json
import os
import sys


def main():
    job = json.loads(sys.stdin.buffer.readline())
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)

    from . import sandbox
    from .checks import CHECKS  # imported before the limits, so that they are for the answers alone
    from .examine import examine_source
    from .exercises import find
    from .language import messages

    messages(), [find(name) for name in CHECKS]  # read now: later the texts are out of reach
    memory = sandbox.set_limits(job["memory"], job["seconds"])
    enforced = {"network": sandbox.cut_network(), "memory": memory}
    sandbox.forbid(os.getcwd())
    _reply(replies, enforced)
    for answer in job["answers"]:
        verdict = examine_source(
            answer["name"], answer["source"], filename=answer["filename"], lang=job["lang"]
        )
        _reply(replies, dataclasses.asdict(verdict))


def _reply(replies, what):
    replies.write(json.dumps(what, default=str) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
