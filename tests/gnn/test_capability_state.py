"""The learned state of a student: equation 14 written out, and what it promises."""

from dataclasses import asdict, fields, replace
from datetime import date
from itertools import pairwise
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnn import capability
from gnn.capability import entrants, judgement, outcomes
from gnn.capability.pieces import FEATURES, KINDS
from gnn.capability.supply import industries, least_year
from gnn.config import GapConfig, StateRule
from gnn.snapshot import term_start
from gnn.snapshot.results import result_share
from schema.errors import SettingsError
from schema.nodes import RESOURCE_KINDS
from tests.gnn import aggregation
from tests.gnn.snapshots import NAN, snapshot

UNITS, CLUSTERS, STUDENTS = 3, 2, 3
SHELF = [
    RESOURCE_KINDS.index(kind) for kind in ("Course", "Certificate", "Competition", "Practicum", "Project", "Mentor")
]
WORLD = {
    "units": UNITS,
    "skills": 4,
    "clusters": CLUSTERS,
    "resources": len(SHELF),
    "students": STUDENTS,
    "majors": 2,
    "industries": 1,
    "kinds": SHELF,
    "major": [0, 1, -1],
    "admission": [0.7, 0.5, NAN],
    "mappings": [(0, 0, 0.9), (1, 1, 0.5), (2, 2, 1.0), (3, 0, 0.2), (3, 2, 0.4)],
    "teaching": [(0, 0, 0.8), (1, 1, 1.0), (2, 2, 0.5), (3, 3, 1.0), (4, 1, 0.6), (5, 0, 0.5)],
    "standards": [(0, 0, 0.9, 1), (1, 3, 0.6, 0)],
    "industry_clusters": [(0, 0, 3.0), (0, 1, 1.0)],
}
DAY = date(2024, 5, 1).toordinal()
TERM = st.sampled_from([NAN, 4040.0, 4043.0, 4046.0])
WHO = st.integers(0, STUDENTS - 1)
RESULT = st.sampled_from([NAN, 0.0, 1 / 3, 2 / 3, 1.0])
DAYS = st.integers(DAY - 1500, DAY).map(float)
EVIDENCE = st.fixed_dictionaries(
    {
        "courses": st.lists(
            st.tuples(
                WHO, st.just(0), st.one_of(st.just(NAN), st.floats(0, 100)), st.integers(0, 3), st.floats(0, 1), TERM
            ),
            max_size=4,
        ),
        "practice": st.lists(
            st.one_of(
                st.tuples(WHO, st.just(1), st.just(0), RESULT, TERM),
                st.tuples(WHO, st.just(2), st.just(1), RESULT, TERM),
                st.tuples(WHO, st.integers(3, 4), st.just(2), RESULT, TERM),
            ),
            max_size=4,
        ),
        "work": st.lists(st.tuples(WHO, st.integers(0, 1), st.integers(0, 1), RESULT, TERM, DAYS), max_size=3),
        "ventures": st.lists(st.tuples(WHO, st.just(0), DAYS), max_size=2),
        "engagements": st.lists(st.tuples(WHO, st.integers(0, 5), st.integers(0, 1), DAYS), max_size=3),
    }
)
WEIGHT = st.floats(0.0, 2.0)
RULE = st.builds(StateRule, **{each.name: WEIGHT for each in fields(StateRule)})


def states(world, config):
    """Return the states of a world, and the vectors behind them."""
    basis = capability.Basis.of(world, config)
    return basis.states(config.state), basis.sources, basis.demands


def levels(found):
    """Return the abilities of all students as a matrix."""
    return found.levels(np.arange(len(found))).dense()


def written_out(world, config, sources, demands):
    """Return equation 14, piece by piece."""
    rule, vectors = config.state, sources.dense()
    names = asdict(rule)
    x = lambda level: -log(1 - min(level, 0.95))  # noqa: E731
    best = {}
    known = capability.pieces(world, config)
    today = world.data_through.toordinal()
    for student, source, kind, values, since in zip(
        known.student, known.source, known.kind, known.values, known.known, strict=True
    ):
        features = FEATURES[KINDS[kind]]
        strength = sum(names[name] * value for name, value in zip(features, values, strict=False))
        age = 0.0 if since == -np.inf else max(0.0, today - since) / 365.25
        strength *= exp(-rule.decay * age)
        best[student, source] = max(strength, best.get((student, source), 0.0))
    entered = entrants.entries(world)
    profiles = entrants.profiles(world, demands.dense(), entered=entered, before=np.inf)
    found = np.zeros((STUDENTS, UNITS))
    for student in range(STUDENTS):
        brought = rule.start + rule.start_score * np.nan_to_num(world.admission[student])
        for unit in range(UNITS):
            z = brought * x(profiles[world.major[student], unit])
            z += sum(strength * x(vectors[source, unit]) for (who, source), strength in best.items() if who == student)
            level = 1 - exp(-z)
            found[student, unit] = level if level >= config.least_level else 0.0
    return found


