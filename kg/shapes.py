"""Run the SHACL shapes on the catalog's graph and report each violation at the file and line of its record."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from rdflib.namespace import SH

from kg.catalog.loader import read_text
from kg.catalog.yaml_text import locate
from kg.errors import OntologyError, Problem
from kg.iris import compact, parse_record_iri, place_of
from kg.model import Catalog, Record
from kg.projection import catalog_quads
from kg.resources import resource_root
from kg.store.rdflib_ import to_rdflib

Steps = tuple[str | int, ...]


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
        One dict a violation with ``focus``, ``path``, ``value``, ``shape`` and ``message``; missing parts are ``""``.

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
    names["shape"] = "sourceShape"
    results = report.subjects(rdflib.RDF.type, SH.ValidationResult)
    return [{key: part(result, name) for key, name in names.items()} for result in results]


def _problem(result: dict[str, str], owner: dict[str, str], catalog: Catalog, root: Path) -> Problem:
    focus = result["focus"]
    record = parse_record_iri(focus) or _record_of_graph(owner.get(focus, ""))
    path, index = catalog.places.get(record, ("", -1)) if record else ("", -1)
    line = 0
    if record and path:
        steps = _steps(result, catalog.of_kind(record[0])[record[1]])
        line = locate(read_text(root, path), path, steps if index < 0 else (index, *steps))
    pointer = compact(result["path"])
    value = f" (value: {result['value'][:80]})" if result["value"] else ""
    rule = f"shacl/{result['shape'].rpartition('#')[2] or 'shape'}"
    return Problem(path or compact(focus), line, pointer, f"{result['message']}{value}", f"node {compact(focus)}", rule)


def _record_of_graph(graph: str) -> tuple[str, str] | None:
    place = place_of(graph)
    return (place.kind, place.slug) if place else None


def _steps(result: dict[str, str], record: Record) -> Steps:
    """Where in a record the node or value stands that a shape complains of; its beginning when that cannot be told.

    Authorships and versions are numbered as in the file; a value is looked for as it is, and by the id in its IRI.
    """
    part = re.search(r"/(authorship|version)/(\d+)$", result["focus"])
    if part is not None:
        number = int(part[2]) - 1
        return ("authors", "names", number) if part[1] == "authorship" else ("versions", number)
    named = parse_record_iri(result["value"])
    wanted = {result["value"], *([named[1]] if named else [])} - {""}
    found = (steps for steps, value in _leaves(record, ()) if value in wanted)
    return next(found, ("id",))


def _leaves(value: Any, steps: Steps) -> Iterator[tuple[Steps, str]]:
    """Every text, number and date of a record with its place; where the facts come from is none of them."""
    if isinstance(value, Record):
        for name in type(value).model_fields:
            if name not in {"sources", "evidence"}:
                yield from _leaves(getattr(value, name), (*steps, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, (*steps, index))
    elif value is not None:
        yield steps, str(value)
