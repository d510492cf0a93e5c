"""Passes of a table: rows of a file become drafts, drafts become nodes or relationships."""

import re
from functools import partial
from pathlib import Path

from etl.load import Builder, Loading
from etl.pipeline import Pass
from etl.sources.tables import links, skill_list
from etl.sources.tables.edges import EdgeDrafts, edge_transform
from etl.sources.tables.nodes import NodeDrafts, node_transform
from etl.sources.tables.skills import SKILLS
from etl.sources.tables.table import EdgeTable, NodeTable, Table, covers
from etl.sources.vocabulary import SOURCE as FC
from etl.targets import Fan
from schema.errors import InputError

_SOURCE = re.compile(r"\w[\w.\-]*")


def builders(
    table: Table, path: Path | str, *, source: str, full: bool = False, mode: skill_list.Mode = "extend"
) -> list[Builder]:
    """Return the passes that load a file of a table, for `etl.load.load`.

    Arguments:
        table: declaration of the table.
        path: the file: CSV, TSV, JSON Lines, JSON or Parquet.
        source: name of the source: the prefix of its codes.
        full: True where the file holds all that the source has, so that what is missing gets closed.
        mode: for skills: whether they extend the package's vocabulary or stand in its place.

    Raises:
        InputError: the source's name cannot be a prefix; or, when the passes run, the header does not fit the table.
    """
    if not _SOURCE.fullmatch(source) or source == FC:
        raise InputError(f"source {source!r}", f"letters, digits, '-', '_' and '.', and not {FC!r}")
    if table is SKILLS:
        return skill_list.builders(path, full=full, mode=mode)
    if isinstance(table, NodeTable):
        nodes = partial(_nodes, table, path, full=full)
        return [nodes, *(partial(links.build, table, link, path, full=full) for link in table.links)]
    return [partial(_edges, table, path, full=full)]


def _nodes(table: NodeTable, path: Path | str, loading: Loading, *, full: bool) -> Pass:
    return Pass(
        target=table.target,
        drafts=NodeDrafts(table, path, loading),
        transform=partial(node_transform, table),
        full=full,
        covers=covers(table),
        title=table.name,
    )


def _edges(table: EdgeTable, path: Path | str, loading: Loading, *, full: bool) -> Pass:
    return Pass(
        target=table.targets[0] if len(table.targets) == 1 else Fan(table.targets),
        drafts=EdgeDrafts(table, path, loading),
        transform=partial(edge_transform, table),
        full=full and not table.behaviour,
        covers=covers(table),
        title=table.name,
    )
