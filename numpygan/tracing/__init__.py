"""Watching a model take one training step, without changing it."""

from .calls import trace_calls
from .iteration import describe, slow_motion

__all__ = ["describe", "slow_motion", "trace_calls"]
