"""What gaps and lists rest on, as digests: where they are equal, results are, under the rules of a generation."""

import hashlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gnn.ranking.grounds import Grounds
from gnn.ranking.pool import Pool
from gnn.snapshot.gaps import Floats
from schema.scoring import DECIMALS

Digests = NDArray[np.uint64]
_COUNTED = ("completed", "searched", "ventured", "founded")
SIZE = 8
"""Bytes of a digest: that two of a million differ and look alike has a chance of one in ten millions."""


def digest(*parts: bytes) -> int:
    """Return the digest of some bytes as a number."""
    found = hashlib.blake2b(digest_size=SIZE)
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return int.from_bytes(found.digest(), "little")


def of_postings(pool: Pool) -> Digests:
    """Return the digests of the postings of a pool, in its order: of all that a list depends on."""
    known = pool.openings
    found = np.empty(len(pool.places), np.uint64)
    for number, place in enumerate(pool.places.tolist()):
        span = slice(known.starts[place], known.starts[place + 1])
        found[number] = digest(
            known.codes[place].encode(),
            known.cluster[place : place + 1].tobytes(),
            known.released[place : place + 1].tobytes(),
            known.education[place : place + 1].tobytes(),
            known.units[span].tobytes(),
            known.levels[span].tobytes(),
        )
    return found


def of_common(grounds: Grounds) -> bytes:
    """Return the digest of what is the same for all students beside the postings: resources, heat, settings.

    Vectors of clusters and of the resources that it knows are those of the generation.
    """
    world, behaviour = grounds.world, grounds.behaviour
    offers = behaviour.offers
    arrays = (
        behaviour.offered(world, grounds.today),
        world.kinds,
        world.targets.start,
        world.targets.end,
        offers.cluster,
        offers.first.start,
        offers.first.end,
        np.round(behaviour.heat, DECIMALS),
    )
    names = "\n".join((*world.capabilities, "", *world.clusters, "", *world.resources))
    whole = digest(
        grounds.today.isoformat().encode(),
        grounds.config.json.encode(),
        names.encode(),
        *(np.ascontiguousarray(each).tobytes() for each in arrays),
    )
    return whole.to_bytes(SIZE, "little")


def of_students(grounds: Grounds, students: NDArray[np.integer], abilities: Floats, *, common: bytes) -> Digests:
    """Return the digests of some students: of all that gaps and lists depend on beside the postings.

    Arguments:
        grounds: what lists are made on.
        students: places, rising.
        abilities: a_u. [students, units]
        common: from `of_common`.
    """
    world, behaviour = grounds.world, grounds.behaviour
    levels = np.round(abilities, DECIMALS) + 0.0
    majors = world.major[students] if len(world.major) else np.full(len(students), -1)
    studies = grounds.studies
    plain = np.stack(
        [
            majors.astype(float),
            behaviour.profiles.degree[students],
            studies.progress[students],
            *(getattr(studies, name)[students].astype(float) for name in _COUNTED),
        ],
        axis=1,
    )
    actions = behaviour.actions
    deeds = np.stack([actions.kind, actions.item_kind, actions.cluster, actions.at], axis=1).astype(np.int64)
    names = [code.encode() for code in actions.items]
    goals, done = (
        _parts(world.goals.start, world.goals.end, students),
        _parts(grounds.finished.start, grounds.finished.end, students),
    )
    did, items = _parts(actions.student, deeds, students), _parts(actions.student, actions.item, students)
    found = np.empty(len(students), np.uint64)
    for place, (goal, finished, deed, item) in enumerate(zip(goals, done, did, items, strict=True)):
        found[place] = digest(
            common,
            levels[place].tobytes(),
            plain[place].tobytes(),
            goal.tobytes(),
            np.unique(finished).tobytes(),
            deed.tobytes(),
            b"\n".join([names[each] for each in item.tolist()]),
        )
    return found


def _parts(start: NDArray, values: NDArray, students: NDArray[np.integer]) -> Iterator[NDArray]:
    """Yield the values of each student, from arrays that are ordered by student."""
    first, last = np.searchsorted(start, students), np.searchsorted(start, np.asarray(students) + 1)
    for begin, end in zip(first.tolist(), last.tolist(), strict=True):
        yield values[begin:end]
