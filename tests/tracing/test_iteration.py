"""Slow motion must show what happens without changing it."""

import numpy as np
import pytest

from numpygan import (
    DCGAN,
    GAN,
    SGD,
    VAE,
    Adam,
    Autoencoder,
    CycleGAN,
    Dense,
    MeanSquaredError,
    Pix2Pix,
    Sequential,
)
from numpygan.cli import main
from numpygan.models import dense_discriminator, dense_generator
from numpygan.models.base import Model
from numpygan.tracing import describe, slow_motion, trace_calls


def small_gan():
    shape, rng = (4, 4, 1), np.random.default_rng(3)
    networks = dense_generator(shape, 5, 8, rng=rng), dense_discriminator(shape, 8, rng=rng)
    return GAN(*networks, discriminator_updates="separate", rng=rng)


class Teacher(Model):
    """Another kind of model: two networks that learn from one loss, one after the other."""

    def __init__(self):
        self.rng = np.random.default_rng(0)
        self.first = Sequential([Dense(3)], (2,), rng=self.rng, name="first")
        self.second = Sequential([Dense(1)], (3,), rng=self.rng, name="second")
        self.loss = MeanSquaredError()
        self.networks = {"first": self.first, "second": self.second}
        self.optimizers = {"first_optimizer": SGD(0.1), "second_optimizer": Adam()}

    def train_on_batch(self, x, target):
        for network in self.networks.values():
            network.zero_grad()
        loss = self.loss.forward(self.second.forward(self.first.forward(x)), target)
        self.first.backward(self.second.backward(self.loss.backward()))
        self.optimizers["second_optimizer"].update(self.second.flat_params, self.second.flat_grads)
        self.optimizers["first_optimizer"].update(self.first.flat_params, self.first.flat_grads)
        return {"loss": loss}


def images(shape, low=0, n=6):
    return np.random.default_rng(1).uniform(low, 1, (n, *shape)).astype(np.float32)


