"""Item banks with known parameters."""

import numpy as np

from thucchat.engine.measurement.irt.items import ItemBank, Model

STEPS = {
    Model.RASCH: 1,
    Model.TWO_PL: 1,
    Model.THREE_PL: 1,
    Model.PCM: 3,
    Model.GPCM: 4,
    Model.GRM: 3,
}


def bank_of(*models: Model, seed: int = 1) -> ItemBank:
    """Items spread from easy to hard, with slopes near one."""
    rng = np.random.default_rng(seed)
    width = max(STEPS[model] for model in models) + 2
    parameters = np.zeros((len(models), width))
    place = rng.permutation(np.linspace(-1.8, 1.8, len(models)))
    for row, model, middle in zip(parameters, models, place, strict=True):
        steps = STEPS[model]
        row[0] = 1.0 if model in {Model.RASCH, Model.PCM} else rng.uniform(0.7, 1.6)
        height = -row[0] * (middle + np.linspace(-0.8, 0.8, steps) * (steps > 1))
        row[1 : steps + 1] = height if model is Model.GRM else np.cumsum(height)
        row[-1] = -1.4 if model is Model.THREE_PL else 0.0
    names = tuple(f"c{place + 1}" for place in range(len(models)))
    return ItemBank(names, tuple(models), np.array([STEPS[model] + 1 for model in models]), parameters)
