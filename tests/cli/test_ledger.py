import json
import subprocess
import sys
from pathlib import Path

import pytest

from thucchat.cli.main import main
from thucchat.engine.custody import ledger_check
from thucchat.engine.custody.canonical import canonical
from thucchat.engine.custody.chain import append
from thucchat.engine.custody.merkle import leaf_hash, root

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_ledger.py"


@pytest.fixture
def ledger(tmp_path):
    events, last = [], None
    for number in range(7):
        last = append(last, "score.set", {"actor": None, "facts": {"of": f"ớ{number}"}})
        events.append(last)
    path = tmp_path / "so.jsonl"
    lines = [canonical([e.sequence, e.kind, e.body, e.previous, e.hash]).decode() for e in events]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path, root([leaf_hash(bytes.fromhex(event.hash)) for event in events]).hex()


def test_a_whole_ledger_holds(ledger, capsys):
    path, top = ledger

    assert main(["ledger", "verify", str(path), "--root", f"THUCCHAT-SO 7 {top}"]) == 0
    assert capsys.readouterr().out == f"ĐÚNG: THUCCHAT-SO 7 {top}\n"


def test_every_letter_changed_is_found(ledger):
    path, top = ledger
    whole = path.read_bytes()
    for place in range(len(whole) - 1):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        verdict = ledger_check.check(changed.splitlines(keepends=True), [(7, top)])
        assert verdict.faults, place


def test_a_shortened_ledger_is_told_with_its_place(ledger, capsys):
    path, top = ledger
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:4]), "utf-8")
    roots = path.with_suffix(".roots")
    roots.write_text(f"THUCCHAT-SO 7 {top}\n")

    assert main(["ledger", "verify", str(path), "--roots", str(roots), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["faults"] == [
        {
            "code": "cut",
            "first": 5,
            "last": 7,
            "message": "Thiếu sự kiện từ 5 đến 7: chúng đã có trong mã gốc đã in.",
        }
    ]


def test_a_root_that_is_none_is_refused(ledger, capsys):
    assert main(["ledger", "verify", str(ledger[0]), "--root", "7"]) == 2
    assert "“7” không có dạng" in capsys.readouterr().err


@pytest.mark.parametrize("broken", [False, True])
def test_both_verifiers_run_without_anything_installed(ledger, broken):
    path, top = ledger
    if broken:
        path.write_text(path.read_text("utf-8").replace("ớ3", "ớ8"), "utf-8")
    for program, roots in ((ledger_check.__file__, [f"7 {top}"]), (VERIFIER, ["7", top])):
        done = subprocess.run(
            [sys.executable, "-I", "-S", program, path, *roots], capture_output=True, text=True, check=False
        )
        assert done.returncode == broken, done.stderr
        assert ("4" in done.stdout) == broken or not broken


def test_the_second_verifier_is_printed_in_the_docs_and_short():
    text = VERIFIER.read_text("utf-8")

    assert len(text.splitlines()) < 100
    assert text in VERIFIER.with_name("ledger.md").read_text("utf-8")
