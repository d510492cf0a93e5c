"""Learning the states of students: on a drawn university whose true abilities are known."""

from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from gnn import capability
from gnn.capability import entrants, fitting, judgement, learning, outcomes
from gnn.capability.judgement import Judgement, Outcomes
from gnn.config import GapConfig, StateRule
from gnn.snapshot import term_start
from tests.gnn.snapshots import NAN, snapshot

UNITS, COURSES, CLUSTERS, TERMS = 6, 48, 6, 8
FIRST = 4040


def university(students=150, *, seed=0, effect=40.0):
    """Return a drawn university, and the true abilities at its end.

    A course teaches one unit much and the next one a little, and adds a quarter of that to what a student does not
    know yet; a course failed adds a tenth of that. Scores follow ability; so does the cluster that a student enters.
    """
    draw = np.random.default_rng(seed)
    teaching = []
    for course in range(COURSES):
        teaching += [(course, course % UNITS, 0.8), (course, (course + 1) % UNITS, 0.3)]
    gain = np.zeros((COURSES, UNITS))
    for course, unit, level in teaching:
        gain[course, unit] = 0.25 * level
    major = draw.integers(0, UNITS, students)
    ability = 0.1 + 0.1 * draw.random((students, UNITS))
    courses, work = [], []
    for student in range(students):
        left = list(draw.permutation(COURSES))
        left.sort(key=lambda course: (course % UNITS != major[student]) * draw.random())
        leaves = int(draw.integers(3, TERMS))
        for term in range(TERMS):
            if term == leaves:
                chance = np.exp(12 * ability[student])
                cluster = int(draw.choice(UNITS, p=chance / chance.sum()))
                day = term_start(np.array([FIRST + float(term)]))[0]
                work.append((student, cluster, 1.0, NAN, NAN, day + 1))
            for course in left[3 * term : 3 * term + 3]:
                able = ability[student] @ gain[course] / gain[course].sum()
                score = float(np.clip(55 + effect * able + 6 * draw.standard_normal(), 0, 100))
                courses.append((student, course, score, float(score < 60), 0.9, FIRST + term))
                ability[student] += gain[course] * (1.0 if score >= 60 else 0.1) * (1 - ability[student])
    world = snapshot(
        units=UNITS, skills=UNITS, clusters=CLUSTERS, resources=COURSES, students=students, majors=UNITS,
        kinds=[0] * COURSES, major=major.tolist(), admission=[0.6] * students,
        mappings=[(unit, unit, 1.0) for unit in range(UNITS)], teaching=teaching,
        standards=[(cluster, cluster, 0.9, 1) for cluster in range(CLUSTERS)], courses=courses, work=work,
    )  # fmt: skip
    return world, ability


def prepared(world, config):
    """Return the sources of evidence and the demands."""
    mapping = capability.skill_units(world)
    demands = capability.demands(world, config, mapping=mapping)
    supply = capability.supply(world, config, mapping=mapping, demands=demands)
    return supply.over(demands).over(capability.industries(world, config, demands=demands)), demands.dense()


def everything(world, sources, demands, config):
    """Return all outcomes, and the evidence."""
    known = capability.pieces(world, config)
    facts = outcomes.Facts(world, known, sources, demands)
    marks, entered = outcomes.marks(world), entrants.entries(world)
    scores = outcomes.scores(facts, marks, np.arange(len(marks)))
    return Outcomes(scores, outcomes.choices(facts, entered, np.arange(len(entered)))), known


@pytest.fixture(scope="module")
def drawn():
    """A university of the usual kind, with its vectors."""
    world, ability = university()
    return world, ability, *prepared(world, GapConfig())


def test_learned_states_are_nearer_to_the_truth_than_plain_ones(drawn):
    """Would catch outcomes joined with the wrong states, a wrong gradient, or a rule that is learned and not used."""
    world, ability, sources, demands = drawn
    found = capability.learn(world, GapConfig(), sources=sources, demands=demands)
    assert found.metrics["stateLearned"] == 1.0
    assert found.metrics["stateScoreError"] < found.metrics["stateScoreErrorPlain"]
    assert found.metrics["stateScoreError"] < found.metrics["stateScoreErrorAverages"]
    assert found.metrics["stateEntryLogLikelihood"] > found.metrics["stateEntryLogLikelihoodAverages"]

    def likeness(state):
        states = capability.States.of(world, GapConfig(state=state), sources=sources, demands=demands)
        return np.corrcoef(states.levels(np.arange(len(states))).dense().ravel(), ability.ravel())[0, 1]

    assert likeness(found.state) > likeness(None) + 0.01
    # Passing teaches ten times what failing teaches.
    assert found.state.course_passed > found.state.course_tried


