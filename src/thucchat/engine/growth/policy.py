"""Before and after a policy: yearly indicators of units, two years before and two after.

Each unit (district, school) is one observation, in the unit of its indicator. What the comparison cannot
show is part of the result, because four years can never tell a policy from everything else that changed
with it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from thucchat.engine.errors import InvalidInput

Floats = NDArray[np.float64]
YEARS = 4  # two before, two after
FEW_UNITS = 10
# Level step of a straight line with a step between the second and third year, and its common slope.
STEP = np.linalg.pinv(np.column_stack([np.ones(YEARS), np.arange(YEARS), [0, 0, 1, 1]]))[2]

ALONE = (
    "Không có nhóm đối chứng: mọi thay đổi khác cùng lúc (đề thi, chương trình, quy chế, dịch bệnh) "
    "lẫn vào kết quả."
)
TREND = "Chỉ có hai năm trước chính sách: không phân biệt được xu hướng có sẵn với dao động ngẫu nhiên."
DELAY = "Chỉ có hai năm sau chính sách: không thấy được tác động đến muộn hay có bền hay không."
PARALLEL = (
    "So sánh hai nhóm giả định rằng không có chính sách thì hai nhóm thay đổi như nhau; "
    "số liệu không chứng minh được."
)
APART = "Trước chính sách hai nhóm đã thay đổi khác nhau quá sai số: giả định nói trên không đáng tin."
CHOSEN = "Nếu đơn vị được chọn vì kết quả thấp, kết quả tăng lại một phần chỉ vì trở về mức trung bình."
SCARCE = "Dưới 10 đơn vị trong một nhóm: khoảng tin cậy rộng và dựa vào giả định phân phối chuẩn."


@dataclass(frozen=True, slots=True)
class Change:
    """An average over units with its interval."""

    estimate: float  # in the indicator's unit
    error: float  # standard error
    low: float
    high: float
    p_value: float  # two-sided, against no change
    units: int


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """All readings side by side; the cautions belong to them."""

    before_after: Change  # mean of the two years after minus mean of the two before
    step: Change  # level step above a common straight trend (interrupted series)
    drift: Change  # change between the two years before
    difference: Change | None  # change of these units minus change of the comparison units
    placebo: Change | None  # the same for the two years before; should be near 0
    cautions: tuple[str, ...]  # what this cannot show, in Vietnamese


def policy_effect(series: Floats, comparison: Floats | None = None, *, level: float = 0.9) -> PolicyEffect:
    """Read a policy that began between the second and third year.

    Shapes:
        series, comparison: (units, 4), no NaN.
    Raises:
        InvalidInput: `policy.years`, `policy.units`, `policy.missing`.
    """
    for table in (series, comparison):
        if table is not None:
            _check(table)
    before_after = _average(_shift(series), level)
    step, drift = _average(series @ STEP, level), _average(series[:, 1] - series[:, 0], level)
    difference = placebo = None
    cautions = [ALONE] if comparison is None else [PARALLEL]
    if comparison is not None:
        difference = _contrast(_shift(series), _shift(comparison), level)
        placebo = _contrast(series[:, 1] - series[:, 0], comparison[:, 1] - comparison[:, 0], level)
        cautions += [APART] * (placebo.p_value < 1 - level)
    sizes = [len(series), *([] if comparison is None else [len(comparison)])]
    cautions += [TREND, DELAY, CHOSEN, *([SCARCE] * (min(sizes) < FEW_UNITS))]
    return PolicyEffect(before_after, step, drift, difference, placebo, tuple(cautions))


def _check(table: Floats) -> None:
    if table.ndim != 2 or table.shape[1] != YEARS:
        raise InvalidInput("policy.years", "Cần đúng bốn năm: hai năm trước và hai năm sau chính sách.")
    if len(table) < 2:
        raise InvalidInput("policy.units", "Cần ít nhất 2 đơn vị để biết kết quả dao động ra sao.")
    if not np.isfinite(table).all():
        raise InvalidInput(
            "policy.missing", "Còn năm thiếu số liệu; hãy bỏ đơn vị đó và nêu tên trong báo cáo."
        )


def _shift(series: Floats) -> Floats:
    return np.asarray(series[:, 2:].mean(axis=1) - series[:, :2].mean(axis=1))


def _average(values: Floats, level: float) -> Change:
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    return _change(float(values.mean()), error, len(values) - 1, (level, len(values)))


def _contrast(first: Floats, second: Floats, level: float) -> Change:
    """Welch's comparison of two means."""
    shares = [values.var(ddof=1) / len(values) for values in (first, second)]
    total = float(sum(shares))
    parts = sum(share**2 / (len(v) - 1) for share, v in zip(shares, (first, second), strict=True))
    freedom = total**2 / float(parts) if parts > 0 else float(len(first) + len(second) - 2)
    size = len(first) + len(second)
    return _change(float(first.mean() - second.mean()), float(np.sqrt(total)), freedom, (level, size))


def _change(estimate: float, error: float, freedom: float, asked: tuple[float, int]) -> Change:
    level, units = asked
    reach = float(stdtrit(freedom, (1 + level) / 2)) * error
    if error > 0:
        p_value = 2 * float(stdtr(freedom, -abs(estimate) / error))
    else:
        p_value = 1.0 if estimate == 0 else 0.0
    return Change(estimate, error, estimate - reach, estimate + reach, p_value, units)
