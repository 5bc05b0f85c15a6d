"""Names in files of earlier versions, and what they are called today.

    format 1 (numpygan 0.1)     today
    options                     config
    options["game"]             config["loss"]
    histories/epochs            histories/epoch_history
"""

FORMAT = 2  # of the files that this version writes


def modernise(about, arrays):
    """Return a file's description and arrays under today's names."""
    if about["format"] == 1:
        config, histories = dict(about["options"]), dict(about["histories"])
        if "game" in config:
            config["loss"] = config.pop("game")
        if "epochs" in histories:
            histories["epoch_history"] = histories.pop("epochs")
        about = {**about, "format": FORMAT, "config": config, "histories": histories}
        arrays = {_renamed(name): array for name, array in arrays.items()}
    return about, arrays


def _renamed(name):
    return "histories/epoch_history" if name == "histories/epochs" else name
