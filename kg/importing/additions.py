"""Facts of a row that the record it means does not have yet."""

from collections.abc import Iterator

from kg.importing.entries import Entry
from kg.importing.known import Known, arxivs_of, dois_of
from kg.importing.matching import Candidate
from kg.importing.people import agreement


def additions(entry: Entry, match: Candidate, known: Known) -> Iterator[tuple[str, str]]:
    """Field and value of each fact that is new.

    A value that belongs to another record (a DOI of another paper) is no addition; :mod:`kg.importing.findings` reports
    it.
    """
    if match.method:
        yield from _of_method(entry, match.method, known)
    if match.paper:
        yield from _of_identifiers(entry, match.paper, known)
        yield from _of_paper(entry, match.paper, known)


def _of_method(entry: Entry, key: str, known: Known) -> Iterator[tuple[str, str]]:
    method = known.catalog.methods[key]
    for repository in entry.repositories[:1]:
        if method.repository is None and not known.by_repository.get(repository.lower()):
            yield "repository", repository
    if not method.languages and entry.language:
        yield "languages", entry.language


def _of_identifiers(entry: Entry, key: str, known: Known) -> Iterator[tuple[str, str]]:
    paper = known.catalog.papers[key]
    ours = dois_of(paper)
    for doi in entry.dois:
        if doi not in ours and not known.by_doi.get(doi):
            yield ("versions.doi" if ours else "doi"), doi
    for arxiv in entry.arxivs:
        if arxiv not in arxivs_of(paper) and not known.by_arxiv.get(arxiv):
            yield "arxiv", arxiv
    for pmid in entry.pmids[:1]:
        if paper.pmid is None and known.by_pmid.get(pmid, {key}) == {key}:
            yield "pmid", pmid


def _of_paper(entry: Entry, key: str, known: Known) -> Iterator[tuple[str, str]]:
    paper = known.catalog.papers[key]
    if paper.year is None and entry.year:
        yield "year", str(entry.year)
    if paper.venue is None and entry.venue:
        yield "venue", entry.venue
    names, listed = known.authors(key), list(entry.authors)
    if entry.authors_cut or len(listed) < 2:
        return
    complete = paper.authors is not None and paper.authors.complete
    if not names or (not complete and len(listed) > len(names) and agreement(names, listed) >= 0.9):
        yield "authors", "; ".join(listed)
