"""The school year that the demonstration shows, from its first survey on, lived by simulated people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import polars as pl
from django.db import transaction
from django.utils import timezone

from thucchat.engine.simulation.schemas import Province, Truth
from thucchat.engine.simulation.surveys import ERROR, Survey, simulate_survey
from thucchat.web.config import demo_acts, demo_figures, demo_results, demo_sittings, demo_truth
from thucchat.web.exams.actions.campaigns import close_campaign, plan_campaign, start_campaign
from thucchat.web.exams.actions.loading import load_survey_results
from thucchat.web.exams.models import Campaign
from thucchat.web.org.models import SchoolYear
from thucchat.web.quality.actions.acceptances import draw_up_acceptances
from thucchat.web.quality.actions.commitments import draw_up, put_in_force
from thucchat.web.quality.actions.handovers import let_handovers_lapse
from thucchat.web.quality.actions.preparing import issue_all, prepare_handovers
from thucchat.web.quality.actions.targets import Goal, share_out_goals
from thucchat.web.quality.models import Handover
from thucchat.web.ratings.actions.computing import compute
from thucchat.web.ratings.actions.publishing import publish_on_paper
from thucchat.web.ratings.actions.rules import freeze_rules, write_rules
from thucchat.web.ratings.models import RuleBook
from thucchat.web.ratings.queries.starting import STARTING
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

YEAR, ANNEX = 2024, "dien-bien-2024"
Moment = Campaign.Moment


@dataclass(frozen=True, slots=True)
class Held:
    """A survey on its days."""

    moment: Campaign.Moment
    opens_on: date
    closes_on: date


SURVEYS = (
    Held(Moment.START, date(2024, 9, 16), date(2024, 9, 28)),
    Held(Moment.MID, date(2025, 1, 6), date(2025, 1, 10)),
    Held(Moment.END, date(2025, 4, 21), date(2025, 5, 3)),
)


PLANNED_BEFORE = timedelta(weeks=2)
LAST_TAUGHT = date(2024, 5, 20)  # a day on which the teachers of the year before still taught
HANDED_OVER, DISPUTED = date(2024, 10, 7), date(2024, 10, 9)
SHARED_OUT, COUNTERED, SIGNED = date(2024, 10, 16), date(2024, 10, 21), date(2024, 10, 31)
MERGED, REBASED, EXCEPTED = date(2025, 1, 2), date(2025, 1, 20), date(2025, 3, 14)
REVIEWED = (date(2024, 11, 28), date(2025, 3, 27), date(2025, 5, 29))
MERGER = "Quyết định mô phỏng về sáp nhập trường"
COUNTED, CONCLUDED, RATED = date(2025, 6, 28), date(2025, 6, 29), date(2025, 6, 30)
ANSWER_BY = date(2025, 7, 10)  # of minutes of acceptance
FIELDS = {"TOAN": "toan", "VAN": "van", "NN": "ngoai_ngu"}  # and the columns of their results
MEASURED_GRADE = 9  # whose answers to one paper are sent question by question
GOALS = [Goal(field, threshold=500, gain=50, rise=0.04) for field in FIELDS]
# Between two schools there is time until the year ends: the school below may still bring evidence.
TO_ANSWER = ((Handover.Kind.START, 7), (Handover.Kind.LEVEL, 275))


@dataclass
class Lived:
    """A year on its way: who lives it, and where schools went since the simulation drew them."""

    province: Province
    truth: Truth
    seed: int
    moved: dict[str, str]  # codes of schools, before and after

    def survey(self, place: int) -> Campaign:
        """Hold the survey of a place in SURVEYS."""
        held, rng = SURVEYS[place], np.random.default_rng([self.seed, YEAR, place])
        drawn = Survey(YEAR, held.moment, held.opens_on)
        scores = simulate_survey(self.province, self.truth, drawn, rng)
        return _hold(held, scores.with_columns(pl.col("school_code").replace(self.moved)), rng)


def run_year(province: Province, truth: Truth, seed: int) -> None:
    """Everything of the year, in the order in which it happens."""
    lived = Lived(province, truth, seed, {})
    _hand_over(lived.survey(0))
    _commit()
    _review(REVIEWED[0])
    _reorganise(lived)
    lived.survey(1)
    with acting():
        demo_acts.rebase_where_pupils_left(on=REBASED, at=at_noon(REBASED))
        demo_acts.except_ill_pupils(on=EXCEPTED, at=at_noon(EXCEPTED))
    _review(REVIEWED[1])
    last = lived.survey(2)
    _review(REVIEWED[2], confirmed=False)
    _end(last, lived)


def _review(day: date, *, confirmed: bool = True) -> None:
    with acting():
        demo_acts.review_month(on=day, at=at_noon(day), confirmed=confirmed)


def _hand_over(campaign: Campaign) -> None:
    with acting():
        prepare_handovers(campaign, last_taught=LAST_TAUGHT, by=None, at=at_noon(HANDED_OVER))
        for kind, days in TO_ANSWER:
            issue_all(kind, WHOLE_PROVINCE, days=days, by=None, at=at_noon(HANDED_OVER))
        demo_acts.dispute_handovers(on=DISPUTED, at=at_noon(DISPUTED))


def _commit() -> None:
    with acting():
        year = this_year()
        share_out_goals(year, GOALS, answer_by=date(2024, 10, 25), by=None, at=at_noon(SHARED_OUT))
        draw_up(year, sign_by=SIGNED, by=None, at=at_noon(SHARED_OUT))
        let_handovers_lapse(on=SIGNED, at=at_noon(SIGNED))
        demo_acts.counter_targets(on=COUNTERED, at=at_noon(COUNTERED))
        put_in_force(year, by=None, at=at_noon(SIGNED))
        draft = write_rules(year, STARTING, by=None, at=at_noon(SHARED_OUT))
        freeze_rules(draft.pk, by=None, at=at_noon(SIGNED))


def _reorganise(lived: Lived) -> None:
    with acting():
        before, after = demo_acts.merge_small_school(on=MERGED, decision=MERGER)
    if before:
        lived.moved[before] = after


def _end(campaign: Campaign, lived: Lived) -> None:
    """Acceptance, when the graduation exam is known too; then ratings, publication, and figures of units."""
    with acting():
        draw_up_acceptances(campaign, FIELDS, answer_by=ANSWER_BY, by=None, at=at_noon(COUNTED))
        demo_acts.accept_some(on=CONCLUDED, at=at_noon(CONCLUDED))
        book = RuleBook.objects.get(school_year=campaign.school_year)
        run = compute(campaign, book, FIELDS, by=None, at=at_noon(RATED))
        publish_on_paper(run.pk, at=at_noon(RATED))
        demo_truth.hold_against_truth(run, lived.province, lived.truth, FIELDS)
        rng = np.random.default_rng([lived.seed, YEAR, len(SURVEYS)])
        demo_figures.report_figures(campaign.school_year, rng, on=RATED, at=at_noon(RATED))


def this_year() -> SchoolYear:
    """The school year that is lived."""
    return SchoolYear.objects.get(code=f"{YEAR}-{YEAR + 1}")


@contextmanager
def acting() -> Iterator[None]:
    """One transaction that sees the whole province."""
    with transaction.atomic():
        enter_scope(Scope(WHOLE_PROVINCE))
        yield


def at_noon(day: date) -> datetime:
    """The moment the year's acts of a day are recorded under."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _hold(held: Held, scores: pl.DataFrame, rng: np.random.Generator) -> Campaign:
    with acting():
        days = (held.opens_on, held.closes_on)
        planned = at_noon(held.opens_on - PLANNED_BEFORE)
        campaign = plan_campaign(this_year(), held.moment, days, annex=ANNEX, by=None, at=planned)
        demo_sittings.list_candidates(campaign, rng)
        start_campaign(campaign.pk, by=None, at=at_noon(held.opens_on))
    with transaction.atomic(using="owner"):
        load_survey_results(scores, campaign)
    with acting():
        demo_sittings.hold_sittings(campaign, rng)
        end = at_noon(held.closes_on)
        closed = close_campaign(campaign.pk, by=None, at=end, error=round(100 * ERROR))
        demo_results.show_results(closed, MEASURED_GRADE, rng, at=end)
    return closed
