from datetime import UTC, datetime

from tests.web.world import make_user
from thucchat.web.config.tasks import seal_ledger, turn_the_day
from thucchat.web.ledger.actions.recording import record_event
from thucchat.web.ledger.queries.roots import latest_root


def test_recorded_events_get_a_root_within_minutes(world):
    actor = make_user("office", world.province)
    record_event("unit.renamed", world.province, by=actor, at=datetime.now(UTC), unit_path="1/")

    seal_ledger(0)

    assert latest_root().size == 1


def test_the_day_turns_without_anything_to_do(world):
    turn_the_day(0)

    world.schools[0].refresh_from_db()
    assert world.schools[0].parent == world.districts[0]
