"""One record for people: its facts with their sources, what was not chosen and why, and who points to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg.iris import TERMS, compact

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PREFIXES: Final = (
    f"PREFIX stkg: <{TERMS}>\nPREFIX rdf: <{_RDF}>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
)
# Properties that say the same as another one, or that only machines need.
_HIDDEN: Final = frozenset(
    {
        f"{_RDF}type",
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2004/02/skos/core#inScheme",
        "http://www.w3.org/2004/02/skos/core#topConceptOf",
        f"{TERMS}hasAuthorship",
        f"{TERMS}evidence",
    }
)
_FACTS: Final = """SELECT ?p ?property ?o ?label WHERE {
  <%s> ?p ?o . OPTIONAL { ?p rdfs:label ?property } OPTIONAL { ?o rdfs:label ?label }
} ORDER BY ?p ?o"""
_CLAIMS: Final = """SELECT ?p ?property ?o ?status ?strength ?note ?reference ?page WHERE {
  ?claim rdf:subject <%s> ; rdf:predicate ?p ; rdf:object ?o ; stkg:claimStatus ?status ; stkg:strength ?strength .
  OPTIONAL { ?p rdfs:label ?property }
  OPTIONAL { ?claim stkg:note ?note }
  OPTIONAL { ?claim stkg:evidence ?e . ?e rdfs:label ?reference OPTIONAL { ?e <https://schema.org/url> ?page } }
} ORDER BY ?p ?o ?reference"""
_EVIDENCE: Final = """SELECT ?reference ?page WHERE {
  <%s> stkg:evidence ?e . ?e rdfs:label ?reference OPTIONAL { ?e <https://schema.org/url> ?page }
} ORDER BY ?reference"""
_INCOMING: Final = """SELECT ?p ?property ?s ?label WHERE {
  ?s ?p <%s> ; rdfs:label ?label ; a ?type . OPTIONAL { ?p rdfs:label ?property }
  VALUES ?type {
    stkg:Method stkg:Paper stkg:Task stkg:Dataset stkg:Benchmark stkg:Framework stkg:ListEntry stkg:Correction
    stkg:RetiredRecord
  }
} ORDER BY ?p LCASE(?label) ?s"""
# Foreign properties have no label in the graph, and this one reads badly from its other end.
_INCOMING_NAMES: Final = {"http://purl.org/dc/terms/isReplacedBy": "took the place of"}


@dataclass
class Value:
    """One value of a property.

    Attributes:
        value: The text, number or IRI.
        label: Label of the record an IRI stands for.
        status: ``accepted``, or ``rejected`` when a source says it and the catalog does not.
        strength: ``strong`` or ``weak``; None when the fact has no claim of its own.
        note: Why it was chosen or not.
        sources: References as written in the catalog, with a page where there is one.
    """

    value: str
    label: str | None = None
    status: str = "accepted"
    strength: str | None = None
    note: str | None = None
    sources: list[dict[str, str | None]] = field(default_factory=list)


@dataclass
class RecordView:
    """A record and all that the graph says of it.

    Attributes:
        iri: The record.
        label: Its name.
        facts: Property name to values, rejected ones last.
        incoming: Property name to the (IRI, label) of what points here.
        sources: References for the record as a whole, where facts have no own ones.
        properties: Property name to IRI, for names in ``facts`` and ``incoming``.
    """

    iri: str
    label: str
    facts: dict[str, list[Value]]
    incoming: dict[str, list[tuple[str, str]]]
    sources: list[dict[str, str | None]]
    properties: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "iri": self.iri,
            "curie": compact(self.iri),
            "label": self.label,
            "facts": {name: [vars(value) for value in values] for name, values in self.facts.items()},
            "incoming": {
                name: [{"iri": iri, "label": label} for iri, label in pairs] for name, pairs in self.incoming.items()
            },
            "sources": self.sources,
        }

    def to_text(self, *, with_sources: bool = True) -> str:
        """A page for the terminal."""
        lines = [f"{self.label}  ({compact(self.iri)})", self.iri, ""]
        width = max([8, *(len(name) for name in self.facts)])
        for name, values in self.facts.items():
            for number, value in enumerate(values):
                lines.append(f"{name if number == 0 else '':<{width}}  {_line(value)}".rstrip())
                if with_sources:
                    lines += [f"{'':<{width}}    ← {source['reference']}" for source in value.sources]
        if with_sources and self.sources:
            lines += [
                "",
                *(f"{'source' if i == 0 else '':<{width}}  {s['reference']}" for i, s in enumerate(self.sources)),
            ]
        for name, pairs in self.incoming.items():
            lines += ["", f"← {name} ({len(pairs)}):", *(f"  {label}  ({compact(iri)})" for iri, label in pairs)]
        return "\n".join("".join(c if c.isprintable() else " " for c in line) for line in lines) + "\n"


def _line(value: Value) -> str:
    text = f"{value.label}  ({compact(value.value)})" if value.label else compact(value.value)
    marks = []
    if value.status == "rejected":
        marks.append("not chosen")
    if value.strength == "weak":
        marks.append("weak evidence")
    remark = ": ".join(part for part in (", ".join(marks), value.note) if part)
    return text + (f"  [{remark}]" if remark else "")


def _text(term: Any) -> str | None:
    return None if term is None else str(term.value)


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _rows(graph: "KnowledgeGraph", query: str, iri: str) -> list[dict[str, str | None]]:
    table = graph.store.select(_PREFIXES + query % iri)
    return [dict(zip(table.variables, map(_text, row), strict=True)) for row in table.rows]


def record_view(graph: "KnowledgeGraph", iri: str) -> RecordView:
    """Collect everything about one record.

    Args:
        graph: The graph.
        iri: IRI of an existing record, as :meth:`kg.service.KnowledgeGraph.resolve` gives it.
    """
    plain, claims, pointing = (_rows(graph, query, iri) for query in (_FACTS, _CLAIMS, _INCOMING))
    facts = _plain_facts(plain)
    _add_claims(facts, claims)
    incoming: dict[str, list[tuple[str, str]]] = {}
    for row in pointing:
        pair = (row["s"] or "", row["label"] or "")
        known = incoming.setdefault(
            row["property"] or _INCOMING_NAMES.get(row["p"] or "") or _local(row["p"] or ""), []
        )
        if pair not in known:
            known.append(pair)
    sources = [{"reference": row["reference"], "page": row["page"]} for row in _rows(graph, _EVIDENCE, iri)]
    named = {name: sorted(values, key=lambda v: v.status) for name, values in facts.items()}
    properties = {row["property"] or _local(row["p"] or ""): row["p"] or "" for row in (*plain, *claims, *pointing)}
    return RecordView(iri, graph.label(iri), named, incoming, sources, properties)


def _plain_facts(rows: Sequence[Mapping[str, str | None]]) -> dict[str, list[Value]]:
    facts: dict[str, list[Value]] = {}
    for row in rows:
        if row["p"] in _HIDDEN:
            continue
        values = facts.setdefault(row["property"] or _local(row["p"] or ""), [])
        if not any(value.value == row["o"] for value in values):
            values.append(Value(row["o"] or "", row["label"]))
    return facts


def _add_claims(facts: dict[str, list[Value]], rows: Sequence[Mapping[str, str | None]]) -> None:
    for row in rows:
        values = facts.setdefault(row["property"] or _local(row["p"] or ""), [])
        status = row["status"] or "accepted"
        value = next((v for v in values if v.value == row["o"] and v.status == status), None)
        if value is None:
            value = Value(row["o"] or "", status=status)
            values.append(value)
        value.strength, value.note = row["strength"], row["note"]
        source = {"reference": row["reference"], "page": row["page"]}
        if row["reference"] and source not in value.sources:
            value.sources.append(source)


_COMPARED: Final = (
    ("tasks", "stkg:addressesTask/rdfs:label"),
    ("frameworks", "stkg:usesFramework/rdfs:label"),
    ("languages", "stkg:programmingLanguage/rdfs:label"),
    ("data sets", "stkg:evaluatedOn/rdfs:label"),
    ("licence", "stkg:license/rdfs:label"),
    ("year", "stkg:introducedIn/stkg:year"),
    ("venue", "stkg:introducedIn/stkg:publishedIn/rdfs:label"),
    ("first commit", "stkg:firstCommitOn"),
    ("last commit", "stkg:lastCommitOn"),
    ("comes from", "stkg:derivedFrom/rdfs:label"),
    ("led to", "^stkg:derivedFrom/rdfs:label"),
    ("benchmarks", "^stkg:benchmarks/rdfs:label"),
    ("compared with", "(stkg:comparedWith|^stkg:comparedWith)/rdfs:label"),
    ("code", "stkg:repository"),
    ("paper", "stkg:introducedIn/<https://schema.org/sameAs>"),
)


def compare(graph: "KnowledgeGraph", names: Sequence[str]) -> list[dict[str, Any]]:
    """Methods side by side.

    Args:
        graph: The graph.
        names: Methods, as people call them.

    Returns:
        One row a property with the key ``property`` and one key a method label; cells are sorted lists.
    """
    iris = list(dict.fromkeys(graph.index("method").resolve(name) for name in names))
    labels = [graph.label(iri) for iri in iris]
    heads = [
        label if labels.count(label) == 1 else f"{label} ({compact(iri)})"
        for iri, label in zip(iris, labels, strict=True)
    ]
    rows = []
    for name, path in _COMPARED:
        row: dict[str, Any] = {"property": name}
        for head, iri in zip(heads, iris, strict=True):
            table: Any = graph.store.select(f"{_PREFIXES}SELECT DISTINCT ?v WHERE {{ <{iri}> {path} ?v }}")
            row[head] = sorted(
                {str(values[0].value) for values in table.rows if values[0] is not None}, key=str.casefold
            )
        rows.append(row)
    return rows


__all__ = ["RecordView", "Value", "compare", "record_view"]
