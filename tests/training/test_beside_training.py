"""What other threads may do to a model that is being trained, and what is refused."""

import copy
import os
import threading

import numpy as np
import pytest

from numpygan import (
    DCGAN,
    GAN,
    VAE,
    Autoencoder,
    BatchNormalization,
    ConditionalGAN,
    ConditionalVAE,
    Conv2D,
    CycleGAN,
    Dense,
    Dropout,
    Flatten,
    LeakyReLU,
    Reshape,
    Residual,
    Sequential,
    SpectralNormalization,
    Tanh,
)
from numpygan.models import Classifier
from numpygan.training import Callback

IMAGE = (4, 4, 1)
X = np.random.default_rng(0).uniform(0, 1, (12, *IMAGE)).astype(np.float32)
LABELS = np.arange(12) % 2


def in_another_thread(action):
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()


def players():
    G = [Dense(8), BatchNormalization(), LeakyReLU(), Dropout(0.2), Dense(16), Tanh(), Reshape(IMAGE)]
    D = [
        Residual([Conv2D(1, 3, padding="same"), Tanh()]),
        SpectralNormalization(Conv2D(3, 3)),
        Flatten(),
        Dense(1),
    ]
    return Sequential(G, (3,), rng=0), Sequential(D, IMAGE, rng=1)


def translators():
    nets = [Sequential([Flatten(), Dense(16), Tanh(), Reshape(IMAGE)], IMAGE, rng=k) for k in (0, 1)]
    return [*nets, *(Sequential([Flatten(), Dense(1)], IMAGE, rng=k) for k in (2, 3))]


def classifier():
    return Classifier(
        Sequential([Sequential([Flatten(), Dense(6), LeakyReLU()]), Dense(3)], IMAGE, rng=0), rng=0
    )


# model, the loss that is asked in the middle of an iteration, a step, what another thread draws meanwhile
CASES = {
    "GAN": (
        lambda: GAN(*players(), averaging=0, rng=0), "loss", lambda m: m.train_on_batch(X),
        lambda m: (m.generate_from(np.ones((5, 3))), m.discriminate(X[:5])),
    ),
    "GAN, the generator's step": (
        lambda: GAN(*players(), averaging=0, rng=0), "generator_loss", lambda m: m.train_on_batch(X),
        lambda m: (m.generate(5, rng=1, averaged=False), m.discriminate(X[:5])),
    ),
    "DCGAN": (
        lambda: DCGAN(*players(), averaging=0, rng=0), "loss", lambda m: m.fit_on_batch(X),
        lambda m: (m.generate_from(np.ones((5, 3))), m.discriminate(X[:5])),
    ),
    "ConditionalGAN": (
        lambda: ConditionalGAN(image_shape=IMAGE, classes=2, averaging=0, rng=0), "loss",
        lambda m: m.train_on_batch(X, LABELS),
        lambda m: (m.generate(5, rng=1), m.discriminate(X[:5], LABELS[:5])),
    ),
    "Autoencoder": (
        lambda: Autoencoder(image_shape=IMAGE, rng=0), "loss", lambda m: m.train_on_batch(X),
        lambda m: m.reconstruct(X[:5]),
    ),
    "VAE": (
        lambda: VAE(image_shape=IMAGE, rng=0), "likelihood", lambda m: m.train_on_batch(X),
        lambda m: (m.reconstruct(X[:5]), m.generate(5, rng=1)),
    ),
    "ConditionalVAE": (
        lambda: ConditionalVAE(image_shape=IMAGE, classes=2, rng=0), "likelihood",
        lambda m: m.train_on_batch(X, LABELS),
        lambda m: (m.reconstruct(X[:5], LABELS[:5]), m.generate(5, rng=1)),
    ),
    "CycleGAN": (
        lambda: CycleGAN(*translators(), averaging=0, rng=0), "adversarial_loss", lambda m: m.train_on_batch(X, X),
        lambda m: (m.to_b(2 * X[:5] - 1), m.to_a(2 * X[:5] - 1)),
    ),
    "Classifier": (
        classifier, "loss", lambda m: m.train_on_batch(X, LABELS), lambda m: (m.predict(X[:5]), m.features(X[:5])),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "loss", "step", "draw"), CASES.values(), ids=CASES)
