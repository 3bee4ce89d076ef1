"""Statements about papers, their versions and authors."""

from typing import Final

from kg.iris import part_iri, record_iri
from kg.model import Author, Paper, Version, author_of
from kg.projection.methods import add_conflicts, add_lifecycle
from kg.projection.record import RecordGraph, doi_url
from kg.projection.terms import (
    DCTERMS,
    FABIO,
    FOAF,
    RDFS,
    SCHEMA,
    SKOS,
    STKG,
    boolean,
    day,
    integer,
    node,
    text,
)

_FABIO_CLASSES: Final = {
    "article": "JournalArticle",
    "conference-paper": "ConferencePaper",
    "preprint": "Preprint",
    "review": "ReviewArticle",
    "book-chapter": "BookChapter",
}


def add_paper(graph: RecordGraph, paper: Paper) -> None:
    """State everything about one paper."""
    subject, sources = graph.subject, paper.sources
    kind = [FABIO(_FABIO_CLASSES[paper.kind])] if paper.kind else []
    graph.type(subject, STKG("Paper"), SCHEMA("ScholarlyArticle"), *kind)
    graph.add(subject, RDFS("label"), text(paper.title))
    graph.add(subject, STKG("paperKind"), text(paper.kind) if paper.kind else None)
    graph.fact(DCTERMS("title"), text(paper.title), sources.get("title", ()))
    for field, name, value in (
        ("doi", "doi", paper.doi),
        ("arxiv", "arxivId", paper.arxiv),
        ("pmid", "pmid", paper.pmid),
        ("scope_note", "scopeNote", paper.scope_note),
    ):
        graph.fact(STKG(name), text(value) if value else None, sources.get(field, ()))
    graph.fact(SCHEMA("url"), node(paper.url) if paper.url else None, sources.get("url", ()))
    venue = node(record_iri("venue", paper.venue)) if paper.venue else None
    graph.fact(STKG("publishedIn"), venue, sources.get("venue", ()))
    graph.fact(STKG("year"), integer(paper.year) if paper.year else None, sources.get("year", ()))
    issued = day(paper.published_on) if paper.published_on else None
    graph.fact(DCTERMS("issued"), issued, sources.get("published_on", ()))
    for page in _pages(paper.doi, paper.arxiv, paper.pmid):
        graph.add(subject, SCHEMA("sameAs"), node(page))
    add_lifecycle(graph, paper)
    _add_authors(graph, paper)
    for number, version in enumerate(paper.versions, start=1):
        _add_version(graph, paper, number, version)
    add_conflicts(graph, paper.conflicts)


def _pages(doi: str | None, arxiv: str | None, pmid: str | None = None) -> list[str]:
    found = [doi_url(doi)] if doi else []
    found += [f"https://arxiv.org/abs/{arxiv}"] if arxiv else []
    return [*found, *([f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"] if pmid else [])]


def _add_authors(graph: RecordGraph, paper: Paper) -> None:
    authors = paper.authors
    if authors is None:
        return
    graph.add(graph.subject, STKG("authorListComplete"), boolean(authors.complete))
    for position, printed in enumerate(authors.names, start=1):
        name, author_id = author_of(printed)
        author = node(record_iri("author", author_id))
        part = node(part_iri("paper", paper.id, "authorship", position))
        graph.add(graph.subject, STKG("author"), author)
        graph.add(graph.subject, STKG("hasAuthorship"), part)
        graph.type(part, STKG("Authorship"))
        graph.add(part, STKG("ofAuthor"), author)
        graph.add(part, STKG("position"), integer(position))
        graph.add(part, STKG("nameAsPrinted"), text(name))
        graph.add(part, STKG("note"), text(authors.note) if authors.note else None)
        graph.evidence(part, authors.sources)
        if author_id not in graph.catalog.authors:
            # A person with one paper and nothing else to say about needs no record of their own.
            graph.type(author, STKG("Author"), FOAF("Person"), SCHEMA("Person"))
            graph.add(author, RDFS("label"), text(name))


def _add_version(graph: RecordGraph, paper: Paper, number: int, version: Version) -> None:
    part = node(part_iri("paper", paper.id, "version", number))
    graph.add(graph.subject, STKG("hasVersion"), part)
    graph.type(part, STKG("PaperVersion"))
    graph.add(part, STKG("versionKind"), text(version.kind))
    graph.add(part, STKG("doi"), text(version.doi) if version.doi else None)
    graph.add(part, STKG("arxivId"), text(version.arxiv) if version.arxiv else None)
    graph.add(part, DCTERMS("title"), text(version.title) if version.title else None)
    graph.add(part, STKG("year"), integer(version.year) if version.year else None)
    graph.add(part, SCHEMA("url"), node(version.url) if version.url else None)
    graph.add(part, RDFS("label"), text(f"{version.kind} of {paper.id}"))
    for page in _pages(version.doi, version.arxiv):
        graph.add(part, SCHEMA("sameAs"), node(page))
    graph.evidence(part, version.sources)


def add_author(graph: RecordGraph, author: Author) -> None:
    """State everything about a person who has a record."""
    subject = graph.subject
    graph.type(subject, STKG("Author"), FOAF("Person"), SCHEMA("Person"))
    graph.add(subject, RDFS("label"), text(author.name))
    for synonym in author.synonyms:
        graph.add(subject, SKOS("altLabel"), text(synonym))
    if author.orcid:
        graph.add(subject, STKG("orcid"), text(author.orcid))
        graph.add(subject, SCHEMA("sameAs"), node(f"https://orcid.org/{author.orcid}"))
    graph.add(subject, STKG("identityEvidence"), text(author.evidence))
    graph.evidence(subject, author.sources)
