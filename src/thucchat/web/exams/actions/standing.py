"""The report on the province's place in the country."""

from dataclasses import asdict
from datetime import date

from thucchat.engine.documents.forms.results_report import standing_document
from thucchat.engine.documents.tree import Letterhead
from thucchat.engine.measurement.results.national import parse_target, standing
from thucchat.web.exams.models import Snapshot
from thucchat.web.exams.queries.results import national_means
from thucchat.web.exams.queries.snapshots import national_fingerprint, national_key, national_source
from thucchat.web.exams.queries.trees import to_plain
from thucchat.web.org.models import Unit
from thucchat.web.shared.jobs import Progress


def make_national_report(
    province: str, target: str, *, path: str, day: date, progress: Progress = lambda *_: None
) -> Snapshot:
    """Compute and keep where `province` stands in every year of the table, for readers at `path`.

    Raises:
        InvalidInput: `province.unknown`, `target.form`.
    """
    progress(1, 2, "Đang tính")
    result = standing(national_means(), province, parse_target(target) if target else None)
    head = Letterhead(
        parent="",
        agency=Unit.objects.get(kind=Unit.Kind.PROVINCE).name.upper(),
        number="",
        place="",
        day=day,
        kind="BÁO CÁO",
        subject=f"Thứ hạng điểm thi tốt nghiệp của {result.province} qua các năm",
    )
    document = standing_document(result, national_source(), head)
    kept, _ = Snapshot.objects.update_or_create(
        key=national_key(province, target),
        unit_path=path,
        defaults={
            "fingerprint": national_fingerprint(),
            "report": asdict(result),
            "document": to_plain(document) | {"details": [None]},
        },
    )
    kept.files.all().delete()
    kept.refresh_from_db()  # tuples come back as the lists that every reader gets
    return kept
