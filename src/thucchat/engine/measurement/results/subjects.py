"""Subjects and how headings of result files write them."""

import re

from thucchat.engine.vietnamese import tidy, unaccented

# Code: label, then other spellings. Compared without accents, case, blanks and punctuation.
SPELLINGS = {
    "toan": ("Toán", "Toán học", "math", "maths", "mathematics"),
    "van": ("Ngữ văn", "Văn", "Văn học", "literature"),
    "ngoai_ngu": (
        "Ngoại ngữ",
        "Ng.ngữ",
        "NN",
        "NN1",
        "Tiếng Anh",
        "Anh",
        "Anh văn",
        "T.Anh",
        "foreign language",
        "english",
    ),
    "li": ("Vật lí", "Vật lý", "Lí", "Lý", "physics"),
    "hoa": ("Hóa học", "Hóa", "chemistry"),
    "sinh": ("Sinh học", "Sinh", "biology"),
    "su": ("Lịch sử", "Sử", "history"),
    "dia": ("Địa lí", "Địa lý", "Địa", "geography"),
    "gdcd": ("Giáo dục công dân", "GDCD", "civics"),
    "gdkt_pl": ("Giáo dục kinh tế và pháp luật", "GDKT&PL", "GDKTPL", "GDKT và PL", "KTPL"),
    "tin_hoc": ("Tin học", "Tin", "informatics"),
    "cn_cong_nghiep": ("Công nghệ (Công nghiệp)", "CN công nghiệp", "Công nghệ công nghiệp", "CNCN"),
    "cn_nong_nghiep": ("Công nghệ (Nông nghiệp)", "CN nông nghiệp", "Công nghệ nông nghiệp", "CNNN"),
    "cong_nghe": ("Công nghệ", "C.nghệ"),
    "khtn": ("Khoa học tự nhiên", "KHTN"),
    "khxh": ("Khoa học xã hội", "KHXH"),
    "ls_dl": ("Lịch sử và Địa lí", "LS&ĐL", "LSĐL", "Lịch sử và Địa lý"),
    "tieng_viet": ("Tiếng Việt", "T.Việt"),
    "khoa_hoc": ("Khoa học",),
    "mon_ba": ("Môn thứ ba", "Môn 3", "Môn chuyên", "Chuyên", "Tổ hợp", "Bài thi tổ hợp"),
}
LEADING = re.compile(r"^(điểm|diem)([\s_]+(bài|bai)?[\s_]*(thi|môn|mon)?)?[\s_]+", re.IGNORECASE)
WEIGHT_NOTE = re.compile(r"\((?:\*|hs\s*\d|hệ số\s*\d|n\.?\s?xét|\d+)\)", re.IGNORECASE)


def heading_key(heading: str) -> str:
    """What is left of a heading without accents, case, blanks and punctuation."""
    return re.sub(r"[^a-z0-9]+", "", unaccented(WEIGHT_NOTE.sub(" ", heading)))


CODES = {heading_key(text): code for code, texts in SPELLINGS.items() for text in (code, *texts)}


def subject_code(heading: str) -> str | None:
    """The code of the subject a heading names, or None: “Điểm Toán (hs 2)” is toan."""
    text = tidy(heading)
    return CODES.get(heading_key(text)) or CODES.get(heading_key(LEADING.sub("", text)))


def subject_label(heading: str) -> str:
    """The usual Vietnamese name of the subject, or the heading itself."""
    code = subject_code(heading)
    return SPELLINGS[code][0] if code else tidy(heading)
