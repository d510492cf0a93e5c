"""Postings as arrays, outlooks to hold them against, and monthly means."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnn.channels.text import TextConfig, monthly
from gnn.channels.text.outlook import centred, outlooks
from gnn.panel import Panel, rows
from schema.errors import JobError, SettingsError
from tests.gnn.channels.postings import corpus


def test_taking_postings_takes_their_skills() -> None:
    """Catches skills that are handed to the wrong posting."""
    whole = corpus([f"text {place}" for place in range(9)])
    places = np.array([7, 2, 2, 0])
    part = whole.take(places)
    assert part.texts == tuple(f"text {place}" for place in places)
    for row, place in enumerate(places):
        own = slice(whole.skill_offsets[place], whole.skill_offsets[place + 1])
        taken = slice(part.skill_offsets[row], part.skill_offsets[row + 1])
        assert part.skill_places[taken].tolist() == whole.skill_places[own].tolist()


def test_a_corpus_whose_arrays_do_not_fit_is_refused() -> None:
    """Catches arrays of different postings that are put together."""
    whole = corpus(["a", "b"])
    with pytest.raises(JobError, match="fits 2 postings"):
        type(whole)(
            whole.codes,
            ("a",),
            whole.cluster,
            whole.month,
            whole.skill_offsets,
            whole.skill_places,
            5,
            whole.numbers,
            whole.categories,
            (2,),
        )


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**16), st.integers(0, 30))
def test_monthly_means_are_the_plain_means(seed: int, count: int) -> None:
    """Catches postings that are counted in another cluster or month, or counted without one."""
    draws = np.random.default_rng(seed)
    matrix = draws.normal(size=(count, 3)).astype(np.float32)
    cluster, month = draws.integers(-1, 4, count), draws.integers(-1, 5, count)
    mean, found = monthly(matrix, cluster, month, clusters=3, months=4)
    for place in range(3):
        for column in range(4):
            own = matrix[(cluster == place) & (month == column)]
            assert found[place, column] == len(own)
            expected = own.mean(axis=0) if len(own) else np.zeros(3)
            assert mean[place, column] == pytest.approx(expected, abs=1e-5)


def panel(values: np.ndarray) -> Panel:
    return Panel("test", tuple(f"c{place}" for place in range(len(values))), date(2021, 1, 1), values)


def test_outlooks_know_nothing_outside_the_rows_to_learn_from() -> None:
    """Catches a leak: outlooks that move with months that no row to learn from reaches."""
    values = np.random.default_rng(3).integers(5, 60, (5, 36)).astype(float)
    task = rows(panel(values))
    fit = task.within(task.parts.train)
    before = outlooks(panel(values), task, fit, leads=3)
    changed = values.copy()
    changed[:, task.parts.train.stop + 3 :] += 50
    again = rows(panel(changed))
    assert np.array_equal(before, outlooks(panel(changed), again, again.within(again.parts.train), leads=3), True)
    assert np.isnan(before[:, task.parts.train.stop :]).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**16), st.integers(1, 5), st.integers(2, 8))
def test_neither_cluster_nor_month_tells_an_outlook(seed: int, clusters: int, months: int) -> None:
    """Catches the shortcut: a cluster that always grows, or a month of growth, is told by its name or its season."""
    draws = np.random.default_rng(seed)
    table = draws.normal(size=(clusters, months, 2)) + 5 * draws.normal(size=(clusters, 1, 1))
    weight = draws.integers(1, 9, (clusters, months)).astype(float)
    found = centred(table, weight)
    for axis in (0, 1):
        assert np.abs((found * weight[:, :, None]).sum(axis=axis)).max() < 1e-6 * months * clusters
    again = centred(found + 3 * np.arange(clusters)[:, None, None] - np.arange(months)[:, None], weight)
    assert again == pytest.approx(found, abs=1e-6)


def test_unknown_outlooks_stay_unknown() -> None:
    """Catches a month without an outcome that is learned from as if nothing had changed."""
    table = np.arange(12.0).reshape(3, 4, 1)
    table[1, 2] = np.nan
    assert np.isnan(centred(table, np.ones((3, 4)))).sum() == 1


def test_settings_out_of_range_are_refused() -> None:
    """Catches sizes beyond what the graph keeps per node, and heads that do not divide the hidden size."""
    for wrong in ({"hidden": 100, "heads": 8}, {"text_size": 120}, {"mask": 0.0}, {"epochs": 0}):
        with pytest.raises(SettingsError):
            TextConfig(**wrong)
    assert TextConfig(seed=1).hash != TextConfig().hash
    assert TextConfig(encoder="x").encoder_rate == pytest.approx(2e-5)
