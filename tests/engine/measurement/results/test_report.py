import polars as pl

from thucchat.engine.measurement.results.report import Comparison, Origin, results_report
from thucchat.engine.tables import GROUP_SIZES, SCORE_COUNTS

ORIGIN = Origin("Kết quả", "tệp.csv", "0" * 64, "0.1.0")
COUNTS = pl.DataFrame(
    [
        ("Lớp 10", "toan", "scored", 505, 2),
        ("Lớp 2", "toan", "scored", 750, 3),
        ("Lớp 2", "toan", "absent", None, 1),
        ("Lớp 2", "van", "scored", 800, 1),
    ],
    schema=SCORE_COUNTS,
    orient="row",
)
SIZES = pl.DataFrame([("Lớp 10", 2), ("Lớp 2", 5)], schema=GROUP_SIZES, orient="row")
SUBJECTS = ["van", "toan", "su"]


def test_the_whole_is_the_sum_of_its_groups():
    report = results_report(COUNTS, SIZES, SUBJECTS, origin=ORIGIN, comparison=Comparison("Lớp"))

    assert report.candidates == 7
    for place, whole in enumerate(report.subjects):
        parts = [group.subjects[place] for group in report.groups]
        assert whole.count == sum(part.count for part in parts)
        assert whole.total == sum(part.total for part in parts)
        assert whole.bins == tuple(map(sum, zip(*(part.bins for part in parts), strict=True)))


def test_subjects_keep_the_order_asked_for_and_groups_the_order_people_count_in():
    report = results_report(COUNTS, SIZES, SUBJECTS, origin=ORIGIN, comparison=Comparison("Lớp"))

    assert [subject.label for subject in report.subjects] == ["Ngữ văn", "Toán", "Lịch sử"]
    assert [group.name for group in report.groups] == ["Lớp 2", "Lớp 10"]
    assert (report.subjects[1].absent, report.subjects[2].count) == (1, 0)


def test_nothing_is_compared_unless_asked():
    report = results_report(COUNTS, SIZES, SUBJECTS, origin=ORIGIN)

    assert (report.groups, report.gaps, report.grouped_by) == ((), (), "")


def test_groups_share_the_bars_of_the_whole():
    report = results_report(COUNTS, SIZES, ["toan"], origin=ORIGIN, comparison=Comparison("Lớp"))

    assert {group.subjects[0].bin_width for group in report.groups} == {report.subjects[0].bin_width}
