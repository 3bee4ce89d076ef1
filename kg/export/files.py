"""Choose the writer by the file's ending and write the file whole or not at all."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.errors import FormatError, OutputError
from kg.export.rdf import NOTICE, context, write_json_ld, write_plain, write_turtle
from kg.files import atomic_file, write_text
from kg.iris import BASE
from kg.ontology import ontology_quads, prefixes
from kg.resources import resource_root
from kg.version import __version__

if TYPE_CHECKING:
    import networkx as nx

    from kg.service import KnowledgeGraph

# Made from records, not from the graph: kg.export.awesome.
AWESOME: Final = "awesome-list"
FORMATS: Final = ("ttl", "nt", "nq", "trig", "jsonld", "rdf", "csv", "bib", "ris", "csl-json", AWESOME)
GRAPH_FORMATS: Final = ("html", "svg", "graphml", "gexf", "json")
_ENDINGS: Final = {
    "turtle": "ttl",
    "xml": "rdf",
    "bibtex": "bib",
    "json-ld": "jsonld",
    "ntriples": "nt",
    "nquads": "nq",
}
# Tables of the CSV export: stored queries that need no parameter.
_TABLES: Final = (
    "methods",
    "papers",
    "authors",
    "tasks",
    "frameworks",
    "datasets",
    "benchmarks",
    "lineage-edges",
    "coauthors",
    "listings",
    "corrections",
    "conflicts",
    "sources",
)


def format_of(path: Path, asked: str | None, known: tuple[str, ...]) -> str:
    """Format of an output file, from what was asked or from its ending.

    Raises:
        FormatError: Neither says a format that exists.
    """
    word = (asked or path.suffix.removeprefix(".")).casefold()
    word = _ENDINGS.get(word, word)
    if word not in known:
        raise FormatError(
            f"cannot tell the format of {path.name!r}: end it with one of {', '.join('.' + f for f in known)}"
        )
    return word


def export(graph: "KnowledgeGraph", path: Path, asked: str | None = None) -> list[Path]:
    """Write the whole graph.

    Args:
        graph: The graph.
        path: File to write, or folder for ``csv``.
        asked: A format; by default the ending of ``path`` tells.

    Returns:
        The files written.

    Raises:
        FormatError: The format is unknown.
        OutputError: The file cannot be written; what stood there is untouched.
    """
    style = format_of(path, asked or ("csv" if path.is_dir() else None), FORMATS)
    if style == "csv":
        return _write_tables(graph, path)
    if style in {"bib", "ris", "csl-json"}:
        return [_write_references(graph, path, style)]
    names = prefixes(resource_root("ontology"))
    quads = graph.quads()
    with atomic_file(path) as out:
        if style == "ttl":
            write_turtle(quads, names, out)
        elif style == "jsonld":
            write_json_ld(quads, context(names, ontology_quads(resource_root("ontology"))), out)
        else:
            write_plain(quads, style, names, out)
    return [path]


def _write_references(graph: "KnowledgeGraph", path: Path, style: str) -> Path:
    from kg.citations import cite_all

    text = cite_all(graph, {"bib": "bibtex"}.get(style, style))
    if style == "bib":
        text = "".join(f"% {line}\n" for line in NOTICE) + "\n" + text
    write_text(path, text)
    return path


def _write_tables(graph: "KnowledgeGraph", folder: Path) -> list[Path]:
    """CSV files and their description by CSV on the Web."""
    from kg.tables import separated

    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file: CSV needs a folder")
    written, tables = [], []
    types = {"iri": "anyURI", "integer": "integer", "number": "decimal", "date": "date", "boolean": "boolean"}
    for name in _TABLES:
        answer = graph.query(name)
        path = folder / f"{name}.csv"
        write_text(path, separated(answer, answer.columns))
        columns: list[dict[str, Any]] = [
            {"name": c.name, "titles": c.name, "dc:description": c.description, "datatype": types.get(c.type, "string")}
            | ({"separator": "; "} if c.many else {})
            for c in answer.query.columns
        ]
        tables.append({"url": path.name, "dc:title": answer.query.summary, "tableSchema": {"columns": columns}})
        written.append(path)
    description = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": NOTICE[0],
        "dc:license": {"@id": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "dc:source": BASE,
        "dc:hasVersion": __version__,
        "tables": tables,
    }
    path = folder / "csv-metadata.json"
    write_text(path, json.dumps(description, ensure_ascii=False, indent=2) + "\n")
    return [*written, path]


def export_graph(network: "nx.Graph", kind: str, path: Path, style: str, *, subtitle: str = "") -> None:
    """Write a co-authorship or lineage graph.

    Args:
        network: What :mod:`kg.network` made.
        kind: ``coauthors`` or ``lineage``.
        path: File to write.
        style: One of :data:`GRAPH_FORMATS`.
        subtitle: Second line of the page.
    """
    title = {"coauthors": "Co-authorship in spatial transcriptomics methods", "lineage": "Lineage of methods"}[kind]
    if style in {"html", "svg"}:
        from kg.view import render_page, render_svg

        if style == "svg":
            comment = "".join(f"<!-- {line} -->\n" for line in NOTICE)
            write_text(path, render_svg(network, kind, title=title).replace("<title", f"{comment}<title", 1))
        else:
            query = {"coauthors": "coauthors", "lineage": "lineage-edges"}[kind]
            page = render_page(network, kind, title=title, subtitle=subtitle, version=__version__, source_query=query)
            write_text(path, page)
        return
    write_text(path, _graph_text(network, style))


def _graph_text(network: "nx.Graph", style: str) -> str:
    import networkx as nx

    from kg.network import flatten

    flat = flatten(network)
    flat.graph |= {"title": NOTICE[0], "version": __version__, "license": "CC0-1.0", "source": BASE}
    if style == "graphml":
        return "\n".join(nx.generate_graphml(flat)) + "\n"
    if style == "gexf":
        text = "\n".join(nx.generate_gexf(flat)) + "\n"
        # The library writes today's date and its own name; a file must be the same every day, and say its origin.
        import re

        meta = f"<meta><creator>stkg {__version__}</creator><description>{'; '.join(NOTICE)}</description></meta>"
        return re.sub(r"<meta.*?</meta>", meta, text, count=1, flags=re.DOTALL)
    data = nx.node_link_data(flat, edges="edges")
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
