"""Write results of SPARQL piece by piece, stop at the caps, and say so where the format has room for it.

The engine's own writers cannot stop in the middle of a result and leave it well-formed, so solutions are written here:
SPARQL 1.1 JSON, XML, CSV and TSV. Graphs go through the engine's writers, fed by an iterator that stops.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring as quote
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.engine.sink import Sink

# Media type -> name here. The first of each is what a client gets who does not say.
SOLUTIONS: Final = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
# W3C defines no CSV and TSV of ASK.
BOOLEANS: Final = {name: style for name, style in SOLUTIONS.items() if style in {"json", "xml"}}
GRAPHS: Final = {
    "text/turtle": "TURTLE",
    "application/n-triples": "N_TRIPLES",
    "text/plain": "N_TRIPLES",
    "application/ld+json": "JSON_LD",
    "application/rdf+xml": "RDF_XML",
    "application/trig": "TRIG",
    "application/n-quads": "N_QUADS",
}
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_BATCH: Final = 16 * 1024  # characters
_CUT: Final = "cut after {rows} rows: the server's limit"
_BARE: Final = {
    f"{_XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{_XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{_XSD}double": re.compile(r"[+-]?([0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
}

Row = Sequence[Any]


def _json_term(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f'{{"type":"uri","value":{quote(term.value)}}}'
    if isinstance(term, ox.BlankNode):
        return f'{{"type":"bnode","value":{quote(term.value)}}}'
    if isinstance(term, ox.Triple):
        parts = zip(("subject", "predicate", "object"), term, strict=True)
        inner = ",".join(f'"{name}":{_json_term(part)}' for name, part in parts)
        return f'{{"type":"triple","value":{{{inner}}}}}'
    value = f'{{"type":"literal","value":{quote(term.value)}'
    if term.language:
        return f'{value},"xml:lang":{quote(term.language)}}}'
    datatype = term.datatype.value
    return f"{value}}}" if datatype == f"{_XSD}string" else f'{value},"datatype":{quote(datatype)}}}'


def _json(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield f'{{"head":{{"vars":[{",".join(map(quote, names))}]}},"results":{{"bindings":['
    keys = [f"{quote(name)}:" for name in names]
    separator = "\n"
    for row in rows:
        cells = [key + _json_term(term) for key, term in zip(keys, row, strict=True) if term is not None]
        yield f"{separator}{{{','.join(cells)}}}"
        separator = ",\n"


def _xml_text(text: str) -> str:
    # A bare CR would be read back as LF.
    return escape(text, {"\r": "&#13;"})


def _xml_term(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{_xml_text(term.value)}</bnode>"
    if isinstance(term, ox.Triple):
        parts = zip(("subject", "predicate", "object"), term, strict=True)
        return "<triple>" + "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts) + "</triple>"
    mark = ""
    if term.language:
        mark = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != f"{_XSD}string":
        mark = f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{mark}>{_xml_text(term.value)}</literal>"


def _xml(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
    yield "".join(f"<variable name={quoteattr(name)}/>" for name in names) + "</head><results>"
    keys = [f"<binding name={quoteattr(name)}>" for name in names]
    for row in rows:
        pairs = zip(keys, row, strict=True)
        cells = [f"{key}{_xml_term(term)}</binding>" for key, term in pairs if term is not None]
        yield f"\n<result>{''.join(cells)}</result>"


def _csv_cell(term: Any) -> str:
    if term is None:
        return ""
    text = f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(getattr(term, "value", term))
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",\r\n') else text


def _csv(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield ",".join(names) + "\r\n"
    for row in rows:
        yield ",".join(map(_csv_cell, row)) + "\r\n"


def _tsv_cell(term: Any) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.Literal) and not term.language:
        bare = _BARE.get(term.datatype.value)
        if bare is not None and bare.fullmatch(term.value):
            return term.value
    return str(term).replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _tsv(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield "\t".join(f"?{name}" for name in names) + "\n"
    for row in rows:
        yield "\t".join(map(_tsv_cell, row)) + "\n"


_Writer = Callable[[Sequence[str], Iterable[Row]], Iterator[str]]
_WRITERS: Final[Mapping[str, _Writer]] = {"json": _json, "xml": _xml, "csv": _csv, "tsv": _tsv}


def _ending(style: str, sink: Sink) -> str:
    """What closes the document; it says when rows were left out. CSV and TSV have no room for that."""
    note = _CUT.format(rows=sink.rows)
    if style == "json":
        return f'\n]}},"stkg:truncated":{quote(note)}}}\n' if sink.cut else "\n]}}\n"
    if style == "xml":
        return f"\n</results></sparql>{f'<!-- {note} -->' if sink.cut else ''}\n"
    return ""


def write_solutions(solutions: ox.QuerySolutions, style: str, sink: Sink) -> None:
    """Write the answer of a SELECT query.

    Args:
        solutions: What the engine gave.
        style: ``json``, ``xml``, ``csv`` or ``tsv``.
        sink: Where to; it knows the caps.
    """
    names = [variable.value for variable in solutions.variables]
    pieces: list[str] = []
    size = 0
    for piece in _WRITERS[style](names, sink.counted(solutions)):
        pieces.append(piece)
        size += len(piece)
        if size >= _BATCH:
            sink.write("".join(pieces).encode())
            pieces.clear()
            size = 0
    pieces.append(_ending(style, sink))
    sink.can_say_so = style in {"json", "xml"}
    sink.write("".join(pieces).encode())


def write_boolean(*, answer: bool, style: str, sink: Sink) -> None:
    """Write the answer of an ASK query as ``json`` or ``xml``."""
    word = "true" if answer else "false"
    if style == "json":
        sink.write(f'{{"head":{{}},"boolean":{word}}}\n'.encode())
        return
    name = "http://www.w3.org/2005/sparql-results#"
    sink.write(f'<?xml version="1.0"?>\n<sparql xmlns="{name}"><head/><boolean>{word}</boolean></sparql>\n'.encode())


def write_graph(triples: Iterable[Any], style: str, prefixes: Mapping[str, str], sink: Sink) -> None:
    """Write the answer of a CONSTRUCT or DESCRIBE query.

    Args:
        triples: What the engine gave.
        style: Name of one of the engine's formats, such as ``TURTLE``.
        prefixes: For the formats that have them.
        sink: Where to; it knows the caps.
    """
    named = dict(prefixes) if style in {"TURTLE", "TRIG", "RDF_XML"} else None
    out: Any = sink  # it has the two methods of a file that count here
    ox.serialize(sink.counted(triples), out, format=getattr(ox.RdfFormat, style), prefixes=named)
    note = _CUT.format(rows=sink.rows)
    sink.can_say_so = style != "JSON_LD"
    if sink.cut and style == "RDF_XML":
        sink.write(f"\n<!-- {note} -->\n".encode())
    elif sink.cut and style != "JSON_LD":
        sink.write(f"# {note}\n".encode())
