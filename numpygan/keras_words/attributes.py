"""Attributes and methods that Keras's objects have, and what to write instead."""

from .arguments import FROZEN

MODELS = "GAN(generator, discriminator), Autoencoder(encoder, decoder) or VAE(trunk=..., decoder=...)"
STEP = (
    "loss.forward(net.forward(x, training=True), y); net.zero_grad(); net.backward(loss.backward()); "
    "optimizer.update(net.flat_params, net.flat_grads)"
)
ATTRIBUTES = {
    "Layer": {
        "bias": "write layer.params['b']",
        "beta": "write layer.params['beta']",
        "call": "write layer.forward(x, training=False)",
        "compile": f"there is nothing to compile: a model has the losses and takes the optimizers, {MODELS}",
        "evaluate": "write loss.forward(net.predict(x), y)",
        "fit": f"a network alone has no loss: give it to a model and train that, {MODELS}; or write one step: {STEP}",
        "from_config": "saved models are read by numpygan.checkpoint.load(path)",
        "gamma": "write layer.params['gamma']",
        "get_config": "write layer.config()",
        "get_layer": "write net.layers[0], or {layer.name: layer for layer in net}['dense_1']",
        "inputs": "a network is a chain: net.input_shape, net.layers[0]",
        "input": "a layer remembers no tensor: net.input_shape is the shape of a sample",
        "kernel": "write layer.params['W']",
        "load_weights": "write net.set_weights(list(np.load('weights.npz').values()))",
        "losses": "no penalty is added to a loss here: loss.forward(net.predict(x), y) is all",
        "metrics": "a model's train_on_batch returns what is measured, and its fit keeps it: model.history",
        "moving_mean": "write layer.state['moving_mean']",
        "moving_variance": "write layer.state['moving_variance']",
        "non_trainable_weights": "write net.state, a dict of arrays",
        "optimizer": "a model has the optimizers: gan.generator_optimizer",
        "outputs": "a network is a chain: net.output_shape, net.layers[-1]",
        "output": "a layer remembers no tensor: net.output_shape is the shape of a sample",
        "pop": "build a new Sequential without the last layer",
        "predict_classes": "write net.predict(x).argmax(axis=1)",
        "predict_on_batch": "write net.predict(x)",
        "save": "save a model, numpygan.checkpoint.save(gan, 'gan.npz'), or np.savez('weights.npz', *net.get_weights())",
        "save_weights": "write np.savez('weights.npz', *net.get_weights())",
        "test_on_batch": "write loss.forward(net.predict(x), y)",
        "to_json": "write numpygan.saving.architecture.describe(net)",
        "train_on_batch": f"a network alone has no loss: one step is {STEP}",
        "trainable": FROZEN,
        "trainable_variables": "write net.params, a dict of arrays, or net.flat_params, all of them as one vector",
        "trainable_weights": "write net.params, a dict of arrays, or net.flat_params, all of them as one vector",
        "variables": "write net.get_weights()",
        "weights": "write net.get_weights()",
    },
    "Optimizer": {
        "apply_gradients": "write optimizer.update(net.flat_params, net.flat_grads)",
        "get_config": "write optimizer.config()",
        "get_weights": "write optimizer.memory, a dict of vectors",
        "iterations": "write optimizer.t",
        "lr": "write optimizer.learning_rate",
        "minimize": f"gradients come first: {STEP}",
        "variables": "write optimizer.memory, a dict of vectors",
    },
    "Model": {
        "compile": "there is nothing to compile: give the optimizers to the constructor, GAN(generator_optimizer=Adam(2e-4, 0.5))",
        "evaluate": "a GAN's losses say little; numpygan.metrics measures its samples (page 3.10)",
        "get_weights": "write model.snapshot(), a dict of arrays, or net.get_weights() of one of model.networks",
        "layers": "a model has networks, and they have layers: model.networks['generator'].layers",
        "load_weights": "write model = numpygan.checkpoint.load('model.npz')",
        "metrics_names": "write list(model.history.columns)",
        "optimizer": "each player has its own: gan.generator_optimizer, gan.discriminator_optimizer",
        "predict": "write gan.generate_from(z), vae.reconstruct(x) or gan.discriminate(x)",
        "save": "write numpygan.checkpoint.save(model, 'model.npz')",
        "save_weights": "write numpygan.checkpoint.save(model, 'model.npz')",
        "set_weights": "write model.restore(arrays), with what model.snapshot() returned",
        "stop_training": "a callback stops a run by returning the reason from after_iteration: return 'good enough'",
        "to_json": "write numpygan.checkpoint.save(model, 'model.npz')",
        "trainable": FROZEN,
    },
    "History": {
        "history": "a History is like the dict itself: history['loss']",
        "epoch": "write range(len(history))",
        "params": "write len(history)",
    },
}  # fmt: skip

CALLS = {
    "Layer": "layers are put into a list: Sequential([{kind}(...), ...], input_shape=...); numbers go through forward(x)",
    "Loss": "write loss.forward(prediction, target), the prediction first",
    "Model": "write gan.generate_from(z), vae.reconstruct(x) or gan.discriminate(x)",
}

CALLBACK_METHODS = {
    "on_batch_end": "after_iteration(self, iteration, model, history)",
    "on_epoch_begin": "after_iteration(self, iteration, model, history)",
    "on_epoch_end": "after_iteration(self, iteration, model, history)",
    "on_train_batch_end": "after_iteration(self, iteration, model, history)",
    "on_train_begin": "begin(self, model, history)",
    "on_train_end": "end(self, model, history)",
}
