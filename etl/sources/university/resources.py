"""Training resources of the synthetic world: ten kinds, what they teach, for whom, after what."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from etl.sources.university.calendar import Window, first_day, term_label
from etl.sources.university.clusters import Cluster, Clusters
from etl.sources.university.world import World
from schema.vocabulary import VOCABULARY

SHARES = (
    ("course", 0.45), ("certificate", 0.08), ("competition", 0.08), ("practicum", 0.09), ("project", 0.10),
    ("mentor", 0.07), ("policy", 0.04), ("incubator", 0.02), ("guidance", 0.05), ("fair", 0.02),
)  # fmt: skip
STEPS = (
    ("Fundamentals of {en}", "{zh}基础", 0.4),
    ("Applied {en}", "{zh}应用实践", 0.6),
    ("Advanced {en}", "高级{zh}", 0.8),
)
NAMES = {
    "certificate": ("{en} Certificate", "{zh}职业技能证书"),
    "competition": ("{en} Challenge", "大学生{zh}竞赛"),
    "practicum": ("{en} Practicum", "{zh}综合实训"),
    "project": ("{en} Team Project", "{zh}实践项目"),
    "mentor": ("Mentor for {en}", "{zh}导师"),
    "policy": ("Support Scheme for {en}", "{zh}人才支持政策"),
    "incubator": ("{en} Incubator", "{zh}创业孵化基地"),
    "guidance": ("Career Guidance: {en}", "{zh}方向就业指导"),
    "fair": ("{en} Job Fair", "{zh}专场招聘会"),
}
ISSUERS = {"macro": "Synthetic State Council", "meso": "Synthetic Province", "micro": "Synthetic University of Pinghe"}
AUDIENCES = ("all students", "second year and above", "third year and above", "final year", "postgraduates")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    Arguments:
        code, kind, name: as in resources.csv.
        home: number of the cluster that it prepares for.
        skills: (slug, level taught, 0 to 1).
        step: 0 for beginners, 1 in the middle, 2 advanced.
        hours, credits: effort; credits are 0 where none are given.
        after: code of the resource that comes first, or an empty string.
        score_max: the mark that counts as full, for courses.
    """

    code: str
    kind: str
    name: str
    home: int
    skills: tuple[tuple[str, float], ...]
    step: int
    hours: int
    credits: float
    after: str
    score_max: int


def build(world: World, clusters: Clusters) -> tuple[Resource, ...]:
    """All resources of a world; each kind goes round the clusters, so that every cluster has courses."""
    generator = world.generator("resources")
    made: list[Resource] = []
    names: dict[str, int] = {}
    for kind, count in _counts(world.resource_count, len(clusters)):
        first: dict[int, str] = {}
        for place in range(count):
            home = place % len(clusters)
            draws = generator.random(8).tolist()
            rounds = place // len(clusters)
            plan = _Plan(f"R{len(made) + 1:05d}", kind, clusters.all[home], home, rounds)
            resource = _resource(plan, draws, first=first)
            seen = names.get(resource.name, 0)
            names[resource.name] = seen + 1
            made.append(resource if not seen else _renamed(resource, seen + 1))
    return tuple(made)


def _counts(total: int, clusters: int) -> list[tuple[str, int]]:
    """Resources by kind, each at least once; courses take what rounding leaves, two per cluster if they can."""
    counts = {kind: max(1, int(total * share)) for kind, share in SHARES[1:]}
    while total - sum(counts.values()) < 2 * clusters and max(counts.values()) > 1:
        counts[max(counts, key=lambda kind: (counts[kind], kind))] -= 1
    return [("course", total - sum(counts.values())), *((kind, counts[kind]) for kind, _ in SHARES[1:])]


class _Plan(NamedTuple):
    """What is settled of a resource: its cluster, and how many of its kind the cluster has already."""

    code: str
    kind: str
    cluster: Cluster
    home: int
    rounds: int


