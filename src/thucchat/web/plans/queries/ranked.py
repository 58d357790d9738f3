"""Who is ranked: ratings of the year's published run."""

from collections.abc import Sequence

from thucchat.engine.planning.evaluation import Status, judge_share
from thucchat.web.plans.queries.measured import Answers, Measured, Question, listed, unknown
from thucchat.web.plans.queries.places import Place
from thucchat.web.ratings.models import Rating, Run

NOT_YET = "Chưa công bố kết quả xếp hạng của năm học; phòng khảo thí tính và xin công bố."


def schools_ranked(question: Question) -> Answers:
    """Schools with a rank in the published run, over all of the indicator's levels."""
    ranks = _ranks(question, Rating.Kind.SCHOOL)
    if ranks is None:
        return _nothing(question)
    return {
        place.id: _share(question, question.land.schools(place, question.school_levels), ranks)
        for place in question.places
    }


def districts_ranked(question: Question) -> Answers:
    """Districts and communes with a rank in the published run, over all of them."""
    ranks = _ranks(question, Rating.Kind.DISTRICT)
    if ranks is None:
        return _nothing(question)
    every = question.land.of_level("district")
    return {
        place.id: _share(question, every if place.level == "province" else [place], ranks)
        for place in question.places
    }


def ranked_by_district(question: Question) -> Answers:
    """As `schools_ranked`; but a school that the run does not speak of may have been ranked by its district.

    So the share lies between two bounds, and only what both of them say is said.
    """
    ranks = _ranks(question, Rating.Kind.SCHOOL)
    if ranks is None:
        return _nothing(question)
    answers = {}
    for place in question.places:
        schools = question.land.schools(place, question.school_levels)
        answers[place.id] = _share(question, schools, ranks)
        ranked = sum(ranks.get(school.id, False) for school in schools)
        open_still = [school for school in schools if school.id not in ranks]
        best = judge_share(question.indicator, ranked + len(open_still), len(schools))
        if open_still and best.status == Status.MET:
            reason = f"{ranked}/{len(schools)} trường có hạng trong bảng đã công bố, còn lại chưa rõ."
            answers[place.id] = unknown(reason, ("Chưa rõ", listed(school.name for school in open_still)))
    return answers


def _ranks(question: Question, kind: Rating.Kind) -> dict[int, bool] | None:
    """Whether each rated unit has a rank; None before anything is published."""
    published = Run.objects.filter(rules__school_year=question.year.code, state=Run.State.PUBLISHED)
    run = published.first()
    if run is None:
        return None
    rows = Rating.objects.filter(run=run, kind=kind).order_by().values_list("unit_id", "rank")
    return {unit: rank is not None for unit, rank in rows}


def _share(question: Question, places: Sequence[Place], ranks: dict[int, bool]) -> Measured:
    without = [place.name for place in places if not ranks.get(place.id, False)]
    lines = (("Chưa có hạng", listed(without)),) if without else ()
    return Measured(judge_share(question.indicator, len(places) - len(without), len(places)), lines)


def _nothing(question: Question) -> Answers:
    return dict.fromkeys((place.id for place in question.places), unknown(NOT_YET))
