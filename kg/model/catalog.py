"""The whole catalog in memory, with look-up by kind and id, and where each record stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.iris import slugify
from kg.model.audit import Audit
from kg.model.importing import ImportMapping
from kg.model.method import Benchmark, Method
from kg.model.paper import Paper, PrintedAuthor
from kg.model.vocabularies import (
    Author,
    CodeRepository,
    Dataset,
    ExternalLink,
    Framework,
    Language,
    License,
    Listing,
    Source,
    Task,
    Technology,
    Venue,
)


def author_of(printed: str | PrintedAuthor) -> tuple[str, str]:
    """Printed name and author id of one entry of an author list.

    >>> author_of("Yahui Long")
    ('Yahui Long', 'yahui-long')
    """
    if isinstance(printed, str):
        return printed, slugify(printed)
    return printed.name, printed.author


@dataclass(frozen=True)
class Catalog:
    """Every record, by id.

    Attributes:
        places: ``(kind, id) -> (path, index)`` of each record: the file under ``data/``, with ``/`` between folders,
            and the position in the file's list, or -1 when the file holds this record only.
        unreadable: ``(kind, id)`` of records whose own faults kept them out (``*`` for a whole kind);
            links to them are not reported as well.
    """

    methods: Mapping[str, Method] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    authors: Mapping[str, Author] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
    languages: Mapping[str, Language] = field(default_factory=dict)
    licenses: Mapping[str, License] = field(default_factory=dict)
    technologies: Mapping[str, Technology] = field(default_factory=dict)
    venues: Mapping[str, Venue] = field(default_factory=dict)
    benchmarks: Mapping[str, Benchmark] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    repositories: Mapping[str, CodeRepository] = field(default_factory=dict)
    listings: Mapping[str, Listing] = field(default_factory=dict)
    mappings: Mapping[str, ImportMapping] = field(default_factory=dict)
    externals: Mapping[str, ExternalLink] = field(default_factory=dict)
    audits: Mapping[str, Audit] = field(default_factory=dict)
    places: Mapping[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    unreadable: frozenset[tuple[str, str]] = frozenset()

    def of_kind(self, kind: str) -> Mapping[str, Any]:
        """Records of one kind, as named in IRIs (``method``, ``paper`` …)."""
        table: Mapping[str, Any] = getattr(self, COLLECTIONS[kind])
        return table

    def described_repositories(self) -> dict[str, str]:
        """Repositories that a source record describes: lower-case ``owner/name`` to the source's id."""
        return {s.repository.lower(): key for key, s in sorted(self.sources.items()) if s.repository}

    def is_current(self, kind: str, key: str) -> bool:
        """Whether a record stands: neither withdrawn nor merged. Kinds without a status always do."""
        return getattr(self.of_kind(kind)[key], "status", "current") == "current"

    def former_ids(self) -> dict[tuple[str, str], str]:
        """``(kind, former id) -> id`` of every record that was renamed."""
        return {
            (kind, old): key
            for kind in COLLECTIONS
            for key, record in sorted(self.of_kind(kind).items())
            for old in getattr(record, "former_ids", ())
        }

    def printed_authors(self) -> Iterator[tuple[str, int, str, str]]:
        """Authorships of current papers: (paper id, position from 1, printed name, author id), by paper id."""
        for paper_id in sorted(self.papers):
            if not self.is_current("paper", paper_id):
                continue
            authors = self.papers[paper_id].authors
            for position, printed in enumerate(authors.names if authors else (), start=1):
                name, author = author_of(printed)
                yield paper_id, position, name, author


COLLECTIONS = {
    "method": "methods",
    "paper": "papers",
    "author": "authors",
    "task": "tasks",
    "dataset": "datasets",
    "framework": "frameworks",
    "language": "languages",
    "license": "licenses",
    "technology": "technologies",
    "venue": "venues",
    "benchmark": "benchmarks",
    "source": "sources",
    "repository": "repositories",
    "listing": "listings",
    "mapping": "mappings",
    "external": "externals",
    "audit": "audits",
}
