import json

import numpy as np
import polars as pl
import pytest

from tests.engine.measurement.irt.banks import bank_of
from thucchat.cli.main import main
from thucchat.engine.measurement.irt.items import Model
from thucchat.engine.measurement.irt.simulate import simulate_responses


@pytest.fixture
def responses(tmp_path):
    rng = np.random.default_rng(1)
    data = simulate_responses(bank_of(*[Model.TWO_PL] * 8), rng.standard_normal(500), rng)
    frame = pl.DataFrame({"sbd": [f"{n:04d}" for n in range(500)], "nhóm": ["A", "B"] * 250})
    frame = frame.with_columns(pl.Series(name, row) for name, row in zip(data.items, data.codes, strict=True))
    path = tmp_path / "bai.csv"
    frame.write_csv(path)
    return path


def payload(capsys, *words):
    assert main([str(word) for word in words]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("model", ["rasch", "2pl", "3pl", "pcm", "gpcm", "grm"])
def test_every_model_answers_in_the_keys_of_the_contract(responses, capsys, model):
    found = payload(capsys, "calibrate", responses, "--model", model, "--json")

    assert found["converged"]
    assert found["persons"] == 500
    assert {
        "model",
        "method",
        "log_likelihood",
        "iterations",
        "latent_mean",
        "latent_variance",
    } <= found.keys()
    assert {"item", "a", "b", "c", "d", "se_a", "se_b"} <= found["items"][0].keys()
    assert [item["item"] for item in found["items"]] == [f"c{n}" for n in range(1, 9)]
    assert (found["latent_variance"] == 1) == (model not in {"rasch", "pcm"})
    assert found["prior"] == ("c ~ Beta(6, 16)" if model == "3pl" else None)


def test_conditional_difficulties_sum_to_zero(responses, capsys):
    found = payload(capsys, "calibrate", responses, "--model", "rasch", "--method", "cml", "--json")

    assert sum(item["b"] for item in found["items"]) == pytest.approx(0, abs=1e-12)
    assert found["items"][0]["se_a"] is None


def test_sandwich_errors_are_near_those_of_the_information_where_the_model_is_right(responses, capsys):
    usual = payload(capsys, "calibrate", responses, "--model", "2pl", "--json")
    found = payload(capsys, "calibrate", responses, "--model", "2pl", "--errors", "sandwich", "--json")

    assert (usual["errors"], found["errors"]) == ("information", "sandwich")
    for one, other in zip(usual["items"], found["items"], strict=True):
        assert one["a"] == other["a"]
        assert one["se_b"] != other["se_b"]
        assert one["se_b"] == pytest.approx(other["se_b"], rel=0.25)


def test_the_prior_takes_no_part_in_how_far_a_3pl_estimate_moves(responses, capsys):
    words = ["calibrate", responses, "--model", "3pl", "--guess-prior", "600,1800", "--json"]
    firm = payload(capsys, *words, "--errors", "sandwich")
    posterior = payload(capsys, *words)

    for one, other in zip(firm["items"], posterior["items"], strict=True):
        assert one["se_c"] < other["se_c"] / 2


def test_groups_have_their_own_distributions(responses, capsys):
    found = payload(capsys, "calibrate", responses, "--model", "2pl", "--group", "nhóm", "--json")

    assert [group["group"] for group in found["groups"]] == ["A", "B"]
    assert found["groups"][0]["mean"] == 0


def test_fixed_items_keep_their_parameters(responses, capsys, tmp_path):
    fixed = tmp_path / "co-dinh.json"
    fixed.write_text(json.dumps([{"item": "c1", "a": 1.5, "b": 0.25}]))

    found = payload(capsys, "calibrate", responses, "--model", "2pl", "--fixed", fixed, "--json")

    assert (found["items"][0]["a"], found["items"][0]["b"]) == (1.5, 0.25)
    assert found["latent_mean"] != 0


def test_one_item_may_have_a_model_of_its_own(responses, capsys):
    found = payload(capsys, "calibrate", responses, "--model", "rasch", "--item-model", "c[12]=2pl", "--json")

    assert [item["model"] for item in found["items"]][:3] == ["2pl", "2pl", "rasch"]


@pytest.mark.parametrize("method", ["eap", "wle", "mle"])
def test_abilities_follow_from_a_calibration(responses, capsys, tmp_path, method):
    stored = tmp_path / "cau.json"
    assert main(["calibrate", str(responses), "--model", "2pl", "--out", str(stored)]) == 0
    capsys.readouterr()

    found = payload(capsys, "abilities", responses, "--items", stored, "--method", method, "--json")

    totals = pl.read_csv(responses).select(pl.sum_horizontal("^c.*$")).to_series().to_numpy()
    theta = np.array(
        [person["theta"] if person["theta"] is not None else np.nan for person in found["persons"]]
    )
    known = ~np.isnan(theta)
    assert found["persons"][0]["person"] == "0000"
    assert np.corrcoef(theta[known], totals[known])[0, 1] > 0.9
    assert known.all() == (method != "mle")


def test_abilities_go_to_a_table(responses, capsys, tmp_path):
    stored, out = tmp_path / "cau.json", tmp_path / "nang-luc.csv"
    main(["calibrate", str(responses), "--model", "rasch", "--json", "--out", str(stored)])

    assert main(["abilities", str(responses), "--items", str(stored), "--out", str(out)]) == 0

    assert pl.read_csv(out).columns == ["person", "theta", "se"]
    assert pl.read_csv(out).height == 500


def test_people_read_a_table_and_what_to_beware_of(responses, capsys):
    frame = pl.read_csv(responses, infer_schema_length=0).with_columns(c9=pl.lit("1"))
    frame.write_csv(responses)

    assert main(["calibrate", str(responses), "--model", "2pl"]) == 0

    printed = capsys.readouterr()
    assert "hội tụ" in printed.out
    assert "Câu “c9”: mọi thí sinh cùng được 1" in printed.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "2pl", "--method", "cml"], "chỉ dùng cho mô hình rasch hoặc pcm"),
        (["--model", "pcm", "--method", "cml", "--errors", "sandwich"], "sai số từ lượng thông tin"),
        (["--model", "3pl", "--guess-prior", "x"], "hai số từ 1 trở lên"),
        (["--model", "2pl", "--group", "lớp"], "Không có cột “lớp”"),
        (["--model", "2pl", "--item-model", "c1"], "MẪU=MÔ HÌNH"),
    ],
)
def test_a_wrong_call_says_how_to_put_it_right(responses, capsys, words, message):
    assert main(["calibrate", str(responses), *words]) == 2
    assert message in capsys.readouterr().err


