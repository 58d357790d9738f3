import numpy as np

from thucchat.engine.sheets.reading.light import paper_white, without_streaks


def test_a_streak_is_bridged_and_a_printed_frame_is_not():
    page = np.full((1200, 900), 230, np.uint8)
    page[300:700, 200:202] = 60
    page[:, 500:502] = 90
    mended, columns = without_streaks(page)
    assert columns > 0
    assert mended[:, 495:507].min() > 220
    assert (mended[300:700, 200:202] == 60).all()


def test_paper_white_follows_the_edge_of_a_shadow():
    page = np.full((1760, 1240), 240, np.uint8)
    page[:, 620:] = 120
    page[400:440, 300:340] = 10
    white = paper_white(page)
    assert white[:, : white.shape[1] // 2 - 15].min() > 225
    assert white[:, white.shape[1] // 2 + 15 :].max() < 135
