"""``stkg sparql``: SPARQL of one's own."""

import re
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.cli.query import table_width
from kg.errors import FormatError, QueryError
from kg.service import KnowledgeGraph

_SOLUTIONS: Final = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}
_GRAPHS: Final = {
    "turtle": "TURTLE",
    "nt": "N_TRIPLES",
    "rdf": "RDF_XML",
    "jsonld": "JSON_LD",
    "trig": "TRIG",
    "nq": "N_QUADS",
}
_ABOUT: Final = """\
Run SPARQL 1.1 (SELECT, ASK, CONSTRUCT or DESCRIBE). The default graph is the union of all named graphs; the prefixes
of the project are declared for you. Nothing can be changed, and SERVICE is refused.

examples:
  stkg sparql 'SELECT ?m WHERE { ?m stkg:addressesTask stkg.task:denoising }'
  stkg sparql question.rq --format csv
  echo 'ASK { ?m a stkg:Method }' | stkg sparql - --format json
  stkg sparql 'CONSTRUCT WHERE { ?a stkg:extends ?b }' --format turtle
"""


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="stkg sparql", description=_ABOUT, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("query", metavar="TEXT|FILE|-", help="the query, a file with it, or - for standard input")
    formats = ["table", *_SOLUTIONS, *_GRAPHS]
    parser.add_argument(
        "--format", choices=formats, help="default table, or turtle for graphs; json is W3C results JSON"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    return parser


def _read(word: str) -> str:
    if word == "-":
        return sys.stdin.read()
    path = Path(word)
    if not path.is_file() and re.search(r"[{\n]|(?i:^\s*describe\s)", word):
        return word
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{word!r} is neither SPARQL nor a readable file: {error}") from error


def run(command: str, words: Sequence[str]) -> int:
    """Run the query and return the exit status."""
    arguments = _parser().parse_args(words)
    result = KnowledgeGraph.open(arguments.data).sparql(_read(arguments.query))
    if isinstance(result, ox.QueryTriples):
        _write_triples(result, arguments.format or "turtle")
    elif (arguments.format or "table") == "table":
        _write_table(result)
    else:
        _write_results(result, arguments.format)
    return 0


def _write_results(result: Any, style: str) -> None:
    if style not in _SOLUTIONS:
        raise FormatError(f"{style} is for CONSTRUCT and DESCRIBE: use {', '.join(_SOLUTIONS)}")
    result.serialize(sys.stdout.buffer, format=getattr(ox.QueryResultsFormat, _SOLUTIONS[style]))
    sys.stdout.buffer.write(b"\n" if style == "json" else b"")


def _write_triples(result: Any, style: str) -> None:
    if style not in _GRAPHS:
        raise FormatError(f"{style} is for SELECT and ASK: use {', '.join(_GRAPHS)}")
    from kg.export.rdf import text_of_triples
    from kg.ontology import prefixes
    from kg.resources import resource_root

    sys.stdout.buffer.write(text_of_triples(result, _GRAPHS[style], prefixes(resource_root("ontology"))))


def _text(term: Any) -> str | None:
    # A triple term has no value, only its text.
    return None if term is None else str(getattr(term, "value", term))


def _write_table(result: Any) -> None:
    if isinstance(result, ox.QueryBoolean):
        print("true" if result else "false")
        return
    from kg.tables import render

    columns = [variable.value for variable in result.variables]
    rows = [dict(zip(columns, map(_text, solution), strict=True)) for solution in result]
    sys.stdout.write(render(rows, columns, "table", width=table_width(), label=None))
    print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}", file=sys.stderr)