def test_learning_twice_gives_the_same(drawn):
    """Would catch a draw without a seed: every run of the job would change all numbers."""
    world, _, sources, demands = drawn
    one, other = (capability.learn(world, GapConfig(), sources=sources, demands=demands) for _ in range(2))
    assert one.state == other.state
    assert {**one.metrics, "secondsLearning": 0} == {**other.metrics, "secondsLearning": 0}


@pytest.mark.parametrize("seed", range(4))
def test_the_plain_rule_stays_unless_it_is_beaten(seed):
    """Would catch parameters that are kept although they foretell worse: scores are chance here."""
    world, _ = university(40, seed=seed, effect=0.0)
    world = replace(world, work=snapshot(students=40, clusters=CLUSTERS).work)
    sources, demands = prepared(world, GapConfig())
    found = capability.learn(world, GapConfig(), sources=sources, demands=demands)
    assert (found.state is not None) == (found.metrics["stateGain"] > 0.0) == bool(found.metrics["stateLearned"])


def test_too_little_leaves_the_plain_rule_without_a_look(drawn):
    """Would catch parameters learned from a handful of records, or a job that fails where there are none."""
    world, _ = university(8)
    sources, demands = prepared(world, GapConfig())
    found = capability.learn(world, GapConfig(), sources=sources, demands=demands)
    assert found.state is None
    assert set(found.metrics) == {"stateLearned", "stateScores", "stateEntries"}
    nothing = snapshot(units=1, clusters=1, standards=[(0, 0, 0.5, 1)], mappings=[(0, 0, 1.0)])
    assert capability.learn(nothing, GapConfig(), sources=sources, demands=np.array([[0.5]])).state is None


def test_without_outcomes_the_prior_is_what_is_learned(drawn):
    """Would catch a penalty that draws toward something else than the documented defaults."""
    known = everything(*drawn[:1], *drawn[2:], GapConfig())[1]
    assert fitting.fit(Outcomes(None, None), known) == StateRule()


def test_what_is_trained_is_what_is_applied(drawn):
    """Would catch a network that trains another function than the job computes, by either kind of outcome."""
    world, _, sources, demands = drawn
    past, known = everything(world, sources, demands, GapConfig())
    rule = StateRule(course_tried=0.3, course_passed=0.2, employment=0.9, start=0.5, decay=0.3)
    weights = {name: torch.tensor(value, dtype=torch.float64) for name, value in asdict(rule).items()}
    for before in (past.scores.before, past.choices.before):
        trained = fitting._States(before, known).levels(weights).numpy()
        assert trained == pytest.approx(judgement.learned(before, known, rule), abs=1e-12)


def test_a_state_of_today_is_the_state_before_tomorrow(drawn):
    """Would catch training states that count other evidence than the job's, or ages from another day."""
    world, _, sources, demands = drawn
    config = GapConfig(state=StateRule(start=0.0, start_score=0.0), least_level=0.0)
    known = capability.pieces(world, config)
    facts = outcomes.Facts(world, known, sources, demands)
    count, today = len(world.students), float(world.data_through.toordinal())
    wanted = np.arange(count * UNITS)
    before = outcomes.states_before(facts, np.arange(count), np.full(count, today), wanted=wanted)
    then = judgement.learned(before, known, config.state).reshape(count, UNITS)
    states = capability.States.of(world, config, sources=sources, demands=demands)
    assert states.levels(np.arange(count)).dense() == pytest.approx(then, abs=1e-12)


def test_gain_is_told_in_likelihood():
    """Would catch a comparison in which few entries outweigh many scores, or one with the wrong sign."""
    worse, better = Judgement(400, 0, 9.0, NAN), Judgement(400, 0, 8.9, NAN)
    assert better.gain(worse) == pytest.approx(400 * np.log(9.0 / 8.9))
    assert Judgement(400, 10, 8.9, -1.2).gain(Judgement(400, 10, 9.0, -1.1)) == pytest.approx(
        better.gain(worse) - 10 * 0.1
    )


def test_students_whose_early_records_are_missing_are_left_out(drawn):
    """Would catch old students who know much with little on record, and teach that evidence fades."""
    world = drawn[0]
    first = term_start(np.array([float(FIRST)]))[0]
    admitted = np.where(np.arange(len(world.students)) % 2, first, first - 400)
    whole = learning._whole(replace(world, admitted=admitted), outcomes.marks(world))
    assert whole.tolist() == [bool(place % 2) for place in range(len(whole))]
