"""One tiny world on disk and one middling history in memory, made once."""

import csv
from pathlib import Path

import pytest

from etl.sources.university import (
    Manifest,
    World,
    ceiling,
    clusters,
    dirt,
    dynamics,
    generate,
    resources,
    students,
    training,
)
from etl.sources.university.ceiling import Ceiling
from etl.sources.university.dynamics import Demand

TINY = World(postings=900, students=150, months=18, clusters=12, seed=5, start="2022-01")
MIDDLING = World(postings=24_000, students=1_500, months=36, clusters=60, seed=11)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """A tiny university in files."""
    return generate(TINY, tmp_path_factory.mktemp("university"))


@pytest.fixture(scope="session")
def history() -> tuple[World, Demand, Ceiling]:
    """A middling history of demand and its ceiling, without files."""
    world = MIDDLING
    kept = clusters.build(world)
    people = students.build(world, kept)
    trained = training.simulate(world, kept, students=people, resources=resources.build(world, kept))
    demand = dynamics.simulate(world, kept, supply=trained.supply, total=world.postings - dirt.copies(world))
    return world, demand, ceiling.measure(world, demand)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a written table."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
