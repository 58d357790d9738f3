import numpy as np
import polars as pl
import pypdfium2
import pytest

from thucchat.cli.main import main


@pytest.fixture
def sheets(tmp_path):
    rng = np.random.default_rng(51)
    theta = rng.normal(size=(150, 1))
    right = rng.random((150, 8)) < 1 / (1 + np.exp(-1.5 * (theta - np.linspace(-1.5, 1.5, 8))))
    columns = {
        f"Câu {place + 1}": np.where(right[:, place], "A", rng.choice(["B", "C", "D"], 150)).tolist()
        for place in range(8)
    }
    path = tmp_path / "toan.csv"
    pl.DataFrame({"SBD": [f"{row:04d}" for row in range(150)], **columns}).write_csv(path)
    return path


@pytest.mark.parametrize("suffix", ["pdf", "docx", "xlsx"])
def test_the_report_is_written_whole_in_every_format(sheets, tmp_path, suffix, capsys):
    out = tmp_path / f"r.{suffix}"

    assert main(["analyse", "responses", str(sheets), "--key", "AAAAAAAA", "--report", str(out)]) == 0

    assert out.stat().st_size > 3000
    assert not list(tmp_path.glob("*.part"))
    assert "Câu 8" in capsys.readouterr().out


def test_the_pdf_speaks_of_every_item_and_outcome(sheets, tmp_path):
    out, outcomes = tmp_path / "r.pdf", tmp_path / "yc.csv"
    rows = [f"Câu {place},T.{place % 2},Nội dung {place % 2}" for place in range(1, 9)]
    outcomes.write_text("\n".join(["câu,mã YCCĐ,nội dung", *rows]), encoding="utf-8")
    words = ["--key", "AAAAAAAB", "--report", str(out), "--outcomes", str(outcomes)]

    assert main(["analyse", "responses", str(sheets), *words]) == 0

    with pypdfium2.PdfDocument(out) as pdf:
        text = " ".join(page.get_textpage().get_text_bounded() for page in pdf)
    for expected in ("Câu 1 (T.1)", "Câu 8 (T.0): Cần soát đáp án", "Nội dung 1", "THEO YÊU CẦU CẦN ĐẠT"):
        assert expected in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--report", "r.txt"], "phải là PDF"),
        (["--report", "r.pdf", "--outcomes", "OUT"], "cần cột câu và cột mã"),
    ],
)
def test_what_cannot_be_written_is_refused(sheets, tmp_path, words, message, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "OUT.csv").write_text("câu,khác\nCâu 1,x\n", encoding="utf-8")
    words = [word if word != "OUT" else "OUT.csv" for word in words]

    assert main(["analyse", "responses", str(sheets), "--key", "AAAAAAAA", *words]) == 2
    assert message in capsys.readouterr().err
