"""Pydantic records of the catalog. No file access and no RDF in here."""

from kg.model.audit import Audit, AuditedFact
from kg.model.base import Conflict, Record, Sourced, Strength, parse_reference
from kg.model.catalog import COLLECTIONS, Catalog, author_of
from kg.model.importing import ColumnMapping, ImportMapping, SectionMapping
from kg.model.method import Benchmark, Method
from kg.model.paper import AuthorList, Paper, PrintedAuthor, Version
from kg.model.vocabularies import (
    Author,
    CodeRepository,
    Correction,
    Dataset,
    ExternalLink,
    Framework,
    Language,
    License,
    ListEntry,
    Listing,
    Source,
    Task,
    Technology,
    Venue,
)

__all__ = [
    "COLLECTIONS",
    "Audit",
    "AuditedFact",
    "Author",
    "AuthorList",
    "Benchmark",
    "Catalog",
    "CodeRepository",
    "ColumnMapping",
    "Conflict",
    "Correction",
    "Dataset",
    "ExternalLink",
    "Framework",
    "ImportMapping",
    "Language",
    "License",
    "ListEntry",
    "Listing",
    "Method",
    "Paper",
    "PrintedAuthor",
    "Record",
    "SectionMapping",
    "Source",
    "Sourced",
    "Strength",
    "Task",
    "Technology",
    "Venue",
    "Version",
    "author_of",
    "parse_reference",
]
