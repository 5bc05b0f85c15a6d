"""CycleGAN: from one kind of image to another, without a single pair of both.

    G   a -> G(a)   an image of domain A as one of domain B, a horse as a zebra
    F   b -> F(b)   the way back
    D_B  tells images b from G(a), patch by patch;  D_A  tells images a from F(b)

That D_B takes G(a) for real says only that it is some zebra. What makes it the zebra of this horse
is the demand that F can turn it back: then nothing that tells one horse from another may be lost on
the way. The generators descend one loss together,

    L =  |D_B(G(a)) - 1|^2   +  |D_A(F(b)) - 1|^2     adversarial: look real
      +  w |F(G(a)) - a|     +  w |G(F(b)) - b|       cycle: come back
      +  v |G(b) - b|        +  v |F(a) - a|          identity: leave alone what is right

each a mean over all elements, and each discriminator L_D = (|D(real) - 1|^2 + |D(fake)|^2) / 2.

G occurs in L in four places, so its gradient is a sum of four:

    1. adversarial:       D_B says in which direction each pixel of G(a) would look more real
    2. cycle:             F says in which direction each pixel of G(a) would bring a back
    3. the other cycle:   the error of G(F(b)) itself; F made the input, G the output
    4. identity:          the error of G(b) itself

1 and 2 are both gradients with respect to the image G(a), and are added there; all of them add up in
G's `grads`. The same holds for F, with A and B exchanged.

A layer remembers one forward pass, and G is used on a, on F(b) and on b. So each use must have been
asked for its gradients before the next use begins. One order does it without computing anything
twice: go around a -> G -> F and back along it; then around b -> F -> G and back; then the
identities, one by one. `_around` is the first two.

Source: Zhu, Park, Isola & Efros 2017, eqs. 1 to 3 and section 5.2 (identity); least
squares: Mao et al. 2017. docs/cyclegan.md lists what is different here, and why.
"""

import numpy as np

from .. import losses
from ..losses import MeanAbsoluteError, MeanSquaredError
from ..optimizers import Adam
from ..saving.architecture import find_class
from ..training import History, LinearDecay, UnpairedBatches, require_finite, squared_norm, train
from ..validation import number
from .averaging import averages_of
from .base import Model
from .cyclegan_networks import add_networks, check_networks
from .data import check_batch, check_images, image_shape_for
from .image_buffer import ImageBuffer
from .parts import named, player_optimizers, require_loss, require_networks
from .shared_parameters import bind, join, require_bound
from .translation_errors import cycle_errors, translation_errors


