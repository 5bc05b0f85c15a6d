"""Callbacks: what to do besides learning, while learning."""

from .base import Callback
from .recorders import (
    CodeRecorder,
    EpochRecorder,
    ReconstructionRecorder,
    SampleRecorder,
    TranslationRecorder,
)
from .stopping import EarlyStopping, StopOnPlateau

__all__ = [
    "Callback",
    "CodeRecorder",
    "EarlyStopping",
    "EpochRecorder",
    "ReconstructionRecorder",
    "SampleRecorder",
    "StopOnPlateau",
    "TranslationRecorder",
]
