"""Read what OpenAlex says of a work or a person: https://developers.openalex.org.

ORCIDs are left out: OpenAlex also assigns them by its own guess who is who.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from kg.enrich.works import Person, Work, at, doi_at, full_name, items_at, text_at, year_of

_KINDS: Final = {"article": "article", "preprint": "preprint", "review": "review", "book-chapter": "book-chapter"}
_ID: Final = re.compile(r"https://openalex\.org/[AW][1-9]\d{0,15}")


def read_openalex_work(answer: Any) -> Work:
    """The work of a ``/works/doi:{doi}`` answer; an answer of another shape gives an empty one."""
    title = text_at(answer, "title") or text_at(answer, "display_name")
    year = year_of(at(answer, "publication_year"))
    pmid = re.search(r"(?:^|/)([1-9]\d{0,8})/?$", text_at(answer, "ids", "pmid"))
    return Work(
        doi=doi_at(answer, "doi"),
        title=title,
        titles=(title,) if title else (),
        kind=_KINDS.get(text_at(answer, "type"), ""),
        years=(year,) if year else (),
        venue=text_at(answer, "primary_location", "source", "display_name"),
        people=tuple(_people(answer)),
        whole=at(answer, "is_authors_truncated") is not True,
        pmid=pmid[1] if pmid else "",
        external=openalex_id(answer, "W"),
    )


def openalex_id(answer: Any, letter: str) -> str:
    """IRI of the work (``W``) or person (``A``) at OpenAlex, or ``""``."""
    found = text_at(answer, "id")
    return found if _ID.fullmatch(found) and found.rpartition("/")[2][0] == letter else ""


def _people(answer: Any) -> Iterator[Person]:
    for authorship in items_at(answer, "authorships"):
        name = text_at(authorship, "raw_author_name") or text_at(authorship, "author", "display_name")
        family, comma, given = name.partition(",")
        name = full_name(given, family) if comma else name
        if name:
            yield Person(name)
