"""All surveys and exams of one pupil, in the order of time, with the errors of what was measured."""

from base64 import b64encode
from collections import defaultdict
from dataclasses import dataclass

from thucchat.engine.documents.timelines import TimePoint, timeline
from thucchat.engine.measurement.results.subjects import subject_label
from thucchat.web.exams.models import Campaign, Exam, ExamResult
from thucchat.web.org.acting import Acting
from thucchat.web.people.models import Pupil
from thucchat.web.results.models import PupilMeasure
from thucchat.web.results.queries.scores import Measure, ShownScore, measure_of, shown_score
from thucchat.web.results.queries.visible import runs_visible_to
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, acting_for


@dataclass(frozen=True, slots=True)
class PupilScore:
    """One subject of one exam."""

    exam: Exam
    subject: str  # code
    score: ShownScore
    ability: PupilMeasure | None  # of the newest run that counts

    @property
    def label(self) -> str:
        return subject_label(self.subject)


@dataclass(frozen=True, slots=True)
class SubjectPicture:
    """The surveys of one subject as an image."""

    source: str  # data URI
    alt: str
    width: int  # px
    height: int  # px
    caption: str


def scores_of(pupil: Pupil, acting: Acting) -> list[PupilScore]:
    """What is known of a pupil whom the person may see; results of his earlier schools belong to him."""
    runs = runs_visible_to(acting)
    with acting_for(Scope(WHOLE_PROVINCE)):
        results = list(
            ExamResult.objects.filter(pupil=pupil)
            .select_related("exam__campaign")
            .order_by("exam__held_on", "exam_id")
        )
        measured = PupilMeasure.objects.filter(pupil=pupil, run__in=runs, run__state="computed")
        abilities = {
            (one.run.exam_id, one.run.subject): one
            for one in measured.select_related("run").order_by("run_id")
        }
    readings: dict[int | None, Measure] = {}
    return [
        PupilScore(
            result.exam,
            subject,
            shown_score(code, _reading(readings, result.exam.campaign)),
            abilities.get((result.exam_id, subject)),
        )
        for result in results
        for subject, code in zip(result.exam.subjects, result.scores, strict=False)
        if code is not None
    ]


def _reading(known: dict[int | None, Measure], campaign: Campaign | None) -> Measure:
    key = None if campaign is None else campaign.pk
    if key not in known:
        known[key] = measure_of(campaign)
    return known[key]


def pictures_of(scores: list[PupilScore]) -> list[SubjectPicture]:
    """A drawing for every subject that was surveyed at least twice."""
    points: dict[str, list[TimePoint]] = defaultdict(list)
    for one in scores:
        if one.exam.campaign is not None and one.score.points is not None:
            label = f"{one.exam.held_on:%m/%Y}"
            points[one.subject].append(TimePoint(label, one.score.points, one.score.error))
    return [_picture(subject, own) for subject, own in points.items() if len(own) > 1]


def _picture(subject: str, points: list[TimePoint]) -> SubjectPicture:
    chart = timeline(subject_label(subject), points)
    source = "data:image/svg+xml;base64," + b64encode(chart.svg.encode()).decode()
    return SubjectPicture(source, chart.alt, chart.width, chart.height, subject_label(subject))
