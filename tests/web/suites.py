"""Read the W3C's suites of SPARQL queries: what to ask, of which graphs, and what must come."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
NUMBERS: Final = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "byte", "nonNegativeInteger")}
FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".n3": ox.RdfFormat.N3,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".nt": ox.RdfFormat.N_TRIPLES,
}
RESULTS: Final = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}


class Case(NamedTuple):
    """One test.

    Attributes:
        name: Suite and name.
        kind: ``evaluate``, ``accept`` or ``refuse``.
        query: The file with the query.
        data: IRIs of the graphs that make the default graph; each is the address of a file.
        named: IRIs of the named graphs.
        result: The file with what must come.
        is_lax: Repeated rows may be left out.
    """

    name: str
    kind: str
    query: Path
    data: Sequence[str]
    named: Sequence[str]
    result: Path | None
    is_lax: bool


def _file(node: Node | None) -> Path | None:
    return Path(str(node).removeprefix("file://")) if node is not None else None


def cases(folder: Path) -> Iterator[Case]:
    """Tests of one suite, in the order of its manifest."""
    manifest = Graph().parse(folder / "manifest.ttl", publicID=f"file://{folder}/manifest.ttl")
    for listed in manifest.objects(None, MF.entries):
        for test in Collection(manifest, listed):
            kinds = {str(kind).rpartition("#")[2] for kind in manifest.objects(test, RDF.type)}
            if found := next((kind for kind in map(_kind, sorted(kinds)) if kind), None):
                yield _case(manifest, folder, test, found)


def _kind(name: str) -> str | None:
    if "Update" in name:
        return None
    if name in {"QueryEvaluationTest", "CSVResultFormatTest"}:
        return "evaluate"
    if "PositiveSyntax" in name:
        return "accept"
    return "refuse" if "NegativeSyntax" in name else None


def _case(manifest: Graph, folder: Path, test: Node, kind: str) -> Case:
    action = manifest.value(test, MF.action)
    query = _file(manifest.value(action, QT.query) if kind == "evaluate" else action)
    assert query is not None
    return Case(
        f"{folder.name}/{str(test).rpartition('#')[2]}",
        kind,
        query,
        [str(node) for node in manifest.objects(action, QT.data)],
        [str(node) for node in manifest.objects(action, QT.graphData)],
        _file(manifest.value(test, MF.result)),
        manifest.value(test, MF.resultCardinality) == URIRef(MF.LaxCardinality),
    )


def load(store: ox.Store, folder: Path) -> None:
    """Load each file of data of a suite into the graph of its address."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in FORMATS and path.name != "manifest.ttl":
            iri = f"file://{path}"
            quads = ox.parse(path=str(path), format=FORMATS[path.suffix], base_iri=iri, rename_blank_nodes=True)
            store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(iri)) for quad in quads)


def _term(term: Any) -> Any:
    """A term, with numbers and truth values by their value: engines may write 1.0 for 1.00."""
    if isinstance(term, ox.Literal) and term.datatype.value == XSD + "boolean":
        return ox.Literal(term.value in {"1", "true"})
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        try:
            return ox.Literal(repr(float(term.value)), datatype=term.datatype)
        except ValueError:
            return term
    return term


class Answer:
    """What came, or must come: rows, triples or a truth value, comparable up to the names of blank nodes."""

    def __init__(self, content: bool | Sequence[Any], *, order: bool = False) -> None:
        self.boolean = content if isinstance(content, bool) else None
        self.is_ordered = order
        self._rows: list[Any] = [] if isinstance(content, bool) else list(content)

    @property
    def rows(self) -> list[Any]:
        """Rows with blank nodes made alike, in order."""
        masked = []
        for row in self._rows:
            cells = row.items() if isinstance(row, dict) else enumerate(row)
            masked.append(sorted((str(k), "_" if isinstance(v, ox.BlankNode) else str(_term(v))) for k, v in cells))
        return masked

    def canonical(self, *, lax: bool) -> Any:
        """The same for equal answers."""
        if self.boolean is not None:
            return self.boolean
        quads: list[ox.Quad] = []
        seen = []
        for place, row in enumerate(self._rows):
            if not isinstance(row, dict):
                quads.append(ox.Quad(row.subject, row.predicate, _term(row.object), ox.DefaultGraph()))
                continue
            if lax and self.rows[place] in seen:
                continue
            seen.append(self.rows[place])
            node = ox.BlankNode()
            quads.append(ox.Quad(node, ox.NamedNode("urn:row"), ox.NamedNode("urn:row")))
            quads += [ox.Quad(node, ox.NamedNode(f"urn:{name}"), _term(value)) for name, value in row.items()]
        dataset = ox.Dataset(quads)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return Counter(str(quad) for quad in dataset)


def read(content: bytes, suffix: str, base: str = "http://example.org/") -> Answer:
    """An answer from its text.

    Args:
        content: The text.
        suffix: Of its format, such as ``.srx``.
        base: For relative IRIs of graphs.
    """
    if suffix == ".csv":
        head, *rows = csv.reader(io.StringIO(content.decode()))
        return Answer([{n: _cell(v) for n, v in zip(head, row, strict=True) if v} for row in rows])
    if suffix in RESULTS:
        found = ox.parse_query_results(content, format=RESULTS[suffix])
        if isinstance(found, ox.QueryBoolean):
            return Answer(bool(found))
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return Answer([{n: v for n, v in zip(names, row, strict=True) if v is not None} for row in found])
    triples = [quad.triple for quad in ox.parse(content, format=FORMATS[suffix], base_iri=base)]
    return _result_set(triples) or Answer(triples)


def _cell(text: str) -> ox.Literal | ox.BlankNode:
    """A cell of CSV, which knows no types: a number by its value."""
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    try:
        return ox.Literal(repr(float(text)))
    except ValueError:
        return ox.Literal(text)


def _result_set(triples: Sequence[ox.Triple]) -> Answer | None:
    """The answer that a graph describes in the vocabulary of result sets."""
    found: dict[Any, dict[str, list[Any]]] = {}
    for triple in triples:
        found.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
    sets = [value for value in found.values() if ox.NamedNode(RS + "ResultSet") in value.get(str(RDF.type), ())]
    if not sets:
        return None
    if RS + "boolean" in sets[0]:
        return Answer(sets[0][RS + "boolean"][0].value == "true")
    solutions = [found.get(node, {}) for node in sets[0].get(RS + "solution", [])]
    has_order = all(RS + "index" in solution for solution in solutions)
    if has_order:
        solutions.sort(key=lambda solution: int(solution[RS + "index"][0].value))
    rows = [
        {found[b][RS + "variable"][0].value: found[b][RS + "value"][0] for b in solution.get(RS + "binding", [])}
        for solution in solutions
    ]
    return Answer(rows, order=has_order)
