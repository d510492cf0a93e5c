"""The next day's files of a generated university, for measuring incremental loads.

postings.csv and interactions.csv come out with as many rows as before: the oldest rows make room for the new ones,
some of the kept rows are changed, all others are the same to the byte. At paper size with the defaults these are
126,000 rows, of which 5 % are new and 10 % changed.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from etl.sources.university import clusters, employers
from etl.sources.university.draws import Draws
from etl.sources.university.files import HEADERS, Entry, Table, digest
from etl.sources.university.postings import Slot, Writer
from etl.sources.university.world import World
from schema.errors import InputError, SettingsError

KINDS = ("view", "click", "bookmark", "dismiss")


@dataclass(frozen=True, slots=True)
class Changes:
    """What was written, and how many rows of both files together are new, changed and the same.

    Arguments:
        files: the two files.
        digest: one SHA-256 over both.
        new, changed, same, left_out: rows of both files together; those left out are the oldest of the day before.
    """

    files: tuple[Entry, ...]
    digest: str
    new: int
    changed: int
    same: int
    left_out: int


def changed(world: World, folder: Path, out: Path, *, new: float = 0.05, changed: float = 0.10) -> Changes:
    """Write the next day's postings.csv and interactions.csv.

    Arguments:
        world: the world that was generated.
        folder: where it was generated.
        out: where to write; another folder.
        new: share of the rows that are new, 0 to 1.
        changed: share of the rows that are changed; with `new` at most 1.

    Errors: SettingsError for shares out of range or the same folder; InputError where the files are not those of the
    world.
    """
    if not (0 <= new <= 1 and 0 <= changed <= 1 - new):
        raise SettingsError(f"new {new}, changed {changed}", "shares of at most 1 together", where="changed")
    if folder.resolve() == out.resolve():
        raise SettingsError(f"out {out}", "another folder than the day before's", where="changed")
    draws = Draws(world.generator("changes"))
    files: list[Entry] = []
    totals = [0, 0]
    for name, count in (("postings", world.postings), ("interactions", world.interaction_count)):
        fresh, altered = round(new * count), round(changed * count)
        totals[0] += fresh
        totals[1] += altered
        with Table(out, name) as table:
            touched = {int((number + 0.5) * (count - fresh) / altered) for number in range(altered)}
            change = _changed_posting if name == "postings" else _changed_interaction
            for place, row in enumerate(_rows(folder / f"{name}.csv", name, count=count)):
                if place >= fresh:
                    table.add(change(row, draws) if place - fresh in touched else row)
            if name == "postings":
                table.extend(_new_postings(world, fresh, draws=draws))
            else:
                table.extend(_new_interactions(world, fresh, gone=round(new * world.postings), draws=draws))
        files.append(table.entry())
    total = world.postings + world.interaction_count
    return Changes(tuple(files), digest(files), totals[0], totals[1], total - totals[0] - totals[1], totals[0])


def _rows(path: Path, name: str, *, count: int) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.reader(handle)
            header = ",".join(next(reader, []))
            if header != HEADERS[name]:
                raise InputError(f"header {header!r}", HEADERS[name], where=str(path))
            seen = 0
            for row in reader:
                seen += 1
                yield row
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", "the folder of a generated world") from error
    if seen != count:
        raise InputError(f"{seen} rows", f"{count} rows, as the world has", where=str(path))


def _changed_posting(row: list[str], draws: Draws) -> list[str]:
    """Another number of places, and a longer or shorter text: half of the changes touch what is read for skills."""
    columns = HEADERS["postings"].split(",")
    cells = dict(zip(columns, row, strict=True))
    cells["headcount"] = str(int(cells["headcount"] or 1) + 1 + draws.below(3))
    if draws.next() < 0.5:
        cells["requirements"] += " Updated." if cells["language"] == "en" else "（更新）"
    return [cells[column] for column in columns]


def _changed_interaction(row: list[str], draws: Draws) -> list[str]:
    """The same key with another kind: the record of the behaviour was corrected."""
    kind = draws.choice([each for each in KINDS if each != row[3]])
    return [*row[:3], kind, row[4]]


def _new_postings(world: World, count: int, *, draws: Draws) -> Iterator[list[str]]:
    """Postings of the first days after the window, in all clusters."""
    if count == 0:
        return
    kept = clusters.build(world)
    writer = Writer(world, kept, employers=employers.build(world, kept), draws=draws)
    for number in range(count):
        slot = Slot(world.months, 1 + number * 7 // count, draws.below(len(kept)), number, draws.below(5) - 2, "")
        yield writer.posting(f"P{world.postings + number + 1:07d}", slot).cells()


def _new_interactions(world: World, count: int, *, gone: int, draws: Draws) -> Iterator[list[str]]:
    """Behaviours of the first week after the window, on postings that have not gone."""
    end = f"{world.window.end // 12:04d}-{world.window.end % 12 + 1:02d}"
    for number in range(count):
        student = f"S{draws.below(world.students) + 1:06d}"
        item = f"P{gone + draws.below(world.postings) + 1:07d}"
        second = number * 86_400 // count
        clock = f"{second // 3600:02d}:{second % 3600 // 60:02d}:{second % 60:02d}"
        at = f"{end}-{1 + draws.below(7):02d}T{clock}+08:00"
        yield [f"I{world.interaction_count + number + 1:08d}", student, item, draws.choice(KINDS), at]
