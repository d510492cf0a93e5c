"""Reader of the public occupation-skill demand graphs (Pre-DyGAE, IJCAI 2024), from the zip as it is published."""

import io
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schema.errors import InputError

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
# Entities below this id are occupations, the rest skills.
FIRST_SKILL = 30_000
LARGEST = 10**7


@dataclass(frozen=True, slots=True)
class Demand:
    """Shares of an industry's postings, half-year by half-year.

    Arguments:
        name: the industry.
        occupations, skills: ids in ascending order, [occupations], [skills].
        clusters: cluster of each skill, 0.., [skills].
        shares: share of the occupation's postings that ask for the skill, 0 where none does,
            [half-years, occupations, skills].
    """

    name: str
    occupations: Places
    skills: Places
    clusters: Places
    shares: Floats

    @property
    def half_years(self) -> int:
        """Number of half-years."""
        return len(self.shares)

    def until(self, stop: int) -> "Demand":
        """Return the industry with the half-years before `stop` only: all that may be known to forecast it."""
        return Demand(self.name, self.occupations, self.skills, self.clusters, self.shares[:stop])


def read(path: Path) -> Demand:
    """Read one industry.

    Arguments:
        path: zip file holding `entities.dict`, `skill2cluster.tsv` and `0/triplet_percentage.tsv`, `1/...`, ...

    Raises:
        InputError: the zip or one of its lines is not of the published form; it names file and line.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive, path)
    except (zipfile.BadZipFile, FileNotFoundError) as error:
        raise InputError(str(error), "a zip file as the publisher hands it out", where=str(path)) from error


def _read(archive: zipfile.ZipFile, path: Path) -> Demand:
    entities = _entities(archive, path)
    occupations, skills = entities[entities < FIRST_SKILL], entities[entities >= FIRST_SKILL]
    if not len(occupations) or not len(skills):
        given = f"{len(occupations)} occupations and {len(skills)} skills"
        raise InputError(given, "at least one of each", where=f"{path.name}/entities.dict")
    clusters = _clusters(archive, path, skills=len(skills))
    held = set(archive.namelist())
    count = next(half for half in range(len(held) + 1) if _triplets(half) not in held)
    if not count:
        raise InputError("no half-year", f"a file {_triplets(0)}", where=path.name)
    shares = np.zeros((count, len(occupations), len(skills)))
    for half in range(count):
        _fill(shares[half], archive, path, member=_triplets(half), occupations=occupations, skills=skills)
    return Demand(path.stem, occupations, skills, clusters, shares)


def _triplets(half: int) -> str:
    return f"{half}/triplet_percentage.tsv"


def _lines(archive: zipfile.ZipFile, path: Path, member: str) -> list[tuple[str, list[str]]]:
    """Return place and columns of each line; a line feed ends a line, and an empty last one does not count."""
    try:
        file = io.TextIOWrapper(archive.open(member), encoding="utf-8", newline="\n")
    except KeyError as error:
        raise InputError("there is no such file", "the published files", where=f"{path.name}/{member}") from error
    lines = []
    with file:
        try:
            for number, line in enumerate(file, start=1):
                lines.append((f"{path.name}/{member}:{number}", line.rstrip("\r\n").split("\t")))
        except (UnicodeDecodeError, zipfile.BadZipFile) as error:
            place = f"{path.name}/{member}:{len(lines) + 1}"
            raise InputError(str(error), "UTF-8 text that is whole", where=place) from error
    return lines


def _whole(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InputError(f"{text!r}", "a whole number, zero or more", where=where)
    return int(text)


def _entities(archive: zipfile.ZipFile, path: Path) -> Places:
    known: set[int] = set()
    for where, columns in _lines(archive, path, "entities.dict"):
        if len(columns) != 2:
            raise InputError(f"{len(columns)} columns", "name and entity id", where=where)
        entity = _whole(columns[1], where)
        if entity in known:
            raise InputError(f"entity {entity} a second time", "each entity once", where=where)
        known.add(entity)
    return np.array(sorted(known), dtype=np.int64)


def _clusters(archive: zipfile.ZipFile, path: Path, *, skills: int) -> Places:
    lines = _lines(archive, path, "skill2cluster.tsv")
    if len(lines) != skills:
        raise InputError(
            f"{len(lines)} lines", f"one for each of {skills} skills", where=f"{path.name}/skill2cluster.tsv"
        )
    for where, columns in lines:
        if len(columns) != 1:
            raise InputError(f"{len(columns)} columns", "one cluster number", where=where)
    return np.array([_whole(columns[0], where) for where, columns in lines], dtype=np.int64)


def _fill(
    shares: Floats, archive: zipfile.ZipFile, path: Path, *, member: str, occupations: Places, skills: Places
) -> None:
    row = {int(entity): place for place, entity in enumerate(occupations)}
    column = {int(entity): place for place, entity in enumerate(skills)}
    for where, columns in _lines(archive, path, member):
        if len(columns) != 4:
            raise InputError(f"{len(columns)} columns", "occupation, relation, skill and share", where=where)
        occupation, skill = row.get(_whole(columns[0], where)), column.get(_whole(columns[2], where))
        if occupation is None or skill is None:
            raise InputError(
                f"{columns[0]} and {columns[2]}", "an occupation and a skill of entities.dict", where=where
            )
        try:
            share = float(columns[3])
        except ValueError as error:
            raise InputError(f"{columns[3]!r}", "a share above 0 and up to 1", where=where) from error
        if not (math.isfinite(share) and 0 < share <= 1):
            raise InputError(f"a share of {share}", "above 0 and up to 1", where=where)
        if shares[occupation, skill]:
            raise InputError(f"{columns[0]} and {columns[2]} a second time", "each pair once", where=where)
        shares[occupation, skill] = share


def postings(shares: Floats, *, tolerance: float = 1e-3) -> Floats:
    """Return how many postings each occupation had, as far as its shares tell: the fewest that make all of them counts.

    A share is a count of postings by all postings of the occupation. The smallest share is mostly one posting; where
    it is not, small multiples are tried. Occupations without any share, or with shares that are no counts, get what
    the smallest share says at least.

    Arguments:
        shares: of one half-year, [occupations, skills].
        tolerance: how far a count may lie from a whole number, in postings.

    Returns:
        Postings, >= 0; 0 where no share is known, [occupations].

    >>> postings(np.array([[0.5, 0.0, 0.25], [0.4, 0.6, 0.0], [0.0, 0.0, 0.0]])).tolist()
    [4.0, 5.0, 0.0]
    """
    result = np.zeros(len(shares))
    for place, row in enumerate(shares):
        there = row[row > 0]
        if not len(there):
            continue
        least = 1.0 / there.min()
        for times in range(1, 7):
            total = np.round(least * times)
            if total < LARGEST and np.abs(there * total - np.round(there * total)).max() < tolerance:
                result[place] = total
                break
        else:
            result[place] = least
    return result
