"""Generates a synthetic university: all rooms in order, all files of one folder.

Memory stays small because postings, by far the largest part, are written as they are made.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cypher.progress import Progress, Step
from etl.sources.university import (
    careers, ceiling, clusters, dirt, dynamics, employers, interactions, postings, practice, resources, students, training,
)  # fmt: skip
from etl.sources.university.calendar import first_day, month_label
from etl.sources.university.files import Entry, Table, digest, write, write_text
from etl.sources.university.world import World

NOTICE = "synthetic: no person, employer, course or posting in these files is real"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was generated.

    Arguments:
        world: the world.
        folder: where the files are.
        files: every file with its rows, bytes and SHA-256, world.json included.
        digest: one SHA-256 over all of them; the same world gives the same digest.
        ceiling: how well demand can be told at all, beside chance, majority and persistence.
        planted: how often each fault was planted.
    """

    world: World
    folder: Path
    files: tuple[Entry, ...]
    digest: str
    ceiling: ceiling.Ceiling
    planted: dict[str, int]

    @property
    def rows(self) -> dict[str, int]:
        """Rows by file name."""
        return {entry.name: entry.rows for entry in self.files}


def generate(world: World, folder: Path, *, progress: Progress | None = None) -> Manifest:
    """Write the files of a synthetic university into a folder.

    The folder then holds the CSV tables that `fullcycle load` reads, postings.csv with its mapping postings.toml,
    world.json (parameters, ceiling, planted faults) and truth/ (what a reader of the texts should find and what drove
    demand; never loaded). Existing files of these names are replaced.

    Arguments:
        world: sizes, dynamics, faults and seed; the same world gives the same bytes.
        folder: made where missing.
        progress: where to show how far it is.
    """
    shown = progress if progress is not None else Progress.silent()
    folder.mkdir(parents=True, exist_ok=True)
    with shown.step("Synthetic university: people, courses, demand", unit="parts") as step:
        kept = clusters.build(world)
        step.advance()
        houses = employers.build(world, kept)
        step.advance()
        shelf = resources.build(world, kept)
        step.advance()
        people = students.build(world, kept)
        step.advance()
        trained = training.simulate(world, kept, people, shelf)
        step.advance()
        demand = dynamics.simulate(world, kept, trained.supply, world.postings - dirt.copies(world))
        step.advance()
        limit = ceiling.measure(world, demand)
        step.advance()
    files: list[Entry] = []
    planted: Counter[str] = Counter()
    with shown.step("Synthetic university: postings", world.postings, unit="postings") as step:
        places = _write_postings(world, folder, kept, houses, demand, files, planted, step)
    with shown.step("Synthetic university: tables", unit="files") as step:
        records = training.rows(trained, people)
        planted.update(dirt.spoil_course_records(world, records))
        doings = practice.produce(world, kept, people, shelf, trained)
        ways = careers.produce(world, kept, people, trained, houses)
        seen = interactions.produce(world, kept, people, trained, shelf, *places)
        for name, rows in (
            ("job_clusters", postings.cluster_rows(kept)),
            ("employers", employers.rows(houses)),
            ("resources", resources.rows(world, shelf, kept)),
            ("policies", resources.policy_rows(world, shelf, kept)),
            ("students", students.rows(world, people, kept)),
            ("course_records", records),
            ("certificates", doings.certificates),
            ("competitions", doings.competitions),
            ("practice", doings.practice),
            ("internships", ways.internships),
            ("outcomes", ways.outcomes),
            ("ventures", ways.ventures),
            ("interactions", seen),
            ("truth/demand", _demand_rows(world, kept, demand, limit)),
        ):
            files.append(write(folder, name, rows))
            step.advance()
        files.append(write_text(folder, "postings.toml", postings.MAPPING))
        about = _about(world, limit, demand, files, dict(sorted(planted.items())))
        files.append(write_text(folder, "world.json", json.dumps(about, indent=2, ensure_ascii=False) + "\n"))
    return Manifest(world, folder, tuple(files), digest(files), limit, dict(sorted(planted.items())))


def _write_postings(
    world: World, folder: Path, kept: clusters.Clusters, houses: employers.Employers, demand: dynamics.Demand,
    files: list[Entry], planted: Counter[str], step: Step,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Write postings.csv and its truth; return day of release and cluster of every posting, in order of code."""
    released = np.zeros(world.postings, dtype=np.int32)
    cluster_of = np.zeros(world.postings, dtype=np.int32)
    start = world.window.start
    days = [(first_day(start + month) - first_day(start)).days for month in range(world.months)]
    with ExitStack() as stack:
        rows = stack.enter_context(Table(folder, "postings"))
        mentions = stack.enter_context(Table(folder, "truth/mentions"))
        truth = stack.enter_context(Table(folder, "truth/postings"))
        for number, posting in enumerate(postings.produce(world, kept, houses, demand)):
            rows.add(posting.cells())
            mentions.extend(postings.truth_rows(posting))
            truth.add(postings.truth_row(posting, kept, start))
            # The day may be missing from a spoilt row: the month's start is near enough for who could see it.
            released[number] = days[posting.month]
            cluster_of[number] = posting.cluster
            if posting.fault:
                planted[posting.fault] += 1
            if number % 1_000 == 999:
                step.advance(1_000)
    files += [rows.entry(), mentions.entry(), truth.entry()]
    return released, cluster_of


def _demand_rows(
    world: World, kept: clusters.Clusters, demand: dynamics.Demand, limit: ceiling.Ceiling
) -> Iterator[list[str]]:
    """Rows of truth/demand.csv: what happened to every cluster in every month, and the class of the next quarter."""
    rows = ceiling.tabulate(demand.counts, demand.born)
    classes = ceiling.classify(rows.last, rows.coming, limit.cuts)
    start = world.window.start
    named = dict(zip(zip(rows.cluster.tolist(), rows.month.tolist(), strict=True), classes.tolist(), strict=True))
    for number, cluster in enumerate(kept.all):
        for month in range(world.months):
            column = dynamics.BURN_IN + month
            parts = [demand.parts[name][number, column] for name in (*dynamics.CHANNELS, "noise")]
            demand_class = named.get((number, month))
            yield [
                cluster.code, month_label(start + month), str(int(demand.counts[number, month])),
                f"{demand.expected[number, month]:.4f}", f"{demand.mood[number, column]:.4f}",
                f"{demand.training[number, column]:.4f}", *(f"{part:.5f}" for part in parts),
                "" if demand_class is None else ceiling.CLASSES[demand_class],
            ]  # fmt: skip


def _about(
    world: World, limit: ceiling.Ceiling, demand: dynamics.Demand, files: list[Entry], planted: dict[str, int]
) -> dict[str, Any]:
    """What world.json says."""
    return {
        "notice": NOTICE,
        "parameters": world.parameters(),
        "ceiling": limit.plain(),
        "classes": {
            "names": list(ceiling.CLASSES),
            "low_quantile": ceiling.LOW_QUANTILE,
            "change_quantiles": list(ceiling.CHANGE_QUANTILES),
        },
        "gains": demand.gains,
        "monthly_noise": round(demand.sigma, 9),
        "breaks": [{"cluster": cluster, "month": month_label(world.window.start + month)} for cluster, month in demand.broken],
        "planted": planted,
        "files": {entry.name: {"rows": entry.rows, "bytes": entry.size, "sha256": entry.digest} for entry in files},
    }
