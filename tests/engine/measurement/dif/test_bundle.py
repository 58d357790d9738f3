import numpy as np
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.measurement.dif.bundle import bundle_effect, own_items

OWN, OTHER = 6, 24


def responses(rng, focal, *, impact=0.0, favour=0.0, others=1500):
    """Answers under a 2PL; pupils of the focal unit come first."""
    theta = np.r_[rng.normal(impact, 1, focal), rng.normal(0, 1, others)]
    a, b = rng.lognormal(0, 0.25, OWN + OTHER), rng.normal(0, 1, OWN + OTHER)
    eta = a * (theta[:, None] - b)
    eta[:focal, :OWN] += favour * a[:OWN]
    scores = (rng.random(eta.shape) < 1 / (1 + np.exp(-eta))).astype(float)
    return scores, np.arange(focal + others) < focal


def test_without_correction_the_strata_give_the_plain_weighted_difference():
    """All matching items equal in everybody: no spread, so no regression; the arithmetic is by hand."""
    matching = np.zeros((7, 5))
    matching[4:, 0] = 1
    bundle = np.array([1.0, 2.0, 2.0, 4.0, 3.0, 5.0, 1.0])
    focal = np.array([False, False, True, True, False, True, True])

    found = bundle_effect(bundle, matching, focal)

    assert found.used == 4  # the stratum of score 1 has one reference person only
    assert found.effect == pytest.approx(3 - 1.5)
    assert found.error == pytest.approx(np.sqrt(2 / 2 + 0.5 / 2))


@pytest.mark.parametrize("impact", [0.0, 0.6, -0.6])
def test_abler_or_weaker_pupils_alone_are_no_advantage(impact):
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(200):
        scores, focal = responses(rng, 120, impact=impact)
        found = bundle_effect(scores[:, :OWN].sum(axis=1), scores[:, OWN:], focal)
        wrong += abs(found.effect) > 1.96 * found.error
    assert wrong / 200 < 0.11  # 5 % and three standard errors of 200 trials


def test_an_advantage_is_found_with_its_size():
    rng = np.random.default_rng(6)
    scores, focal = responses(rng, 400, favour=0.5, others=4000)
    units = ["A" if mine else "B" for mine in focal]
    items = [f"c{n}" for n in range(OWN + OTHER)]
    owners = dict.fromkeys(items[:OWN], "A") | dict.fromkeys(items[OWN : OWN + 6], "B")

    own, other = own_items(scores, items, units, owners)

    assert (own.unit, own.items, own.pupils, own.flagged) == ("A", OWN, 400, True)
    assert 0.3 < own.effect < 0.8
    assert own.p <= own.adjusted_p < 0.001
    assert not other.flagged


def test_units_too_small_are_named_with_the_reason():
    scores, focal = responses(np.random.default_rng(7), 12)
    units = ["A" if mine else "B" for mine in focal]
    items = [f"c{n}" for n in range(OWN + OTHER)]

    (found,) = own_items(scores, items, units, {"c0": "A"})

    assert (found.effect, found.flagged) == (None, False)
    assert found.reason == "Cần ít nhất 20 bài đủ câu ở mỗi bên; có 12 và 1500."


def test_an_owner_of_no_item_is_refused():
    with pytest.raises(InvalidInput) as refusal:
        own_items(np.zeros((3, 1)), ["c0"], ["A"] * 3, {"c9": "A"})
    assert refusal.value.code == "own.items"
