import pytest

from tests.web.bank.papers import MATRIX
from tests.web.world import make_user
from thucchat.engine.papers.blueprint_plain import blueprint_as_plain
from thucchat.web.bank.models import Blueprint
from thucchat.web.org.models import Role


@pytest.fixture(autouse=True)
def reading_keys(settings, tmp_path):
    """Reading keys of a test go with the test."""
    settings.READING_KEYS = tmp_path / "keys"
    return settings.READING_KEYS


@pytest.fixture
def kept(world):
    """The small matrix that the papers of these tests follow."""
    content = blueprint_as_plain(MATRIX)
    return Blueprint.objects.create(title=MATRIX.title, subject=world.subject, grade=9, content=content)


@pytest.fixture
def people(world):
    """Who takes part: the testing office, two reviewers, a leader, and the heads of three schools."""
    made = {role: make_user(role, world.province) for role in (Role.TESTING, Role.OFFICE, Role.LEADER)}
    made["second"] = make_user(Role.OFFICE, world.province)
    for number, school in enumerate(world.schools):
        made[number] = make_user(Role.PRINCIPAL, school)
    return made
