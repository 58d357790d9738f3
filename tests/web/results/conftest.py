import pytest

from tests.web.quality.year import survey
from tests.web.results.answers import sitting
from tests.web.world import make_user
from thucchat.web.exams.models import Campaign, Exam

STRANGERS = 300  # candidates of no known pupil, who count for the scale alone


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.SECOND_FACTOR = False


@pytest.fixture
def officer(world):
    return make_user("testing", world.province)


@pytest.fixture
def campaign(world) -> Campaign:
    """A closed survey in which the first pupil was absent and the others have 4,00 upwards."""
    return survey(world, "start", [None, *range(400, 400 + 25 * 17, 25)])


@pytest.fixture
def exam(campaign) -> Exam:
    """The sixth grade's, with mathematics first."""
    exam = Exam.objects.get(campaign=campaign, grade=6)
    exam.subjects = ["toan", *(name for name in exam.subjects if name != "toan")]
    place = Exam.objects.get(pk=exam.pk).subjects.index("toan")
    for result in exam.results.all():
        scores = result.scores
        scores.insert(0, scores.pop(place))
        type(result).objects.filter(pk=result.pk).delete()
        result.pk = None
        result.scores = scores
        result.save()
    exam.candidates, exam.fingerprint = exam.results.count(), "0" * 64
    exam.save()
    return exam


@pytest.fixture
def sat(world, exam):
    """The world's pupils and many others, with answers of a known model."""
    return sitting([*(pupil.code for pupil in world.pupils), *(f"x{n:04d}" for n in range(STRANGERS))])
