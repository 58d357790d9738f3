"""Models that fit the data's categories, and values to start the climb from."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.irt.items import FAMILIES, Family, ItemBank, Model, free_parameters
from thucchat.engine.measurement.responses import Responses

Floats = NDArray[np.float64]
WIDENING = 1.2  # difficulties given an average ability are narrower than given one's own
START_GUESSING = 0.2

OF_MORE_CATEGORIES = {Model.RASCH: Model.PCM, Model.TWO_PL: Model.GPCM, Model.THREE_PL: Model.GPCM}
OF_TWO_CATEGORIES = {Model.PCM: Model.RASCH, Model.GPCM: Model.TWO_PL, Model.GRM: Model.TWO_PL}


def fitting_model(model: Model, categories: int) -> Model:
    """The same model for this number of categories: with two, GPCM and graded response are the 2PL."""
    return (OF_TWO_CATEGORIES if categories == 2 else OF_MORE_CATEGORIES).get(model, model)


def starting_bank(responses: Responses, models: Sequence[Model]) -> ItemBank:
    """Items with the difficulties that their shares of categories suggest."""
    counts = responses.categories
    parameters = np.zeros((len(models), int(counts.max()) + 1))
    for item, model in enumerate(models):
        reached = np.bincount(responses.codes[item], minlength=256)[: counts[item]] + 0.5
        parameters[item] = _start_row(model, reached / reached.sum(), parameters.shape[1])
    return ItemBank(responses.items, tuple(models), counts, parameters)


def _start_row(model: Model, share: Floats, width: int) -> Floats:
    row = np.zeros(width)
    steps = len(share) - 1
    row[0] = 1.0
    match FAMILIES[model]:
        case Family.ADJACENT:
            row[0] = 1.0 if model in {Model.RASCH, Model.PCM} else steps**-0.5
            row[1 : steps + 1] = WIDENING * np.log(share[1:] / share[0])
        case Family.GRADED:
            row[1 : steps + 1] = WIDENING * logit(share[::-1].cumsum()[::-1][1:])
        case Family.GUESSING:
            known = np.clip((share[1] - START_GUESSING) / (1 - START_GUESSING), 0.05, 0.95)
            row[1] = WIDENING * logit(known)
            row[-1] = logit(START_GUESSING)
    return row


def started_from(near: ItemBank, bank: ItemBank, free: NDArray[np.bool_]) -> ItemBank:
    """`bank` with the free parameters that items of the same name and shape have in `near`."""
    parameters = bank.parameters.copy()
    places = {name: place for place, name in enumerate(near.names)}
    for item, name in enumerate(bank.names):
        place, count = places.get(name), int(bank.categories[item])
        if place is None or (near.models[place], near.categories[place]) != (bank.models[item], count):
            continue
        row = np.zeros(parameters.shape[1])
        row[:count], row[-1] = near.parameters[place, :count], near.parameters[place, -1]
        parameters[item] = np.where(free[item], row, parameters[item])
    return bank.at(parameters)


def with_fixed(bank: ItemBank, fixed: ItemBank) -> tuple[ItemBank, NDArray[np.bool_]]:
    """Put the parameters of `fixed` into `bank`; also says what remains free, (items, parameters).

    Raises:
        InvalidInput: `fixed.categories` when an item has other categories than before; `fixed.absent` when no
            item is fixed.
    """
    free, parameters, models = free_parameters(bank), bank.parameters.copy(), list(bank.models)
    places = {name: place for place, name in enumerate(fixed.names)}
    known = [(item, places[name]) for item, name in enumerate(bank.names) if name in places]
    if not known:
        raise InvalidInput(
            "fixed.absent", "Không có câu nào của tệp tham số cố định xuất hiện trong dữ liệu."
        )
    for item, place in known:
        count = int(bank.categories[item])
        if count != fixed.categories[place]:
            raise InvalidInput(
                "fixed.categories",
                f"Câu “{bank.names[item]}” có {count} mức điểm, khác {fixed.categories[place]} mức đã có.",
            )
        parameters[item] = 0
        parameters[item, :count] = fixed.parameters[place, :count]
        parameters[item, -1] = fixed.parameters[place, -1]
        models[item] = fixed.models[place]
        free[item] = False
    return ItemBank(bank.names, tuple(models), bank.categories, parameters), free
