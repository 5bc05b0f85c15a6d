"""Exercises 15 to 26: mistakes that came up after the checks had been written, as in wrong_answers.py, and others like them."""

LATE = [
    ("convolution", "y = im2col(x, k, stride) @ W.reshape(-1, F) + b", "y = im2col(x, k, stride) @ W.reshape(F, -1).T + b", "reshaped"),
    ("convolution", "rows = dy.reshape(-1, F)", "rows = dy.reshape(F, -1).T", "reshaped"),
    ("conv_transpose", "cols = x.reshape(-1, C) @ W.reshape(-1, C).T", "cols = x.reshape(-1, C) @ W.reshape(C, -1)", "reshaped"),
    ("batch_norm", "m = len(dy)", "m = dy.size", "over_size"),
    ("batch_norm", "mean = x.mean(axis=0)", "mean = x.mean()", "over_everything"),
    ("batch_norm", "return gamma * xhat + beta,", "return gamma * (xhat + beta),", "beta_in_product"),
    ("batch_norm", "dy - dbeta / m - xhat * dgamma / m", "dy - dgamma / m - xhat * dbeta / m", "sums_swapped"),
    ("batch_norm_inference", "moving_var += (1 - momentum) * x.var(axis=0)", "moving_var += (1 - momentum) * ((x - moving_mean) ** 2).mean(axis=0)", "about_moving_mean"),
    ("batch_norm_inference", "gamma * (x - moving_mean) / np.sqrt(moving_var + epsilon) + beta", "gamma * ((x - moving_mean) / np.sqrt(moving_var + epsilon) + beta)", "beta_in_product"),
    ("batch_norm_inference", "x.var(axis=0)", "x.var(axis=0, ddof=1)", "sample_variance"),
    (
        "batch_norm_inference",
        "    moving_mean *= momentum\n"
        "    moving_mean += (1 - momentum) *",
        "    moving_mean[:] =",
        "only_new",
    ),
    ("batch_norm_inference", "    moving_var *= momentum\n", "", "not_kept"),
    ("dropout", "    return x * mask, mask\n", "    x *= mask\n    return x, mask\n", "writes_into"),
    ("dropout", "    return x * mask, mask", "    return x * (rng.random(x.shape) >= rate) / (1 - rate), mask", "two_masks"),
    ("dropout", "return dy * mask", "return dy * mask / mask.max()", "mask_without_scale"),
    (
        "autoencoder_step",
        "    E.zero_grad()\n"
        "    D.zero_grad()\n"
        "    D.parameter_gradients(dy)\n"
        "    E.parameter_gradients(D.input_gradient(dy))\n",
        "    D.zero_grad()\n"
        "    D.parameter_gradients(dy)\n"
        "    E.parameter_gradients(D.input_gradient(dy))\n"
        "    E.zero_grad()\n",
        "cleared_after",
    ),
    ("autoencoder_step", "E.parameter_gradients(D.input_gradient(dy))", "E.parameter_gradients(D.input_gradient(error))", "raw_error"),
    ("sampling", "return mean / N, (np.exp(log_var) - 1) / (2 * N)", "return 2 * mean / N, (np.exp(log_var) - 1) / (2 * N)", "kl_no_half"),
    ("sampling", "N = len(mean)", "N = mean.size", "kl_by_size"),
    ("sampling", "(np.exp(log_var) - 1) / (2", "(log_var - 1) / (2", "kl_log"),
    ("sampling", "np.exp(0.5 * log_var) * epsilon", "np.exp(0.5 * log_var) * epsilon + 1", "constant_off"),
    ("gan_step", "for x, target in ((real, 1), (G.forward(z_fake), 0)):", "for x, target in ((G.forward(z_fake), 0), (real, 1)):", "fakes_first"),
    (
        "gan_step",
        "    for x, target in ((real, 1), (G.forward(z_fake), 0)):\n"
        "        logits = D.forward(x)\n"
        "        D.zero_grad()\n"
        "        D.parameter_gradients(bce_gradient(logits, target))\n"
        "        update(D)\n"
        "    logits = D.forward(G.forward(z_new))\n"
        "    dfake = D.input_gradient(bce_gradient(logits, 1))\n"
        "    G.zero_grad()\n"
        "    G.parameter_gradients(dfake)\n"
        "    update(G)\n",
        "    logits = D.forward(G.forward(z_new))\n"
        "    dfake = D.input_gradient(bce_gradient(logits, 1))\n"
        "    G.zero_grad()\n"
        "    G.parameter_gradients(dfake)\n"
        "    update(G)\n"
        "    for x, target in ((real, 1), (G.forward(z_fake), 0)):\n"
        "        logits = D.forward(x)\n"
        "        D.zero_grad()\n"
        "        D.parameter_gradients(bce_gradient(logits, target))\n"
        "        update(D)\n",
        "g_first",
    ),
    ("gan_step", "for x, target in ((real, 1), (G.forward(z_fake), 0)):", "for x, target in ((real, 1), (G.forward(z_new), 0)):", "fakes_of_new"),
    ("gan_step", "((real, 1), (G.forward(z_fake), 0))", "((real, 1), (G.forward(z_new), 0))", "fakes_of_new"),
    ("gan_step", "    for x, target", "    z_fake, z_new = z_new, z_fake\n    for x, target", "noises_swapped"),
    ("gan_step", "G.parameter_gradients(dfake)", "G.parameter_gradients(-dfake)", "minus_dfake"),
    (
        "gan_step",
        "    for x, target in ((real, 1), (G.forward(z_fake), 0)):\n"
        "        logits = D.forward(x)\n"
        "        D.zero_grad()\n",
        "    D.zero_grad()\n"
        "    for x, target in ((real, 1), (G.forward(z_fake), 0)):\n"
        "        logits = D.forward(x)\n",
        "d_cleared_once",
    ),
    ("generator_loss", "return (D - 1) / l.size", "return (D - 1) / len(l)", "by_rows"),
    ("generator_loss", "return -D / l.size", "return -1 / (1 - D) / l.size", "by_probability"),
    ("generator_loss", "np.maximum(-l, 0) + ", "", "term_missing"),
    ("generator_loss", "(D - 1) / l.size", "D - 1 / l.size", "parentheses"),
    ("generator_loss", "(D - 1) / l.size", "(D - 1) * D * (1 - D) / l.size", "sigmoid_again"),
    ("generator_loss", "np.mean(np.maximum(-l, 0) + np.log1p(np.exp(-np.abs(l))))", "1 - np.mean(1 / (1 + np.exp(-l)))", "no_logarithm"),
    ("generator_loss", "return -D / l.size", "return -np.sqrt(D / l.size)", "rooted_value"),
    (
        "dcgan_iteration",
        "    update(G)\n    return G.forward(z_show)\n",
        "    images = G.forward(z_show)\n"
        "    update(G)\n"
        "    return images\n",
        "shown_too_early",
    ),
    ("dcgan_iteration", "D.parameter_gradients(bce_gradient(logits, target))", "D.parameter_gradients(bce_gradient(logits, target) / 2)", "halved"),
    ("dcgan_iteration", "G.forward(z_show)", "G.forward(z_new)", "shown_other"),
    ("dcgan_iteration", "    update(G)\n", "", "g_not_updated"),
    ("dcgan_iteration", "    D.zero_grad()\n", "    z_fake, z_new = z_new, z_fake\n    D.zero_grad()\n", "noises_swapped"),
    ("dcgan_iteration", "G.forward(z_fake, training=True)", "G.forward(z_new, training=True)", "fakes_of_new"),
    (
        "dcgan_iteration",
        "    D.zero_grad()\n"
        "    for x, target in ((real, 1), (G.forward(z_fake, training=True), 0)):\n"
        "        logits = D.forward(x, training=True)\n"
        "        D.parameter_gradients(bce_gradient(logits, target))\n"
        "    update(D)\n"
        "    logits = D.forward(G.forward(z_new, training=True), training=True)\n"
        "    G.zero_grad()\n"
        "    G.parameter_gradients(D.input_gradient(bce_gradient(logits, 1)))\n"
        "    update(G)\n",
        "    logits = D.forward(G.forward(z_new, training=True), training=True)\n"
        "    G.zero_grad()\n"
        "    G.parameter_gradients(D.input_gradient(bce_gradient(logits, 1)))\n"
        "    update(G)\n"
        "    D.zero_grad()\n"
        "    for x, target in ((real, 1), (G.forward(z_fake, training=True), 0)):\n"
        "        logits = D.forward(x, training=True)\n"
        "        D.parameter_gradients(bce_gradient(logits, target))\n"
        "    update(D)\n",
        "g_first",
    ),
    ("gradient_penalty", "    s = np.where(x @ W1 + b1 > 0, 1, slope)\n", "    h = x @ W1 + b1\n    s = np.where(h > 0, h, slope * h)\n", "value_of_relu"),
    (
        "gradient_penalty",
        "    P = np.mean((length - 1) ** 2)\n"
        "    u = 2 / len(x) * (length - 1) * g / length\n",
        "    P = np.mean(np.maximum(length - 1, 0) ** 2)\n"
        "    u = 2 / len(x) * np.maximum(length - 1, 0) * g / length\n",
        "one_sided",
    ),
    ("cycle", "logits = D.forward(fake)", "logits = D.forward(again)", "judges_again"),
    (
        "cycle",
        "    dfake = F.backward(weight * np.sign(again - a) / a.size)\n"
        "    dfake = dfake + D.input_gradient(2 * (logits - 1) / logits.size)\n"
        "    G.parameter_gradients(dfake)\n"
        "    return np.mean((logits - 1) ** 2) + weight * np.mean(np.abs(again - a))\n",
        "    dfake = F.backward(weight * np.sign(again - fake) / a.size)\n"
        "    dfake = dfake + D.input_gradient(2 * (logits - 1) / logits.size)\n"
        "    G.parameter_gradients(dfake)\n"
        "    return np.mean((logits - 1) ** 2) + weight * np.mean(np.abs(again - fake))\n",
        "compared_with_fake",
    ),
    ("cycle", "return np.mean((logits - 1) ** 2) + weight * np.mean(np.abs(again - a))", "return weight * np.mean((logits - 1) ** 2) + np.mean(np.abs(again - a))", "weight_on_judge"),
    (
        "cycle",
        "    F.zero_grad()\n"
        "    dfake = F.backward(weight * np.sign(again - a) / a.size)\n"
        "    dfake = dfake + D.input_gradient(2 * (logits - 1) / logits.size)\n"
        "    G.parameter_gradients(dfake)\n",
        "    dfake = F.backward(weight * np.sign(again - a) / a.size)\n"
        "    dfake = dfake + D.input_gradient(2 * (logits - 1) / logits.size)\n"
        "    G.parameter_gradients(dfake)\n"
        "    F.zero_grad()\n",
        "cleared_after",
    ),
    ("cycle", "np.mean((logits - 1) ** 2) + weight", "weight * np.mean((logits - 1) ** 2) + weight", "weight_on_both"),
    ("cycle", "np.mean((logits - 1) ** 2)", "np.sum((logits - 1) ** 2)", "loss_summed"),
]  # fmt: skip
