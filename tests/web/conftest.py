import pytest
from django.test import Client

from tests.web.world import World, build_world, make_user


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture
def client_of(settings):
    """A browser in which somebody of a role in a unit has logged in."""
    settings.SECOND_FACTOR = False

    def make(role: str, unit) -> Client:
        client = Client()
        client.force_login(make_user(role, unit))
        return client

    return make
