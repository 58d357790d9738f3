"""What a method needs from the data: refusals where it cannot be carried, cautions where it is thin."""

from dataclasses import dataclass

import numpy as np

from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.equating.forms import Form
from thucchat.engine.measurement.equating.moments import joint_moments, score_moments
from thucchat.engine.vietnamese import vi_number

WEAKEST_ANCHOR = 0.3  # correlation of anchor and total below which the anchor says next to nothing
THIN_ANCHOR = 0.7  # below it the literature advises against observed-score equating
LOST_SHARE = 0.1  # of a group standing at anchor scores that the other group lacks
THIN_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Needs:
    """Smallest group a method is computed for, and the smallest it is advised for."""

    least: int  # persons per form
    advised: int  # persons per form


# Kolen and Brennan (2004), section 8.3, and Livingston and Kim (2009), on sample sizes.
SMALL = Needs(5, 25)
STRAIGHT = Needs(10, 100)
CURVED = Needs(20, 400)
NEEDS = {
    "mean": SMALL,
    "circle-arc": SMALL,
    "linear": STRAIGHT,
    "tucker": STRAIGHT,
    "levine": STRAIGHT,
    "chained-linear": STRAIGHT,
    "braun-holland": STRAIGHT,
    "equipercentile": CURVED,
    "frequency": CURVED,
    "chained-equipercentile": CURVED,
}


def check_size(forms: tuple[Form, Form], method: str) -> list[str]:
    """Cautions about group sizes, in Vietnamese.

    Raises:
        NoResult: `equating.few`, `equating.constant` when all persons of a form have one score.
    """
    needs = NEEDS[method]
    fewest = min(form.persons for form in forms)
    if fewest < needs.least:
        raise NoResult(
            "equating.few",
            f"Nhóm nhỏ nhất chỉ có {fewest:.0f} thí sinh; phương pháp {method} cần ít nhất {needs.least}. "
            "Nhóm rất nhỏ thì dùng mean hoặc circle-arc, hoặc gộp thêm thí sinh.",
        )
    for name, form in zip("XY", forms, strict=True):
        if np.count_nonzero(form.counts.reshape(form.scale.size, -1).sum(axis=1)) < 2:
            raise NoResult(
                "equating.constant", f"Mọi thí sinh của đề {name} có cùng một điểm nên không so được."
            )
    if fewest < needs.advised:
        caution = (
            f"Nhóm nhỏ nhất có {fewest:.0f} thí sinh, dưới mức nên có ({needs.advised}) của phương pháp "
            f"{method}; hãy xem sai số chuẩn trước khi dùng."
        )
        return [caution]
    return []


def check_anchor(forms: tuple[Form, Form]) -> list[str]:
    """Cautions about the anchor, in Vietnamese.

    Raises:
        InvalidInput: `anchor.absent`.
        NoResult: `anchor.constant`, `anchor.weak`, `anchor.apart`.
    """
    cautions = []
    for name, form in zip("XY", forms, strict=True):
        correlation = _anchor_correlation(name, form)
        if correlation < WEAKEST_ANCHOR:
            raise NoResult(
                "anchor.weak",
                f"Điểm phần chung của nhóm làm đề {name} chỉ tương quan {vi_number(correlation, 2)} "
                "với điểm toàn bài; phần chung yếu như vậy không nối được hai đề.",
            )
        if correlation < THIN_ANCHOR:
            cautions.append(
                f"Điểm phần chung của nhóm làm đề {name} tương quan {vi_number(correlation, 2)} "
                f"với điểm toàn bài, dưới mức nên có ({vi_number(THIN_ANCHOR, 1)})."
            )
    return cautions


def _anchor_correlation(name: str, form: Form) -> float:
    if form.anchor_scale is None:
        raise InvalidInput("anchor.absent", f"Tệp của đề {name} không có cột điểm phần chung (anchor).")
    if np.count_nonzero(form.counts.sum(axis=0)) < 2:
        raise NoResult("anchor.constant", f"Mọi thí sinh làm đề {name} có cùng điểm phần chung.")
    moments = joint_moments(form, form.shares)
    product = float(moments.variance.real * moments.anchor_variance.real)
    return float(moments.covariance.real) / float(np.sqrt(product))


def check_overlap(forms: tuple[Form, Form]) -> list[str]:
    """Cautions about anchor scores that only one group has; they cannot be carried over.

    Raises:
        NoResult: `anchor.apart`.
    """
    first, second = (form.shares.sum(axis=0) for form in forms)
    lost = max(float(second[first == 0].sum()), float(first[second == 0].sum()))
    if lost > LOST_SHARE:
        raise NoResult(
            "anchor.apart",
            f"{vi_number(100 * lost, 0)} % thí sinh của một nhóm có điểm phần chung mà nhóm kia không ai có; "
            "hai nhóm cách nhau quá xa để so bằng tần số. Hãy làm trơn hoặc dùng chained-linear.",
        )
    if lost > THIN_SHARE:
        share = vi_number(100 * lost, 0)
        return [f"{share} % thí sinh có điểm phần chung mà nhóm kia không ai có đã bị bỏ ra."]
    return []


def check_groups(forms: tuple[Form, Form]) -> list[str]:
    """A caution when the groups stand far apart on the anchor: then methods disagree."""
    means, variances = [], []
    for form in forms:
        assert form.anchor_scale is not None
        mean, variance = score_moments(form.anchor_scale.points, form.shares.sum(axis=0), form.persons)
        means.append(float(mean.real))
        variances.append(float(variance.real))
    apart = abs(means[0] - means[1]) / float(np.sqrt(np.mean(variances)))
    if apart > 0.5:
        caution = (
            f"Hai nhóm cách nhau {vi_number(apart, 2)} độ lệch chuẩn ở phần chung; "
            "các phương pháp cho kết quả khác nhau, hãy so vài phương pháp trước khi dùng."
        )
        return [caution]
    return []


def check_ends(form: Form) -> list[str]:
    """A caution about scores of X beyond those that anybody got: nothing observed fixes their equivalents."""
    got = np.flatnonzero(form.counts.reshape(form.scale.size, -1).sum(axis=1))
    below, above = form.scale.points[: got[0]], form.scale.points[got[-1] + 1 :]
    if not below.size and not above.size:
        return []
    parts = [_span(float(ends[0]), float(ends[-1])) for ends in (below, above) if ends.size]
    caution = (
        f"Không thí sinh nào của đề X được điểm {', '.join(parts)}; giá trị ở đó chỉ theo quy ước "
        "và sai số chuẩn của chúng chỉ đoán theo đuôi của đường cong trơn. Nên làm trơn (loglinear)."
    )
    return [caution]


def _span(first: float, last: float) -> str:
    return vi_number(first) if first == last else f"từ {vi_number(first)} đến {vi_number(last)}"
