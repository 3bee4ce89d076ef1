"""The page for SPARQL of one's own: text area, answer as a table, errors at their place."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from kg.iris import compact
from kg.pages.cells import Cell, Entry, Head, Table, entry, table_of
from kg.pages.links import Links
from kg.pages.render import Head as PageHead
from kg.pages.render import Site, render

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

ROWS: Final = 500
# Longer queries go by POST: not every proxy takes long addresses.
LONGEST_ADDRESS: Final = 6000
_PLACE: Final = re.compile(r"line (\d+), column (\d+): ?(.*)", re.DOTALL)
_PREFIX: Final = re.compile(r"([A-Za-z][\w.-]*):")
_NUMBERS: Final = re.compile(r"#(integer|decimal|double|float|int|long|nonNegativeInteger)$")
# What the engine expects, one by one: sets of single characters say nothing to people.
_EXPECTED: Final = re.compile(r"\[(?:[^\[\]']|'[^']*')*\]|\s+\|\s*")

EXAMPLES: Final = {
    "Methods for a task, newest first": """\
SELECT ?method ?name ?year WHERE {
  ?method a stkg:Method ;
    rdfs:label ?name ;
    stkg:addressesTask/skos:broader* stkg.task:cell-type-deconvolution ;
    stkg:introducedIn/stkg:year ?year .
}
ORDER BY DESC(?year) ?name
LIMIT 20""",
    "Frameworks by number of methods": """\
SELECT ?framework (COUNT(DISTINCT ?method) AS ?methods) WHERE {
  ?method stkg:usesFramework ?framework .
}
GROUP BY ?framework
ORDER BY DESC(?methods) ?framework""",
    "Why the catalog says so: a fact with its sources": """\
SELECT ?property ?value ?strength ?source WHERE {
  ?claim rdf:subject stkg.method:cell2location ;
    rdf:predicate ?property ;
    rdf:object ?value ;
    stkg:strength ?strength ;
    stkg:evidence/rdfs:label ?source .
}
ORDER BY ?property ?value""",
    "What builds on STAGATE, over any number of steps": """\
SELECT DISTINCT ?newer WHERE {
  ?newer stkg:derivedFrom+ stkg.method:stagate .
}
ORDER BY ?newer""",
    "People with papers on most tasks": """\
