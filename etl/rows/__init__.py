"""Rows of a file, whatever its format, encoding and packing, read one at a time in bounded memory."""

from etl.rows.reader import FORMATS, read
from etl.rows.row import BadRow, Row

__all__ = ["FORMATS", "BadRow", "Row", "read"]
