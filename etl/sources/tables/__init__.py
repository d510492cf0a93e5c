"""The tables of an institution, each declared once: templates, documentation and loading derive from that."""

from etl.sources.tables.catalog import TABLES, table
from etl.sources.tables.description import HEADERS, described, page, template
from etl.sources.tables.passes import builders
from etl.sources.tables.table import Column, EdgeTable, NodeTable, Table

__all__ = [
    "HEADERS",
    "TABLES",
    "Column",
    "EdgeTable",
    "NodeTable",
    "Table",
    "builders",
    "described",
    "page",
    "table",
    "template",
]
