"""Demand: exact counts, the shares that were asked for, and a signal in every channel that the files carry too."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from etl.sources.university import Dynamics, Manifest, World, ceiling, clusters, dynamics
from etl.sources.university.calendar import finished_term, month_number, term_label, term_start
from etl.sources.university.ceiling import Ceiling
from etl.sources.university.dynamics import BURN_IN, CHANNELS, Demand
from tests.etl.university.conftest import TINY, table

History = tuple[World, Demand, Ceiling]


@given(
    arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 8)), elements=st.floats(0.01, 50)),
    st.integers(1, 5_000),
)
def test_rounding_keeps_total_and_every_count(rates: np.ndarray, total: int) -> None:
    """Catches a posting lost or made up by rounding, and a count that strays from its expectation."""
    expected = rates * total / rates.sum()
    counts = dynamics.hand_out(expected, total)
    assert counts.sum() == total
    assert counts.min() >= 0
    assert np.abs(counts - expected).max() < 1 + 1e-5


def test_weights_of_a_quarter() -> None:
    """Catches a kernel that is shifted by a month: a single growth in month 4 counts 1, 2, 3, 2, 1 thirds around it."""
    part = np.zeros((1, 9))
    part[0, 4] = 3.0
    assert dynamics.contribution(part)[0].tolist() == [1.0, 2.0, 3.0, 2.0, 1.0]
    # The same from first principles: the log change of quarters of a level that steps up once.
    level = np.cumsum(part[0])
    change = [level[m + 1 : m + 4].sum() / 3 - level[m - 2 : m + 1].sum() / 3 for m in range(2, 6)]
    assert change == pytest.approx([2.0, 3.0, 2.0, 1.0])


def test_shares_of_the_channels(history: History) -> None:
    """Catches gains that leave a channel without its share of the variance."""
    world, demand, _ = history
    sizes = {name: float(dynamics.contribution(demand.parts[name])[:, BURN_IN // 2 :].var()) for name in CHANNELS}
    wanted = dict(world.dynamics.shares)
    wanted["own"] *= 1 - world.dynamics.season
    for name in CHANNELS:
        assert sizes[name] / world.dynamics.change**2 == pytest.approx(wanted[name], rel=0.15), name


def test_levels_do_not_wander_off(history: History) -> None:
    """Catches feedback that makes a few clusters eat all postings."""
    _, demand, _ = history
    assert demand.level[:, BURN_IN:].std() < 1.0
    assert demand.counts.max() < 0.05 * demand.counts.sum()


def test_every_channel_tells_of_the_next_quarter(history: History) -> None:
    """Catches a channel that no longer leads demand by a quarter: its part must correlate with what comes."""
    _, demand, _ = history
    rows = ceiling.tabulate(demand.counts, demand.born)
    change = np.log((rows.coming + 1.0) / (rows.last + 1.0))
    for name in CHANNELS:
        ahead = [demand.parts[name][rows.cluster, BURN_IN + rows.month + step] for step in (1, 2, 3)]
        known = sum(weight * part for weight, part in zip(dynamics.AHEAD, ahead, strict=True))
        assert np.corrcoef(known, change)[0, 1] > 0.1, name


def test_text_and_training_lead_by_a_quarter(history: History) -> None:
    """Catches a part that is driven by its own month: the driver three months before must be the one that fits."""
    _, demand, _ = history
    drivers = {"text": demand.mood, "training": demand.training}
    for name, driver in drivers.items():
        part = demand.parts[name][:, BURN_IN:]
        assert np.allclose(part, demand.gains[name] * driver[:, BURN_IN - 3 : -3])


def test_ceiling_above_persistence_above_chance(history: History) -> None:
    """Catches a ceiling that the noise has drowned, or classes that anybody can tell."""
    _, _, limit = history
    assert limit.accuracy > 0.85
    assert limit.accuracy > limit.persistence + 0.2
    assert limit.persistence > limit.chance + 0.05
    assert abs(limit.accuracy - limit.expected) < 0.03
    assert all(0.12 < share < 0.36 for share in limit.shares.values()), limit.shares


def test_an_oracle_without_a_channel_is_worse(history: History) -> None:
    """Catches a channel that carries nothing which the others do not carry as well."""
    _, _, limit = history
    for name in CHANNELS:
        assert limit.without[name] < limit.accuracy - 0.05, name
    assert limit.without["own only"] < min(limit.without[name] for name in CHANNELS)


def test_more_noise_a_lower_ceiling(history: History) -> None:
    """Catches an oracle that sees the future noise."""
    world, _, limit = history
    noisy = dataclasses.replace(world, dynamics=Dynamics(noise=0.5))
    kept = clusters.build(noisy)
    supply = np.exp(noisy.generator("training").standard_normal((noisy.clusters, len(noisy.window.terms)))) * 50
    demand = dynamics.simulate(noisy, kept, supply=supply, total=noisy.postings)
    assert ceiling.measure(noisy, demand).accuracy < limit.accuracy - 0.1


def test_classes_by_hand() -> None:
    """Catches cut points on the wrong side: x = c2 is growth, N' = low is not low."""
    cuts = ceiling.Cuts(10.0, (-0.2, float(np.log(11 / 10)), 0.4))
    named = ceiling.classify(np.array([9, 99, 9]), np.array([10, 10, 9]), cuts=cuts)
    assert [ceiling.CLASSES[number] for number in named] == ["growth", "decline", "low demand"]


