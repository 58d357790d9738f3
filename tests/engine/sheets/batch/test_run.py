import json
import os
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.journal import Journal, read_journal
from thucchat.engine.sheets.batch.run import find_files, read_batch
from thucchat.engine.sheets.batch.table import batch_frame, settle_batch
from thucchat.engine.sheets.layout_files import load_layout
from thucchat.engine.sheets.printing.sheets import PrintedSheet, print_sheets


def read(folder, path, form, workers=1):
    with Journal(path, form) as journal:
        read_batch(folder, journal, form, workers)
        return list(journal.records)


def test_a_batch_with_bad_files_reads_all_the_others(folder, tmp_path, form, scans):
    content = scans[0].image
    (folder / "cut.jpg").write_bytes(content[: len(content) // 2])
    (folder / "text.png").write_text("không phải ảnh", "utf-8")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "fake.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 5000)
    (folder / "note.txt").write_text("không đọc", "utf-8")
    (folder / "white.png").write_bytes(
        cv2.imencode(".png", np.full((1700, 1200), 255, np.uint8))[1].tobytes()
    )
    result = settle_batch(form, read(folder, tmp_path / "j", form))
    assert result.counts["read"] == len(scans)
    aside = {row.record.file: row.flags[0] for row in result.rows if not row.reading or row.reading.set_aside}
    assert aside == {
        "cut.jpg": "file:image.broken",
        "text.png": "file:image.format",
        "empty.pdf": "file:image.format",
        "fake.pdf": "file:image.broken",
        "white.png": "page:blank",
    }


def test_a_second_run_reads_nothing_again_and_a_changed_file_becomes_a_new_version(
    folder, tmp_path, form, scans
):
    path = tmp_path / "j"
    read(folder, path, form)
    size = path.stat().st_size
    read(folder, path, form)
    assert path.stat().st_size == size
    image = cv2.imdecode(np.frombuffer(scans[0].image, np.uint8), 0)
    (folder / scans[0].name).write_bytes(
        cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 60])[1].tobytes()
    )
    records = read(folder, path, form)
    result = settle_batch(form, records)
    again = [row for row in result.rows if row.record.file == scans[0].name]
    assert [row.version for row in again] == [1, 2]
    assert all("candidate:duplicate" in row.flags for row in again)


def test_a_line_torn_by_a_power_cut_is_read_again(folder, tmp_path, form):
    path = tmp_path / "j"
    whole = {one.key for one in read(folder, path, form)}
    path.write_bytes(path.read_bytes()[:-700])
    assert len(read_journal(path, form)) == len(whole) - 1
    assert {one.key for one in read(folder, path, form)} == whole


def test_a_journal_of_another_layout_is_refused(folder, tmp_path, form):
    read(folder, tmp_path / "j", form)
    with pytest.raises(InvalidInput, match="khác mẫu đang dùng"):
        Journal(tmp_path / "j", load_layout("truoc-2025"))


def test_pages_of_a_long_pdf_are_read_once_each_in_order(tmp_path, form):
    sheets = [PrintedSheet(f"{place:08d}", "0101", f"{place:06d}") for place in range(30)]
    (tmp_path / "p.pdf").write_bytes(print_sheets(form, sheets))
    records = read(tmp_path / "p.pdf", tmp_path / "j", form, workers=2)
    frame = batch_frame(settle_batch(form, records, roster=[f"{place:08d}" for place in range(1, 32)]))
    assert frame["candidate"].to_list() == [f"{place:08d}" for place in range(30)]
    assert frame["page"].to_list() == [str(place) for place in range(1, 31)]
    assert "candidate:foreign" in frame["flags"][0]


def test_missing_candidates_are_named(folder, tmp_path, form, scans):
    result = settle_batch(
        form, read(folder, tmp_path / "j", form), roster=["99999999", scans[0].truth.candidate]
    )
    assert result.missing == ("99999999",)
    assert result.counts["foreign"] == len(scans) - 1


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="không có tệp PDF"):
        find_files(tmp_path)


def test_links_out_of_the_folder_are_not_followed(folder, tmp_path):
    outside = tmp_path / "outside.png"
    outside.write_bytes(b"x")
    (folder / "link.png").symlink_to(outside)
    assert "link.png" not in find_files(folder)[1]


def killed_until_done(folder, out, kills, rng):
    """Start reading again and again, killing each run after a while; returns how many were killed."""
    command = [sys.executable, "-c", "import sys; from thucchat.cli.main import main; sys.exit(main())"]
    command += ["sheet", "read", str(folder), "--layout", "2025", "--workers", "1", "--out", str(out)]
    killed = 0
    while True:
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        if killed >= kills:
            assert process.wait(120) == 0
            return killed
        time.sleep(float(rng.uniform(0.3, 2.5)))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        killed += 1


@pytest.mark.slow
def test_reading_killed_again_and_again_loses_and_doubles_nothing(folder, tmp_path, form):
    calm = read(folder, tmp_path / "calm", form)
    killed_until_done(folder, tmp_path / "o.csv", 12, np.random.default_rng(3))
    lines = (tmp_path / "o.csv.journal").read_text("utf-8").splitlines()
    keys = [(one["file"], one["sha256"], one["page"]) for one in map(json.loads, lines[1:])]
    assert sorted(keys) == sorted(one.key for one in calm)
