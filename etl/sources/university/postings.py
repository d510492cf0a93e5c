"""Postings of the synthetic world, in order of release: who asks for what, in which words, under which faults."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import numpy as np

from etl.sources.university import dirt
from etl.sources.university.calendar import days, first_day, month_label
from etl.sources.university.clusters import Cluster, Clusters
from etl.sources.university.draws import Draws
from etl.sources.university.dynamics import BURN_IN, Demand
from etl.sources.university.employers import PLACES, Employers
from etl.sources.university.files import HEADERS
from etl.sources.university.scene import Scene
from etl.sources.university.text import Asking, Composer
from etl.sources.university.wording import Wording
from etl.sources.university.world import World
from schema.vocabulary import VOCABULARY

COLUMNS = HEADERS["postings"].split(",")
CHINESE = 0.65
TONES = 2


@dataclass(frozen=True, slots=True)
class Posting:
    """One row of postings.csv with what is true about it.

    Arguments:
        row: cells by column.
        cluster, month: numbers; months are counted from the start of the window.
        tone: mood of its wording, -2 to 2.
        mentions: (slug or made-up name, kind, words).
        fault: what was planted, empty for a clean one.
        copy_of: code of the posting that it copies, or empty.
    """

    row: dict[str, str]
    cluster: int
    month: int
    tone: int
    mentions: tuple[tuple[str, str, str], ...]
    fault: str
    copy_of: str

    def cells(self) -> list[str]:
        """Cells in order of the columns."""
        return [self.row[column] for column in COLUMNS]


class Slot(NamedTuple):
    """What is settled of a posting: month of the window from 0, day from 1, cluster, place within, mood, fault."""

    month: int
    day: int
    cluster: int
    place: int
    tone: int
    fault: str


def tones(demand: Demand) -> np.ndarray:
    """Sum of the tones of the postings by cluster and month, [clusters, months].

    The running sum of mood times postings is rounded, so that the mean tone of a month or a quarter is the mood but for
    a fraction of one posting's tone.
    """
    wanted = np.round(demand.mood[:, BURN_IN:] * demand.counts, 6)
    edges = np.floor(np.round(np.cumsum(wanted, axis=1), 6) + 0.5).astype(np.int64)
    sums = np.diff(edges, axis=1, prepend=0)
    return np.asarray(np.clip(sums, -TONES * demand.counts, TONES * demand.counts))


def produce(scene: Scene) -> Iterator[Posting]:
    """All postings with their copies, in order of release, coded P and a running number."""
    world, clusters, demand = scene.world, scene.clusters, scene.demand
    draws = Draws(world.generator("postings"))
    writer = Writer(world, clusters, employers=scene.employers, draws=draws)
    sums = tones(demand)
    faults = dirt.plan(world, int(demand.counts.sum()))
    offsets = np.cumsum(demand.counts.ravel()).reshape(demand.counts.shape) - demand.counts
    made, start = 0, world.window.start
    for month in range(world.months):
        slots: list[Slot] = []
        for cluster in range(len(clusters)):
            count = int(demand.counts[cluster, month])
            for place, tone in enumerate(spread_tones(int(sums[cluster, month]), count, draws=draws)):
                fault = faults.get(int(offsets[cluster, month]) + place, "")
                slots.append(Slot(month, 1 + draws.below(days(start + month)), cluster, place, tone, fault))
        for slot in sorted(slots):
            made += 1
            posting = writer.posting(f"P{made:07d}", slot)
            yield posting
            if slot.fault.endswith("duplicates"):
                made += 1
                yield writer.copy(posting, f"P{made:07d}", near=slot.fault.startswith("near"))


def spread_tones(total: int, count: int, *, draws: Draws) -> list[int]:
    """Tones of -2 to 2 with the given sum, some further from the mean than need be, in drawn order."""
    if count == 0:
        return []
    low, more = divmod(total, count)
    found = [low + 1] * more + [low] * (count - more)
    for _ in range(count // 3):
        one, two = draws.below(count), draws.below(count)
        if one != two and found[one] < TONES and found[two] > -TONES:
            found[one] += 1
            found[two] -= 1
    return draws.some(found, count)


class Writer:
    """Writes single postings.

    Arguments:
        world, clusters, employers: the world.
        draws: what everything but the sentences is drawn from.
    """

    def __init__(self, world: World, clusters: Clusters, *, employers: Employers, draws: Draws) -> None:
        self._start = world.window.start
        self._clusters = clusters
        self._employers = employers
        self._draws = draws
        self._wording = Wording(draws)
        self._composer = Composer(Draws(world.generator("text")))
        self._by_unit: dict[str, list[str]] = {}
        for slug, skill in VOCABULARY.skills.items():
            self._by_unit.setdefault(skill.units[0][0], []).append(slug)

    def posting(self, code: str, slot: Slot) -> Posting:
        """One posting."""
        month, day, cluster, _, tone, fault = slot
        draws, asked = self._draws, self._clusters.all[cluster]
        employer = self._employers.all[draws.choice(self._employers.by_cluster[cluster])]
        place = PLACES[employer.place]
        language = "en" if place[3] != "CNY" or draws.next() < 1 - CHINESE / 0.95 else "zh"
        required = self._required(asked, tone)
        unknown = (self._wording.unknown_skill(language),) if fault == "unknown_skills" else ()
        job, title = self._wording.title(asked, place, language=language)
        written = self._composer.write(
            Asking(
                job=job,
                place=place[0] if language == "zh" else place[1],
                language=language,
                tone=tone,
                required=tuple(required),
                optional=tuple(self._optional(asked, required)),
                negated=tuple(self._negated(asked, required)),
                unknown=unknown,
            )
        )
        released = first_day(self._start + month) + timedelta(days=day - 1)
        row = dict.fromkeys(COLUMNS, "")
        row.update(
            code=code,
            title=title,
            responsibilities=written.responsibilities,
            requirements=written.requirements,
            skills=self._tags(required, language),
            education=self._wording.education(asked.isced, language),
            industry=employer.industry.zh if language == "zh" else employer.industry.name,
            location=place[0] if language == "zh" else place[1],
            salary=self._wording.pay(asked.pay, place[3], language=language),
            released_on=self._wording.day(released, language) if not fault else released.isoformat(),
            employer=employer.name,
            headcount=str(1 + draws.below(4)),
            closes_on=(released + timedelta(days=20 + draws.below(40))).isoformat() if draws.next() < 0.2 else "",
            job_cluster=asked.code,
            language=language,
        )
        if fault == "expired":
            row["closes_on"] = (released + timedelta(days=1 + draws.below(10))).isoformat()
        label = dirt.spoil(row, fault, draws=draws) if fault and not fault.endswith("duplicates") else ""
        return Posting(row, cluster, month, tone, written.mentions, label, "")

    def copy(self, posting: Posting, code: str, *, near: bool) -> Posting:
        """The same posting again under another code, word for word or nearly."""
        row = dict(posting.row, code=code)
        if near:
            row["requirements"] = dirt.change_words(row["requirements"], self._draws)
        fault = "near duplicate" if near else "exact duplicate"
        return Posting(row, posting.cluster, posting.month, posting.tone, posting.mentions, fault, posting.row["code"])

    def _required(self, cluster: Cluster, tone: int) -> list[str]:
        """Skills by their chances; emerging ones come with the mood. Never fewer than two."""
        draws = self._draws
        chosen = [
            skill.slug
            for skill in cluster.asked
            if draws.next() < (skill.weight * (1 + 0.45 * tone) if skill.kind == "emerging" else skill.weight)
        ]
        if len(chosen) < 2:
            chosen = [skill.slug for skill in cluster.asked[:2]]
        return draws.some(chosen, min(len(chosen), 8))

    def _optional(self, cluster: Cluster, taken: list[str]) -> list[str]:
        free = [skill.slug for skill in cluster.asked if skill.kind == "supporting" and skill.slug not in taken]
        return self._draws.some(free, self._draws.below(3))

    def _negated(self, cluster: Cluster, taken: list[str]) -> list[str]:
        """Now and then a skill nearby that the cluster does not ask for is waved off."""
        draws = self._draws
        if draws.next() >= 0.3:
            return []
        own = {skill.slug for skill in cluster.asked}
        unit = VOCABULARY.skills[draws.choice(cluster.asked).slug].units[0][0]
        near = [slug for slug in self._by_unit[unit] if slug not in own and slug not in taken]
        return draws.some(near, 1 if draws.next() < 0.8 else 2)

    def _tags(self, required: list[str], language: str) -> str:
        """Some portals let employers tag a few skills; most do not."""
        if self._draws.next() >= 0.12:
            return ""
        return "; ".join(VOCABULARY.names(slug, "zh" if language == "zh" else "en")[0] for slug in required[:2])


def truth_rows(posting: Posting) -> list[list[str]]:
    """Rows of truth/mentions.csv."""
    return [[posting.row["code"], skill, kind, words] for skill, kind, words in posting.mentions]


def truth_row(posting: Posting, clusters: Clusters, *, start: int) -> list[str]:
    """Row of truth/postings.csv; start is the first month of the window."""
    return [
        posting.row["code"], clusters.all[posting.cluster].code, month_label(start + posting.month),
        str(posting.tone), posting.fault, posting.copy_of,
    ]  # fmt: skip


def cluster_rows(clusters: Clusters) -> list[list[str]]:
    """Rows of job_clusters.csv."""
    return [
        [
            cluster.code, cluster.name, cluster.zh, "; ".join(cluster.aliases_en), "; ".join(cluster.aliases_zh),
            "; ".join(f"{VOCABULARY.skills[skill.slug].name}:{skill.level:g}" for skill in cluster.asked), "",
            cluster.isco, "",
        ]
        for cluster in clusters.all
    ]  # fmt: skip


MAPPING = """# Columns of the synthetic postings.csv: field of ours = column of theirs.
[columns]
""" + "".join(f'{column} = "{column}"\n' for column in COLUMNS)
