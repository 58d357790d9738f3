import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucchat.engine.custody.canonical import canonical, fingerprint
from thucchat.engine.errors import InvalidInput

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inside: st.lists(inside) | st.dictionaries(st.text(st.characters(max_codepoint=0xD7FF)), inside),
)


@given(VALUES)
def test_the_text_holds_the_value_and_is_its_own_canonical_form(value):
    text = canonical(value)

    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_keys_are_sorted_and_controls_are_escaped_as_in_rfc_8785():
    value = {"b": '€$\n\x0f"\\', "a": [56, True, None]}

    assert canonical(value) == '{"a":[56,true,null],"b":"€$\\n\\u000f\\"\\\\"}'.encode()


def test_the_fingerprint_of_an_empty_list_is_that_of_its_two_brackets():
    # printf '[]' | sha256sum
    assert fingerprint([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


@pytest.mark.parametrize("value", [0.5, {"\ue000": 1}, {1: 2}, [2**53], "\ud800", b"x", float("nan")])
def test_what_has_no_single_text_is_refused(value):
    with pytest.raises(InvalidInput) as refusal:
        canonical(value)
    assert refusal.value.code == "canonical.value"
