"""What a record's page shows below its facts, by kind of record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.iris import BASE, RECORD_KINDS, TERMS, parse_record_iri, record_iri
from kg.pages.cells import Cell, Entry, Head, Table, answer_table, entry, table_of
from kg.pages.figures import (
    BarFigure,
    LineageFigure,
    PeopleFigure,
    Step,
    bar_figure,
    lineage_figure,
    people_figure,
)
from kg.pages.links import Links
from kg.pages.memory import remember

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

_PREFIXES: Final = f"""PREFIX stkg: <{TERMS}>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_STEPS: Final = """SELECT DISTINCT ?child ?parent ?words WHERE {
  ?relation rdfs:subPropertyOf stkg:derivedFrom ; rdfs:label ?words . ?child ?relation ?parent .
} ORDER BY ?parent ?child ?words"""
_YEARS: Final = "SELECT ?method (MIN(?y) AS ?year) WHERE { ?method stkg:introducedIn/stkg:year ?y } GROUP BY ?method"
_COWRITTEN: Final = """SELECT DISTINCT ?paper ?person WHERE {
  ?paper stkg:author <%s> , ?person
} ORDER BY ?paper ?person"""
_AUTHORS: Final = """SELECT ?place ?person ?name WHERE {
  <%s> stkg:hasAuthorship ?a . ?a stkg:position ?place ; stkg:ofAuthor ?person ; stkg:nameAsPrinted ?name
} ORDER BY ?place"""
_LISTED: Final = """SELECT DISTINCT ?entry ?source ?position ?text ?status ?note WHERE {
  VALUES ?how { stkg:listsMethod stkg:listsPaper stkg:listsDataset stkg:listsFramework stkg:listsTask }
  ?entry ?how <%s> ; stkg:inSource ?source ; stkg:position ?position ; stkg:listedText ?text ; stkg:entryStatus ?status
  OPTIONAL { ?entry stkg:note ?note }
} ORDER BY ?source ?entry"""
_CORRECTED: Final = """SELECT DISTINCT ?correction ?source ?field ?listed ?corrected ?note ?place WHERE {
  ?correction stkg:aboutRecord <%s> ; stkg:inSource ?source ; stkg:correctedField ?field
  OPTIONAL { ?correction stkg:listedValue ?listed } OPTIONAL { ?correction stkg:correctedValue ?corrected }
  OPTIONAL { ?correction stkg:note ?note } OPTIONAL { ?correction stkg:evidence/rdfs:label ?place }
} ORDER BY ?source ?correction ?place"""
_MOST_SUPPORTED: Final = 100
_SUPPORTED: Final = f"""SELECT ?about ?property ?value ?status ?claim WHERE {{
  ?claim stkg:evidence <%s> ; rdf:subject ?about ; rdf:predicate ?p ; rdf:object ?value ; stkg:claimStatus ?status
  OPTIONAL {{ ?p rdfs:label ?property }}
}} ORDER BY ?about ?p ?claim LIMIT {_MOST_SUPPORTED}"""
# Kind of record to the parameter of the query 'methods' that asks for it.
_METHOD_PARAMETERS: Final = {
    "task": "task",
    "framework": "framework",
    "language": "language",
    "dataset": "dataset",
    "technology": "technology",
    "license": "licence",
}
ROWS: Final = 50
_SIMILAR: Final = 8
_LONG_TEXT: Final = 260


class Section(NamedTuple):
    """One part of a page.

    Attributes:
        anchor: Its id.
        title: Its heading.
        about: A sentence on what it shows.
        total: Number of all its items, where it shows a part.
        table: Rows.
        entries: A list of links.
        lineage: Drawing.
        people: Drawing.
        bars: Drawing.
        more: Text and address of where the rest is.
        ordered: Whether the order of the entries means something.
    """

    anchor: str
    title: str
    about: str = ""
    total: int | None = None
    table: Table | None = None
    entries: Sequence[Entry] = ()
    lineage: LineageFigure | None = None
    people: PeopleFigure | None = None
    bars: BarFigure | None = None
    more: tuple[str, str] | None = None
    ordered: bool = False


