"""The same numbers on the page, in the PDF, in the workbook, and from the command line."""

import json
import os
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import polars as pl
import pypdfium2
import pytest

from tests.web.exams.files import acting_as, bring_in, csv, many_results
from tests.web.world import make_user
from thucchat.cli.main import main
from thucchat.engine.vietnamese import vi_number
from thucchat.web.exams.actions.files import FORMATS, make_file, ready_file
from thucchat.web.exams.actions.reporting import make_exam_report
from thucchat.web.exams.actions.standing import make_national_report
from thucchat.web.exams.models import Exam, Snapshot
from thucchat.web.exams.queries.cuts import Cut, cut_for
from thucchat.web.exams.queries.pages import ShownTable, sections_of, shown_table
from thucchat.web.exams.queries.snapshots import exam_snapshot
from thucchat.web.exams.queries.trees import from_plain, to_plain

DATA = Path(os.environ.get("THUCCHAT_DATA", Path(__file__).parents[4] / "shared" / "data"))
SHARED = (
    "count",
    "total",
    "mean",
    "sd",
    "median",
    "q1",
    "q3",
    "below_5",
    "from_8",
    "at_most_1",
    "zero",
    "ten",
)
EXACT = (
    *SHARED,
    "mean_low",
    "mean_high",
    "bin_width",
    "absent",
    "exempt",
    "cancelled",
    "quantiles",
    "by_point",
)


@pytest.fixture
def officer(world):
    return make_user("testing", world.province)


@pytest.fixture
def made(exam, officer, world, tmp_path) -> tuple[Path, Snapshot]:
    """A file of 300 candidates of three schools, and the province's report on it."""
    path = tmp_path / "ket-qua.csv"
    path.write_bytes(many_results([school.code for school in world.schools], 300))
    bring_in(exam, path.read_bytes(), officer, name=path.name)
    exam.refresh_from_db()
    return path, make_exam_report(exam, Cut(world.province, "area"))


