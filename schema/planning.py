"""A staged plan: which resources, in which terms, close the most of a gap within the hours that there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schema.scoring import Vector, covered

LEAST_GAIN = 1e-9
"""A step that closes less is no step."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A resource that a plan may use.

    Arguments:
        code: of the resource.
        supply: c_r, level by capability unit, 0 to 1.
        hours: effort, >= 0.
        after: codes of the resources that come first.
        term: the one term in which it is offered, from 1 for the next; None for every term.
    """

    code: str
    supply: Vector
    hours: float = 0.0
    after: tuple[str, ...] = ()
    term: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan must keep to.

    Arguments:
        steps: resources at most, >= 1.
        terms: terms ahead, >= 1.
        hours: effort in one term at most; None for no limit.
    """

    steps: int = 4
    terms: int = 4
    hours: float | None = 160.0


@dataclass(frozen=True, slots=True)
class Step:
    """One resource of a plan.

    Arguments:
        code: of the resource.
        term: from 1 for the next term.
        covers: what it closes of what the steps before it left open, by unit.
    """

    code: str
    term: int
    covers: dict[str, float]


@dataclass(slots=True)
class _Plan:
    """A plan in the making; what it has closed is read from its steps."""

    lacking: dict[str, float]
    limits: Limits
    done: frozenset[str]
    steps: list[Step] = field(default_factory=list)
    spent: dict[int, float] = field(default_factory=dict)
    terms: dict[str, int] = field(default_factory=dict)

    def first_term(self, offer: Offer) -> int | None:
        """Return the first term in which the offer fits: after what comes first, within the hours."""
        earliest = 1 + max((self.terms.get(code, 0) for code in offer.after), default=0)
        wanted = range(earliest, self.limits.terms + 1) if offer.term is None else (offer.term,)
        for term in wanted:
            room = self.limits.hours is None or self.spent.get(term, 0.0) + offer.hours <= self.limits.hours
            if earliest <= term <= self.limits.terms and room:
                return term
        return None

    def take(self, offer: Offer) -> bool:
        """Add an offer in the first term in which it fits, and say whether there was one."""
        term = self.first_term(offer)
        if term is None:
            return False
        covers = covered(self.lacking, offer.supply)
        for unit, amount in covers.items():
            self.lacking[unit] -= amount
        self.steps.append(Step(offer.code, term, covers))
        self.spent[term] = self.spent.get(term, 0.0) + offer.hours
        self.terms[offer.code] = term
        return True

    def copy(self) -> "_Plan":
        return _Plan(dict(self.lacking), self.limits, self.done, list(self.steps), dict(self.spent), dict(self.terms))

    def closed(self) -> float:
        return sum(sum(step.covers.values()) for step in self.steps)


def plan(
    lacking: Vector, offers: Sequence[Offer], *, limits: Limits | None = None, done: frozenset[str] = frozenset()
) -> list[Step]:
    """Return steps that close much of a gap, in order of term.

    Greedy: again and again the bundle (an offer with all that has to come first) that closes the most per step. What a
    set of resources closes, sum over units of min(lacking, supply together), has falling returns, so greedy comes
    close to the best; tests hold it against every possible plan on small cases.

    Arguments:
        lacking: shortfalls by unit.
        offers: what may be used; each code once.
        limits: steps, terms and hours; None for the documented ones.
        done: codes of resources that the student has done, which prerequisites may rely on.
    """
    limits = limits or Limits()
    by_code = {offer.code: offer for offer in offers}
    current = _Plan(dict(lacking), limits, done)
    while len(current.steps) < limits.steps:
        best: tuple[float, float, str] | None = None
        found: _Plan | None = None
        for offer in offers:
            if offer.code in current.terms or offer.code in done:
                continue
            tried = _with(current, offer, by_code)
            if tried is None:
                continue
            gain, added = tried.closed() - current.closed(), len(tried.steps) - len(current.steps)
            # The most per step; where equal the fewer hours, then the code.
            key = (-round(gain / added, 12), sum(tried.spent.values()), offer.code)
            if gain > LEAST_GAIN and (best is None or key < best):
                best, found = key, tried
        if found is None:
            break
        current = found
    return _in_order(lacking, sorted(current.steps, key=lambda step: step.term), by_code)


def _in_order(lacking: Vector, steps: Sequence[Step], by_code: Mapping[str, Offer]) -> list[Step]:
    """Return the steps, each with what it closes of what those before it left open.

    The steps were not chosen in the order in which they are taken; what they close together is the same.
    """
    left = dict(lacking)
    told = []
    for step in steps:
        covers = covered(left, by_code[step.code].supply)
        for unit, amount in covers.items():
            left[unit] -= amount
        told.append(Step(step.code, step.term, covers))
    return told


def _with(current: _Plan, offer: Offer, by_code: Mapping[str, Offer]) -> _Plan | None:
    """Return the plan with an offer and what has to come first, or None where it does not fit."""
    bundle = _bundle(offer, by_code, done=current.done | set(current.terms))
    if bundle is None or len(current.steps) + len(bundle) > current.limits.steps:
        return None
    tried = current.copy()
    return tried if all(tried.take(each) for each in bundle) else None


def _bundle(offer: Offer, by_code: Mapping[str, Offer], *, done: frozenset[str] | set[str]) -> list[Offer] | None:
    """Return what has to be taken for an offer, first things first; None where a first thing is not to be had."""
    ordered: list[Offer] = []
    placed: set[str] = set()

    def place(each: Offer, above: frozenset[str]) -> bool:
        for code in each.after:
            if code in done or code in placed:
                continue
            first = by_code.get(code)
            if first is None or code in above or not place(first, above | {code}):
                return False
        if each.code not in placed:
            placed.add(each.code)
            ordered.append(each)
        return True

    return ordered if place(offer, frozenset({offer.code})) else None
