"""Read fields of query rows: absent, empty and single values all become what the graph builders expect."""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]


def text(row: Row, field: str) -> str | None:
    """The field as text, or ``None`` when it is absent or empty."""
    value = row.get(field)
    return None if value is None or value == "" else str(value)


def number(row: Row, field: str) -> int | None:
    """The field as a whole number, or ``None`` when it is absent or empty."""
    value = row.get(field)
    return None if value is None or value == "" else int(value)


def words(row: Row, field: str) -> list[str]:
    """The field as a list without repetitions, in the order given; one plain text counts as one entry."""
    value = row.get(field)
    if value is None or value == "":
        return []
    entries: Iterable[Any] = [value] if isinstance(value, str) else value
    return list(dict.fromkeys(str(entry) for entry in entries if entry is not None and entry != ""))


def last_segment(iri: str) -> str:
    """What follows the last slash or hash of an IRI; stands in for a label nobody gave."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1] or iri
