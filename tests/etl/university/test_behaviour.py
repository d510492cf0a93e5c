"""The truth behind behaviour: it is what interactions were drawn from."""

from collections import Counter

import numpy as np
import pytest

from etl.sources.university import Manifest
from tests.etl.university.conftest import table


def _ways(text: str) -> dict[str, tuple[float, float]]:
    found = (each.rsplit(":", 2) for each in text.split())
    return {cluster: (float(share), float(far)) for cluster, share, far in found}


def test_shares_are_shares(tiny: Manifest) -> None:
    """Catches a row that is not divided by its sum, a chance outside 0 to 1, and a cluster that is none."""
    codes = {row["code"] for row in table(tiny.folder, "job_clusters")}
    for row in table(tiny.folder, "truth/students"):
        ways = _ways(row["ways"])
        assert sum(share for share, _ in ways.values()) == pytest.approx(1.0, abs=0.02)
        assert all(0.0 <= far <= 1.0 for _, far in ways.values())
        assert set(ways) <= codes
        assert row["goal"] in codes


def test_places_behind_the_latest(tiny: Manifest) -> None:
    """Catches a law of recency that loses a part of the visits."""
    chances = [float(row["chance"]) for row in table(tiny.folder, "truth/recency")]
    assert sum(chances) == pytest.approx(1.0, abs=1e-4)
    assert chances == sorted(chances, reverse=True)


def test_visits_follow_the_truth(tiny: Manifest) -> None:
    """Catches shares of another student, and an eagerness that is drawn anew."""
    students = {row["student"]: row for row in table(tiny.folder, "truth/students")}
    clusters = {row["posting"]: row["cluster"] for row in table(tiny.folder, "truth/postings")}
    visits = Counter(row["student"] for row in table(tiny.folder, "interactions"))
    eager = np.array([float(row["eagerness"]) for row in students.values()])
    came = np.array([visits[student] for student in students])
    assert np.corrcoef(eager, came)[0, 1] > 0.6
    assert not came[eager == 0].any()
    own, others = [], []
    names = list(students)
    for place, row in enumerate(table(tiny.folder, "interactions")):
        if row["item"] in clusters:
            cluster = clusters[row["item"]]
            own.append(_ways(students[row["student"]]["ways"]).get(cluster, (0.0, 0.0))[0])
            others.append(_ways(students[names[place % len(names)]]["ways"]).get(cluster, (0.0, 0.0))[0])
    assert np.mean(own) > 2 * np.mean(others)
