"""Circle-arc equating for small groups: three points fix the curve, only the middle one is estimated.

The simplified arc: the straight line between the ends of the two scales, plus an arc of a circle through
zero at both ends and through the estimated middle point. Scores are in points.
"""

import numpy as np

from thucchat.engine.measurement.equating.forms import Scale, Values


def circle_arc(scale_x: Scale, scale_y: Scale, middle: tuple[Values, Values]) -> Values:
    """Equivalents on form Y of every score of form X, of the shape (..., scores of X).

    Shapes:
        middle: (...,) each, a score of X and its equivalent on Y, as a rule the means.
    Source:
        Livingston and Kim (2009), Journal of Educational Measurement 46(3), 330-343, method 2.
    """
    middle_x, middle_y = middle
    points, low, high = scale_x.points, scale_x.lowest, scale_x.highest
    slope = (scale_y.highest - scale_y.lowest) / (high - low)
    straight = scale_y.lowest + slope * (points - low)
    rise = middle_y - (scale_y.lowest + slope * (middle_x - low))
    # With the curvature in place of centre and radius an almost straight arc loses no digits.
    curvature = (2 * rise / ((middle_x - low) * (high - middle_x) - rise**2))[..., None]
    inside = (points - low) * (high - points)
    arc: Values = inside * curvature / (1 + np.sqrt(1 + inside * curvature**2))
    return straight + arc
