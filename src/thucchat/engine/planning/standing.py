"""What a measured pupil will probably reach if he keeps his standing, and what a count of pupils is worth.

Scores are in points. A score is the pupil's true standing and an error of measurement; a second survey
measures again, with an error of its own.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
MOST = 1 - 1e-9  # of a chance: nobody is certain


def chances_of_reaching(scores: Floats, error: float, threshold: float) -> Floats:
    """Chance that a pupil who keeps his standing scores `threshold` or more in the next survey, 0 … 1.

    The true standing is estimated by shrinking the score to the mean of all (Kelley); a pupil who was not
    measured has the chance of the average one.
    Shapes:
        scores: (pupils,), NaN where not measured.
    Raises:
        InvalidInput: `standing.few` when fewer than two pupils were measured.
    Source:
        Kelley (1947), Fundamentals of Statistics, 409; normal measurement model.
    """
    known = scores[~np.isnan(scores)]
    if len(known) < 2:
        raise InvalidInput("standing.few", "Cần ít nhất 2 học sinh có kết quả khảo sát đầu năm.")
    variance = known.var(ddof=1)
    trust = max(0.0, 1 - error**2 / variance) if variance else 0.0
    centre = float(known.mean())
    expected = np.where(np.isnan(scores), centre, centre + trust * (scores - centre))
    left = np.where(np.isnan(scores), variance * trust, trust * error**2)  # of the true standing
    chances: Floats = ndtr((expected - threshold) / np.sqrt(left + error**2))
    return np.clip(chances, 1 - MOST, MOST)


def error_of_count(scores: Floats, error: float, threshold: float) -> float:
    """Standard error of the number of pupils whose score reaches `threshold`, from errors of measurement.

    Shapes:
        scores: (pupils,), no NaN.
    """
    chances = ndtr((scores - threshold) / error)
    return float(np.sqrt((chances * (1 - chances)).sum()))
