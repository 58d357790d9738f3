"""Bar widths of published score charts (phổ điểm), as dated data. Widths are in hundredths of a point.

Until 2024 a paper of 50 questions was marked in steps of 0.2 and one of 40 in steps of 0.25, so the
charts have one bar per possible score; the published counts of 2024 have exactly these steps. Since 2025
totals are multiples of 0.05; bars of 0.25 are our choice, not yet compared with a published chart.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

INFERRED = "theo bước điểm của dữ liệu"
FALLBACK = 25


@dataclass(frozen=True, slots=True)
class BinRule:
    """Widths for the graduation exam from a year on."""

    name: str
    first_year: int
    width: int  # hundredths
    widths: Mapping[str, int]  # hundredths, of subjects that differ


# Newest first. Steps 2017-2024: 50 questions in Toán and Ngoại ngữ, 40 elsewhere.
INSTRUMENTS = (
    BinRule("thi tốt nghiệp từ 2025", 2025, 25, {}),
    BinRule("thi tốt nghiệp 2017-2024", 2017, 25, {"toan": 20, "ngoai_ngu": 20}),
)


def rule_for(year: int | None) -> BinRule | None:
    """The rule of the graduation exam of `year`; None before 2017 or without a year."""
    if year is None:
        return None
    return next((rule for rule in INSTRUMENTS if rule.first_year <= year), None)


def width_for(rule: BinRule | None, code: str, hundredths: NDArray[np.int64]) -> int:
    """Width for a subject's bars: the rule's, or the marking step that all scores keep to."""
    if rule is not None:
        return rule.widths.get(code, rule.width)
    fits = [width for width in (100, 50, 25, 20) if not (hundredths % width).any()]
    return fits[0] if fits and hundredths.size else FALLBACK
