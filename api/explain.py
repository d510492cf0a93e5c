"""Equation 21: why an item is recommended, what is missing, what closes it, and whether it is worth the time now.

The four numbers and the sentences are made from the terms of the score; a sentence says nothing that they do not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from schema import ranking
from schema.delivery import Priority
from schema.ranking import NAMED, TERMS, ScoreWeights

HIGH, LOW = 2 / 3, 1 / 3
"""From HIGH a value counts as much, below LOW as little."""
LEANS = 0.2
"""A preference beyond it, up or down, is worth a word."""
REASONS = 3
"""Reasons of the first sentence at most, the weightiest first."""
NOTICED = 0.005
"""A share below it would be written as 0 %."""


class Language(Enum):
    """Language of the sentences."""

    EN = "EN"
    ZH = "ZH"


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a score: name, signed weight, value, and their product."""

    name: str
    weight: float
    value: float
    product: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sentences name, beside the terms.

    Arguments:
        is_job: a posting, not a resource.
        goal: name of the job cluster that it leads to.
        lacking: names of the capability units that are missing and how much of each, the largest first.
        covers: names of those that the resource closes most of; empty for a posting.
        step: name of the resource that closes the most of the gap; None where there is none.
        demand: demand class that is foretold of the goal; None where nothing is.
        priority: of a posting, when to apply; None where nobody can.
        closes: last day to apply, where it is near.
    """

    is_job: bool
    goal: str
    lacking: Sequence[tuple[str, float]] = ()
    covers: Sequence[str] = ()
    step: str | None = None
    demand: str | None = None
    priority: Priority | None = None
    closes: date | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """e of equation 21, and the terms that it comes from.

    Arguments:
        match: m, 0 to 1.
        gap: d, sum of the shortfalls toward the goal.
        contribution: b, share of the gap that is closed, 0 to 1.
        heat: h, 0 to 1.
        terms: of the score, in the order of `schema.ranking.TERMS`; their products sum to it.
    """

    match: float
    gap: float
    contribution: float
    heat: float
    terms: tuple[Term, ...]

    @classmethod
    def of(cls, values: Sequence[float], weights: ScoreWeights, *, gap: float) -> "Explained":
        """Return the explanation of an item.

        Arguments:
            values: of the terms, in the order of `schema.ranking.TERMS`.
            weights: of the terms.
            gap: d.
        """
        terms = tuple(
            Term(name, weight, value, weight * value)
            for name, weight, value in zip(TERMS, weights.signed(), values, strict=True)
        )
        by_name = {term.name: term.value for term in terms}
        return cls(ranking.match(values, weights), gap, by_name["compensation"], by_name["heat"], terms)

    def value(self, name: str) -> float:
        """Return the value of a term."""
        return next(term.value for term in self.terms if term.name == name)


def sentences(explained: Explained, facts: Facts, language: Language) -> list[str]:
    """Return four sentences: why this, what is missing, what closes it, and whether it is worth the time now."""
    words = _CHINESE if language is Language.ZH else _ENGLISH
    return [
        _why(explained, facts, words),
        _missing(explained, facts, words),
        _closing(explained, facts, words),
        _worth(explained, facts, words) + _when(facts, words),
    ]


def percent(share: float) -> str:
    """Return a share as whole percent, never 0 or 100 where it is neither.

    >>> percent(0.999), percent(0.001), percent(0.5)
    ('99 %', '1 %', '50 %')
    """
    whole = round(100 * share)
    if 0.0 < share < 1.0:
        whole = min(99, max(1, whole))
    return f"{whole} %"


@dataclass(frozen=True, slots=True)
class _Words:
    """The texts of one language. Each reason is said only where its test holds for the value of its term."""

    why: str
    why_not: str
    comma: str
    reasons: Mapping[str, Sequence[tuple[Callable[[float], bool], str]]]
    job_reasons: Mapping[str, Sequence[tuple[Callable[[float], bool], str]]]
    unit: str
    nothing: str
    missing: str
    missing_some: str
    job_step: str
    job_none: str
    job_no_gap: str
    closes: str
    closes_units: str
    closes_none: str
    closes_no_gap: str
    heat: tuple[str, str, str]
    no_heat: str
    demand: Mapping[str, str]
    end: str
    now_closes: str
    now_scarce: str
    prepare: str


def _high(value: float) -> bool:
    return value >= HIGH


def _middle(value: float) -> bool:
    return LOW <= value < HIGH


def _low(value: float) -> bool:
    return value < LOW


def _liked(value: float) -> bool:
    return value > LEANS


def _disliked(value: float) -> bool:
    return value < -LEANS


def _why(explained: Explained, facts: Facts, words: _Words) -> str:
    table = words.job_reasons if facts.is_job else words.reasons
    weighty = sorted(explained.terms, key=lambda term: -abs(term.product))
    said = []
    for term in weighty:
        if term.product:
            said += [
                text.format(goal=facts.goal, share=percent(term.value))
                for test, text in table.get(term.name, ())
                if test(term.value)
            ]
    if not said:
        return words.why_not.format(goal=facts.goal)
    return words.why.format(goal=facts.goal, reasons=words.comma.join(said[:REASONS]))


def _missing(explained: Explained, facts: Facts, words: _Words) -> str:
    if explained.gap <= 0.0 or not facts.lacking:
        text = words.nothing if explained.gap <= 0.0 else words.missing_some
        return text.format(goal=facts.goal)
    units = words.comma.join(
        words.unit.format(name=name, amount=f"{amount:.2f}") for name, amount in facts.lacking[:NAMED]
    )
    return words.missing.format(goal=facts.goal, units=units)


def _closing(explained: Explained, facts: Facts, words: _Words) -> str:
    share = explained.contribution
    if explained.gap <= 0.0:
        return (words.job_no_gap if facts.is_job else words.closes_no_gap).format(goal=facts.goal)
    if facts.is_job:
        if share < NOTICED or facts.step is None:
            return words.job_none
        return words.job_step.format(step=facts.step, share=percent(share))
    if share < NOTICED:
        return words.closes_none.format(goal=facts.goal)
    if not facts.covers:
        return words.closes.format(share=percent(share))
    return words.closes_units.format(share=percent(share), units=words.comma.join(facts.covers[:NAMED]))


def _worth(explained: Explained, facts: Facts, words: _Words) -> str:
    if facts.demand is None:
        return words.no_heat.format(goal=facts.goal)
    heat = explained.heat
    told = words.heat[0 if _high(heat) else 1 if _middle(heat) else 2].format(goal=facts.goal, share=f"{heat:.2f}")
    return told + words.demand.get(facts.demand, "") + words.end


def _when(facts: Facts, words: _Words) -> str:
    if facts.priority is Priority.NOW:
        return words.now_scarce if facts.closes is None else words.now_closes.format(day=facts.closes.isoformat())
    return words.prepare if facts.priority is Priority.PREPARE else ""


_ENGLISH = _Words(
    why="Recommended toward {goal}: {reasons}.",
    why_not="It leads toward {goal}.",
    comma=", ",
    reasons={
        "fit": ((_high, "it builds on what you can do already"), (_middle, "it builds partly on what you can do")),
        "aim": ((_high, "it trains what {goal} asks for"), (_middle, "it trains part of what {goal} asks for")),
        "likelihood": ((_high, "it is made for {goal}, where students like you often go"),),
        "stage": ((_high, "it suits where you stand in your studies"),),
        "preference": ((_liked, "you chose the like before"), (_disliked, "though you passed over the like before")),
        "redundancy": ((_high, "though you have seen much of the like"),),
    },
    job_reasons={
        "fit": (
            (_high, "you hold {share} of what it asks for"),
            (_middle, "you hold {share} of what it asks for"),
            (_low, "though you hold only {share} of what it asks for"),
        ),
        "aim": ((_high, "it is a goal that you stated"),),
        "likelihood": (
            (_high, "students like you often go there"),
            (_middle, "students like you sometimes go there"),
        ),
        "freshness": ((_high, "it was posted lately"),),
        "stage": ((_high, "it suits where you stand in your studies"),),
        "preference": ((_liked, "you chose the like before"), (_disliked, "though you passed over the like before")),
        "redundancy": ((_high, "though you have seen much of the like"),),
    },
    unit="{name} ({amount})",
    nothing="You lack nothing of what is known that {goal} asks for.",
    missing="Toward {goal} you lack most: {units}.",
    missing_some="Toward {goal} something is still missing.",
    job_step="{step} would close {share} of that gap.",
    job_none="Nothing on offer is known to close that gap.",
    job_no_gap="There is no gap to close first.",
    closes="It closes {share} of that gap.",
    closes_units="It closes {share} of that gap: {units}.",
    closes_none="It closes none of that gap itself.",
    closes_no_gap="There is no gap for it to close.",
    heat=(
        "Demand for {goal} is high ({share})",
        "Demand for {goal} is moderate ({share})",
        "Demand for {goal} is low ({share})",
    ),
    no_heat="Nothing is foretold of the demand for {goal}.",
    demand={
        "HIGH_GROWTH": " and expected to grow strongly",
        "GROWTH": " and expected to grow",
        "STABLE": " and expected to stay",
        "DECLINE": " and expected to fall",
    },
    end=".",
    now_closes=" Apply now: it closes on {day}.",
    now_scarce=" Apply now: few of the like will come.",
    prepare=" Close part of the gap first, then apply.",
)
_CHINESE = _Words(
    why="推荐方向为{goal}：{reasons}。",
    why_not="它通向{goal}。",
    comma="，",
    reasons={
        "fit": ((_high, "与你已有的能力相衔接"), (_middle, "与你已有的部分能力相衔接")),
        "aim": ((_high, "培养{goal}所要求的能力"), (_middle, "培养{goal}所要求的部分能力")),
        "likelihood": ((_high, "面向{goal}，与你相似的学生常去该方向"),),
        "stage": ((_high, "适合你目前的学习阶段"),),
        "preference": ((_liked, "你曾选择过类似的项目"), (_disliked, "但你曾略过类似的项目")),
        "redundancy": ((_high, "但你已看过许多类似的项目"),),
    },
    job_reasons={
        "fit": (
            (_high, "你已具备其要求的{share}"),
            (_middle, "你已具备其要求的{share}"),
            (_low, "但你只具备其要求的{share}"),
        ),
        "aim": ((_high, "这是你填写的目标"),),
        "likelihood": ((_high, "与你相似的学生常去该方向"), (_middle, "与你相似的学生有时去该方向")),
        "freshness": ((_high, "发布不久"),),
        "stage": ((_high, "适合你目前的学习阶段"),),
        "preference": ((_liked, "你曾选择过类似的岗位"), (_disliked, "但你曾略过类似的岗位")),
        "redundancy": ((_high, "但你已看过许多类似的岗位"),),
    },
    unit="{name}（{amount}）",
    nothing="就已知要求而言，{goal}所需的能力你都已具备。",
    missing="面向{goal}，你最欠缺的是：{units}。",
    missing_some="面向{goal}，你仍有能力欠缺。",
    job_step="{step}可弥补该差距的{share}。",
    job_none="目前没有已知的资源可弥补该差距。",
    job_no_gap="没有需要先弥补的差距。",
    closes="它可弥补该差距的{share}。",
    closes_units="它可弥补该差距的{share}：{units}。",
    closes_none="它本身不弥补该差距。",
    closes_no_gap="没有需要它弥补的差距。",
    heat=("{goal}的需求热度高（{share}）", "{goal}的需求热度中等（{share}）", "{goal}的需求热度低（{share}）"),
    no_heat="尚无{goal}的需求预测。",
    demand={
        "HIGH_GROWTH": "，预计大幅增长",
        "GROWTH": "，预计增长",
        "STABLE": "，预计保持稳定",
        "DECLINE": "，预计下降",
    },
    end="。",
    now_closes="请尽快投递：{day}截止。",
    now_scarce="请尽快投递：同类岗位将较少。",
    prepare="建议先弥补部分差距，再投递。",
)
