"""After a change of postings: nobody is missed, and most are left alone."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.ranking import Lists, Ranker, rank
from gnn.ranking.changes import change, concerned, refreshed
from gnn.snapshot.behaviour import NEVER, Openings
from schema.rules import RankingRules
from tests.gnn.ranking.worlds import TODAY, Drawn, draw


def without(openings: Openings, gone: np.ndarray) -> Openings:
    """Return openings without some."""
    kept = np.flatnonzero(~gone)
    lengths = np.diff(openings.starts)[kept]
    entries = np.concatenate(
        [np.arange(openings.starts[k], openings.starts[k + 1]) for k in kept] or [np.empty(0, int)]
    )
    return Openings(
        tuple(openings.codes[place] for place in kept.tolist()),
        *(getattr(openings, name)[kept] for name in ("cluster", "released", "closes", "closed", "education")),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        openings.units[entries],
        openings.levels[entries],
    )


def altered(openings: Openings, seed: int, count: int) -> Openings:
    """Return openings of which some closed, some went, some demand more, and some are renewed."""
    drawn = np.random.default_rng(seed)
    chosen = drawn.choice(len(openings), min(count, len(openings)), replace=False)
    parts = np.array_split(chosen, 3)
    closed, levels = openings.closed.copy(), openings.levels.copy()
    closed[parts[0]] = TODAY
    for place in parts[1]:
        span = slice(openings.starts[place], openings.starts[place + 1])
        levels[span] = np.minimum(1.0, levels[span] * drawn.choice([0.3, 1.5]))
    gone = np.zeros(len(openings), bool)
    gone[parts[2]] = True
    return without(replace(openings, closed=closed, levels=levels), gone)


def pair(drawn: Drawn, seed: int, count: int, rules: RankingRules) -> tuple[Ranker, Ranker]:
    """Return the rankers before and after a change; either may be the smaller world, so postings come as well as go."""
    before = drawn.ranker(rules)
    changed = altered(drawn.behaviour.openings, seed, count)
    after = replace(before, behaviour=replace(drawn.behaviour, openings=changed))
    return (before, after) if seed % 2 else (after, before)


@given(st.integers(0, 5_000), st.integers(0, 12), st.integers(1, 10), st.integers(2, 12))
@settings(max_examples=50)
def test_nobody_is_missed(seed, count, listed, pool):
    """Would catch a student whose list changes and who is not made anew, by any difference to a full run."""
    drawn = draw(seed, students=12, actions=40)
    before, after = pair(drawn, seed, count, RankingRules(listed=listed, pool=pool))
    everyone = np.arange(12)
    standing = before.standing(everyone, drawn.abilities)
    old, full = before.lists(standing), rank(after, everyone, lambda some: drawn.abilities[some])
    found = refreshed(before, after, [standing], old)
    assert found.avoided == 1.0 - len(found.concerned) / 12
    for name in Lists.__slots__:
        np.testing.assert_allclose(getattr(found.lists, name), getattr(full, name), atol=1e-12, err_msg=name)


def test_no_change_concerns_nobody():
    """Would catch work that is done again for nothing."""
    drawn = draw(2, students=12)
    ranker = drawn.ranker()
    standing = ranker.standing(np.arange(12), drawn.abilities)
    same = change(ranker, replace(ranker, behaviour=drawn.behaviour))
    assert len(same.gone) == len(same.came) == 0
    assert len(concerned(ranker, [standing], ranker.lists(standing), changed=same)) == 0


def test_most_students_are_left_alone_after_a_small_change():
    """Would catch a rule so careful that a change of one posting in a hundred makes everybody anew."""
    drawn = draw(11, students=400, clusters=20, units=20, postings=2_000, resources=40, actions=0)
    openings = replace(drawn.behaviour.openings, closes=np.full(2_000, NEVER))
    drawn = replace(drawn, behaviour=replace(drawn.behaviour, openings=openings))
    before = drawn.ranker()
    levels = openings.levels.copy()
    for place in np.random.default_rng(0).choice(2_000, 20, replace=False).tolist():
        levels[openings.starts[place] : openings.starts[place + 1]] *= 0.9
    after = replace(before, behaviour=replace(drawn.behaviour, openings=replace(openings, levels=levels)))
    everyone = np.arange(400)
    standing = before.standing(everyone, drawn.abilities)
    found = refreshed(before, after, [standing], before.lists(standing))
    full = rank(after, everyone, lambda some: drawn.abilities[some])
    assert found.lists.item.tolist() == full.item.tolist()
    assert 0.8 < found.avoided < 1.0
