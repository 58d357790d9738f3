import unicodedata

import pytest
import xlsxwriter

from thucchat.cli.score_files import fingerprint, read_table
from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.results.columns import is_known


def written(path, text, encoding="utf-8"):
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("a.csv", "sbd,toan\n01,7.5\n", "utf-8"),
        ("a.csv", "sbd;toan\n01;7.5\n", "utf-8-sig"),
        ("a.tsv", "sbd\ttoan\n01\t7.5\n", "utf-8"),
        ("a.txt", "sbd\ttoan\n01\t7.5\n", "utf-16"),
        ("a.csv", '"sbd","toan"\r\n"01","7.5"\r\n', "utf-8"),
    ],
)
def test_tables_are_read_whatever_their_separator_and_encoding(tmp_path, name, text, encoding):
    table = read_table(written(tmp_path / name, text, encoding), is_known)

    assert table.cells.to_dicts() == [{"sbd": "01", "toan": "7.5"}]


def test_titles_above_the_heading_are_skipped_and_rows_keep_their_number(tmp_path):
    text = "KẾT QUẢ THI,,\nTỉnh X,,\nSố báo danh,Toán,Văn\n1,8,9\n"

    table = read_table(written(tmp_path / "a.csv", text), is_known)

    assert (table.cells.columns, table.first_row) == (["Số báo danh", "Toán", "Văn"], 4)


def test_decomposed_headings_are_composed(tmp_path):
    text = unicodedata.normalize("NFD", "Số báo danh,Toán\n1,8\n")

    assert read_table(written(tmp_path / "a.csv", text), is_known).cells.columns == ["Số báo danh", "Toán"]


def test_a_ministry_workbook_is_read_below_its_titles_and_notes(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("12A1")
        sheet.merge_range(1, 0, 1, 3, "SỞ GIÁO DỤC VÀ ĐÀO TẠO")
        for row, cells in enumerate(
            (("STT", "SBD", None, "Toán"), (None, None, None, "(HS 2)"), (1, "01", None, 7.15))
        ):
            sheet.write_row(row + 3, 0, cells)

    table = read_table(path, is_known)

    assert table.first_row == 6
    assert table.cells.to_dicts() == [{"STT": "1", "SBD": "01", "Toán": "7.15"}]


def test_sheets_that_were_not_read_are_named(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("12A1", "12A2"):
            book.add_worksheet(name).write_row(0, 0, ("sbd", "toan"))
            book.get_worksheet_by_name(name).write_row(1, 0, (name, 7))

    first, second = read_table(path, is_known), read_table(path, is_known, "12A2")

    assert (first.cells["sbd"].to_list(), first.unread) == (["12A1"], ("12A2",))
    assert (second.cells["sbd"].to_list(), second.unread) == (["12A2"], ("12A1",))
    with pytest.raises(InvalidInput, match="12A9"):
        read_table(path, is_known, "12A9")


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.csv", "", "file.empty"),
        ("a.csv", "sbd,toan\n", "file.empty"),
        ("a.csv", "sbd,toan,toan\n1,2,3\n", "column.duplicate"),
        ("a.csv", "sbd,toan\n1,7,5\n", "file.ragged"),
        ("a.xlsx", "not a workbook", "file.unreadable"),
        ("a.parquet", "not parquet", "file.unreadable"),
        ("a.pdf", "%PDF", "file.type"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, text, code):
    with pytest.raises(InvalidInput) as refusal:
        read_table(written(tmp_path / name, text), is_known)
    assert refusal.value.code == code


def test_a_row_longer_than_the_heading_is_named_and_empty_cells_are_not_minded(tmp_path):
    table = read_table(written(tmp_path / "a.csv", "sbd,toan\n1,7\n2,8,,\n"), is_known)

    assert table.cells.rows() == [("1", "7"), ("2", "8")]
    with pytest.raises(InvalidInput, match="dòng 4: có 3 ô trong khi tiêu đề có 2"):
        read_table(written(tmp_path / "a.csv", "KẾT QUẢ,\nsbd,toan\n1,7\n2,7,5\n"), is_known)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "a.csv", is_known)


def test_the_fingerprint_is_that_of_the_bytes(tmp_path):
    path = written(tmp_path / "a.csv", "abc")

    assert fingerprint(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
