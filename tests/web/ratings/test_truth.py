import pytest

from thucchat.web.ratings.models import Recovered


@pytest.mark.parametrize(
    ("within", "count", "verdict"),
    [
        (0.50, 12, "Quá ít để kết luận"),
        (0.80, 400, "Sai số đã nêu nhỏ quá"),
        (0.88, 400, "Không trái với sai số đã nêu"),
        (0.86, 400, "Gần đúng, sai số đã nêu hơi nhỏ"),
        (0.95, 400, "Gần đúng, sai số đã nêu hơi rộng"),
        (1.00, 400, "Sai số đã nêu rộng quá"),
    ],
)
def test_the_verdict_allows_for_chance(within, count, verdict):
    assert Recovered(kind="school", within=within, count=count).verdict == verdict


def test_the_swing_is_what_nine_in_ten_samples_stay_within():
    assert Recovered(count=100).swing == pytest.approx(4.935)
