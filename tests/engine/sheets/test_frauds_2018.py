"""The three score frauds of 2018, played on sheets: each leaves the evidence that betrays it."""

from dataclasses import replace

import cv2
import numpy as np
import polars as pl
import pytest

from thucchat.cli.sheet_audit import agreement
from thucchat.engine.errors import InvalidInput
from thucchat.engine.sheets.batch.journal import Journal
from thucchat.engine.sheets.batch.pictures import captured_image
from thucchat.engine.sheets.batch.roots import batch_roots, changes
from thucchat.engine.sheets.batch.run import read_batch
from thucchat.engine.sheets.batch.table import batch_frame, settle_batch
from thucchat.engine.sheets.distort.marking import draw_marks
from thucchat.engine.sheets.distort.suite import KINDS
from thucchat.engine.sheets.distort.truth import Habit, Stain, Truth, invent
from thucchat.engine.sheets.printing.sheets import PrintedSheet, print_sheets
from thucchat.engine.sheets.reading.page import settle

ROOM, CHANGED = 8, 20
VICTIM = "00000003"
KEY = "C"  # of every question the fraud touches
HABIT = Habit(dark=(0.8, 0.9), blank=0.0, changed=0.0, double=0.0)


def paper_of(form, stains, seed):
    """A sheet of paper as a picture: printed, filled in, not yet scanned."""
    import pypdfium2

    pdf = print_sheets(form, [PrintedSheet(f"{seed:08d}", "0101", f"{seed:06d}")])
    with pypdfium2.PdfDocument(pdf) as document:
        grey = document[0].render(scale=150 / 72, grayscale=True).to_numpy()
    page = grey.reshape(grey.shape[:2]).astype(np.float32) / 255
    draw_marks(page, form, stains, HABIT, np.random.default_rng(seed))
    return page


def scanned(page, path, seed):
    shot = KINDS["scan"].finish(page, 150, 1, np.random.default_rng(seed))
    cv2.imwrite(str(path), shot, [cv2.IMWRITE_JPEG_QUALITY, 85])


def answered(form, seed):
    rng = np.random.default_rng(seed)
    return invent(form, HABIT, rng, candidate=f"{seed:08d}", code="0101", printed=True)


def refilled(form, truth: Truth) -> Truth:
    """The first wrong answers of part I are rubbed out, not quite cleanly, and the key is marked."""
    known = form.map
    touched = [
        place
        for place, one in enumerate(form.fields)
        if one.name.startswith("I.") and truth.answers[one.name] != KEY
    ][:CHANGED]
    kept = [stain for stain in truth.stains if known.fields[stain.bubble] not in touched]
    old = [stain for stain in truth.stains if known.fields[stain.bubble] in touched]
    rubbed = [replace(stain, dark=0.09, stroke="rubbed") for stain in old]
    new = [Stain(int(known.first[place]) + "ABCD".index(KEY), 0.85, "fill") for place in touched]
    answers = truth.answers | {form.fields[place].name: KEY for place in touched}
    return Truth(truth.candidate, truth.code, answers, (*kept, *rubbed, *new))


def read(folder, out, form):
    """The result table, and the records it was decided from."""
    with Journal(out, form) as journal:
        read_batch(folder, journal, form, 1)
        records = list(journal.records)
    return batch_frame(settle_batch(form, records)), records


@pytest.fixture(scope="module")
def truths(form):
    return {f"{seed:08d}": answered(form, seed) for seed in range(1, ROOM + 1)}


@pytest.fixture
def room(tmp_path, form, truths):
    """Sheets captured in the examination room."""
    folder = tmp_path / "phong"
    folder.mkdir()
    for name, truth in truths.items():
        scanned(paper_of(form, truth.stains, int(name)), folder / f"{name}.jpg", int(name))
    return folder


def audited_against_paper(frame, papers):
    """Candidates whose paper, keyed in by auditors, differs from the table."""
    keyed = pl.DataFrame([{"id": name, **answers} for name, answers in papers.items()])
    agreed = agreement(frame.with_columns(id=pl.col("candidate")), keyed)
    return [name for name, same in agreed.items() if not same]


