import json

import numpy as np
import polars as pl
import pytest

from thucchat.cli.main import main

FORMULA = "diem ~ diem_dau + gioi + (1|huyen/truong) + (1|gv)"


@pytest.fixture
def table():
    rng = np.random.default_rng(12)
    rows = 480
    teacher = np.arange(rows) % 40
    school = rng.permutation(np.arange(rows) % 12)
    start = rng.normal(5, 1.5, rows).round(2)
    score = 2 + 0.6 * start + 0.5 * rng.normal(size=40)[teacher] + 0.4 * rng.normal(size=12)[school]
    return pl.DataFrame(
        {
            "ma": [f"00{number}" for number in range(rows)],
            "diem": (score + rng.normal(size=rows)).round(3),
            "diem_dau": start,
            "gioi": np.where(rng.random(rows) < 0.5, "Nam", "Nữ"),
            "huyen": [f"0{code % 3}" for code in school],
            "truong": [f"T{code // 3}" for code in school],
            "gv": [f"{code:03}" for code in teacher],
            "gv2": [f"{code:03}" if code % 2 else "" for code in rng.permutation(teacher)],
            "tl": np.where(teacher % 2 == 0, 1.0, 0.6),
            "tl2": np.where(teacher % 2 == 0, 0.0, 0.4),
            "nam": (2023 + np.arange(rows) % 2).astype(str),
        }
    )


@pytest.fixture
def path(table, tmp_path):
    path = tmp_path / "diem.csv"
    table.write_csv(path)
    return path


