"""Read the ontology, its alignments and its shapes, and the one prefix map."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import OntologyError, Problem
from kg.iris import BASE

_MODULE: Final = re.compile(r"ontology(?:/(?P<name>alignments|shapes))?(?:/(?P<version>[0-9]+\.[0-9]+\.[0-9]+))?")


def ontology_quads(root: Path) -> Iterator[ox.Quad]:
    """Statements of ``stkg.ttl`` and ``alignments.ttl`` in named graphs of their own.

    Args:
        root: The ontology folder.

    Raises:
        OntologyError: A file is not Turtle.
    """
    for name, slug in (("stkg.ttl", "stkg"), ("alignments.ttl", "alignments")):
        graph = ox.NamedNode(f"{BASE}graph/ontology/{slug}")
        try:
            for quad in ox.parse(path=str(root / name), format=ox.RdfFormat.TURTLE):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        except SyntaxError as error:
            raise OntologyError(f"{name} is not Turtle", [Problem(name, 0, "", str(error))]) from error


def module_file(root: Path, path: str) -> Path | None:
    """File of the ontology, its alignments or its shapes, in the version that an IRI asks for.

    Args:
        root: The ontology folder.
        path: What follows the base in the IRI: ``ontology``, ``ontology/shapes``, ``ontology/0.1.0``,
            ``ontology/shapes/0.1.0`` and so on.

    Returns:
        The current file, a former version's under ``archive/``, or None when there is no such module or version.
    """
    found = _MODULE.fullmatch(path)
    if found is None:
        return None
    name, version = found["name"] or "stkg", found["version"]
    current = root / f"{name}.ttl"
    if version is None or f"<{BASE}{path}>" in _versions(current, current.stat().st_mtime_ns):
        return current
    archived = root / "archive" / f"{name}-{version}.ttl"
    return archived if archived.is_file() else None


@lru_cache(maxsize=8)
def _versions(file: Path, _changed: int) -> frozenset[str]:
    """Version IRIs that a file declares."""
    declared = ox.NamedNode("http://www.w3.org/2002/07/owl#versionIRI")
    return frozenset(str(quad.object) for quad in ox.parse(path=str(file)) if quad.predicate == declared)


def prefixes(root: Path) -> dict[str, str]:
    """The prefix map of ``prefixes.yaml``: prefix to IRI.

    Args:
        root: The ontology folder.
    """
    import yaml

    found: dict[str, str] = yaml.safe_load((root / "prefixes.yaml").read_text(encoding="utf-8"))
    return found
