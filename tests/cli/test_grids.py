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


def test_two_columns_of_one_name_are_refused(grid):
    with pytest.raises(InvalidInput) as refusal:
        grid("a,a\n1,x\n")
    assert refusal.value.code == "column.duplicate"


def test_an_excel_file_of_numbers_reads_as_text(tmp_path):
    pl.DataFrame({"id": [1, 2], "c1": [0.25, 1.0]}).write_excel(tmp_path / "a.xlsx")

    assert read_grid(tmp_path / "a.xlsx")["c1"].to_list() == ["0.25", "1"]
