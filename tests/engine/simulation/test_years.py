from datetime import date
from itertools import pairwise

import numpy as np

from thucchat.engine.simulation.years import days_between, school_years


def test_years_follow_each_other_without_a_gap():
    rows = school_years().rows(named=True)

    assert [row["code"] for row in rows] == ["2022-2023", "2023-2024", "2024-2025"]
    assert all(one["ends"] == two["starts"] for one, two in pairwise(rows))
    assert all(
        row["starts"] < row["opens"] < row["second_term"] < row["closes"] < row["ends"] for row in rows
    )


def test_drawn_days_lie_between_the_first_and_the_last():
    days = days_between(np.random.default_rng(1), date(2024, 10, 1), date(2024, 10, 4), 200)

    assert set(days.astype(str)) == {"2024-10-01", "2024-10-02", "2024-10-03"}