@given(EVIDENCE, RULE)
def test_states_equal_equation_14_written_out(evidence, rule):
    """Would catch a weight at the wrong value, a decay in days, a source counted twice, or a wrong major."""
    config = GapConfig(least_level=0.0, state=rule)
    world = snapshot(**WORLD, **evidence)
    found, sources, demands = states(world, config)
    assert levels(found) == pytest.approx(written_out(world, config, sources, demands), abs=1e-12)


@given(EVIDENCE, st.lists(st.integers(0, STUDENTS - 1), max_size=5))
def test_any_set_of_students_gives_the_same_as_all(evidence, places):
    """Would catch offsets that are right only for neighbours in order, by either rule."""
    world = snapshot(**WORLD, **evidence)
    for config in (GapConfig(state=StateRule()), GapConfig()):
        found, _, _ = states(world, config)
        assert (found.levels(np.array(places, int)).dense() == levels(found)[places]).all()


@given(EVIDENCE)
def test_the_plain_rule_is_the_documented_aggregation(evidence):
    """Would catch evidence that only the learned rule knows and that moves the plain one."""
    config = GapConfig()
    world = snapshot(**WORLD, **evidence)
    found, sources, _ = states(world, config)
    known = aggregation.evidence(world, config)
    plainly = aggregation.abilities(known, config, sources=sources, first=0, last=STUDENTS)
    assert (levels(found) == plainly.dense()).all()


@given(EVIDENCE, EVIDENCE, RULE)
def test_more_evidence_never_lowers_a_level(some, further, rule):
    """Would catch a mean in the place of a sum: a weak piece would pull a strong student down."""
    config = GapConfig(state=rule)
    more = {name: some[name] + further[name] for name in some}
    less, _, _ = states(snapshot(**WORLD, **some), config)
    after, _, _ = states(snapshot(**WORLD, **more), config)
    # What majors lead to is a matter of all their students, and is held fixed here.
    before, after = levels(less), levels(replace(after, profiles=less.profiles))
    assert (after >= before - 1e-12).all()
    assert ((after >= 0) & (after <= 1)).all()


@given(st.floats(0, 100), st.floats(0, 100), st.integers(0, 1), st.integers(0, 1), RULE)
def test_a_better_result_never_lowers_a_level(one, other, kind, status, rule):
    """Would catch a step down at the pass mark, or a result that is read upside down."""
    low, high = sorted((one, other))
    config = GapConfig(state=rule)

    def level(score, ended, result):
        course = [(0, 0, score, ended, 0.9, 4046.0)]
        done = [(0, 1 + kind, kind, result, 4046.0)]
        return levels(states(snapshot(**WORLD, courses=course, practice=done), config)[0])

    assert (level(high, status, 0.5) >= level(low, status, 0.5) - 1e-12).all()
    assert (level(high, 0, 0.5) >= level(high, 1, 0.5) - 1e-12).all()
    assert (level(low, 0, high / 100) >= level(low, 0, low / 100) - 1e-12).all()


@given(EVIDENCE, RULE)
def test_a_unit_is_moved_by_evidence_of_that_unit_alone(evidence, rule):
    """Would catch weights that mix units, after which a unit would no longer mean what it is called."""
    config = GapConfig(least_level=0.0, state=rule)
    base, _, _ = states(snapshot(**WORLD), config)
    found, sources, _ = states(snapshot(**WORLD, **evidence), config)
    found = replace(found, profiles=base.profiles)
    moved = levels(found) - levels(base) > 1e-12
    shown = np.zeros((STUDENTS, UNITS), bool)
    for student in range(STUDENTS):
        held = found.source[found.starts[student] : found.starts[student + 1]]
        shown[student] = (sources.dense()[held] > 0).any(axis=0)
    assert not (moved & ~shown).any()


@given(RULE, st.floats(0, 100))
def test_evidence_fades_and_never_grows_with_age(rule, score):
    """Would catch a decay with the wrong sign, or ages that begin before the result was known."""
    config = GapConfig(least_level=0.0, state=rule)
    found = [
        levels(states(snapshot(**WORLD, courses=[(0, 0, score, 0, 0.9, term)]), config)[0])[0]
        for term in (4040.0, 4044.0, 4048.0, 4060.0)
    ]
    assert all((new >= old - 1e-12).all() for old, new in pairwise(found))
    # The last two end after the last day of data: they are new, not negative of age.
    assert found[-1] == pytest.approx(found[-2], abs=1e-12)


