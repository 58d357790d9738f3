import polars as pl
import pytest

from thucchat.cli.grids import read_grid
from thucchat.engine.errors import InvalidInput


@pytest.fixture
def grid(tmp_path):
    def read(text, name="bang.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return read_grid(path)

    return read


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_separator_is_the_one_that_lines_share(grid, mark):
    frame = grid(f"id{mark}c1\n01{mark}1\n02{mark}0\n")

    assert frame.to_dict(as_series=False) == {"id": ["01", "02"], "c1": ["1", "0"]}


def test_decimal_commas_do_not_separate(grid):
    assert grid("id;c1;c2\n1;0,5;0,25\n2;1,0;0,1\n")["c2"].to_list() == ["0,25", "0,1"]


def test_titles_above_the_heading_are_passed_over(grid):
    assert grid("TRƯỜNG A;;\n;;\nSBD;c1;c2\n1;1;0\n").columns == ["SBD", "c1", "c2"]


def test_a_table_without_a_heading_gets_one(grid):
    frame = grid("1,0,1\n0,0,1\n")

    assert frame.rows() == [("1", "0", "1"), ("0", "0", "1")]
    assert frame.columns == ["C1", "C2", "C3"]


def test_numbers_may_be_the_names_of_items(grid):
    assert grid("1,2,3\n1,0,1\n").columns == ["1", "2", "3"]


def test_row_names_of_r_get_a_name(grid):
    assert grid('"","V1"\n"1",1\n"2",NA\n').columns == ["cột 1", "V1"]


@pytest.mark.parametrize("mark", [",", ";", "\t", " "])
def test_a_heading_that_leaves_out_the_row_names_of_r_is_not_shifted(grid, mark):
    frame = grid(f'"I1"{mark}"I2"\n"1"{mark}0{mark}1\n"2"{mark}NA{mark}0\n')

    assert frame.to_dict(as_series=False) == {"cột 1": ["1", "2"], "I1": ["0", "NA"], "I2": ["1", "0"]}


def test_row_names_may_stand_before_codes(grid):
    assert grid("id,I1\na,101,0\nb,102,0\n").rows() == [("a", "101", "0"), ("b", "102", "0")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,A,B\n1,1,0,1\n2,1,0,1\n", 2),  # codes under A would repeat
        ("A,B\n1,0,1\n1,1,0\n", 2),
        ("A,B\n1,0\n2,1,0\n3,1,1\n", 3),
        ("BẢNG ĐIỂM,\n\nA,B\n1,0\n2,1,0\n", 5),
        ("1,0\n1,0\n0,1,1\n", 3),
    ],
)
def test_rows_longer_than_the_heading_are_refused_with_their_line(grid, text, line):
    with pytest.raises(InvalidInput, match=f"dòng {line}: có") as refusal:
        grid(text)
    assert refusal.value.code == "file.ragged"


@pytest.mark.parametrize("text", ["id,A\n1,0,\n2,1,\n", "id,A\n1,0\n2,1, ,,\n", "id,A,,\n1,0,,\n2,1\n"])
def test_empty_cells_beyond_the_heading_are_harmless(grid, text):
    assert grid(text).to_dict(as_series=False) == {"id": ["1", "2"], "A": ["0", "1"]}


def test_a_heading_may_have_names_of_two_lines(grid):
    assert grid('id,"Câu\n1",c2\n1,0,1\n').columns == ["id", "Câu 1", "c2"]


def test_runs_of_blanks_separate_where_no_mark_does(grid):
    frame = grid('"họ tên" c1  c2\n"An Bình"  1 0 \n"Lê Chi"   0 NA\n', "a.txt")

    assert frame.rows() == [("An Bình", "1", "0"), ("Lê Chi", "0", "NA")]


def test_words_of_one_column_do_not_make_a_table(grid):
    assert grid("đáp án\nTL 2\nTL 1\n").columns == ["đáp án"]


def test_utf_16_is_read(grid):
    assert grid("id,Câu 1\n1,0\n", encoding="utf-16").columns == ["id", "Câu 1"]


def test_excel_and_parquet_give_the_same_cells(tmp_path, grid):
    frame = grid("SBD,c1\n001,1\n002,\n")
    frame.write_excel(tmp_path / "a.xlsx")
    frame.write_parquet(tmp_path / "a.parquet")

    assert read_grid(tmp_path / "a.xlsx").equals(frame)
    assert read_grid(tmp_path / "a.parquet").equals(frame)


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("", "a.csv", "empty"),
        ("a,b\n", "a.csv", "empty"),
        ("x", "a.pdf", "type"),
        ("no workbook", "a.xlsx", "unreadable"),
        ('a,b\n1,"x', "a.csv", "unreadable"),
    ],
)
def test_files_that_are_no_tables_are_refused(grid, text, name, code):
    with pytest.raises(InvalidInput) as refusal:
        grid(text, name)
    assert refusal.value.code == f"file.{code}"


def test_the_words_of_a_library_are_not_shown(grid):
    with pytest.raises(InvalidInput, match="Hãy mở tệp rồi lưu lại") as refusal:
        grid('a,b\n1,"x')
    assert "column" not in refusal.value.message


def test_two_columns_of_one_name_are_refused(grid):
    with pytest.raises(InvalidInput) as refusal:
        grid("a,a\n1,x\n")
    assert refusal.value.code == "column.duplicate"


def test_an_excel_file_of_numbers_reads_as_text(tmp_path):
    pl.DataFrame({"id": [1, 2], "c1": [0.25, 1.0]}).write_excel(tmp_path / "a.xlsx")

    assert read_grid(tmp_path / "a.xlsx")["c1"].to_list() == ["0.25", "1"]
