"""Which file under ``data/`` holds which records."""

from dataclasses import dataclass

from kg.model import (
    Audit,
    Author,
    Benchmark,
    CodeRepository,
    Dataset,
    ExternalLink,
    Framework,
    ImportMapping,
    Language,
    License,
    Listing,
    Method,
    Paper,
    Record,
    Source,
    Task,
    Technology,
    Venue,
)


@dataclass(frozen=True, slots=True)
class RecordType:
    """How one kind of record is stored.

    Attributes:
        kind: Name of the kind, as in IRIs.
        model: The pydantic model.
        place: A folder (``methods/``) with one record a file, or a file (``tasks.yaml``) with a list of them.
        key: The field that identifies a record.
    """

    kind: str
    model: type[Record]
    place: str
    key: str = "id"

    @property
    def is_folder(self) -> bool:
        """Whether each record has a file of its own."""
        return self.place.endswith("/")


RECORD_TYPES = (
    RecordType("method", Method, "methods/"),
    RecordType("paper", Paper, "papers/"),
    RecordType("listing", Listing, "listings/", "source"),
    RecordType("mapping", ImportMapping, "sources/", "source"),
    RecordType("audit", Audit, "audits/"),
    RecordType("author", Author, "authors.yaml"),
    RecordType("task", Task, "tasks.yaml"),
    RecordType("dataset", Dataset, "datasets.yaml"),
    RecordType("framework", Framework, "frameworks.yaml"),
    RecordType("language", Language, "languages.yaml"),
    RecordType("license", License, "licenses.yaml"),
    RecordType("technology", Technology, "technologies.yaml"),
    RecordType("venue", Venue, "venues.yaml"),
    RecordType("benchmark", Benchmark, "benchmarks.yaml"),
    RecordType("source", Source, "sources.yaml"),
    RecordType("repository", CodeRepository, "repositories.yaml", "name"),
    RecordType("external", ExternalLink, "external-ids.yaml", "iri"),
)


def record_type_of(record: Record) -> RecordType:
    """How the kind of a record is stored."""
    return next(record_type for record_type in RECORD_TYPES if record_type.model is type(record))


SCHEMA_FOLDER = "schema"
OTHER_FILES = ("CURATION.md", "LICENSE")
