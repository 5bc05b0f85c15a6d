"""Conv2D and Conv2DTranspose: one linear map, read forwards and backwards.

Let cols = im2col(x) hold a row for each window, and let W (kh, kw, C_in, C_out) also
stand for its matrix (kh*kw*C_in, C_out). A convolution is a Dense layer in each
window, so its derivatives are those of `Dense`, except that the gradient of the
columns goes back to the pixels by im2col's adjoint:

    y = cols W              (N*H'*W', C_out)
    dW = cols^T dy          (kh*kw*C_in, C_out)
    dx = col2im(dy W^T)     (N, H, W, C_in)

If x moves by t, y moves by im2col(t) W, and the gradient of <dy, im2col(t) W> is
im2col(t)^T dy: as dW, with t in the place of x. b has no part in it.

`conv2d_im2col` in conv_products.py is these three lines, and `Convolution` beside it
computes them in pieces; the two layers here use the three products for different things.
"""

import numpy as np

from ..validation import image_shape, integer
from .base import Layer
from .channel_sums import channel_sum
from .conv_products import Convolution
from .initializers import check_initializer, initializer_config
from .windows import Windows, check_padding, pair


class _ConvLayer(Layer):
    """What the two layers share: their arguments and their bias."""

    def __init__(self, filters, kernel_size, strides=1, padding="valid", *, initializer=None, name=None):
        super().__init__(name=name)
        self.filters = integer(self, "filters", filters)
        self.kernel_size = pair(kernel_size, "kernel_size", self)
        self.strides = pair(strides, "strides", self)
        self.padding = check_padding(padding, self)
        self.initializer = check_initializer(self, initializer)
        self._convolution = None  # the three products, once the sizes are known
        self._x = None  # input of the latest forward pass, (N, H, W, C): dW needs it

    def _windows(self, image_size):
        return Windows(image_size, self.kernel_size, self.strides, self.padding, owner=self)

    def config(self):
        return {
            "filters": self.filters,
            "kernel_size": list(self.kernel_size),
            "strides": list(self.strides),
            "padding": self.padding,
            "initializer": initializer_config(self.initializer),
        }


class Conv2D(_ConvLayer):
    """Convolution: y = b + the weighted sum in each window, with the same W in all.

    Shapes: x (N, H, W, C_in), W (kh, kw, C_in, C_out), b (C_out,), y (N, H', W', C_out).
    Window (p, q) begins at pixel (p sh - top, q sw - left), so

        y[n, p, q] = b + sum over i, j of x[n, p sh + i - top, q sw + j - left] W[i, j]    (eq. 2.6)

    where pixels beyond the edge are zeros. (`conv2d_loop` is this line in code.) In
    the symbols of this file's docstring:

        dW = im2col(x)^T dy             each weight met every window once    (eq. 2.9)
        db = sum over n, p, q of dy     the bias is added in every window
        dx = col2im(dy W^T)             a pixel collects from every window that read it    (eq. 2.11)

    Args:
        filters: C_out, the number of weighted sums taken in each window.
        kernel_size: kh = kw, or (kh, kw).
        strides: steps from one window to the next, down and to the right.
        padding: "valid" (none), "same" (as many zeros around the image as make
            H' = H / sh, rounded up) or a number of zeros on every side.
        initializer: draws the initial W, GlorotUniform() by default; b starts at zero.

    Source: LeCun et al. 1998, section II; Dumoulin & Visin 2016, chapter 2.
    """

    def compute_output_shape(self, input_shape):
        H, W, _ = image_shape(self, input_shape)
        return (*self._windows((H, W)).size, self.filters)

    def create_params(self):
        *image_size, channels = self.input_shape
        shape = (*self.kernel_size, channels, self.filters)
        self.params["W"] = self.initializer(shape, self.rng, self.dtype)
        self.params["b"] = np.zeros(self.filters, self.dtype)
        self._convolution = Convolution(self._windows(image_size), channels)

    def forward(self, x, training=False):
        self._x = x = self._check_input(x)
        return self._convolution.forward(x, self.params["W"], self.params["b"], keep=training)  # (eq. 2.8)

    def parameter_gradients(self, dy):
        dy = self._check_gradient(dy)
        self.grads["W"] += self._convolution.kernel_gradient(self._x, dy)
        self.grads["b"] += channel_sum(dy)

    def input_gradient(self, dy):
        return self._convolution.input_gradient(self._check_gradient(dy), self.params["W"])

    def tangent(self, t):
        return self._convolution.forward(self._check_tangent(t), self.params["W"], keep=True)  # without b

    def tangent_gradients(self, t, dy):
        t, dy = self._check_tangent(t), self._check_gradient(dy)
        self.grads["W"] += self._convolution.kernel_gradient(t, dy)  # (eq. 3.42)


