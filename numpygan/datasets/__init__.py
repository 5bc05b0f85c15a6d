"""Data to learn from; nothing here is imported by a layer or a model."""

from .digits import load_digits, scale_pixels

__all__ = ["load_digits", "scale_pixels"]
