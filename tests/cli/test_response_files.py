import numpy as np
import pytest

from thucchat.cli.response_files import number_table, read_key, read_responses, with_keys
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.scoring import Choice, Numeric, Statements


@pytest.fixture
def table(tmp_path):
    def read(text, *, pattern=None, letters=False, **choices):
        path = tmp_path / "bai.csv"
        path.write_text(text, encoding="utf-8")
        return read_responses(path, **{"identity": None} | choices, pattern=pattern, letters=letters)

    return read


def test_names_and_classes_are_not_items(table):
    found = table("STT,SBD,Họ tên,Lớp,c1,c2\n1,007,An,9A,1,0\n2,008,Bình,9B,,1\n")

    assert found.persons == ("007", "008")
    assert found.items == ("c1", "c2")
    assert np.array_equal(number_table(found), [[1, 0], [np.nan, 1]], equal_nan=True)
    assert "Họ tên, Lớp" in found.caveats[0]


def test_blanks_have_many_spellings(table):
    found = table("id;a;b\n1;NA;-\n2; ;.\n3;0,5;TRUE\n")

    values = number_table(found)
    assert np.isnan(values[:2]).all()
    assert values[2].tolist() == [0.5, 1]


def test_without_an_identity_persons_are_numbered(table):
    assert table("a,b\n1,0\n1,1\n").persons == ("1", "2")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id,a\nx,1\nx,0\n", "person.duplicate"),
        ("a,b\nA,B\nC,D\n", "items.none"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(table, text, code):
    with pytest.raises(InvalidInput) as refusal:
        table(text)
    assert refusal.value.code == code


def test_a_cell_that_is_no_score_is_named(table):
    found = table("id,a\nAn,1\nBình,x\n", pattern="a")

    with pytest.raises(InvalidInput, match="“Bình”, cột “a”: “x”"):
        number_table(found)


@pytest.mark.parametrize("given", ["BĐ", "A,ĐSSĐ", "A;ĐSSĐ"])
def test_keys_are_typed_in_the_order_of_the_items(given):
    rules = read_key(
        "A ĐSSĐ 0,5" if given == "BĐ" else given, ["c1", "c2", "c3"][: 3 if given == "BĐ" else 2]
    )

    assert rules["c1"] == Choice(("A",))
    assert rules["c2"] == Statements("ĐSSĐ")
    assert rules.get("c3", Numeric(("0,5",))) == Numeric(("0,5",))


def test_letters_may_stand_close_together():
    assert read_key("AB", ["c1", "c2"])["c2"] == Choice(("B",))


def test_key_files_have_a_line_or_a_column_per_item(tmp_path):
    (tmp_path / "dong.csv").write_text('câu,đáp án,điểm\nc1,A,"0,25"\nc2,B,"0,25"\n', encoding="utf-8")
    (tmp_path / "cot.csv").write_text("c2,c1\nB,A\n", encoding="utf-8")

    assert read_key(str(tmp_path / "dong.csv"), ["c1", "c2"])["c1"] == Choice(("A",), 0.25)
    assert read_key(str(tmp_path / "cot.csv"), ["c1", "c2"])["c2"] == Choice(("B",))


def test_items_without_a_key_are_left_out_and_told(tmp_path, table):
    (tmp_path / "dong.csv").write_text("câu,đáp án\nc1,A\n", encoding="utf-8")
    found = table("sbd,c1,nơi sinh\n1,A,X\n2,B,Y\n", letters=True)

    kept = with_keys(found, read_key(str(tmp_path / "dong.csv"), found.items))

    assert kept.items == ("c1",)
    assert "Không có đáp án nên không dùng: nơi sinh" in kept.caveats[-1]


def test_a_column_of_keys_is_taken_in_order(tmp_path):
    (tmp_path / "cot.csv").write_text("x\nA\nB\n", encoding="utf-8")

    assert read_key(str(tmp_path / "cot.csv"), ["c1", "c2"]) == {"c1": Choice(("A",)), "c2": Choice(("B",))}


def test_keys_of_other_items_are_refused(tmp_path):
    (tmp_path / "dong.csv").write_text("câu,đáp án\nx1,A\nx2,B\nx3,C\n", encoding="utf-8")

    with pytest.raises(InvalidInput) as short:
        read_key("AB", ["c1", "c2", "c3"])
    with pytest.raises(InvalidInput) as missing:
        read_key(str(tmp_path / "dong.csv"), ["c1", "c2"])
    assert [short.value.code, missing.value.code] == ["key.length", "key.missing"]