def test_training_and_test_rows_do_not_touch(history: History) -> None:
    """Catches a training row whose next quarter reaches into the months of the test span."""
    _, demand, _ = history
    rows = ceiling.tabulate(demand.counts, demand.born)
    assert rows.train.any() and rows.test.any()
    assert (rows.month[rows.train] + 3).max() < rows.month[rows.test].min()


def test_terms_by_hand() -> None:
    """Catches a term that counts as finished while its scores are unknown."""
    assert term_label(finished_term(month_number("2024-02"))) == "2022-2"
    assert term_label(finished_term(month_number("2024-03"))) == "2023-1"
    assert term_start(2 * 2023) == month_number("2023-09")
    assert term_start(2 * 2023 + 1) == month_number("2024-03")


def test_the_files_carry_the_mood(tiny: Manifest) -> None:
    """Catches postings whose wording has lost the mood that drives demand."""
    tones: dict[tuple[str, str], list[int]] = {}
    for row in table(tiny.folder, "truth/postings"):
        if not row["copy_of"]:
            tones.setdefault((row["cluster"], row["month"]), []).append(int(row["tone"]))
    pairs = [
        (float(row["mood"]), float(np.mean(found)), len(found))
        for row in table(tiny.folder, "truth/demand")
        if (found := tones.get((row["cluster"], row["month"])))
    ]
    assert all(abs(mood - mean) <= 1.01 / count for mood, mean, count in pairs)


def test_the_files_carry_the_training(tiny: Manifest) -> None:
    """Catches a training signal that cannot be computed from the tables: here it is, naively, from three of them."""
    folder = tiny.folder
    asked: dict[str, dict[str, float]] = {}
    for cluster in clusters.build(TINY).all:
        asked[cluster.code] = cluster.core()
    names = {row["code"]: row["skills"] for row in table(folder, "resources")}
    slugs = {skill.name: slug for slug, skill in clusters.VOCABULARY.skills.items()}
    taught = {code: [slugs[part.rpartition(":")[0]] for part in cell.split("; ")] for code, cell in names.items()}
    terms = [term_label(term) for term in TINY.window.terms]
    supply = {(code, term): 0.0 for code in asked for term in terms}
    seen: set[tuple[str, str, str]] = set()
    for row in table(folder, "course_records"):
        key = (row["student"], row["course"], row["term"])
        if row["course"] in taught and row["status"] == "completed" and key not in seen and _is_mark(row):
            seen.add(key)
            for code, core in asked.items():
                supply[code, row["term"]] += sum(core.get(slug, 0.0) for slug in taught[row["course"]])
    for row in table(folder, "truth/demand"):
        term = finished_term(month_number(row["month"]))
        now, before = term_label(term), term_label(term - 1)
        share = [
            np.log((supply[row["cluster"], each] + 1) / sum(supply[code, each] + 1 for code in asked))
            for each in (now, before)
        ]
        assert float(row["training"]) == pytest.approx(float(np.clip(share[0] - share[1], -1.5, 1.5)), abs=2e-3)


def _is_mark(row: dict[str, str]) -> bool:
    try:
        return 60 <= 100 * float(row["score"]) / float(row["score_max"]) <= 100
    except ValueError:
        return False
