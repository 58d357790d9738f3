"""One object of every kind that an address names: in a place, of a person, or known to everybody."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils import timezone

from tests.engine.papers.draw.ceremonies import announced, papers
from tests.web.world import World, make_pupil, make_user
from thucchat.engine.growth.rating import Component, RuleSet, rules_as_plain
from thucchat.engine.papers.draw.ceremony import announcement_file
from thucchat.engine.papers.draw.seed import announcement_fingerprint
from thucchat.web.bank.models import Blueprint, Draw, Item, Proposal, Round, SourceFile
from thucchat.web.exams.models import Campaign, Candidate, Exam, ResultContent, ResultImport, Site, Sitting
from thucchat.web.ledger.actions.decisions import propose
from thucchat.web.ledger.models import Decision
from thucchat.web.org.models import Cluster, ClusterMember, Grant, SchoolYear, Unit, User
from thucchat.web.people.models import (
    ExportedFile,
    ImportBatch,
    ImportContent,
    Pupil,
    SchoolClass,
    Staff,
    Subject,
)
from thucchat.web.plans.models import ReportedFigure
from thucchat.web.quality.models import (
    Acceptance,
    Commitment,
    Exemption,
    Handover,
    Review,
    ReviewAction,
    Target,
)
from thucchat.web.ratings.models import Objection, Rating, RuleBook, Run
from thucchat.web.results.models import MeasureRun, ResponseContent, ResponseFile
from thucchat.web.shared.history import because
from thucchat.web.shared.models import Work
from thucchat.web.shared.scope import WHOLE_PROVINCE


@dataclass
class Place:
    """Objects that all belong to one place."""

    path: str
    unit: Unit
    pupil: Pupil | None = None
    staff: Staff | None = None
    class_path: str = ""
    class_id: int | None = None
    user: User | None = None
    grant: Grant | None = None
    handover_id: int | None = None
    target_id: int | None = None


def import_in(place: Place, world: World, owner: User) -> int:
    """A file that was sent in for the place's unit."""
    batch = ImportBatch.objects.create(
        kind="pupils", unit=place.unit, school_year=world.year, effective_on=date(2026, 9, 1), owner=owner,
        unit_path=place.unit.unit_path,
    )  # fmt: skip
    ImportContent.objects.create(batch=batch, unit_path=batch.unit_path)
    return batch.pk


def result_import_in(place: Place, world: World, owner: User) -> int:
    batch = ResultImport.objects.create(owner=owner, unit_path=place.unit.unit_path)
    ResultContent.objects.create(batch=batch, unit_path=batch.unit_path)
    return batch.pk


def responses_in(place: Place, world: World, owner: User) -> int:
    path = place.unit.unit_path
    row = ResponseFile.objects.create(
        exam_id=common_exam(), subject="toan", sha256="0" * 64, owner=owner, unit_path=path
    )
    ResponseContent.objects.create(file=row, unit_path=path)
    return row.pk


def work_of(owner: User, path: str) -> int:
    return Work.objects.create(kind="x", title="x", owner=owner, unit_path=path).pk


def file_of(owner: User, path: str) -> int:
    return ExportedFile.objects.create(name="x.csv", content=b"x", owner=owner, unit_path=path).pk


def item_in(place: Place, world: World, owner: User) -> int:
    path = place.unit.unit_path
    source = SourceFile.objects.create(name="x", sha256="0" * 64, content=b"x", unit_path=path)
    row = Item.objects.create(
        subject=world.subject, grade=9, kind="choice", stem="x", source=source, place=1, unit=place.unit,
        author=owner, unit_path=path,
    )  # fmt: skip
    return row.pk


def proposal_in(place: Place, world: World, owner: User) -> int:
    number = Proposal.objects.count()
    row = Proposal.objects.create(
        round_id=common_round(), code=f"DX-{number}", unit=place.unit, author=owner, sha256="0" * 64,
        sealed=b"x", questions=1, keyed=1, doubtful=0, handed_in_at=timezone.now(),
        unit_path=place.unit.unit_path,
    )  # fmt: skip
    return row.pk


def decision_in(place: Place, world: World, owner: User) -> int:
    asker = make_user("auditor", world.province)
    row = propose(
        Decision.Kind.UNSEAL, {"x": 1}, summary="x", reason="x", by=asker, role="auditor",
        at=timezone.now(), unit_path=place.unit.unit_path,
    )  # fmt: skip
    return row.pk


def handover_of(world: World, school_class: SchoolClass) -> int:
    row = Handover.objects.create(
        school_year=world.year, school_class=school_class, subject=world.subject, receiver=world.teachers[0],
        source="x", pupils=[1], scores=[500], errors=[85], bands=[3], weak=[""],
        unit_path=school_class.unit_path,
    )  # fmt: skip
    return row.pk


