"""Where targets stand on their path, in the small world: three pupils a class, two classes a school."""

from dataclasses import replace
from datetime import date

import pytest

from tests.web.quality.test_year import GOAL, SCORES
from tests.web.quality.year import LAST_TAUGHT, NOON, survey
from thucchat.engine.documents.forms.review_minute import Progress
from thucchat.web.quality.actions.preparing import prepare_handovers
from thucchat.web.quality.actions.targets import share_out_goals
from thucchat.web.quality.models import Target
from thucchat.web.quality.queries.counts import Counts, surveys_by
from thucchat.web.quality.queries.progress import (
    expected_of,
    progress_of,
    standing_as_plain,
    standing_from_plain,
    unit_standing,
)

AUTUMN, JUNE = date(2026, 11, 20), date(2027, 6, 1)
HALF_WAY = Counts(
    asked=40, aims=30, began=40, began_reached=20, began_variance=4, known=40, reached=25, variance=4
)


@pytest.fixture
def shared_out(world):
    campaign = survey(world, "start", SCORES)
    prepare_handovers(campaign, last_taught=LAST_TAUGHT, by=None, at=NOON)
    share_out_goals(world.year, [GOAL], answer_by=date(2026, 10, 20), by=None, at=NOON)
    return campaign


def by_name(unit, year, day):
    return {one.name: one for one in unit_standing(unit, year, day).targets}


def test_the_start_survey_is_where_the_path_begins(world, shared_out):
    school = world.schools[1]  # every pupil of it was measured: 475 525 350 and 600 700 400 hundredths
    found = by_name(school, world.year, AUTUMN)

    own = found["Toán: từ 5,0 điểm trở lên"]
    assert (own.expected, own.measured, own.progress) == (3, 3, Progress.ON_PATH)
    assert [(one.expected, one.measured) for name, one in found.items() if "lớp" in name] == [(1, 1), (2, 2)]
    assert own.signed == Target.objects.get(unit=school, staff=None).amount
    assert "Đây cũng là điểm xuất phát" in unit_standing(school, world.year, AUTUMN).source


def test_too_few_results_are_not_measured(world, shared_out):
    found = by_name(world.schools[0], world.year, AUTUMN)

    first, second = (one for name, one in found.items() if "lớp" in name)
    assert (first.measured, first.progress) == (None, Progress.NOT_MEASURED)  # one of three was absent
    assert second.progress == Progress.ON_PATH


def test_before_any_survey_nothing_is_measured(world, shared_out):
    standing = unit_standing(world.schools[1], world.year, date(2026, 9, 15))

    assert standing.source == ""
    assert {one.progress for one in standing.targets} == {Progress.NOT_MEASURED}


def test_the_end_survey_is_compared_with_what_was_asked(world, shared_out):
    survey(world, "end", [900, 900, 900, *([100] * 3), *([950] * 6), *([500] * 6)], error=20)
    found = by_name(world.schools[0], world.year, JUNE)

    ahead, behind = (one for name, one in found.items() if "lớp" in name)
    assert (ahead.expected, ahead.measured, ahead.progress) == (1, 3, Progress.AHEAD)
    assert (behind.measured, behind.progress) == (0, Progress.BEHIND)
    assert surveys_by(world.year, JUNE).part == 1
    assert surveys_by(world.year, AUTUMN).now.moment == "start"


def test_a_district_sees_its_schools_and_a_team_the_classes_of_its_teachers(world, shared_out):
    district, team = world.districts[0], world.teams[0]

    assert list(by_name(district, world.year, AUTUMN)) == [
        "Toán: từ 5,0 điểm trở lên",
        "Trường THCS 0, Toán: từ 5,0 điểm trở lên",
        "Trường THCS 1, Toán: từ 5,0 điểm trở lên",
    ]
    assert list(by_name(team, world.year, AUTUMN)) == [
        "Toán: từ 5,0 điểm trở lên",
        "Toán, lớp 6A1: từ 5,0 điểm trở lên",
        "Toán, lớp 6A2: từ 5,0 điểm trở lên",
    ]


def test_a_target_of_every_level_counts_the_classes_below_it(world, shared_out):
    units = (world.province, world.districts[0], world.schools[1], world.teams[1])
    own = [by_name(unit, world.year, AUTUMN)["Toán: từ 5,0 điểm trở lên"] for unit in units]

    assert [one.measured for one in own] == [10, 6, 3, 3]  # of 18, 12, 6 and 6 pupils


def test_what_is_kept_with_a_minute_comes_back_whole(world, shared_out):
    standing = unit_standing(world.schools[0], world.year, AUTUMN)

    assert standing_from_plain(standing_as_plain(standing)) == standing


@pytest.mark.parametrize(
    ("reached", "progress"),
    [(20, "BEHIND"), (23, "UNCERTAIN"), (25, "ON_PATH"), (28, "ON_PATH"), (31, "AHEAD")],
)
def test_a_label_rests_on_more_than_the_errors_of_both_surveys(reached, progress):
    counts = replace(HALF_WAY, reached=reached)

    assert expected_of(counts, 0.5) == 25  # logits 0 and 1.10: half way is 0.634 of 40
    assert progress_of(counts, 25, 0.5) == Progress[progress]


def test_without_a_start_there_is_no_path():
    counts = replace(HALF_WAY, began=0, began_reached=0, began_variance=0)

    assert expected_of(counts, 0.5) is None
    assert progress_of(counts, None, 0.5) == Progress.UNCERTAIN
