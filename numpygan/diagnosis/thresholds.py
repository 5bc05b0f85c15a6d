"""From where on something is called trouble: all numbers, each with its reason.

They were chosen so that every failure of examples/30_failures.py is named and no healthy
run is accused; `python examples/30_failures.py --seeds 5` counts both. (A processor that
rounds otherwise makes other runs of the same seeds, and may miss one or two.)
"""

# --- curves -------------------------------------------------------------------------

EARLY = 100  # iterations, before which the curves say more about the start than about the game
RECENT = 1000  # iterations that are judged, at most; and at most the last quarter of all

WON_ACCURACY = 0.98  # mean of the two medians: it errs in less than every fiftieth sample
WON_BELIEF = 0.02  # D(G(z)): it takes not even one fake in fifty for real

BLOCKS = 25  # the second half of a run is cut into so many means, to see slow swings and no noise
SWING = 0.3  # standard deviation of those of g_loss, without their trend: D(G(z)) changes by e^0.3 = 1.35
TURNS = 4  # crossings of their trend: a jump, without its trend, crosses it three times

WON_LOSS = 0.01  # of a CycleGAN's discriminators; a draw is 1/4 by least squares, log 2 by cross-entropy
WON_ADVERSARIAL = 0.9  # loss of a generator whose fakes are all scored as fakes: 1 by least squares

FLAT = 0.01  # change of a GAN's losses over three windows; as StopOnPlateau has it
FLAT_SHARE = 0.01  # the same for a loss that measures quality, as a share of it
FLAT_WINDOW = 200  # iterations in each of the three windows, at least

NEAR_HALF = 0.1  # |D(x) - 1/2| and |D(G(z)) - 1/2|
NEAR_LOG_2 = 0.15  # |loss - log 2|; a belief of 0.43 in place of 0.5 costs log(0.5 / 0.43) = 0.15

# --- networks -----------------------------------------------------------------------

PROBE = 256  # samples to look at: a class of a tenth then has none by chance of 0.9^256 = 2e-12

TRANSLATED = 64  # of them in a CycleGAN's step: four networks, and every image passes six times

FIRST_STEP = 1.5  # learning rates; Adam's first step is exactly one (Kingma & Ba 2015, section 2.1)
GROWTH = 8.0  # size of W over He's sqrt(2 / fan_in); rates 50 times too high soon make it 40
SOUND_STEPS = 20_000  # after which the default GAN's is 5; it goes on about as the root of the steps
DEAD = 0.7  # of a layer's ReLUs; a sound autoencoder has up to 0.4, one that jumped at the start 0.9
DEPTH_RATIO = 1e4  # of gradients between layers: float32 has 7 digits
SATURATED = 0.1  # of the gradient that -log D(G(z)) would give
UNUSED_NATS = 0.01  # KL of a latent that says nothing, as Burda, Grosse & Salakhutdinov 2016 count them

# --- samples ------------------------------------------------------------------------

DIVERSITY = 0.2  # mean distance between samples, over that between real ones
NEIGHBOURS = 0.1  # distance to the nearest other sample, the same way: below, they are near copies
REGIONS = 10  # parts into which the data is cut where there are no classes
TYPICAL = (0.02, 0.98)  # quantiles of a real sample's distance from the centre of its region
RECOGNISED = 0.5  # share of the samples from which on it is asked which regions they fill
OFTEN = 8  # real samples of a class, from which on none drawn is no chance: of as many drawn, e^-8 = 3e-4
PLAINLY_FEWER = 0.5  # effective number of regions in the samples, over that in the data: no equilibrium
COVERED = 0.2  # effective number of regions or classes in the samples, over that in the data
