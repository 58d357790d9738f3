"""Report on exam results (báo cáo kết quả thi), from the one ResultsReport that page and exports read too."""

from collections.abc import Iterator, Sequence

from thucchat.engine.documents.charts import group_means, histogram, standing_line
from thucchat.engine.documents.forms.common import parts
from thucchat.engine.documents.tree import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from thucchat.engine.tables import Distribution, Gap, ResultsReport, Standing
from thucchat.engine.vietnamese import text_key, vi_number

CHARTED = 40  # groups a chart can hold legibly; beyond, only the table
CHARTED_FROM = 5  # candidates; an interval of fewer would dwarf the others
METHOD = (
    "Cách tính: điểm trung bình là tổng điểm chia cho số bài; độ lệch chuẩn theo mẫu (chia cho n - 1); "
    "trung vị và tứ phân vị nội suy tuyến tính; khoảng tin cậy 95 % của trung bình theo phân phối Student. "
    "Thí sinh không có điểm không được tính là 0."
)

RANKING = (
    "Điểm TB của một tỉnh là trung bình của mọi bài thi, tức trung bình từng môn nhân với số bài của môn; "
    "các tỉnh bằng điểm cùng nhận hạng cao hơn."
)


def results_document(
    report: ResultsReport,
    head: Letterhead,
    *,
    recipients: Sequence[str] = (),
    signatures: Sequence[Signature] = (),
) -> Document:
    """The report as a document tree: statistics, score distributions, groups, national rank, method."""
    titled = [("KẾT QUẢ TỪNG MÔN", list(_subjects(report)))]
    if report.groups:
        titled.append((f"SO SÁNH THEO {report.grouped_by.upper()}", list(_groups(report))))
    if report.standing:
        titled.append(("VỊ TRÍ SO VỚI CẢ NƯỚC", list(_standing(report.standing))))
    titled.append(("CÁCH TÍNH VÀ NGUỒN SỐ LIỆU", list(_method(report))))
    return Document(head, tuple(parts(*titled)), tuple(recipients), tuple(signatures))


def standing_document(standing: Standing, source: str, head: Letterhead) -> Document:
    """A province's means and ranks over the years, by themselves."""
    absent = ", ".join(map(str, standing.absent_years))
    note = f"Bảng nguồn không có {standing.province} trong năm {absent}. " if absent else ""
    method = Paragraph(f"{note}{RANKING} Nguồn: {source}.", small=True)
    return Document(head, (*_standing(standing), method))


def statistics_table(subjects: Sequence[Distribution]) -> Table:
    """Count, mean, spread and shares of each subject."""
    columns = (
        Column("Môn", share=3),
        Column("Số bài", 0, 1.25),
        Column("Trung bình", 2, 1.1),
        Column("Độ lệch chuẩn", 2, 1.1),
        Column("Q1", 2, 0.95),
        Column("Trung vị", 2, 0.95),
        Column("Q3", 2, 0.95),
        Column("Dưới 5", 0, 1.15),
        Column("Từ 8", 0, 1.05),
        Column("Đến 1", 0, 0.9),
        Column("Điểm 0", 0, 0.9),
        Column("Điểm 10", 0, 0.9),
    )
    rows = tuple(map(_statistics, subjects))
    note = "Q1, Q3: tứ phân vị. Năm cột cuối là số bài; “Đến 1” là điểm liệt (không quá 1,0)."
    return Table("Thống kê điểm từng môn", "Thống kê", columns, rows, note)


def points_table(subjects: Sequence[Distribution]) -> Table:
    """How many have each whole point."""
    spans = [Column(f"{low}–<{low + 1}", 0) for low in range(9)]
    columns = (Column("Môn", share=3.2), *spans, Column("9–10", 0))
    rows: tuple[tuple[Cell, ...], ...] = tuple((one.label, *one.by_point) for one in subjects)
    return Table("Số bài theo khoảng điểm", "Khoảng điểm", columns, rows)


def bins_table(subject: Distribution) -> Table:
    """The bars of a score distribution, as numbers; the chart's text alternative."""
    width = subject.bin_width
    last = len(subject.bins) - 1
    rows = tuple(
        (place * width / 100, 10.0 if place == last else (place + 1) * width / 100, count)
        for place, count in enumerate(subject.bins)
    )
    columns = (Column("Từ điểm", 2), Column("đến dưới", 2), Column("Số bài", 0))
    note = "Dòng cuối chỉ gồm các bài đạt 10 điểm."
    return Table(f"Phổ điểm {subject.label}", f"Phổ điểm {subject.label}", columns, rows, note)


def means_table(report: ResultsReport) -> Table:
    """Mean of each subject in each group."""
    sat = [place for place, subject in enumerate(report.subjects) if subject.count]
    columns = (
        Column(report.grouped_by, share=1.9),
        Column("Thí sinh", 0),
        *(Column(report.subjects[place].label, 2) for place in sat),
    )
    rows = tuple(
        (group.name, group.candidates, *(group.subjects[place].mean for place in sat))
        for group in report.groups
    )
    title = f"Điểm trung bình theo {report.grouped_by}"
    return Table(title, "Trung bình nhóm", columns, rows, "Dấu gạch: không có bài thi môn đó.")


