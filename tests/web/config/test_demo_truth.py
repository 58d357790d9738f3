"""The small world's ratings held against a truth that a test makes up."""

from dataclasses import replace

import polars as pl
import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.db.utils import IntegrityError

from tests.web.quality.year import LATE
from tests.web.ratings.year import CODES, lived_year
from thucchat.engine.simulation.province import simulate_province
from thucchat.engine.simulation.schemas import EFFECTS
from thucchat.engine.simulation.surveys import SPREAD
from thucchat.web.config.demo_truth import hold_against_truth
from thucchat.web.ratings.actions.computing import compute
from thucchat.web.ratings.actions.publishing import publish_on_paper
from thucchat.web.ratings.models import Recovered, RuleBook
from thucchat.web.shared.scope import WHOLE_PROVINCE, Scope, enter_scope

GAIN = 1.5 / SPREAD  # of school 2's pupils, in the unit of abilities


@pytest.fixture
def run(world):
    return compute(lived_year(world), RuleBook.objects.get(), CODES, by=None, at=LATE)


@pytest.fixture
def simulated(world):
    """District 1, in which school 2 stands alone, is where pupils gain more."""
    province, truth = simulate_province(0.01, 1)
    rows = [("district", one.code, "TOAN", GAIN * place) for place, one in enumerate(world.districts)]
    rows += [("school", one.code, "TOAN", 0.0) for one in world.schools]
    rows += [("teacher", one.code, "TOAN", 0.0) for one in world.teachers]
    around = [world.districts[place].code for place in (0, 0, 1)]
    units = pl.DataFrame({"code": [one.code for one in world.schools], "district_code": around})
    effects = pl.DataFrame(rows, schema=EFFECTS, orient="row")
    return replace(province, units=units), replace(truth, effects=effects)


def test_progress_is_held_against_the_truth_of_everybody_it_knows(run, simulated):
    found = {one.kind: one for one in hold_against_truth(run, *simulated, CODES)}

    assert {kind: one.count for kind, one in found.items()} == {"district": 2, "school": 3, "teacher": 6}
    school = found["school"]
    assert school.true_spread == pytest.approx(1.5 * 2**0.5 / 3)
    assert school.correlation > 0.9
    assert found["teacher"].correlation is None  # no teacher's truth differs
    assert list(run.recovered.all()) == list(found.values())


def test_who_has_no_truth_is_left_out_and_one_alone_is_not_compared(run, simulated, world):
    province, truth = simulated
    unknown = [world.teachers[0].code, world.districts[0].code]
    known = replace(truth, effects=truth.effects.filter(~pl.col("code").is_in(unknown)))

    found = hold_against_truth(run, province, known, CODES)

    assert {one.kind: one.count for one in found} == {"school": 3, "teacher": 5}


def test_the_page_shows_the_published_run_against_the_truth_and_nothing_without(
    run, simulated, world, client_of
):
    visitor = client_of("testing", world.province)
    hold_against_truth(run, *simulated, CODES)
    school = run.recovered.get(kind="school")
    assert "Đối chiếu với sự thật" not in visitor.get("/mot-nam-hoc/").content.decode()

    enter_scope(Scope(WHOLE_PROVINCE))
    publish_on_paper(run.pk, at=LATE)

    page = visitor.get("/mot-nam-hoc/").content.decode()
    assert "Đối chiếu với sự thật" in page
    assert f"{school.percent:.1f}".replace(".", ",") in page


def test_the_database_refuses_what_is_no_share(run, simulated):
    hold_against_truth(run, *simulated, CODES)
    one = run.recovered.get(kind="school")

    def again(**change):
        with transaction.atomic():
            Recovered.objects.create(
                **{"run": run, "kind": "school", "count": 3, "true_spread": 1, "ratio": 1, "within": 0.9}
                | change
            )

    with pytest.raises(IntegrityError, match="recovered_once"):
        again()
    for change in ({"within": 1.1}, {"count": 1}):
        with pytest.raises(IntegrityError, match="recovered_share"):
            again(**change)
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        Recovered.objects.filter(pk=one.pk).update(within=0.9)
