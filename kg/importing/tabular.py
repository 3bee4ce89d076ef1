"""Rows of CSV and TSV files."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from kg.importing.rows import Row, plain_cell

_MAX_FIELD: Final = 200_000


def read_table(text: str, delimiter: str | None = None) -> list[Row]:
    """Rows of delimited text; the first row that is not empty has the headings.

    Args:
        text: The file.
        delimiter: What stands between cells; found in the first row when None.
    """
    return list(_rows(text, delimiter or _delimiter(text)))


def _delimiter(text: str) -> str:
    first = next((line for line in text.split("\n") if line.strip()), "")
    return max(",\t;", key=first.count)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    headings: tuple[str, ...] = ()
    table = 0
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            yield Row(line, "table", headings=headings, table=table, fault=f"cannot be read: {error}")
            continue
        if values is None:
            return
        if not headings:
            if any(value.strip() for value in values):
                headings, table = tuple(value.strip() for value in values), line
            continue
        if not values:
            continue  # an empty line between rows, which CSV does not count
        notes: tuple[str, ...] = ()
        if len(values) > len(headings):
            notes = (f"has {len(values)} cells below {len(headings)} headings; those beyond were not read",)
        cells = tuple(plain_cell(value.strip()) for value in values[: len(headings)])
        yield Row(line, "table", cells, headings, table=table, notes=notes)
