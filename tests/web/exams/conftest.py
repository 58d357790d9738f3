from datetime import date

import pytest

from thucchat.web.exams.models import Exam


@pytest.fixture
def exam(world) -> Exam:
    """An exam of the day before the small province's units were all there is to know."""
    return Exam.objects.create(
        code="tn-2025", name="Thi tốt nghiệp 2025", kind="graduation", year=2025, held_on=date(2026, 10, 1)
    )
