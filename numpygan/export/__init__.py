"""Going on elsewhere: a model's networks as code and weights for PyTorch and Keras, or as ONNX files.

- folder.py: `export`, the front door.
- stories.py, steps.py: what is special to each model: what to say of it, and one training step of it.
- network.py: what the frameworks have in common.
- torch_layers.py, keras_layers.py, onnx_layers.py: one function for each layer; a new layer needs one more.
- torch_model.py, keras_model.py, onnx_model.py: the networks.
- losses.py: one line for each loss; torch_check.py, keras_check.py: the comparison.
"""

from .folder import TARGETS, export

__all__ = ["TARGETS", "export"]