@given(EVIDENCE, EVIDENCE)
def test_states_of_the_past_know_nothing_of_later_evidence(some, later):
    """Would catch a leak: a course result, an internship or others' outcomes that are seen before they were there."""
    config, rule = GapConfig(), StateRule()
    instant = float(date(2021, 6, 1).toordinal())

    def cell_levels(evidence):
        world = snapshot(**WORLD, **evidence)
        _, sources, demands = states(world, config)
        known = capability.pieces(world, config)
        facts = outcomes.Facts(world, known, sources, demands.dense())
        wanted = np.arange(STUDENTS * sources.size)
        before = outcomes.states_before(facts, np.arange(STUDENTS), np.full(STUDENTS, instant), wanted=wanted)
        return judgement.learned(before, known, rule), judgement.plain(before, known)

    def ends(name, row):
        day = term_start(np.array([row[-1] + 1]))[0] if name in ("courses", "practice") else row[-1]
        return (
            day if name != "work" else min(row[-1], NAN if np.isnan(row[4]) else term_start(np.array([row[4] + 1]))[0])
        )

    coming = {name: [row for row in rows if ends(name, row) > instant] for name, rows in later.items()}
    for one, other in zip(
        cell_levels(some), cell_levels({name: some[name] + coming[name] for name in some}), strict=True
    ):
        assert one == pytest.approx(other, abs=1e-12)


def test_a_target_speaks_softly_where_content_is_silent():
    """Would catch a target that replaces what a resource teaches, or one that counts in full."""
    world = snapshot(
        units=2, skills=2, resources=2, mappings=[(0, 0, 1.0), (1, 1, 1.0)], teaching=[(0, 0, 0.5)],
        standards=[(0, 0, 0.8, 1), (0, 1, 1.0, 1)], targets=[(0, 0)],
    )  # fmt: skip
    config = GapConfig(target=0.1)
    mapping = capability.skill_units(world)
    demands = capability.demands(world, config, mapping=mapping)
    found = capability.supply(world, config, mapping=mapping, demands=demands).dense()
    assert found[0] == pytest.approx([1 - 0.5 * (1 - 0.08), 0.1])
    assert not found[1].any()


def test_a_line_of_business_asks_for_what_its_clusters_demand():
    """Would catch a sum in the place of the mean, or postings that do not count."""
    world = snapshot(**WORLD)
    _, _, demands = states(world, GapConfig())
    expected = 0.75 * demands.dense()[0] + 0.25 * demands.dense()[1]
    assert industries(world, GapConfig(), demands=demands).dense()[0] == pytest.approx(
        np.where(expected >= 0.05, expected, 0)
    )


@pytest.mark.parametrize(
    ("audience", "year"),
    [(None, 1), ("", 1), ("all students", 1), ("second year and above", 2), ("大三及以上", 3), ("final year", 4),
     ("postgraduates", 5), ("second year, third year", 2), ("研究生", 5)],
)  # fmt: skip
def test_an_audience_names_the_first_year(audience, year):
    """Would catch an audience that shuts out those whom it is for."""
    assert least_year(audience) == year


@pytest.mark.parametrize(
    ("text", "share"),
    [("failed", 0.0), ("not passed", 0.0), ("不合格", 0.0), ("no award", 0.0), ("passed", 1 / 3), ("合格", 1 / 3),
     ("passed with merit", 1.0), ("third prize", 1 / 3), ("二等奖", 2 / 3), ("一等奖", 1.0), ("excellent", 1.0),
     ("良好", 2 / 3), ("85", 0.85), ("92.5分", 0.925), ("400", NAN), (None, NAN), ("", NAN), ("took part", NAN)],
)  # fmt: skip
def test_results_are_read_from_words(text, share):
    """Would catch a failed certificate that counts as passed because it says so."""
    assert result_share(text) == pytest.approx(share, nan_ok=True)


@given(RULE)
def test_settings_come_back_from_what_a_generation_keeps(rule):
    """Would catch learned parameters that are lost or rounded on the way, so that levels could not be recomputed."""
    for config in (GapConfig(state=rule, goals=7), GapConfig.plain(least_units=2)):
        again = GapConfig.of(config.json)
        assert again == config
        assert again.hash == config.hash


def test_negative_weights_are_refused():
    """Would catch parameters by which evidence lowers a level."""
    with pytest.raises(SettingsError, match="decay"):
        StateRule(decay=-0.1)