def test_any_other_file_is_no_calibration(responses, capsys, tmp_path):
    other = tmp_path / "khac.json"
    other.write_text("{}")

    assert main(["abilities", str(responses), "--items", str(other)]) == 2
    assert "không phải kết quả của thucchat calibrate" in capsys.readouterr().err


def test_fit_is_added_when_asked_for(responses, capsys, tmp_path):
    stored = tmp_path / "cau.json"
    main(["calibrate", str(responses), "--model", "2pl", "--fit", "--out", str(stored)])
    found = json.loads(stored.read_text())

    persons = payload(capsys, "abilities", responses, "--items", stored, "--fit", "--json")["persons"]

    assert all(0 <= item["p"] <= 1 for item in found["items"])
    assert found["local_dependence"] == []
    assert abs(np.mean([person["lz_star"] for person in persons])) < 0.3


def test_abilities_may_use_the_distribution_of_one_group(responses, capsys, tmp_path):
    stored = tmp_path / "cau.json"
    main(["calibrate", str(responses), "--model", "2pl", "--group", "nhóm", "--out", str(stored)])

    assert (
        payload(capsys, "abilities", responses, "--items", stored, "--group", "B", "--json")["count"] == 500
    )
    assert main(["abilities", str(responses), "--items", str(stored), "--group", "C"]) == 2
    assert "có: A, B" in capsys.readouterr().err


def test_each_value_of_a_column_is_calibrated_as_it_would_be_alone(responses, tmp_path, capsys):
    together = payload(capsys, "calibrate", responses, "--model", "2pl", "--by", "nhóm", "--json")
    alone = tmp_path / "A.csv"
    pl.read_csv(responses, infer_schema=False).filter(pl.col("nhóm") == "A").drop("nhóm").write_csv(alone)

    found = payload(capsys, "calibrate", alone, "--model", "2pl", "--json")

    assert together["by"] == "nhóm"
    assert [part["name"] for part in together["calibrations"]] == ["A", "B"]
    assert together["calibrations"][0] == {"name": "A", "refusal": None} | found


