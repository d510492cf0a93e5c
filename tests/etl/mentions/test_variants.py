"""Norms and variants: settled, cautious, and never in the way of the name itself."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from etl.mentions import variants
from etl.mentions.variants import norm


def test_examples_in_the_docstrings() -> None:
    """The examples are what a reader of the code trusts."""
    assert doctest.testmod(variants).failed == 0
    assert doctest.testmod(variants).attempted >= 4


@given(st.text() | st.from_regex(r"[a-z]{2,12}(s|es|ies|ised|our|ss|sses|ises)?-?", fullmatch=True))
def test_norm_is_settled_after_one_step(token: str) -> None:
    """Patterns are made of normed tokens and normed again: a form that moves would never match its own text."""
    assert norm(norm(token)) == norm(token)


@given(st.lists(st.from_regex(r"[a-z]{1,10}(ing|ment)?|/|-", fullmatch=True), min_size=1, max_size=5).map(tuple))
def test_variants_are_other_names_of_some_length(tokens: tuple[str, ...]) -> None:
    """An empty or unchanged form would be a pattern that matches nothing, or the name at lower confidence."""
    for form in variants.variants(tokens):
        assert form and form != tokens
        assert all(form)
