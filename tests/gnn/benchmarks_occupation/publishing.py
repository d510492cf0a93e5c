"""Writes small zips of the form that the publisher of the occupation-skill demand graphs hands out."""

import zipfile
from pathlib import Path

import numpy as np

from gnn.benchmarks.occupation_skill.release import Demand


def industry(*, half_years: int = 6, occupations: int = 10, skills: int = 24, seed: int = 0) -> Demand:
    """An industry whose shares are counts by postings, follow clusters, and last from one half-year to the next."""
    random = np.random.default_rng(seed)
    clusters = random.integers(0, 4, skills)
    taste = random.normal(size=(occupations, 4))[:, clusters] + random.normal(size=skills) * 0.7
    shares = np.zeros((half_years, occupations, skills))
    for half in range(half_years):
        taste = taste + 0.2 * random.normal(size=taste.shape)
        sizes = random.integers(20, 200, occupations)
        chance = 0.2 / (1.0 + np.exp(3.0 - 2.0 * taste))
        shares[half] = random.binomial(sizes[:, None], chance) / sizes[:, None]
        # The number of postings shows in the shares only where one posting asks for something alone.
        shares[half, np.arange(occupations), half % skills] = 1.0 / sizes
    return Demand("made", 20_000 + np.arange(occupations), 30_000 + np.arange(skills), clusters, shares)


def files(demand: Demand) -> dict[str, str]:
    """The files of a zip, by name."""
    entities = [*demand.occupations, *demand.skills]
    held = {
        "entities.dict": "".join(f"{place}\t{entity}\n" for place, entity in enumerate(entities)),
        "relations.dict": "0\t100000\n",
        "skill2cluster.tsv": "".join(f"{cluster}\n" for cluster in demand.clusters),
    }
    for half, shares in enumerate(demand.shares):
        held[f"{half}/triplet_percentage.tsv"] = "".join(
            f"{demand.occupations[row]}\t100000\t{demand.skills[column]}\t{float(shares[row, column])!r}\n"
            for row, column in zip(*shares.nonzero(), strict=True)
        )
    return held


def publish(path: Path, held: dict[str, str]) -> Path:
    """Write the zip."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in held.items():
            archive.writestr(name, text)
    return path
