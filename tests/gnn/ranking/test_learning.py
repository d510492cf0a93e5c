"""What lists are made by: learned where there is enough, documented where not, never moved by one student's burst."""

from dataclasses import astuple, replace
from datetime import timedelta

import numpy as np
import pytest

from gnn.config import GapConfig, LikelihoodWeights
from gnn.ranking import Ranker, learn_rules, plain_rules
from gnn.ranking import weights as weights_module
from gnn.ranking.choices import LEARNED_TERMS, Choices, choices
from gnn.ranking.leaning import positives
from gnn.ranking.likelihood import Likelihood, arrivals, fit_choice, shares
from gnn.ranking.weights import CONTENDERS, LEAST_CHOICES, REDUNDANCIES, affordable, contenders, learn_weights, top_gain
from schema.ranking import PATHS, ScoreWeights
from schema.rules import RankingRules
from tests.gnn.ranking.worlds import DAY, draw

CONFIG = GapConfig(goals=3, least_units=1, resources=2)
BEGUN = DAY - timedelta(days=180)


def weights_of(found: ScoreWeights) -> np.ndarray:
    """Return the learned weights as an array."""
    return np.array([getattr(found, name) for name in LEARNED_TERMS])


def planted(weights: np.ndarray, count: int, *, scale: float = 12.0, seed: int = 0) -> Choices:
    """Return choices drawn by the softmax of planted weights over drawn terms."""
    drawn = np.random.default_rng(seed)
    values = drawn.random((len(weights), count, 25))
    there = drawn.random((count, 25)) < 0.9
    score = np.where(there, scale * np.tensordot(weights, values, axes=1) + drawn.gumbel(size=(count, 25)), -np.inf)
    best = score.argmax(axis=1)
    order = np.argsort(np.arange(25) != best[:, None], axis=1, kind="stable")  # the chosen item first
    return Choices(
        np.take_along_axis(values, order[None], axis=2).astype(np.float32),
        np.take_along_axis(there, order, axis=1),
        np.broadcast_to(np.arange(25, dtype=np.int32), (count, 25)),
        np.zeros((count, 25), np.float32),
    )


def test_planted_weights_are_found():
    """Would catch a loss, a slope or a scale that is wrong: weights that are not those which drew the choices."""
    truth = np.array([0.30, 0.05, 0.10, 0.25, 0.0, 0.20, 0.02, 0.08])
    found = weights_of(learn_weights(planted(truth, 4_000)))
    assert found == pytest.approx(truth, abs=0.03)
    assert found.sum() == pytest.approx(1.0, abs=1e-9)
    assert (found >= 0.0).all()


def test_fit_compensation_and_stage_never_vanish():
    """Would catch lists that close no gap because students would have taken up other things anyway."""
    found = learn_weights(planted(np.eye(8)[LEARNED_TERMS.index("freshness")], 1_500))
    assert found.fit > 0.2 * ScoreWeights().fit
    assert found.compensation > 0.2 * ScoreWeights().compensation
    assert found.stage > 0.2 * ScoreWeights().stage
    assert found.freshness > 0.85


def test_redundancy_stays_where_it_is_cheap():
    """Would catch a weight of redundancy that follows whatever students happened to do next: here nothing is alike."""
    prior = ScoreWeights(redundancy=0.17)
    assert learn_weights(planted(np.eye(8)[0], 1_000), prior=prior).redundancy == 0.17


def test_redundancy_is_smaller_where_it_is_dear_but_never_gone():
    """Would catch lists that put off what students want for the sake of variety, and lists of one cluster alone."""
    found = planted(np.eye(8)[0], 1_000, scale=60.0)
    own = np.broadcast_to(np.where(np.arange(25) == 0, 0, np.arange(25) % 5), found.there.shape).astype(np.int32)
    shown = np.zeros((len(found), 25), np.float32)
    shown[:, 0] = 20.0  # what is like the chosen item was shown often before
    dear = replace(found, group=own, shown=shown)
    assert affordable(dear, ScoreWeights(redundancy=1.0)) == REDUNDANCIES[-1]
    assert affordable(found, ScoreWeights(redundancy=1.0)) == 1.0


