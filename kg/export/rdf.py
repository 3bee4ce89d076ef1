"""RDF files: Turtle, N-Triples, N-Quads, TriG, RDF/XML and JSON-LD, each sorted so that a diff shows only changes."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

import pyoxigraph as ox

from kg.iris import BASE, TERMS
from kg.version import __version__

_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
NOTICE: Final = (
    "STKG: knowledge graph of computational methods for spatial transcriptomics",
    f"version {__version__}; {BASE}",
    "licence CC0 1.0 https://creativecommons.org/publicdomain/zero/1.0/",
    f"made by stkg {__version__} from the catalog's records; each fact names its sources (stkg:evidence)",
)


def _key(term: Any) -> tuple[str, str]:
    return (term.value, str(term))


def sorted_triples(quads: Iterable[ox.Quad]) -> list[Any]:
    """Triples without their graphs: by subject, then type first, then predicate and object; no repeats."""
    return _in_order(quad.triple for quad in quads)


def _in_order(triples: Iterable[Any]) -> list[Any]:
    return sorted(
        set(triples), key=lambda t: (t.subject.value, t.predicate.value != _RDF_TYPE, t.predicate.value, _key(t.object))
    )


def sorted_quads(quads: Iterable[Any]) -> list[Any]:
    """Quads by graph, then as :func:`sorted_triples`."""
    return sorted(
        set(quads),
        key=lambda q: (
            q.graph_name.value,
            q.subject.value,
            q.predicate.value != _RDF_TYPE,
            q.predicate.value,
            _key(q.object),
        ),
    )


def used_prefixes(statements: Iterable[Any], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes that some IRI of the statements begins with, sorted."""
    left = dict(prefixes)
    used: dict[str, str] = {}
    for statement in statements:
        terms = [statement.subject.value, statement.predicate.value]
        value = statement.object
        terms.append(value.value if isinstance(value, ox.NamedNode) else value.datatype.value)
        found = [name for name, iri in left.items() if any(term.startswith(iri) for term in terms)]
        for name in found:
            used[name] = left.pop(name)
    return dict(sorted(used.items()))


def _with_sorted_head(content: bytes) -> bytes:
    """Serialised Turtle or TriG with its prefix lines sorted; the library writes them in no fixed order."""
    lines = content.splitlines(keepends=True)
    head = sorted(line for line in lines if line.startswith(b"@prefix "))
    return b"".join(head) + b"".join(lines[len(head) :])


