"""Small crossed data sets, and the likelihood of a mixed model the slow way: with the whole matrix V."""

import numpy as np

from thucchat.engine.growth.mixed.design import Design, RandomTerm


def term(name, codes, columns=None, shares=None):
    """A random term over whole-number codes (members, rows)."""
    codes = np.atleast_2d(codes)
    levels = tuple(str(level) for level in range(codes.max() + 1))
    names = ("(Intercept)",) if columns is None else tuple(f"x{place}" for place in range(len(columns)))
    return RandomTerm(name, name, names, levels, codes, shares, columns)


def crossed_design(seed=0, rows=160, *, slopes=False, weights=False, members=False):
    """Pupils of 14 teachers now, 14 before, in 4 schools."""
    rng = np.random.default_rng(seed)
    now = rng.permutation(np.arange(rows) % 14)
    before = np.where(
        rng.random(rows) < 0.8, (now + rng.integers(0, 3, rows)) % 14, rng.integers(0, 14, rows)
    )
    before[:14] = np.arange(14)
    school = now // 4
    x = rng.normal(size=rows)
    effects = rng.normal(size=(3, 14)) * 0.8
    y = (
        1
        + 0.5 * x
        + effects[0][now]
        + 0.5 * effects[1][before]
        + effects[2][school] * 0.5
        + rng.normal(size=rows)
    )
    columns = np.stack([np.ones(rows), rng.normal(size=rows)]) if slopes else None
    if slopes:
        y = y + columns[1] * effects[2][now]
    terms = [term("now", now, columns), term("before", before), term("school", school)]
    if members:
        share = rng.choice([0.3, 0.5, 1.0], rows)
        terms[0] = term("now", np.stack([now, before]), columns, np.stack([share, 1 - share]))
        terms = [terms[0], terms[2]]
    own = rng.uniform(0.5, 2, rows) if weights else None
    return Design(y, np.column_stack([np.ones(rows), x]), ("(Intercept)", "x"), tuple(terms), own)


def incidence(random):
    """Z of one term. Shapes: (rows, levels * k)."""
    rows = random.codes.shape[1]
    z = np.zeros((rows, len(random.levels), random.width))
    for member, codes in enumerate(random.codes):
        share = np.ones(rows) if random.shares is None else random.shares[member]
        columns = np.ones((1, rows)) if random.columns is None else random.columns
        for a in range(random.width):
            z[np.arange(rows), codes, a] += share * columns[a]
    return z.reshape(rows, -1)


def slow_parts(design, covariances, residual_variance):
    """V, and Z and the covariance of all random effects."""
    weights = np.ones(design.rows) if design.weights is None else design.weights
    z = np.concatenate([incidence(random) for random in design.random], axis=1)
    blocks = [
        np.kron(np.eye(len(random.levels)), covariance)
        for random, covariance in zip(design.random, covariances, strict=True)
    ]
    size = sum(len(block) for block in blocks)
    g, start = np.zeros((size, size)), 0
    for block in blocks:
        g[start : start + len(block), start : start + len(block)] = block
        start += len(block)
    return z @ g @ z.T + np.diag(residual_variance / weights), z, g


def slow_criterion(design, covariances, residual_variance, *, restricted):
    """Minus twice the (restricted) log-likelihood, from the definition."""
    v, *_ = slow_parts(design, covariances, residual_variance)
    inverse = np.linalg.inv(v)
    x = design.fixed
    information = x.T @ inverse @ x
    beta = np.linalg.solve(information, x.T @ inverse @ design.response)
    rest = design.response - x @ beta
    degrees = design.rows - (x.shape[1] if restricted else 0)
    value = np.linalg.slogdet(v)[1] + rest @ inverse @ rest + degrees * np.log(2 * np.pi)
    return value + (np.linalg.slogdet(information)[1] if restricted else 0)
