"""The benchmark of recommendations on the loaded graph: rows, tasks, tables, verdicts.

It can be killed at any time and run again: what is there is found by a digest of the data, the protocol and the code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gnn.benchmarks.recommend import fairness
from gnn.benchmarks.recommend.facts import Facts, Floats, Places
from gnn.benchmarks.recommend.hold_out import (
    APPLICATIONS,
    OUTCOMES,
    STUDENTS,
    HoldOut,
    Task,
)
from gnn.benchmarks.recommend.metrics import HEADLINE, Bootstrap, by_group, coverage, diversity, gains, gap, novelty
from gnn.benchmarks.recommend.ranker import Ranker
from gnn.benchmarks.recommend.session import Answer, Say, answers, offered
from gnn.benchmarks.recommend.table import Fairness, Line, TaskTable, plain
from gnn.benchmarks.store import Store, write_json, write_text
from gnn.benchmarks.verdict import Verdict
from schema.errors import SettingsError

OURS = "ours"
NAME = "recommend"
HEAD = 10
"""Items of a list that coverage, novelty, diversity and exposure look at."""
ATTRIBUTES = ("gender", "region", "difficulty", "year")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the tables.

    Arguments:
        make: makes it, fresh.
        drawn: whether it draws, so that every seed counts; else the first one does.
    """

    make: Callable[[], Ranker]
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run.

    Arguments:
        seeds: at least one.
        rows: names of the rows that are wanted, in any case; empty for all.
        draws: draws of the bootstrap, >= 1.
        bound: how far a group may fall short of its share where lists are put in order again, 0 to 1.
    """

    seeds: tuple[int, ...] = (0, 1, 2)
    rows: tuple[str, ...] = ()
    draws: int = 1000
    bound: float = 0.1


@dataclass(frozen=True, slots=True)
class Benched:
    """What a benchmark gave.

    Arguments:
        title: what it was run on.
        about: what the tables rest on.
        tables: one for each task.
        verdicts: what they show.
        settings: what ours has learned, by name.
    """

    title: str
    about: str
    tables: tuple[TaskTable, ...]
    verdicts: tuple[Verdict, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def markdown(self) -> str:
        """Return tables and verdicts as Markdown."""
        tables = "\n".join(each.markdown() for each in self.tables)
        judged = "".join(f"- {each}\n" for each in self.verdicts)
        return f"## {self.title}\n\n{self.about}\n\n{tables}\n{judged}"

    def json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "set": self.title,
            "about": self.about,
            "tasks": [each.json() for each in self.tables],
            "verdicts": [plain(asdict(each)) for each in self.verdicts],
            "settings": plain(self.settings),
        }


ABOUT = """Steps are held out in order of time: everything is learned from what was known on {start}; steps until {end}
are foretold, from what was on offer on the day of each. Collaborative rows rank a posting by its job cluster, then by
release, since most postings were not out when they learned. Each step is a question with one right answer; items of one
score stand in any order. In brackets the 95 % interval when users are drawn again; differences are paired. Coverage,
novelty (bits) and diversity are of the first ten."""


def bench(
    held: HoldOut,
    rows: Mapping[str, Row],
    plan: Plan,
    *,
    out: Path,
    ceiling: Callable[[], Ranker] | None = None,
    say: Say | None = None,
) -> Benched:
    """Run the rows and write the tables.

    Arguments:
        held: what is asked.
        rows: by name; that of ours is "ours".
        plan: what is run.
        out: folder; results are kept in it, and found again.
        ceiling: makes the oracle of a synthetic world.
        say: told of each row.

    Raises:
        SettingsError: a row that is wanted is none.
    """
    wanted = {name.lower() for name in plan.rows}
    if unknown := wanted - {name.lower() for name in rows}:
        raise SettingsError(f"row {', '.join(sorted(unknown))!r}", ", ".join(rows), where=NAME)
    store, tell = Store(out / "results" / NAME), say or (lambda line: None)
    found: dict[str, list[dict[str, Answer]]] = {}
    for name, row in rows.items():
        if not wanted or name.lower() in wanted:
            seeds = plan.seeds if row.drawn else plan.seeds[:1]
            found[name] = [answers(held, row.make(), seed=seed, store=store, say=tell) for seed in seeds]
    top = answers(held, ceiling(), seed=plan.seeds[0], store=store, say=tell) if ceiling else None
    tables = []
    for name, task in held.tasks.items():
        if len(task):
            of_rows = {row: [each[name] for each in runs] for row, runs in found.items()}
            tables.append(_table(held, task, of_rows, top[name] if top else None, plan))
    judged = [verdict for table in tables for verdict in table.verdicts(ours=OURS)]
    days = [str(np.datetime64(int(day), "D")) for day in (held.start, held.end)]
    about = ABOUT.format(start=days[0], end=days[1])
    result = Benched("Recommendations: the loaded graph", about, tuple(tables), tuple(judged))
    write_json(out / f"{NAME}.json", result.json())
    write_text(out / f"{NAME}.md", result.markdown())
    return result


def _table(
    held: HoldOut, task: Task, found: Mapping[str, Sequence[Answer]], top: Answer | None, plan: Plan
) -> TaskTable:
    boot = Bootstrap(task.user, draws=plan.draws)
    many, pool = offered(held, task)
    shown = _Shown(held.known, task, many)
    means = {name: _mean(runs) for name, runs in found.items()}
    mine = means.get(OURS)
    lines = [
        shown.line(name, means[name], runs[0], boot, mine=None if name == OURS else mine)
        for name, runs in found.items()
    ]
    ceiling = shown.line("ceiling: the oracle", top.gains, top, boot, mine=mine) if top else None
    fair = _fair(held, task, found[OURS][0], plan) if OURS in found else ()
    return TaskTable(
        task=task.name,
        events=len(task),
        users=len(np.unique(task.user)),
        dropped=task.dropped,
        offered=many,
        pool=pool,
        lines=tuple(lines),
        ceiling=ceiling,
        fairness=fair,
    )


def _mean(runs: Sequence[Answer]) -> dict[str, Floats]:
    """Return the metrics of each event, the mean over seeds."""
    every = [run.gains for run in runs]
    return {name: np.mean([each[name] for each in every], axis=0) for name in every[0]}


class _Shown:
    """What lists of a task show beside the right answers."""

    def __init__(self, known: Facts, task: Task, many: int) -> None:
        self.many = many
        self.cluster, self.kind, self.share = _catalogue(known, task.name)

    def line(
        self,
        name: str,
        values: Mapping[str, Floats],
        answer: Answer,
        boot: Bootstrap,
        *,
        mine: Mapping[str, Floats] | None,
    ) -> Line:
        """Return a row of the table."""
        lists = [each[:HEAD] for each in answer.shown]
        beside = {
            "coverage": coverage(lists, self.many),
            "novelty": novelty(lists, self.share),
            "diversity": float("nan")
            if self.cluster is None
            else diversity(lists, cluster=self.cluster, kind=self.kind),
        }
        against = boot.span(mine[HEADLINE] - values[HEADLINE]) if mine is not None else None
        metrics = {metric: float(each.mean()) for metric, each in values.items()}
        return Line(name, metrics, beside, boot.span(values[HEADLINE]), against)


def _catalogue(known: Facts, task: str) -> tuple[Places | None, Places, Floats]:
    """Return of every item its cluster, its kind, and the share of earlier behaviour that fell on it or its like."""
    acts, ways, jobs, resources = known.positive, known.careers, known.jobs, known.resources
    clusters = len(known.clusters)
    if task == STUDENTS:
        counts = np.bincount(known.acts.student, minlength=len(known.people)) + 1.0
        return None, np.zeros(len(known.people), np.int64), counts / counts.sum()
    of_job = acts.item < len(jobs)
    cluster_of = jobs.cluster[acts.item[of_job]]
    by_cluster = np.bincount(cluster_of[cluster_of >= 0], minlength=clusters) + 1.0
    if task == OUTCOMES:
        counts = by_cluster + np.bincount(ways.cluster, minlength=clusters)
        return None, np.zeros(clusters, np.int64), counts / counts.sum()
    if task == APPLICATIONS:
        share = np.append(by_cluster / by_cluster.sum(), 1.0 / by_cluster.sum())
        return jobs.cluster, np.zeros(len(jobs), np.int64), share[jobs.cluster]
    counts = np.bincount(acts.item[~of_job] - len(jobs), minlength=len(resources)) + 1.0
    _, kind = np.unique(np.array(resources.kind), return_inverse=True)
    return resources.cluster, kind.astype(np.int64), counts / counts.sum()


def groups_of(facts: Facts, attribute: str, day: float) -> Sequence[str]:
    """Return the group of each student; that of the year on a day."""
    return facts.people.year(day) if attribute == "year" else facts.people.groups[attribute]


def _fair(held: HoldOut, task: Task, answer: Answer, plan: Plan) -> tuple[Fairness, ...]:
    values = answer.gains[HEADLINE]
    found = []
    for attribute in ATTRIBUTES:
        group = groups_of(held.facts, attribute, held.start)
        of_event = [group[student] for student in task.student.tolist()]
        means = by_group(values, of_event)
        lists = [each[:HEAD] for each in answer.shown]
        if task.name == STUDENTS:
            exposed = _exposure(held, task, answer, group=group, bound=plan.bound)
            found.append(Fairness(attribute, means, gap(means), *exposed))
            continue
        shown: dict[str, float] = {}
        cluster = _catalogue(held.known, task.name)[0]
        if task.name == OUTCOMES:
            cluster = np.arange(len(held.facts.clusters))
        if cluster is not None:
            shown = fairness.apart(lists, cluster=cluster, group=[name if name in means else "" for name in of_event])
        found.append(Fairness(attribute, means, gap(means), shown, gap(shown)))
    return tuple(found)


def _exposure(
    held: HoldOut, task: Task, answer: Answer, *, group: Sequence[str], bound: float
) -> tuple[dict[str, float], float, float, float]:
    """Return the exposure of the groups that are ranked and its gap, the gap within the bound, and what that costs."""
    names, number = np.unique(np.array(group), return_inverse=True)
    pools = []
    for event in range(len(task)):
        counts = np.bincount(number[held.candidates(task, event)], minlength=len(names))
        pools.append({name: count for name, count in zip(names.tolist(), counts.tolist(), strict=True) if count})
    again, better, ledger = [], [], fairness.Ledger(bound)
    for target, each, pool in zip(task.student.tolist(), answer.shown, pools, strict=True):
        whole = sum(pool.values())
        shares = {name: count / whole for name, count in pool.items()}
        order = ledger.order(each.tolist(), group, shares=shares, length=HEAD)
        again.append(np.array(order, np.int64))
        better.append(order.index(target) if target in order else HEAD)
    before = fairness.exposures([each[:HEAD] for each in answer.shown], pools, group=group)
    after = fairness.exposures(again, pools, group=group)
    left = gains(np.array(better), np.ones(len(better), np.int64))[HEADLINE]
    return before, gap(before), gap(after), float(answer.gains[HEADLINE].mean() - left.mean())