def _resource(plan: _Plan, draws: list[float], *, first: dict[int, str]) -> Resource:
    code, kind, cluster, home, rounds = plan
    core = [skill.slug for skill in cluster.asked if skill.kind == "core"]
    others = [skill.slug for skill in cluster.asked if skill.kind != "core"]
    step = rounds % 3 if kind == "course" else int(draws[0] * 3)
    lead = core[rounds % len(core)]
    # One to six skills: a leading core skill, sometimes a second, then others of the cluster.
    taught = [lead]
    if draws[1] < 0.5:
        taught.append(core[(rounds + 1) % len(core)])
    extra = int(draws[2] * (3 if kind == "course" else 4.99))
    start = int(draws[3] * len(others))
    taught += [others[(start + place) % len(others)] for place in range(min(extra, len(others)))]
    level = STEPS[step][2]
    skills = tuple((slug, round(max(0.2, level - 0.05 * place), 2)) for place, slug in enumerate(dict.fromkeys(taught)))
    hours = 16 + 8 * int(draws[4] * 7)
    after = first.get(home, "") if kind == "course" and step > 0 and draws[5] < 0.5 else ""
    if kind == "course" and step == 0:
        first.setdefault(home, code)
    entry = VOCABULARY.skills[lead]
    pattern = STEPS[step][:2] if kind == "course" else NAMES[kind]
    chinese = draws[6] < 0.65
    name = pattern[1 if chinese else 0].format(en=entry.name[:1].upper() + entry.name[1:], zh=entry.zh)
    return Resource(
        code=code,
        kind=kind,
        name=name,
        home=home,
        skills=skills,
        step=step,
        hours=hours,
        credits=hours / 16 if kind in ("course", "practicum") else 0.0,
        after=after,
        score_max=150 if kind == "course" and draws[7] < 0.05 else 100,
    )


def _renamed(resource: Resource, number: int) -> Resource:
    return replace(resource, name=f"{resource.name} ({number})")


def supply_weights(courses: list[Resource], clusters: Clusters) -> np.ndarray:
    """How much of the core of each cluster a course trains, 0 to 1, [courses, clusters]."""
    asking: dict[str, list[tuple[int, float]]] = {}
    for number, cluster in enumerate(clusters.all):
        for slug, weight in cluster.core().items():
            asking.setdefault(slug, []).append((number, weight))
    weights = np.zeros((len(courses), len(clusters)))
    for row, course in enumerate(courses):
        for slug, _ in course.skills:
            for number, weight in asking.get(slug, ()):
                weights[row, number] += weight
    return weights


def rows(world: World, resources: tuple[Resource, ...], *, clusters: Clusters) -> list[list[str]]:
    """Rows of resources.csv: all kinds but policies."""
    generator = world.generator("resources").spawn(1)[0]
    window, all_clusters = world.window, clusters.all
    return [
        _row(resource, all_clusters[resource.home].code, window=window, draws=generator.random(4).tolist())
        for resource in resources
        if resource.kind != "policy"
    ]


def policy_rows(world: World, resources: tuple[Resource, ...], *, clusters: Clusters) -> list[list[str]]:
    """Rows of policies.csv."""
    generator = world.generator("resources").spawn(2)[1]
    found = []
    for resource in resources:
        if resource.kind != "policy":
            continue
        draws = generator.random(3).tolist()
        start = world.window.start + int(draws[0] * world.months) - 12
        level = ("macro", "meso", "micro")[int(draws[1] * 3)]
        found.append(
            [
                resource.code, resource.name, level, _description(resource), _skills(resource),
                clusters.all[resource.home].code, ISSUERS[level], first_day(start).isoformat(),
                first_day(start + 24 + int(draws[2] * 36)).isoformat(), "",
            ]
        )  # fmt: skip
    return found


def _row(resource: Resource, cluster: str, *, window: Window, draws: list[float]) -> list[str]:
    timed = resource.kind in ("competition", "fair")
    month = window.start + int(draws[0] * window.months)
    begins = first_day(month).isoformat() if timed else ""
    ends = first_day(month + 1).isoformat() if timed else ""
    term = term_label(window.terms[int(draws[1] * len(window.terms))]) if resource.kind == "guidance" else ""
    provider = ("Synthetic University of Pinghe", "合成产业学院", "Synthetic Training Partner")[int(draws[2] * 3)]
    return [
        resource.code, resource.kind, resource.name, _description(resource), _skills(resource),
        cluster, resource.after, str(resource.hours),
        f"{resource.credits:g}" if resource.credits else "", term, str(20 + 10 * int(draws[3] * 12)), provider,
        AUDIENCES[min(resource.step + 1, 4)] if resource.step else AUDIENCES[0], begins, ends, "", "",
    ]  # fmt: skip


def _description(resource: Resource) -> str:
    names = ", ".join(VOCABULARY.skills[slug].name for slug, _ in resource.skills)
    return f"Synthetic {resource.kind}: {names}; {resource.hours} hours."


def _skills(resource: Resource) -> str:
    return "; ".join(f"{VOCABULARY.skills[slug].name}:{level:g}" for slug, level in resource.skills)
