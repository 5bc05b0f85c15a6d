"""The gradient checker on a learner's own forward and backward pass."""

import numpy as np

from ...gradcheck import check_function
from ..judge import Wrong


def measure(names, arrays, forward, backward, dy):
    """Raise Wrong unless `backward` is the gradient of sum(dy * forward).

    Args:
        names: such as "dx dW db", what `backward` returns.
        arrays: the float64 arrays it returns the gradients for, in the same order.
        forward, backward: take these arrays; `backward` returns a tuple of gradients.
        dy: random numbers in the shape of what `forward` returns.
    """
    keys = names.split()
    arrays = dict(zip(keys, arrays))

    def gradients():
        return dict(zip(keys, (np.asarray(g, np.float64) for g in backward(*arrays.values()))))

    report = check_function(lambda: np.sum(dy * forward(*arrays.values())), arrays, gradients)
    for row in report.rows:
        if row.wrong:
            problem = row.cause or f"{row.analytic:.6g}, {row.numeric:.6g}"
            raise Wrong(
                "forward_and_backward", row.name, row.index, row.analytic, row.numeric, problem=problem
            )
