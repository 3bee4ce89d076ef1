"""Read what Europe PMC says of a work: https://europepmc.org/RestfulWebService."""

import re
from collections.abc import Iterator
from typing import Any

from kg.enrich.works import Person, Work, at, day_of, doi_at, full_name, items_at, orcid_of, text_at, year_of


def read_europepmc(answer: Any, *, doi: str = "", pmid: str = "") -> Work:
    """The work of a search answer that has the DOI or PubMed id that was asked for; else an empty one.

    Args:
        answer: The answer of ``/search`` with ``resultType=core``.
        doi: DOI that was asked for.
        pmid: PubMed id that was asked for.
    """
    for found in items_at(answer, "resultList", "result"):
        same = doi_at(found, "doi") == doi if doi else text_at(found, "pmid") == pmid
        if same:
            return _work(found)
    return Work()


def _work(found: Any) -> Work:
    title = text_at(found, "title")
    title = title.removesuffix(".") if not title.endswith("..") else title
    years = [year_of(at(found, "pubYear")), year_of(at(found, "firstPublicationDate"))]
    pmid = text_at(found, "pmid")
    is_preprint = text_at(found, "source") == "PPR"
    venue = text_at(found, "journalInfo", "journal", "title")
    return Work(
        doi=doi_at(found, "doi"),
        title=title,
        titles=(title,) if title else (),
        kind="preprint" if is_preprint else "article" if venue else "",
        years=tuple(dict.fromkeys(year for year in years if year)),
        published_on=day_of(at(found, "firstPublicationDate")),
        venue=venue or text_at(found, "bookOrReportDetails", "publisher"),
        people=tuple(_people(found)),
        pmid=pmid if re.fullmatch(r"[1-9]\d{0,8}", pmid) else "",
    )


def _people(found: Any) -> Iterator[Person]:
    for author in items_at(found, "authorList", "author"):
        name = full_name(text_at(author, "firstName"), text_at(author, "lastName"))
        name = name if text_at(author, "firstName") else text_at(author, "fullName") or name
        is_orcid = text_at(author, "authorId", "type").upper() == "ORCID"
        if name or text_at(author, "collectiveName"):
            orcid = orcid_of(at(author, "authorId", "value")) if is_orcid else ""
            yield Person(name or text_at(author, "collectiveName"), orcid)
