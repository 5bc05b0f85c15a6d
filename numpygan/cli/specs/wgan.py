"""`numpygan train wgan`: the dense GAN with a critic, whose loss is a distance."""

from ...models import WGAN
from ...optimizers import Adam
from .. import options
from .gan import GANSpec


class WGANSpec(GANSpec):
    name, model = "wgan", WGAN
    summary = "the Wasserstein GAN, with a gradient penalty, on handwritten digits or other images"
    iterations, batch_size, beta_1 = 5_000, 64, 0.0
    sample_interval, diagnose_every = 250, 500
    quick = 100, 20
    legend = "distance: the critic's mean score of real samples less that of fakes."

    def add_network_options(self, add):
        add("--learning-rate", options.rate, 5e-4, "Adam's learning rate, both networks")
        add("--hidden", options.count, 128, "units in the hidden layer of each network")

    def add_game_options(self, add):
        add("--n-critic", options.count, 2, "critic steps for each generator step, a mini-batch each")
        add("--penalty", options.weight, 10.0, "weight of the penalty on the critic's slope; 0: none")
        add("--clip", options.weight, 0.0, "the largest size of a parameter of the critic; 0: any")

    def game(self, settings):
        return {"n_critic": settings.n_critic, "penalty": settings.penalty, "clip": settings.clip}

    def load(self, settings):
        images = settings.n_critic * settings.batch_size  # that an iteration takes
        return super().load(options.replaced(settings, batch_size=images))

    def optimizer(self, settings, player):
        rate = vars(settings)[f"{player}_learning_rate"] or settings.learning_rate
        return Adam(rate, beta_1=settings.beta_1, beta_2=0.9)

    def curves(self, model):
        from ...plotting import plot_wgan_history

        return plot_wgan_history(model.history) if len(model.history) else None
