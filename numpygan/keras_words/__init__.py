"""What is said to somebody who types what Keras would understand.

Names here follow Keras where the thing is the same. Where Keras merely spells it differently, its
spelling is read too; where the library does something else on purpose, the error says what to
write instead. arguments.py, attributes.py and names.py have the sentences, answers.py finds the right
one. Nothing else in the package speaks of this: layers, losses, optimisers, models and histories inherit
from `AnswersKeras`.
"""

from .answers import AnswersKeras, names_of
from .attributes import CALLBACK_METHODS

__all__ = ["CALLBACK_METHODS", "AnswersKeras", "names_of"]
