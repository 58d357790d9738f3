"""Checks of a fitted model's residuals: shape, spread, outliers. Residuals are in units of the response."""

from dataclasses import dataclass

import numpy as np

from thucchat.engine.growth.mixed.design import Design, Floats
from thucchat.engine.growth.mixed.effects import contributions
from thucchat.engine.growth.mixed.fit import MixedFit

OUTLYING = 3.0  # residual standard deviations
SKEWED, HEAVY = 1.0, 2.0  # skewness and excess kurtosis worth a warning
UNEVEN = 0.2  # correlation of the residuals' size with the prediction worth a warning


@dataclass(frozen=True, slots=True)
class ResidualChecks:
    """What the residuals look like, divided by their standard deviation."""

    skewness: float  # 0 when symmetric
    excess_kurtosis: float  # 0 when normal
    outlying: float  # share of rows beyond three standard deviations; 0.0027 when normal
    largest: float  # largest absolute residual
    spread_trend: float  # correlation of |residual| with the prediction
    warnings: tuple[str, ...]  # codes: "skewed", "heavy", "uneven"


def predictions(design: Design, fit: MixedFit) -> Floats:
    """Fixed part plus predicted effects. Shapes: (rows,)."""
    names = {name: place for place, name in enumerate(design.fixed_names)}
    columns = design.fixed[:, [names[name] for name in fit.fixed_names]]
    total = columns @ fit.fixed
    for effects in fit.effects:
        total = total + contributions(effects)
    return total


def check_residuals(design: Design, fit: MixedFit) -> ResidualChecks:
    """Compare the residuals of `fit` with what the model assumes."""
    fitted = predictions(design, fit)
    residual = design.response - fitted
    if design.weights is not None:
        residual = residual * np.sqrt(design.weights)
    standard = residual / np.sqrt(fit.residual_variance)
    centred = standard - standard.mean()
    variance = np.mean(centred**2)
    size = np.abs(standard)
    skewness = float(np.mean(centred**3) / variance**1.5)
    kurtosis = float(np.mean(centred**4) / variance**2 - 3)
    trend = float(np.corrcoef(size, fitted)[0, 1]) if np.ptp(fitted) > 0 and np.ptp(size) > 0 else 0.0
    found = {"skewed": abs(skewness) > SKEWED, "heavy": kurtosis > HEAVY, "uneven": abs(trend) > UNEVEN}
    return ResidualChecks(
        skewness=skewness,
        excess_kurtosis=kurtosis,
        outlying=float(np.mean(size > OUTLYING)),
        largest=float(size.max()),
        spread_trend=trend,
        warnings=tuple(code for code, present in found.items() if present),
    )
