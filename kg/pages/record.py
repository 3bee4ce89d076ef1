"""The page of a record, or of any other thing that the graph describes."""

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.errors import UnknownRecordError
from kg.iris import BASE, RECORD_KINDS, TASK_SCHEME, TERMS, compact, parse_record_iri, record_iri
from kg.pages.cells import Entry, entry
from kg.pages.facts import NAMES, Fact, Shown, facts_of, path_of, references
from kg.pages.figures import cut
from kg.pages.linked_data import json_ld
from kg.pages.render import Head, Site, render
from kg.pages.sections import COVERED, sections_of

if TYPE_CHECKING:
    from kg.pages.links import Links
    from kg.records import RecordView
    from kg.service import KnowledgeGraph

KIND_NAMES: Final = {
    "method": "Method",
    "paper": "Paper",
    "author": "Author",
    "task": "Task",
    "dataset": "Data set",
    "framework": "Framework",
    "language": "Language",
    "license": "Licence",
    "technology": "Technology",
    "venue": "Venue",
    "benchmark": "Benchmark",
    "source": "Source",
}
PLURALS: Final = {
    "method": "Methods",
    "paper": "Papers",
    "author": "Authors",
    "task": "Tasks",
    "dataset": "Data sets",
    "framework": "Frameworks",
    "language": "Languages",
    "license": "Licences",
    "technology": "Technologies",
    "venue": "Venues",
    "benchmark": "Benchmarks",
    "source": "Sources",
}
_PARTS: Final = {
    "entry": "List entry",
    "correction": "Correction",
    "authorship": "Authorship",
    "requirement": "Requirement",
    "version": "Version",
    "claim": "Claim",
    "evidence": "Evidence",
    "graph": "Named graph",
    "listing": "List",
}
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_CITED: Final = ("method", "paper")
_MOST_POINTING: Final = 60
# What a method should have, and what to say when it has not.
_WANTED: Final = {
    "introducedIn": "no paper is known",
    "repository": "no public code is known",
    "license": "no licence was found",
    "evaluatedOn": "no data set is recorded",
}


# What points at a record, said from its side.
_FROM_HERE: Final = {
    "describedIn": "describes",
    "introducedIn": "introduces",
    "addressesTask": "addressed by",
    "forTask": "benchmarks for it",
    "usesFramework": "used by",
    "declaresFramework": "declared by",
    "forFramework": "required by",
    "programmingLanguage": "language of",
    "license": "licence of",
    "evaluatedOn": "used to show",
    "technology": "data sets made with it",
    "publishedIn": "published",
    "author": "wrote",
    "benchmarks": "run by benchmarks",
    "derivedFrom": "led to",
    "aboutRecord": "corrections of lists about it",
    "correctsEntry": "corrected by",
    "inSource": "parts of it",
    "listsTask": "listed as",
    "listsMethod": "listed as",
    "listsPaper": "listed as",
    "listsDataset": "listed as",
    "listsFramework": "listed as",
    "reportedIn": "reports",
}


class Pointing(NamedTuple):
    """Things that point at a record in one way."""

    name: str
    href: str | None
    entries: list[Entry]
    more: int


def kind_of(iri: str) -> tuple[str, str]:
    """What a thing is, in a word, and the record kind where it is a record.

    >>> kind_of(BASE + "task/denoising"), kind_of(BASE + "claim/00ff"), kind_of(BASE + "paper/x-2020/authorship/1")
    (('Task', 'task'), ('Claim', ''), ('Authorship', ''))
    >>> kind_of(BASE + "task/scheme")
    ('Vocabulary', '')
    """
    parsed = parse_record_iri(iri)
    if parsed:
        return KIND_NAMES[parsed[0]], parsed[0]
    if iri == TASK_SCHEME:
        return "Vocabulary", ""
    segments = path_of(iri).split("/")
    names = [_PARTS[segment] for segment in (segments[0], *segments[2:3]) if segment in _PARTS]
    return names[-1] if names else "Part of a record", ""


