"""The mapping file of a source: what its columns and sections mean, where their headings do not say it."""

from typing import Literal

from kg.model.base import Record, Slug, Text

SourceFormat = Literal[
    "auto", "markdown", "csv", "tsv", "bibtex", "ris", "csl-json", "cff", "codemeta", "jsonl", "readme", "xlsx"
]
ColumnRole = Literal[
    "ignore",
    "name",
    "title",
    "authors",
    "year",
    "venue",
    "doi",
    "arxiv",
    "pmid",
    "reference",
    "paper",
    "link",
    "language",
    "category",
    "notes",
]


class ColumnMapping(Record):
    """What a column holds.

    Attributes:
        heading: As the list prints it; case and punctuation do not matter.
        role: What it is.
    """

    heading: Text
    role: ColumnRole


class SectionMapping(Record):
    """What a section of a document holds; ``skip`` leaves its rows out, with that reason."""

    heading: Text
    means: Literal["skip", "methods"]


class ImportMapping(Record):
    """How one source is read, so that importing it again is one command.

    Attributes:
        source: Id in ``sources.yaml``.
        format: What the file is, for ``stkg import --kind``.
    """

    source: Slug
    format: SourceFormat = "auto"
    columns: tuple[ColumnMapping, ...] = ()
    sections: tuple[SectionMapping, ...] = ()
    note: Text | None = None
