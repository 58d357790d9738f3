"""The pupils behind a rating: all of them, with what was counted, to nobody but who may see the rating."""

import pytest
from django.test import Client

from tests.web.people.test_import_pages import run_waiting
from tests.web.ratings.test_papers import published  # noqa: F401  fixture
from tests.web.ratings.test_runs import run, year  # noqa: F401  fixtures
from tests.web.world import make_user
from thucchat.web.exams.models import ExamResult
from thucchat.web.people.models import Pupil
from thucchat.web.quality.queries.excepted import HIDDEN
from thucchat.web.ratings.models import Rating
from thucchat.web.ratings.queries.counted import counted_pupils
from thucchat.web.shared.errors import RuleBroken
from thucchat.web.shared.scope import Scope, enter_scope


@pytest.mark.parametrize("kind", list(Rating.Kind))
def test_every_pupil_of_a_rating_is_listed_with_what_counted(published, kind):  # noqa: F811  the fixture
    for row in published.ratings.filter(kind=kind):
        pupils = counted_pupils(row)
        counted = [one for one in pupils if not one.lacking]

        assert (len(counted), len(pupils) - len(counted)) == (row.pupils, row.left_out)
        assert all(one.start is not None and one.end is not None for one in counted)
        level = next(one for one in row.parts if one["code"] == "level")
        reached = sum(one.end >= 5 for one in counted)
        assert level["value"] == pytest.approx(100 * reached / len(counted))


def test_a_result_that_is_missing_is_told(published, world):  # noqa: F811  the fixture
    pupils = counted_pupils(published.ratings.get(staff=world.teachers[0]))

    assert [(one.code, one.end, one.lacking) for one in pupils if one.lacking] == [
        (world.pupils[0].code, None, "chưa có kết quả cuối năm")
    ]
    assert {(one.subject, one.class_name) for one in pupils} == {("Toán", world.classes[0].name)}


def test_who_moved_away_is_counted_without_a_name(published, world):  # noqa: F811  the fixture
    gone, other = world.pupils[1], world.schools[2]
    Pupil.objects.filter(pk=gone.pk).update(school=other, unit_path=other.unit_path)
    row = published.ratings.get(kind="school", unit=world.schools[0])

    enter_scope(Scope(world.schools[0].unit_path))
    hidden = [one for one in counted_pupils(row) if one.name == HIDDEN]

    assert [(one.code, one.lacking) for one in hidden] == [("", "")]


def test_numbers_that_changed_since_are_not_shown_as_those_that_counted(published, world):  # noqa: F811
    row = published.ratings.get(kind="school", unit=world.schools[0])
    changed = ExamResult.objects.filter(exam__campaign=published.campaign, pupil=world.pupils[1])
    changed.delete()

    with pytest.raises(RuleBroken) as refusal:
        counted_pupils(row)
    assert refusal.value.code == "rating.inputs"


def test_the_file_holds_one_line_a_pupil(published, world, settings):  # noqa: F811  the fixture
    settings.SECOND_FACTOR = False
    own = published.ratings.get(kind="school", unit=world.schools[0])
    client = Client()
    client.force_login(make_user("principal", world.schools[0]))
    answer = client.get(f"/xep-loai/ket-qua/{own.pk}/hoc-sinh/")
    work = run_waiting()
    file = client.get(work.result_url)

    assert answer.url == work.get_absolute_url()
    assert file.headers["Content-Type"].startswith("text/csv")
    assert len(file.content.decode("utf-8-sig").splitlines()) == 1 + 44