SELECT ?person (COUNT(DISTINCT ?task) AS ?tasks) (COUNT(DISTINCT ?paper) AS ?papers) WHERE {
  ?paper stkg:author ?person .
  ?method stkg:describedIn ?paper ; stkg:addressesTask ?task .
}
GROUP BY ?person
ORDER BY DESC(?tasks) DESC(?papers) ?person
LIMIT 20""",
    "Everything about one record, as a graph": "DESCRIBE stkg.method:graphst",
}


class Fault(NamedTuple):
    """What is wrong with a query.

    Attributes:
        text: In words, with the cure where one is known.
        line: 1-based; None when no place is known.
        column: 1-based.
        shown: The line of the query, and what stands before the fault in it.
    """

    text: str
    line: int | None = None
    column: int | None = None
    shown: tuple[str, str] | None = None


class Outcome(NamedTuple):
    """What came of a query.

    Attributes:
        heads: Variables, or the parts of triples.
        rows: Terms of the engine; None where a variable is not bound.
        boolean: Answer of an ASK query.
        cut: Whether there are more rows than are shown.
        milliseconds: Time taken.
        is_graph: Whether rows are triples.
        fault: What is wrong instead.
        status: HTTP status that fits.
    """

    heads: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    boolean: bool | None = None
    cut: bool = False
    milliseconds: float = 0.0
    is_graph: bool = False
    fault: Fault | None = None
    status: int = 200


def fault_of(message: str, text: str, prefixes: Mapping[str, str]) -> Fault:
    """Read the engine's message and say what people can do.

    Args:
        message: With ``line L, column C:`` where a place is known.
        text: The query.
        prefixes: Known without being declared.
    """
    found = _PLACE.search(message)
    if found is None:
        return Fault(message[:1].upper() + message[1:])
    line, column = int(found[1]), int(found[2])
    lines = text.splitlines() or [""]
    shown = lines[min(line, len(lines)) - 1]
    return Fault(_words(found[3], shown, column, prefixes), line, column, (shown, shown[: column - 1]))


def _words(said: str, line: str, column: int, prefixes: Mapping[str, str]) -> str:
    if "Prefix not found" in said:
        unknown = [name for name in _PREFIX.findall(line[:column] + line[column : column + 1]) if name not in prefixes]
        name = unknown[-1] if unknown else ""
        near = difflib.get_close_matches(name, prefixes, n=1, cutoff=0.75)
        cure = f" Did you mean {near[0]}:?" if near else " Declare it with PREFIX, or use one of those below."
        return f"The prefix {name}: is not known.{cure}"
    if "variable that is unbound" in said:
        return "SELECT names a variable that is neither in GROUP BY nor inside an aggregate such as COUNT."
    body = _EXPECTED.sub("", said.removeprefix("expected one of ").removeprefix("expected "))
    names = [part.strip() for part in body.split(",")]
    names = [name for name in dict.fromkeys(names) if name and name not in {"SERVICE", "LATERAL"}]
    if not names:
        return "Something else is expected here."
    most = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    return f"Here the language expects one of: {most}" if len(names) > 1 else f"Here the language expects {most}."


def _term(graph: "KnowledgeGraph", links: Links, term: Any) -> Cell:
    if term is None:
        return Cell(())
    kind = type(term).__name__
    if kind == "NamedNode":
        known = links.to(term.value)
        if known is None or not links.is_local(known):
            return Cell((Entry(compact(term.value), known),))
        label = graph.label(term.value)
        return Cell((entry(graph, links, term.value, label if label != term.value else compact(term.value)),))
    if kind == "Literal":
        return Cell((Entry(term.value + (f" @{term.language}" if term.language else "")),))
    return Cell((Entry(str(term)),))


def _is_numeric(terms: Iterable[Any]) -> bool:
    given = [term for term in terms if term is not None]
    return bool(given) and all(
        type(term).__name__ == "Literal" and _NUMBERS.search(term.datatype.value) for term in given
    )


def _table(graph: "KnowledgeGraph", links: Links, outcome: Outcome) -> Table:
    columns = list(zip(*outcome.rows, strict=True)) or [()] * len(outcome.heads)
    heads = [Head(name, "", _is_numeric(column)) for name, column in zip(outcome.heads, columns, strict=True)]
    return table_of(heads, [[_term(graph, links, term) for term in row] for row in outcome.rows])


def _downloads(site: Site, text: str, outcome: Outcome) -> list[tuple[str, str]]:
    """Whole answers by address, where the query fits into one."""
    if outcome.fault is not None or len(text.encode()) > LONGEST_ADDRESS:
        return []
    if outcome.boolean is not None:
        kinds = {"JSON": "json", "XML": "xml"}
    elif outcome.is_graph:
        kinds = {"Turtle": "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", "RDF/XML": "rdf"}
    else:
        kinds = {"JSON": "json", "CSV": "csv", "TSV": "tsv", "XML": "xml"}
    return [(name, f"{site.root}/sparql?{urlencode({'query': text, 'format': kind})}") for name, kind in kinds.items()]


def sparql_page(
    graph: "KnowledgeGraph", text: str | None, outcome: Outcome | None, prefixes: Mapping[str, str], site: Site
) -> str:
    """The page for SPARQL.

    Args:
        graph: The graph, for labels.
        text: The query; None for the empty page, which has an example in its field.
        outcome: What came of it; None when it was not run.
        prefixes: Known without being declared.
        site: Where the page stands.
    """
    head = PageHead("SPARQL", "Ask the graph in SPARQL.", here=f"{site.root}/sparql", indexed=text is None)
    shown = outcome is not None and outcome.fault is None and outcome.boolean is None
    return render(
        "sparql",
        site,
        head,
        text=text if text is not None else next(iter(EXAMPLES.values())),
        outcome=outcome,
        table=_table(graph, site.links, outcome) if outcome is not None and shown else None,
        downloads=_downloads(site, text, outcome) if outcome is not None and text is not None else [],
        prefixes=prefixes,
        examples=EXAMPLES,
        longest=LONGEST_ADDRESS,
        rows=ROWS,
    )
