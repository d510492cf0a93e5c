"""The benchmark on a log of interactions: rows that know nothing but who took what when, and ours, which mixes them.

The last steps are the test, a tenth of all or another share, the tenth before them the validation span; both in order
of time. Everything is learned from what was before. A step is to be foretold where its user and its item were seen
before the test; candidates are all items seen before it that the user did not have. Of one user at most the next five
steps count. Every row is tuned on the validation span, on a small grid that the report names, then learns once more
from all before the test; the weights of ours are learned on the same span. There is no row of contents: a log has none.
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
from gnn.benchmarks.recommend.sequences import Past, Places, Row
from gnn.benchmarks.recommend.session import Say
from gnn.benchmarks.recommend.table import Line, TaskTable
from gnn.benchmarks.recommend.tuning import Keep, tune
from gnn.benchmarks.store import Store, slug, write_json, write_text, write_whole
from gnn.benchmarks.verdict import Verdict
from schema.errors import JobError

TEST, VALIDATION = 0.1, 0.1
NEXT = 5
BLOCK = 500
HEAD = 10


def split(log: Log, *, test: float = TEST) -> tuple[Past, float, Steps]:
    """Return the past, where its validation span begins, and the steps to foretell.

    Arguments:
        log: the steps.
        test: share of the steps that is the test, above 0, below 1 - VALIDATION.

    Raises:
        JobError: there is nothing to foretell.
    """
    edges = np.quantile(log.at, [1 - test - VALIDATION, 1 - test])
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


def bench_log(
    log: Log,
    *,
    name: str,
    out: Path,
    seeds: Sequence[int] = (0,),
    draws: int = 1000,
    network: bool = True,
    test: float = TEST,
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
        test: share of the steps that is the test, above 0, below 1 - VALIDATION.
        say: told of each row.

    Raises:
        JobError: there is nothing to foretell.
    """
    past, start, asked = split(log, test=test)
    tell = say or (lambda line: None)
    store = Store(out / "results" / f"interactions-{slug(name)}")
    tuned = tune(past, start, network=network, keep=_keeper(store, past, start, tell))
    makers = [each.make for each in tuned]
    every: list[Callable[[], Row]] = [*makers, lambda: Mixture(lambda: [make() for make in makers], start)]
    known = np.bincount(past.item, minlength=past.items)
    boot = Bootstrap(asked.user, draws=draws)
    answers = {}
    for make in every:
        row_name = make().name
        runs = []
        for seed in seeds:
            settings = [(each.name, each.chosen) for each in tuned]
            parts = (seed, past, asked, start, row_name, settings, code(__name__))
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
    told = ", ".join(f"{part} {weight:.3g}" for part, weight in weights.items())
    lead = " ".join(__doc__.strip().split("\n", 2)[2].split())
    about = f"{lead} The test is the last {test:.0%}.\n\nTuned on the validation span, {HEADLINE} there:\n\n"
    about += "\n".join(f"- {each}" for each in tuned) + f"\n\nWeights of ours: {told}."
    title = f"Recommendations: the interactions of {name}"
    chosen = {each.name: {"chosen": each.chosen, "tried": each.tried} for each in tuned}
    result = Benched(title, about, (table,), (_level(table),), {"weights": weights, "tuned": chosen})
    write_json(out / f"recommend.{slug(name)}.json", result.json())
    write_text(out / f"recommend.{slug(name)}.md", result.markdown())
    return result


def _keeper(store: Store, past: Past, start: float, tell: Say) -> Keep:
    """Return what keeps the figures of the tuning, and tells them."""

    def keep(name: str, make: Callable[[], float]) -> float:
        key = digest(past, start, name, code(tune.__module__))
        found, there = store.arrays(f"tuning {name}", key, lambda: {"worth": np.array(make())})
        worth = float(found["worth"])
        tell(f"tuning: {name}: {HEADLINE} {worth:.3f}, {'found' if there else 'made'}")
        return worth

    return keep


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
