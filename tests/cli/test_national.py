import json

import pytest
from python_calamine import CalamineWorkbook

from thucchat.cli.main import main

TABLE = (
    "Năm,Tỉnh,Môn,Số bài,Điểm trung bình\n"
    "2023,Điện Biên,Toan,100,5.0\n2023,Hà Nội,Toan,100,6.0\n"
    "2024,Điện Biên,Toan,100,7.0\n2024,Hà Nội,Toan,100,6.5\n2024,Sơn La,Toan,0,\n"
)


@pytest.fixture
def means(tmp_path):
    path = tmp_path / "bang.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_the_json_keeps_its_contract(means, capsys):
    assert main(["analyse", "national", str(means), "--province", "dien bien", "--json"]) == 0

    years = json.loads(capsys.readouterr().out)["years"]
    assert [{name: year[name] for name in ("year", "mean", "rank", "of")} for year in years] == [
        {"year": 2023, "mean": 5.0, "rank": 2, "of": 2},
        {"year": 2024, "mean": 7.0, "rank": 1, "of": 2},
    ]
    subject = years[0]["subjects"][0]
    assert {name: subject[name] for name in ("subject", "mean", "rank", "of")} == {
        "subject": "Toan",
        "mean": 5.0,
        "rank": 2,
        "of": 2,
    }


def test_the_verdict_on_a_target_is_printed_and_written(means, tmp_path, capsys):
    pdf, xlsx = tmp_path / "hang.pdf", tmp_path / "hang.xlsx"
    command = ["analyse", "national", str(means), "--province", "Điện Biên", "--target", "+1"]

    assert main(command) == 0
    assert " đạt" in capsys.readouterr().out
    assert main([*command, "--pdf", str(pdf), "--xlsx", str(xlsx)]) == 0

    rows = CalamineWorkbook.from_path(xlsx).get_sheet_by_name("Thứ hạng").to_python()
    assert rows[3] == ["2024", 7.0, 6.75, 1.0, 2.0, 1.0, 2.0, "Đạt"]
    assert pdf.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2024,Lai Châu,Toan,mười,6\n", "Dòng 7, cột “Số bài”: “mười” không phải là số"),
        ("2024,Lai Châu,Toan,10,\n", "Dòng 7, cột “Điểm trung bình”: “” không phải là số"),
        ("2024,Lai Châu,Toan,10,11\n", "nằm ngoài thang 0-10"),
        ("2024,Hà Nội,Toan,10,6\n", "nhiều dòng cho Hà Nội, Toan, năm 2024"),
    ],
)
def test_a_bad_line_is_named(means, capsys, line, message):
    means.write_text(TABLE + line, encoding="utf-8")

    assert main(["analyse", "national", str(means), "--province", "Hà Nội"]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_column_is_named(tmp_path, capsys):
    path = tmp_path / "thieu.csv"
    path.write_text("year,province,subject,mean\n2024,Hà Nội,Toan,6\n", encoding="utf-8")

    assert main(["analyse", "national", str(path), "--province", "Hà Nội"]) == 2
    assert "thiếu cột “count”" in capsys.readouterr().err
