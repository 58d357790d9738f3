"""The school year that the demonstration shows, from its first survey on, lived by simulated people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from django.db import transaction
from django.utils import timezone

from thucchat.engine.simulation.schemas import Province, Truth
from thucchat.engine.simulation.surveys import ERROR, Survey, simulate_survey
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
from thucchat.web.ratings.queries.starting import STARTING
from thucchat.web.shared.clock import today
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


LAST_TAUGHT = date(2024, 5, 20)  # a day on which the teachers of the year before still taught
HANDED_OVER, SHARED_OUT, SIGNED = date(2024, 10, 7), date(2024, 10, 16), date(2024, 10, 31)
FIELDS = {"TOAN": "toan", "VAN": "van", "NN": "ngoai_ngu"}  # and the columns of their results
RATED = date(2025, 5, 14)
GOALS = [Goal(field, threshold=500, gain=50, rise=0.04) for field in FIELDS]


def run_year(province: Province, truth: Truth, seed: int) -> None:
    """Everything of the year that has happened by the day shown."""
    start, *later = [one for one in SURVEYS if one.closes_on <= today()]
    rng = [np.random.default_rng([seed, YEAR, place]) for place in range(len(SURVEYS))]
    _hand_over(_survey(province, truth, start, rng[0]))
    _commit()
    with acting():
        year = SchoolYear.objects.get(code=f"{YEAR}-{YEAR + 1}")
        book = freeze_rules(
            write_rules(year, STARTING, by=None, at=at_noon(SIGNED)).pk, by=None, at=at_noon(SIGNED)
        )
    for place, held in enumerate(later, 1):
        campaign = _survey(province, truth, held, rng[place])
        if held.moment == Moment.END:
            _accept(campaign)
            with acting():
                run = compute(campaign, book, FIELDS, by=None, at=at_noon(RATED))
                publish_on_paper(run.pk, at=at_noon(RATED))


def _hand_over(campaign: Campaign) -> None:
    with acting():
        prepare_handovers(campaign, last_taught=LAST_TAUGHT, by=None, at=at_noon(HANDED_OVER))
        # Between two schools there is time until the year ends: the school below may still bring evidence.
        for kind, days in ((Handover.Kind.START, 7), (Handover.Kind.LEVEL, 230)):
            issue_all(kind, WHOLE_PROVINCE, days=days, by=None, at=at_noon(HANDED_OVER))


def _commit() -> None:
    with acting():
        year = SchoolYear.objects.get(code=f"{YEAR}-{YEAR + 1}")
        share_out_goals(year, GOALS, answer_by=date(2024, 10, 25), by=None, at=at_noon(SHARED_OUT))
        draw_up(year, sign_by=SIGNED, by=None, at=at_noon(SHARED_OUT))
        let_handovers_lapse(on=SIGNED, at=at_noon(SIGNED))
        put_in_force(year, by=None, at=at_noon(SIGNED))


def _accept(campaign: Campaign) -> None:
    with acting():
        draw_up_acceptances(
            campaign, FIELDS, answer_by=date(2025, 5, 23), by=None, at=at_noon(date(2025, 5, 8))
        )


@contextmanager
def acting() -> Iterator[None]:
    """One transaction that sees the whole province."""
    with transaction.atomic():
        enter_scope(Scope(WHOLE_PROVINCE))
        yield


def at_noon(day: date) -> datetime:
    """The moment the year's acts of a day are recorded under."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _survey(province: Province, truth: Truth, held: Held, rng: np.random.Generator) -> Campaign:
    scores = simulate_survey(province, truth, Survey(YEAR, held.moment, held.opens_on), rng)
    with acting():
        year = SchoolYear.objects.get(code=f"{YEAR}-{YEAR + 1}")
        days = (held.opens_on, held.closes_on)
        campaign = plan_campaign(year, held.moment, days, annex=ANNEX, by=None, at=at_noon(held.opens_on))
        start_campaign(campaign.pk, by=None, at=at_noon(held.opens_on))
    with transaction.atomic(using="owner"):
        load_survey_results(scores, campaign)
    with acting():
        return close_campaign(campaign.pk, by=None, at=at_noon(held.closes_on), error=round(100 * ERROR))
