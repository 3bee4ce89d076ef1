"""What a rule across records finds, and how rules walk through records."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.catalog.layout import RECORD_TYPES
from kg.model import Catalog, Record

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something wrong with one record.

    Attributes:
        kind: Kind of the record.
        key: Its id.
        steps: Where in the record.
        message: What is wrong.
        hint: What to do.
    """

    kind: str
    key: str
    steps: Steps
    message: str
    hint: str = ""


Rule = Callable[[Catalog], Iterator[Finding]]
# Field name -> kind of record that its slug must name.
LINKS: Mapping[str, str] = {
    "paper": "paper",
    "language": "language",
    "framework": "framework",
    "license": "license",
    "task": "task",
    "dataset": "dataset",
    "method": "method",
    "methods": "method",
    "venue": "venue",
    "technologies": "technology",
}


def all_records(catalog: Catalog) -> Iterator[tuple[str, str, Any]]:
    """Every record as (kind, id, record)."""
    for record_type in RECORD_TYPES:
        for key, record in catalog.of_kind(record_type.kind).items():
            yield record_type.kind, key, record


def walk(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str, Any]]:
    """Every field below a model, as (where, field name, value)."""
    if isinstance(value, Record):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if inner is None:
                continue
            yield (*steps, name), name, inner
            yield from walk(inner, (*steps, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from walk(item, (*steps, index))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield (*steps, name), "sources", inner
