"""Papers as BibTeX, RIS and CSL-JSON."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import FormatError, UnknownRecordError
from kg.iris import TERMS, compact, parse_record_iri, slugify

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

STYLES: Final = ("bibtex", "ris", "csl-json")
_QUERY: Final = f"""PREFIX stkg: <{TERMS}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?title ?kind ?year ?venue ?doi ?arxiv ?url ?complete WHERE {{
  <%s> rdfs:label ?title . OPTIONAL {{ <%s> stkg:paperKind ?kind }}
  OPTIONAL {{ <%s> stkg:year ?year }} OPTIONAL {{ <%s> stkg:publishedIn/rdfs:label ?venue }}
  OPTIONAL {{ <%s> stkg:doi ?doi }} OPTIONAL {{ <%s> stkg:arxivId ?arxiv }}
  OPTIONAL {{ <%s> <https://schema.org/url> ?url }} OPTIONAL {{ <%s> stkg:authorListComplete ?complete }}
}} ORDER BY ?url LIMIT 1"""
_AUTHORS: Final = f"""PREFIX stkg: <{TERMS}>
SELECT ?position ?name WHERE {{
  <%s> stkg:hasAuthorship ?a . ?a stkg:position ?position ; stkg:nameAsPrinted ?name
}}"""
_PAPERS: Final = f"PREFIX stkg: <{TERMS}>\nSELECT DISTINCT ?p WHERE {{ <%s> stkg:%s ?p }} ORDER BY ?p"
# "" is a paper of which no source says what it is.
_BIBTEX_TYPES: Final = {
    "conference-paper": "inproceedings",
    "book-chapter": "incollection",
    "preprint": "misc",
    "": "misc",
}
_RIS_TYPES: Final = {"conference-paper": "CONF", "book-chapter": "CHAP", "preprint": "UNPB", "": "GEN"}
_CSL_TYPES: Final = {
    "conference-paper": "paper-conference",
    "book-chapter": "chapter",
    "preprint": "article",
    "": "document",
}
_LATEX: Final = {
    **{c: "\\" + c for c in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
# Particles belong to the family name; a suffix stands behind it.
_PARTICLES: Final = frozenset(
    ["da", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "le", "ten", "ter", "van", "von", "zu"]
)
_GROUPS: Final = frozenset({"consortium", "collaboration", "initiative", "network", "group", "team", "project"})
_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


@dataclass(frozen=True)
class Citation:
    """What the catalog knows of a paper, for a reference list."""

    key: str
    title: str
    kind: str
    year: str | None
    venue: str | None
    doi: str | None
    arxiv: str | None
    url: str | None
    authors: Sequence[str]
    complete: bool


def split_name(name: str) -> tuple[str, str]:
    """Family name and the rest of a printed name; the name of a group stays whole.

    >>> split_name("Jan van der Berg"), split_name("Kok Siong Ang"), split_name("10x Genomics Jr.")
    (('van der Berg', 'Jan'), ('Ang', 'Kok Siong'), ('Genomics', '10x Jr.'))
    >>> split_name("IMAXT Consortium")
    ('IMAXT Consortium', '')
    """
    words = name.split()
    if words and words[-1].casefold() in _GROUPS:
        return name, ""
    suffix = [words.pop()] if len(words) > 2 and words[-1].casefold() in _SUFFIXES else []
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[start:]), " ".join([*words[:start], *suffix])


def cite(graph: "KnowledgeGraph", names: Iterable[str], style: str) -> str:
    """References for methods and papers.

    Args:
        graph: The graph.
        names: Methods (their papers are cited) and papers, as people call them.
        style: One of :data:`STYLES`.

    Raises:
        UnknownRecordError: A name is nothing that has a paper.
        FormatError: There is no such style.
    """
    papers: list[str] = []
    for name in names:
        papers += _papers_of(graph, graph.resolve(name))
    return _write([_citation(graph, iri) for iri in dict.fromkeys(papers)], style)


def cite_rows(graph: "KnowledgeGraph", rows: Sequence[Mapping[str, Any]], style: str) -> str:
    """References for the papers that the rows of an answer name, in the order of the rows."""
    if rows and "paper" not in rows[0]:
        raise FormatError("this query has no paper column: use table, json, csv, tsv or markdown")
    papers = [str(row["paper"]) for row in rows if row["paper"]]
    return _write([_citation(graph, iri) for iri in dict.fromkeys(papers)], style)


def cite_all(graph: "KnowledgeGraph", style: str) -> str:
    """References for every paper on a spatial omics method, sorted by key."""
    found = [_citation(graph, str(row["paper"])) for row in graph.query("papers")]
    return _write(sorted(found, key=lambda citation: citation.key), style)


def _papers_of(graph: "KnowledgeGraph", iri: str) -> list[str]:
    parsed = parse_record_iri(iri)
    if parsed is not None and parsed[0] == "paper":
        return [iri]
    for relation in ("introducedIn", "describedIn"):
        rows: Sequence[Any] = graph.store.select(_PAPERS % (iri, relation)).rows
        if rows:
            return [str(row[0].value) for row in rows]
    raise UnknownRecordError(f"{compact(iri)} has no paper in the catalog")


def _citation(graph: "KnowledgeGraph", iri: str) -> Citation:
    table: Any = graph.store.select(_QUERY % ((iri,) * 8))
    if not table.rows:
        raise UnknownRecordError(f"{compact(iri)} is not a paper")
    values = [None if term is None else str(term.value) for term in table.rows[0]]
    found = dict(zip(table.variables, values, strict=True))
    people: Any = graph.store.select(_AUTHORS % iri)
    authors = sorted((int(position.value), str(name.value)) for position, name in people.rows)
    parsed = parse_record_iri(iri)
    return Citation(
        key=parsed[1] if parsed else slugify(iri),
        title=found["title"] or "",
        kind=found["kind"] or "",
        year=found["year"],
        venue=found["venue"],
        doi=found["doi"],
        arxiv=found["arxiv"],
        url=found["url"],
        authors=[name for _, name in authors],
        complete=found["complete"] != "false",
    )


def _write(citations: Sequence[Citation], style: str) -> str:
    if style == "bibtex":
        return "\n".join(map(_bibtex, citations))
    if style == "ris":
        return "\n".join(map(_ris, citations))
    if style == "csl-json":
        return json.dumps([_csl(citation) for citation in citations], ensure_ascii=False, indent=2) + "\n"
    raise FormatError(f"there is no format {style!r}: use {', '.join(STYLES)}")


def latex(text: str) -> str:
    r"""Text in which no character means something to LaTeX.

    >>> print(latex("R&D_{x}"))
    R\&D\_\{x\}
    """
    return "".join(_LATEX.get(char, char) for char in text)


def _bibtex(citation: Citation) -> str:
    people = [latex(", ".join(part for part in split_name(name) if part)) for name in citation.authors]
    # Braces keep the name of a group in one piece.
    people = [person if ", " in person or " " not in person else f"{{{person}}}" for person in people]
    authors = " and ".join([*people, *([] if citation.complete else ["others"])])
    place = "booktitle" if citation.kind in {"conference-paper", "book-chapter"} else "journal"
    url = citation.url or (f"https://arxiv.org/abs/{citation.arxiv}" if citation.arxiv and not citation.doi else None)
    fields = {
        # Braces keep the capitals that a style would lower.
        "title": "{" + latex(citation.title) + "}",
        "author": authors if citation.authors else None,
        "howpublished" if citation.kind == "preprint" else place: latex(citation.venue) if citation.venue else None,
        "year": citation.year,
        "doi": citation.doi,
        "eprint": citation.arxiv,
        "archiveprefix": "arXiv" if citation.arxiv else None,
        "url": url,
    }
    kind = _BIBTEX_TYPES.get(citation.kind, "article")
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{citation.key},", *lines, "}"]) + "\n"


def _ris(citation: Citation) -> str:
    def clean(text: str) -> str:
        return re.sub(r"\s+", " ", text)

    pairs = [("TY", _RIS_TYPES.get(citation.kind, "JOUR")), ("ID", citation.key), ("TI", citation.title)]
    pairs += [("AU", ", ".join(part for part in split_name(name) if part)) for name in citation.authors]
    pairs += [
        (tag, value)
        for tag, value in (("T2", citation.venue), ("PY", citation.year), ("DO", citation.doi), ("UR", citation.url))
        if value
    ]
    return "".join(f"{tag}  - {clean(value)}\n" for tag, value in pairs) + "ER  - \n"


def _csl(citation: Citation) -> dict[str, Any]:
    found: dict[str, Any] = {"id": citation.key, "type": _CSL_TYPES.get(citation.kind, "article-journal")}
    found["title"] = citation.title
    people = [dict(zip(("family", "given"), split_name(name), strict=True)) for name in citation.authors]
    if people:
        found["author"] = [person if person["given"] else {"literal": person["family"]} for person in people]
    if citation.year:
        found["issued"] = {"date-parts": [[int(citation.year)]]}
    rest = {"container-title": citation.venue, "DOI": citation.doi, "URL": citation.url}
    return found | {key: value for key, value in rest.items() if value}