def test_a_value_that_cannot_be_calibrated_says_why_and_stops_no_other(responses, tmp_path, capsys):
    path = tmp_path / "it.csv"
    frame = pl.read_csv(responses, infer_schema=False)
    few = pl.when(pl.int_range(pl.len()) < 4).then(pl.lit("C")).otherwise("nhóm").alias("nhóm")
    frame.with_columns(few).write_csv(path)

    found = payload(capsys, "calibrate", path, "--model", "rasch", "--by", "nhóm", "--workers", "1", "--json")

    assert [part["name"] for part in found["calibrations"]] == ["C", "A", "B"]
    assert "Chỉ có 4 thí sinh" in found["calibrations"][0]["refusal"]
    assert found["calibrations"][1]["refusal"] is None
    assert found["calibrations"][1]["converged"]


def test_a_table_for_people_names_each_part(responses, capsys):
    assert main(["calibrate", str(responses), "--model", "2pl", "--by", "nhóm"]) == 0

    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0] == "A"
    assert "B" in lines
    assert "Lưu ý: B: Chỉ có 250 thí sinh" in printed.err


def test_columns_that_are_not_used_are_listed_and_those_that_are_used_are_not(responses, capsys):
    frame = pl.read_csv(responses, infer_schema=False).with_columns(
        lớp=pl.lit("9A"), tháng=pl.Series([str(100 + n % 30) for n in range(500)])
    )
    frame.write_csv(responses)

    found = payload(capsys, "calibrate", responses, "--model", "rasch", "--group", "nhóm", "--json")

    assert found["caveats"] == [
        "Không dùng các cột: lớp (tên hoặc nội dung không phải của câu hỏi).",
        (
            "Không coi là câu hỏi: tháng (30 giá trị khác nhau, quá nhiều so với một câu). "
            "Nếu là câu hỏi, hãy nêu bằng --items."
        ),
    ]


def test_a_long_file_is_divided_by_what_it_says_of_persons(responses, capsys, tmp_path):
    frame = pl.read_csv(responses)
    long = frame.unpivot(on=[f"c{n}" for n in range(1, 9)], index=["sbd", "nhóm"], variable_name="item")
    long.rename({"value": "score"}).write_csv(tmp_path / "dai.csv")
    words = ["--model", "rasch", "--group", "nhóm", "--json"]

    wide = payload(capsys, "calibrate", responses, *words)

    assert payload(capsys, "calibrate", tmp_path / "dai.csv", *words) == wide


def test_abilities_use_every_calibrated_item_whatever_it_is_called(responses, capsys, tmp_path):
    frame = pl.read_csv(responses).rename({"c8": "score"})
    frame.write_csv(responses)
    stored = tmp_path / "cau.json"
    words = ["--model", "rasch", "--items", "c?,score", "--out", str(stored)]
    assert main(["calibrate", str(responses), *words]) == 0
    capsys.readouterr()

    found = payload(capsys, "abilities", responses, "--items", stored, "--json")
    frame.rename({"score": "c8"}).write_csv(responses)
    stored.write_text(stored.read_text().replace('"score"', '"c8"'))

    assert found == payload(capsys, "abilities", responses, "--items", stored, "--json")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--by", "nhom"], "Không có cột “nhom”"),
        (["--by", "nhóm", "--workers", "0"], "ít nhất một tiến trình"),
    ],
)
def test_what_cannot_be_divided_is_refused(responses, capsys, words, message):
    assert main(["calibrate", str(responses), "--model", "rasch", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_cluster_gives_the_same_results_bit_for_bit(responses, capsys):
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    words = ["calibrate", responses, "--model", "2pl", "--by", "nhóm", "--json"]
    here = payload(capsys, *words)

    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        there = payload(capsys, *words, "--cluster", cluster.scheduler_address)

    assert there == here


def test_an_address_without_a_cluster_is_told(responses, capsys):
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    words = ["--by", "nhóm", "--cluster", "tcp://127.0.0.1:9"]

    assert main(["calibrate", str(responses), "--model", "rasch", *words]) == 2
    assert "Không nối được" in capsys.readouterr().err