def test_drawing_in_the_middle_of_an_iteration_changes_nothing(make, loss, step, draw):
    undisturbed, disturbed = make(), make()
    asked, drawn = getattr(disturbed, loss), []
    forward = asked.forward

    def forward_while_others_draw(*arguments):
        in_another_thread(lambda: drawn.append(draw(disturbed)))
        return forward(*arguments)

    asked.forward = forward_while_others_draw
    for _ in range(3):
        assert step(undisturbed) == step(disturbed)
    assert len(drawn) >= 3  # no error in the other thread
    after, expected = disturbed.snapshot(), undisturbed.snapshot()
    for key, array in expected.items():
        np.testing.assert_array_equal(after[key], array, err_msg=key)


def test_a_prediction_leaves_what_the_gradients_need():
    G, D = players()
    z = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
    dy = np.ones((6, *IMAGE), np.float32)
    G.forward(z, training=True)
    before = G.input_gradient(dy)
    G.predict(z[:2])
    np.testing.assert_array_equal(G.input_gradient(dy), before)
    np.testing.assert_array_equal(D.predict(X), D.forward(X))


class Pause(Callback):
    """Waits in the first iteration until it is told to go on."""

    def __init__(self):
        self.reached, self.go_on = threading.Event(), threading.Event()

    def after_iteration(self, iteration, model, history):
        self.reached.set()
        assert self.go_on.wait(20)


def fit(model, **more):
    return model.fit(2 * X - 1, iterations=2, batch_size=4, progress=False, **more)


def test_a_second_fit_of_one_model_is_refused_while_the_first_runs():
    gan, pause = GAN(*players(), rng=0), Pause()
    thread = threading.Thread(target=fit, args=[gan], kwargs={"callbacks": [pause]})
    thread.start()
    try:
        assert pause.reached.wait(20)
        before = gan.snapshot()
        with pytest.raises(
            RuntimeError, match=r"being trained already, .* or train a copy, copy.deepcopy\(model\)"
        ):
            fit(gan)
        for key, array in gan.snapshot().items():
            np.testing.assert_array_equal(array, before[key])
        assert len(fit(copy.deepcopy(gan))) == 3  # the cure; the copy has one iteration already
        fit(GAN(*players(), rng=0))  # another model
    finally:
        pause.go_on.set()
        thread.join()
    assert len(fit(gan)) == 4


def test_a_fit_within_a_fit_is_refused_and_the_model_is_free_afterwards():
    class Inner(Callback):
        def after_iteration(self, iteration, model, history):
            fit(model)

    gan = GAN(*players(), rng=0)
    with pytest.raises(RuntimeError, match="being trained already"):
        fit(gan, callbacks=[Inner()])
    fit(gan)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_forked_during_training_may_train_its_own_copy():
    gan, pause = DCGAN(*players(), rng=0), Pause()
    thread = threading.Thread(target=fit, args=[gan], kwargs={"callbacks": [pause]})
    thread.start()
    assert pause.reached.wait(20)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            fit(gan)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    pause.go_on.set()
    thread.join()
    assert status == 0


def test_a_prediction_within_a_spectrally_normalised_pass_is_not_normalised_twice():
    class Asked(Dense):
        def forward(self, x, training=False):
            if training:
                in_another_thread(lambda: drawn.append(net.predict(np.eye(3))))
            return super().forward(x, training)

    drawn, net = [], Sequential([SpectralNormalization(Asked(4))], (3,), rng=0)
    net.forward(np.eye(3), training=True)
    np.testing.assert_array_equal(drawn[0], net.predict(np.eye(3)))
