"""Read the ontology, its alignments and its shapes, and the one prefix map."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.errors import OntologyError, Problem
from kg.iris import BASE


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


def prefixes(root: Path) -> dict[str, str]:
    """The prefix map of ``prefixes.yaml``: prefix to IRI.

    Args:
        root: The ontology folder.
    """
    import yaml

    found: dict[str, str] = yaml.safe_load((root / "prefixes.yaml").read_text(encoding="utf-8"))
    return found
