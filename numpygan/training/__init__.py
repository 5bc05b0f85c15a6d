"""The loop around any model: batches, history, callbacks, schedules, divergence, resuming.

Begin with loop.py: every model's `fit` calls its `train`. batches.py cuts the data into
mini-batches, callback.py says what else may happen after each iteration, and resume.py how
an interrupted run continues.
"""

from ..keras_words import names_of
from .batches import Batches, EpochBatches, LabelledBatches
from .callback import Callback
from .divergence import DivergenceError, require_finite, squared_norm
from .history import History
from .loop import train
from .recorders import (
    ClassAccuracy,
    CodeRecorder,
    EpochRecorder,
    ReconstructionRecorder,
    SampleRecorder,
    TranslationRecorder,
)
from .resume import Checkpoint, read_notes
from .schedules import LinearDecay, NewRates
from .stopping import EarlyStopping, StopOnPlateau
from .unpaired import UnpairedBatches

__all__ = [
    "Batches",
    "Callback",
    "Checkpoint",
    "ClassAccuracy",
    "CodeRecorder",
    "DivergenceError",
    "EarlyStopping",
    "EpochBatches",
    "EpochRecorder",
    "History",
    "LabelledBatches",
    "LinearDecay",
    "NewRates",
    "ReconstructionRecorder",
    "SampleRecorder",
    "StopOnPlateau",
    "TranslationRecorder",
    "UnpairedBatches",
    "read_notes",
    "require_finite",
    "squared_norm",
    "train",
]

__getattr__ = names_of(__name__)
