from dataclasses import replace

from tests.engine.papers.draw.ceremonies import BEACON, announced, chance, papers
from thucchat.engine.papers.draw.ceremony import conduct, minutes_fingerprint
from thucchat.engine.papers.draw.model import Refused, Rules
from thucchat.engine.papers.draw.text import announcement_text, minutes_text

POOL = papers({"A": 3, "B": 1, "C": 2})
RULES = Rules((("paper", 1),), forms=2, draw_cap=1, own_cap=0, sitting=("A", "B", "C"))


def test_the_minutes_say_what_was_fixed_what_came_and_how_to_check():
    refused = (Refused("Z-1", "Z", ("Mới có 1 người khác tác giả phản biện; cần 2.",)),)
    announcement = announced(POOL, rules=RULES, refused=refused)
    came = chance(announcement)
    reveals = {unit: value for unit, value in came.reveals.items() if unit != "C"}
    minutes = conduct(announcement, replace(came, reveals=reveals))

    text = minutes_text(minutes)

    assert f"Mã biên bản: {minutes_fingerprint(minutes)}" in text
    assert "Không mở, hoặc mở sai cam kết (không được tính): C" in text
    assert "Loại Z-1 (Z): Mới có 1 người khác tác giả phản biện; cần 2." in text
    assert f"{BEACON.name}: không lấy được, không dùng" in text
    first = minutes.selection.forms[0][0]
    assert f"Đề 1: {first} ({first[0]})" in text
    assert f"Mọi đơn vị dự thi làm đề 1, trừ:\n  {first[0]} làm đề 2" in text
    assert "CÁCH KIỂM TRA" in text


def test_the_announcement_shows_matrix_and_caps_and_no_result():
    pool = tuple(replace(entry, cell="Đại số|Biết") for entry in POOL)
    rules = Rules((("Đại số|Biết", 2),), form_cap=1)

    text = announcement_text(announced(pool, rules=rules))

    assert "Ma trận: Đại số|Biết × 2" in text
    assert "Trần của một đơn vị trong mỗi đề: 1" in text
    assert "KẾT QUẢ" not in text
