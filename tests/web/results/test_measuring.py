"""Runs: points and statistics checked by another calculation, scales by the truth behind the answers."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from tests.web.results.answers import LOCATIONS, SLOPES, run_of, send, sitting
from thucchat.web.exams.models import Campaign, Exam
from thucchat.web.results.actions.measuring import measure
from thucchat.web.results.actions.reporting import make_item_report
from thucchat.web.results.actions.runs import Settings, adopt_error, ask_for_run, withdraw_run
from thucchat.web.results.models import ItemMeasure, MeasureRun, PupilMeasure
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import Scope, enter_scope

KEY = "A" * 12
NOW = datetime(2026, 10, 2, 5, tzinfo=UTC)
Linking, Model = MeasureRun.Linking, MeasureRun.Model
NUMBERS = ("points", "ability", "ability_error", "likely", "likely_error")


def code_of(call) -> str:
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        call()
    return refusal.value.code


@pytest.fixture
def file(exam, officer, sat):
    return send(exam, sat.file, officer, key=KEY)


@pytest.fixture
def run(file, officer):
    return run_of(file, officer)


@pytest.fixture
def later(exam, officer):
    """A harder exam a year later: half of its items are the last of the first one, the pupils are better."""
    return Exam.objects.create(
        code="later", name="Thi thử", kind="other", year=2027, held_on=exam.held_on, subjects=["toan"]
    )


def second_file(later, officer, *, names: str = "CH", mean: float = 0.8, key: str = "A"):
    sat = sitting([f"y{n:04d}" for n in range(400)], mean=mean, seed=2, items=slice(5, 12), prefix=names)
    return send(later, sat.file, officer, key=key * 7)


def test_points_and_statistics_are_those_of_another_calculation(run, sat):
    points = np.array(run.measures.order_by("sbd").values_list("points", flat=True))
    order = np.argsort(sat.sbd)

    assert points == pytest.approx(sat.right.sum(axis=1)[order])
    covariance = np.cov(sat.right.astype(float), rowvar=False)
    alpha = 12 / 11 * (1 - covariance.trace() / covariance.sum())
    assert run.summary["alpha"] == pytest.approx(alpha)
    assert run.summary["error"] == pytest.approx(np.sqrt(covariance.sum() * (1 - alpha)))
    assert run.summary["error_of_ten"] == pytest.approx(run.summary["error"] * 10 / 12)
    first = run.items.get(place=1)
    assert first.statistics["difficulty"] == pytest.approx(sat.right[:, 0].mean())
    assert (first.name, first.key, first.highest) == ("CH1", "A", 1.0)


def test_the_scale_finds_the_truth_within_its_own_errors(run, sat):
    rows = run.measures.order_by("sbd").values_list("ability", "ability_error", "likely")
    ability, error, likely = (np.array(column) for column in zip(*rows, strict=True))
    truth = sat.theta[np.argsort(sat.sbd)]
    locations = np.array([one.parameters["b"] for one in run.items.all()])
    errors = np.array([one.parameters["se_b"] for one in run.items.all()])

    assert run.summary["converged"]
    assert np.abs((locations - LOCATIONS) / errors).max() < 4
    inside = (np.abs(ability - truth) < 1.96 * error).mean()
    assert 0.9 < inside < 0.99
    assert np.corrcoef(likely, ability)[0, 1] > 0.98


def test_a_run_is_computed_once_and_stays_as_it_was_computed(run):
    before = list(run.measures.order_by("sbd").values_list(*NUMBERS))

    again = measure(run.pk)

    assert list(again.measures.order_by("sbd").values_list(*NUMBERS)) == before
    with pytest.raises(IntegrityError, match="measuring_as_computed"), transaction.atomic():
        MeasureRun.objects.filter(pk=run.pk).update(summary={})
    for table in (PupilMeasure, ItemMeasure):
        with pytest.raises(ProgrammingError), transaction.atomic():
            table.objects.filter(run=run).update(run=run)


def test_the_same_inputs_have_the_same_fingerprint_and_give_the_same_numbers(run, file, officer):
    other = run_of(file, officer)
    rasch = run_of(file, officer, model=Model.PCM)

    assert other.inputs == run.inputs != rasch.inputs
    first, second = (list(one.measures.order_by("sbd").values_list(*NUMBERS)) for one in (run, other))
    assert first == second
    assert {one.parameters["a"] for one in rasch.items.all()} == {1.0}


def test_missing_is_never_zero(exam, officer, sat):
    lines = sat.file.decode().splitlines()
    heading, first, second, third = lines[0], *(line.split(",") for line in lines[1:4])
    first[1], second[1:], third[1] = "?", [""] * 12, "-"
    data = "\n".join([heading, *map(",".join, (first, second, third)), *lines[4:]]).encode()

    run = run_of(send(exam, data, officer, key=KEY), officer)

    found = {row.sbd: row for row in run.measures.filter(sbd__in=sat.sbd[:3])}
    waiting, absent, partly = (found[number] for number in sat.sbd[:3])
    assert (waiting.points, waiting.waiting) == (None, 1)
    assert waiting.ability is not None
    assert (absent.points, absent.ability, absent.likely) == (None, None, None)
    assert partly.points == sat.right[2, 1:].sum()
    assert (run.summary["persons"], run.summary["scored"], run.summary["waiting"]) == (318, 316, 1)


@pytest.mark.parametrize("linking", [Linking.STOCKING_LORD, Linking.FIXED])
def test_a_later_exam_is_put_on_the_scale_of_the_first(run, later, officer, linking):
    linked = run_of(second_file(later, officer), officer, linking=linking, target=run)
    alone = run_of(second_file(later, officer), officer)

    assert "refusal" not in linked.link
    anchors = {*linked.link["anchors"], *linked.link.get("removed", [])}
    assert anchors == {f"CH{place}" for place in range(6, 13)}
    mean, own = (np.mean(one.measures.values_list("ability", flat=True)) for one in (linked, alone))
    assert mean == pytest.approx(0.8, abs=0.25)
    assert own == pytest.approx(0, abs=0.05)
    locations = [one.parameters["b"] for one in linked.items.all()]
    assert np.abs(np.array(locations) - LOCATIONS[5:]).max() < 0.5
    slopes = [one.parameters["a"] for one in linked.items.all()]
    assert np.abs(np.array(slopes) - SLOPES[5:]).max() < 0.7


def test_a_link_that_does_not_hold_is_told_and_the_run_stands_on_its_own_scale(run, later, officer):
    other_names = run_of(
        second_file(later, officer, names="M"), officer, linking=Linking.STOCKING_LORD, target=run
    )
    few = run_of(
        second_file(later, officer), officer, linking=Linking.FIXED, target=run, anchors=("CH6", "CH7")
    )
    model = run_of(second_file(later, officer), officer, model=Model.PCM, linking=Linking.FIXED, target=run)

    assert "không có câu nào cùng tên và cùng đáp án" in other_names.link["refusal"]
    assert "Chỉ có 2 câu chung" in few.link["refusal"]
    assert "mô hình khác nhau" in model.link["refusal"]
    assert other_names.measures.exclude(ability=None).count() == 400


def test_items_whose_keys_differ_are_not_the_same_item(run, later, officer):
    linked = run_of(second_file(later, officer, key="B"), officer, linking=Linking.FIXED, target=run)

    assert "cùng đáp án" in linked.link["refusal"]


def test_too_few_candidates_still_have_points(exam, officer):
    file = send(exam, b"SBD,C1,C2\n1,A,B\n2,B,B\n3,A,A\n", officer, key="AB")

    run = run_of(file, officer)

    assert "cần ít nhất 10" in run.summary["refusal"]
    assert list(run.measures.order_by("sbd").values_list("points", "ability")) == [
        (2.0, None), (1.0, None), (1.0, None),
    ]  # fmt: skip
    assert run.items.get(place=1).parameters is None


def test_a_run_needs_a_file_that_counts_and_both_halves_of_a_link(file, exam, officer, sat):
    half = Settings(Model.TWO_PL, Linking.FIXED, None)
    assert code_of(lambda: ask_for_run(file, half, by=officer, at=NOW)) == "measuring.target"
    send(exam, sat.file, officer, key=KEY)
    file.refresh_from_db()
    assert code_of(lambda: ask_for_run(file, Settings(Model.TWO_PL), by=officer, at=NOW)) == "measuring.file"


def test_the_survey_takes_the_largest_error_found_until_it_is_closed_with_one(run, exam, officer):
    campaign = Campaign.objects.get(pk=exam.campaign_id)
    assert code_of(lambda: adopt_error(run.pk, by=officer, at=NOW)) == "measuring.closed"
    Campaign.objects.filter(pk=campaign.pk).update(error=None)

    found = adopt_error(run.pk, by=officer, at=NOW)

    assert found == round(100 * run.summary["error_of_ten"])
    Campaign.objects.filter(pk=campaign.pk).update(state="running", closed_at=None, error=999)
    assert adopt_error(run.pk, by=officer, at=NOW) == 999
    withdraw_run(run.pk, by=officer, at=NOW)
    campaign.refresh_from_db()
    assert campaign.error is None, "it may have come from the run that counts no longer"
    assert code_of(lambda: adopt_error(run.pk, by=officer, at=NOW)) == "measuring.no_error"


def test_an_exam_outside_surveys_has_no_survey_to_give_an_error_to(later, officer):
    run = run_of(second_file(later, officer), officer)

    assert code_of(lambda: adopt_error(run.pk, by=officer, at=NOW)) == "measuring.no_survey"


def test_the_report_is_drawn_once_and_is_the_same_for_a_school(run, world):
    enter_scope(Scope(world.schools[0].unit_path))

    made = make_item_report(run.pk, day=timezone.localdate())
    again = make_item_report(run.pk, day=timezone.localdate())

    assert bytes(made.content).startswith(b"%PDF")
    assert again.pk == made.pk
