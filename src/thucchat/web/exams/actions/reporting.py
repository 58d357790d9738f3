"""Making the report of one part of an exam: computed once, kept as a tree that every output reads."""

from dataclasses import asdict, replace
from importlib.metadata import version

import polars as pl

from thucchat.engine.documents.forms.results_report import means_table, results_document
from thucchat.engine.documents.tree import Block, Document, Heading, Letterhead, Paragraph, Table
from thucchat.engine.measurement.results.bins import BinRule, rule_for
from thucchat.engine.measurement.results.gaps import MINIMUM, TARGET, gaps
from thucchat.engine.measurement.results.report import Comparison, Origin, results_report
from thucchat.engine.tables import Gap, GroupResults, ResultsReport
from thucchat.engine.vietnamese import vi_number
from thucchat.web.exams.actions.details import details_of
from thucchat.web.exams.models import Exam, Snapshot
from thucchat.web.exams.queries.cuts import DIRECT, UNKNOWN, Cut, snapshot_key
from thucchat.web.exams.queries.results import group_sizes, score_counts, short_name, with_names
from thucchat.web.exams.queries.snapshots import exam_fingerprint
from thucchat.web.exams.queries.trees import to_plain
from thucchat.web.org.models import Unit
from thucchat.web.shared.jobs import Progress
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for

WHOLE = "Toàn tỉnh"
YEARS = "Năm thi"


def make_exam_report(exam: Exam, cut: Cut, progress: Progress = lambda *_: None) -> Snapshot:
    """Compute and keep the report of `cut`; the caller has checked that its reader may see it.

    It is computed in sight of the whole province, so that it is the same whoever asks first.
    """
    with acting_for(Scope(WHOLE_PROVINCE)):
        progress(1, 4, "Đang tính")
        report = _compare_with_whole(_report(exam, cut), exam, cut)
        years = _years(exam, cut)
        progress(2, 4, "Đang vẽ biểu đồ")
        document = _document(report, years, _letterhead(exam, cut, report))
        fingerprint = exam_fingerprint(exam)
    kept, _ = Snapshot.objects.update_or_create(
        key=snapshot_key(exam, cut),
        unit_path=cut.path,
        defaults={
            "fingerprint": fingerprint,
            "report": asdict(report),
            "document": to_plain(document) | {"details": details_of(document, report)},
        },
    )
    kept.files.all().delete()
    kept.refresh_from_db()  # tuples come back as the lists that every reader gets
    return kept


def _report(exam: Exam, cut: Cut) -> ResultsReport:
    counts, sizes = with_names(score_counts(exam, cut)), with_names(group_sizes(exam, cut))
    unknown = sizes.filter(pl.col("group") == UNKNOWN)["candidates"].sum()
    warnings: tuple[str, ...] = ()
    if unknown:
        warnings = (f"{vi_number(unknown)} thí sinh không rõ trường, chỉ được tính chung.",)
    origin = Origin(
        title=f"{exam.name}: {short_name(cut.unit.name)}",
        source=exam.source,
        fingerprint=exam.fingerprint,
        version=version("thucchat"),
        year=exam.year,
        warnings=warnings,
    )
    comparison = Comparison(cut.grouped_by if sizes.height > 1 else "")
    report = results_report(
        counts, sizes, exam.subjects, origin=origin, comparison=comparison, rule=_rule(exam)
    )
    # The target of one point is set between districts; between schools it would be a verdict nobody gave.
    areas = [group for group in report.groups if group.name not in {UNKNOWN, DIRECT}]
    return replace(report, gaps=gaps(areas) if cut.grouping == "area" else ())


def _rule(exam: Exam) -> BinRule | None:
    return rule_for(exam.year) if exam.kind == Exam.Kind.GRADUATION else None


def _compare_with_whole(report: ResultsReport, exam: Exam, cut: Cut) -> ResultsReport:
    """Below the province, the whole province stands beside the unit; a school has nothing else beside it.

    Of a survey that is not published yet, only those who see the province see its numbers.
    """
    if cut.unit.kind == Unit.Kind.PROVINCE or not report.candidates:
        return report
    if exam.kind == Exam.Kind.SURVEY and exam.published_at is None and cut.path != WHOLE_PROVINCE:
        return report
    province = Cut(Unit.objects.get(kind=Unit.Kind.PROVINCE), "none")
    whole = _groups(exam, province, WHOLE, report)
    if cut.is_school:
        own = _groups(exam, cut, short_name(cut.unit.name), report)
        return replace(report, grouped_by="Phạm vi", groups=(*own, *whole), gaps=())
    return replace(report, groups=(*report.groups, *whole)) if report.groups else report


