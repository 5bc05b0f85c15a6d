"""Right answers that do not look like the solutions: (exercise, Python)."""

RIGHT = [
    (
        "dense_one_sample",
        """
def dense_one_sample(x, W, dy):
    dW, dx = np.zeros(W.shape), np.zeros(len(x))
    for i in range(len(x)):
        for j in range(len(dy)):
            dW[i, j] = x[i] * dy[j]
            dx[i] += dy[j] * W[i, j]
    return [dW, dy, dx]
""",
    ),
    (
        "dense_backward",
        """
def dense_backward(x, W, dy):
    dW, db, dx = 0 * W, np.zeros(W.shape[1]), 0 * x
    for n in range(len(x)):
        dW += np.outer(x[n], dy[n])
        db += dy[n]
        dx[n] = W @ dy[n]
    return dW, db, dx
""",
    ),
    (
        "gradient_error",
        """
def gradient_error(f, x, dx, h=1e-5, c=1e-4):
    n = np.zeros_like(x)
    for k in range(x.size):
        x.flat[k] += h
        upper = f(x)
        x.flat[k] -= 2 * h
        n.flat[k] = (upper - f(x)) / (2 * h)
        x.flat[k] += h
    return np.max(np.abs(dx - n) / np.maximum(np.maximum(np.abs(dx), np.abs(n)), c))
""",
    ),
    (
        "leaky_relu",
        """
def leaky_relu(x, slope):
    return np.maximum(x, slope * x)

def leaky_relu_backward(dy, x, slope):
    dx = dy.copy()
    dx[x < 0] *= slope
    return dx
""",
    ),
    (
        "sigmoid",
        """
def sigmoid(x):
    y = np.empty(x.shape)
    positive = x >= 0
    y[positive] = 1 / (1 + np.exp(-x[positive]))
    e = np.exp(x[~positive])
    y[~positive] = e / (1 + e)
    return y

def sigmoid_backward(dy, y):
    return dy * (y - y**2)
""",
    ),
    (
        "sigmoid",
        """
def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))

def sigmoid_backward(dy, y):
    return dy * y * (1 - y)
""",
    ),
    (
        "bce",
        """
def bce_loss(z, t):
    return (t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)).mean()

def bce_gradient(z, t):
    return (np.exp(-np.logaddexp(0, -z)) - t) / z.size
""",
    ),
    (
        "momentum_step",
        """
def momentum_step(p, v, g, learning_rate, momentum):
    v[:] = momentum * v - learning_rate * g
    p[...] = p + v
""",
    ),
    (
        "adam_step",
        """
def adam_step(p, m, v, g, t, learning_rate, beta_1, beta_2, epsilon):
    m += (1 - beta_1) * (g - m)
    v += (1 - beta_2) * (g**2 - v)
    p -= learning_rate * (m / (1 - beta_1**t)) / (np.sqrt(v / (1 - beta_2**t)) + epsilon)
""",
    ),
    (
        "he_normal",
        """
def he_normal(shape, rng):
    fan_in = np.prod(shape) // shape[-1]
    return rng.normal(0, (2 / fan_in) ** 0.5, size=shape)
""",
    ),
    (
        "im2col",
        """
def im2col(x, k, stride):
    rows = []
    for n in range(len(x)):
        for p in range(0, x.shape[1] - k + 1, stride):
            for q in range(0, x.shape[2] - k + 1, stride):
                rows.append(x[n, p : p + k, q : q + k].ravel())
    return np.array(rows)
""",
    ),
    (
        "col2im",
        """
def col2im(cols, image_shape, k, stride):
    H, W, C = image_shape
    places = [(p, q) for p in range(0, H - k + 1, stride) for q in range(0, W - k + 1, stride)]
    x = np.zeros((len(cols) // len(places), H, W, C))
    for row, window in enumerate(cols):
        n, which = divmod(row, len(places))
        p, q = places[which]
        x[n, p : p + k, q : q + k] += window.reshape(k, k, C)
    return x
""",
    ),
    (
        "batch_norm",
        """
def batch_norm_forward(x, gamma, beta, epsilon):
    std = (x.var(0) + epsilon) ** 0.5
    xhat = (x - x.mean(0)) / std
    return xhat * gamma + beta, xhat, std

def batch_norm_backward(dy, gamma, xhat, std):
    dxhat = dy * gamma
    dx = (dxhat - dxhat.mean(0) - xhat * (dxhat * xhat).mean(0)) / std
    return dx, (dy * xhat).sum(0), dy.sum(0)
""",
    ),
    (
        "dropout",
        """
def dropout_forward(x, rate, training, rng):
    mask = np.ones(x.shape)
    if training:
        mask = rng.binomial(1, 1 - rate, x.shape) / (1 - rate)
    return x * mask, mask

def dropout_backward(dy, mask):
    return mask * dy
""",
    ),
    (
        "autoencoder_step",
        """
def autoencoder_step(E, D, x):
    for net in (D, E):
        net.zero_grad()
    y = D.forward(E.forward(x))
    E.backward(D.backward(2 * (y - x) / y.size))
    return ((y - x) ** 2).mean()
""",
    ),
    (
        "gan_step",
        """
def gan_step(G, D, real, z_fake, z_new, bce_gradient, update):
    fake = G.forward(z_fake)
    D.zero_grad()
    D.backward(bce_gradient(D.forward(real), 1))
    update(D)
    D.zero_grad()
    D.backward(bce_gradient(D.forward(fake), 0))
    update(D)
    D.zero_grad()
    G.zero_grad()
    G.backward(D.input_gradient(bce_gradient(D.forward(G.forward(z_new)), 1)))
    update(G)
""",
    ),
    (
        "generator_loss",
        """
def generator_loss(l):
    return np.logaddexp(0, -l).mean()

def generator_gradient(l):
    return -np.exp(-np.logaddexp(0, l)) / l.size

def saturating_gradient(l):
    return -np.exp(-np.logaddexp(0, -l)) / l.size
""",
    ),
    (
        "dcgan_iteration",
        """
def dcgan_iteration(G, D, real, z_fake, z_new, z_show, bce_gradient, update):
    D.zero_grad()
    D.backward(bce_gradient(D.forward(real, True), 1))
    D.backward(bce_gradient(D.forward(G.forward(z_fake, True), True), 0))
    update(D)
    G.zero_grad()
    l = D.forward(G.forward(z_new, True), True)
    G.backward(D.input_gradient(bce_gradient(l, 1)))
    update(G)
    return G.predict(z_show)
""",
    ),
    (
        "gradient_penalty",
        """
def gradient_penalty(x, W1, b1, w2, slope):
    P, dW1, dw2, N = 0.0, np.zeros_like(W1), np.zeros_like(w2), len(x)
    for n in range(N):
        s = np.where(x[n] @ W1 + b1 > 0, 1.0, slope)
        g = W1 @ (s * w2)
        length = np.linalg.norm(g)
        P += (length - 1) ** 2 / N
        u = 2 * (length - 1) * g / length / N
        dW1 += np.outer(u, s * w2)
        dw2 += s * (u @ W1)
    return P, dW1, dw2
""",
    ),
    (
        "cycle",
        """
def cycle_step(G, F, D, a, weight):
    G.zero_grad()
    F.zero_grad()
    b = G.forward(a)
    off = F.forward(b) - a
    dagain = weight * np.sign(off) / off.size
    G.parameter_gradients(F.input_gradient(dagain))
    F.parameter_gradients(dagain)
    l = D.forward(b)
    G.parameter_gradients(D.input_gradient(2 * (l - 1) / l.size))
    return weight * np.abs(off).mean() + ((l - 1) ** 2).mean()
""",
    ),
]
