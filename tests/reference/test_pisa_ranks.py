"""Ranks of OECD countries by mathematics, PISA 2018.

Means and standard errors: OECD, PISA 2018 database. Sets: vignette "Inference for Ranks" of the R package
csranks 1.2.2 (Wilhelm & Morgen), which has its critical values from 1,000 random draws.
"""

import numpy as np
import pytest

from thucchat.engine.growth.ranks.groups import Membership, top_membership
from thucchat.engine.growth.ranks.sets import rank_sets

COUNTRIES = {
    "Australia": (491.3600252, 1.939833031),
    "Austria": (498.9423138, 2.970998694),
    "Belgium": (508.0703063, 2.262662011),
    "Canada": (512.0169429, 2.357475749),
    "Chile": (417.4065563, 2.41588757),
    "Colombia": (390.9322732, 2.989559274),
    "Czech Republic": (499.4676508, 2.460661531),
    "Denmark": (509.3983746, 1.735002337),
    "Estonia": (523.4145802, 1.743602224),
    "Finland": (507.3013618, 1.967920411),
    "France": (495.4075794, 2.320214487),
    "Germany": (500.0437805, 2.647083096),
    "Greece": (451.3703438, 3.091228197),
    "Hungary": (481.0826364, 2.319596741),
    "Iceland": (495.1873762, 1.953082603),
    "Ireland": (499.632894, 2.198621128),
    "Israel": (463.0345488, 3.498563228),
    "Italy": (486.5898573, 2.780045867),
    "Japan": (526.9732502, 2.471475318),
    "Korea": (525.933002, 3.121394315),
    "Latvia": (496.1263306, 1.962766789),
    "Lithuania": (481.1911884, 1.953282039),
    "Luxembourg": (483.421485, 1.097632409),
    "Mexico": (408.8014734, 2.493225544),
    "Netherlands": (519.2309824, 2.632277885),
    "New Zealand": (494.489676, 1.705942856),
    "Norway": (500.9637885, 2.219044878),
    "Poland": (515.6478747, 2.602085176),
    "Portugal": (492.4874062, 2.684570081),
    "Slovak Republic": (486.1648542, 2.555595707),
    "Slovenia": (508.8975441, 1.363877596),
    "Spain": (481.3926126, 1.462417763),
    "Sweden": (502.3877022, 2.654250935),
    "Switzerland": (515.3147131, 2.908003898),
    "Turkey": (453.5077774, 2.260406789),
    "United Kingdom": (501.7698992, 2.564428111),
    "United States": (478.2447174, 3.235444099),
}
RANKS = [
    *(24, 18, 10, 7, 35, 37, 17, 8, 3, 11, 20, 15, 34, 30, 21, 16, 32, 25, 1),
    *(2, 19, 29, 27, 36, 4, 22, 14, 5, 23, 26, 9, 28, 12, 6, 33, 13, 31),
]
TOP_5_AT_90 = {
    *("Belgium", "Canada", "Denmark", "Estonia", "Finland", "Japan"),
    *("Korea", "Netherlands", "Poland", "Slovenia", "Switzerland"),
}


def sets(**options):
    means, errors = np.array(list(COUNTRIES.values())).T
    return rank_sets(means, errors, rng=np.random.default_rng(1), **options)


@pytest.mark.parametrize(("level", "expected"), [(0.95, TOP_5_AT_90 | {"Sweden"}), (0.9, TOP_5_AT_90)])
def test_the_countries_that_may_be_among_the_five_best(level, expected):
    membership = top_membership(sets(level=level, draws=20_000), 5)

    possible = {
        name for name, answer in zip(COUNTRIES, membership, strict=True) if answer is not Membership.EXCLUDED
    }
    assert possible == expected


def test_the_marginal_set_of_the_united_kingdom():
    found = sets(level=0.95, kind="marginal")

    place = list(COUNTRIES).index("United Kingdom")
    assert (found.low[place], found.rank[place], found.high[place]) == (8, 13, 23)


def test_the_estimated_ranks():
    assert sets().rank.tolist() == RANKS
