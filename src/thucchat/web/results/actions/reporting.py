"""The report on the items of a run, for teachers and item writers."""

from datetime import date
from typing import Any

from django.db import transaction

from thucchat.engine.documents.forms.item_report import item_document
from thucchat.engine.documents.pdf import to_pdf
from thucchat.engine.documents.tree import Letterhead
from thucchat.engine.measurement.classical import ItemStatistics, OptionStatistics
from thucchat.engine.measurement.item_report import ReportOrigin, item_report
from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.web.org.models import Unit
from thucchat.web.results.models import ItemMeasure, MeasureRun, RunReport
from thucchat.web.shared.fonts import font_folders
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for

NAN = float("nan")


@transaction.atomic
def make_item_report(run_id: int, *, day: date) -> RunReport:
    """Draw and keep the report of a computed run; one that is kept stays.

    It is drawn in sight of the whole province, so that it is the same whoever asks first.
    """
    with acting_for(Scope(WHOLE_PROVINCE)):
        run = MeasureRun.objects.select_for_update(of=("self",)).select_related("exam", "file").get(pk=run_id)
        kept = RunReport.objects.filter(run=run).first()
        return kept or RunReport.objects.create(run=run, content=_drawn(run, day))


def _drawn(run: MeasureRun, day: date) -> bytes:
    items = list(run.items.all())
    told = run.summary
    origin = ReportOrigin(
        title=f"Nhận xét câu hỏi: {subject_label(run.subject)}, {run.exam.name}",
        source=f"{run.exam.name}, tệp {run.file.file_name}",
        version=run.version,
        pupils=told["scored"],
        alpha=told["alpha"],
        error=told["error"],
        mean=told["mean"],
        caveats=tuple(told["caveats"]),
    )
    statistics = [_statistics(one) for one in items]
    made = item_report(statistics, [one.highest for one in items], outcomes={}, origin=origin)
    office = Unit.objects.get(kind=Unit.Kind.PROVINCE).name.upper()
    head = Letterhead("", office, "", "", day, "NHẬN XÉT CÂU HỎI", origin.title)
    return to_pdf(item_document(made, head), font_folders())


def _statistics(item: ItemMeasure) -> ItemStatistics:
    """What was kept as JSON, as the engine's own record."""
    facts: dict[str, Any] = {name: NAN if value is None else value for name, value in item.statistics.items()}
    facts["options"] = tuple(_option(one) for one in item.statistics["options"])
    return ItemStatistics(**facts)


def _option(plain: dict[str, Any]) -> OptionStatistics:
    facts: dict[str, Any] = {name: NAN if value is None else value for name, value in plain.items()}
    facts["by_third"] = tuple(NAN if value is None else value for value in plain["by_third"])
    return OptionStatistics(**facts)
