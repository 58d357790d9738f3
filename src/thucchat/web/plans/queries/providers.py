"""Where each indicator's value comes from: computed from what the system holds, reported, or both."""

from thucchat.engine.planning.evaluation import Status
from thucchat.engine.planning.indicators import Indicator
from thucchat.engine.planning.reported import REPORTABLE
from thucchat.web.plans.queries.measured import Answers, Measured, Provider, Question, unknown
from thucchat.web.plans.queries.national import national_rank
from thucchat.web.plans.queries.ranked import districts_ranked, ranked_by_district, schools_ranked
from thucchat.web.plans.queries.reported import reported
from thucchat.web.plans.queries.scores import district_gap, entrance_mean, graduation_mean
from thucchat.web.plans.queries.surveys import entry_surveys, taking_part

PROVIDERS: dict[str, Provider] = {
    "db24.start-survey": taking_part,
    "db24.mid-survey": taking_part,
    "db24.end-survey": taking_part,
    "db24.entrance-mean": entrance_mean,
    "db24.district-gap": district_gap,
    "db24.graduation-mean": graduation_mean,
    "db24.national-rank": national_rank,
    "db24.schools-ranked": schools_ranked,
    "db24.districts-ranked": districts_ranked,
    "db24.ranked-by-district": ranked_by_district,
    "sl20.graduation-mean": graduation_mean,
    "sl20.entry-surveys": entry_surveys,
}
# Part of these happens outside the system: a confirmed figure answers where the computation cannot.
FILLED_IN = frozenset({"db24.ranked-by-district", "sl20.entry-surveys"})
PUBLIC = frozenset({"db24.national-rank"})  # of the province, shown to everybody
# Of the province as a whole; a school or a district has no part of its own in them.
WHOLE_ONLY = frozenset({"db24.district-gap"})
# Known for years of which the system kept nothing but the exams.
OF_EXAM_YEARS = frozenset(
    {
        "db24.entrance-mean",
        "db24.district-gap",
        "db24.graduation-mean",
        "db24.national-rank",
        "sl20.graduation-mean",
    }
)


def is_reported(indicator: Indicator) -> bool:
    """Whether people may enter figures for it."""
    is_open = indicator.code not in PROVIDERS or indicator.code in FILLED_IN
    return is_open and indicator.kind in REPORTABLE


def has_parts(indicator: Indicator) -> bool:
    """Whether a unit below the one that answers can be told its own part."""
    return indicator.code in PROVIDERS and indicator.code not in WHOLE_ONLY


def answers(question: Question) -> Answers:
    """An answer for every place of the question."""
    provider = PROVIDERS.get(question.indicator.code)
    computed = provider(question) if provider else {}
    if not is_reported(question.indicator):
        return computed
    told = reported(question)
    return {place.id: _better(computed.get(place.id), told[place.id]) for place in question.places}


def _better(computed: Measured | None, told: Measured) -> Measured:
    """What is computed, unless it leaves open what people have confirmed."""
    if computed is None or computed.verdict.status != Status.UNKNOWN:
        return computed or told
    if told.verdict.status != Status.UNKNOWN:
        return told
    return unknown(f"{computed.verdict.reason} {told.verdict.reason}", *computed.lines)