def _title(graph: "KnowledgeGraph", view: "RecordView") -> str:
    """The name of a thing; things without one are named after what they say or where they stand."""
    if view.label != view.iri:
        return view.label
    segments = path_of(view.iri).split("/")
    if segments[0] == "listing" and len(segments) == 2:
        return graph.label(record_iri("source", segments[1]))
    by_iri = {view.properties.get(name): values for name, values in view.facts.items()}

    def said(iri: str) -> str:
        values = by_iri.get(iri)
        return (values[0].label or graph.label(values[0].value)) if values else ""

    place, source = said(f"{TERMS}position"), said(f"{TERMS}inSource")
    if segments[0] == "listing" and place and source:
        return f"{'Correction of ' if 'correction' in segments else ''}{place} of {source}"
    for name in (*NAMES, f"{TERMS}nameAsPrinted"):
        if said(name):
            return said(name)
    statement = [said(_RDF + part) for part in ("subject", "predicate", "object")]
    return " · ".join(statement) if all(statement) else compact(view.iri).removeprefix(BASE)


def _pointing(graph: "KnowledgeGraph", links: "Links", view: "RecordView", kind: str) -> list[Pointing]:
    covered = {TERMS + name for name in COVERED.get(kind, ())}
    return [
        Pointing(
            _words(view.properties.get(name, ""), name),
            links.to(view.properties.get(name, "")),
            [entry(graph, links, iri, cut(label, 160)) for iri, label in pairs[:_MOST_POINTING]],
            max(0, len(pairs) - _MOST_POINTING),
        )
        for name, pairs in _without_repeats(view)
        if view.properties.get(name) not in covered
    ]


def _words(iri: str, name: str) -> str:
    if iri == f"{_SKOS}broader":
        return "has parts"
    return _FROM_HERE.get(iri.removeprefix(TERMS), name)


def _without_repeats(view: "RecordView") -> list[tuple[str, list[tuple[str, str]]]]:
    """What points here, without methods that a paper describes because it introduces them."""
    by_iri = {view.properties.get(name): pairs for name, pairs in view.incoming.items()}
    introduced = by_iri.get(f"{TERMS}introducedIn", [])
    found = []
    for name, pairs in view.incoming.items():
        wide = view.properties.get(name) == f"{TERMS}describedIn"
        kept = [pair for pair in pairs if not (wide and pair in introduced)]
        if kept:
            found.append((name, kept))
    return found


def _citation(graph: "KnowledgeGraph", iri: str, kind: str) -> str | None:
    from kg.citations import cite

    if kind not in _CITED:
        return None
    try:
        return cite(graph, [iri], "bibtex")
    except UnknownRecordError:
        return None


def _missing(view: "RecordView", kind: str) -> list[str]:
    if kind != "method":
        return []
    known = {view.properties.get(name) for name in view.facts}
    return [words for name, words in _WANTED.items() if TERMS + name not in known]


def _without_authors(facts: list[Fact], kind: str) -> list[Fact]:
    """A paper's authors stand in order in a section of their own."""
    return [fact for fact in facts if not (kind == "paper" and (fact.href or "").endswith("#author"))]


def record_page(graph: "KnowledgeGraph", iri: str, site: Site) -> str:
    """The page of a thing: facts each with its sources, what was not chosen, what lists say, and what is related.

    Args:
        graph: The graph.
        iri: One of our IRIs, of which the graph says something.
        site: Where the page stands.
    """
    from kg.records import record_view

    links = site.links
    view = record_view(graph, iri)
    kind_name, kind = kind_of(iri)
    title = _title(graph, view)
    facts, own, lead = facts_of(graph, links, view, title)
    path = path_of(iri)
    citation = _citation(graph, iri, kind)
    head = Head(
        title=f"{cut(title, 90)} – {kind_name.lower()}",
        about=_about(lead, title, kind_name),
        path=path,
        here=f"{site.root}/{path}.html",
        kind="article" if kind == "paper" else "profile" if kind == "author" else "website",
        data=json_ld(view, title),
        indexed=kind in RECORD_KINDS,
    )
    return render(
        "record",
        site,
        head,
        view=view,
        title=title,
        kind=kind,
        kind_name=kind_name,
        kinds=PLURALS,
        path=path,
        lead=lead,
        facts=_without_authors(facts, kind),
        own=own,
        missing=_missing(view, kind),
        sections=sections_of(graph, links, iri),
        pointing=_pointing(graph, links, view, kind),
        sources=references(graph, links, view.sources),
        citation=citation,
    )


def _about(lead: "list[Shown]", title: str, kind: str) -> str:
    return cut(lead[0].entry.text, 300) if lead else f"{kind} {cut(title, 200)} in STKG."
