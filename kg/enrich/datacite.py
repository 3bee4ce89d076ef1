"""Read what DataCite says of a DOI, such as one of arXiv: https://api.datacite.org."""

from collections.abc import Iterator
from typing import Any, Final

from kg.enrich.works import Person, Related, Work, at, day_of, doi_at, full_name, items_at, orcid_of, text_at, year_of
from kg.importing.text import clean_doi

_KINDS: Final = {
    "preprint": "preprint",
    "journalarticle": "article",
    "conferencepaper": "conference-paper",
    "bookchapter": "book-chapter",
}
_ARXIV: Final = "10.48550/"


def read_datacite(answer: Any) -> Work:
    """The work of a ``/dois/{doi}`` answer; an answer of another shape gives an empty one."""
    found = at(answer, "data", "attributes")
    doi = doi_at(found, "doi")
    title = text_at(found, "titles", 0, "title")
    year = year_of(at(found, "publicationYear"))
    days = [
        day_of(at(d, "date")) for d in items_at(found, "dates") if text_at(d, "dateType") in {"Issued", "Available"}
    ]
    publisher = text_at(found, "publisher", "name") or text_at(found, "publisher")
    return Work(
        doi=doi,
        title=title,
        titles=(title,) if title else (),
        kind="preprint"
        if doi.startswith(_ARXIV)
        else _KINDS.get(text_at(found, "types", "resourceTypeGeneral").lower(), ""),
        years=(year,) if year else (),
        published_on=min((day for day in days if day), default=None),
        venue=text_at(found, "container", "title") or publisher,
        people=tuple(_people(found)),
        related=tuple(_related(found)),
    )


def _people(found: Any) -> Iterator[Person]:
    for creator in items_at(found, "creators"):
        name = full_name(text_at(creator, "givenName"), text_at(creator, "familyName"))
        if not name:
            family, comma, given = text_at(creator, "name").partition(",")
            name = full_name(given, family) if comma else family.strip()
        identifiers = [at(one, "nameIdentifier") for one in items_at(creator, "nameIdentifiers") if _is_orcid(one)]
        if name:
            yield Person(name, next((orcid for orcid in map(orcid_of, identifiers) if orcid), ""))


def _is_orcid(identifier: Any) -> bool:
    return text_at(identifier, "nameIdentifierScheme").upper() == "ORCID"


def _related(found: Any) -> Iterator[Related]:
    """The published version: arXiv says that the preprint is a version of it."""
    for one in items_at(found, "relatedIdentifiers"):
        doi = clean_doi(text_at(one, "relatedIdentifier"))
        is_doi = text_at(one, "relatedIdentifierType").upper() == "DOI"
        if doi and is_doi and text_at(one, "relationType") in {"IsVersionOf", "IsPreprintOf"}:
            yield Related("journal", doi=doi)
