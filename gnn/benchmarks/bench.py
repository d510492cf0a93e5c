"""The benchmark of a set: every row on every trial for every seed, kept one by one, then tabled and judged.

`bench` can be killed at any time and run again: what is there is found by a digest of the data, the settings, the
protocol and the code that a result depends on. Nothing is taken over where one of them changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gnn.baselines.forecaster import Forecaster
from gnn.benchmarks import pictures
from gnn.benchmarks.fingerprint import code, digest
from gnn.benchmarks.leak import leak_check
from gnn.benchmarks.sets import ORIGINS, OURS, Source
from gnn.benchmarks.store import Store, write_json, write_text
from gnn.benchmarks.table import DRAWS, Table, check_names, tabulate
from gnn.benchmarks.trial import Outcome, Split, Trial, attempt, cutoffs
from gnn.benchmarks.verdict import Ceiling, Verdict, fits, verdicts
from schema.errors import SettingsError

Say = Callable[[str], None]
RESULTS = "results"
"""Folder of single results in that of the benchmark."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run.

    Arguments:
        seeds: at least one.
        rows: names of the rows that are wanted, in any case; empty for all.
        split: "time", or "random-leaking", which is no result.
        origins: trials, the latest first; None takes what the set is tabled with.
        check_leaks: also rewrite what comes after the origins and see whether ours moves; one more fit.
        draws: draws of the bootstrap, >= 1.
    """

    seeds: tuple[int, ...] = (0, 1, 2)
    rows: tuple[str, ...] = ()
    split: Split = "time"
    origins: int | None = None
    check_leaks: bool = False
    draws: int = DRAWS


@dataclass(frozen=True, slots=True)
class Benched:
    """What a benchmark gave.

    Arguments:
        name: of the set.
        table: its rows.
        verdicts: what they show.
        settings: hash of the settings of ours; empty where ours is not in it.
        ceiling: accuracy of an oracle on the rows of the latest trial, or None.
        fits: runs that were made now; the others were found.
        found: runs that were found.
    """

    name: str
    table: Table
    verdicts: tuple[Verdict, ...]
    settings: str
    ceiling: float | None
    fits: int
    found: int

    def markdown(self) -> str:
        """Return tables and verdicts as Markdown."""
        shown = self.table.markdown(ceiling=self.ceiling)
        about = f"Settings of ours: {self.settings}.\n\n" if self.settings else ""
        if self.ceiling:
            about += f"Ceiling: an oracle that knows all but the noise to come names {self.ceiling:.3f}.\n\n"
        judged = "".join(f"- {each}\n" for each in self.verdicts)
        return f"## {self.name}\n\n{shown}\n{self.table.parts()}\n{about}{judged}"

    def json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "set": self.name,
            **self.table.json(),
            "settings": self.settings,
            "ceiling": self.ceiling,
            "verdicts": [asdict(each) for each in self.verdicts],
        }


def bench(source: Source, plan: Plan, *, out: Path, ceiling: Ceiling | None = None, say: Say | None = None) -> Benched:
    """Run a set and write its table, its JSON and the confusion of ours.

    Arguments:
        source: the set.
        plan: what is run.
        out: folder; results are kept in it, and found again.
        ceiling: of a synthetic world.
        say: told of each run.

    Raises:
        SettingsError: a row that is wanted is none, or there are too few months.
        JobError: there are no rows to learn from or none to test.
    """
    run = _Run(source, plan, Store(out / RESULTS / source.name), say or (lambda line: None))
    runs = run.all()
    latest = int(run.trials[0].test.sum())
    table = tabulate(run.trials, runs, seeds=plan.seeds, reference=OURS, draws=plan.draws)
    found = verdicts(
        table,
        ours=OURS,
        steps=[name for name in run.names if name.startswith("ablation")] or ["ablation"],
        real=source.real,
        ceiling=ceiling,
        latest=latest,
    )
    if plan.check_leaks and OURS in runs:
        found += (run.leaks(),)
    known = ceiling.accuracy if ceiling and fits(ceiling, latest) else None
    result = Benched(source.name, table, found, run.settings, known, run.fits, run.kept)
    name = source.name if plan.split == "time" else f"{source.name}.{plan.split}"
    write_json(out / f"{name}.json", result.json())
    write_text(out / f"{name}.md", result.markdown())
    if OURS in runs:
        pictures.draw(out / f"{name}.confusion.png", table.line(OURS).confusion, title=f"{source.name}: ours")
    return result


class _Run:
    def __init__(self, source: Source, plan: Plan, store: Store, say: Say) -> None:
        self.source, self.plan, self.store, self.say = source, plan, store, say
        self.fits = self.kept = 0
        self.names: list[str] = []
        self.settings = ""
        whole = source.panel()
        count = plan.origins or ORIGINS.get(source.name, 1)
        months = cutoffs(whole.months, count=count, horizon=source.horizon)
        if len(months) < count:
            say(f"{source.name}: {len(months)} of {count} origins, the series is too short for more")
        panels = [whole, *(source.panel(until) for until in months[1:])]
        self.trials = [Trial.of(panel, split=plan.split, horizon=source.horizon, year=source.year) for panel in panels]

    def all(self) -> Mapping[str, Sequence[Sequence[Outcome]]]:
        """Return the outcomes of every row by seed and trial."""
        runs: dict[str, list[list[Outcome]]] = {}
        for seed in self.plan.seeds:
            for trial in self.trials:
                waiting = self._wanted(trial, seed)
                while waiting:
                    # What was fitted holds much memory, and is let go of at once.
                    forecaster = waiting.pop(0)
                    by_seed = runs.setdefault(forecaster.name, [])
                    if trial is self.trials[0]:
                        by_seed.append([])
                    by_seed[-1].append(self._outcome(trial, forecaster, seed))
        check_names(list(runs), self.plan.seeds)
        self.names = list(runs)
        return runs

    def _wanted(self, trial: Trial, seed: int) -> list[Forecaster]:
        """Return the rows that the plan asks for."""
        every = self.source.forecasters(trial, seed=seed)
        config = getattr(next((each for each in every if each.name == OURS), None), "config", None)
        self.settings = config.hash if config else ""
        wanted = {name.lower() for name in self.plan.rows}
        if unknown := wanted - {each.name.lower() for each in every}:
            given = ", ".join(sorted(unknown))
            raise SettingsError(f"row {given!r}", ", ".join(each.name for each in every), where=self.source.name)
        return [each for each in every if not wanted or each.name.lower() in wanted]

    def _outcome(self, trial: Trial, forecaster: Forecaster, seed: int) -> Outcome:
        where = f"{forecaster.name}, {trial.panel.months} steps, seed {seed}"
        protocol = (trial.split, trial.horizon, seed)
        key = digest(protocol, trial.panel, trial.rows, trial.fit, trial.test, forecaster, _code(forecaster))
        found, there = self.store.outcome(where, key, lambda: attempt(trial, forecaster, seed=seed))
        self.kept, self.fits = self.kept + there, self.fits + (not there)
        named = found.prediction.probabilities.argmax(axis=1)
        right = float((named == trial.rows.label[trial.test]).mean())
        how = "found" if there else f"{sum(found.seconds):.1f} s"
        self.say(f"{self.source.name}: {where}: accuracy {right:.3f}, {how}")
        return found

    def leaks(self) -> Verdict:
        """Rewrite what comes after the origins of the latest trial, and see whether ours moves."""
        trial, seed = self.trials[0], self.plan.seeds[0]
        [ours] = [each for each in self._wanted(trial, seed) if each.name == OURS]
        found = leak_check(trial.panel, ours, seed=seed, horizon=trial.horizon, learning=False)
        figures = f"{sum(leak.rows for leak in found)} rows moved"
        return Verdict("no forecast moves when the months after its origin are rewritten", not found, figures)


def _code(forecaster: Forecaster) -> str:
    return code(type(forecaster).__module__)
