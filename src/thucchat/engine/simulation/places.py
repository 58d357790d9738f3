"""Districts, communes and the localities that give schools their names; who lives where.

The ten district units and their codes are those of Điện Biên until 30/6/2025 (regulations §10.3). Commune
codes, weights and the shares of ethnic groups are rough: they give the simulation its shape, not its facts.
"""

from dataclasses import dataclass

PROVINCE_CODE = "11"
PROVINCE_NAME = "Sở Giáo dục và Đào tạo tỉnh Điện Biên"


@dataclass(frozen=True, slots=True)
class District:
    """One district unit and the communes that replaced it."""

    code: str  # three digits
    name: str
    weight: float  # of the province's pupils
    towns: float  # share of schools in wards and townships
    ethnicities: dict[str, float]  # ministry code to share
    communes: dict[str, tuple[str, ...]]  # name since 2025 to older localities


WARDS = {"Điện Biên Phủ", "Mường Thanh", "Mường Lay"}

DISTRICTS = (
    District(
        "094", "thành phố Điện Biên Phủ", 0.125, 0.75,
        {"01": 0.62, "03": 0.31, "08": 0.03, "29": 0.02, "02": 0.01, "06": 0.01},
        {
            "Điện Biên Phủ": ("Him Lam", "Tân Thanh", "Thanh Bình", "Thanh Minh", "Hà Nội - Điện Biên Phủ"),
            "Mường Thanh": ("Mường Thanh", "Nam Thanh", "Noong Bua", "Thanh Trường", "Bế Văn Đàn"),
            "Mường Phăng": ("Mường Phăng", "Pá Khoang"),
            "Nà Tấu": ("Nà Tấu", "Nà Nhạn"),
        },
    ),
    District(
        "099", "huyện Tuần Giáo", 0.14, 0.12,
        {"03": 0.56, "08": 0.27, "01": 0.08, "29": 0.06, "33": 0.03},
        {
            "Tuần Giáo": ("Tuần Giáo", "Quài Cang", "Quài Nưa"),
            "Quài Tở": ("Quài Tở", "Tỏa Tình", "Tênh Phông"),
            "Mường Mùn": ("Mường Mùn", "Mùn Chung", "Pú Xi"),
            "Pú Nhung": ("Pú Nhung", "Rạng Đông", "Ta Ma", "Phình Sáng"),
            "Chiềng Sinh": ("Chiềng Sinh", "Chiềng Đông", "Nà Sáy", "Mường Thín", "Mường Khong"),
        },
    ),
    District(
        "100", "huyện Điện Biên", 0.155, 0.06,
        {"03": 0.53, "01": 0.23, "08": 0.10, "29": 0.09, "37": 0.03, "07": 0.01, "02": 0.01},
        {
            "Thanh Nưa": ("Thanh Nưa", "Hua Thanh", "Thanh Luông", "Thanh Hưng", "Thanh Chăn"),
            "Thanh An": ("Thanh An", "Noong Hẹt", "Thanh Xương"),
            "Thanh Yên": ("Thanh Yên", "Noong Luống", "Pa Thơm"),
            "Sam Mứn": ("Sam Mứn", "Pom Lót", "Na Ư"),
            "Núa Ngam": ("Núa Ngam", "Hẹ Muông", "Na Tông"),
            "Mường Nhà": ("Mường Nhà", "Mường Lói", "Phu Luông"),
            "Mường Pồn": ("Mường Pồn",),
        },
    ),
    District(
        "101", "huyện Điện Biên Đông", 0.13, 0.06,
        {"08": 0.55, "03": 0.30, "29": 0.07, "37": 0.04, "01": 0.03, "34": 0.01},
        {
            "Na Son": ("Na Son", "Keo Lôm", "Suối Lư"),
            "Xa Dung": ("Xa Dung", "Phì Nhừ"),
            "Pu Nhi": ("Pu Nhi", "Nong U"),
            "Mường Luân": ("Mường Luân", "Luân Giói", "Chiềng Sơ"),
            "Tìa Dình": ("Tìa Dình", "Háng Lìa"),
            "Phình Giàng": ("Phình Giàng", "Pú Hồng"),
        },
    ),
    District(
        "096", "huyện Mường Nhé", 0.10, 0.05,
        {"08": 0.68, "35": 0.09, "03": 0.10, "01": 0.05, "09": 0.03, "50": 0.01, "33": 0.02, "48": 0.02},
        {
            "Mường Nhé": ("Mường Nhé", "Nậm Vì", "Chung Chải"),
            "Sín Thầu": ("Sín Thầu", "Sen Thượng", "Leng Su Sìn"),
            "Mường Toong": ("Mường Toong", "Huổi Lếch"),
            "Nậm Kè": ("Nậm Kè", "Pá Mỳ"),
            "Quảng Lâm": ("Quảng Lâm", "Na Cô Sa"),
        },
    ),
    District(
        "098", "huyện Tủa Chùa", 0.10, 0.07,
        {"08": 0.73, "03": 0.17, "01": 0.05, "09": 0.03, "29": 0.01, "40": 0.01},
        {
            "Tủa Chùa": ("Tủa Chùa", "Mường Báng", "Nà Tòng"),
            "Sín Chải": ("Sín Chải", "Tả Sìn Thàng", "Lao Xả Phình"),
            "Sính Phình": ("Sính Phình", "Trung Thu", "Tả Phìn"),
            "Tủa Thàng": ("Tủa Thàng", "Huổi Só"),
            "Sáng Nhè": ("Sáng Nhè", "Xá Nhè", "Mường Đun", "Phình Sáng Nhè"),
        },
    ),
    District(
        "103", "huyện Nậm Pồ", 0.095, 0.03,
        {"08": 0.70, "03": 0.18, "09": 0.05, "29": 0.03, "01": 0.03, "48": 0.01},
        {
            "Mường Chà": ("Chà Cang", "Chà Nưa", "Nậm Tin", "Pa Tần"),
            "Nà Hỳ": ("Nà Hỳ", "Nà Khoa", "Nậm Nhừ", "Nậm Chua"),
            "Nà Bủng": ("Nà Bủng", "Vàng Đán"),
            "Chà Tở": ("Chà Tở", "Nậm Khăn"),
            "Si Pa Phìn": ("Si Pa Phìn", "Phìn Hồ"),
        },
    ),
    District(
        "097", "huyện Mường Chà", 0.08, 0.08,
        {"08": 0.68, "03": 0.22, "01": 0.05, "29": 0.04, "04": 0.01},
        {
            "Na Sang": ("Na Sang", "Ma Thì Hồ", "Sa Lông"),
            "Mường Tùng": ("Mường Tùng", "Huổi Lèng"),
            "Pa Ham": ("Pa Ham", "Hừa Ngài"),
            "Nậm Nèn": ("Nậm Nèn", "Huổi Mí", "Mường Mươn"),
        },
    ),
    District(
        "102", "huyện Mường Ảng", 0.08, 0.10,
        {"03": 0.71, "08": 0.14, "29": 0.08, "01": 0.06, "07": 0.01},
        {
            "Mường Ảng": ("Mường Ảng", "Ẳng Nưa", "Ẳng Cang"),
            "Búng Lao": ("Búng Lao", "Ẳng Tở", "Mường Đăng", "Ngối Cáy"),
            "Mường Lạn": ("Mường Lạn", "Nặm Lịch", "Xuân Lao"),
        },
    ),
    District(
        "095", "thị xã Mường Lay", 0.02, 0.60,
        {"03": 0.66, "01": 0.22, "08": 0.10, "04": 0.02},
        {"Mường Lay": ("Na Lay", "Sông Đà", "Lay Nưa")},
    ),
)  # fmt: skip
