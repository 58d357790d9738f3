"""Growth curves corrected for measurement error in the prior scores, by simulation and extrapolation (SIMEX).

Error in a prior flattens the curves, so pupils who start low seem to grow more than they did. Adding
still more error of known size shows how the curves move with it; the movement is extrapolated back to no
error. Use corrected curves for the growth of units. A single pupil's percentile is better left
uncorrected: the correction makes groups comparable, at the price of more noise for each pupil.

Source: Cook & Stefanski (1994), JASA 89, 1314-1328; Shang, VanIwaarden & Betebenner (2015), Educational
Measurement: Issues and Practice 34(1), 4-14.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.percentiles.curves import GrowthCurves, growth_curves
from thucchat.engine.growth.percentiles.splines import spline_basis

ADDED = (0.5, 1.0, 1.5, 2.0)  # added error variance, in multiples of the error already there
REACH = 4.0  # standard errors of added error inside the spline boundaries


def corrected_curves(
    scores: NDArray[np.float64],
    priors: NDArray[np.float64],
    errors: NDArray[np.float64],
    *,
    replicates: int = 10,
    rng: np.random.Generator,
) -> GrowthCurves:
    """Curves as they would be had the priors been measured without error (quadratic extrapolation).

    Shapes:
        scores: (pupils,). priors: (pupils, priors). errors: (pupils, priors), standard errors of
        measurement of the priors, in points.
    Raises:
        InvalidInput: `simex.errors` when an error is negative, missing, or all are zero; as `growth_curves`.
    """
    if not np.isfinite(errors).all() or (errors < 0).any() or not (errors > 0).any():
        raise InvalidInput(
            "simex.errors", "Sai số đo của điểm đầu vào phải có đủ, không âm và không cùng bằng 0."
        )
    bases = tuple(map(spline_basis, priors.T))
    room = REACH * np.sqrt(ADDED[-1]) * errors.max(axis=0)
    bases = tuple(
        replace(basis, low=basis.low - extra, high=basis.high + extra)
        for basis, extra in zip(bases, room, strict=True)
    )
    naive = growth_curves(scores, priors, bases=bases)
    stages = [naive.coefficients]
    for added in ADDED:
        noisy = [
            growth_curves(
                scores, priors + np.sqrt(added) * errors * rng.standard_normal(priors.shape), bases=bases
            ).coefficients
            for _ in range(replicates)
        ]
        stages.append(np.mean(noisy, axis=0))
    return replace(naive, coefficients=np.tensordot(_extrapolation(), np.stack(stages), axes=1))


def _extrapolation() -> NDArray[np.float64]:
    """Weights of the stages in a least-squares parabola read at -1, where all error is taken away."""
    powers = np.vander([0.0, *ADDED], 3)
    return np.asarray(np.vander([-1.0], 3)[0] @ np.linalg.pinv(powers))
