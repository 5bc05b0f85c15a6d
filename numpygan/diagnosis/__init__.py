"""What is going wrong, in words.

`diagnose(model, x)` reads the training curves, examines the networks, and returns a list
of findings: each a name, a sentence with the numbers it rests on, and one thing to try.
`Diagnosis` does so every few hundred iterations and reports when something
changes; `numpygan diagnose RUN` prints the findings for a finished run.

What is measured when:

- *at every iteration*, by training itself: losses, accuracies, D(x) and D(G(z)), which
  are there anyway (training/history.py). Rules in curves.py.
- *on request*, on a copy of the model and a few hundred samples: gradients by layer, dead
  units, the diversity of the samples. Measured in probe.py, judged in networks.py; both
  for samples in samples.py.

The thresholds are in thresholds.py, with the reasons.
"""

from .callback import Diagnosis
from .findings import GOOD, NAMES, NOTE, TROUBLE, Finding, main_trouble, report
from .probe import measure
from .verdict import diagnose, judge

__all__ = [
    "GOOD",
    "NAMES",
    "NOTE",
    "TROUBLE",
    "Diagnosis",
    "Finding",
    "diagnose",
    "judge",
    "main_trouble",
    "measure",
    "report",
]
