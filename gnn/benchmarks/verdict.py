"""What the figures must show, judged from the figures: met or not met, never by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gnn.benchmarks.scoring import Line
from gnn.benchmarks.table import Table, ends
from schema.errors import InputError

SHARE = 0.93
"""Share of the ceiling's accuracy that ours is to reach."""
RIVALS = ("XGBoost", "BiLSTM", "Transformer", "Transformer + GRU")
SUSPECT = 0.8
"""Five-class accuracy on a real series from which on a leak is more likely than skill."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim holds.

    Arguments:
        claim: what is to hold.
        met: whether it does; None where the table has not what it takes to tell.
        figures: what that rests on.
        margin: by how much ours is above the best row beside it; None for other claims.
    """

    claim: str
    met: bool | None
    figures: str
    margin: float | None = None

    def __str__(self) -> str:
        word = {True: "met", False: "NOT MET", None: "not judged"}[self.met]
        return f"{word}: {self.claim} ({self.figures})"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What an oracle that knows all but the noise to come reaches on the last tenth of the months.

    Arguments:
        accuracy: above 0, up to 1.
        rows: test rows that it was measured on; None where that is not known.
    """

    accuracy: float
    rows: int | None = None

    @classmethod
    def of(cls, world: Mapping[str, object], *, where: str) -> "Ceiling":
        """Return the ceiling that stands in the description of a synthetic world.

        Raises:
            InputError: there is none in it.
        """
        found = world.get("ceiling")
        if not isinstance(found, dict) or not isinstance(found.get("test_accuracy"), float):
            raise InputError("no ceiling.test_accuracy", "the world.json of a synthetic university", where=where)
        return cls(found["test_accuracy"], found.get("test_rows"))


def verdicts(
    table: Table, *, ours: str, steps: Sequence[str], real: bool, ceiling: Ceiling | None, latest: int
) -> tuple[Verdict, ...]:
    """Return what a table shows of the claims that its set is there for.

    Arguments:
        table: its reference is ours.
        ours: name of our line.
        steps: names of the ablation in its order; ours comes after the last.
        real: whether the data are real.
        ceiling: of a synthetic world; None where none is known.
        latest: test rows of the latest trial, which the ceiling is about.
    """
    lines = {line.name: line for line in table.lines}
    if table.split != "time" or ours not in lines:
        why = f"no line {ours!r}" if ours not in lines else f"the split is {table.split}, which leaks"
        return (Verdict("what this set is to show", None, why),)
    if real:
        return (_best(lines, ours), _plausible(lines[ours]))
    found = [_share(lines[ours], ceiling, latest), _below(lines[ours], ceiling, latest)]
    found += [_beats(lines[name], lines[ours]) for name in RIVALS if name in lines]
    return (*found, *_rising(lines, [*steps, ours]))


def _share(line: Line, ceiling: Ceiling | None, latest: int) -> Verdict:
    claim = f"at least {SHARE:.0%} of the ceiling's accuracy"
    if why := _unfit(ceiling, latest):
        return Verdict(claim, None, why)
    assert ceiling is not None
    ratio = line.trials[0] / ceiling.accuracy
    return Verdict(claim, ratio >= SHARE, f"{line.trials[0]:.3f} of {ceiling.accuracy:.3f}: {ratio:.1%}")


def _below(line: Line, ceiling: Ceiling | None, latest: int) -> Verdict:
    claim = "not above the ceiling, which only a leak would explain"
    if why := _unfit(ceiling, latest):
        return Verdict(claim, None, why)
    assert ceiling is not None
    return Verdict(claim, line.trials[0] <= ceiling.accuracy, f"{line.trials[0]:.3f}, ceiling {ceiling.accuracy:.3f}")


def fits(ceiling: Ceiling | None, latest: int) -> bool:
    """Return whether a ceiling was given and is about as many rows as the latest trial has."""
    return not _unfit(ceiling, latest)


def _unfit(ceiling: Ceiling | None, latest: int) -> str:
    if ceiling is None:
        return "no ceiling was given"
    if ceiling.rows not in (None, latest):
        return f"the ceiling is of {ceiling.rows} rows, the test has {latest}: another world"
    return ""


def _beats(rival: Line, ours: Line) -> Verdict:
    """By more than the interval: zero lies outside that over clusters and, with several seeds, outside that over seeds.

    The line of the rival holds rival - ours.
    """
    over, seeds = rival.against["accuracy"], rival.against_seeds["accuracy"]
    met = over.high < 0.0 and not seeds.high >= 0.0
    figures = f"accuracy {ours.metrics['accuracy'].mean:.3f} against {rival.metrics['accuracy'].mean:.3f}, "
    figures += f"difference {-over.mean:+.3f}, over clusters [{-over.high:.3f}, {-over.low:.3f}]"
    if seeds.high == seeds.high:
        figures += f", over seeds [{-seeds.high:.3f}, {-seeds.low:.3f}]"
    return Verdict(f"beats {rival.name} by more than the interval", met, figures)


def _rising(lines: Mapping[str, Line], steps: Sequence[str]) -> list[Verdict]:
    claim = "the ablation rises at each step"
    if missing := [name for name in steps if name not in lines]:
        return [Verdict(claim, None, f"no line {', '.join(missing)}")]
    found = [lines[name].metrics["accuracy"].mean for name in steps]
    met = all(before < after for before, after in pairwise(found))
    told = [f"{name.removeprefix('ablation: ')} {value:.3f}" for name, value in zip(steps, found, strict=True)]
    return [Verdict(claim, met, "; ".join(told))]


def _best(lines: Mapping[str, Line], ours: str) -> Verdict:
    claim = "at least as good as the best row beside it"
    beside = [line for name, line in lines.items() if name != ours]
    if not beside:
        return Verdict(claim, None, "no row beside it")
    best = max(beside, key=lambda line: line.metrics["accuracy"].mean)
    own, other = lines[ours].metrics["accuracy"].mean, best.metrics["accuracy"].mean
    apart = best.against["accuracy"]
    figures = f"accuracy {own:.3f} against {other:.3f} of {best.name}; it minus ours {apart.mean:+.3f} {ends(apart)}"
    return Verdict(claim, own >= other, figures, own - other)


def _plausible(line: Line) -> Verdict:
    found = line.metrics["accuracy"].mean
    return Verdict(f"accuracy under {SUSPECT:.0%}, above which one looks for a leak", found < SUSPECT, f"{found:.3f}")
