"""HTML pages, made on the server from what :mod:`kg.records` gives. Jinja2 escapes every value."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.iris import BASE, TERMS, compact, parse_record_iri
from kg.version import __version__

if TYPE_CHECKING:
    import jinja2

    from kg.service import KnowledgeGraph

_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_OWL: Final = "http://www.w3.org/2002/07/owl#"
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_COMMENTS: Final = ("http://www.w3.org/2004/02/skos/core#definition", f"{_RDFS}comment")
_KINDS: Final = {
    f"{_OWL}Class": "Classes",
    f"{_OWL}ObjectProperty": "Properties between things",
    f"{_OWL}DatatypeProperty": "Properties with values",
}
SUFFIXES: Final = {"Turtle": "ttl", "JSON-LD": "jsonld", "N-Triples": "nt", "RDF/XML": "rdf"}


@cache
def _templates() -> "jinja2.Environment":
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def link(iri: str, root: str) -> str | None:
    """Where a page links to: our own IRIs on this server, web addresses as they are, nothing else.

    >>> link("https://w3id.org/stkg/task/denoising", ""), link("https://a.org/x", ""), link("javascript:x", "")
    ('/task/denoising', 'https://a.org/x', None)
    """
    if iri.startswith(TERMS):
        return f"{root}/ontology#{iri[len(TERMS) :]}"
    if iri.startswith(BASE):
        return f"{root}/{iri[len(BASE) :]}"
    return iri if iri.startswith(("https://", "http://")) else None


def _render(name: str, **values: Any) -> str:
    common = {"version": __version__, "formats": SUFFIXES, "compact": compact}
    return _templates().get_template(name).render(**common, **values)


def record_page(graph: "KnowledgeGraph", iri: str, *, root: str) -> str:
    """The page of a record: facts each with its source, what was not chosen, and what points here.

    Args:
        graph: The graph.
        iri: One of our IRIs.
        root: Path under which the server stands, without a slash at its end.
    """
    from kg.records import record_view

    view = record_view(graph, iri)
    parsed = parse_record_iri(iri)
    return _render(
        "record.html",
        view=view,
        kind=parsed[0] if parsed else "part of a record",
        label=view.label if view.label != iri else compact(iri).removeprefix(BASE),
        path=iri[len(BASE) :],
        root=root,
        link=lambda value: link(value, root),
    )


def ontology_page(quads: Iterable[Any], *, root: str) -> str:
    """The page of the ontology, with an anchor for each of its terms."""
    terms: dict[str, dict[str, Any]] = {}
    for quad in quads:
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object.value
        if not subject.startswith(TERMS):
            continue
        term = terms.setdefault(
            subject, {"name": subject[len(TERMS) :], "label": "", "about": "", "kind": "", "to": []}
        )
        if predicate == _RDF_TYPE and value in _KINDS:
            term["kind"] = _KINDS[value]
        elif predicate == f"{_RDFS}label":
            term["label"] = value
        elif predicate in _COMMENTS:
            term["about"] = term["about"] or value
        elif predicate.startswith(_RDFS) and value.startswith("http"):
            term["to"].append((predicate.removeprefix(_RDFS), value))
    groups = {kind: [term for _, term in sorted(terms.items()) if term["kind"] == kind] for kind in _KINDS.values()}
    return _render("ontology.html", groups=groups, path="ontology", root=root, link=lambda value: link(value, root))


def problem_page(status: int, title: str, detail: str, *, root: str) -> str:
    """The page for a request that cannot be met."""
    return _render("problem.html", status=status, title=title, detail=detail, path=None, root=root)
