import pytest
from django.db import ProgrammingError, transaction

from tests.web.world import make_user
from thucchat.web.people.models import Pupil
from thucchat.web.shared.history import because, set_actor
from thucchat.web.shared.models import Change


def test_a_change_is_kept_with_its_author_its_reason_and_both_values(world):
    clerk = make_user("clerk", world.schools[0])
    set_actor(clerk.pk)
    with because("Sai ngày sinh trong giấy khai sinh"):
        Pupil.objects.filter(pk=world.pupils[0].pk).update(address="Bản Phủ")

    change = Change.objects.filter(table="people_pupil", row_id=world.pupils[0].pk).first()
    assert (change.actor, change.reason) == (clerk, "Sai ngày sinh trong giấy khai sinh")
    assert (change.before, change.after) == ({"address": ""}, {"address": "Bản Phủ"})


def test_an_update_that_changes_nothing_leaves_no_trace(world):
    before = Change.objects.count()

    Pupil.objects.filter(pk=world.pupils[0].pk).update(address="")

    assert Change.objects.count() == before


@pytest.mark.parametrize("attempt", [lambda rows: rows.delete(), lambda rows: rows.update(reason="")])
def test_the_application_cannot_rewrite_history(world, attempt):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        attempt(Change.objects.all())