def _select(graph: "KnowledgeGraph", query: str) -> list[dict[str, str]]:
    table: Any = graph.store.select(_PREFIXES + query)
    return [
        {name: "" if term is None else str(term.value) for name, term in zip(table.variables, row, strict=True)}
        for row in table.rows
    ]


def _steps(graph: "KnowledgeGraph") -> tuple[list[Step], dict[str, str], dict[str, int]]:
    steps = [Step(row["child"], row["parent"], row["words"]) for row in _select(graph, _STEPS)]
    labels = {node: graph.label(node) for step in steps for node in (step.child, step.parent)}
    years = {row["method"]: int(row["year"]) for row in _select(graph, _YEARS) if row["year"]}
    return steps, labels, years


def _lineage(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
    figure = lineage_figure(iri, *remember(graph, "lineage", _steps))
    if figure is not None:
        about = "To the left what it builds on, to the right what builds on it, two steps each way."
        more = ("All lineage as a graph", f"{links.root}/graph/lineage#{iri.rpartition('/')[2]}")
        yield Section("lineage", "Lineage", about, lineage=figure, more=more)


def _similar(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
    answer = graph.query("similar", method=iri)
    if answer:
        table = answer_table(graph, links, answer[:_SIMILAR], answer.query.columns)
        about = "Methods with the most tasks, frameworks and data sets in common."
        more = (f"All {len(answer)} similar methods", links.query("similar", method=iri.rpartition("/")[2]))
        yield Section("similar", "Similar methods", about, table=table, more=more)


def _methods_with(parameter: str) -> "Make":
    def make(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
        answer = graph.query("methods", **{parameter: iri})
        if not answer:
            return
        without = {"task": (), "framework": ("frameworks",), "language": ("languages",)}.get(parameter, ())
        table = answer_table(graph, links, answer[:ROWS], answer.query.columns, without)
        address = links.query("methods", **{parameter: iri.rpartition("/")[2]})
        more = (f"All {len(answer)} methods, filters and downloads", address)
        years: list[Any] = [row["year"] for row in answer if row["year"]]
        about = f"The newest {ROWS} of {len(answer)}." if len(answer) > ROWS else ""
        bars = bar_figure(years)
        if bars is not None:
            yield Section("years", "Methods by year", bars=bars)
        yield Section("methods", "Methods", about, len(answer), table, more=more)

    return make


def _papers_with(parameter: str) -> "Make":
    def make(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
        answer = graph.query("papers", **{parameter: iri})
        if answer:
            without = ("venue", "doi") if parameter == "venue" else ("doi",)
            table = answer_table(graph, links, answer[:ROWS], answer.query.columns, without)
            address = links.query("papers", **{parameter: iri.rpartition("/")[2]})
            about = f"The newest {ROWS} of {len(answer)}." if len(answer) > ROWS else ""
            more = (f"All {len(answer)} papers, filters and downloads", address)
            yield Section("papers", "Papers", about, len(answer), table, more=more)

    return make


def _people(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
    papers: dict[str, list[str]] = {}
    for row in _select(graph, _COWRITTEN % iri):
        papers.setdefault(row["paper"], []).append(row["person"])
    labels = {person: graph.label(person) for people in papers.values() for person in people}
    figure = people_figure(iri, papers, labels)
    if figure is not None:
        about = f"People who share a paper with {labels[iri]}, and the papers they share among these."
        more = ("The whole co-author graph", f"{links.root}/graph/coauthors#{iri.rpartition('/')[2]}")
        yield Section("coauthors", "Co-authors", about, len(labels) - 1, people=figure, more=more)


def _authors(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
    rows = _select(graph, _AUTHORS % iri)
    if rows:
        ordered = sorted(rows, key=lambda row: int(row["place"]))
        entries = [entry(graph, links, row["person"], row["name"]) for row in ordered]
        yield Section("authors", "Authors", "In the order and spelling of the paper.", len(rows), None, entries)


def _rows(graph: "KnowledgeGraph", links: Links, names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Table:
    heads = [Head(name) for name in names]
    cells = [[Cell((entry(graph, links, row[name]),) if row[name] else ()) for name in names] for row in rows]
    return table_of(heads, cells)


def _lists(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
    listed = _select(graph, _LISTED % iri)
    for row in listed:
        row["text"] = row["text"] if len(row["text"]) <= _LONG_TEXT else row["text"][:_LONG_TEXT] + "…"
    if listed:
        about = "Printed in lists of methods, word for word, and whether it is right."
        names = ("source", "position", "text", "status", "note", "entry")
        yield Section("lists", "What lists say", about, table=_rows(graph, links, names, listed))
    corrected: dict[str, dict[str, str]] = {}
    for row in _select(graph, _CORRECTED % iri):
        known = corrected.setdefault(row["correction"], row | {"evidence": ""})
        known["evidence"] = "; ".join(part for part in (known["evidence"], row["place"]) if part)
    if corrected:
        names = ("source", "field", "listed", "corrected", "note", "evidence")
        table = _rows(graph, links, names, list(corrected.values()))
        yield Section("corrections", "What was corrected", "Errors of lists, with what is right.", table=table)


def _answer(name: str, anchor: str, title: str, parameter: str, without: Sequence[str] = ()) -> "Make":
    def make(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
        answer = graph.query(name, **{parameter: iri})
        if answer:
            table = answer_table(graph, links, answer[:ROWS], answer.query.columns, without)
            more = (f"All {len(answer)}, with downloads", links.query(name, **{parameter: iri.rpartition("/")[2]}))
            about = f"The first {ROWS} of {len(answer)}." if len(answer) > ROWS else ""
            yield Section(anchor, title, about, len(answer), table, more=more)

    return make


def _supported(graph: "KnowledgeGraph", links: Links, iri: str) -> Iterator[Section]:
    rows = _select(graph, _SUPPORTED % iri)
    if rows:
        about = f"The first {_MOST_SUPPORTED}." if len(rows) == _MOST_SUPPORTED else ""
        table = _rows(graph, links, ("about", "property", "value", "status", "claim"), rows)
        yield Section("supported", "Facts that rest on it", about, table=table)


Make = Callable[["KnowledgeGraph", Links, str], Iterator[Section]]
_MAKERS: Final[Mapping[str, Sequence[Make]]] = {
    "method": (
        _lineage,
        _answer("comparisons", "comparisons", "Compared with", "method"),
        _similar,
        _lists,
    ),
    "paper": (_authors, _lists),
    "author": (_papers_with("author"), _people, _lists),
    "venue": (_papers_with("venue"), _lists),
    "source": (
        _answer("listings", "listings", "What it lists", "source", ("source",)),
        _answer("corrections", "source-corrections", "What was corrected", "source", ("source",)),
    ),
    "benchmark": (_lists,),
    "evidence": (_supported,),
    **{kind: (_methods_with(parameter), _lists) for kind, parameter in _METHOD_PARAMETERS.items()},
}
# Properties that point at a record and that a section shows already.
COVERED: Final = {
    "method": {"comparedWith", "aboutRecord", "listsMethod", "derivedFrom", "extends", "reusesCodeOf", "reimplements"}
    | {"supersedes"},
    "paper": {"aboutRecord", "listsPaper"},
    "author": {"author", "aboutRecord"},
    "venue": {"publishedIn", "aboutRecord"},
    "task": {"addressesTask", "aboutRecord", "listsTask"},
    "framework": {"usesFramework", "aboutRecord", "listsFramework"},
    "dataset": {"evaluatedOn", "aboutRecord", "listsDataset"},
    "language": {"programmingLanguage", "aboutRecord"},
    "license": {"license", "aboutRecord"},
    "technology": {"aboutRecord"},
    "source": {"inSource"},
}


def sections_of(graph: "KnowledgeGraph", links: Links, iri: str) -> list[Section]:
    """All sections for a record or another thing; parts of records have none."""
    parsed = parse_record_iri(iri)
    first, _, rest = iri.removeprefix(BASE).partition("/")
    if first == "listing" and "/" not in rest:  # a list as a whole is the source it stands for
        parsed, iri = ("source", rest), record_iri("source", rest)
    kind = parsed[0] if parsed else "" if first in RECORD_KINDS else first
    return [section for make in _MAKERS.get(kind, ()) for section in make(graph, links, iri)]
