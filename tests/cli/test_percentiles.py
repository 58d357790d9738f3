import json

import numpy as np
import polars as pl
import pytest

from tests.engine.growth.percentiles.test_curves import cohort
from thucchat.cli.main import main
from thucchat.engine.growth.percentiles.scores import growth_percentiles

COLUMNS = ("--score", "cuoi", "--prior", "dau", "truoc")


def write(path, scores, priors, **more):
    table = pl.DataFrame({"ma": [f"{row:05d}" for row in range(len(scores))], "cuoi": scores, **more})
    table = table.with_columns(dau=pl.Series(priors[:, 0]), truoc=pl.Series(priors[:, 1]))
    table.fill_nan(None).write_csv(path)
    return path


@pytest.fixture
def pupils(tmp_path):
    scores, priors = cohort(600, seed=40, grid=0.25)
    scores[0], priors[1], priors[2, 1] = np.nan, np.nan, np.nan
    school = ["A" if row % 2 else "B" for row in range(595)] + ["C"] * 5
    return write(tmp_path / "hs.csv", scores, priors, truong=school)


def test_every_pupil_has_a_percentile_or_a_reason(pupils, capsys):
    assert main(["percentiles", str(pupils), *COLUMNS, "--id", "ma", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    table = pl.read_csv(pupils)
    priors = table.select("dau", "truoc").cast(pl.Float64).fill_null(np.nan).to_numpy()
    expected = growth_percentiles(table["cuoi"].cast(pl.Float64).fill_null(np.nan).to_numpy(), priors)
    assert found["pupils"][0] == {
        "id": "00000",
        "percentile": None,
        "priors_used": 2,
        "reason": "thiếu điểm",
    }
    assert found["pupils"][1]["reason"] == "thiếu mọi điểm đầu vào"
    assert [row["percentile"] for row in found["pupils"][2:]] == expected.percentile[2:].tolist()


def test_results_go_to_a_file_with_row_numbers_for_ids(pupils, tmp_path):
    out = tmp_path / "ra.csv"

    assert main(["percentiles", str(pupils), *COLUMNS, "--out", str(out)]) == 0

    table = pl.read_csv(out)
    assert table.columns == ["id", "percentile", "priors_used", "reason"]
    assert table["id"].to_list() == list(range(1, 601))


def test_units_have_their_median_and_small_ones_a_reason(pupils, capsys):
    assert main(["percentiles", str(pupils), *COLUMNS, "--unit", "truong", "--json"]) == 0

    units = {row["unit"]: row for row in json.loads(capsys.readouterr().out)["units"]}
    assert units["A"]["median_low"] <= units["A"]["median"] <= units["A"]["median_high"]
    assert (units["C"]["median"], units["C"]["reason"]) == (None, "dưới 10 học sinh có bách phân vị")


def test_the_plain_table_counts_who_has_none(pupils, capsys):
    assert main(["percentiles", str(pupils), *COLUMNS, "--unit", "truong"]) == 0

    text = capsys.readouterr().out
    assert "598 học sinh có bách phân vị tiến bộ, 2 học sinh không có." in text
    assert "không có kết quả: dưới 10 học sinh có bách phân vị" in text


def test_a_reference_cohort_can_be_named(pupils, tmp_path, capsys):
    scores, priors = cohort(600, seed=41)
    stronger = write(tmp_path / "sau.csv", scores + 1, priors)

    words = ["percentiles", str(stronger), *COLUMNS, "--reference", str(pupils), "--json"]
    assert main(words) == 0

    found = json.loads(capsys.readouterr().out)["pupils"]
    assert np.mean([row["percentile"] for row in found]) > 65


def test_errors_of_the_priors_add_a_corrected_percentile(tmp_path, capsys):
    scores, priors = cohort(300, seed=42)
    path = write(tmp_path / "hs.csv", scores, priors, se=np.full(300, 0.5))

    assert main(["percentiles", str(path), *COLUMNS, "--prior-se", "se", "se", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)["pupils"]
    assert all(1 <= row["corrected"] <= 99 for row in found)
    assert any(row["corrected"] != row["percentile"] for row in found)


def de_boor(x, sequence, place, degree):
    """One B-spline by its recursion, as the manual gives it."""
    if degree == 0:
        return float(sequence[place] <= x < sequence[place + 1])
    value = 0.0
    if sequence[place + degree] > sequence[place]:
        share = (x - sequence[place]) / (sequence[place + degree] - sequence[place])
        value += share * de_boor(x, sequence, place, degree - 1)
    if sequence[place + degree + 1] > sequence[place + 1]:
        share = (sequence[place + degree + 1] - x) / (sequence[place + degree + 1] - sequence[place + 1])
        value += share * de_boor(x, sequence, place + 1, degree - 1)
    return value


def test_a_pupil_can_recompute_the_percentile_from_the_exported_curves(tmp_path, capsys):
    scores, priors = cohort(200, seed=43)
    path, out = write(tmp_path / "hs.csv", scores, priors), tmp_path / "cong.json"

    assert main(["percentiles", str(path), *COLUMNS, "--curves", str(out), "--json"]) == 0

    found = [row["percentile"] for row in json.loads(capsys.readouterr().out)["pupils"]]
    curves = json.loads(out.read_text(encoding="utf-8"))
    for pupil in range(20):
        row = [1.0]
        for basis, prior in zip(curves["bases"], priors[pupil], strict=True):
            sequence = [basis["low"]] * 4 + basis["knots"] + [basis["high"]] * 4
            row += [de_boor(prior, sequence, place, 3) for place in range(1, len(sequence) - 4)]
        values = np.array(curves["coefficients"]) @ row
        below = int((values < scores[pupil] - curves["tie"]).sum())
        assert min(max(below, 1), 99) == found[pupil]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--score", "khong", "--prior", "dau"), "Không có cột “khong”."),
        (("--score", "cuoi", "--prior", "ma", "truong"), "không phải là số"),
        ((*COLUMNS, "--prior-se", "dau"), "Mỗi cột --prior cần đúng một cột --prior-se"),
    ],
)
def test_bad_calls_end_with_two_and_a_sentence(pupils, capsys, words, message):
    assert main(["percentiles", str(pupils), *words]) == 2

    assert message in capsys.readouterr().err
