"""Exercises 1 to 14: mistakes that came up after the checks had been written, as in wrong_answers.py, and others like them."""

EARLY = [
    ("numeric_derivative", "return (f(x + h) - f(x - h)) / (2 * h)", "return f(x + h) - f(x - h) / (2 * h)", "parentheses"),
    ("numeric_derivative", "return (f(x + h) - f(x - h)) / (2 * h)", "return (f(x + h) - f(x)) / (2 * h)", "from_x"),
    ("numeric_derivative", "f(x + h) - f(x - h)", "f(x + h) + f(x - h)", "plus"),
    ("numeric_derivative", "(f(x + h) - f(x - h)) / (2 * h)", "abs(f(x + h) - f(x - h)) / (2 * h)", "absolute_value"),
    (
        "dense_forward",
        "    return x @ W + b\n",
        "    N, n_in = x.shape\n"
        "    y = np.zeros((N, W.shape[1]))\n"
        "    for n in range(N):\n"
        "        for j in range(W.shape[1]):\n"
        "            for i in range(n_in):\n"
        "                y[n, j] += x[n, i] * W[i, j] + b[j]\n"
        "    return y\n",
        "bias_each_input",
    ),
    (
        "dense_forward",
        "    return x @ W + b\n",
        "    N, n_in = x.shape\n"
        "    y = np.zeros((N, W.shape[1]))\n"
        "    for n in range(N):\n"
        "        for j in range(W.shape[1]):\n"
        "            for i in range(n_in):\n"
        "                y[n, j] = x[n, i] * W[i, j]\n"
        "            y[n, j] += b[j]\n"
        "    return y\n",
        "last_input",
    ),
    ("dense_forward", "x @ W + b", "x @ W + b + 1", "constant_off"),
    ("dense_forward", "x @ W + b", "(x @ W + b) ** 2", "squared_value"),
    ("dense_forward", "x @ W + b", "np.abs(x @ W + b)", "absolute_value"),
    ("dense_one_sample", "dW = np.outer(x, dy)", "dW = np.outer(dy, x).reshape(W.shape)", "misplaced"),
    ("dense_one_sample", "db = dy.copy()", "db = np.full(len(dy), dy.sum())", "db_summed"),
    ("dense_one_sample", "db = dy.copy()", "db = 1 / dy", "reciprocal"),
    ("dense_backward", "dx = dy @ W.T", "dx = np.ones((len(x), 1)) * (dy.sum(axis=0) @ W.T)", "samples_mixed"),
    ("dense_backward", "db = dy.sum(axis=0)", "db = np.ones(dy.shape[1]) * dy.sum()", "summed_all"),
    ("dense_backward", "dy.sum(axis=0)", "np.maximum(dy.sum(axis=0), 0)", "cut_off"),
    ("dense_backward", "dy.sum(axis=0)", "dy.sum(axis=0).astype(int)", "integers"),
    (
        "dense_backward",
        "dx = dy @ W.T",
        "dx = 0 * x\n"
        "    for n in range(len(x) - 1):\n"
        "        dx[n] = W @ dy[n]",
        "incomplete",
    ),
    ("dense_backward", "x.T @ dy", "x.T @ dy / 2", "half_as_large"),
    ("dense_backward", "x.T @ dy", "2 * x.T @ dy", "twice_as_large"),
    (
        "gradient_error",
        "    for i in np.ndindex(x.shape):\n"
        "        start = x[i]\n"
        "        x[i] = start + h\n"
        "        upper = f(x)\n"
        "        x[i] = start - h\n"
        "        lower = f(x)\n"
        "        x[i] = start\n"
        "        n = (upper - lower) / (2 * h)\n"
        "        error = abs(dx[i] - n) / max(abs(dx[i]), abs(n), c)\n"
        "        largest = max(largest, error)\n",
        "    for i in range(x.size):\n"
        "        flat = x.flatten()\n"
        "        flat[i] += h\n"
        "        upper = f(x)\n"
        "        flat[i] -= 2 * h\n"
        "        lower = f(x)\n"
        "        n = (upper - lower) / (2 * h)\n"
        "        a = dx.flatten()[i]\n"
        "        largest = max(largest, abs(a - n) / max(abs(a), abs(n), c))\n",
        "never_moves",
    ),
    ("gradient_error", "error = abs(dx[i] - n) / max(abs(dx[i]), abs(n), c)", "error = abs(dx[i] - n) / max(dx[i], n, c)", "signed_size"),
    ("gradient_error", "x[i] = start - h", "x[i] = x[i] - h", "half_way"),
    ("gradient_error", "        largest = max(largest, error)\n    return largest\n", "        return error\n", "one_element"),
    ("gradient_error", "max(abs(dx[i]), abs(n), c)", "max(abs(dx[i]) + abs(n), c)", "other_size"),
    ("gradient_error", "/ (2 * h)", "/ h", "by_h"),
    ("leaky_relu", "return np.where(x > 0, dy, slope * dy)", "return np.where(x > 0, dy, slope)", "slope_without_dy"),
    ("leaky_relu", "np.where(x > 0, dy, slope * dy)", "slope * dy", "slope_everywhere"),
    ("leaky_relu", "np.where(x > 0, x, slope * x)", "np.where(x > 0, x, -slope * x)", "slope_sign"),
    ("leaky_relu", "np.where(x > 0, dy, slope * dy)", "np.where(x > 0, dy, slope * np.abs(dy))", "absolute_of"),
    ("tanh", "return np.tanh(x)", "return 2 / (1 + np.exp(-x)) - 1", "other_argument"),
    ("tanh", "return dy * (1 - y * y)", "return dy * 1 - y * y", "parentheses"),
    ("tanh", "return dy * (1 - y * y)", "return dy * (1 - y) ** 2", "square_of_difference"),
    ("tanh", "np.tanh(x)", "1 / (1 + np.exp(-x))", "sigmoid_itself"),
    ("tanh", "np.tanh(x)", "np.tanh(np.abs(x))", "absolute_value"),
    (
        "sigmoid",
        "    e = np.exp(-np.abs(x))\n"
        "    return np.where(x >= 0, 1, e) / (1 + e)\n",
        "    return 1 / (1 + np.exp(-np.clip(x, -10, 10)))\n",
        "clipped",
    ),
    ("sigmoid", "e = np.exp(-np.abs(x))", "e = np.exp(-x)", "no_absolute"),
    ("sigmoid", "np.where(x >= 0, 1, e) / (1 + e)", "np.tanh(x)", "tanh_itself"),
    ("sigmoid", "dy * y * (1 - y)", "dy * y * 1 - y", "parentheses"),
    (
        "bce",
        "    return np.mean(np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z))))\n",
        "    p = 1 / (1 + np.exp(-np.clip(z, -500, 500)))\n"
        "    return -np.mean(t * np.log(p + 1e-7) + (1 - t) * np.log(1 - p + 1e-7))\n",
        "clipped",
    ),
    ("bce", "return (p - t) / z.size", "return (p - t) * p * (1 - p) / z.size", "sigmoid_again"),
    ("bce", "return np.mean(np.maximum(z, 0) - t * z + np.log1p(np.exp(-np.abs(z))))", "return np.mean(np.max(z, 0) - t * z + np.log1p(np.exp(-np.abs(z))))", "largest_of_all"),
    ("bce", "- t * z", "+ t * z", "term_sign"),
    ("bce", " + np.log1p(np.exp(-np.abs(z)))", "", "term_missing"),
    ("bce", "(p - t) / z.size", "p - t / z.size", "parentheses"),
    ("momentum_step", "    v -= learning_rate * g\n    p += v\n", "    v -= g\n    p += learning_rate * v\n", "rate_outside"),
    ("momentum_step", "p += v", "p += momentum * v - learning_rate * g", "nesterov"),
    ("momentum_step", "    v *= momentum\n    v -= learning_rate * g\n", "    v += momentum * v - learning_rate * g\n", "velocity_kept"),
    ("momentum_step", "p += v", "p += v - learning_rate * g", "g_again"),
    ("adam_step", "v += (1 - beta_2) * g * g", "v += (1 - beta_2) * m * m", "m_squared"),
    (
        "adam_step",
        "    mhat = m / (1 - beta_1**t)\n"
        "    vhat = v / (1 - beta_2**t)\n",
        "    mhat = m / (1 - beta_1) ** t\n"
        "    vhat = v / (1 - beta_2) ** t\n",
        "power_outside",
    ),
    ("adam_step", "p -= learning_rate * mhat / (np.sqrt(vhat) + epsilon)", "p -= learning_rate * mhat / np.sqrt(vhat) + epsilon", "epsilon_added"),
    ("adam_step", "(1 - beta_1) * g\n", "(1 - beta_2) * g\n", "other_share"),
    ("adam_step", "beta_1**t)\n    vhat = v / (1 - beta_2**t)", "beta_1**(t + 1))\n    vhat = v / (1 - beta_2**(t + 1))", "other_t"),
    ("adam_step", "p -= learning_rate * mhat", "p -= mhat", "no_rate"),
    ("he_normal", "return rng.standard_normal(shape) * np.sqrt(2 / fan_in)", "return rng.standard_normal(shape) * np.sqrt(2) / fan_in", "root_of_two"),
    ("he_normal", "fan_in = math.prod(shape[:-1])", "fan_in = math.prod(shape)", "all_axes"),
    ("he_normal", "rng.standard_normal(shape) * np.sqrt(2 / fan_in)", "rng.uniform(-1, 1, shape) * np.sqrt(2 / fan_in)", "uniform_limit"),
    ("he_normal", "2 / fan_in", "fan_in / 2", "upside_down"),
    ("he_normal", "2 / fan_in", "2 * fan_in", "multiplied"),
    ("im2col", "cols[:, :, :, i, j] =", "cols[:, :, :, k - 1 - i, k - 1 - j] =", "kernel_flipped"),
    ("col2im", "x[:, i : i + stride * H_out : stride, j : j + stride * W_out : stride] += cols[:, :, :, i, j]", "x[:, i : i + stride * H_out : stride, j : j + stride * W_out : stride] += cols[:, :, :, i, j].sum(axis=0)", "equal_along"),
    ("col2im", "cols.reshape(-1, H_out, W_out, k, k, C)", "cols.reshape(-1, H_out, W_out, C, k, k).transpose(0, 1, 2, 4, 5, 3)", "channels_first"),
    ("col2im", "cols.reshape(-1, H_out, W_out, k, k, C)", "cols.reshape(-1, W_out, H_out, k, k, C).swapaxes(1, 2)", "windows_turned"),
    ("col2im", "cols.reshape(-1, H_out, W_out, k, k, C)", "cols.reshape(H_out, W_out, -1, k, k, C).transpose(2, 0, 1, 3, 4, 5)", "samples_last"),
]  # fmt: skip
