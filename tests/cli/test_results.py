import json

import polars as pl
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from thucchat.cli.main import main

SCORES = "sbd,truong,toan,van\n1,A,7.5,8\n2,A,4,\n3,B,10,v\n4,B,0,6.25\n"


@pytest.fixture
def scores(tmp_path):
    path = tmp_path / "diem.csv"
    path.write_text(SCORES, encoding="utf-8")
    return path


def analysed(capsys, *arguments):
    assert main(["analyse", "results", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys, *arguments):
    assert main(["analyse", "results", *map(str, arguments)]) == 2
    return capsys.readouterr().err


def test_the_json_keeps_its_contract(scores, capsys):
    result = analysed(capsys, scores)

    toan = result["subjects"][0]
    assert result["candidates"] == 4
    assert {name: toan[name] for name in ("subject", "count", "mean", "median", "q1", "q3")} == {
        "subject": "toan",
        "count": 4,
        "mean": 5.375,
        "median": 5.75,
        "q1": 3.0,
        "q3": 8.125,
    }
    shares = ("below_5", "from_8", "at_most_1", "zero", "ten")
    assert [toan[name] for name in shares] == [2, 1, 1, 1, 1]
    assert toan["bins"][-1] == {"low": 10.0, "high": 10.0, "count": 1}
    assert (result["subjects"][1]["count"], result["subjects"][1]["absent"]) == (2, 1)


def test_ignored_columns_are_listed(scores, capsys):
    assert [one["column"] for one in analysed(capsys, scores)["ignored"]] == ["sbd", "truong"]


def test_groups_are_compared_by_a_column_named_without_accents(scores, capsys):
    result = analysed(capsys, scores, "--by", "Trường", "--minimum", "2")

    assert [(group["name"], group["candidates"]) for group in result["groups"]] == [("A", 2), ("B", 2)]
    (gap,) = result["gaps"]
    assert (gap["gap"], gap["top"], gap["met"]) == (0.75, "A", True)


def test_the_printed_table_names_groups_gaps_and_ignored_columns(scores, capsys):
    assert main(["analyse", "results", str(scores), "--by", "truong", "--minimum", "2", "--gap", "1/2"]) == 0

    printed = " ".join(capsys.readouterr().out.split())
    assert "truong B: 2 thí sinh" in printed
    assert "Toán 0,75 chưa đạt (A 5,75, B 5,00)" in printed
    assert "sbd: theo tiêu đề, không phải cột điểm" in printed


def test_a_year_column_is_filtered_and_dates_the_bars(tmp_path, capsys):
    path = tmp_path / "nam.csv"
    path.write_text("nam,sbd,toan\n2023,1,8\n2024,1,6\n2024,2,7\n", encoding="utf-8")

    result = analysed(capsys, path, "--year", 2024)

    assert (result["candidates"], result["subjects"][0]["mean"]) == (2, 6.5)
    assert (result["bin_rule"], result["subjects"][0]["bin_width"]) == ("thi tốt nghiệp 2017-2024", 20)
    assert "không có năm 2020" in refused(capsys, path, "--year", 2020)


def test_an_entrance_exam_has_no_official_bars(scores, capsys):
    assert analysed(capsys, scores, "--year", 2024, "--exam", "entrance")["bin_rule"].startswith("theo bước")


def test_bad_cells_end_with_their_row_and_column(tmp_path, capsys):
    path = tmp_path / "hong.csv"
    path.write_text("sbd,toan,van\n1,tám,11\n2,8,\n", encoding="utf-8")

    message = refused(capsys, path)

    assert "dòng 2, cột “toan”: “tám”; dòng 2, cột “van”: “11”" in message


def test_a_repeated_candidate_is_pointed_out(tmp_path, capsys):
    path = tmp_path / "trung.csv"
    path.write_text("sbd,toan\n1,7\n1,8\n", encoding="utf-8")

    assert "1 dòng trùng số" in analysed(capsys, path)["warnings"][0]


def test_chosen_columns_only(scores, capsys):
    assert [one["subject"] for one in analysed(capsys, scores, "--subjects", "van")["subjects"]] == ["van"]


def test_the_same_numbers_stand_in_json_table_pdf_and_workbook(scores, tmp_path, capsys):
    pdf, docx, xlsx = (tmp_path / f"bao_cao.{kind}" for kind in ("pdf", "docx", "xlsx"))

    result = analysed(
        capsys, scores, "--pdf", pdf, "--docx", docx, "--xlsx", xlsx, "--date", "2025-08-05", "--by", "truong"
    )

    assert main(["analyse", "results", str(scores)]) == 0
    assert "5,38" in capsys.readouterr().out
    with pypdfium2.PdfDocument(pdf) as opened:
        assert "5,38" in opened[0].get_textpage().get_text_bounded()
    rows = CalamineWorkbook.from_path(xlsx).get_sheet_by_name("Thống kê").to_python()
    assert rows[2][:3] == ["Toán", 4.0, result["subjects"][0]["mean"]]
    assert docx.stat().st_size > 0


def test_typed_parquet_gives_the_same_as_text(scores, tmp_path, capsys):
    typed = pl.read_csv(scores, null_values="v")
    typed.write_parquet(tmp_path / "diem.parquet")

    from_text, from_typed = analysed(capsys, scores), analysed(capsys, tmp_path / "diem.parquet")

    assert from_text["subjects"][0] == from_typed["subjects"][0]


def test_an_unknown_kind_of_analysis_is_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["analyse", "nothing"])
    assert stop.value.code == 2
