"""Arguments as Keras names them, and what to write instead: tables of {word: sentence}.

In a sentence {call} stands for what was typed without the word, such as Dense(784), {kind} for its
class, {word} for the word and {value} for what was given with it.
"""

# Another spelling of the same argument, by class or one of its bases.
SPELLINGS = {
    "Dense": {"kernel_initializer": "initializer"},
    "Conv2D": {"kernel_initializer": "initializer"},
    "Conv2DTranspose": {"kernel_initializer": "initializer"},
    "LeakyReLU": {"alpha": "negative_slope"},
    "Optimizer": {"lr": "learning_rate"},
}

# Values that ask for what is done anyway: such a word is passed over.
ANYWAY = {
    "activation": (None, "linear"), "activity_regularizer": (None,), "amsgrad": (False,), "axis": (-1,),
    "beta_initializer": ("zeros",), "bias_constraint": (None,), "bias_initializer": ("zeros",),
    "bias_regularizer": (None,), "center": (True,), "centered": (False,), "clipnorm": (None,),
    "clipvalue": (None,), "data_format": (None, "channels_last"), "decay": (0,), "dilation_rate": (1, (1, 1)),
    "from_logits": (False,), "gamma_initializer": ("ones",), "groups": (1,), "interpolation": ("nearest",),
    "kernel_constraint": (None,), "kernel_regularizer": (None,), "label_smoothing": (0,), "momentum": (0,),
    "moving_mean_initializer": ("zeros",), "moving_variance_initializer": ("ones",), "nesterov": (False,),
    "noise_shape": (None,), "output_padding": (None,), "scale": (True,), "seed": (None,), "shuffle": (True,),
    "trainable": (True,), "use_bias": (True,), "validation_split": (0,), "weight_decay": (None,),
}  # fmt: skip

FROZEN = (
    "nothing is frozen here: ask the discriminator only for its input_gradient, see page 3.8 of the book. "
    "A GAN does that by itself, so leave this out"
)
LEAVE_OUT = "{kind} has no such argument here: leave it out and write {call}"
NO_PENALTY = "there is no penalty on weights or outputs here: write {call}"
NO_LIMIT = "no weight is limited here, but SpectralNormalization({call}) limits all of them together"
CLIP = "clip the gradients before the step: np.clip(net.flat_grads, -1, 1, out=net.flat_grads)"
SCALED = "gamma and beta are always there: write {call}"
START = "once the network is built, set layer.params['gamma'], ['beta'] or ['b']: layer.params['b'] = array"

ACTIVATION = {
    "relu": "a layer is one function here: put ReLU() after {call}",
    "tanh": "a layer is one function here: put Tanh() after {call}",
    "sigmoid": (
        "a layer is one function here: put Sigmoid() after {call}, or nothing at the end of a discriminator, "
        "whose loss takes logits"
    ),
    "leaky_relu": "a layer is one function here: put LeakyReLU(0.2) after {call}",
    "softmax": "end in {call}, without softmax, and take SoftmaxCrossEntropy(), which works on logits",
    "": "a layer is one function here: put LeakyReLU(0.2) or a layer of your own (page 4.1) after {call}",
}

ARGUMENTS = {
    "activity_regularizer": NO_PENALTY,
    "amsgrad": LEAVE_OUT,
    "axis": "the last axis, the channels, is normalised: write {call}",
    "beta_initializer": START,
    "bias_constraint": NO_LIMIT,
    "bias_initializer": START,
    "bias_regularizer": NO_PENALTY,
    "center": SCALED,
    "centered": LEAVE_OUT,
    "clipnorm": CLIP,
    "clipvalue": CLIP,
    "data_format": "images are (N, H, W, C) here: np.moveaxis(x, 1, -1) puts the channels last",
    "decay": "learning_rate may be changed between steps; in fit, LinearDecay(2000) among the callbacks does it",
    "dilation_rate": LEAVE_OUT,
    "dtype": "all layers of a network have one dtype: Sequential(layers, input_shape, dtype=np.float64)",
    "from_logits": "BinaryCrossEntropyFromLogits() takes logits, BinaryCrossEntropy() takes probabilities",
    "gamma_initializer": START,
    "groups": LEAVE_OUT,
    "inputs": "a network is one chain of layers: Sequential(layers, input_shape=(100,))",
    "interpolation": "pixels are repeated, not interpolated: write {call}",
    "kernel_constraint": NO_LIMIT,
    "kernel_regularizer": NO_PENALTY,
    "label_smoothing": "give the smoothed number as the target: loss.forward(logits, 0.9)",
    "momentum": "RMSprop with momentum is Adam: Adam(2e-4, 0.5)",
    "moving_mean_initializer": START,
    "moving_variance_initializer": START,
    "nesterov": LEAVE_OUT,
    "noise_shape": LEAVE_OUT,
    "output_padding": "the output's size follows from strides and padding: write {call}, then Cropping2D if need be",
    "outputs": "a network is one chain of layers: Sequential(layers, input_shape=(100,))",
    "reduction": "a loss is the mean over all elements: write {call}",
    "scale": SCALED,
    "seed": "a network's random numbers come from its rng: Sequential(layers, input_shape, rng=0)",
    "trainable": FROZEN,
    "use_bias": "there is always a bias; before a BatchNormalization it does nothing: write {call}",
    "weight_decay": LEAVE_OUT,
    "weights": "build the network first, then net.set_weights(arrays)",
    # of fit, predict and train_on_batch
    "class_weight": "give fit the samples as often as they should count: x[rng.choice(len(x), 1000, p=p)]",
    "epochs": "iterations are counted, not epochs: an epoch is len(x) // batch_size of them, fit(x, iterations=400)",
    "initial_epoch": "fit continues where it stopped: write fit again, or fit(x, resume='file.npz')",
    "iterations": "epochs are counted, not iterations: fit(x, epochs=5)",
    "metrics": "fit returns the History of all that is measured: history['loss']",
    "return_dict": "a dict is always returned: leave return_dict out",
    "sample_weight": "give fit the samples as often as they should count: x[rng.choice(len(x), 1000, p=p)]",
    "shuffle": "the order is always random: leave shuffle out",
    "steps": "predict takes an array: leave steps out",
    "steps_per_epoch": "leave steps_per_epoch out: an epoch is one pass over x",
    "validation_split": "split x yourself: fit(x[:-100], validation_data=x[-100:])",
}  # fmt: skip

POSITIONAL = {
    "BatchNormalization": "name the number: BatchNormalization(momentum=0.8)",
    "GAN.fit": "a GAN learns from images alone: fit(x, iterations=10_000)",
    "GAN.train_on_batch": (
        "train_on_batch(real) plays the whole iteration, the discriminator's step and the generator's: "
        "it draws the fakes and knows the targets"
    ),
}
