import numpy as np
import polars as pl
import pytest

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.formula.model import build_model
from thucchat.engine.growth.formula.terms import read_formula

TABLE = pl.DataFrame(
    {
        "y": ["1", "2,5", "3", "4", "5", "7"],
        "x": ["1", "2", "3", "4", "5", "6"],
        "f": ["b", "a", "c", "b", "a", "c"],
        "g": ["10", "9", "9", "10", "9", "10"],
        "h": ["p", "p", "q", "q", "q", "p"],
        "t2": ["", "10", "NA", "9", "10", "9"],
        "s1": ["1", "0.5", "1", "0.4", "0.5", "0.4"],
        "s2": ["0", "0.5", "", "0.6", "0.5", "0.6"],
    }
)


def model(text, table=TABLE):
    return build_model(table, read_formula(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x*f", ["(Intercept)", "x", "fb", "fc", "x:fb", "x:fc"]),
        ("0 + f", ["fa", "fb", "fc"]),
        ("0 + f + h", ["fa", "fb", "fc", "hq"]),
        ("f/x", ["(Intercept)", "fb", "fc", "fa:x", "fb:x", "fc:x"]),
        ("f:x", ["(Intercept)", "fa:x", "fb:x", "fc:x"]),
        ("f:h", ["(Intercept)", "fa:hp", "fb:hp", "fc:hp", "fa:hq", "fb:hq", "fc:hq"]),
        ("poly(x, 2)", ["(Intercept)", "poly(x, 2)1", "poly(x, 2)2"]),
        ("factor(g)", ["(Intercept)", "factor(g)10"]),
        ("1", ["(Intercept)"]),
    ],
)
def test_columns_are_coded_and_named_as_in_r(text, names):
    assert list(model(f"y ~ {text} + (1|h)").design.fixed_names) == names


def test_an_interaction_multiplies_its_columns():
    design = model("y ~ x:f + (1|h)").design

    assert design.fixed[:, 2].tolist() == [1, 0, 0, 4, 0, 0]
    assert design.response.tolist() == [1, 2.5, 3, 4, 5, 7]


def test_polynomials_are_orthonormal_and_rise():
    fixed = model("y ~ poly(x, 3) + (1|h)").design.fixed

    assert fixed[:, 1:].T @ fixed[:, 1:] == pytest.approx(np.eye(3))
    assert fixed.sum(axis=0)[1:] == pytest.approx(np.zeros(3))
    assert fixed[-1, 1] > 0


def test_levels_stand_in_order_of_numbers_and_nested_ones_carry_both_names():
    terms = model("y ~ x + (1|h/g)").design.random

    assert [term.name for term in terms] == ["g:h", "h"]
    assert terms[0].levels == ("9:p", "9:q", "10:p", "10:q")
    assert terms[0].codes.tolist() == [[2, 0, 1, 3, 1, 2]]


def test_terms_of_one_grouping_are_numbered():
    terms = model("y ~ x + (x||h)").design.random

    assert [(term.name, term.group, term.coefficients) for term in terms] == [
        ("h", "h", ("(Intercept)",)),
        ("h.1", "h", ("x",)),
    ]


def test_shares_go_to_every_teacher_of_a_pupil():
    term = model("y ~ x + (1|mm(g, t2, weights = cbind(s1, s2)))").design.random[0]

    assert term.levels == ("9", "10")
    assert term.shares.tolist() == [[1, 0.5, 1, 0.4, 0.5, 0.4], [0, 0.5, 0, 0.6, 0.5, 0.6]]


def test_without_shares_teachers_share_equally():
    term = model("y ~ x + (1|mm(g, t2))").design.random[0]

    assert term.shares.sum(axis=0).tolist() == [1] * 6
    assert term.shares[0].tolist() == [1, 0.5, 1, 0.5, 0.5, 0.5]


def test_rows_with_a_missing_cell_are_left_out_and_counted():
    table = TABLE.with_columns(x=pl.Series(["1", "", "3", "NA", "5", "6"]))

    built = model("y ~ log(x - 1) + (1|h)", table)

    assert built.left_out == 3  # two blanks, and the logarithm of zero
    assert built.rows.tolist() == [2, 4, 5]


@pytest.mark.parametrize(
    ("text", "table", "code"),
    [
        ("y ~ nothing + (1|h)", TABLE, "formula.column"),
        ("f ~ x + (1|h)", TABLE, "formula.text"),
        ("y ~ tan(x) + (1|h)", TABLE, "formula.function"),
        ("y ~ I(f + 1) + (1|h)", TABLE, "formula.text"),
        ("y ~ poly(x, 9) + (1|h)", TABLE, "formula.function"),
        ("y ~ x + (1|h)", TABLE.with_columns(x=pl.lit("")), "growth.empty"),
        ("y ~ x + (1|h)", TABLE.with_columns(x=pl.Series(["1", "2", "vắng", "4", "5", "6"])), "formula.text"),
        ("y ~ x + (1|mm(g, t2, weights = cbind(x, s2)))", TABLE, "growth.share"),
        ("y ~ x + (0|h)", TABLE, "formula.random"),
    ],
)
def test_what_the_table_cannot_give_is_refused(text, table, code):
    with pytest.raises(InvalidInput) as refusal:
        model(text, table)
    assert refusal.value.code == code
