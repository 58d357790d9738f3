import json

import cv2
import numpy as np
import polars as pl
import pytest
from docx import Document

from thucchat.cli.main import main
from thucchat.engine.sheets.distort.suite import make_cases, read_labels, write_cases
from thucchat.engine.sheets.layout_files import load_layout

ROSTER = "Số báo danh;Họ và tên;Phòng thi;Mã đề\n00000012;Lò A;2;0101\n00000011;Lò B;1;0102\n"
SEED = "27182818284590452353"


@pytest.fixture
def printed(tmp_path):
    (tmp_path / "ds.csv").write_text(ROSTER, "utf-8")
    out = tmp_path / "phieu.pdf"
    lists = tmp_path / "phong.pdf"
    command = ["sheet", "print", str(tmp_path / "ds.csv"), "--layout", "2025", "--out", str(out)]
    assert main([*command, "--lists", str(lists)]) == 0
    assert lists.read_bytes().startswith(b"%PDF")
    return out


@pytest.fixture
def scanned(tmp_path):
    folder = tmp_path / "quet"
    write_cases(folder, make_cases(load_layout("lop-a5"), "scan", 1, range(40, 44)))
    return folder


def test_what_is_printed_is_read_in_room_order(printed, tmp_path, capsys):
    out = tmp_path / "kq.csv"
    command = ["sheet", "read", str(printed), "--layout", "2025", "--out", str(out), "--workers", "1"]
    assert main([*command, "--roster", str(tmp_path / "ds.csv")]) == 0
    frame = pl.read_csv(out, infer_schema_length=0)
    assert frame.columns[:6] == ["file", "page", "layout", "candidate", "code", "I.1"]
    assert frame["candidate"].to_list() == ["00000011", "00000012"]
    assert frame["code"].to_list() == ["0102", "0101"]
    assert frame["review"].to_list() == ["0", "0"]
    assert "2 trang: đọc được 2, cần người xem 0" in capsys.readouterr().err


def test_a_journal_is_decided_again_without_images(printed, tmp_path, capsys):
    out = tmp_path / "kq.csv"
    main(["sheet", "read", str(printed), "--layout", "2025", "--out", str(out), "--workers", "1"])
    printed.unlink()
    capsys.readouterr()
    journal = str(out) + ".journal"
    assert main(["sheet", "read", journal, "--layout", "2025", "--json", "--mark", "0.6"]) == 0
    payload = json.loads(capsys.readouterr().out)
    assert [one["candidate"] for one in payload["sheets"]] == ["00000011", "00000012"]
    assert payload["counts"]["read"] == 2


def test_labelled_cases_are_made_read_and_shown(tmp_path, capsys):
    cases = tmp_path / "kho"
    assert (
        main(["sheet", "distort", "--layout", "lop-a5", "--kind", "struck", "-n", "2", "--out", str(cases)])
        == 0
    )
    evidence = tmp_path / "anh"
    command = ["sheet", "read", str(cases), "--layout", "lop-a5", "--workers", "1", "--json"]
    assert main([*command, "--evidence", str(evidence)]) == 0
    labels = [json.loads(line) for line in (cases / "labels.jsonl").read_text("utf-8").splitlines()]
    sheets = {one["file"]: one for one in json.loads(capsys.readouterr().out)["sheets"]}
    for label in labels:
        sheet = sheets[label["file"]]
        asked = {flag.split(":")[0] for flag in sheet["review"]}
        for question, text in label["answers"].items():
            assert sheet["answers"][question] == text or question in asked
    assert any(evidence.iterdir())


def test_the_audit_names_its_sheets_and_judges_them(tmp_path, capsys):
    ids = [f"p{place}" for place in range(400)]
    pl.DataFrame({"id": ids}).write_csv(tmp_path / "kq.csv")
    command = ["sheet", "audit", str(tmp_path / "kq.csv"), "--seed", SEED, "--limit", "0.02", "--json"]
    assert main(command) == 0
    asked = json.loads(capsys.readouterr().out)
    assert asked["needed"] == 149
    assert not asked["passed"]
    pl.DataFrame({"id": asked["sample"], "ok": ["1"] * 149}).write_csv(tmp_path / "giay.csv")
    main([*command, "--results", str(tmp_path / "giay.csv")])
    assert json.loads(capsys.readouterr().out)["passed"]


def test_a_school_mean_is_audited_by_score(tmp_path, capsys):
    ids = [f"p{place}" for place in range(80)]
    scores = [f"{4 + place % 3},00" for place in range(80)]
    pl.DataFrame({"id": ids, "score": scores}).write_csv(tmp_path / "kq.csv")
    command = ["sheet", "audit", str(tmp_path / "kq.csv"), "--seed", SEED, "--mean", "0.25", "--json"]
    assert main(command) == 0
    asked = json.loads(capsys.readouterr().out)
    assert asked["needed"] == 59
    pl.DataFrame({"id": ids, "paper_score": scores}).write_csv(tmp_path / "giay.csv")
    main([*command, "--results", str(tmp_path / "giay.csv")])
    assert json.loads(capsys.readouterr().out)["passed"]