def gaps_table(gaps: Sequence[Gap]) -> Table:
    """Highest and lowest group of each subject against the target."""
    columns = (
        Column("Môn", share=2.2),
        Column("Cao nhất", share=2.2),
        Column("TB", 2, 0.8),
        Column("Thấp nhất", share=2.2),
        Column("TB", 2, 0.8),
        Column("Chênh lệch", 2),
        Column("Mục tiêu", 2),
        Column("Kết luận", share=1.1),
    )
    rows = tuple(
        (
            gap.label,
            gap.top,
            gap.top_mean,
            gap.bottom,
            gap.bottom_mean,
            gap.gap,
            gap.target,
            "Đạt" if gap.met else "Chưa đạt",
        )
        for gap in gaps
    )
    return Table("Chênh lệch giữa nhóm cao nhất và thấp nhất", "Chênh lệch", columns, rows)


def standing_table(standing: Standing) -> Table:
    """Mean and rank by year, with the verdict on the target."""
    columns = (
        Column("Năm"),
        Column("Điểm TB", 3),
        Column("Cả nước", 3),
        Column("Thứ hạng", 0),
        Column("Số tỉnh", 0),
        Column("Tăng bậc", 0),
        Column("Thay đổi điểm TB", 3, 1.3),
        Column(f"Chỉ tiêu {standing.target}".strip(), share=1.2),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            str(year.year),
            year.mean,
            year.national_mean,
            year.rank,
            year.of,
            year.gained,
            year.mean_change,
            None if year.met is None else ("Đạt" if year.met else "Chưa đạt"),
        )
        for year in standing.years
    )
    note = "Tăng bậc so với năm liền trước, số âm là tụt bậc. Điểm TB là trung bình của mọi bài thi."
    return Table(f"{standing.province} qua các năm", "Thứ hạng", columns, rows, note)


def subject_ranks_table(standing: Standing) -> Table:
    """Rank in each subject by year."""
    names = sorted({one.label for year in standing.years for one in year.subjects}, key=text_key)
    columns = (Column("Môn", share=2), *(Column(str(year.year), 0) for year in standing.years))
    found = [{one.label: one.rank for one in year.subjects} for year in standing.years]
    rows = tuple((name, *(year.get(name) for year in found)) for name in names)
    return Table("Thứ hạng từng môn", "Thứ hạng môn", columns, rows)


def _statistics(one: Distribution) -> tuple[Cell, ...]:
    spread = (one.mean, one.sd, one.q1, one.median, one.q3)
    return (one.label, one.count, *spread, one.below_5, one.from_8, one.at_most_1, one.zero, one.ten)


def _subjects(report: ResultsReport) -> Iterator[Block]:
    sat = [subject for subject in report.subjects if subject.count]
    papers = vi_number(sum(subject.count for subject in sat))
    yield Paragraph(
        f"Có {vi_number(report.candidates)} thí sinh với {papers} bài thi ở {len(sat)} môn. "
        "Bảng sau nêu kết quả từng môn, tiếp theo là phổ điểm."
    )
    yield statistics_table(report.subjects)
    yield points_table(report.subjects)
    for subject in sat:
        caption = f"Phổ điểm {subject.label}, bước {vi_number(subject.bin_width / 100)} điểm"
        yield Figure(histogram(subject), caption)


def _groups(report: ResultsReport) -> Iterator[Block]:
    if report.gaps:
        met = sum(gap.met for gap in report.gaps)
        target = vi_number(report.gaps[0].target)
        yield Paragraph(
            f"{met} trong {len(report.gaps)} môn có chênh lệch giữa nhóm cao nhất và thấp nhất không quá "
            f"{target} điểm, chỉ tính các nhóm đủ số bài."
        )
        yield gaps_table(report.gaps)
    yield means_table(report)
    if len(report.groups) > CHARTED:
        return
    for place, subject in enumerate(report.subjects):
        if sum(group.subjects[place].count >= CHARTED_FROM for group in report.groups) >= 2:
            caption = f"Điểm trung bình {subject.label} và khoảng tin cậy 95 % (trong ngoặc: số bài)"
            yield Figure(group_means(report.groups, place, minimum=CHARTED_FROM), caption)


def _standing(standing: Standing) -> Iterator[Block]:
    yield standing_table(standing)
    yield Figure(standing_line(standing), f"Điểm trung bình của {standing.province} và cả nước")
    yield subject_ranks_table(standing)


def _method(report: ResultsReport) -> Iterator[Block]:
    yield Paragraph(METHOD, small=True)
    yield Paragraph(f"Bước phổ điểm: {report.bin_rule}.", small=True)
    if report.standing:
        yield Paragraph(RANKING, small=True)
    if report.ignored:
        listed = "; ".join(f"{column.column} ({column.reason})" for column in report.ignored)
        yield Paragraph(f"Cột không dùng: {listed}.", small=True)
    for warning in report.warnings:
        yield Paragraph(f"Chú ý: {warning}", small=True)
    yield Paragraph(
        f"Nguồn: {report.source}; mã băm SHA-256 {report.fingerprint}; Thực Chất {report.version}.",
        small=True,
    )
