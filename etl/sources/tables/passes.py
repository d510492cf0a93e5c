"""Passes of a table: rows of a file become drafts, drafts become nodes or relationships."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from etl.load import Builder, Loading
from etl.pipeline import Pass
from etl.sources.tables import links
from etl.sources.tables.edges import EdgeDrafts, edge_transform
from etl.sources.tables.nodes import NodeDrafts, node_transform
from etl.sources.tables.table import EdgeTable, NodeTable, Table
from etl.targets import Edges, Known
from schema.errors import InputError


def builders(table: Table, path: Path | str, *, source: str, full: bool = False) -> list[Builder]:
    """Return the passes that load a file of a table, for `etl.load.load`.

    Arguments:
        table: declaration of the table.
        path: the file: CSV, TSV, JSON Lines, JSON or Parquet.
        source: name of the source: the prefix of its codes.
        full: True where the file holds all that the source has, so that what is missing gets closed.

    Raises:
        InputError: when the passes run: the header does not fit the table.
    """
    if isinstance(table, NodeTable):
        nodes = partial(_nodes, table, path, source=source, full=full)
        return [nodes, *(partial(links.build, table, link, path, source=source, full=full) for link in table.links)]
    return [partial(_edges, table, target, path, source=source, full=full) for target in table.targets]


def covers(table: Table) -> Callable[[str, Known], bool]:
    """Return whether a full export of a table speaks of a record: one that this table stated."""
    prefix = f"{table.name}:"
    return lambda key, known: known.digest.startswith(prefix)


def _nodes(table: NodeTable, path: Path | str, loading: Loading, *, source: str, full: bool) -> Pass:
    _check_source(loading, source)
    return Pass(
        target=table.target,
        drafts=NodeDrafts(table, path, loading),
        transform=partial(node_transform, table),
        full=full,
        covers=covers(table),
        title=table.name,
    )


def _edges(table: EdgeTable, target: Edges, path: Path | str, loading: Loading, *, source: str, full: bool) -> Pass:
    _check_source(loading, source)
    several = len(table.targets) > 1
    return Pass(
        target=target,
        drafts=EdgeDrafts(table, target, path, loading),
        transform=partial(edge_transform, table),
        full=full and not table.behaviour,
        covers=covers(table),
        title=f"{table.name} {target.end}" if several else table.name,
    )


def _check_source(loading: Loading, source: str) -> None:
    if loading.source != source:
        raise InputError(f"source {loading.source!r} for passes of {source!r}", "the same source")
