"""Plans: greedy against every possible plan on small cases, and what a plan must always keep to."""

import random
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.planning import Limits, Offer, plan

UNITS = ("a", "b", "c", "d")
levels = st.sampled_from((0.0, 0.25, 0.5, 0.75, 1.0))
vectors = st.fixed_dictionaries(dict.fromkeys(UNITS, levels))
CODES = tuple("pqrstu")


@st.composite
def offers(draw):
    """Up to six offers; what comes first is before them in the order of codes, so that there is no circle."""
    made = []
    for place in range(draw(st.integers(0, len(CODES)))):
        after = tuple(code for code in CODES[:place] if draw(st.integers(0, 3)) == 0)
        term = draw(st.none() | st.integers(1, 4))
        made.append(Offer(CODES[place], draw(vectors), draw(st.sampled_from((0.0, 20.0, 60.0))), after, term))
    return made


limits = st.builds(
    Limits, steps=st.integers(1, 4), terms=st.integers(1, 4), hours=st.none() | st.sampled_from((20.0, 60.0, 100.0))
)
done = st.frozensets(st.sampled_from((*CODES, "elsewhere")), max_size=2)


def closed(lacking, chosen):
    """Return what offers close together."""
    return sum(min(amount, sum(each.supply.get(unit, 0.0) for each in chosen)) for unit, amount in lacking.items())


def keeps(chosen, terms, bounds, before):
    """Say whether offers in their terms keep to prerequisites, terms and hours."""
    at = dict(zip((each.code for each in chosen), terms, strict=True))
    for each in chosen:
        if each.term not in (None, at[each.code]) or not 1 <= at[each.code] <= bounds.terms:
            return False
        if any(code not in before and at.get(code, bounds.terms + 1) >= at[each.code] for code in each.after):
            return False
    spent = {term: sum(each.hours for each in chosen if at[each.code] == term) for term in terms}
    return bounds.hours is None or all(hours <= bounds.hours for hours in spent.values())


def best(lacking, offered, bounds, before):
    """Return the most that any plan closes."""
    most = 0.0
    usable = [each for each in offered if each.code not in before]
    for size in range(1, bounds.steps + 1):
        for chosen in combinations(usable, size):
            gain = closed(lacking, chosen)
            if gain > most and any(
                keeps(chosen, terms, bounds, before) for terms in product(range(1, bounds.terms + 1), repeat=size)
            ):
                most = gain
    return most


@given(vectors, offers(), limits, done)
def test_a_plan_keeps_to_its_limits(lacking, offered, bounds, before):
    """Would catch a step before what comes first, a term that is too full, too many steps, a step done before, and
    steps that are credited with more than is left open."""
    steps = plan(lacking, offered, limits=bounds, done=before)
    by_code = {each.code: each for each in offered}
    chosen = [by_code[step.code] for step in steps]
    assert len(steps) == len({step.code for step in steps}) <= bounds.steps
    assert not {step.code for step in steps} & before
    assert keeps(chosen, [step.term for step in steps], bounds, before)
    assert [step.term for step in steps] == sorted(step.term for step in steps)
    left = dict(lacking)
    for step in steps:
        supply = by_code[step.code].supply
        assert step.covers == {
            unit: min(amount, supply[unit]) for unit, amount in left.items() if min(amount, supply[unit]) > 0.0
        }
        left = {unit: amount - step.covers.get(unit, 0.0) for unit, amount in left.items()}
    assert sum(sum(step.covers.values()) for step in steps) == pytest.approx(closed(lacking, chosen), abs=1e-12)


@given(vectors, offers(), limits, done)
def test_a_plan_is_never_better_than_the_best(lacking, offered, bounds, before):
    """Would catch an exhaustive search that misses plans, so that the comparison below says nothing."""
    steps = plan(lacking, offered, limits=bounds, done=before)
    assert sum(sum(step.covers.values()) for step in steps) <= best(lacking, offered, bounds, before) + 1e-9


@given(vectors, offers(), limits, done)
def test_the_order_of_offers_does_not_matter(lacking, offered, bounds, before):
    """Would catch a tie that the order of the input breaks."""
    assert plan(lacking, offered, limits=bounds, done=before) == plan(
        lacking, offered[::-1], limits=bounds, done=before
    )


def drawn(generator):
    """Draw a small case as they occur: few units each, a prerequisite now and then, hours that bind now and then."""
    units = [f"k{place}" for place in range(6)]
    lacking = {unit: generator.random() for unit in generator.sample(units, 4)}
    offered = []
    for place, code in enumerate(CODES):
        supply = {unit: generator.uniform(0.1, 0.8) for unit in generator.sample(units, generator.randint(1, 3))}
        after = (generator.choice(CODES[:place]),) if place and generator.random() < 0.25 else ()
        offered.append(Offer(code, supply, generator.choice((16.0, 32.0, 64.0)), after))
    return lacking, offered


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_greedy_comes_close_to_the_best(steps):
    """Would catch a greedy choice that gives away more than 5 % of what is possible, on average."""
    generator = random.Random(steps)
    shares = []
    for _ in range(150):
        lacking, offered = drawn(generator)
        bounds = Limits(steps=steps, terms=3, hours=generator.choice((None, 64.0, 96.0)))
        most = best(lacking, offered, bounds, frozenset())
        if most > 0.0:
            found = plan(lacking, offered, limits=bounds)
            shares.append(sum(sum(step.covers.values()) for step in found) / most)
    assert len(shares) > 140
    assert sum(shares) / len(shares) >= 0.95


def test_what_comes_first_is_taken_first():
    """Would catch an offer whose prerequisite is left out, or in the same term, or that cannot be had."""
    basics = Offer("basics", {"a": 0.125}, 60.0)
    advanced = Offer("advanced", {"a": 0.75}, 60.0, ("basics",))
    steps = plan({"a": 1.0}, [advanced, basics], limits=Limits(steps=2, terms=2))
    assert [(step.code, step.term) for step in steps] == [("basics", 1), ("advanced", 2)]
    assert [step.code for step in plan({"a": 1.0}, [advanced], limits=Limits(steps=2))] == []
    taken = plan({"a": 1.0}, [advanced], limits=Limits(steps=1), done=frozenset({"basics"}))
    assert [(step.code, step.term) for step in taken] == [("advanced", 1)]
    circle = [Offer("x", {"a": 1.0}, after=("y",)), Offer("y", {"a": 1.0}, after=("x",))]
    assert plan({"a": 1.0}, circle) == []


def test_covers_follow_the_order_in_which_steps_are_taken():
    """Would catch a step that is credited with what an earlier one has closed already."""
    late = Offer("late", {"a": 0.75}, term=2)
    early = Offer("early", {"a": 0.5}, term=1)
    steps = plan({"a": 1.0}, [late, early], limits=Limits(steps=2, terms=2))
    assert [(step.code, step.covers) for step in steps] == [("early", {"a": 0.5}), ("late", {"a": 0.5})]
