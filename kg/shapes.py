"""Run the SHACL shapes on the catalog's graph and report each violation at the file and line of its record."""

from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from rdflib.namespace import SH

from kg.catalog.loader import read_text
from kg.catalog.yaml_text import locate
from kg.errors import OntologyError, Problem
from kg.iris import compact, parse_record_iri
from kg.model import Catalog
from kg.projection import catalog_quads
from kg.resources import resource_root
from kg.store.rdflib_ import to_rdflib


def check_shapes(catalog: Catalog, root: Path) -> list[Problem]:
    """Check what the loader makes of the catalog against ``ontology/shapes.ttl``.

    Args:
        catalog: A catalog without other problems.
        root: The data folder, for line numbers.

    Returns:
        One problem a violation, sorted.

    Raises:
        OntologyError: The shapes themselves could not be run.
    """
    graph = rdflib.Graph()
    owner: dict[str, str] = {}
    quad: Any
    for quad in catalog_quads(catalog):
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
        owner.setdefault(quad.subject.value, quad.graph_name.value)
    return sorted(_problem(report, owner, catalog, root) for report in validate(graph))


def validate(graph: rdflib.Graph) -> list[dict[str, str]]:
    """Run the shapes on a graph.

    Returns:
        One dict a violation with ``focus``, ``path``, ``value`` and ``message``; missing parts are ``""``.

    Raises:
        OntologyError: The shapes could not be run.
    """
    shapes = rdflib.Graph().parse(resource_root("ontology") / "shapes.ttl", format="turtle")
    try:
        conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", advanced=False)
    except (pyshacl.errors.ShapeLoadError, pyshacl.errors.ConstraintLoadError) as error:
        raise OntologyError(f"shapes.ttl cannot be run: {error}") from error
    if not isinstance(report, rdflib.Graph):
        raise OntologyError(f"shapes.ttl cannot be run: {report!r}")
    if conforms:
        return []

    def part(result: Any, name: str) -> str:
        return str(report.value(result, SH[name]) or "")

    names = {"focus": "focusNode", "path": "resultPath", "value": "value", "message": "resultMessage"}
    results = report.subjects(rdflib.RDF.type, SH.ValidationResult)
    return [{key: part(result, name) for key, name in names.items()} for result in results]


def _problem(result: dict[str, str], owner: dict[str, str], catalog: Catalog, root: Path) -> Problem:
    focus = result["focus"]
    record = parse_record_iri(focus) or _record_of_graph(owner.get(focus, ""))
    path, index = catalog.places.get(record, ("", -1)) if record else ("", -1)
    line = locate(read_text(root, path), path, (index,) if index >= 0 else ()) if path else 0
    pointer = compact(result["path"])
    value = f" (value: {result['value'][:80]})" if result["value"] else ""
    return Problem(path or compact(focus), line, pointer, f"{result['message']}{value}", f"node {compact(focus)}")


def _record_of_graph(graph: str) -> tuple[str, str] | None:
    return parse_record_iri(graph.replace("/graph/", "/", 1))
