from tests.engine.papers.draw.ceremonies import announced, chance, papers
from thucchat.engine.documents.tree import Figure, Paragraph
from thucchat.engine.papers.draw.ceremony import conduct, minutes_fingerprint
from thucchat.engine.papers.draw.model import Refused, Rules
from thucchat.engine.papers.draw.printed import printed_minutes

NAMES = {"A": "Phòng GDĐT huyện A"}


def texts_of(document):
    return [block.text for block in document.body if isinstance(block, Paragraph)]


def minutes(**changes):
    made = announced(papers({"A": 2, "B": 2, "C": 1}), **changes)
    return conduct(made, chance(made, 1))


def test_the_printed_minutes_say_what_was_drawn_and_carry_the_code():
    held = minutes()
    document = printed_minutes(held, NAMES, "THUCCHAT-SO 7 abc")
    mark = next(block for block in document.body if isinstance(block, Figure))
    drawn = held.selection.forms[0][0]

    assert minutes_fingerprint(held) in mark.caption
    assert any(text.startswith(f"Đề 1 (chính thức): {drawn} (") for text in texts_of(document))
    assert "Mã gốc của sổ sự kiện khi in: THUCCHAT-SO 7 abc" in texts_of(document)
    assert [row[1] for row in document.tables[0].rows] == ["A-0", "A-1", "B-0", "B-1", "C-0"]
    assert document.tables[0].rows[0][2] == "Phòng GDĐT huyện A"


def test_refusals_withheld_values_and_seats_are_named():
    made = announced(
        papers({"A": 2, "B": 2}),
        rules=Rules((("paper", 1),), forms=2, own_cap=0, sitting=("A", "B")),
        refused=(Refused("C-9", "C", ("Mới có 1 người khác tác giả phản biện; cần 2.",)),),
        number=2,
        previous="a" * 64,
        reason="Lộ đề",
    )
    came = chance(made, 1)
    came.reveals.pop("B")
    document = printed_minutes(conduct(made, came), NAMES)

    assert "C-9: Mới có 1 người" in document.tables[0].note
    assert ("Cam kết của B", "không mở") in document.tables[1].rows
    assert any("vì không thi đề do mình đề xuất" in text for text in texts_of(document))
    assert any(text.startswith("Bốc lại vì: Lộ đề") for text in texts_of(document))
