"""Code as a sentence has it."""


def short(text):
    """Return an expression without np., and only the beginning of it if it is long."""
    text = " ".join(text.replace("np.", "").split())
    return text if len(text) <= 40 else text[:37] + "..."
