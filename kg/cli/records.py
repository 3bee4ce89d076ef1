"""``stkg show``, ``stkg compare`` and ``stkg cite``."""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from kg.cli.query import table_width
from kg.service import KnowledgeGraph

_ABOUT = {
    "show": "Everything the graph says about one record: facts with sources, values that were not chosen and why, and "
    "what points to it.\n\nexamples:\n  stkg show cell2location\n  stkg show 10.1038/s41467-023-36796-3\n"
    "  stkg show task:cell-type-deconvolution --format json",
    "compare": "Methods side by side.\n\nexamples:\n  stkg compare cell2location RCTD CARD\n"
    "  stkg compare STAGATE GraphST --format markdown",
    "cite": "References for methods (their papers) and papers.\n\nexamples:\n  stkg cite GraphST STAGATE\n"
    "  stkg cite graphst-2023 --format ris",
}
_FORMATS = {
    "show": ["text", "json", "turtle"],
    "compare": ["table", "json", "csv", "tsv", "markdown"],
    "cite": ["bibtex", "ris", "csl-json"],
}


def _parser(command: str) -> ArgumentParser:
    parser = ArgumentParser(
        prog=f"stkg {command}", description=_ABOUT[command], formatter_class=RawDescriptionHelpFormatter
    )
    many = "+" if command != "show" else None
    parser.add_argument("id", nargs=many, metavar="ID", help="name, id, CURIE, DOI or IRI")
    formats = _FORMATS[command]
    parser.add_argument("--format", choices=formats, default=formats[0], help=f"default {formats[0]}")
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    if command == "show":
        parser.add_argument("--brief", action="store_true", help="leave the sources out")
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Run one of the three commands and return its exit status."""
    arguments = _parser(command).parse_args(words)
    graph = KnowledgeGraph.open(arguments.data)
    if command == "show":
        sys.stdout.write(_show(graph, arguments))
    elif command == "compare":
        sys.stdout.write(_compare(graph, arguments))
    else:
        from kg.citations import cite

        sys.stdout.write(cite(graph, arguments.id, arguments.format))
    return 0


def _show(graph: KnowledgeGraph, arguments: Namespace) -> str:
    if arguments.format == "turtle":
        from io import BytesIO

        from kg.export.rdf import write_turtle
        from kg.ontology import prefixes
        from kg.queries.describe import record_quads
        from kg.resources import resource_root

        out = BytesIO()
        iri = graph.resolve(arguments.id)
        write_turtle(record_quads(graph.store, iri), prefixes(resource_root("ontology")), out)
        return out.getvalue().decode()
    view = graph.show(arguments.id)
    if arguments.format == "json":
        import json

        return json.dumps(view.to_dict(), ensure_ascii=False, indent=2) + "\n"
    return view.to_text(with_sources=not arguments.brief)


def _compare(graph: KnowledgeGraph, arguments: Namespace) -> str:
    from kg.records import compare
    from kg.tables import render

    rows = compare(graph, arguments.id)
    columns = list(rows[0])
    return render(rows, columns, arguments.format, width=table_width(), label=None)
