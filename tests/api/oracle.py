"""The lists of one student once more: plain Python over what the graph says, with the functions of schema only.

It shares no code with the service beyond schema: no arrays, no snapshot, every candidate looked at one by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import log10

from schema import ranking
from schema.feedback import USED, Action, fold
from schema.ranking import PATH_OF, Studies
from schema.rules import RankingRules
from schema.scoring import DECIMALS, BridgingWeights, Vector, bridging, contribution, shortfalls, similarity


@dataclass
class Posting:
    """A posting; requires are (skill, level, confidence, optional)."""

    code: str
    cluster: str
    released: date
    closes: date | None = None
    education: int | None = None
    regions: tuple[str, ...] = ()
    requires: list[tuple[str, float, float, bool]] = field(default_factory=list)


@dataclass
class Resource:
    """A resource on offer."""

    code: str
    kind: str
    supply: dict[str, float]
    prepares: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass
class Goal:
    """A goal with its stored gap; bridges are (resource, contribution)."""

    code: str
    own: bool
    likelihood: float
    lacks: dict[str, float]
    bridges: list[tuple[str, float]]

    @property
    def value(self) -> float:
        """The gap."""
        return sum(self.lacks.values())


@dataclass
class Student:
    """A student; actions are (at, key, kind, item); took and joined are (resource, term) and so on."""

    code: str
    major: str | None
    degree: int | None
    admitted: date | None
    graduates: date | None
    aims: list[str]
    abilities: dict[str, float]
    goals: list[Goal]
    took: list[tuple[str, str, str]] = field(default_factory=list)
    joined: list[tuple[str, str, str]] = field(default_factory=list)
    founded: int = 0
    actions: list[tuple[datetime, str, str, str]] = field(default_factory=list)


@dataclass
class World:
    """All that lists depend on beside the student."""

    reference: date
    demands: dict[str, dict[str, float]]
    heat: dict[str, float]
    mappings: dict[str, list[tuple[str, float]]]
    postings: list[Posting]
    resources: list[Resource]
    leads: dict[str, dict[str, float]]
    rules: RankingRules
    bridging: BridgingWeights = field(default_factory=BridgingWeights)
    goals: int = 5
    steps: int = 5

    def kind_and_cluster(self, item: str) -> tuple[str, str | None]:
        """Return kind and cluster of an item, as feedback sees it."""
        for posting in self.postings:
            if posting.code == item:
                return "Job", posting.cluster
        resource = next(each for each in self.resources if each.code == item)
        return resource.kind, min(resource.prepares, default=None)

    def asked(self, posting: Posting) -> Vector:
        """Return b_x: the noisy-or of what the posting requires, or what its cluster demands."""
        left: dict[str, float] = {}
        for skill, level, confidence, optional in posting.requires:
            for unit, weight in self.mappings.get(skill, []):
                share = level * confidence * weight * (0.5 if optional else 1.0)
                left[unit] = left.get(unit, 1.0) * (1.0 - share)
        found = {unit: 1.0 - rest for unit, rest in left.items() if rest < 1.0}
        return found or self.demands[posting.cluster]


Item = tuple[str, str, float, list[float]]
"""Item, goal, score, and terms."""


def actions_of(world: World, student: Student) -> list[Action]:
    """Return the actions of a student in order of time."""
    return [Action(at, key, kind, *world.kind_and_cluster(item)) for at, key, kind, item in sorted(student.actions)]


def stage(world: World, student: Student) -> list[float]:
    """Return pi_u."""
    day = world.reference
    since = day - timedelta(days=365)
    progress = 0.5
    if student.admitted and student.graduates:
        progress = min(1.0, max(0.0, (day - student.admitted).days / (student.graduates - student.admitted).days))
    kinds = {each.code: each.kind for each in world.resources}

    def over(term: str) -> bool:
        year, half = int(term[:4]), term[5]
        # The first half of a year is over in March, the second in September.
        return since < date(year + 1, 3 if half == "1" else 9, 1) <= day

    late = [(kind, item) for at, _, kind, item in student.actions if at.astimezone(UTC).date() > since]
    told = [(kind, world.kind_and_cluster(item)[0]) for kind, item in late]
    studies = Studies(
        progress=progress,
        completed=sum(over(term) and status == "completed" for _, term, status in student.took),
        searched=sum(what == "Job" and kind in ("apply", "bookmark") for kind, what in told),
        ventured=sum(
            kind in ("register", "complete") and what in ("Mentor", "Policy", "Incubator", "Project")
            for kind, what in told
        )
        + sum(
            over(term) and (type_ == "ENTERED" or kinds[resource] == "Project")
            for type_, resource, term in student.joined
            if type_ != "EARNED"
        ),
        founded=student.founded,
    )
    leaning = fold(actions_of(world, student), world.rules.feedback)
    return ranking.stage_weights(ranking.stage_state(studies), world.rules.stage, leaning=leaning.stage)


def done_of(student: Student) -> set[str]:
    """Return the resources that a student has done."""
    took = {code for code, _, status in student.took if status not in ("failed", "withdrawn")}
    finished = {item for _, _, kind, item in student.actions if kind == "complete"}
    return took | {resource for _, resource, _ in student.joined} | finished


def goals_of(world: World, student: Student) -> list[Goal]:
    """Return the goals: those that are stored, else the stated ones and those where others of the major go."""
    if student.goals:
        done = done_of(student)
        return [
            Goal(
                goal.code, goal.own, goal.likelihood, goal.lacks, [each for each in goal.bridges if each[0] not in done]
            )
            for goal in student.goals
        ]
    leads = world.leads.get(student.major or "")
    if not leads:
        leads = {code: float(sum(each.cluster == code for each in world.postings)) for code in world.demands}
    best = sorted(
        (
            code
            for code in world.demands
            if world.demands[code] and (leads.get(code, 0.0) > 0.0 or code in student.aims)
        ),
        key=lambda code: (code not in student.aims, -leads.get(code, 0.0), -world.heat.get(code, 0.5), code),
    )
    most = max(world.goals, sum(code in student.aims for code in best))
    top = max(leads.values())
    found = []
    for code in best[:most]:
        share = leads.get(code, 0.0) / top
        lacks = shortfalls(world.demands[code], student.abilities)
        likely = ranking.likelihood(log10(share)) if share else 0.0
        found.append(Goal(code, code in student.aims, likely, lacks, steps_of(world, student, code, lacks)))
    return found


def steps_of(world: World, student: Student, code: str, lacks: Vector) -> list[tuple[str, float]]:
    """Return the resources that narrow a gap best by equation 16, and what each closes."""
    done, scored = done_of(student), []
    for each in sorted(world.resources, key=lambda resource: resource.code):
        share = contribution(lacks, each.supply)
        if each.code not in done and share > 0.0:
            to_student = similarity(student.abilities, each.supply)
            to_goal = similarity(each.supply, world.demands[code])
            value = bridging(to_student, to_goal, sum(lacks.values()), weights=world.bridging)
            scored.append((-round(value, DECIMALS), each.code, share))
    return [(resource, share) for _, resource, share in sorted(scored)[: world.steps]]


def lists(world: World, student: Student, path: str, *, region: str | None = None) -> list[Item]:
    """Return a list of a student."""
    goals = goals_of(world, student)
    leaning = fold(actions_of(world, student), world.rules.feedback)
    used = {item for _, _, kind, item in student.actions if kind in USED}
    pi = stage(world, student)
    found: list[tuple[tuple[int, str], str, str, str, list[float]]] = []
    if path == "JOB":
        for goal in goals:
            for each in latest(world, goal.code):
                if each.code in used or not passes(student, each, region):
                    continue
                asked = world.asked(each)
                held = sum(min(level, student.abilities.get(unit, 0.0)) for unit, level in asked.items())
                terms = [
                    held / sum(asked.values()) if asked else 0.0,
                    float(goal.own),
                    goal.likelihood,
                    ranking.freshness(max(0.0, (world.reference - each.released).days)),
                    world.heat.get(goal.code, 0.5),
                    max((share for _, share in goal.bridges), default=0.0),
                    ranking.stage_fit(pi, "Job"),
                    leaning.toward("Job", goal.code),
                ]
                found.append(((-each.released.toordinal(), each.code), each.code, goal.code, "Job", terms))
    else:
        for resource in world.resources:
            ranked = lead(resource, goals)
            if PATH_OF.get(resource.kind) != path or resource.code in used | done_of(student) or ranked is None:
                continue
            if not set(resource.after) <= done_of(student):
                continue
            prepared = ranked.code in resource.prepares
            terms = [
                similarity(student.abilities, resource.supply),
                similarity(resource.supply, world.demands[ranked.code]),
                ranked.likelihood if prepared else 0.0,
                0.0,
                world.heat.get(ranked.code, 0.5),
                contribution(ranked.lacks, resource.supply),
                ranking.stage_fit(pi, resource.kind),
                leaning.toward(resource.kind, ranked.code),
            ]
            found.append(((0, resource.code), resource.code, ranked.code, resource.kind, terms))
    return ordered(world, student, path, found)


def lead(resource: Resource, goals: list[Goal]) -> Goal | None:
    """Return the goal that a resource leads to; None for none."""
    prepared = [goal for goal in goals if goal.code in resource.prepares]
    if prepared:
        return max(prepared, key=lambda goal: goal.likelihood)
    closes = [(round(contribution(goal.lacks, resource.supply), DECIMALS), goal) for goal in goals]
    best = max(closes, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] > 0.0 else None


def latest(world: World, cluster: str) -> Iterable[Posting]:
    """Return the postings of a cluster that compete."""
    open_ = [
        each
        for each in world.postings
        if each.cluster == cluster
        and each.released <= world.reference
        and (each.closes is None or each.closes >= world.reference)
    ]
    return sorted(open_, key=lambda each: (-each.released.toordinal(), each.code))[: world.rules.pool]


def passes(student: Student, posting: Posting, region: str | None) -> bool:
    """Say whether no gate keeps a posting out."""
    if posting.education is not None and student.degree is not None and posting.education > student.degree:
        return False
    return region is None or region in posting.regions


def ordered(world: World, student: Student, path: str, found: list) -> list[Item]:
    """Pick the best again and again."""
    weights = world.rules.weights[path]
    recent = actions_of(world, student)[-world.rules.recent :] if world.rules.recent else []
    left, listed = sorted(found), []
    while left and len(listed) < world.rules.listed:
        scored = []
        for place, (_, _, goal, kind, terms) in enumerate(left):
            alike = sum(each.item_kind == kind and each.cluster == goal for each in recent)
            alike += sum(above == (kind, goal) for above, _ in listed)
            values = [*terms, ranking.redundancy(float(alike))]
            scored.append((-round(ranking.score(values, weights), DECIMALS), place, values))
        value, place, values = min(scored, key=lambda each: each[:2])
        _, item, goal, kind, _ = left.pop(place)
        listed.append(((kind, goal), (item, goal, -value, values)))
    return [item for _, item in listed]