CASES = {
    "GAN": (small_gan, [images((4, 4, 1), -1)]),
    "DCGAN": (lambda: DCGAN(rng=0), [images((28, 28, 1), -1)]),
    "Autoencoder": (lambda: Autoencoder(rng=0), [images((28, 28, 1))]),
    "denoising": (lambda: Autoencoder(rng=0), [images((28, 28, 1)), images((28, 28, 1)) / 2]),
    "VAE": (lambda: VAE(rng=0), [images((28, 28, 1))]),
    "CycleGAN": (lambda: CycleGAN(rng=0), [images((28, 28, 1), -1, n=2)] * 2),
    "Pix2Pix": (
        lambda: Pix2Pix(image_shape=(16, 16, 1), rng=0),
        [images((16, 16, 1), -1, n=2), images((16, 16, 3), -1, n=2)],
    ),
    "other": (Teacher, [images((2,)), images((1,))]),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_train_on_batch_to_the_last_bit(name):
    build, batch = CASES[name]
    watched, alone = build(), build()
    for _ in range(2):
        assert slow_motion(watched, *batch).measured == alone.train_on_batch(*batch)
    for key, value in alone.snapshot().items():
        assert np.array_equal(value, watched.snapshot()[key]), key
    assert watched.rng.bit_generator.state == alone.rng.bit_generator.state


@pytest.mark.parametrize("name", CASES)
def test_nothing_stays_behind(name):
    build, batch = CASES[name]
    model = build()
    parts = [*model.networks.values(), *model.optimizers.values(), *vars(model).values()]
    before = [set(getattr(part, "__dict__", ())) for part in parts]
    slow_motion(model, *batch)
    with pytest.raises(ValueError):
        slow_motion(model, np.zeros((3, 7), np.float32), *batch[1:])
    assert [set(getattr(part, "__dict__", ())) for part in parts] == before


def test_the_three_stages_of_a_gan():
    gan = small_gan()
    start = gan.snapshot()
    iteration = slow_motion(gan, CASES["GAN"][1][0])
    first, second, third = iteration.stages
    assert [stage.learning() for stage in iteration.stages] == [["discriminator"]] * 2 + [["generator"]]
    assert third.optimizer == "generator_optimizer"

    calls = [stage.calls for stage in iteration.stages]
    asked = [[(c.part, c.method) for c in each if c.method != "forward"] for each in calls]
    learning = [("discriminator", "parameter_gradients")]
    assert asked[:2] == [learning, learning]
    assert asked[2] == [("discriminator", "input_gradient"), ("generator", "parameter_gradients")]

    losses = [call for each in calls for call in each if "Entropy" in call.part]
    assert [call.inputs[1] for call in losses] == [1, 0, 1]  # the targets
    assert (losses[0].output + losses[1].output) / 2 == pytest.approx(iteration.measured["d_loss"])
    assert losses[2].output == iteration.measured["g_loss"]
    assert first.calls[0].inputs[0].shape == (6, 4, 4, 1)
    assert first.calls[0].inputs[0].low == CASES["GAN"][1][0].min()

    for stage in iteration.stages:
        for parameter in stage.parameters:
            learns = parameter.network in stage.learning()
            assert (parameter.gradient is not None) == learns
            assert (parameter.step > 0 and parameter.changed > 0) == learns
    moved = gan.snapshot()["generator/params"] - start["generator/params"]
    steps = [p.step for p in third.parameters if p.network == "generator"]
    np.testing.assert_allclose(np.linalg.norm(steps), np.linalg.norm(moved), rtol=1e-5)
    gradients = [p.gradient for p in third.parameters if p.network == "generator"]
    whole = np.linalg.norm(gan.generator.flat_grads)
    np.testing.assert_allclose(np.linalg.norm(gradients), whole, rtol=1e-5)


def test_what_does_not_move_is_counted():
    x = images((28, 28, 1))
    x[:, 0] = 0  # a black row: its 28 x 256 weights have no gradient, and Adam leaves them alone
    (stage,) = slow_motion(Autoencoder(rng=0), x).stages
    weights = stage.parameters[0]
    assert weights.name == "dense_1.W" and weights.changed <= (784 - 28) * 256
    assert stage.learning() == ["encoder", "decoder"]


def test_running_statistics_are_told_apart_from_learning():
    stages = slow_motion(DCGAN.book(rng=0), images((28, 28, 1), -1)).stages
    assert all(name.startswith("discriminator batch_normalization_") for name in stages[0].state)
    assert "discriminator batch_normalization_1.moving_mean" in stages[2].state  # and yet no weight moved
    assert all(p.changed == 0 for p in stages[2].parameters if p.network == "discriminator")


def test_the_text_says_who_learns_and_who_does_not():
    lines = []
    describe(slow_motion(small_gan(), CASES["GAN"][1][0]), print_fn=lines.append)
    text = "\n".join(lines)
    assert "1. discriminator learns, with discriminator_optimizer" in text
    assert "discriminator: not asked to learn; 0 of its parameters changed" in text
    assert "what shall I tell the layer below?" in text and "target 0" in text
    assert "d_loss" in lines[-1]


@pytest.mark.parametrize(
    "name, words",
    [("gan", "generator learns"), ("vae", "GaussianKL"), ("ae", "dx (4, 32)"), ("cyclegan", "G, F learn")],
)
def test_the_command(name, words, capsys):
    assert main(["step", name, "--batch-size", "4"]) == 0
    text = capsys.readouterr().out
    assert words in text
    assert text.index("dy is the gradient") < text.index("1. ")  # explained before it is used


def test_the_command_on_a_trained_model(tmp_path, capsys):
    from numpygan.checkpoint import save

    gan = GAN(rng=0)
    row = gan.train_on_batch(images((28, 28, 1), -1))
    gan.history.append(row)
    save(gan, tmp_path / "model.npz")
    before = (tmp_path / "model.npz").read_bytes()
    assert main(["step", str(tmp_path), "--batch-size", "4"]) == 0
    assert "GAN, iteration 2, on 4 digits" in capsys.readouterr().out
    assert (tmp_path / "model.npz").read_bytes() == before
    assert main(["step", str(tmp_path / "nowhere")]) == 2


@pytest.mark.slow
def test_the_command_on_a_cyclegan_takes_the_domains_of_its_run(tmp_path, capsys):
    from numpygan.checkpoint import save
    from numpygan.datasets import load_domains
    from numpygan.models import resnet_generator

    a, b = load_domains("colour")
    G = resnet_generator(a.shape[1:], b.shape[-1], filters=2, blocks=1, rng=0, name="G")
    save(CycleGAN(G, rng=0), tmp_path / "model.npz")
    (tmp_path / "settings.json").write_text('{"domains": "colour"}')
    assert main(["step", str(tmp_path), "--batch-size", "2"]) == 0
    assert "CycleGAN, iteration 1, on 2 images of each domain" in capsys.readouterr().out


def test_one_may_watch_while_another_watches():
    layer, outer, inner = Dense(2).build((3,), rng=0), [], []
    x = np.ones((1, 3), np.float32)
    with trace_calls([layer], ["forward"], lambda *seen: outer.append(seen)):
        with trace_calls([layer], ["forward"], lambda *seen: inner.append(seen)):
            layer.forward(x)
        layer.forward(x)
    layer.forward(x)
    assert (len(outer), len(inner)) == (2, 1)
