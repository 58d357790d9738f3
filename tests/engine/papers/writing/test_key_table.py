"""The key table has the layout that graders import."""

from io import BytesIO

from python_calamine import CalamineWorkbook

from tests.engine.papers.test_shuffle import three_parts
from thucchat.engine.papers.reading.answers import AnswerList
from thucchat.engine.papers.shuffle import shuffle
from thucchat.engine.papers.writing.new_file import new_file


def test_codes_are_columns_and_numbers_run_on_over_the_parts():
    answers = AnswerList()
    for part, count, key in (("I", 6, "B"), ("II", 4, "ĐSSĐ"), ("III", 4, "2,5")):
        answers.open_part(part)
        for number in range(1, count + 1):
            answers.add(number, key)
    made = shuffle(new_file(three_parts()), ["0101", "0102"], "1", key=answers)

    rows = CalamineWorkbook.from_filelike(BytesIO(made.keys)).get_sheet_by_name("Dữ liệu").to_python()

    assert rows[0] == ["Câu\\Mã đề", "0101", "0102"]
    assert [row[0] for row in rows[1:]] == list(range(1, 15))
    assert {cell for row in rows[1:7] for cell in row[1:]} <= set("ABCD")
    assert [row[1:] for row in rows[7:]] == [["ĐSSĐ"] * 2] * 4 + [["2,5"] * 2] * 4
