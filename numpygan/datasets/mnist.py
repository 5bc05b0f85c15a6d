"""The full MNIST and Fashion-MNIST, from a folder or downloaded once and cached.

Downloads need pooch, an optional extra: python -m pip install "numpygan[mnist]"
"""

from pathlib import Path

import numpy as np

from ..files.idx import load_idx
from ..keras_words import names_of
from . import downloading
from .digits import scale_pixels

FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "evaluation": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
MIRRORS = {
    "mnist": (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    "fashion": (
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
}
CHECKSUMS = {  # of the gzip files; Fashion-MNIST's authors publish MD5 sums
    "mnist": {
        "train-images-idx3-ubyte": "sha256:440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte": "sha256:3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images-idx3-ubyte": "sha256:8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte": "sha256:f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
    "fashion": {
        "train-images-idx3-ubyte": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte": "md5:25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte": "md5:bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte": "md5:bb300cfdad3c16e7a12a480ee83cd310",
    },
}


def load_mnist(part="train", *, name="mnist", folder=None, scale=(-1, 1)):
    """Return images and labels of MNIST, or of a dataset in the same four files.

    Args:
        part: "train" (60,000 images) or "evaluation" (10,000, published as the test set).
        name: "mnist", or "fashion" for Fashion-MNIST, clothes instead of digits.
        folder: the folder with the files in FILES, gzipped or not. If None, they are
            downloaded, verified with the published checksums and kept in pooch's cache, so
            the next call needs no network.
        scale: the pixel values of black and of white, as for `load_digits`.

    Returns:
        images: float32 (N, 28, 28, 1), between the two values of `scale`.
        labels: int64 (N,), from 0 to 9.

    Raises:
        ValueError: naming the file, if one is broken.
        OSError: if a file is missing, cannot be read, or cannot be downloaded.
        ImportError: if a download is needed and pooch is not installed.

    Source: LeCun, Bottou, Bengio & Haffner 1998 (MNIST, CC BY-SA 3.0); Xiao, Rasul &
    Vollgraf 2017 (Fashion-MNIST, MIT licence).
    """
    for what, value, known in (("part", part, FILES), ("name", name, MIRRORS)):
        if value not in known:
            raise ValueError(f"{what} must be one of {', '.join(map(repr, known))}, got {value!r}")
    paths = [find_file(folder, file) if folder is not None else _download(name, file) for file in FILES[part]]
    images, labels = map(load_idx, paths)
    if images.dtype != np.uint8 or images.ndim != 3 or images.size == 0:
        raise ValueError(f"{paths[0]} holds {images.dtype} {images.shape}, expected uint8 images (N, H, W)")
    if labels.dtype != np.uint8 or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{paths[1]} holds {labels.dtype} {labels.shape}, expected one uint8 label for each of the "
            f"{len(images):,} images"
        )
    return scale_pixels(images[..., np.newaxis], scale=scale), labels.astype(np.int64)


def find_file(folder, file):
    """Return the path of one of MNIST's files in a folder, gzipped or not."""
    for path in (Path(folder) / file, Path(folder) / f"{file}.gz"):
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"{folder} has neither {file} nor {file}.gz, which MNIST's format needs; load_images reads "
        "pictures of your own"
    )


def cache_folder(name):
    """Return the folder where the downloads of a data set are kept."""
    return Path(_import_pooch().os_cache("numpygan")) / name


def _import_pooch():
    try:
        import pooch
    except ImportError:
        raise ImportError(
            "downloading needs pooch, which is not installed: python -m pip install pooch. "
            "Without it, pass a folder with the four files."
        ) from None
    return pooch


def _download(name, file):
    """Return the path of a file in the cache, verified, downloading it first if necessary.

    pooch writes to a temporary file and renames it once the checksum matches, so a file of
    this name is complete even if several processes download it at the same time.
    """
    pooch, folder, troubles = _import_pooch(), cache_folder(name), []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"cannot store downloads in {folder}: {error.strerror or error}"
        raise OSError(error.errno, f"{reason}; pass a folder with the four files of the data set") from None
    for mirror in MIRRORS[name]:
        try:
            url, checksum = f"{mirror}{file}.gz", CHECKSUMS[name][file]
            return Path(pooch.retrieve(url, checksum, f"{file}.gz", folder, downloader=downloading.download))
        except (OSError, ValueError) as error:
            troubles.append(f"\n  {mirror}: {_in_words(error)}")
    raise OSError(
        f"cannot download {file}.gz:{''.join(troubles)}\nTry again later, or pass a folder with the four "
        "files of the data set: "
        f"{', '.join(f'{one}.gz' for pair in FILES.values() for one in pair)}"
    )


def _in_words(error):
    """Return what went wrong with a download, in words."""
    from requests import exceptions as known  # what pooch downloads with

    if isinstance(error, known.HTTPError):
        return f"the server answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, known.Timeout):
        return f"no answer for {downloading.SILENCE:g} seconds"
    if isinstance(error, known.ChunkedEncodingError):
        return "the connection was lost before the end of the file"
    if isinstance(error, known.ConnectionError):
        return "no connection: is this computer offline?"
    if "hash" in str(error):
        return "its file is not the published one (wrong checksum) and was deleted"
    return str(error)


__getattr__ = names_of(__name__)
