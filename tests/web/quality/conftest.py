"""Fixtures of a school year in the small world, from its start survey to commitments in force."""

from datetime import date

import pytest

from tests.web.quality.year import GOAL, LAST_TAUGHT, NOON, SCORES, survey
from tests.web.world import make_staff
from thucchat.web.people.models import Staff
from thucchat.web.quality.actions import commitments
from thucchat.web.quality.actions.preparing import prepare_handovers
from thucchat.web.quality.actions.targets import share_out_goals


@pytest.fixture
def head(world) -> Staff:
    return make_staff(world.schools[0], "Hiệu Trưởng Một", position="principal")


@pytest.fixture
def handed(world, head):
    campaign = survey(world, "start", SCORES)
    prepare_handovers(campaign, last_taught=LAST_TAUGHT, by=None, at=NOON)
    return campaign


@pytest.fixture
def shared_out(world, handed):
    share_out_goals(world.year, [GOAL], answer_by=date(2026, 10, 20), by=None, at=NOON)


@pytest.fixture
def in_force(world, shared_out):
    commitments.draw_up(world.year, sign_by=date(2026, 10, 31), by=None, at=NOON)
    commitments.put_in_force(world.year, by=None, at=NOON)
