"""A fitted value-added model as a plain Vietnamese table."""

from thucchat.engine.growth.mixed.fit import MixedFit
from thucchat.engine.growth.valueadded import Growth
from thucchat.engine.vietnamese import vi_number

WARNINGS = {
    "skewed": "Phần dư lệch hẳn về một phía.",
    "heavy": "Phần dư có nhiều giá trị quá xa.",
    "uneven": "Phần dư rộng hẹp khác nhau theo mức dự đoán.",
}


def growth_text(growth: Growth) -> str:
    """All of the fit but the effects of single units."""
    fit = growth.fit
    method = "REML" if fit.restricted else "hợp lý cực đại"
    lines = [
        f"Mô hình: {growth.formula.text}",
        f"Cách ước lượng: {method}; {fit.rows} dòng dùng, {growth.model.left_out} dòng thiếu ô bị bỏ",
        "",
        f"{'Hệ số cố định':<32}{'ước lượng':>14}{'sai số':>12}",
        *_fixed_lines(fit),
        "",
        f"{'Độ lệch chuẩn giữa các đơn vị':<48}{'ước lượng':>12}   khoảng 90 %",
        *_interval_lines(fit),
        "",
        f"Log hợp lý: {vi_number(fit.log_likelihood, 4)}",
        *_remarks(growth),
    ]
    return "\n".join(lines) + "\n"


def _fixed_lines(fit: MixedFit) -> list[str]:
    return [
        f"{name:<32}{vi_number(estimate, 5):>14}{vi_number(error, 5):>12}"
        for name, estimate, error in zip(
            fit.fixed_names, fit.fixed.tolist(), fit.fixed_errors.tolist(), strict=True
        )
    ]


def _interval_lines(fit: MixedFit) -> list[str]:
    lines = []
    for part in fit.intervals:
        name = "phần dư" if part.term == "Residual" else f"{part.term} {part.coefficient}"
        known = part.low == part.low  # not NaN
        bounds = f"{vi_number(part.low, 5)} - {vi_number(part.high, 5)}" if known else "không có"
        lines.append(f"{name:<48}{vi_number(part.sd, 5):>12}   {bounds}")
    return lines


def _remarks(growth: Growth) -> list[str]:
    fit = growth.fit
    lines = [] if fit.converged else ["Chưa hội tụ: đừng dùng các số này."]
    lines += [
        f"Nhóm “{name}”: dữ liệu không cho thấy khác biệt theo ít nhất một hướng." for name in fit.singular
    ]
    lines += [f"Bỏ hệ số “{name}” vì các hệ số khác đã quyết định nó." for name in fit.dropped]
    lines += [WARNINGS[code] for code in growth.checks.warnings]
    lines += [
        f"Điểm đầu “{part.prior}”: độ tin cậy trong nhóm {vi_number(part.reliability, 3)}, đã sửa sai số."
        for part in growth.baselines
    ]
    return lines