def target_of(world: World, school_class: SchoolClass) -> int:
    row = Target.objects.create(
        school_year=world.year, indicator="x", version="1", measure="share", threshold=500, field="TOAN",
        unit=school_class.school, staff=world.teachers[0], school_class=school_class, pupils=1, expected=0.5,
        amount=1, unit_path=school_class.unit_path,
    )  # fmt: skip
    return row.pk


def commitment_in(place: Place, world: World, owner: User) -> int:
    row, _ = Commitment.objects.get_or_create(
        school_year=world.year, level="school", unit=place.unit,
        defaults={"sign_by": date(2026, 10, 31), "unit_path": place.unit.unit_path},
    )  # fmt: skip
    return row.pk


def exemption_in(place: Place, world: World, owner: User) -> int:
    row, _ = Exemption.objects.get_or_create(
        commitment_id=commitment_in(place, world, owner), pupil=Pupil.objects.first(),
        defaults={
            "reason": "illness", "evidence": "x", "asked_by": make_user("principal", place.unit),
            "unit_path": place.unit.unit_path,
        },
    )  # fmt: skip
    return row.pk


def acceptance_in(place: Place, world: World, owner: User) -> int:
    commitment = Commitment.objects.get(pk=commitment_in(place, world, owner))
    defaults = {"answer_by": date(2027, 5, 20), "content_hash": "0" * 64, "unit_path": commitment.unit_path}
    return Acceptance.objects.get_or_create(commitment=commitment, defaults=defaults)[0].pk


def rating_in(place: Place, world: World, owner: User) -> int:
    parts = [{"code": "progress", "value": 0.5, "error": 0.1, "weight": 1.0, "points": 50.0}]
    row, _ = Rating.objects.get_or_create(
        run_id=common_run(), kind="school", unit=place.unit,
        defaults={
            "parts": parts, "points": 50.0, "pupils": 1, "left_out": 0, "unit_path": place.unit.unit_path
        },
    )  # fmt: skip
    return row.pk


def objection_in(place: Place, world: World, owner: User) -> int:
    row = Objection.objects.create(
        rating_id=rating_in(place, world, owner), text="x", by=make_user("principal", place.unit),
        at=timezone.now(), unit_path=place.unit.unit_path,
    )  # fmt: skip
    return row.pk


def review_in(place: Place, world: World, owner: User) -> int:
    row, _ = Review.objects.get_or_create(
        school_year=world.year, unit=place.unit, month=date(2026, 10, 1),
        defaults={"unit_path": place.unit.unit_path},
    )  # fmt: skip
    return row.pk


def action_in(place: Place, world: World, owner: User) -> int:
    row = ReviewAction.objects.create(
        review_id=review_in(place, world, owner), cause="x", what="x", owner=world.teachers[0],
        due_on=date(2026, 11, 1), unit_path=place.unit.unit_path,
    )  # fmt: skip
    return row.pk


def site_in(place: Place, world: World, owner: User) -> int:
    """The place's unit as a school that writes the survey."""
    defaults = {"unit_path": place.unit.unit_path}
    common_sitting()
    return Site.objects.get_or_create(exam_id=survey_exam(), school=place.unit, defaults=defaults)[0].pk


def candidate_in(place: Place, world: World, owner: User) -> int:
    site = site_in(place, world, owner)
    if found := Candidate.objects.filter(site=site).first():
        return found.pk
    pupil = make_pupil(world.classes[0], "X")
    values = {"full_name": "X", "born_on": pupil.born_on, "class_name": "6A1", "sbd": pupil.code}
    with because("Thử quyền"):
        row = Candidate.objects.create(
            exam_id=survey_exam(), site_id=site, pupil=pupil, school_class=world.classes[0], room=1, seat=1,
            unit_path=place.unit.unit_path, **values,
        )  # fmt: skip
    return row.pk


def figure_in(place: Place, world: World, owner: User) -> int:
    counts = {"reached": 1, "of": 1}
    row, _ = ReportedFigure.objects.get_or_create(
        school_year=world.year, indicator="db24.accredited", unit=place.unit,
        defaults={
            "version": "1", "counts": counts, "evidence": "x", "entered_at": timezone.now(),
            "unit_path": place.unit.unit_path,
        },
    )  # fmt: skip
    return row.pk