def _groups(exam: Exam, cut: Cut, name: str, report: ResultsReport) -> tuple[GroupResults, ...]:
    """The candidates of a cut as one group called `name`."""
    counts = score_counts(exam, cut).with_columns(group=pl.lit(name))
    sizes = group_sizes(exam, cut).with_columns(group=pl.lit(name))
    origin = Origin(report.title, report.source, report.fingerprint, report.version)
    comparison = Comparison("Phạm vi")
    made = results_report(
        counts, sizes, exam.subjects, origin=origin, comparison=comparison, rule=_rule(exam)
    )
    return made.groups


def _years(exam: Exam, cut: Cut) -> ResultsReport | None:
    """The same cut in this and earlier exams of its kind, a group per year; None without an earlier one."""
    exams = Exam.objects.filter(kind=exam.kind, year__lte=exam.year, candidates__gt=0).order_by("year", "pk")
    alone = replace(cut, grouping="none")
    parts = [(one, score_counts(one, alone), group_sizes(one, alone)) for one in exams]
    held = [(one, counts, sizes) for one, counts, sizes in parts if sizes["candidates"].sum()]
    if len(held) < 2:
        return None
    names = _year_names([one for one, _, _ in held])
    counts = pl.concat(
        part.with_columns(group=pl.lit(name)) for (_, part, _), name in zip(held, names, strict=True)
    )
    sizes = pl.concat(
        part.with_columns(group=pl.lit(name)) for (_, _, part), name in zip(held, names, strict=True)
    )
    subjects = list(dict.fromkeys(subject for one, _, _ in reversed(held) for subject in one.subjects))
    origin = Origin("", "", "", "")
    return results_report(
        counts, sizes, subjects, origin=origin, comparison=Comparison(YEARS), rule=_rule(exam)
    )


def _year_names(exams: list[Exam]) -> list[str]:
    years = [exam.year for exam in exams]
    return [str(one.year) if years.count(one.year) == 1 else f"{one.year} ({one.code})" for one in exams]


def _document(report: ResultsReport, years: ResultsReport | None, head: Letterhead) -> Document:
    document = results_document(report, head)
    body = [_with_minimum(block, report.gaps) for block in document.body]
    if years is not None:
        number = sum(isinstance(block, Heading) and block.level == 1 for block in body) + 1
        body += [
            Heading(f"{'I' * number if number < 4 else 'IV'}. SO VỚI CÁC NĂM TRƯỚC", 1),
            *_over_years(years),
        ]
    return replace(document, body=tuple(body))


def _over_years(years: ResultsReport) -> list[Block]:
    note = (
        "Đề thi mỗi năm khó dễ khác nhau: điểm trung bình tăng hay giảm chưa nói chất lượng tăng hay giảm. "
        "Hãy xem vị trí so với các đơn vị khác."
    )
    return [means_table(years), Paragraph(note, small=True)]


def _with_minimum(block: Block, gaps: tuple[Gap, ...]) -> Block:
    """The table of gaps says which groups were too small to compare."""
    if not (isinstance(block, Table) and block.sheet == "Chênh lệch"):
        return block
    left_out = sorted({name for gap in gaps for name in gap.left_out})
    named = f" Để ngoài ở ít nhất một môn: {', '.join(left_out)}." if left_out else ""
    target = vi_number(float(TARGET), 1)
    note = f"Mục tiêu: không quá {target} điểm. Chỉ so sánh nhóm có từ {MINIMUM} bài trở lên.{named}"
    return replace(block, note=note)


def _letterhead(exam: Exam, cut: Cut, report: ResultsReport) -> Letterhead:
    unit = cut.unit
    parent = unit.parent.name if unit.parent and not cut.by_area else ""
    agency = Unit.objects.get(kind=Unit.Kind.PROVINCE).name if cut.by_area else unit.name
    return Letterhead(
        parent=parent.upper(),
        agency=agency.upper(),
        number="",
        place="",
        day=exam.held_on,
        kind="BÁO CÁO",
        subject=f"Kết quả {report.title}",
    )
