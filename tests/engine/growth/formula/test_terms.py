from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.errors import InvalidInput
from thucchat.engine.growth.formula.terms import read_formula, with_response
from thucchat.engine.growth.formula.tree import parse, printed


def fixed_terms(text):
    return [":".join(term) for term in read_formula(f"y ~ {text}").fixed.terms]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("a*b", ["a", "b", "a:b"]),
        ("a:b + b", ["b", "a:b"]),
        ("a/b", ["a", "a:b"]),
        ("(a + b + c)^2 - b:c", ["a", "b", "c", "a:b", "a:c"]),
        ("a + a + b:a", ["a", "a:b"]),
        ("I(x^2) + log(x+1) + poly(x,2)", ["I(x^2)", "log(x + 1)", "poly(x, 2)"]),
        ("`điểm đầu` + giới", ["điểm đầu", "giới"]),
    ],
)
def test_terms_are_expanded_as_in_r(text, terms):
    assert fixed_terms(text) == terms


@pytest.mark.parametrize(
    ("text", "stands"),
    [("x", True), ("0 + x", False), ("x - 1", False), ("-1 + x", False), ("0 + x + 1", True)],
)
def test_the_constant_is_in_unless_taken_out(text, stands):
    assert read_formula(f"y ~ {text}").fixed.intercept is stands


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("(1|g)", ["g"]),
        ("(1|a/b)", ["b:a", "a"]),
        ("(1|a/b/c)", ["c:(b:a)", "b:a", "a"]),
        ("(1|a:b)", ["a:b"]),
        ("(x||g)", ["g", "g"]),
        ("(0 + x|g) + (1|h)", ["g", "h"]),
        ("(1|mm(t1, t2, weights = cbind(s1, s2)))", ["mm(t1, t2)"]),
    ],
)
def test_groupings_are_named_as_in_lme4(text, groups):
    assert [part.grouping.name for part in read_formula(f"y ~ x + {text}").random] == groups


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("y", "response"),
        ("y ~ x +", "syntax"),
        ("y ~ x + (1|g))", "syntax"),
        ("y ~ $x", "syntax"),
        ("y ~ x:(1|g)", "random"),
        ("y ~ x + (1|3)", "grouping"),
        ("y ~ x + (1|mm(t))", "grouping"),
        ("y ~ x^2.5", "syntax"),
        ("(" * 500, "syntax"),
    ],
)
def test_what_is_no_formula_is_refused_with_an_example(text, code):
    with pytest.raises(InvalidInput) as refusal:
        read_formula(text)
    assert refusal.value.code == f"formula.{code}"


@given(st.text(alphabet="yx1|()+~:*^- ,.`=gI/", max_size=25))
def test_any_text_is_a_formula_or_an_error_of_ours(text):
    with suppress(InvalidInput):
        assert read_formula(text).columns


@given(st.sampled_from(["y ~ a * b + (1 + x | g/h)", "log(y + 1) ~ I(x^2) - 1", "y ~ poly(x, 2) + (x || g)"]))
def test_a_printed_tree_reads_as_itself(text):
    assert printed(parse(printed(parse(text)))) == printed(parse(text)) == text


def test_another_response_leaves_out_the_terms_with_that_column():
    formula = with_response(read_formula("y ~ prior + I(prior^2) + sex + (1|school)"), "prior")

    assert [term[0] for term in formula.fixed.terms] == ["sex"]
    assert formula.columns == ("prior", "sex", "school")
