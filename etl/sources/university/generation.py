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
    behaviour,
    careers,
    ceiling,
    clusters,
    dirt,
    dynamics,
    employers,
    interactions,
    postings,
    practice,
    resources,
    students,
    training,
)  # fmt: skip
from etl.sources.university.calendar import first_day, month_label
from etl.sources.university.files import Entry, Table, digest, write, write_text
from etl.sources.university.scene import Scene
from etl.sources.university.world import World
from schema.demand import CHANGE_QUANTILES, LOW_QUANTILE

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
    world.json (parameters, ceiling, planted faults) and truth/ (what a reader of the texts should find, what drove
    demand and what drives students; never loaded). Existing files of these names are replaced.

    Arguments:
        world: sizes, dynamics, faults and seed; the same world gives the same bytes.
        folder: made where missing.
        progress: where to show how far it is.
    """
    shown = progress if progress is not None else Progress.silent()
    folder.mkdir(parents=True, exist_ok=True)
    with shown.step("Synthetic university: people, courses, demand", unit="parts") as step:
        scene, limit = _settle(world, step)
    files: list[Entry] = []
    planted: Counter[str] = Counter()
    with shown.step("Synthetic university: postings", world.postings, unit="postings") as step:
        released, cluster_of = _write_postings(scene, folder, files=files, planted=planted, step=step)
    with shown.step("Synthetic university: tables", unit="files") as step:
        records = training.rows(scene.training, scene.students)
        planted.update(dirt.spoil_course_records(world, records))
        doings = practice.produce(scene)
        ways = careers.produce(scene)
        seen = interactions.produce(scene, released, cluster_of=cluster_of)
        for name, rows in (
            ("job_clusters", postings.cluster_rows(scene.clusters)),
            ("employers", employers.rows(scene.employers)),
            ("resources", resources.rows(world, scene.resources, clusters=scene.clusters)),
            ("policies", resources.policy_rows(world, scene.resources, clusters=scene.clusters)),
            ("students", students.rows(world, scene.students, clusters=scene.clusters)),
            ("course_records", records),
            ("certificates", doings.certificates),
            ("competitions", doings.competitions),
            ("practice", doings.practice),
            ("internships", ways.internships),
            ("outcomes", ways.outcomes),
            ("ventures", ways.ventures),
            ("interactions", seen),
            ("truth/demand", _demand_rows(scene, limit)),
        ):
            files.append(write(folder, name, rows=rows))
            step.advance()
        files.append(write_text(folder, "postings.toml", text=postings.MAPPING))
        about = _about(scene, limit, files=files, planted=dict(sorted(planted.items())))
        files.append(write_text(folder, "world.json", text=json.dumps(about, indent=2, ensure_ascii=False) + "\n"))
        files.append(write(folder, "truth/students", rows=behaviour.student_rows(scene)))
        files.append(write(folder, "truth/recency", rows=behaviour.recency_rows()))
    return Manifest(world, folder, tuple(files), digest(files), limit, dict(sorted(planted.items())))


def _settle(world: World, step: Step) -> tuple[Scene, ceiling.Ceiling]:
    """Everything but the files."""
    kept = clusters.build(world)
    houses = employers.build(world, kept)
    shelf = resources.build(world, kept)
    people = students.build(world, kept)
    step.advance(4)
    trained = training.simulate(world, kept, students=people, resources=shelf)
    step.advance()
    demand = dynamics.simulate(world, kept, supply=trained.supply, total=world.postings - dirt.copies(world))
    step.advance()
    limit = ceiling.measure(world, demand)
    step.advance()
    return Scene(world, kept, houses, shelf, people, trained, demand), limit


def _write_postings(
    scene: Scene, folder: Path, *, files: list[Entry], planted: Counter[str], step: Step
) -> tuple[np.ndarray, np.ndarray]:
    """Write postings.csv and its truth; return day of release and cluster of every posting, in order of code."""
    world = scene.world
    released = np.zeros(world.postings, dtype=np.int32)
    cluster_of = np.zeros(world.postings, dtype=np.int32)
    start = world.window.start
    days = [(first_day(start + month) - first_day(start)).days for month in range(world.months)]
    with ExitStack() as stack:
        rows = stack.enter_context(Table(folder, "postings"))
        mentions = stack.enter_context(Table(folder, "truth/mentions"))
        truth = stack.enter_context(Table(folder, "truth/postings"))
        for number, posting in enumerate(postings.produce(scene)):
            rows.add(posting.cells())
            mentions.extend(postings.truth_rows(posting))
            truth.add(postings.truth_row(posting, scene.clusters, start=start))
            # The day may be missing from a spoilt row: the month's start is near enough for who could see it.
            released[number] = days[posting.month]
            cluster_of[number] = posting.cluster
            if posting.fault:
                planted[posting.fault] += 1
            if number % 1_000 == 999:
                step.advance(1_000)
    files += [rows.entry(), mentions.entry(), truth.entry()]
    return released, cluster_of


def _demand_rows(scene: Scene, limit: ceiling.Ceiling) -> Iterator[list[str]]:
    """Rows of truth/demand.csv: what happened to every cluster in every month, and the class of the next quarter."""
    world, kept, demand = scene.world, scene.clusters, scene.demand
    rows = ceiling.tabulate(demand.counts, demand.born)
    classes = ceiling.classify(rows.last, rows.coming, cuts=limit.cuts)
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


def _about(scene: Scene, limit: ceiling.Ceiling, *, files: list[Entry], planted: dict[str, int]) -> dict[str, Any]:
    """What world.json says."""
    world, demand = scene.world, scene.demand
    return {
        "notice": NOTICE,
        "parameters": world.parameters(),
        "ceiling": limit.plain(),
        "classes": {
            "names": list(ceiling.CLASSES),
            "low_quantile": LOW_QUANTILE,
            "change_quantiles": list(CHANGE_QUANTILES),
        },
        "gains": demand.gains,
        "monthly_noise": round(demand.sigma, 9),
        "breaks": [
            {"cluster": scene.clusters.all[cluster].code, "month": month_label(world.window.start + month)}
            for cluster, month in demand.broken
        ],
        "new_clusters": [
            {"cluster": cluster.code, "month": month_label(world.window.start + int(born))}
            for cluster, born in zip(scene.clusters.all, demand.born, strict=True)
            if born > 0
        ],
        "planted": planted,
        "files": {entry.name: {"rows": entry.rows, "bytes": entry.size, "sha256": entry.digest} for entry in files},
    }
