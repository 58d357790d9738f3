import numpy as np
import pytest

from thucchat.cli.response_files import number_table, read_responses
from thucchat.engine.errors import InvalidInput


@pytest.fixture
def table(tmp_path):
    def read(text, *, identity=None, pattern=None, used=()):
        path = tmp_path / "bai.csv"
        path.write_text(text, encoding="utf-8")
        return read_responses(path, identity=identity, pattern=pattern, used=used)

    return read


def test_one_response_per_line_is_brought_side_by_side(table):
    found = table("person,item,score\nx,c1,1\nx,c2,0\ny,c2,1\n")

    assert found.items == ("c1", "c2")
    assert np.array_equal(number_table(found), [[1, 0], [np.nan, 1]], equal_nan=True)
    assert found.caveats == ()


LONG = ",id,item,score,Gender,mood,part\n1,x,c1,1,F,20,A\n2,x,c2,0,F,20,B\n3,y,c1,0,M,11,A\n4,y,c2,1,,11,B\n"


def test_what_is_the_same_in_all_rows_of_a_person_is_kept_and_the_rest_is_told(table):
    found = table(LONG)

    assert (found.persons, found.items) == (("x", "y"), ("c1", "c2"))
    assert found.others.to_dict(as_series=False) == {"Gender": ["F", "M"], "mood": ["20", "11"]}
    assert found.caveats == (
        "Không dùng các cột đổi giữa các dòng của một thí sinh: cột 1, part.",
        "Không dùng các cột: Gender, mood.",
    )


def test_a_column_that_the_command_uses_must_be_the_same_in_all_rows_of_a_person(table):
    assert table(LONG, used=("Gender",)).caveats[-1] == "Không dùng các cột: mood."
    with pytest.raises(InvalidInput, match="“part” đổi giữa các dòng") as refusal:
        table(LONG, used=("part",))
    assert refusal.value.code == "column.varies"


def test_numbers_of_rows_are_not_persons_and_items_of_a_long_file_have_any_name(table):
    found = table("row,sbd,câu,điểm\n1,x,n,1\n2,x,total,30\n3,y,n,0\n4,y,total,21\n")

    assert (found.persons, found.items) == (("x", "y"), ("n", "total"))


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("person,item,score\nx,c1,1\nx,c1,0\n", "response.duplicate", "“x” có hai dòng cho câu “c1”"),
        ("id,item,r2\nx,c1,1\nx,c2,0\ny,c1,1\n", "long.columns", "score, response hoặc điểm"),
        ("pupil code,item,score\nx,c1,1\nx,c2,0\ny,c1,1\n", "long.columns", "hãy nêu --id"),
        ("id,item,score,c1\nx,c1,1,5\nx,c2,0,5\ny,c1,1,6\n", "column.duplicate", "“c1” vừa là tên cột"),
    ],
)
def test_long_files_that_cannot_be_used_say_why(table, text, code, sentence):
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        table(text)
    assert refusal.value.code == code


def test_an_item_may_be_called_item(table):
    assert table("id,item\nx,1\ny,1\n").items == ("item",)


def test_patterns_stand_for_as_many_persons_as_gave_them(table):
    found = table('"","c1","c2","Freq"\n"1",0,0,2\n"2",0,1,0\n"3",1,1,3\n')

    assert found.persons == ("1", "2", "3", "4", "5")
    assert number_table(found).tolist() == [[0, 0]] * 2 + [[1, 1]] * 3
    assert found.caveats == (
        "Mỗi dòng là một mẫu trả lời, cột “Freq” là số thí sinh: 3 dòng thành 5 thí sinh, đánh số từ 1.",
    )
    assert len(table("c1,c2,Tần số\n0,0,2\n1,1,3\n", pattern="c*").persons) == 5


@pytest.mark.parametrize(
    "text",
    [
        "c1,c2,n\n0,1,2\n0,1,3\n",  # two persons of one pattern
        "c1,c2,n\n0,1,1\n1,1,2\n",  # the sum
        "c1,c2,n\n0,1,2\n,1,1\n",  # how many were answered
        "c1,c2,n\n0,1,2\n1,1,2\n",
        "sbd,c1,c2,n\nx,0,1,2\ny,1,1,3\n",
    ],
)
def test_other_numbers_do_not_repeat_persons(table, text):
    found = table(text)

    assert (len(found.persons), found.items) == (2, ("c1", "c2"))
    assert "Không dùng các cột: n (" in found.caveats[0]


@pytest.mark.parametrize("cell", ["0.5", "", "-1"])
def test_a_share_is_no_number_of_persons(table, cell):
    with pytest.raises(InvalidInput, match="số thí sinh của mỗi mẫu") as refusal:
        table(f"c1,c2,freq\n0,1,2\n1,1,{cell}\n")
    assert refusal.value.code == "pattern.count"