def run(capsys, path, *words):
    assert main(["growth", str(path), *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_json_has_the_agreed_keys(path, capsys):
    found = run(capsys, path, "--formula", FORMULA)

    assert [row["term"] for row in found["fixed"]] == ["(Intercept)", "diem_dau", "gioiNữ"]
    assert set(found["fixed"][0]) == {"term", "estimate", "se"}
    assert [row["group"] for row in found["random"]] == ["gv", "truong:huyen", "huyen"]
    assert set(found["random"][0]) == {"group", "term", "term2", "covariance"}
    assert found["converged"] is True
    assert found["reml_criterion"] == pytest.approx(-2 * found["log_likelihood"])
    assert found["residual_variance"] == pytest.approx(1, abs=0.2)


def test_the_effects_keep_their_names_and_zeros(path, tmp_path, capsys):
    out = tmp_path / "effects.csv"
    run(capsys, path, "--formula", FORMULA, "--effects", str(out))

    frame = pl.read_csv(out, infer_schema_length=0)
    assert frame.columns == ["group", "level", "term", "estimate", "se", "rmse"]
    assert frame.filter(group="gv")["level"].to_list()[:3] == ["000", "001", "002"]
    assert "T0:00" in frame.filter(group="truong:huyen")["level"].to_list()


def write_semicolons(table, folder):
    path = folder / "diem2.csv"
    comma = table.with_columns(pl.col("diem", "diem_dau").cast(pl.String).str.replace(".", ",", literal=True))
    path.write_text("\ufeff" + comma.write_csv(separator=";"), encoding="utf-8")
    return path


def write_excel(table, folder):
    table.with_columns(pl.col("diem").cast(pl.String)).write_excel(folder / "diem.xlsx")
    return folder / "diem.xlsx"


def write_parquet(table, folder):
    table.write_parquet(folder / "diem.parquet")
    return folder / "diem.parquet"


@pytest.mark.parametrize("write", [write_semicolons, write_excel, write_parquet])
def test_every_kind_of_file_gives_the_same_fit(write, table, path, tmp_path, capsys):
    first = run(capsys, path, "--formula", FORMULA)
    second = run(capsys, write(table, tmp_path), "--formula", FORMULA)

    assert second["fixed"] == [
        row | {"estimate": pytest.approx(row["estimate"]), "se": pytest.approx(row["se"])}
        for row in first["fixed"]
    ]
    assert second["log_likelihood"] == pytest.approx(first["log_likelihood"])


def test_blank_cells_are_missing_and_counted(table, path, capsys):
    table.with_columns(diem_dau=pl.when(pl.col("gv") != "007").then("diem_dau")).write_csv(path)

    found = run(capsys, path, "--formula", FORMULA)

    assert (found["rows"], found["rows_left_out"]) == (468, 12)
    assert found["without_result"] == [{"group": "gv", "level": "007", "pupils": 12, "reason": "missing"}]


def test_plain_options_are_the_formula(path, capsys):
    words = [
        "--response",
        "diem",
        "--prior",
        "diem_dau",
        "--covariate",
        "gioi",
        "--level",
        "huyen/truong",
        "--level",
        "gv",
    ]

    assert run(capsys, path, *words)["fixed"] == run(capsys, path, "--formula", FORMULA)["fixed"]


def test_shares_by_options(path, capsys):
    words = ["--response", "diem", "--prior", "diem_dau", "--level", "gv+gv2", "--share", "tl,tl2"]
    found = run(capsys, path, *words)

    assert found["formula"] == "diem ~ diem_dau + (1 | mm(gv, gv2, weights = cbind(tl, tl2)))"
    assert found["groups"] == [{"group": "mm(gv, gv2)", "levels": 40}]


def test_the_exported_rows_give_the_number_again(path, tmp_path, capsys):
    out = tmp_path / "rows.csv"
    found = run(capsys, path, "--formula", FORMULA, "--explain", "gv=003", "--export", str(out))["explained"]

    rows = pl.read_csv(out)
    ratio = found["residual_variance"] / found["covariance"][0][0]
    mean = (rows["response"] - rows["expected"]).mean()
    assert len(rows) / (len(rows) + ratio) * mean == pytest.approx(found["estimate"][0], abs=1e-9)
    assert rows["row"][0] == 5  # the fourth pupil stands in line 5 of the file


def test_views_and_years_and_likelihood(path, tmp_path, capsys):
    views = tmp_path / "views.csv"
    words = ["--formula", "diem ~ diem_dau + (1|gv)", "--ml"]
    found = run(
        capsys, path, *words, "--background", "gioi", "--views", str(views), "--year", "nam", "--pool", "2"
    )

    assert found["method"] == "ML"
    assert "deviance" in found
    assert found["fixed"][-1]["term"] == "factor(nam)2024"
    assert pl.read_csv(views).columns[3:] == [
        "start_estimate",
        "start_se",
        "start_rmse",
        "background_estimate",
        "background_se",
        "background_rmse",
    ]


def test_people_get_a_table(path, capsys):
    assert main(["growth", str(path), "--formula", FORMULA]) == 0
    text = capsys.readouterr().out
    assert "truong:huyen (Intercept)" in text
    assert "480 dòng dùng, 0 dòng thiếu ô bị bỏ" in text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--formula", "diem ~ khong + (1|gv)"], "Bảng không có cột “khong”"),
        (["--formula", "diem ~ diem_dau + (1|gv"], "Không hiểu công thức"),
        (["--formula", "gioi ~ diem_dau + (1|gv)"], "Cột kết quả “gioi” có ô không phải là số"),
        (["--formula", "diem ~ diem_dau + (1|ma)"], "không tách được khỏi phần dư"),
        (["--prior", "diem_dau"], "Cần --formula"),
        (["--formula", "diem ~ 1 + (1|gv)", "--explain", "gv=none"], "Không có “none”"),
        (["--formula", "diem ~ 1 + (1|gv)", "--explain", "gv"], "TÊN=GIÁ TRỊ"),
        (["--formula", "diem ~ 1 + (1|gv)", "--year", "nam", "--pool", "5"], "Cần 5 năm"),
        (["--formula", "diem ~ 1 + (1|gv)", "--prior-se", "diem_dau=tl"], "phải đứng riêng"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_2(words, text, path, capsys):
    assert main(["growth", str(path), *words]) == 2
    assert text in capsys.readouterr().err
