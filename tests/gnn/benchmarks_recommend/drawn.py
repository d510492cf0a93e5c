"""A drawn university without a graph: two kinds of students, and four job clusters of which each kind takes two."""

import numpy as np
from scipy.sparse import csr_array

from gnn.benchmarks.recommend.facts import KINDS, NEVER, Acts, Careers, Facts, Goods, People, Records

STUDENTS, CLUSTERS, JOBS, RESOURCES, DAYS = 40, 4, 80, 12, 200


def goods(kinds: list[str], cluster: np.ndarray, starts: np.ndarray, *, name: str) -> Goods:
    """Return items, each of one cluster and with the skill of that number."""
    count = len(cluster)
    by = (np.arange(count), cluster)
    return Goods(
        codes=tuple(f"d:{name}{number:03d}" for number in range(count)),
        names=tuple(f"{name} of cluster {number}" for number in cluster.tolist()),
        kind=tuple(kinds),
        cluster=cluster.astype(np.int64),
        prepares=csr_array((np.ones(count), by), shape=(count, CLUSTERS)),
        skills=csr_array((np.full(count, 0.5), by), shape=(count, CLUSTERS)),
        starts=starts.astype(np.float64),
        ends=np.full(count, NEVER),
    )


def facts(seed: int = 0, *, acts: int = 600) -> Facts:
    """Return a university in which students of kind k go to clusters 2k and 2k + 1."""
    draw = np.random.default_rng(seed)
    kind = np.arange(STUDENTS) % 2
    jobs = goods(["Job"] * JOBS, draw.integers(0, CLUSTERS, JOBS), np.sort(draw.integers(0, DAYS, JOBS)), name="job")
    kinds = ["Course", "Project"] * (RESOURCES // 2)
    resources = goods(kinds, np.arange(RESOURCES) // 3, np.zeros(RESOURCES), name="resource")
    rows = []
    for at in np.sort(draw.integers(0, DAYS, acts)).tolist():
        student = int(draw.integers(STUDENTS))
        cluster = 2 * kind[student] + int(draw.integers(2))
        out = np.flatnonzero((jobs.cluster == cluster) & (jobs.starts <= at))
        if len(out) and draw.random() < 0.6:
            rows.append((student, int(draw.choice(out)), KINDS.index("apply"), at))
        else:
            place = int(draw.choice(np.flatnonzero(resources.cluster == cluster)))
            rows.append((student, JOBS + place, KINDS.index("register"), at))
    student, item, what, at = (np.array(column) for column in zip(*rows, strict=True))
    who = np.arange(STUDENTS)
    first = np.zeros(STUDENTS)
    people = People(
        codes=tuple(f"d:S{number:03d}" for number in range(STUDENTS)),
        major=kind.astype(np.int64),
        majors=("d:one", "d:two"),
        admitted=np.full(STUDENTS, -100.0),
        graduates=np.full(STUDENTS, NEVER),
        groups={
            "gender": tuple("female" if number % 3 else "male" for number in range(STUDENTS)),
            "region": ("",) * STUDENTS,
            "difficulty": ("not marked",) * STUDENTS,
        },
        aims=np.stack([who[:10], 2 * kind[:10]]).astype(np.int64),
    )
    goes = 2 * kind + draw.integers(0, 2, STUDENTS)
    return Facts(
        day=NEVER,
        clusters=tuple(f"d:c{number}" for number in range(CLUSTERS)),
        skills=tuple(f"d:s{number}" for number in range(CLUSTERS)),
        words=tuple(f"skill {number}" for number in range(CLUSTERS)),
        people=people,
        jobs=jobs,
        resources=resources,
        acts=Acts(student.astype(np.int64), item.astype(np.int64), what.astype(np.int64), at.astype(np.float64)),
        careers=Careers(who, goes.astype(np.int64), np.full(STUDENTS, DAYS - 20.0), np.zeros(STUDENTS, bool)),
        records=Records(who, (3 * 2 * kind).astype(np.int64), first, first + 50.0, np.full(STUDENTS, 0.8)),
    )