def test_ha_giang_answers_edited_after_reading(room, tmp_path, form, truths):
    frame, records = read(room, tmp_path / "j", form)
    minuted = batch_roots(frame)
    part = [f"I.{number}" for number in range(1, 31)]
    hit = pl.col("candidate") == VICTIM
    edited = frame.with_columns(pl.when(hit).then(pl.lit(KEY)).otherwise(pl.col(part)).name.keep())

    # The root in the minutes no longer fits, though the images still do.
    assert batch_roots(edited).marks != minuted.marks
    assert batch_roots(edited).images == minuted.images
    # The journal decides again without images; every changed answer is named.
    again = batch_frame(settle_batch(form, records))
    assert batch_roots(again) == minuted
    found = changes(again, edited)
    assert {one.candidate for one in found} == {VICTIM}
    assert {one.where for one in found} == {name for name in part if truths[VICTIM].answers[name] != KEY}
    # Paper against record: read in full, the audit names this sheet and no other.
    wrong = audited_against_paper(edited, {name: truth.answers for name, truth in truths.items()})
    assert wrong == [VICTIM]
    # An edited journal does not help: the captured image, by its fingerprint, is read again.
    record = next(one for one in records if one.file == f"{VICTIM}.jpg")
    ink = replace(record.measured.ink, mean=np.roll(record.measured.ink.mean, 1))
    forged = settle(form, replace(record.measured, ink=ink))
    honest, _ = read(room, tmp_path / "j2", form)
    assert [one.text for one in forged.answers] != [one.text for one in settle(form, record.measured).answers]
    assert batch_roots(honest) == minuted


def test_sample_size_that_finds_ha_giang():
    rng = np.random.default_rng(2018)
    sheets, edited, sample = 3 * 5400, 309, 155
    missed = np.mean(rng.hypergeometric(edited, sheets - edited, sample, 20_000) == 0)
    assert missed < 0.055


def test_hoa_binh_paper_changed_before_the_centre_scanned_it(room, tmp_path, form, truths):
    centre = tmp_path / "noi-cham"
    centre.mkdir()
    for name, truth in truths.items():
        now = refilled(form, truth) if name == VICTIM else truth
        scanned(paper_of(form, now.stains, int(name)), centre / f"{name}.jpg", 100 + int(name))
    at_room, _ = read(room, tmp_path / "j1", form)
    at_centre, _ = read(centre, tmp_path / "j2", form)

    # Paper and record agree at the centre: only the room's capture and the traces on paper tell.
    answers = [one for one in changes(at_room, at_centre) if one.what == "answer"]
    assert {one.candidate for one in answers} == {VICTIM}
    assert len(answers) == CHANGED
    assert {one.after for one in answers} == {KEY}
    assert sum(one.erased == one.before for one in answers) >= 0.8 * CHANGED
    traces = {row["candidate"]: len((row["erased"] or "").split()) for row in at_centre.iter_rows(named=True)}
    assert traces.pop(VICTIM) >= 0.8 * CHANGED
    assert max(traces.values()) <= 1


def test_son_la_first_images_deleted_and_paper_scanned_again(room, tmp_path, form, truths):
    frame, records = read(room, tmp_path / "j", form)
    minuted = batch_roots(frame)
    first = next(one for one in records if one.file == f"{VICTIM}.jpg")
    path = room / f"{VICTIM}.jpg"
    path.unlink()
    scanned(paper_of(form, refilled(form, truths[VICTIM]).stains, int(VICTIM)), path, 900)

    # The journal keeps the first capture; the new scan is a second version of the same candidate.
    later, kept = read(room, tmp_path / "j", form)
    versions = later.filter(pl.col("candidate") == VICTIM)
    assert versions["version"].to_list() == ["1", "2"]
    assert versions["sha256"][0] == first.sha256
    assert all("candidate:duplicate" in flags for flags in versions["flags"])
    assert first.key in {one.key for one in kept}
    # The new file cannot pass for the one captured.
    with pytest.raises(InvalidInput, match="vân tay đã khác"):
        captured_image(path, first)
    # Even with a fresh journal, the room's table and its root show the image gone and the answers changed.
    fresh, _ = read(room, tmp_path / "fresh", form)
    assert batch_roots(fresh).images != minuted.images
    found = changes(frame, fresh)
    assert [one.before for one in found if one.what == "image.gone"] == [first.sha256]
    assert sum(one.what == "answer" for one in found) == CHANGED
