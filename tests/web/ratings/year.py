"""A year of the small world with 22 pupils a class, up to the closed end survey and the frozen rules."""

import numpy as np

from tests.web.quality.year import LAST_TAUGHT, NOON, survey
from tests.web.world import World, make_pupil
from thucchat.engine.growth.rating import Component, RuleSet
from thucchat.web.exams.models import Campaign
from thucchat.web.quality.actions.preparing import prepare_handovers
from thucchat.web.ratings.actions.rules import freeze_rules, write_rules

RULES = RuleSet(
    "1",
    (
        Component("progress", "Tiến bộ", "điểm", 60, -1.0, 1.0),
        Component("level", "Đạt từ 5,0", "%", 15, 0.0, 100.0),
        Component("commitment", "Cam kết", "%", 25, 0.0, 100.0),
    ),
    (("Tốt", 75.0), ("Khá", 60.0), ("Đạt", 45.0), ("Chưa đạt", 0.0)),
    10,
)
CODES = {"TOAN": "toan"}


def lived_year(world: World) -> Campaign:
    """Both surveys: school 2's pupils gain a point and a half more than the others."""
    for school_class in world.classes:
        world.pupils += [make_pupil(school_class, f"Em {n}") for n in range(19)]
    rng = np.random.default_rng(3)
    true = rng.normal(5, 1.5, len(world.pupils))
    true[-22:] = 9  # a class in which everybody reaches the threshold, and one has only the later result
    gain = np.array([1.5 if pupil.school == world.schools[2] else 0.0 for pupil in world.pupils])
    start, end = (np.clip(true + part + rng.normal(0, 0.6, len(true)), 0, 10) for part in (0, gain))
    begun = [round(100 * one) for one in start[:-1]]
    campaign = survey(world, "start", [*begun, None], error=60)
    prepare_handovers(campaign, last_taught=LAST_TAUGHT, by=None, at=NOON)
    book = write_rules(world.year, RULES, by=None, at=NOON)
    freeze_rules(book.pk, by=None, at=NOON)
    scores = [None if n == 0 else round(100 * one) for n, one in enumerate(end)]
    return survey(world, "end", scores, error=60)
