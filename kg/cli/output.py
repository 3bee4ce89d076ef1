"""``stkg export`` and ``stkg graph``: files for other tools and pictures for people."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kg.errors import FormatError, QueryParameterError
from kg.export import AWESOME, FORMATS, GRAPH_FORMATS, export, export_graph, format_of
from kg.service import KnowledgeGraph

_ABOUT = {
    "export": "Write the whole graph; the file's ending tells the format. A folder gets CSV tables.\n\nexamples:\n"
    "  stkg export stkg.ttl\n  stkg export stkg.jsonld\n  stkg export tables/ --format csv\n  stkg export papers.bib\n"
    "  stkg export awesome-list > README.md",
    "graph": "Draw co-authorship or lineage as one self-contained HTML page or SVG picture, or write it for other "
    "graph tools (GraphML, GEXF, node-link JSON).\n\nexamples:\n"
    "  stkg graph coauthors -o coauthors.html --min-papers 2\n"
    "  stkg graph lineage -o lineage.svg\n  stkg graph lineage -o lineage.graphml",
}


def _parser(command: str) -> ArgumentParser:
    parser = ArgumentParser(
        prog=f"stkg {command}", description=_ABOUT[command], formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    if command == "export":
        parser.add_argument("file", type=Path, metavar="FILE", help=f"what to write; {AWESOME} prints that list")
        parser.add_argument("--format", help=f"one of {', '.join(FORMATS)}; default: the file's ending")
        return parser
    parser.add_argument("kind", choices=["coauthors", "lineage"], help="which graph")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="what to write")
    parser.add_argument("--format", help=f"one of {', '.join(GRAPH_FORMATS)}; default: the file's ending")
    parser.add_argument("--task", help="coauthors: only authors of methods for this task")
    parser.add_argument("--min-papers", type=int, default=1, metavar="N", help="coauthors: only pairs with N papers")
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Write the files, name them on standard output, and return the exit status."""
    arguments = _parser(command).parse_args(words)
    if command == "export":
        if AWESOME in {arguments.format, str(arguments.file)} or arguments.file.suffix == ".md":
            return _awesome(arguments.file, arguments.format, arguments.data)
        for path in export(KnowledgeGraph.open(arguments.data), arguments.file, arguments.format):
            print(path)
        return 0
    style = format_of(arguments.output, arguments.format, GRAPH_FORMATS)
    if arguments.kind == "lineage" and (arguments.task or arguments.min_papers != 1):
        raise QueryParameterError("--task and --min-papers are for coauthors only")
    graph = KnowledgeGraph.open(arguments.data)
    network: Any
    if arguments.kind == "coauthors":
        network = graph.coauthors(task=arguments.task, min_papers=arguments.min_papers)
    else:
        network = graph.lineage()
    print(f"stkg: {len(network)} nodes, {network.number_of_edges()} edges", file=sys.stderr)
    export_graph(network, arguments.kind, arguments.output, style, subtitle=_subtitle(arguments))
    print(arguments.output)
    return 0


def _awesome(file: Path, style: str | None, data: Path | None) -> int:
    """The catalog as an awesome list; it is made from the records, so that no graph has to be built."""
    from kg.catalog import load_catalog
    from kg.export.awesome import awesome_list
    from kg.files import write_text
    from kg.resources import data_folder

    if style not in {None, AWESOME}:
        raise FormatError(f"{file.name} is a Markdown file, which has only the format {AWESOME}")
    text = awesome_list(load_catalog(data_folder(data)))
    if str(file) == AWESOME:
        print(text, end="")
        return 0
    write_text(file, text)
    print(file)
    return 0


def _subtitle(arguments: Any) -> str:
    if arguments.kind == "lineage":
        return "Which method extends, re-uses, re-implements or supersedes which; every step has evidence."
    parts = ["Who wrote papers on spatial omics methods with whom"]
    parts += [f"task {arguments.task}"] if arguments.task else []
    parts += [f"at least {arguments.min_papers} papers together"] if arguments.min_papers > 1 else []
    return ", ".join(parts) + "."
