"""The benchmark on a log of interactions: rows that know nothing but who took what when, and ours, which mixes them.

The last tenth of the steps is the test, the tenth before it the validation span; both in order of time. Everything is
learned from what was before. A step is to be foretold where its user and its item were seen before the test; candidates
are all items seen before it that the user did not have. Of one user at most the next five steps count.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnn.benchmarks.fingerprint import code, digest
from gnn.benchmarks.recommend.bench import OURS, Benched
from gnn.benchmarks.recommend.interactions import Log
from gnn.benchmarks.recommend.metrics import HEADLINE, METRICS, Bootstrap, coverage, gains, novelty, top
from gnn.benchmarks.recommend.mixture import Mixture, Steps, candidates, standings
from gnn.benchmarks.recommend.sequences import (
    Factors,
    Frequent,
    LinearAutoencoder,
    Network,
    Past,
    Places,
    Row,
    Transitions,
)
from gnn.benchmarks.recommend.session import Say
from gnn.benchmarks.recommend.table import Line, TaskTable
from gnn.benchmarks.store import Store, slug, write_json, write_text, write_whole
from gnn.benchmarks.verdict import Verdict
from schema.errors import JobError

TEST, VALIDATION = 0.1, 0.1
NEXT = 5
BLOCK = 500
HEAD = 10
HALF_LIVES = (0.02, 0.1, 0.5)
"""Half-lives of popularity that are tried on the validation span, as shares of the time before it."""


def split(log: Log) -> tuple[Past, float, Steps]:
    """Return the past, where its validation span begins, and the steps to foretell.

    Raises:
        JobError: there is nothing to foretell.
    """
    edges = np.quantile(log.at, [1 - TEST - VALIDATION, 1 - TEST])
    early = log.at < edges[1]
    sizes = (len(log.users), len(log.items))
    past = Past(log.user[early], log.item[early], log.at[early], *sizes, float(edges[1]))
    known = np.bincount(past.item, minlength=past.items) > 0
    there = np.bincount(past.user, minlength=past.users) > 0
    later = np.flatnonzero(~early & known[log.item] & there[log.user])
    # Steps are in order of time: the first ones of each user are the next.
    order = later[np.argsort(log.user[later], kind="stable")]
    begins = np.searchsorted(log.user[order], log.user[order])
    kept = np.sort(order[np.arange(len(order)) - begins < NEXT])
    if not len(kept) or not (past.at < edges[0]).any():
        given = f"{len(log)} steps, of which none can be foretold from those before it"
        raise JobError(given, "users who come back, to items that others took before", where="interactions")
    return past, float(edges[0]), Steps(log.user[kept], log.item[kept])


def rows_of(past: Past, start: float, *, network: bool = True) -> list[Callable[[], Row]]:
    """Return what makes the parts, popularity with the half-life that is best on the validation span."""
    early = past.before(start)
    span = max(float(early.now - past.at.min()), 1e-9)
    later = past.at >= start
    asked = Steps(past.user[later], past.item[later])
    half_life = max((share * span for share in HALF_LIVES), key=lambda each: _worth(Frequent(each), early, asked))
    found: list[Callable[[], Row]] = [
        lambda: Frequent(half_life),
        Transitions,
        LinearAutoencoder,
        Factors,
    ]
    return [*found, Network] if network else found


def _worth(row: Row, early: Past, asked: Steps) -> float:
    """Return the mean score rank of popularity on later steps, the larger the better."""
    row.learn(early, seed=0)
    score = row.scores(np.zeros(1, np.int64))[0]
    rank = np.argsort(np.argsort(-score, kind="stable"), kind="stable") + 1
    return float((1.0 / np.log2(1.0 + rank[asked.item])).mean()) if len(asked) else 0.0


def bench_log(
    log: Log,
    *,
    name: str,
    out: Path,
    seeds: Sequence[int] = (0,),
    draws: int = 1000,
    network: bool = True,
    say: Say | None = None,
) -> Benched:
    """Run all rows on a log and write the tables.

    Arguments:
        log: the steps.
        name: of the log; part of the names of the files.
        out: folder; results are kept in it, and found again.
        seeds: of the rows that draw.
        draws: draws of the bootstrap.
        network: LightGCN too.
        say: told of each row.

    Raises:
        JobError: there is nothing to foretell.
    """
    past, start, asked = split(log)
    tell = say or (lambda line: None)
    makers = rows_of(past, start, network=network)
    every: list[Callable[[], Row]] = [*makers, lambda: Mixture(lambda: [make() for make in makers], start)]
    store = Store(out / "results" / f"interactions-{slug(name)}")
    known = np.bincount(past.item, minlength=past.items)
    boot = Bootstrap(asked.user, draws=draws)
    answers = {}
    for make in every:
        row_name = make().name
        runs = []
        for seed in seeds:
            parts = (seed, past, asked, start, network, row_name, code(__name__), code(Network.__module__))
            todo = partial(_run, make(), past, asked, known=known > 0, seed=seed)
            found, there = store.arrays(f"{row_name}, seed {seed}", digest(*parts), todo)
            runs.append({part: np.asarray(each) for part, each in found.items()})
            value = _gains(runs[-1])[HEADLINE].mean()
            tell(f"{name}: {row_name}, seed {seed}: {HEADLINE} {value:.3f}, {'found' if there else 'made'}")
        answers[row_name] = runs
    values = {}
    for row_name, runs in answers.items():
        each = [_gains(run) for run in runs]
        values[row_name] = {metric: np.mean([one[metric] for one in each], axis=0) for metric in METRICS}
    share = (known + 1.0) / (known + 1.0).sum()
    lines = []
    for row_name, runs in answers.items():
        lists = list(runs[0]["lists"])
        beside = {
            "coverage": coverage(lists, int((known > 0).sum())),
            "novelty": novelty(lists, share),
            "diversity": float("nan"),
        }
        mine = values[OURS][HEADLINE] - values[row_name][HEADLINE]
        metrics = {metric: float(each.mean()) for metric, each in values[row_name].items()}
        against = None if row_name == OURS else boot.span(mine)
        lines.append(Line(row_name, metrics, beside, boot.span(values[row_name][HEADLINE]), against))
    left = {"held back": len(log.held)} if log.held else {}
    users, pool = len(np.unique(asked.user)), float((known > 0).sum())
    table = TaskTable("next item", len(asked), users, left, int(pool), pool, tuple(lines))
    names = [make().name for make in makers]
    weights = dict(zip(names, answers[OURS][0]["weights"].tolist(), strict=True))
    about = f"{__doc__.strip().split(chr(10), 2)[2].strip()} Weights of ours: " + ", ".join(
        f"{part} {weight:.3g}" for part, weight in weights.items()
    )
    title = f"Recommendations: the interactions of {name}"
    result = Benched(title, about + ".", (table,), (_level(table),), {"weights": weights})
    write_json(out / f"recommend.{slug(name)}.json", result.json())
    write_text(out / f"recommend.{slug(name)}.md", result.markdown())
    return result


def _level(table: TaskTable) -> Verdict:
    """Judge whether ours is level with the best row: not below it by more than the interval."""
    beside = [line for line in table.lines if line.against is not None]
    best = max(beside, key=lambda line: line.metrics[HEADLINE])
    assert best.against is not None
    mine = next(line for line in table.lines if line.name == OURS)
    figures = f"{HEADLINE} {mine.metrics[HEADLINE]:.3f} against {best.metrics[HEADLINE]:.3f} of {best.name}, "
    figures += f"difference {best.against}"
    return Verdict("at least level with the best row beside it", best.against.high >= 0.0, figures, best.against.mean)


def _gains(run: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float64]]:
    return gains(run["better"].astype(np.int64), run["same"].astype(np.int64))


def _run(row: Row, past: Past, asked: Steps, *, known: NDArray[np.bool_], seed: int) -> dict[str, NDArray[Any]]:
    row.learn(past, seed=seed)
    better, same, lists = [], [], []
    for first in range(0, len(asked), BLOCK):
        users, items = asked.user[first : first + BLOCK], asked.item[first : first + BLOCK]
        free = candidates(past, users, known)
        scores = row.scores(users)
        found = standings(scores, free, items)
        better.append(found[0])
        same.append(found[1])
        heads = [top(np.where(each, line, -np.inf), HEAD) for line, each in zip(scores, free, strict=True)]
        lists.append(np.stack([np.resize(head, HEAD) for head in heads]))
    weights = list(row.weights.values()) if isinstance(row, Mixture) else []
    parts: dict[str, Places] = {
        "better": np.concatenate(better),
        "same": np.concatenate(same),
        "lists": np.concatenate(lists),
    }
    return {**parts, "weights": np.array(weights)}


def keep_held(log: Log, path: Path) -> None:
    """Write the rows that were held back, with file, line and reason."""

    def write(target: Path) -> None:
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("file", "line", "reason", "text"))
            writer.writerows((each.file, each.line, each.reason, each.text) for each in log.held)

    write_whole(path, write)
