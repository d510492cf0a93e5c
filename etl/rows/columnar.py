"""Rows of Parquet files."""

from collections.abc import Iterator
from typing import IO

import pyarrow
from pyarrow import parquet

from etl.rows.row import BadRow, Row, canonical
from schema.errors import InputError

BATCH = 2048


def read_parquet(stream: IO[bytes], file: str) -> Iterator[Row | BadRow]:
    """Read a Parquet file batch by batch; ``line`` is the number of the record, from 1.

    Errors: InputError where the file is not Parquet or a part of it is broken: its pages cannot be read singly.
    """
    number = 0
    try:
        source = parquet.ParquetFile(stream)
        for batch in source.iter_batches(batch_size=BATCH):
            names = batch.schema.names
            columns = [batch.column(place).to_pylist() for place in range(len(names))]
            for cells in zip(*columns, strict=True):
                number += 1
                row = dict(zip(names, cells, strict=True))
                try:
                    raw = canonical(row)
                except TypeError as error:
                    yield BadRow(file, number, "", f"the row has a cell that cannot be written ({error})", b"")
                    continue
                yield Row(file, number, row, raw)
    except (pyarrow.ArrowException, OSError) as error:
        place = f"{file}:{number + 1}" if number else file
        raise InputError(f"the file is not whole Parquet ({error})", "a Parquet file", where=place) from error
