"""Job clusters of the synthetic world: which occupations exist, what they ask for, and which lie close together."""

import csv
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from etl.sources.university.world import World
from schema.errors import SettingsError
from schema.vocabulary import VOCABULARY

NEIGHBOURS = 3
TRANSVERSAL = "transversal"
# Kind of skill, weight of the first, how much less each further one weighs, level asked for.
KINDS = (("core", 0.92, 0.05, 0.8), ("supporting", 0.42, 0.05, 0.55), ("emerging", 0.22, 0.0, 0.4))
# Beyond the written occupations come variants of them, in this order.
VARIANTS = (
    ("senior", "Senior", "高级", 1.6), ("assistant", "Assistant", "助理", 0.7), ("overseas", "Overseas", "海外", 1.3),
    ("trainee", "Trainee", "实习", 0.5), ("regional", "Regional", "区域", 1.1), ("campus", "Campus", "校园", 0.8),
    ("chief", "Chief", "首席", 2.2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One skill that a cluster asks for.

    Arguments:
        slug: slug of the skill in the vocabulary.
        weight: chance that a posting of the cluster mentions it, 0 to 1, when the mood is neutral.
        level: level that is asked for, 0 to 1.
        kind: core, supporting, emerging or transversal.
    """

    slug: str
    weight: float
    level: float
    kind: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One job cluster; pay is the middle of a month's pay in thousand CNY, isced the education level asked for."""

    code: str
    name: str
    zh: str
    field: str
    isco: str
    industries: tuple[str, ...]
    pay: float
    isced: int
    asked: tuple[Asked, ...]
    aliases_en: tuple[str, ...]
    aliases_zh: tuple[str, ...]

    def core(self) -> dict[str, float]:
        """Weights of the core skills, which sum to 1."""
        held = {skill.slug: skill.weight for skill in self.asked if skill.kind == "core"}
        total = sum(held.values())
        return {slug: weight / total for slug, weight in held.items()}


@dataclass(frozen=True, slots=True)
class Clusters:
    """All clusters of a world.

    Arguments:
        all: the clusters, in the order of their numbers.
        neighbours: numbers of the nearest clusters by shared skills, [clusters, k].
        nearness: their weights, rows sum to 1, [clusters, k].
        demand: demanded level by capability unit, 0 to 1, [clusters, units].
        units: slugs of the capability units, in the order of the columns of `demand`.
    """

    all: tuple[Cluster, ...]
    neighbours: np.ndarray
    nearness: np.ndarray
    demand: np.ndarray
    units: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.all)


def build(world: World) -> Clusters:
    """The clusters of a world, spread evenly over the fields. Errors: SettingsError where there are not so many."""
    written = occupations()
    chosen = _spread(written)
    limit = len(chosen) * (1 + len(VARIANTS))
    if world.clusters > limit:
        raise SettingsError(f"clusters {world.clusters}", f"at most {limit}", where="World")
    generator = world.generator("clusters")
    while len(chosen) < world.clusters:
        variant = VARIANTS[len(chosen) // len(written) - 1]
        chosen.append(_variant(chosen[len(chosen) % len(written)], variant))
    clusters = tuple(_with_transversal(cluster, generator) for cluster in chosen[: world.clusters])
    units = tuple(VOCABULARY.units)
    neighbours, nearness = _nearest(clusters)
    return Clusters(clusters, neighbours, nearness, _demand(clusters, units), units)


def occupations() -> list[Cluster]:
    """The written occupations, each skill of which is in the vocabulary. Errors: SettingsError."""
    path = Path(__file__).with_name("occupations.tsv")
    with path.open(encoding="utf-8", newline="") as handle:
        return [_cluster(row) for row in csv.DictReader(handle, delimiter="\t")]


def _cluster(row: dict[str, str]) -> Cluster:
    asked: list[Asked] = []
    for kind, top, step, level in KINDS:
        for place, slug in enumerate(_split(row[kind])):
            if slug not in VOCABULARY.skills:
                given = f"skill {slug!r} of {row['code']!r}"
                raise SettingsError(given, "a skill of the vocabulary", where="occupations.tsv")
            asked.append(Asked(slug, max(top - step * place, 0.15), level, kind))
    return Cluster(
        code=row["code"],
        name=row["name"],
        zh=row["zh"],
        field=row["field"],
        isco=row["isco"],
        industries=tuple(_split(row["isic"])),
        pay=float(row["pay"]),
        isced=int(row["isced"]),
        asked=tuple(asked),
        aliases_en=tuple(_split(row["aliases_en"])),
        aliases_zh=tuple(_split(row["aliases_zh"])),
    )


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _spread(written: list[Cluster]) -> list[Cluster]:
    """One of each field, then the second of each, and so on: a small world has all fields too."""
    by_field: dict[str, list[Cluster]] = {}
    for cluster in written:
        by_field.setdefault(cluster.field, []).append(cluster)
    deepest = max(len(held) for held in by_field.values())
    return [held[place] for place in range(deepest) for held in by_field.values() if place < len(held)]


def _variant(cluster: Cluster, variant: tuple[str, str, str, float]) -> Cluster:
    prefix, name, zh, pay = variant
    return replace(
        cluster,
        code=f"{prefix}-{cluster.code}",
        name=f"{name} {cluster.name}",
        zh=f"{zh}{cluster.zh}",
        pay=round(cluster.pay * pay, 1),
        aliases_en=tuple(f"{name} {alias}" for alias in cluster.aliases_en),
        aliases_zh=tuple(f"{zh}{alias}" for alias in cluster.aliases_zh),
    )


def _with_transversal(cluster: Cluster, generator: np.random.Generator) -> Cluster:
    field = next(field for field in VOCABULARY.fields if field.code == TRANSVERSAL)
    held = [skill.slug for skill in cluster.asked]
    free = [skill.code for skill in field.skills if skill.code not in held]
    picks = generator.permutation(len(free))[:2]
    extra = tuple(Asked(free[int(pick)], 0.3, 0.5, TRANSVERSAL) for pick in picks)
    return replace(cluster, asked=cluster.asked + extra)


def _nearest(clusters: tuple[Cluster, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The nearest clusters by cosine of their skills, rare skills counting more."""
    particular = [cluster.asked for cluster in clusters]
    spread: dict[str, int] = {}
    for asked in particular:
        for skill in asked:
            spread[skill.slug] = spread.get(skill.slug, 0) + 1
    vectors = [
        {skill.slug: skill.weight * math.log(1 + len(clusters) / spread[skill.slug]) for skill in asked}
        for asked in particular
    ]
    lengths = [math.sqrt(sum(value * value for value in vector.values())) for vector in vectors]
    width = min(NEIGHBOURS, len(clusters) - 1)
    indices = np.zeros((len(clusters), width), dtype=np.int64)
    weights = np.zeros((len(clusters), width))
    for one, vector in enumerate(vectors):
        near = [cluster.field == clusters[one].field for cluster in clusters]
        scores = [
            -1.0 if two == one else _likeness(vector, other, lengths=lengths[one] * lengths[two], same=near[two])
            for two, other in enumerate(vectors)
        ]
        order = sorted(range(len(clusters)), key=lambda two: (-scores[two], two))[:width]
        # Clusters of a small world may share nothing with any other: then all weigh the same, little as it is.
        kept = [max(scores[two], 0.001) for two in order]
        indices[one] = order
        weights[one] = [score / sum(kept) for score in kept]
    return indices, weights


def _likeness(one: dict[str, float], two: dict[str, float], *, lengths: float, same: bool) -> float:
    """Cosine, with a touch for the same field, so that ties do not go to strangers."""
    shared = sum(value * two.get(slug, 0.0) for slug, value in one.items())
    return round(shared / lengths + (0.02 if same else 0.0), 9)


def _demand(clusters: tuple[Cluster, ...], units: tuple[str, ...]) -> np.ndarray:
    """Demanded level by unit: the level of each skill, times its weight in the unit, the most demanded unit at 0.9."""
    place = {unit: column for column, unit in enumerate(units)}
    demand = np.zeros((len(clusters), len(units)))
    for row, cluster in enumerate(clusters):
        for skill in cluster.asked:
            for unit, weight in VOCABULARY.skills[skill.slug].units:
                demand[row, place[unit]] += skill.level * skill.weight * weight
    scaled: np.ndarray = np.round(0.9 * demand / demand.max(axis=1, keepdims=True), 6)
    return scaled
