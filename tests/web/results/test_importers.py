"""Keys and answers as people write them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.web.results.importers.keys import key_of_sheets, typed_key
from thucchat.web.results.importers.responses import read_answers
from thucchat.web.results.models.keyed import KeyedItem
from thucchat.web.shared.spreadsheets.model import Sheet

NAMES = ["C1", "C2", "C3"]


def sheet(*rows: tuple[str | None, ...]) -> list[Sheet]:
    columns = {str(place): [row[place] for row in rows] for place in range(len(rows[0]))}
    return [Sheet("Bài làm", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))]


def read(*rows, key="ABC"):
    return read_answers(sheet(*rows), lambda names: typed_key(key, names))


def code_of(call) -> str:
    with pytest.raises(InvalidInput) as refusal:
        call()
    return refusal.value.code


@pytest.mark.parametrize("text", ["ABC", "A B C", "A;B;C", "a, b, c", " ABC "])
def test_a_key_is_typed_in_any_way(text):
    assert [one.key.upper() for one in typed_key(text, NAMES)] == ["A", "B", "C"]


def test_keys_of_several_kinds_stand_in_one_line():
    rules = [one.rule for one in typed_key("A; ĐSĐS; 0,5", NAMES)]

    assert [type(rule).__name__ for rule in rules] == ["Choice", "Statements", "Numeric"]


@pytest.mark.parametrize(("text", "code"), [("AB", "key.length"), ("A B !!", "key.invalid")])
def test_a_key_that_does_not_fit_is_refused(text, code):
    assert code_of(lambda: typed_key(text, NAMES)) == code


def test_a_key_file_tells_points_and_the_canonical_order():
    items = key_of_sheets(sheet(("Câu", "Đáp án", "Điểm"), ("C2", "B", "0,5"), ("C1", "A", None)))

    assert items == [KeyedItem("C2", "B", "0.5"), KeyedItem("C1", "A", None)]
    assert items[0].rule.highest == 0.5


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("Câu", "Điểm"), ("C1", "1")], "key.columns"),
        ([("Câu", "Đáp án"), ("C1", "A"), ("C1", "B")], "key.repeated"),
        ([("Câu", "Đáp án"), ("C1", "A")], "key.many"),
        ([("Câu", "Đáp án", "Điểm"), ("C1", "A", "x"), ("C2", "B", "1")], "key.points"),
    ],
)
def test_a_key_file_that_cannot_be_used_says_why(rows, code):
    assert code_of(lambda: key_of_sheets(sheet(*rows))) == code


def test_blank_unreadable_and_not_presented_stay_apart():
    parsed = read(
        ("SBD", "Họ tên", *NAMES), ("1", "x", "a", None, "?"), ("2", "x", "-", "B", "c"),
        ("3", "x", None, None, None),
    )  # fmt: skip

    assert parsed.problems.is_empty()
    assert parsed.rows.select("sbd", "status", "answers").rows() == [
        ("1", 0, "A||?"), ("2", 0, "-|B|C"), ("3", 4, "||"),
    ]  # fmt: skip


def test_a_column_says_who_was_absent_or_cancelled():
    parsed = read(
        ("Mã học sinh", "C1", "C2", "C3", "Trạng thái"), ("p1", "A", "B", "C", "hủy"),
        ("p2", None, None, None, "vắng"), ("p3", "A", "A", "A", None),
    )  # fmt: skip

    assert parsed.rows["status"].to_list() == [3, 4, 0]
    assert parsed.rows["pupil_code"].to_list() == ["p1", "p2", "p3"]


def test_every_wrong_cell_is_named():
    parsed = read(
        ("SBD", *NAMES), ("1", "A", "B", "2,5"), ("1", "A", "B", "9"), (None, "A", "B", "1"),
        ("2", "A", "LONG ANSWER TOO LONG", "1"), key="A; B; TL 3",
    )  # fmt: skip

    lines = parsed.problems.select("line", "column").rows()
    assert lines == [(3, "A (SBD)"), (3, "D (C3)"), (4, "A (SBD)"), (5, "C (C2)")]
    assert "“9” không phải là điểm từ 0 đến 3." in parsed.problems["message"].to_list()


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("Lớp", *NAMES), ("6A", "A", "B", "C")], "column.candidate"),
        ([("SBD", *NAMES)], "answers.none"),
        ([("ghi nhớ", "x"), ("y", "z")], "table.missing"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(rows, code):
    assert code_of(lambda: read(*rows)) == code


def test_a_key_for_a_column_that_is_not_there_is_refused():
    keyed = [KeyedItem("C1", "A", None), KeyedItem("C9", "B", None)]

    call = lambda: read_answers(sheet(("SBD", *NAMES), ("1", "A", "B", "C")), lambda _: keyed)  # noqa: E731
    assert code_of(call) == "answers.items"


@given(st.lists(st.text("ABCD?-|0,5 ", max_size=14), min_size=3, max_size=3))
def test_any_row_is_packed_in_as_many_parts_as_there_are_items_or_told_of(cells):
    parsed = read(("SBD", *NAMES), ("1", *cells))

    assert parsed.problems.height or parsed.rows["answers"][0].count("|") == 2
