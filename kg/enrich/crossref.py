"""Read what Crossref says of a work: https://api.crossref.org."""

from collections.abc import Iterator
from typing import Any, Final

from kg.enrich.works import Person, Related, Work, at, day_of, doi_at, full_name, items_at, orcid_of, text_at, year_of
from kg.importing.text import arxiv_of, clean_doi

_KINDS: Final = {
    "journal-article": "article",
    "proceedings-article": "conference-paper",
    "posted-content": "preprint",
    "book-chapter": "book-chapter",
}


def read_crossref(answer: Any) -> Work:
    """The work of a ``/works/{doi}`` answer; an answer of another shape gives an empty one."""
    message = at(answer, "message")
    title, subtitle = text_at(message, "title", 0), text_at(message, "subtitle", 0)
    kind = _KINDS.get(text_at(message, "type"), "")
    online = at(message, "posted" if kind == "preprint" else "published-online", "date-parts", 0)
    venue = text_at(message, "container-title", 0) or text_at(message, "institution", 0, "name")
    return Work(
        doi=doi_at(message, "DOI"),
        title=title,
        titles=tuple(t for t in (title, f"{title}: {subtitle}" if subtitle else "") if t),
        kind=kind,
        years=tuple(_years(message)),
        published_on=day_of(online),
        venue=venue or text_at(message, "group-title"),
        people=tuple(_people(message)),
        related=tuple(_related(message)),
    )


def _years(message: Any) -> Iterator[int]:
    """Years in print, first known, and online."""
    seen = set()
    for name in ("published-print", "issued", "published-online", "posted", "published"):
        year = year_of(at(message, name, "date-parts", 0, 0))
        if year is not None and year not in seen:
            seen.add(year)
            yield year


def _people(message: Any) -> Iterator[Person]:
    for author in items_at(message, "author"):
        name = full_name(text_at(author, "given"), text_at(author, "family")) or text_at(author, "name")
        suffix = text_at(author, "suffix")
        if name:
            yield Person(f"{name} {suffix}".strip(), orcid_of(at(author, "ORCID")))


def _related(message: Any) -> Iterator[Related]:
    for relation in items_at(message, "relation", "is-preprint-of"):
        doi = clean_doi(text_at(relation, "id"))
        if doi:
            yield Related("journal", doi=doi)
    for relation in items_at(message, "relation", "has-preprint"):
        identifier = text_at(relation, "id")
        is_arxiv = text_at(relation, "id-type") == "arxiv"
        arxiv = arxiv_of(f"arxiv:{identifier.lower().removeprefix('arxiv:')}" if is_arxiv else identifier)
        if arxiv:
            yield Related("preprint", arxiv=arxiv)
        elif doi := clean_doi(identifier):
            yield Related("preprint", doi=doi)
