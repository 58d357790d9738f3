"""What a school reports of a sitting: who was absent and why, and what went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from thucchat.web.exams.actions.holding import running_site
from thucchat.web.exams.models import Absence, Candidate, Incident, Site, Sitting, SittingReport
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.org.models import User
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.history import because

Absent = Mapping[int, Absence.Reason]  # candidates' keys


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that went wrong: in a room, with a candidate, or (neither) in the whole school."""

    kind: Incident.Kind
    text: str
    room: int | None = None
    number: str = ""  # of the candidate


@transaction.atomic
def report_sitting(
    site_id: int, sitting_id: int, absent: Absent, *, reason: str = "", by: User | None, at: datetime
) -> SittingReport:
    """Everybody on the list but `absent` was present. A second report replaces the first and says why.

    Raises RuleBroken: `campaign.closed`, `campaign.not_running`, `report.sitting`, `report.stranger`,
    `report.reason`.
    """
    site, sitting = _locked(site_id, sitting_id)
    listed = set(site.candidates.filter(removed_for="").values_list("pk", flat=True))
    if not set(absent) <= listed:
        raise RuleBroken(
            "report.stranger", "Có học sinh báo vắng không còn trong danh sách; hãy mở lại trang."
        )
    before = _absences(site, sitting)
    found = SittingReport.objects.filter(site=site, sitting=sitting).first()
    if found is not None and before != dict(absent) and len(reason.strip()) < 5:
        raise RuleBroken("report.reason", "Buổi này đã báo cáo; hãy nêu lí do sửa (ít nhất 5 kí tự).")
    found = found or SittingReport(site=site, sitting=sitting, unit_path=site.unit_path)
    found.listed, found.absent, found.reported_at, found.reported_by = len(listed), len(absent), at, by
    with because(reason or "Báo cáo buổi khảo sát"):
        found.save()
        _replace(site, sitting, before, absent)
    record_event(
        "sitting.reported", found, by=by, at=at, unit_path=site.unit_path, paper=sitting.subject,
        listed=len(listed), absent=len(absent),
    )  # fmt: skip
    return found


@transaction.atomic
def report_incident(
    site_id: int, sitting_id: int, happening: Happening, *, by: User | None, at: datetime
) -> Incident:
    """Keep what went wrong; it can be added to, not taken back.

    Raises RuleBroken: `campaign.closed`, `campaign.not_running`, `report.sitting`, `incident.empty`,
    `incident.number`.
    """
    site, sitting = _locked(site_id, sitting_id)
    if not happening.text.strip():
        raise RuleBroken("incident.empty", "Hãy ghi diễn biến và cách xử lí.")
    candidate = _candidate(site, happening.number.strip()) if happening.number.strip() else None
    room = candidate.room if candidate and happening.room is None else happening.room
    made = Incident.objects.create(
        sitting=sitting, site=site, room=room, candidate=candidate, kind=happening.kind,
        text=happening.text.strip(), at=at, by=by, unit_path=site.unit_path,
    )  # fmt: skip
    record_event("sitting.incident", made, by=by, at=at, unit_path=site.unit_path, incident=str(made.kind))
    return made


def _locked(site_id: int, sitting_id: int) -> tuple[Site, Sitting]:
    site = running_site(site_id)
    sitting = Sitting.objects.filter(pk=sitting_id, exam=site.exam_id).first()
    if sitting is None:
        raise RuleBroken("report.sitting", "Khối của trường không có buổi khảo sát này.")
    return site, sitting


def _absences(site: Site, sitting: Sitting) -> dict[int, str]:
    rows = Absence.objects.filter(sitting=sitting, candidate__site=site, candidate__removed_for="")
    return dict(rows.values_list("candidate", "reason"))


def _replace(site: Site, sitting: Sitting, before: Mapping[int, str], absent: Absent) -> None:
    gone = [key for key, reason in before.items() if absent.get(key) != reason]
    Absence.objects.filter(sitting=sitting, candidate__in=gone).delete()
    Absence.objects.bulk_create(
        Absence(sitting=sitting, candidate_id=key, reason=reason, unit_path=site.unit_path)
        for key, reason in absent.items()
        if before.get(key) != reason
    )


def _candidate(site: Site, number: str) -> Candidate:
    found = site.candidates.filter(sbd=number).first()
    if found is None:
        raise RuleBroken("incident.number", f"Trường không có số báo danh {number} ở khối này.")
    return found