MADE = {
    "site_id": site_in,
    "candidate_id": candidate_in,
    "figure_id": figure_in,
    "review_id": review_in,
    "action_id": action_in,
    "rating_id": rating_in,
    "objection_id": objection_in,
    "commitment_id": commitment_in,
    "acceptance_id": acceptance_in,
    "exemption_id": exemption_in,
    "batch_id": import_in,
    "result_import_id": result_import_in,
    "response_file_id": responses_in,
    "item_id": item_in,
    "proposal_id": proposal_in,
    "decision_id": decision_in,
}  # one for each place
OWNED = {"work_id": work_of, "file_id": file_of}  # seen by the person who started it, and by nobody else


def common_exam() -> int:
    exam, _ = Exam.objects.get_or_create(code="x", kind="graduation", year=2026, held_on=date(2026, 6, 26))
    return exam.pk


def common_cluster() -> int:
    return Cluster.objects.get_or_create(code="x", name="Cụm")[0].pk


def common_blueprint() -> int:
    subject = Subject.objects.get()
    content = {"title": "x", "worth": {}, "lines": []}
    defaults = {"subject": subject, "grade": 9, "content": content}
    return Blueprint.objects.get_or_create(title="x", defaults=defaults)[0].pk


def common_round() -> int:
    now = timezone.now()
    values = {
        "title": "x", "blueprint_id": common_blueprint(), "minutes": 45, "propose_by": now,
        "opens_at": now + timedelta(days=1), "sources": [["dice", "xúc xắc"]],
    }  # fmt: skip
    return Round.objects.get_or_create(code="x", defaults=values)[0].pk


def common_draw() -> int:
    announcement = announced(papers({"a": 2, "b": 1}))
    values = {
        "announcement": announcement_file(announcement),
        "announced": announcement_fingerprint(announcement),
    }
    return Draw.objects.get_or_create(round_id=common_round(), number=1, defaults=values)[0].pk


def common_campaign() -> int:
    days = {"opens_on": date(2026, 9, 14), "closes_on": date(2026, 9, 26), "annex": "dien-bien-2024 2024.1"}
    year = SchoolYear.objects.get()
    return Campaign.objects.get_or_create(school_year=year, moment="start", defaults=days)[0].pk


def survey_exam() -> int:
    defaults = {
        "kind": "survey", "year": 2026, "held_on": date(2026, 9, 14), "campaign_id": common_campaign(),
        "grade": 6, "subjects": ["toan"],
    }  # fmt: skip
    return Exam.objects.get_or_create(code="ks-x", defaults=defaults)[0].pk


def common_sitting() -> int:
    defaults = {"day": date(2026, 9, 14), "shift": 1, "starts": time(7, 30), "minutes": 45}
    return Sitting.objects.get_or_create(exam_id=survey_exam(), subject="toan", defaults=defaults)[0].pk


def common_rulebook() -> int:
    rules = RuleSet("x", (Component("progress", "x", "x", 1, 0, 1),), (("x", 0.0),), 1)
    defaults = {"content": rules_as_plain(rules)}
    return RuleBook.objects.get_or_create(
        school_year=SchoolYear.objects.get(), version="x", defaults=defaults
    )[0].pk


def common_run() -> int:
    defaults = {
        "inputs": "0" * 64, "made_at": timezone.now(), "state": "published",
        "published_at": timezone.now(), "object_by": date(2030, 1, 1),
    }  # fmt: skip
    return Run.objects.get_or_create(
        rules_id=common_rulebook(), campaign_id=common_campaign(), defaults=defaults
    )[0].pk


def common_measure_run() -> int:
    """A computed run of a published exam: before, only the offices of the province see it."""
    Exam.objects.filter(pk=common_exam()).update(published_at=timezone.now())
    found = MeasureRun.objects.first()
    if found is None:
        file = ResponseFile.objects.create(
            exam_id=common_exam(), subject="toan", sha256="0" * 64, unit_path=WHOLE_PROVINCE
        )
        found = MeasureRun.objects.create(
            exam_id=common_exam(), subject="toan", file=file, inputs="0" * 64, made_at=timezone.now(),
            state="computed", version="1",
        )  # fmt: skip
    return found.pk


COMMON_ROWS = {
    "measure_run_id": common_measure_run,
    "rulebook_id": common_rulebook,
    "run_id": common_run,
    "campaign_id": common_campaign,
    "exam_id": common_exam,
    "sitting_id": common_sitting,
    "cluster_id": common_cluster,
    "blueprint_id": common_blueprint,
    "round_id": common_round,
    "draw_id": common_draw,
}


def member_in(place: Place, world: World, owner: User) -> int:
    """A stay of the place's unit in a cluster."""
    values = {"days": (date(2020, 1, 1), None), "unit_path": place.unit.unit_path}
    row, _ = ClusterMember.objects.get_or_create(
        cluster_id=common_cluster(), unit=place.unit, defaults=values
    )
    return row.pk


MADE["member_id"] = member_in
