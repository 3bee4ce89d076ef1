"""The record of a paper, with its authors in order and its other versions."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from kg.model.base import Conflict, Day, Doi, Lifecycle, Record, References, Slug, Text, Url, Year

PaperKind = Literal["article", "conference-paper", "preprint", "review", "book-chapter"]
ArxivId = Annotated[Text, StringConstraints(pattern=r"^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})$")]
PubmedId = Annotated[Text, StringConstraints(pattern=r"^[1-9]\d{0,8}$")]


class PrintedAuthor(Record):
    """An author whose identity is not simply the slug of the printed name.

    Attributes:
        name: As printed on the paper.
        author: Id of the person.
    """

    name: Text
    author: Slug


def _form_of_name(value: Any) -> str:
    return "name" if isinstance(value, str) else "person"


AuthorName = Annotated[
    Annotated[Text, Tag("name")] | Annotated[PrintedAuthor, Tag("person")], Discriminator(_form_of_name)
]


class AuthorList(Record):
    """Who wrote the paper, in printed order.

    Attributes:
        complete: False when the source cut the list.
        names: Printed names; a plain name stands for the person whose id is the slug of that name.
        sources: Where the list stands.
    """

    complete: bool
    names: Annotated[tuple[AuthorName, ...], Field(min_length=1)]
    note: Text | None = None
    sources: References


class Version(Record):
    """Another version of the same work: a preprint, or the same paper under another title."""

    kind: Literal["preprint", "journal", "conference", "erratum", "other-title"]
    doi: Doi | None = None
    arxiv: ArxivId | None = None
    title: Text | None = None
    year: Year | None = None
    url: Url | None = None
    sources: References


class Paper(Lifecycle):
    """One work, whatever the number of its versions.

    Attributes:
        title: Title of the version that ``doi``, ``venue`` and ``year`` belong to.
        kind: Kind of that version; absent when no source says what it is.
        year: Year of publication of that version.
        published_on: Day it was first online.
        sources: Sources of the scalar fields, by field name.
    """

    id: Slug
    title: Text
    kind: PaperKind | None = None
    doi: Doi | None = None
    arxiv: ArxivId | None = None
    pmid: PubmedId | None = None
    url: Url | None = None
    venue: Slug | None = None
    year: Year | None = None
    published_on: Day | None = None
    authors: AuthorList | None = None
    versions: tuple[Version, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    sources: dict[Text, References]
