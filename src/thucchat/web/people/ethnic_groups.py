"""Catalogue of ethnic groups (dân tộc) in the ministry's database, by code.

Source: data dictionary of the ministry's education database, 2020.
"""

_NAMES = (
    "Kinh, Tày, Thái, Hoa, Khơ-me, Mường, Nùng, Hmông, Dao, Gia-rai, Ngái, Ê-đê, Ba-na, Xơ-đăng, Sán "
    "Chay, Cơ-ho, Chăm, Sán Dìu, Hrê, Mnông, Ra-glai, Xtiêng, Bru-Vân Kiều, Thổ, Giáy, Cơ-tu, "
    "Gié-Triêng, Mạ, Khơ-mú, Co, Ta-ôi, Chơ-ro, Kháng, Xinh-mun, Hà Nhì, Chu-ru, Lào, La Chi, La Ha, "
    "Phù Lá, La Hủ, Lự, Lô Lô, Chứt, Mảng, Pà Thẻn, Cơ Lao, Cống, Bố Y, Si La, Pu Péo, Brâu, Ơ Đu, "
    "Rơ-măm, Người nước ngoài"
)
ETHNIC_GROUPS = [(f"{place:02d}", name) for place, name in enumerate(_NAMES.split(", "), start=1)]

# Spellings met in files, in lower case.
ALIASES = {
    "h'mông": "08",
    "mông": "08",
    "hmong": "08",
    "h’mông": "08",
    "khơ mú": "29",
    "xinh mun": "34",
    "khmer": "05",
}
