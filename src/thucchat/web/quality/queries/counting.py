"""What was reached of every target: counted from the last results of the year."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from thucchat.engine.planning.standing import error_of_count
from thucchat.engine.planning.surveys import LAST_GRADE, annex_of
from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.people.models import Enrolment
from thucchat.web.quality.models import Exemption, Outcome, Target
from thucchat.web.quality.queries.pupils import results_of, results_of_exam

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Counted:
    """Outcomes by target, and the targets whose results are still to come."""

    outcomes: Mapping[int, Outcome]
    waiting: frozenset[int]


def count_outcomes(campaign: Campaign, codes: Mapping[str, str]) -> Counted:
    """Of classes from their pupils, of units summed from the classes below them.

    Pupils who have left the class since, and those whom two persons agreed to except, do not count.
    """
    parents = dict(Target.objects.filter(school_year=campaign.school_year).values_list("pk", "parent_id"))
    found, error = dict[int, Outcome](), (campaign.error or 0) / 100
    gone, excepted = _gone(campaign), _excepted(campaign)
    for field, code in codes.items():
        scores = _last_scores(campaign, field, code)
        rows = Target.objects.filter(school_year=campaign.school_year, field=field)
        for target in rows.exclude(school_class=None).iterator(chunk_size=BATCH):
            found[target.pk] = outcome_of(target, scores, gone | excepted[target.pk], error)
    for key in list(found):
        for above in _ancestors(key, parents):
            found[above] = _added(found.get(above), found[key])
    return Counted(found, _waiting(campaign, parents))


def outcome_of(target: Target, scores: Mapping[int, int], excepted: frozenset[int], error: float) -> Outcome:
    """Count the pupils of a class's target; `scores` are hundredths by pupil, `error` in points."""
    threshold = target.threshold or 0
    asked = [
        (key, aim) for key, aim in zip(target.pupil_ids, target.aims, strict=True) if key not in excepted
    ]
    known = np.array([scores[key] for key, _ in asked if key in scores], dtype=float)
    return Outcome(
        counted=len(asked),
        excepted=len(target.pupil_ids) - len(asked),
        missing=len(asked) - len(known),
        amount=sum(aim for _, aim in asked),
        reached=int((known >= threshold).sum()),
        error=error_of_count(known / 100, error, threshold / 100) if len(known) else 0.0,
    )


def _last_scores(campaign: Campaign, field: str, code: str) -> dict[int, int]:
    """Hundredths by pupil: of the survey, and where grade 12 sat the graduation exam instead, of that."""
    frame = results_of(campaign, code)
    scores = dict(zip(frame["pupil_id"].to_list(), frame["score"].to_list(), strict=True))
    exam = _graduation(campaign) if field in _replaced(campaign) else None
    if exam is not None:
        other = results_of_exam(exam, code)
        scores = dict(zip(other["pupil_id"].to_list(), other["score"].to_list(), strict=True)) | scores
    return scores


def _replaced(campaign: Campaign) -> Collection[str]:
    """Fields that grade 12 is not surveyed in at the end of the year: the graduation exam tells."""
    if campaign.moment != Campaign.Moment.END:
        return ()
    return {field for level in annex_of(campaign.annex.split(" ")[0]).levels for field in level.graduation}


def _graduation(campaign: Campaign) -> Exam | None:
    return Exam.objects.filter(
        kind=Exam.Kind.GRADUATION, year=campaign.school_year.ends.year, candidates__gt=0
    ).first()


def _waiting(campaign: Campaign, parents: Mapping[int, int | None]) -> frozenset[int]:
    """Targets of grade 12 that only the graduation exam can tell of, and all above them."""
    if _graduation(campaign) is not None:
        return frozenset()
    rows = Target.objects.filter(
        school_year=campaign.school_year, field__in=_replaced(campaign), school_class__grade=LAST_GRADE
    )
    keys = set(rows.values_list("pk", flat=True))
    return frozenset(keys.union(*(_ancestors(key, parents) for key in keys)))


def _ancestors(key: int, parents: Mapping[int, int | None]) -> list[int]:
    found = []
    above = parents.get(key)
    while above:
        found.append(above)
        above = parents.get(above)
    return found


def _gone(campaign: Campaign) -> frozenset[int]:
    """Pupils who were enrolled when the year was handed over and are not on the day of the survey."""
    there = Enrolment.objects.filter(days__contains=campaign.opens_on).values_list("pupil_id", flat=True)
    asked = Target.objects.filter(school_year=campaign.school_year).exclude(school_class=None)
    everybody = {key for keys in asked.values_list("pupil_ids", flat=True) for key in keys}
    return frozenset(everybody - set(there))


def _excepted(campaign: Campaign) -> Mapping[int, frozenset[int]]:
    """Pupils whose results do not count, by target of the commitment that they were excepted from."""
    rows = Exemption.objects.filter(commitment__school_year=campaign.school_year).exclude(agreed_by=None)
    found: dict[int, frozenset[int]] = defaultdict(frozenset)
    for pupil, content in rows.values_list("pupil_id", "commitment__content"):
        for row in content:
            found[row["target"]] |= {pupil}
    return found


def _added(one: Outcome | None, other: Outcome) -> Outcome:
    if one is None:
        return other
    return Outcome(
        one.counted + other.counted,
        one.excepted + other.excepted,
        one.missing + other.missing,
        one.amount + other.amount,
        one.reached + other.reached,
        float(np.hypot(one.error, other.error)),
    )