def on_the_command_line(path: Path, capsys, *options: str) -> dict:
    assert main(["analyse", "results", str(path), "--year", "2025", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def by_label(subjects: list[dict], names: tuple[str, ...]) -> dict[str, dict]:
    return {one["label"]: {name: one[name] for name in names} for one in subjects}


def texts_of(tables: list[ShownTable]) -> set[str]:
    return {cell.text for table in tables for row in table.rows for cell in row}


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def workbook(data: bytes, sheet: str) -> pl.DataFrame:
    return pl.read_excel(BytesIO(data), sheet_name=sheet, read_options={"header_row": 1})


def check_all_outputs(snapshot: Snapshot, subjects: list[dict]) -> None:
    """Each statistic of each subject stands on the page and in the PDF as printed, in Excel in full."""
    tables = [
        part for section in sections_of(snapshot) for part in section.parts if isinstance(part, ShownTable)
    ]
    statistics = {row[0].text: [cell.text for cell in row[1:]] for row in tables[0].rows}
    printed = pdf_text(ready_file(snapshot, "pdf") or b"")
    sheet = workbook(ready_file(snapshot, "xlsx") or b"", "Thống kê")
    cells = {row[0]: row[1:] for row in sheet.filter(pl.col("Số bài").is_not_null()).iter_rows()}
    for one in subjects:
        numbers = [one["count"], *(one[name] for name in ("mean", "sd", "q1", "median", "q3")), *shares(one)]
        digits = [0, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0]
        texts = [
            "–" if value is None else vi_number(value, few)
            for value, few in zip(numbers, digits, strict=True)
        ]
        assert statistics[one["label"]] == texts
        # A workbook keeps 16 digits.
        kept = [None if cell is None else float(cell) for cell in cells[one["label"]]]
        assert kept == [None if value is None else pytest.approx(value, rel=1e-15) for value in numbers]
        assert all(text in printed for text in texts if text != "–"), one["label"]


def shares(one: dict) -> list[int]:
    return [one[name] for name in ("below_5", "from_8", "at_most_1", "zero", "ten")]


def test_a_generated_file_gives_the_same_numbers_everywhere(made, capsys):
    path, snapshot = made

    printed = on_the_command_line(path, capsys)

    assert snapshot.report["candidates"] == printed["candidates"]
    assert snapshot.report["fingerprint"] == printed["fingerprint"]
    assert by_label(snapshot.report["subjects"], EXACT) == by_label(printed["subjects"], EXACT)
    check_all_outputs(snapshot, printed["subjects"])


@pytest.mark.parametrize("name", ["lai_chau", "kon_tum"])
def test_a_published_file_gives_the_same_numbers_everywhere(name, exam, officer, world, capsys):
    path = DATA / "exam2025" / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"no {path}: see README, real data")
    bring_in(exam, path.read_bytes(), officer, name=path.name)
    exam.refresh_from_db()

    snapshot = make_exam_report(exam, Cut(world.province, "area"))

    printed = on_the_command_line(path, capsys)
    assert snapshot.report["candidates"] == printed["candidates"]
    assert by_label(snapshot.report["subjects"], EXACT) == by_label(printed["subjects"], EXACT)
    check_all_outputs(snapshot, printed["subjects"])


def test_the_published_national_table_gives_the_same_ranks_everywhere(officer, world, capsys):
    path = DATA / "national" / "province_subject_metrics_2017_2024.csv"
    if not path.exists():
        pytest.skip(f"no {path}: see README, real data")
    bring_in(None, path.read_bytes(), officer, name=path.name)

    snapshot = make_national_report("Điện Biên", "+3", path="1/", day=world.year.starts)

    assert (
        main(["analyse", "national", str(path), "--province", "dien bien", "--target", "+3", "--json"]) == 0
    )
    printed = json.loads(capsys.readouterr().out)
    assert json.loads(json.dumps(snapshot.report)) == printed
    sheet = workbook(ready_file(snapshot, "xlsx") or b"", "Thứ hạng")
    ranks = [(year["year"], year["rank"]) for year in printed["years"]]
    rows = sheet.filter(pl.col("Thứ hạng").is_not_null())
    assert [(int(year), rank) for year, rank in rows.select("Năm", "Thứ hạng").iter_rows()] == ranks
    page = texts_of(
        [part for section in sections_of(snapshot) for part in section.parts if isinstance(part, ShownTable)]
    )
    text = pdf_text(ready_file(snapshot, "pdf") or b"")
    for year in printed["years"]:
        assert vi_number(year["mean"], 3) in page
        assert vi_number(year["mean"], 3) in text


def test_districts_are_compared_by_the_schools_that_stand_in_them(made, capsys):
    path, snapshot = made
    report = snapshot.report
    frame = pl.read_csv(path, separator=";", infer_schema_length=0)
    third = frame["Mã trường"].unique(maintain_order=True)[2]
    scores = frame.filter(pl.col("Mã trường") == third)["Ngữ văn"].cast(pl.Float64)

    south = next(group for group in report["groups"] if group["name"] == "Huyện Nam")

    assert [group["name"] for group in report["groups"]] == ["Huyện Bắc", "Huyện Nam"]
    assert (south["candidates"], south["subjects"][1]["mean"]) == (100, pytest.approx(scores.mean()))
    gap = next(gap for gap in report["gaps"] if gap["subject"] == "van")
    assert (gap["top"], gap["bottom"], gap["met"]) == ("Huyện Nam", "Huyện Bắc", False)


def test_a_school_stands_beside_the_province_without_a_verdict(made, exam, world):
    snapshot = make_exam_report(exam, Cut(world.schools[1], "none"))

    groups = [(group["name"], group["candidates"]) for group in snapshot.report["groups"]]
    assert groups == [("Trường THCS 1", 100), ("Toàn tỉnh", 300)]
    assert (snapshot.report["candidates"], snapshot.report["gaps"]) == (100, [])
    assert snapshot.unit_path == world.schools[1].unit_path


def test_candidates_of_no_known_school_count_for_the_province_and_no_district(exam, officer, world):
    lines = [f"{n},{world.schools[n % 3].code if n < 90 else ''},{n % 10}" for n in range(200)]
    bring_in(exam, csv("sbd,ma truong,toan", *lines), officer)
    exam.refresh_from_db()

    report = make_exam_report(exam, Cut(world.province, "area")).report

    sizes = {group["name"]: group["candidates"] for group in report["groups"]}
    assert sizes == {"Huyện Bắc": 60, "Huyện Nam": 30, "(không rõ trường)": 110}
    assert report["warnings"] == ["110 thí sinh không rõ trường, chỉ được tính chung."]
    assert report["gaps"][0]["compared"] == 2


def test_years_of_one_kind_of_exam_stand_side_by_side(made, exam, officer, world):
    earlier = Exam.objects.create(
        code="tn-2024", name="2024", kind="graduation", year=2024, held_on=exam.held_on
    )
    bring_in(earlier, csv("SBD,Toán", "1,4", "2,5"), officer)

    assert exam_snapshot(exam, Cut(world.province, "area")) is None, "it has to be compared anew"
    snapshot = make_exam_report(exam, Cut(world.province, "area"))

    section = sections_of(snapshot)[-1]
    table = next(part for part in section.parts if isinstance(part, ShownTable))
    assert section.title == "So với các năm trước"
    assert [cell.text for cell in table.rows[0][:3]] == ["2024", "2", "4,50"]
    assert [row[0].text for row in table.rows] == ["2024", "2025"]


def test_a_report_holds_until_the_results_change(made, exam, officer, world):
    cut = Cut(world.province, "area")
    assert exam_snapshot(exam, cut) == made[1]

    bring_in(exam, csv("sbd,toan", "99999999,5"), officer)
    exam.refresh_from_db()

    assert exam_snapshot(exam, cut) is None


def test_word_is_made_once_and_kept(made):
    _, snapshot = made
    assert FORMATS["docx"].is_slow
    assert ready_file(snapshot, "docx") is None

    make_file(snapshot, "docx")

    assert (ready_file(snapshot, "docx") or b"").startswith(b"PK")


def test_a_tree_survives_being_kept(made):
    document = from_plain(made[1].document)

    assert from_plain(json.loads(json.dumps(to_plain(document)))) == document
    assert asdict(document.head)["kind"] == "BÁO CÁO"


def test_each_chart_has_its_numbers(made):
    figures = [
        figure
        for section in sections_of(made[1])
        for part in section.parts
        if isinstance(part, list)
        for figure in part
    ]

    histogram, *_, means = figures
    assert histogram.details is not None
    assert sum(int(row[2].text) for row in histogram.details.rows) == made[1].report["subjects"][0]["count"]
    assert means.details is not None
    assert [row[0].text for row in means.details.rows] == ["Huyện Bắc", "Huyện Nam"]
    assert all(figure.alt and figure.source.startswith("data:image/svg+xml;base64,") for figure in figures)
    assert shown_table is not None


@pytest.mark.parametrize(
    ("role", "place", "wanted", "found"),
    [
        ("testing", "province", "districts.1", ("districts.1", "school", True)),
        ("district", "districts.0", None, ("districts.0", "school", False)),
        ("district", "districts.0", "districts.1", None),
        ("district", "districts.0", "province", None),
        ("principal", "schools.0", None, ("schools.0", "none", False)),
        ("principal", "schools.0", "schools.1", None),
        ("team_head", "teams.0", None, ("schools.0", "none", False)),
    ],
)
def test_each_role_cuts_within_its_own_unit(role, place, wanted, found, world):
    def unit(text):
        name, _, number = text.partition(".")
        return getattr(world, name)[int(number)] if number else getattr(world, name)

    acting = acting_as(make_user(role, unit(place)))

    cut = cut_for(acting, wanted and unit(wanted).pk, "")

    assert (cut and (cut.unit, cut.grouping, cut.by_area)) == (found and (unit(found[0]), *found[1:]))
