from dataclasses import replace

import numpy as np
import pytest

from tests.engine.measurement.dif.worlds import in_steps, two_groups
from thucchat.engine.errors import InvalidInput, NoResult
from thucchat.engine.measurement.dif.analysis import METHODS, NO_STEPS, Choice, analyse_dif
from thucchat.engine.measurement.dif.design import GroupedResponses


@pytest.fixture(scope="module")
def planted():
    return two_groups(persons=2500, items=16, planted={3: 0.9, 10: -0.9})


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_what_was_planted(planted, method):
    result = analyse_dif(planted, Choice(method, purify=method != "lrt"))

    found = {item.item for item in result.items if item.flagged}
    assert {"c3", "c10"} <= found
    assert len(found) <= 4
    if method != "logistic":
        by_name = {item.item: item for item in result.items}
        assert by_name["c3"].effect < -1 < 1 < by_name["c10"].effect
        assert by_name["c3"].size == "C"


def test_purification_matches_on_the_items_that_were_not_found(planted):
    rough = analyse_dif(planted, Choice("mh"))
    pure = analyse_dif(planted, Choice("mh", purify=True))

    assert rough.rounds == 1
    assert pure.rounds >= 2
    assert pure.settled
    assert {item.item for item in pure.items if not item.anchor} == {
        item.item for item in pure.items if item.p < 0.05
    }


def test_one_sided_dif_spoils_the_matching_until_it_is_purified():
    data = two_groups(persons=1500, planted=dict.fromkeys(range(0, 16, 5), 0.8))

    spread = [
        np.abs(
            [item.effect for item in analyse_dif(data, choice).items if item.item in {"c1", "c2", "c4"}]
        ).mean()
        for choice in (Choice("mh"), Choice("mh", purify=True))
    ]

    assert spread[1] < spread[0]


def test_groups_without_dif_are_rarely_accused():
    false = [
        sum(item.flagged for item in analyse_dif(two_groups(seed, persons=600), Choice("mh")).items) > 0
        for seed in range(40)
    ]

    assert np.mean(false) <= 0.125


def test_constant_items_and_items_in_steps_are_told_apart():
    data = in_steps(two_groups(), 5)
    data.scores[:, 7] = 1

    matched = analyse_dif(data, Choice("mh"))
    regressed = analyse_dif(data, Choice("logistic"))

    assert [item.item for item in matched.items if np.isnan(item.p)] == ["c7"]
    assert [item.item for item in regressed.items if np.isnan(item.p)] == ["c5", "c7"]
    assert any("c7" in caution for caution in matched.cautions)
    assert regressed.cautions == (
        f"Không kiểm định câu có nhiều mức điểm: c5. {NO_STEPS}",
        "Không kiểm định được: c7 (điểm không đổi, hoặc không hợp phương pháp).",
    )


def test_regression_without_an_item_that_is_right_or_wrong_names_the_other_methods():
    data = two_groups()
    data = GroupedResponses(data.items, data.scores + 1, data.focal)

    with pytest.raises(NoResult, match="mh, lrt và score dùng được cả câu có nhiều mức điểm") as refusal:
        analyse_dif(data, Choice("logistic"))
    assert refusal.value.code == "dif.steps"


def test_missing_responses_are_reported_with_their_consequence():
    data = two_groups()
    scores = data.scores.copy()
    scores[::3, 8:] = np.nan
    data = GroupedResponses(data.items, scores, data.focal)

    assert any("cùng bộ câu" in caution for caution in analyse_dif(data, Choice("mh")).cautions)
    assert any("hồi quy" in caution for caution in analyse_dif(data, Choice("logistic")).cautions)


def test_answers_too_scattered_to_match_are_refused_by_matching_and_used_by_models():
    data = two_groups()
    holes = np.random.default_rng(0).random(data.scores.shape) < 0.4
    data = GroupedResponses(data.items, np.where(holes, np.nan, data.scores), data.focal)

    with pytest.raises(NoResult) as refusal:
        analyse_dif(data, Choice("logistic"))
    assert refusal.value.code == "dif.none"
    assert np.isfinite([item.p for item in analyse_dif(data, Choice("score")).items]).all()


@pytest.mark.parametrize(
    ("change", "code"),
    [({"method": "guess"}, "dif.method"), ({"level": 1.0}, "dif.level"), ({"model": "4pl"}, "dif.method")],
)
def test_a_choice_that_does_not_exist_is_refused(planted, change, code):
    with pytest.raises(InvalidInput) as refusal:
        analyse_dif(planted, replace(Choice(), **change))
    assert refusal.value.code == code
