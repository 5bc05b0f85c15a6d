"""Every threshold of the diagnosis, with the reason for it.

They were chosen so that every failure of examples/30_failures.py is named and no healthy
run is flagged; `python examples/30_failures.py --seeds 5` counts both. (On a processor
that rounds differently the same seeds give other runs, and one or two may be missed.)
"""

# --- curves -------------------------------------------------------------------------

EARLY = 100  # iterations; until then the curves say more about the initial weights than about the game
RECENT = 1000  # iterations that are judged, at most; and at most the last quarter of the run

WON_ACCURACY = 0.98  # mean of D's two median accuracies: it errs on fewer than one sample in fifty
WON_D_FAKE = 0.02  # D(G(z)): D gives fakes a probability below one in fifty

BLOCKS = 25  # the second half of a run is averaged over this many blocks, to see slow swings and no noise
SWING = 0.3  # standard deviation of the blocks of g_loss, detrended: D(G(z)) changes by e^0.3 = 1.35
TURNS = 4  # crossings of the trend: a single jump, detrended, crosses it three times

WON_LOSS = 0.01  # of a CycleGAN's discriminators; at equilibrium 1/4 (least squares), log 2 (cross-entropy)
WON_ADVERSARIAL = 0.9  # loss of a generator whose fakes are all scored as fakes: 1 by least squares

FLAT = 0.01  # change of a GAN's losses over three windows, as in StopOnPlateau
FLAT_SHARE = 0.01  # the same for a loss that measures quality, relative to its value
FLAT_WINDOW = 200  # iterations in each of the three windows, at least

NEAR_HALF = 0.1  # |D(x) - 1/2| and |D(G(z)) - 1/2|
NEAR_LOG_2 = 0.15  # |loss - log 2|; a probability of 0.43 in place of 0.5 costs log(0.5 / 0.43) = 0.15

# --- networks -----------------------------------------------------------------------

SAMPLES = 256  # to measure with: the chance that a tenth of the data is absent is 0.9^256 = 2e-12
TRANSLATIONS = 64  # of those in a CycleGAN's step, whose networks each passes six times, or a Pix2Pix's

FIRST_STEP = 1.5  # learning rates; Adam's first step is exactly one (Kingma & Ba 2015, section 2.1)
GROWTH = 8.0  # size of W over He's sqrt(2 / fan_in); rates 50 times too high soon make it 40
SOUND_STEPS = 20_000  # after which the default GAN's is 5; from there it grows as the root of the steps
DEAD = 0.7  # of a layer's ReLUs; a healthy autoencoder has up to 0.4, one with a huge first step 0.9
DEPTH_RATIO = 1e4  # of gradients between layers: float32 has 7 digits
SATURATED = 0.1  # of the gradient that -log D(G(z)) would give
UNUSED_NATS = 0.01  # KL of an inactive latent, as Burda, Grosse & Salakhutdinov 2016 count them

# --- samples ------------------------------------------------------------------------

DISTANCE = 0.2  # mean distance between samples, over that between real ones
NEIGHBOUR = 0.1  # distance to the nearest other sample, likewise: below, they are near copies
REGIONS = 10  # regions into which data without classes is divided
TYPICAL = (0.02, 0.98)  # quantiles of a real sample's distance from the centre of its region
RECOGNISED = 0.5  # share of recognised samples, below which their regions are not judged
COMMON_CLASS = 8  # real samples; the chance that as many generated ones have none of the class is e^-8 = 3e-4
FEWER_REGIONS = 0.5  # effective number of regions in the samples, over that in the data: no equilibrium
COLLAPSED_REGIONS = 0.2  # the same: a collapse
