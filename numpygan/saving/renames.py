"""Names in files of earlier versions, and what they are called today.

    format 1 (numpygan 0.1)     today
    options                     config
    options["game"]             config["loss"]
    histories/epochs            histories/epoch_history

Models that average parameters did not do so then: what they draw with, they had learnt.
"""

import numpy as np

AVERAGED = {"GAN": ["generator"], "DCGAN": ["generator"], "CycleGAN": ["G", "F"]}
FORMAT = 2  # of the files that this version writes


def modernise(about, arrays):
    """Return a file's description and arrays under today's names."""
    if about["format"] == 1:
        config, histories = dict(about["options"]), dict(about["histories"])
        if "game" in config:
            config["loss"] = config.pop("game")
        if about["model"] in ("GAN", "DCGAN"):
            config |= {"discriminator_updates": "separate", "r1": 0.0, "averaging": 0.999}
        if about["model"] == "CycleGAN":
            config |= {"averaging": 0.999}
        if "epochs" in histories:
            histories["epoch_history"] = histories.pop("epochs")
        about = {**about, "format": FORMAT, "config": config, "histories": histories}
        arrays = {_renamed(name): array for name, array in arrays.items()}
        for name in AVERAGED.get(about["model"], ()):
            own = {key: array for key, array in arrays.items() if key.startswith((f"{name}/params", f"{name}/state/"))}
            arrays.update({f"averages/{key}": array for key, array in own.items()})
            arrays[f"averages/{name}/t"] = np.array(0, np.int64)
    return about, arrays


def _renamed(name):
    return "histories/epoch_history" if name == "histories/epochs" else name
