"""Small catalogs for tests of advice: each begins healthy, and a test breaks one thing."""

import hashlib
from datetime import date
from typing import Any, Final

from kg.doctor import Advice, examine
from kg.model import (
    Author,
    Benchmark,
    Catalog,
    Dataset,
    Framework,
    Listing,
    Method,
    Paper,
    Record,
    Source,
    Task,
)

TODAY: Final = date(2026, 11, 20)
HERE: Final = ["stkg-curation:test"]
Row = tuple[str, list[Record], list[tuple[str, str]]]
LIST: Final = Source.model_validate({"id": "my-list", "label": "My list", "kind": "list"})
_TABLES: Final[dict[type[Record], str]] = {
    Method: "methods",
    Paper: "papers",
    Task: "tasks",
    Dataset: "datasets",
    Framework: "frameworks",
    Listing: "listings",
    Benchmark: "benchmarks",
    Source: "sources",
    Author: "authors",
}


def method(key: str, name: str = "", **fields: Any) -> Method:
    """A method that nothing can be said against, but for what ``fields`` change; None takes a field away."""
    plain: dict[str, Any] = {
        "id": key,
        "name": name or f"Spatial {key}",
        "evidence_level": "repository",
        "papers": [{"paper": f"{key}-paper", "role": "introduces", "sources": HERE}],
        "repository": {
            "url": f"https://github.com/lab-{key}/spatial{key}",
            "last_commit": "2026-01-01",
            "sources": HERE,
        },
        "languages": [{"language": "python", "sources": HERE}],
        "licenses": [{"license": "mit", "sources": HERE}],
        "tasks": [{"task": "mapping", "sources": HERE}],
        "datasets": [{"dataset": "brain", "sources": HERE}],
        "sources": {"name": HERE},
    }
    return Method.model_validate({k: v for k, v in {**plain, **fields}.items() if v is not None})


def _word(text: str) -> str:
    """A word that no other text gives, so that made-up titles are as unlike as real ones."""
    return (
        hashlib.blake2b(text.encode(), digest_size=4).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    )


def paper(key: str, title: str = "", **fields: Any) -> Paper:
    """A paper that nothing can be said against, but for what ``fields`` change; None takes a field away."""
    plain: dict[str, Any] = {
        "id": f"{key}-paper",
        "title": title or f"Spatial {' '.join(_word(key + str(n)) for n in range(6))}",
        "kind": "article",
        "doi": f"10.1000/{key}",
        "year": 2024,
        "authors": {"complete": True, "names": [f"Ada {key.title()}sen", f"Bo {key.title()}sen"], "sources": HERE},
        "sources": {"title": HERE, "doi": HERE, "year": HERE},
    }
    return Paper.model_validate({k: v for k, v in {**plain, **fields}.items() if v is not None})


def task(key: str, **fields: Any) -> Task:
    """A task."""
    return Task.model_validate({"id": key, "label": key.title(), "definition": "d", "sources": HERE, **fields})


def people(*names: Any) -> dict[str, Any]:
    """A whole author list."""
    return {"complete": True, "names": list(names), "sources": HERE}


def repository(name: str, **fields: Any) -> dict[str, Any]:
    """A repository that is no concern, but for what ``fields`` change."""
    return {"url": f"https://github.com/{name}", "last_commit": "2026-01-01", "sources": HERE, **fields}


def catalog(*records: Record) -> Catalog:
    """A catalog of the given records and five healthy methods for the task ``mapping``."""
    tables: Any = {table: {} for table in _TABLES.values()}
    healthy: list[Record] = [task("mapping")]
    brain = {"id": "brain", "label": "Brain", "accessions": ["GSE1"], "sources": HERE}
    healthy.append(Dataset.model_validate(brain))
    for key in ("alpha", "bravo", "charlie", "delta", "foxtrot"):
        healthy += [method(key), paper(key)]
    for record in (*healthy, *records):
        key = record.source if isinstance(record, Listing) else record.id  # type: ignore[attr-defined]
        tables[_TABLES[type(record)]][key] = record
    return Catalog(**tables)


def found(*records: Record) -> list[tuple[str, str]]:
    """(code, id) of all advice for the records and the healthy ones."""
    return [(each.code, each.key) for each in advice(*records)]


def advice(*records: Record) -> list[Advice]:
    """All advice."""
    return examine(catalog(*records), today=TODAY)