def text_of_triples(triples: Iterable[Any], style: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in one text, the same for the same triples (but for the names of blank nodes).

    Args:
        triples: What to write, in any order.
        style: Name of one of the engine's formats, such as ``TURTLE``.
        prefixes: Those that are used stand in formats that have them.
    """
    statements = _in_order(triples)
    has_prefixes = style in {"TURTLE", "TRIG", "RDF_XML"}
    names = used_prefixes(statements, prefixes) if has_prefixes else None
    content = ox.serialize(statements, format=getattr(ox.RdfFormat, style), prefixes=names) or b""
    return _with_sorted_head(content) if style in {"TURTLE", "TRIG"} else content


def _comments() -> bytes:
    return "".join(f"# {line}\n" for line in NOTICE).encode()


def write_turtle(quads: Iterable[ox.Quad], prefixes: Mapping[str, str], out: BinaryIO) -> None:
    """Readable, diff-stable Turtle: one block a subject, an empty line between blocks."""
    text = text_of_triples((quad.triple for quad in quads), "TURTLE", prefixes)
    out.write(_comments())
    previous = b""
    for line in text.splitlines(keepends=True):
        starts_block = not line.startswith((b"\t", b"@prefix"))
        if starts_block and previous:
            out.write(b"\n")
        out.write(line)
        previous = line


def write_plain(quads: Iterable[ox.Quad], style: str, prefixes: Mapping[str, str], out: BinaryIO) -> None:
    """N-Triples, N-Quads, TriG or RDF/XML, sorted.

    Args:
        quads: What to write.
        style: ``nt``, ``nq``, ``trig`` or ``rdf``.
        prefixes: Used by TriG and RDF/XML.
        out: Binary file.
    """
    formats = {
        "nt": ox.RdfFormat.N_TRIPLES,
        "nq": ox.RdfFormat.N_QUADS,
        "trig": ox.RdfFormat.TRIG,
        "rdf": ox.RdfFormat.RDF_XML,
    }
    statements: Sequence[Any] = sorted_triples(quads) if style in {"nt", "rdf"} else sorted_quads(quads)
    names = used_prefixes(statements, prefixes) if style in {"trig", "rdf"} else None
    if style != "rdf":
        out.write(_comments())
    content = ox.serialize(statements, format=formats[style], prefixes=names) or b""
    if style == "trig":
        content = _with_sorted_head(content)
    elif style == "rdf":
        content = _with_sorted_names(content)
    out.write(content)


def _with_sorted_names(content: bytes) -> bytes:
    """RDF/XML with the name spaces of its root element sorted, and the notice in front."""
    match = re.search(rb"<rdf:RDF([^>]*)>", content)
    if match is None:
        return content
    names = sorted(re.findall(rb'xmlns:[^=]+="[^"]*"', match[1]))
    notice = "".join(f"<!-- {line.replace('--', '- -')} -->\n" for line in NOTICE).encode()
    return content[: match.start()] + notice + b"<rdf:RDF " + b" ".join(names) + b">" + content[match.end() :]


def context(prefixes: Mapping[str, str], ontology: Iterable[Any]) -> dict[str, Any]:
    """The JSON-LD context: our properties by their plain names, with types from the ontology.

    Args:
        prefixes: Prefix to IRI.
        ontology: Statements of ``stkg.ttl``.
    """
    owl, rdfs = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
    kinds: dict[str, set[str]] = {}
    ranges: dict[str, str] = {}
    for quad in ontology:
        subject, value = quad.subject.value, quad.object.value
        if not subject.startswith(TERMS):
            continue
        if quad.predicate.value == _RDF_TYPE:
            kinds.setdefault(subject, set()).add(value)
        elif quad.predicate.value == f"{rdfs}range" and value.startswith(_XSD):
            ranges[subject] = value
    terms: dict[str, Any] = {}
    for iri in sorted(kinds):
        name = iri[len(TERMS) :]
        if f"{owl}ObjectProperty" in kinds[iri]:
            terms[name] = {"@id": f"stkg:{name}", "@type": "@id"}
        elif f"{owl}DatatypeProperty" in kinds[iri]:
            typed = ranges.get(iri, f"{_XSD}string").removeprefix(_XSD)
            coerced = {} if typed in {"string", "integer", "boolean"} else {"@type": f"xsd:{typed}"}
            terms[name] = {"@id": f"stkg:{name}", **coerced}
        elif f"{owl}Class" in kinds[iri]:
            terms[name] = f"stkg:{name}"
    head = {"@version": 1.1, "id": "@id", "type": "@type"}
    return {**head, **dict(sorted(prefixes.items())), **terms}


class _Compactor:
    """Write terms by the context."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names
        spaces = [(iri, prefix) for prefix, iri in names.items() if isinstance(iri, str) and iri.startswith("http")]
        self.spaces = sorted(spaces, key=lambda pair: -len(pair[0]))

    def curie(self, iri: str) -> str:
        for space, prefix in self.spaces:
            rest = iri[len(space) :]
            # A rest that begins with // or holds a colon would be read as an absolute IRI.
            if iri.startswith(space) and rest and not rest.startswith("//") and ":" not in rest:
                return f"{prefix}:{rest}"
        return iri

    def term(self, iri: str) -> str:
        name = iri[len(TERMS) :] if iri.startswith(TERMS) else ""
        return name if name in self.names else self.curie(iri)

    def value(self, predicate: str, term: Any) -> Any:
        definition = self.names.get(predicate)
        typed = definition.get("@type") if isinstance(definition, dict) else None
        if isinstance(term, ox.NamedNode):
            return self.curie(term.value) if typed == "@id" else {"id": self.curie(term.value)}
        datatype = term.datatype.value
        if term.language is not None:
            return {"@value": term.value, "@language": term.language}
        if datatype == f"{_XSD}string":
            return term.value if typed is None else {"@value": term.value}
        if typed == f"xsd:{datatype.removeprefix(_XSD)}":
            return term.value
        if datatype == f"{_XSD}integer" and str(int(term.value)) == term.value:
            return int(term.value)
        if datatype == f"{_XSD}boolean" and term.value in {"true", "false"}:
            return term.value == "true"
        return {"@value": term.value, "@type": self.curie(datatype)}


def _nodes(triples: Iterable[Any], compact: _Compactor) -> Iterator[dict[str, Any]]:
    current: dict[str, Any] = {}
    for triple in triples:
        iri = compact.curie(triple.subject.value)
        if current.get("id") != iri:
            if current:
                yield current
            current = {"id": iri}
        if triple.predicate.value == _RDF_TYPE:
            current.setdefault("type", []).append(compact.term(triple.object.value))
            continue
        name = compact.term(triple.predicate.value)
        current.setdefault(name, []).append(compact.value(name, triple.object))
    if current:
        yield current


def write_json_ld(quads: Iterable[ox.Quad], names: Mapping[str, Any], out: BinaryIO) -> None:
    """JSON-LD with the published context written out, so that no reader has to fetch it; one node a line."""
    out.write(b'{"@context": ' + json.dumps(names, ensure_ascii=False).encode() + b',\n"@graph": [\n')
    separator = b""
    for node in _nodes(sorted_triples(quads), _Compactor(names)):
        plain = {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in node.items()}
        out.write(separator + json.dumps(plain, ensure_ascii=False).encode())
        separator = b",\n"
    out.write(b"\n]}\n")