def test_every_school_is_audited_under_one_seed_and_small_ones_are_read_in_full(tmp_path, capsys):
    schools = ["A"] * 80 + ["B"] * 20
    ids, scores = [f"p{place}" for place in range(100)], [f"{4 + place % 3},00" for place in range(100)]
    kq = tmp_path / "kq.csv"
    pl.DataFrame({"id": ids, "score": scores, "truong": schools}).write_csv(kq)
    command = ["sheet", "audit", str(kq), "--seed", SEED, "--mean", "0.25", "--by", "truong", "--json"]
    main([*command, "--out", str(tmp_path / "mau.csv"), "--pdf", str(tmp_path / "bb.pdf")])
    first, second = json.loads(capsys.readouterr().out)["audits"]
    assert (first["needed"], first["read_in_full"]) == (59, False)
    assert (second["needed"], second["read_in_full"]) == (20, True)
    assert pl.read_csv(tmp_path / "mau.csv").height == 59 + 20
    papers = [*scores[:80], *(f"{float(one[:1]) - 0.3}" for one in scores[80:])]
    pl.DataFrame({"id": ids, "paper_score": papers}).write_csv(tmp_path / "giay.csv")
    main([*command, "--results", str(tmp_path / "giay.csv"), "--docx", str(tmp_path / "bb.docx")])
    audits = json.loads(capsys.readouterr().out)["audits"]
    assert [one["passed"] for one in audits] == [True, False]
    words = "\n".join(cell.text for table in Document(tmp_path / "bb.docx").tables for cell in table._cells)
    assert "chưa đạt" in words
    assert "p99" in words


def test_answers_keyed_in_blind_are_compared_with_the_reading(scanned, tmp_path, capsys):
    out, blank = tmp_path / "kq.csv", tmp_path / "nhap.csv"
    main(["sheet", "read", str(scanned), "--layout", "lop-a5", "--out", str(out), "--workers", "1"])
    command = ["sheet", "audit", str(out), "--seed", SEED, "--json"]
    main([*command, "--blank", str(blank), "--form", str(tmp_path / "doc.pdf")])
    assert (tmp_path / "doc.pdf").read_bytes().startswith(b"%PDF")
    empty = pl.read_csv(blank, infer_schema_length=0)
    questions = [name for name in empty.columns if name != "id"]
    assert empty.select(questions).null_count().sum_horizontal().item() == len(questions) * len(empty)
    truth = {f"{one['file']}#1": one["answers"] for one in read_labels(scanned)}
    keyed = [{"id": name} | {key: truth[name][key] or "-" for key in questions} for name in empty["id"]]
    pl.DataFrame(keyed).write_csv(blank)
    capsys.readouterr()
    main([*command, "--results", str(blank)])
    report = json.loads(capsys.readouterr().out)
    assert (report["examined"], report["wrong"], report["passed"]) == (len(truth), 0, True)
    keyed[0]["7"] = "ABCD"
    pl.DataFrame(keyed).write_csv(blank)
    main([*command, "--results", str(blank)])
    assert json.loads(capsys.readouterr().out)["wrong"] == 1


def test_two_readings_are_compared_and_their_roots_told(scanned, tmp_path, capsys):
    out = tmp_path / "kq.csv"
    main(["sheet", "read", str(scanned), "--layout", "lop-a5", "--out", str(out), "--workers", "1"])
    said = capsys.readouterr().err
    assert main(["sheet", "compare", str(out), str(out), "--json"]) == 0
    roots = json.loads(capsys.readouterr().out)["roots"]
    assert roots["before"] == roots["after"]
    assert roots["before"]["marks"] in said
    frame = pl.read_csv(out, infer_schema_length=0)
    frame.with_columns(pl.lit("D").alias("7")).write_csv(tmp_path / "sua.csv")
    assert main(["sheet", "compare", str(out), str(tmp_path / "sua.csv")]) == 1
    assert "câu 7:" in capsys.readouterr().out


def test_a_form_of_others_is_fitted(tmp_path):
    page = np.full((1754, 1240), 250, np.uint8)
    for corner in ((80, 80), (1160, 80), (80, 1674), (1160, 1674)):
        cv2.rectangle(page, (corner[0] - 20, corner[1] - 20), (corner[0] + 20, corner[1] + 20), 0, -1)
    for x, y in [(300 + 60 * o, 300 + 50 * q) for q in range(10) for o in range(4)]:
        cv2.circle(page, (x, y), 14, 90, 2)
    cv2.imwrite(str(tmp_path / "trang.png"), page)
    pointed = {
        "name": "truong-a",
        "width": 210,
        "height": 297,
        "bubble": [28, 28],
        "anchors": [[80, 80], [1160, 80], [80, 1674], [1160, 1674]],
        "blocks": [{"kind": "choice", "count": 10, "from": [300, 300], "to": [480, 750]}],
    }
    (tmp_path / "diem.json").write_text(json.dumps(pointed), "utf-8")
    layout, out = tmp_path / "mau.json", tmp_path / "kq.csv"
    command = ["sheet", "fit", str(tmp_path / "trang.png"), "--points", str(tmp_path / "diem.json")]
    assert main([*command, "--out", str(layout)]) == 0
    cv2.circle(page, (360, 350), 11, 60, -1)
    cv2.imwrite(str(tmp_path / "bai.png"), page)
    command = ["sheet", "read", str(tmp_path / "bai.png"), "--layout", str(layout), "--out", str(out)]
    assert main([*command, "--workers", "1"]) == 0
    (row,) = pl.read_csv(out, infer_schema_length=0).rows(named=True)
    assert (row["1"], row["2"], row["review"]) == (None, "B", "0")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["read", "khong-co", "--layout", "2025"], "không có tệp"),
        (["read", ".", "--layout", "2031"], "Không có mẫu phiếu “2031”"),
        (["print", "--layout", "2025", "--count", "0", "--out", "x.pdf"], "phải từ 1 đến"),
        (["distort", "--layout", "2025", "--kind", "bao", "--out", "x"], "Không có kiểu làm méo “bao”"),
    ],
)
def test_wrong_calls_are_answered_in_words(words, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["sheet", *words]) == 2
    assert message in capsys.readouterr().err
