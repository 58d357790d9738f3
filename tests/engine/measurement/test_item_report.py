import numpy as np
import pytest

from thucchat.engine.measurement.classical import item_statistics
from thucchat.engine.measurement.item_report import Outcome, ReportOrigin, item_report

ORIGIN = ReportOrigin("Thử", "thu.csv", "0.1.0", 300, 0.8, 1.2, 5.0)
RNG = np.random.default_rng(41)
THETA = RNG.normal(size=300)
REST = (RNG.random((300, 12)) < 1 / (1 + np.exp(-1.5 * THETA[:, None]))).astype(float)


def card_of(answers, key, outcomes=None):
    """The card of one item beside twelve ordinary ones."""
    answers = np.asarray(answers)
    return cards(answers, key, outcomes).items[0]


def cards(answers, key, outcomes=None):
    scores = np.column_stack([(answers == key).astype(float), REST])
    names = ["Câu 1", *(f"Câu {place}" for place in range(2, 14))]
    found = item_statistics(names, scores, np.ones(13), [answers, *[None] * 12], [key, *[None] * 12])
    return item_report(found, [1.0] * 13, outcomes=outcomes or {}, origin=ORIGIN)


def chosen(right, wrong=("B", "C", "D")):
    return np.where(right, "A", RNG.choice(list(wrong), 300))


GOOD = RNG.random(300) < 1 / (1 + np.exp(-2 * THETA))


@pytest.mark.parametrize(
    ("answers", "key", "verdict", "urgency"),
    [
        (chosen(GOOD), "A", "Dùng tốt", 0),
        (np.where(GOOD, "B", "A"), "A", "Cần soát đáp án", 2),
        (np.full(300, "A"), "A", "Ai cũng đúng", 0),
        (np.full(300, "B"), "A", "Không ai đúng", 2),
        (chosen(THETA > -1.6), "A", "Rất dễ", 0),
        (chosen(THETA > 0.95), "A", "Rất khó", 1),
        (chosen(np.arange(300) % 2 == 0), "A", "Phân biệt yếu", 1),
    ],
)
def test_the_gravest_finding_that_applies_is_said(answers, key, verdict, urgency):
    card = card_of(answers, key)

    assert (card.verdict, card.urgency) == (verdict, urgency)
    assert card.finding.endswith(".")


def test_a_wrong_key_names_the_letter_that_strong_pupils_choose():
    card = card_of(chosen(GOOD), "C")

    assert card.verdict == "Cần soát đáp án"
    assert "A" in card.finding
    assert "có phải A?" in card.advice[1]


def test_a_hard_item_with_a_popular_wrong_letter_is_hard_and_not_suspect():
    answers = np.where(THETA > 1.2, "A", "B")

    assert card_of(answers, "A").verdict == "Rất khó"


def test_a_wrong_option_that_draws_good_pupils_is_named():
    answers = np.where(GOOD, "A", "B")
    answers[np.argsort(-THETA)[20:60]] = "D"

    card = card_of(answers, "A")

    assert card.verdict == "Xem lại phương án D"


def test_the_sentence_says_who_was_right_and_what_the_others_chose():
    answers = np.where(GOOD, "A", "B")

    card = card_of(answers, "A")

    assert f"{100 * np.mean(GOOD):.0f} % số em làm đúng" in card.finding
    assert "chọn B" in card.advice[0]
    assert "Phương án C, D hầu như không ai chọn" in card.advice[1]


def test_outcomes_add_up_points_and_name_what_must_be_checked_first():
    outcomes = {
        "Câu 1": Outcome("T1", "Tính được"),
        "Câu 2": Outcome("T1", "Tính được"),
        "Câu 3": Outcome("T2"),
    }

    report = cards(np.where(GOOD, "B", "A"), "A", outcomes)

    first, second = report.outcomes
    assert first.items == ("Câu 1", "Câu 2")
    assert first.achieved == pytest.approx((1 - GOOD.mean() + REST[:, 0].mean()) / 2)
    assert "còn phải soát Câu 1" in first.finding
    assert "mới dựa trên một câu" in second.finding
    assert report.items[0].outcome == "T1"


def test_the_summary_counts_the_items_and_names_the_grave_ones():
    report = cards(np.where(GOOD, "B", "A"), "A")

    assert "1 câu cần soát trước khi công bố điểm (Câu 1)" in report.summary
    assert "0,80" in report.summary
    assert report.highest == 13


def test_items_scored_without_letters_are_explained_too():
    report = cards(np.where(GOOD, "A", "B"), "A")

    card = report.items[1]
    assert card.verdict == "Dùng tốt"
    assert [(answer.answer, answer.right) for answer in card.answers] == [("0", False), ("1", True)]
    assert "%" in card.finding
