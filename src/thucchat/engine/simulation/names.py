"""Plausible names by ethnic group and sex. Every person is invented; lists are ours, short and common names.

The order is family name, middle, given. Groups without a list of their own borrow one (`BORROWED`).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

MALE, FEMALE = "01", "02"


@dataclass(frozen=True, slots=True)
class NameList:
    """Words of one ethnic group, parted by commas."""

    family: tuple[str, ...]
    middle: dict[str, tuple[str, ...]]  # by sex
    given: dict[str, tuple[str, ...]]  # by sex


def _list(family: str, middle: tuple[str, str], given: tuple[str, str]) -> NameList:
    cut = [tuple(words.split(", ")) for words in (family, *middle, *given)]
    return NameList(cut[0], {MALE: cut[1], FEMALE: cut[2]}, {MALE: cut[3], FEMALE: cut[4]})


NAMES = {
    "01": _list(
        (
            "Nguyễn, Nguyễn, Nguyễn, Trần, Trần, Lê, Lê, Phạm, Hoàng, Vũ, Đặng, Bùi, Đỗ, Ngô, Dương, "
            "Đinh, Trịnh, Phan, Cao"
        ),
        (
            "Văn, Đức, Minh, Quang, Xuân, Hữu, Duy, Tuấn, Công, Anh, Gia, Thành, Việt, Mạnh, Hải",
            "Thị, Thị, Thị Thu, Ngọc, Thanh, Thị Minh, Phương, Khánh, Bảo, Thuỳ, Hà, Thị Ngọc, Mai",
        ),
        (
            (
                "Anh, Bách, Cường, Dũng, Đạt, Hải, Hiếu, Hoàng, Hùng, Huy, Khánh, Khoa, Lâm, Long, Minh, "
                "Nam, Nghĩa, Phong, Phúc, Quân, Sơn, Thắng, Toàn, Trung, Tú, Tùng, Việt, Vinh, Đăng, Kiên"
            ),
            (
                "An, Anh, Chi, Diệp, Dung, Giang, Hà, Hằng, Hiền, Hoa, Hương, Huyền, Lan, Linh, Ly, Mai, "
                "My, Nga, Ngân, Ngọc, Nhung, Oanh, Phương, Quỳnh, Thảo, Thuỷ, Trang, Trâm, Vân, Yến"
            ),
        ),
    ),
    "03": _list(
        (
            "Lò, Lò, Lò, Quàng, Quàng, Cà, Cà, Lường, Lường, Tòng, Tòng, Vì, Lèo, Bạc, Cầm, Điêu, Hoàng, "
            "Mào, Khoàng, Lù"
        ),
        (
            "Văn, Văn, Văn, Minh, Đức, Anh, Quốc, Trung",
            "Thị, Thị, Thị, Thị Thu, Thị Kim, Ngọc, Thị Thanh, Bảo",
        ),
        (
            (
                "Hặc, Pản, Thoan, Ún, Inh, Pâng, Dương, Hùng, Hoan, Thương, Chung, Biên, Thịnh, Cương, "
                "Tuấn, Khánh, Bình, Sơn, Phương, Đôi, Hưng, Phong, Toản, Nghiệp, Chiến, Thành, Quý, Lả"
            ),
            (
                "Ơn, Pâng, Inh, Hặc, Thương, Biên, Duyên, Hoài, Hiên, Nhung, Lan, Phượng, Thoa, Xuân, "
                "Chung, Hồng, Diễm, Trang, Vui, Quyên, Loan, Hương, Thắm, Nga, Uyên, Kim, Hạnh, Bưởi"
            ),
        ),
    ),
    "08": _list(
        (
            "Vàng, Vàng, Giàng, Giàng, Sùng, Sùng, Mùa, Mùa, Thào, Thào, Hạng, Lầu, Lý, Ly, Cứ, Vừ, Và, "
            "Chang, Tráng, Hờ, Ma, Mua, Phàng, Sình, Hầu, Ná"
        ),
        (
            "A, A, A, A, A Minh, Đức, Thanh",
            "Thị, Thị, Thị, Thị, Thị Mai, Thị Thu",
        ),
        (
            (
                "Chứ, Dơ, Giống, Páo, Sử, Tủa, Chống, Nhè, Vảng, Dình, Súa, Lềnh, Phổng, Thề, Chu, Hồng, "
                "Sinh, Dế, Kỷ, Lử, Mạnh, Tếnh, Sang, Sáng, Khua, Di, Của, Ninh, Hừ, Pó"
            ),
            (
                "Mỷ, Dợ, Sua, Chía, Dua, Pàng, Mai, Sinh, Cở, Dở, Máy, Pla, Xúa, Nhìa, Chừ, Ly, Dính, "
                "Say, Giống, Vá, Kía, Bla, Cha, Dinh, Hoa, Thu, Sông, Chu, Xia, Mo"
            ),
        ),
    ),
    "29": _list(
        "Quàng, Lường, Lò, Cà, Vì, Moong, Cút, Lèo, Tòng, Hoàng",
        (
            "Văn, Văn, Văn, Đức",
            "Thị, Thị, Thị, Thị Thu",
        ),
        (
            "Bun, Thông, Phát, Yên, Nọi, Khăm, Hùng, Sơn, Dương, Pháng, Thi, Xôm, Ngọc, Chanh, Liên",
            "Ọi, Bun, Phim, Ún, Hiêng, Mai, Lả, Yên, Xoan, Thuận, Chanh, Nọi, Hà, Liên, Khiên",
        ),
    ),
    "09": _list(
        "Tẩn, Chẻo, Phàn, Lý, Tẩn, Phùng, Triệu, Bàn, Đặng, Chìn",
        (
            "A, Văn, Láo, Chin, Sài",
            "Thị, Mùi, Tả, San, Thị",
        ),
        (
            "Phàn, Lở, San, Nhàn, Sơn, Kinh, Hin, Chìn, Quẩy, Tá, Dao, Pao, Sinh, Lụa, Mềnh",
            "Mẩy, Phẩy, Khé, Pham, Nhị, Sểnh, Liều, Chiêm, Lai, Mùi, Nái, Xoang, Dất, Hoa, Thảo",
        ),
    ),
    "35": _list(
        "Pờ, Lỳ, Chang, Khoàng, Sừng, Toán, Vù, Chu, Giàng, Lò",
        (
            "Xú, Gia, Hùng, Văn, Phí, Khừ",
            "Mì, Go, Thị, Hừ, Xó, Thị",
        ),
        (
            "Sinh, Chừ, Xá, Cà, Hừ, Tư, Giá, Lòng, Khai, Sơn, Po, Toàn, Cường, Luyến, Sáng",
            "De, Nu, Xó, Mé, Gơ, Pư, Lớ, Chu, Hà, Xuân, Nhù, Pứ, Giá, Mai, Phương",
        ),
    ),
}
# Kinh lists for lowland groups, Thái lists for groups that live among the Thái, Hà Nhì for their neighbours.
BORROWED = {
    "02": "01", "04": "01", "06": "01", "07": "01", "33": "29", "34": "29", "37": "03", "40": "09",
    "48": "35", "50": "35",
}  # fmt: skip


def people_names(ethnicity: NDArray[np.str_], sex: NDArray[np.str_], rng: np.random.Generator) -> pl.Series:
    """One full name each. Shapes: (people,) ministry codes; the result in the same order."""
    known, place = np.unique(ethnicity, return_inverse=True)
    group = np.array([BORROWED.get(code, code) for code in known])[place]
    words = pl.DataFrame([_draw(group, sex, part, rng) for part in ("family", "middle", "given")])
    # Mai Mai is not a name.
    twice = pl.col("middle").str.ends_with(pl.col("given"))
    plain = pl.when(pl.Series(sex) == FEMALE).then(pl.lit("Thị")).otherwise(pl.lit("Văn"))
    middle = pl.when(twice).then(plain).otherwise("middle")
    return words.select(pl.concat_str("family", middle, "given", separator=" ").alias("name")).to_series()


def _draw(group: NDArray[np.str_], sex: NDArray[np.str_], part: str, rng: np.random.Generator) -> pl.Series:
    chance = rng.random(len(group))
    chosen = np.empty(len(group), np.int64)
    words: list[str] = []
    for code, names in NAMES.items():
        for one in (MALE, FEMALE):
            offered = names.family if part == "family" else getattr(names, part)[one]
            here = (group == code) & (sex == one)
            chosen[here] = len(words) + (chance[here] * len(offered)).astype(np.int64)
            words.extend(offered)
    return pl.Series(part, words).gather(chosen)