def test_what_nobody_ever_chooses_says_nothing_of_the_top(monkeypatch):
    """Would catch a loss over the whole pool: it pays for telling a tail apart with the order of what is read.

    Every list has a head, of which one is chosen by fit, and a long tail that is not fresh and never chosen.
    """
    drawn, count, width = np.random.default_rng(5), 800, 200
    values = drawn.random((8, count, width)).astype(np.float32)
    fresh = LEARNED_TERMS.index("freshness")
    values[fresh] = np.where(np.arange(width) < CONTENDERS, drawn.uniform(0.5, 1.0, (count, width)), 0.0)
    score = 3.0 * values[0, :, :CONTENDERS] + drawn.gumbel(size=(count, CONTENDERS))
    best = score.argmax(axis=1)
    order = np.argsort(np.arange(width) != best[:, None], axis=1, kind="stable")
    every = np.ones((count, width), bool)
    alike = np.broadcast_to(np.arange(width, dtype=np.int32), (count, width))
    none = np.zeros((count, width), np.float32)
    found, prior = (
        Choices(np.take_along_axis(values, order[None], axis=2), every, alike, none),
        ScoreWeights(freshness=2.0),
    )
    of_top = learn_weights(found, prior=prior)
    monkeypatch.setattr(weights_module, "CONTENDERS", width)
    of_all = learn_weights(found, prior=prior)
    assert of_top.freshness < 0.7 * of_all.freshness
    assert of_top.fit > of_all.fit
    assert top_gain(found, weights_of(of_top)) > top_gain(found, weights_of(of_all))


def test_contenders_are_the_best_with_the_chosen_one_among_them():
    """Would catch contenders that are not the best, a chosen item that is missing, or a row that should be left out."""
    found = planted(np.full(8, 0.125), 300)
    wide = Choices(
        *(np.concatenate([each] * 4, axis=-1) for each in (found.values, found.there, found.group, found.shown))
    )
    row, column = contenders(wide, np.full(8, 0.125))
    scores = np.where(wide.there, wide.values.mean(axis=0), -np.inf)
    better = (scores > scores[:, :1]).sum(axis=1)
    assert row.tolist() == np.flatnonzero(better < CONTENDERS).tolist()
    assert len(row) > 0
    assert (column == 0).any(axis=1).all()
    for place, mine in zip(row.tolist(), column, strict=True):
        rest = np.delete(scores[place], mine)
        assert len(set(mine.tolist())) == CONTENDERS
        others = scores[place, mine[mine != 0]]
        assert others.min() >= rest.max() - 1e-5


def test_weights_that_help_nothing_are_not_taken():
    """Would catch weights that are kept although the chosen items stand no higher by them: they come first already."""
    found = planted(np.full(8, 0.125), 500)
    found.values[:, :, 0] = 1.0
    assert top_gain(found, np.full(8, 0.125)) == 1.0
    assert learn_weights(found) == ScoreWeights()


def test_a_term_that_never_differs_keeps_its_documented_share():
    """Would catch weights that run away where choices say nothing of a term."""
    found = planted(np.full(8, 0.125), 2_000)
    found.values[6] = 0.4
    learned = learn_weights(found)
    whole = weights_of(ScoreWeights()).sum()
    assert learned.stage == pytest.approx(ScoreWeights().stage / whole, abs=0.02)


def test_few_choices_leave_the_documented_weights():
    """Would catch weights learned from a handful of clicks."""
    assert learn_weights(planted(np.eye(8)[0], LEAST_CHOICES - 1)) == ScoreWeights()


def test_choices_are_among_what_competed():
    """Would catch a chosen item that is not the first, one that was not free, or others that were not on offer."""
    drawn = draw(4, students=40, actions=400)
    past = replace(drawn, behaviour=drawn.behaviour.before(DAY))
    ranker = past.ranker()
    wanted = positives(drawn.behaviour.actions)
    found = choices(ranker, wanted, abilities=drawn.abilities)
    assert sum(len(each) for each in found.values()) > 0
    for each in found.values():
        assert each.there[:, 0].all()
        assert len(each) <= len(wanted)


