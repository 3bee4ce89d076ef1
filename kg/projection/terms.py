"""RDF terms that the projection writes: namespaces, and constants for the datatypes."""

from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.iris import BASE, TERMS

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


class Namespace:
    """Make terms of one vocabulary.

    Example:
        >>> Namespace("http://www.w3.org/2000/01/rdf-schema#")("label").value
        'http://www.w3.org/2000/01/rdf-schema#label'
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._known: dict[str, NamedNode] = {}

    def __call__(self, name: str) -> NamedNode:
        """The term ``name`` of this vocabulary."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = NamedNode(self._base + name)
        return found


STKG: Final = Namespace(TERMS)
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS: Final = Namespace("http://purl.org/dc/terms/")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
SCHEMA: Final = Namespace("https://schema.org/")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
FABIO: Final = Namespace("http://purl.org/spar/fabio/")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
VOID: Final = Namespace("http://rdfs.org/ns/void#")

CC0: Final = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
DATASET: Final = NamedNode(BASE)

_INTEGER: Final = NamedNode(_XSD + "integer")
_DATE: Final = NamedNode(_XSD + "date")
_BOOLEAN: Final = NamedNode(_XSD + "boolean")


@cache
def node(iri: str) -> NamedNode:
    """The term for an IRI; made once."""
    return NamedNode(iri)


def text(value: str, language: str | None = None) -> Literal:
    """A plain or language-tagged string."""
    return Literal(value, language=language) if language else Literal(value)


def integer(value: int) -> Literal:
    """An ``xsd:integer``."""
    return Literal(str(value), datatype=_INTEGER)


def day(value: object) -> Literal:
    """An ``xsd:date`` of a ``datetime.date``."""
    return Literal(str(value), datatype=_DATE)


def boolean(value: bool) -> Literal:  # noqa: FBT001 - the literal of a truth value has no better name
    """An ``xsd:boolean``."""
    return Literal("true" if value else "false", datatype=_BOOLEAN)
