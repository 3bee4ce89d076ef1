"""Turn an engine's answer into rows of plain values."""

from collections.abc import Sequence
from typing import Any

from kg.errors import QueryError
from kg.queries.definition import SEPARATOR, Column
from kg.store import Table

Value = str | int | float | bool | None | list[Any]
Row = dict[str, Value]


def _value(column: Column, text: str) -> Any:
    if column.type == "integer":
        return int(text)
    if column.type == "number":
        return float(text)
    if column.type == "boolean":
        return text in {"true", "1"}
    return text


def _cell(column: Column, term: Any) -> Value:
    text = None if term is None else str(term.value)
    if column.many:
        values = {part for part in (text or "").split(SEPARATOR) if part}
        if column.ordered:
            return [_value(column, value.partition(" ")[2]) for value in sorted(values)]
        return sorted((_value(column, part) for part in values), key=_sort_key)
    if text is None or (text == "" and column.type != "string"):
        return None
    found: Value = _value(column, text)
    return found


def _sort_key(value: Any) -> tuple[str, str]:
    return (str(value).casefold(), str(value))


def rows_of(table: Table, columns: Sequence[Column]) -> list[Row]:
    """Rows as dicts in the order of ``columns``.

    Args:
        table: Answer of an engine.
        columns: How to read each variable.

    Returns:
        One dict a solution: strings, numbers, truth values, lists for columns with many values (sorted, without
        repeats), None where nothing is known.

    Raises:
        QueryError: The answer does not have the columns that the definition promises.
    """
    try:
        places = [(column, list(table.variables).index(column.name)) for column in columns]
    except ValueError as error:
        raise QueryError(f"the answer lacks a column of the definition: {error}") from error
    return [{column.name: _cell(column, row[place]) for column, place in places} for row in table.rows]