def learned(drawn, begun=BEGUN):
    """Return what a drawn world teaches."""
    return learn_rules(
        drawn.world,
        drawn.behaviour,
        begun=begun,
        abilities_of=lambda some: drawn.abilities[some],
        demands=drawn.demands,
        supply=drawn.supply,
        config=CONFIG,
    )


def test_a_small_world_stays_with_the_documented_rules():
    """Would catch a demo of some dozen students that learns noise, and a fallback that is not the documented one."""
    drawn = draw(6)
    found = learned(drawn)
    assert found.rules == RankingRules()
    assert not found.rules.learned
    assert found.likelihood.weights == LikelihoodWeights()
    plain = plain_rules(drawn.world, drawn.behaviour)
    assert found.likelihood.shares.tolist() == plain.likelihood.shares.tolist()


def test_a_larger_world_is_learned_from():
    """Would catch learning that fails on real shapes, gives weights that do not sum to 1, or forgets to say so."""
    drawn = draw(8, students=300, clusters=4, resources=60, postings=120, actions=4_000, back=40)
    found = learned(drawn, begun=DAY - timedelta(days=45))
    assert found.rules.learned
    assert found.counts["choicesJob"] >= LEAST_CHOICES
    for path in PATHS:
        weights = found.rules.weights[path]
        assert 0.0 < weights.redundancy <= ScoreWeights().redundancy
        if weights != ScoreWeights():
            assert weights_of(weights).sum() == pytest.approx(1.0, abs=1e-9)
    assert RankingRules.of(found.rules.plain()) == found.rules
    ranker = Ranker(drawn.world, drawn.behaviour, drawn.demands, drawn.supply, found.rules, found.likelihood, CONFIG)
    assert len(ranker.lists(ranker.standing(np.arange(300), drawn.abilities))) > 0


def test_a_burst_of_one_student_moves_what_is_learned_no_further_than_one_action():
    """Would catch shares or weights that count clicks instead of students."""
    drawn = draw(9, students=60, actions=900)
    code = drawn.behaviour.openings.codes[0]
    once = drawn.acted((0, code, "apply", 3))
    often = drawn.acted(*[(0, code, kind, 3) for kind in ("apply", "bookmark") * 50])
    one, many = (
        shares(each.world, arrivals(each.world, each.behaviour.actions, through=DAY)) for each in (once, often)
    )
    assert one.tobytes() == many.tobytes()
    assert np.allclose(one.sum(axis=1), 1.0)
    assert astuple(learned(once).likelihood.weights) == astuple(learned(often).likelihood.weights)


def test_likelihood_weights_that_drew_the_arrivals_are_found():
    """Would catch a softmax over the wrong axis or a wrong slope."""
    drawn = np.random.default_rng(2)
    features = drawn.random((4, 3_000, 12))
    truth = np.array([1.5, 6.0, 0.5, 0.0])
    chosen = (np.tensordot(truth, features, axes=1) + drawn.gumbel(size=(3_000, 12))).argmax(axis=1)
    found = fit_choice(features, chosen, prior=np.array([1.0, 4.0, 1.5, 0.5]), penalty=1.0)
    assert found == pytest.approx(truth, abs=0.25)


def test_the_likeliest_cluster_is_the_measure():
    """Would catch a ratio above 0, or one that no cluster reaches."""
    found = Likelihood(np.array([[0.5, 0.5], [0.9, 0.1]])).log10_ratio(
        np.array([0, 1]), np.zeros((2, 2)), np.array([[0.0, 1.0], [0.0, 0.0]]), np.zeros((2, 2))
    )
    assert found.max(axis=1).tolist() == [0.0, 0.0]
    assert found[0, 0] == pytest.approx(-1.5 / np.log(10))
    assert found[1, 1] == pytest.approx(np.log10(1 / 9))
