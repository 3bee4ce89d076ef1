"""The small vocabularies: tasks, data sets, frameworks, languages, licences, technologies, venues, people, sources."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from kg.iris import parse_record_iri, record_iri
from kg.model.base import Commit, Day, Doi, Named, Record, References, Renamable, RepositoryName, Slug, Text, Url


def orcid_check_digit(base: str) -> str:
    """Check digit of an ORCID's first fifteen digits.

    Source:
        ISO/IEC 7064:2003, MOD 11-2, as ORCID uses it.

    Example:
        >>> orcid_check_digit("000000021825009")
        '7'
    """
    total = 0
    for digit in base:
        total = (total + int(digit)) * 2
    remainder = (12 - total % 11) % 11
    return "X" if remainder == 10 else str(remainder)


def _check_orcid(text: str) -> str:
    digits = text.replace("-", "")
    parts = text.split("-")
    if [len(part) for part in parts] != [4, 4, 4, 4] or not digits[:15].isdigit() or not digits.isascii():
        raise ValueError(f"{text!r} is not an ORCID: write 0000-0000-0000-0000")
    if orcid_check_digit(digits[:15]) != digits[15]:
        raise ValueError(f"{text!r} has a wrong check digit: copy the ORCID again")
    return text


Orcid = Annotated[Text, AfterValidator(_check_orcid)]


class Match(Record):
    """The same or a similar concept in another vocabulary."""

    relation: Literal["exact", "close", "broad", "narrow", "related"]
    iri: Url
    label: Text


class Task(Named, Renamable):
    """A problem that methods solve; a concept of the task scheme."""

    broader: tuple[Slug, ...] = ()
    definition: Text
    scope_note: Text | None = None
    matches: tuple[Match, ...] = ()
    sources: References

    @field_validator("id")
    @classmethod
    def _is_free(cls, value: str) -> str:
        if parse_record_iri(record_iri("task", value)) is None:
            raise ValueError(f"{value!r} names the scheme of the tasks: choose another id")
        return value


class Technology(Named, Renamable):
    """A way of measuring molecules with their place in tissue."""

    definition: Text | None = None
    broader: tuple[Slug, ...] = ()
    sources: References


class Dataset(Named, Renamable):
    """A public data set that methods are shown on.

    Attributes:
        accessions: Accession numbers as the archive prints them, such as ``GSE149457``.
        paper: The paper that published the data.
    """

    organism: Text | None = None
    tissue: Text | None = None
    technologies: tuple[Slug, ...] = ()
    accessions: tuple[Text, ...] = ()
    urls: tuple[Url, ...] = ()
    paper: Slug | None = None
    note: Text | None = None
    sources: References


class Framework(Named, Renamable):
    """A software library or framework that methods are built with."""

    homepage: Url | None = None
    language: Slug | None = None
    deep_learning: bool = False
    sources: References


class Language(Named, Renamable):
    """A programming language."""

    sources: References


class License(Named, Renamable):
    """A licence of source code.

    Attributes:
        spdx: Identifier in the SPDX licence list; absent for a licence that is not listed there.
        open_source: Whether OSI lists it; absent when unknown.
    """

    spdx: Annotated[Text, Field(pattern=r"^[A-Za-z0-9.+-]+$")] | None = None
    open_source: bool | None = None
    note: Text | None = None
    sources: References


class Venue(Named, Renamable):
    """A journal, conference or preprint server.

    Attributes:
        doi_prefixes: Beginnings of the DOIs it gives out, such as ``10.1038/s41592``; used to check papers.
    """

    doi_prefixes: tuple[Text, ...] = ()
    sources: References


class Author(Renamable):
    """A person with more than one paper, an ORCID or more than one printed name.

    Attributes:
        evidence: Why all these names and papers are one person.
    """

    id: Slug
    name: Text
    synonyms: tuple[Text, ...] = ()
    orcid: Orcid | None = None
    evidence: Text
    sources: References


class Source(Named):
    """A place that facts are taken from."""

    kind: Literal["list", "catalog", "repository", "document", "index", "web", "curation"]
    repository: RepositoryName | None = None
    commit: Commit | None = None
    url: Url | None = None
    license_note: Text | None = None
    retrieved_on: Day | None = None
    note: Text | None = None


class CodeRepository(Record):
    """The commit at which a public repository was read."""

    name: RepositoryName
    commit: Commit


class ExternalLink(Record):
    """The id that a paper, person or method has at a service that is not ours, on the day it was seen there.

    Attributes:
        iri: A work or author of OpenAlex, or an item of Wikidata.
        record: ``paper/<id>``, ``author/<id>`` or ``method/<id>``.
        seen_on: Day on which the service had it so; such services merge and split their records.
    """

    iri: Annotated[
        Text,
        Field(pattern=r"^(https://openalex\.org/[AW][1-9]\d{0,15}|http://www\.wikidata\.org/entity/Q[1-9]\d{0,15})$"),
    ]
    record: Annotated[Text, Field(pattern=r"^(paper|author|method)/[a-z0-9-]+$")]
    seen_on: Day
    sources: References


class Correction(Record):
    """An error of a source list, and what is right.

    Attributes:
        record: ``method/<id>`` or ``paper/<id>``.
        listed: What the list prints.
        corrected: What is right.
    """

    kind: Slug
    field: Text
    record: Annotated[Text, Field(pattern=r"^(method|paper|dataset|task|framework)/[a-z0-9-]+$")] | None = None
    listed: Text
    corrected: Text
    evidence: References
    note: Text | None = None


class ListEntry(Record):
    """One entry of a source list: what it prints, and what that is."""

    position: Text
    listed: Text
    status: Literal["confirmed", "corrected", "out-of-scope", "unresolved"]
    method: Slug | None = None
    paper: Slug | None = None
    dataset: Slug | None = None
    framework: Slug | None = None
    task: Slug | None = None
    note: Text | None = None
    corrections: tuple[Correction, ...] = ()


class Listing(Record):
    """What one source list says, entry by entry, in its order."""

    source: Slug
    entries: tuple[ListEntry, ...]


__all__ = [
    "Author",
    "CodeRepository",
    "Correction",
    "Dataset",
    "Doi",
    "ExternalLink",
    "Framework",
    "Language",
    "License",
    "ListEntry",
    "Listing",
    "Match",
    "Source",
    "Task",
    "Technology",
    "Venue",
    "orcid_check_digit",
]