class CycleGAN(Model):
    """Two generators and two discriminators.

    Args:
        G, F: networks from images of A to images of B and back; resnet_generator() if
            None, for the shapes that the other one has.
        image_shape: (H, W, C) of both domains, if neither G nor F is given; (28, 28, 1) if None.
        D_A, D_B: networks from images to logits, one for an image or one for each patch of it, (N, ...);
            patch_discriminator() if None.
        adversarial_loss: of the discriminators' outputs, against 1 for real and 0 for fake:
            MeanSquaredError() if None, or BinaryCrossEntropyFromLogits().
        cycle_weight: w above. With 0, nothing ties G(a) to a.
        identity_weight: v above; if None, half of the cycle's weight, or 0 if A and B differ in shape,
            because then G(b) cannot be b.
        buffer_size: past fakes that each discriminator is shown again; see ImageBuffer.
        averaging: decay of the running mean of the generators' parameters, used to translate; 0 for none.
        generator_optimizer, discriminator_optimizer: Adam(2e-3, beta_1=0.5) if None. One serves both
            generators, whose loss is one; one both discriminators.
        rng: numpy Generator, or a seed: initial parameters, order of the data, the buffers' draws.
    """

    def __init__(
        self, G=None, F=None, D_A=None, D_B=None, *, image_shape=None, adversarial_loss=None,
        cycle_weight=10.0, identity_weight=None, buffer_size=50, averaging=0.999,
        generator_optimizer=None, discriminator_optimizer=None, rng=None,
    ):  # fmt: skip
        require_networks(G=G, F=F, D_A=D_A, D_B=D_B)
        self.cycle_weight = number("CycleGAN", "cycle_weight", cycle_weight, "[0, inf)")
        self.rng = rng = np.random.default_rng(rng)
        self.sample_shape = image_shape_for(image_shape, draws=None if G else F, judges=G)
        self.G, self.F, self.D_A, self.D_B = add_networks(G, F, D_A, D_B, self.sample_shape, rng=rng)
        a_shape, b_shape = self.G.input_shape, self.G.output_shape
        if identity_weight is None:
            identity_weight = self.cycle_weight / 2 if a_shape == b_shape else 0
        self.identity_weight = number("CycleGAN", "identity_weight", identity_weight, "[0, inf)")
        check_networks(self.G, self.F, self.D_A, self.D_B, self.identity_weight)
        self.adversarial_loss = MeanSquaredError() if adversarial_loss is None else adversarial_loss
        require_loss("CycleGAN", "adversarial_loss", self.adversarial_loss)
        self.cycle_loss, self.identity_loss = MeanAbsoluteError(), MeanAbsoluteError()
        self.networks = named({"G": self.G, "F": self.F, "D_A": self.D_A, "D_B": self.D_B})
        self.generator_params, self.generator_grads = join([self.G, self.F])
        self.discriminator_params, self.discriminator_grads = join([self.D_A, self.D_B])
        self.optimizers = player_optimizers(
            generator_optimizer, discriminator_optimizer, default=lambda: Adam(2e-3, beta_1=0.5)
        )
        self.generator_optimizer, self.discriminator_optimizer = self.optimizers.values()
        self.averaging = number("CycleGAN", "averaging", averaging, "[0, 1)")
        self.averages = averages_of(self.networks, ["G", "F"], averaging)
        self.fakes_a, self.fakes_b = (ImageBuffer(buffer_size, s, self.G.dtype) for s in (a_shape, b_shape))
        self.buffers = {"fakes_a": self.fakes_a, "fakes_b": self.fakes_b}
        self.history = History()

    def __setstate__(self, attributes):
        # A deep copy holds the networks and the vectors as strangers: join them again.
        self.__dict__.update(attributes)
        bind([self.G, self.F], self.generator_params, self.generator_grads)
        bind([self.D_A, self.D_B], self.discriminator_params, self.discriminator_grads)

    # --- one iteration ------------------------------------------------------------

    def train_on_batch(self, a, b):
        """Take one step with each network; a is (N, *shape of A), b (N, *shape of B).

        Returns a dict: "g_loss", the generators' L; its terms without their weights, each named after the
        domain it is measured in; and the discriminators' losses.
        """
        measured, fake_a, fake_b = self.compute_generator_gradients(a, b)
        self.generator_optimizer.update(self.generator_params, self.generator_grads)
        fake_a, fake_b = self.fakes_a.exchange(fake_a, self.rng), self.fakes_b.exchange(fake_b, self.rng)
        measured |= self.compute_discriminator_gradients(a, b, fake_a, fake_b)
        self.discriminator_optimizer.update(self.discriminator_params, self.discriminator_grads)
        self.update_averages()
        return measured

    def compute_generator_gradients(self, a, b):
        """Leave dL/dparams in `generator_grads`; return the losses, F(b) and G(a) (eq. 3.35)."""
        require_bound([self.G, self.F], self.generator_params)
        require_bound([self.D_A, self.D_B], self.discriminator_params)
        a = check_batch(a, self.F.output_range, name="a")
        b = check_batch(b, self.G.output_range, name="b")
        self.require_batch(min(len(a), len(b)))
        self.generator_grads.fill(0)
        fake_b, adversarial_b, cycle_a = self._around(a, self.G, self.D_B, self.F)
        fake_a, adversarial_a, cycle_b = self._around(b, self.F, self.D_A, self.G)
        terms = {"adversarial_a": adversarial_a, "adversarial_b": adversarial_b}
        terms |= {"cycle_a": cycle_a, "cycle_b": cycle_b}
        loss = adversarial_a + adversarial_b + self.cycle_weight * (cycle_a + cycle_b)
        if self.identity_weight:
            terms["identity_a"] = self._leave_alone(a, self.F)
            terms["identity_b"] = self._leave_alone(b, self.G)
            loss += self.identity_weight * (terms["identity_a"] + terms["identity_b"])
        require_finite(squared_norm(self.generator_grads), [self.G, self.F], a, self.cycle_loss, a)
        return {"g_loss": loss, **terms}, fake_a, fake_b

    def _around(self, x, there, D, back):
        """Go x -> fake -> x again, and back along it; return fake and both losses (eq. 3.36).

        For x = a: `there` is G, `back` is F, D is D_B. The numbers are those of the list at the top.
        """
        fake = there.forward(x, training=True)
        again = back.forward(fake, training=True)
        cycle = self.cycle_loss.forward(again, x)
        require_finite(cycle, [there, back], x, self.cycle_loss, x)
        adversarial = self.adversarial_loss.forward(D.forward(fake, training=True), 1)
        require_finite(adversarial, [there, D], x, self.adversarial_loss, 1)

        dagain = self.cycle_weight * self.cycle_loss.backward()
        dfake = back.backward(dagain)  # 3. into `back`;  2. what it tells `there`
        dfake = dfake + D.input_gradient(self.adversarial_loss.backward())  # 1. the second question only
        there.parameter_gradients(dfake)  # 1. and 2. into `there`
        return fake, adversarial, cycle

    def _leave_alone(self, x, generator):
        """Add the gradient of the identity loss of x, which is in the domain that comes out."""
        loss = self.identity_loss.forward(generator.forward(x, training=True), x)
        require_finite(loss, [generator], x, self.identity_loss, x)
        generator.parameter_gradients(self.identity_weight * self.identity_loss.backward())  # 4.
        return loss

    def compute_discriminator_gradients(self, a, b, fake_a, fake_b):
        """Leave the gradients of both L_D in `discriminator_grads`; return the losses."""
        self.discriminator_grads.fill(0)
        measured = {"d_a_loss": 0.0, "d_b_loss": 0.0}
        for key, D, real, fake in (("d_a_loss", self.D_A, a, fake_a), ("d_b_loss", self.D_B, b, fake_b)):
            for x, target in ((real, 1), (fake, 0)):
                loss = self.adversarial_loss.forward(D.forward(x, training=True), target)
                require_finite(loss, [D], x, self.adversarial_loss, target)
                D.parameter_gradients(0.5 * self.adversarial_loss.backward())
                measured[key] += 0.5 * loss
            require_finite(squared_norm(D.flat_grads), [D], real, self.adversarial_loss, 1)
        return measured

    # --- a whole training ---------------------------------------------------------

    def fit(
        self, a, b, *, iterations=2000, batch_size=8, decay=0.5, callbacks=(), progress=True,
        checkpoint=None, resume=None,
    ):  # fmt: skip
        """Train on unpaired images a (N, *shape of A) and b (M, *shape of B); return the History.

        Called again, it continues where it stopped. Ctrl-C stops it and keeps what was learnt; a loss that
        becomes NaN raises DivergenceError.

        Args:
            decay: the share of the iterations, the last ones, over which the learning rates fall
                linearly to zero; see LinearDecay. 0 leaves them as they are.
            callbacks, progress, checkpoint, resume: as for `GAN.fit`.
        """
        batches = UnpairedBatches(self._check("a", a), self._check("b", b), batch_size, self.rng)
        callbacks = [*([LinearDecay(iterations, decay=decay)] if decay else []), *callbacks]
        return train(
            self, batches, iterations, self.history, callbacks=callbacks, progress=progress,
            show=("cycle_a", "cycle_b"), checkpoint=checkpoint, resume=resume,
        )  # fmt: skip

    def _check(self, name, x):
        """Return images of domain "a" or "b" as a float array, or raise an error."""
        maker = self.F if name == "a" else self.G
        return check_images(x, maker.output_shape, maker.output_range, name=name)

    def parameters_of(self, optimizer):
        return self.generator_params if optimizer == "generator_optimizer" else self.discriminator_params

    def config(self):
        weights = {"cycle_weight": self.cycle_weight, "identity_weight": self.identity_weight}
        rest = {"buffer_size": self.fakes_a.size, "averaging": self.averaging}
        return {"adversarial_loss": type(self.adversarial_loss).__name__, **weights, **rest}

    @classmethod
    def from_parts(cls, networks, optimizers, config, rng):
        loss = find_class(config["adversarial_loss"], losses.Loss, vars(losses))()
        return cls(**networks, **optimizers, **{**config, "adversarial_loss": loss}, rng=rng)

    # --- using it -----------------------------------------------------------------

    def to_b(self, a, *, averaged=True):
        """Return G(a), images of B, for images a (N, *shape of A), by averaged parameters or the latest."""
        return self.network_for_drawing("G", averaged).predict(self._check("a", a))

    def to_a(self, b, *, averaged=True):
        """Return F(b), images of A, for images b (N, *shape of B)."""
        return self.network_for_drawing("F", averaged).predict(self._check("b", b))

    translate = to_b  # the name by which every model that translates can be asked

    def cycle_errors(self, a, b):
        """Return |F(G(a)) - a| and |G(F(b)) - b| of unpaired images: "cycle_a" (N,), "cycle_b" (M,).

        Without pairs nothing more can be measured: what was lost on the way, not whether G(a) is right.
        """
        return cycle_errors(self, self._check("a", a), self._check("b", b))

    def evaluate(self, a, b):
        """Return the means of `errors`, a float each, over all images."""
        return {name: float(error.mean(dtype=np.float64)) for name, error in self.errors(a, b).items()}

    def errors(self, a, b):
        """Return mean absolute errors, (N,) each, of pairs: b[n] is what a[n] should become; in [-1, 1].

            "error_b"      |G(a) - b|       "error_a"     |F(b) - a|
            "cycle_a"      |F(G(a)) - a|    "cycle_b"     |G(F(b)) - b|
            "unchanged"    |a - b|, what doing nothing would give, if A and B have one shape

        Nothing of this is known in a real task: there are no pairs, except for the cycles.
        """
        return translation_errors(self, self._check("a", a), self._check("b", b))