class Conv2DTranspose(_ConvLayer):
    """The backward pass of a convolution, used as a forward pass.

    `Conv2D.input_gradient` takes gradients of the small array of windows to the
    large image. Leave out the word "gradients" and it is a layer that makes images
    larger: every input pixel adds a multiple of the kernel to its window, and where
    windows overlap the sums add up.

        y = col2im(x W^T) + b           as dx in Conv2D    (eq. 2.13)
        dx = im2col(dy) W               as y in Conv2D    (eq. 2.14)
        dW = im2col(dy)^T x             as dW in Conv2D, x and dy having changed places    (eq. 2.15)
        db = sum of dy over all pixels

    W is the kernel of the convolution that this is the backward pass of, the one
    from y's shape to x's; its shape is therefore (kh, kw, C_out, C_in), as in Keras.

    The convolution's sizes, too, are read backwards: the output is as high as an
    image whose windows, H of them, are the input's pixels. Several heights fit when
    sh > 1; as in Keras, the output's is

        "same"      H * sh
        "valid"     (H - 1) sh + max(kh, sh)
        an int, z   z fewer than that on either side: they are cut off

    Args: as for `Conv2D`.

    Source: Dumoulin & Visin 2016, chapter 4.
    """

    def compute_output_shape(self, input_shape):
        *size, _ = image_shape(self, input_shape)
        image_size = list(map(self._image_size, size, self.kernel_size, self.strides))
        if min(image_size) < 1:
            raise ValueError(f"{self}: padding {self.padding} cuts away all of the output of {input_shape}")
        return (*image_size, self.filters)

    def _image_size(self, windows, kernel, stride):
        if self.padding == "same":
            return windows * stride
        cut = 0 if self.padding == "valid" else self.padding
        return (windows - 1) * stride + max(kernel, stride) - 2 * cut

    def create_params(self):
        *image_size, filters = self.output_shape
        channels = self.input_shape[2]
        W = self.initializer((*self.kernel_size, channels, filters), self.rng, self.dtype)
        self.params["W"] = W.swapaxes(2, 3)  # drawn as (kh, kw, in, out), as initialisers expect
        self.params["b"] = np.zeros(filters, self.dtype)
        self._convolution = Convolution(self._windows(image_size), filters)

    def forward(self, x, training=False):
        self._x = x = self._check_input(x)
        return self._convolution.input_gradient(x, self.params["W"], self.params["b"])

    def parameter_gradients(self, dy):
        dy = self._check_gradient(dy)
        self.grads["W"] += self._convolution.kernel_gradient(dy, self._x)
        self.grads["b"] += channel_sum(dy)

    def input_gradient(self, dy):
        return self._convolution.forward(self._check_gradient(dy), self.params["W"])

    def tangent(self, t):
        return self._convolution.input_gradient(self._check_tangent(t), self.params["W"])  # without b

    def tangent_gradients(self, t, dy):
        t, dy = self._check_tangent(t), self._check_gradient(dy)
        self.grads["W"] += self._convolution.kernel_gradient(dy, t)  # (eq. 3.42)

    def backward(self, dy):
        dy = self._check_gradient(dy)
        dx, dW = self._convolution.forward_and_kernel_gradient(dy, self.params["W"], self._x)
        self.grads["W"] += dW
        self.grads["b"] += channel_sum(dy)
        return dx
