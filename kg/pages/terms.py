"""The page of the ontology, with an anchor for each of its terms."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from kg.iris import BASE, ONTOLOGY, TERMS
from kg.pages.cells import Entry
from kg.pages.render import Head, Site, render

if TYPE_CHECKING:
    from kg.pages.links import Links
    from kg.service import KnowledgeGraph

# Subject, predicate, value; IRIs and texts alike.
Statement = tuple[str, str, str]

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_TERMS: Final = f"""SELECT ?s ?p ?o WHERE {{
  ?s <{_RDFS}isDefinedBy> <{ONTOLOGY}> ; ?p ?o
}} ORDER BY ?s ?p ?o"""
_ABOUT: Final = f"SELECT ?p ?o WHERE {{ <{ONTOLOGY}> ?p ?o }} ORDER BY ?p ?o"
_GROUPS: Final = {
    f"{_OWL}Class": ("classes", "Classes"),
    f"{_OWL}ObjectProperty": ("relations", "Properties between things"),
    f"{_OWL}DatatypeProperty": ("values", "Properties with values"),
    f"{_OWL}AnnotationProperty": ("annotations", "Annotation properties"),
}
# Properties of a term in the order of its rows, and what the row is called.
_ROWS: Final = {
    f"{_RDFS}subClassOf": "subclass of",
    f"{_RDFS}subPropertyOf": "narrower than",
    f"{_RDFS}domain": "used on",
    f"{_RDFS}range": "leads to",
    f"{_OWL}inverseOf": "inverse of",
    f"{_OWL}disjointWith": "never also",
    f"{_SKOS}exactMatch": "same as",
    f"{_SKOS}closeMatch": "close to",
    f"{_SKOS}broadMatch": "broader elsewhere",
    f"{_SKOS}narrowMatch": "narrower elsewhere",
    f"{_SKOS}relatedMatch": "related elsewhere",
    f"{_OWL}equivalentClass": "same as",
    f"{_OWL}equivalentProperty": "same as",
}


def short_term(iri: str, prefixes: Mapping[str, str]) -> str:
    """A term of any vocabulary as ``prefix:name``; the IRI itself when no prefix fits.

    >>> short_term("http://xmlns.com/foaf/0.1/Person", {"foaf": "http://xmlns.com/foaf/0.1/"})
    'foaf:Person'
    """
    fitting = [(base, prefix) for prefix, base in prefixes.items() if iri.startswith(base) and len(iri) > len(base)]
    base, prefix = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
    return f"{prefix}:{iri[len(base) :]}" if base else iri


class _Term:
    """One term, as it is collected."""

    def __init__(self, iri: str, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self.name = iri[len(TERMS) :]
        self.label = self.definition = self.comment = self.example = self.group = ""
        self.rows: dict[str, list[Entry]] = {}

    def take(self, links: "Links", predicate: str, value: str) -> None:
        """Note one statement."""
        if predicate == f"{_RDF}type" and value in _GROUPS and not self.group:
            self.group = value
        elif predicate == f"{_RDFS}label":
            self.label = value
        elif predicate == f"{_SKOS}definition":
            self.definition = value
        elif predicate == f"{_RDFS}comment":
            self.comment = value
        elif predicate == f"{_SKOS}example":
            self.example = value
        elif predicate in _ROWS and value != f"{_OWL}Thing":
            self.add(links, _ROWS[predicate], value)

    def add(self, links: "Links", name: str, iri: str) -> None:
        """Note a term that belongs in a row."""
        local = iri.startswith(TERMS)
        name_here = iri[len(TERMS) :]
        shown = name_here if local else short_term(iri, self._prefixes)
        found = Entry(shown, f"#{name_here}" if local else links.to(iri), local)
        known = self.rows.setdefault(name, [])
        if found not in known:
            known.append(found)


def terms_of(graph: "KnowledgeGraph") -> list[Statement]:
    """What the graph says of the ontology and its terms, with what other vocabularies call the same."""
    about: Any = graph.store.select(_ABOUT)
    terms: Any = graph.store.select(_TERMS)
    found = [(ONTOLOGY, p.value, str(o.value)) for p, o in about.rows]
    return found + [(s.value, p.value, str(o.value)) for s, p, o in terms.rows]


def plain_statements(quads: Iterable[Any]) -> list[Statement]:
    """Statements of a file of the ontology, without those about nodes that have no name."""
    return [
        (quad.subject.value, quad.predicate.value, str(quad.object.value))
        for quad in quads
        if hasattr(quad.object, "value")
    ]


def _collect(statements: Iterable[Statement], links: "Links", prefixes: Mapping[str, str]) -> dict[str, _Term]:
    terms: dict[str, _Term] = {}
    for subject, predicate, value in statements:
        if subject.startswith(TERMS):
            terms.setdefault(subject, _Term(subject, prefixes)).take(links, predicate, value)

    def add(name: str, row: str, iri: str) -> None:
        terms.setdefault(TERMS + name, _Term(TERMS + name, prefixes)).add(links, row, iri)

    for iri, term in list(terms.items()):
        for row, back in (
            ("subclass of", "has subclasses"),
            ("narrower than", "has narrower"),
            ("used on", "has properties"),
        ):
            for other in term.rows.get(row, ()):
                if other.local:
                    add(other.text, back, iri)
    return terms


def ontology_page(
    statements: Sequence[Statement], prefixes: Mapping[str, str], site: Site, *, path: str = "ontology"
) -> str:
    """The page of the ontology: definitions, domains and ranges, and what other vocabularies call the same.

    Args:
        statements: Subject, predicate and value, of the ontology and its terms.
        prefixes: For short names of terms of other vocabularies.
        site: Where the page stands.
        path: Of the ontology, or of one version of it.
    """
    terms = _collect(statements, site.links, prefixes)
    about: dict[str, str] = {}
    for subject, predicate, value in statements:
        if subject == ONTOLOGY:
            about.setdefault(predicate.rpartition("/")[2].rpartition("#")[2], value)
    groups = [
        (anchor, title, sorted((t for t in terms.values() if t.group == kind), key=lambda term: term.name.casefold()))
        for kind, (anchor, title) in _GROUPS.items()
    ]
    head = Head(
        "Ontology",
        "Classes and properties of STKG, with definitions and links to other vocabularies.",
        path=path,
        here=f"{site.root}/{path}.html",
    )
    shown = [(anchor, title, found) for anchor, title, found in groups if found]
    return render("ontology", site, head, groups=shown, about=about, iri=BASE + path, path=path)
