"""One self-contained HTML page for a graph: pyvis holds nodes, edges and options, our own template does the rest.

The page asks nobody for anything: scripts and styles are inside, allowed by their hashes alone, and all data stand in
a block that no parser takes for markup.
"""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from html import unescape
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from kg.errors import ResourceMissingError
from kg.network.rows import last_segment
from kg.view.facts import Column, Facet, cells, columns, facets
from kg.view.figure import Figure, compose
from kg.view.links import short_name, web_address
from kg.view.palette import RELATION_LINES, THEMES

if TYPE_CHECKING:
    import networkx as nx
    from pyvis.network import Network

PageOf = Callable[[str], str | None]
SCRIPTS = ("core", "paint", "stage", "filters", "search", "panel", "table", "picture", "start")
ROWS_WITHOUT_SCRIPT = 50
FEWER_EDGES_WHILE_MOVING = 2_000
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def render_page(
    graph: "nx.Graph",
    kind: str,
    *,
    title: str,
    subtitle: str,
    version: str,
    source_query: str,
    node_limit: int = 5_000,
    page_of: PageOf = web_address,
    home: str | None = None,
) -> str:
    """Write the page of a graph.

    Args:
        graph: Graph made by :mod:`kg.network`; it is not changed.
        kind: ``coauthors`` or ``lineage``.
        title: Heading; plain text.
        subtitle: Sentence under the heading; plain text.
        version: Version of the data.
        source_query: Name of the stored query, or names of the queries, the graph comes from.
        node_limit: How many nodes to draw at most; the page states what it leaves out.
        page_of: Gives the address of a record by its IRI; on a site of its own these are pages of the site.
        home: Address of the site that the page belongs to, for a link back.

    Returns:
        Complete HTML document, to be written as UTF-8.
    """
    drawing = compose(graph, kind, node_limit)
    filters = facets(drawing)
    heads = columns(drawing)
    payload = _payload(drawing, filters, heads, page_of)
    payload["page"] = {"title": title, "subtitle": subtitle, "version": version, "statements": drawing.statements}
    style = _static("graph.css")
    scripts = [_vis_network(), "\n".join(_static(f"{name}.js") for name in SCRIPTS)]
    return _template().render(
        kind=drawing.kind,
        title=title,
        subtitle=subtitle,
        version=version,
        source_query=source_query,
        drawing=drawing,
        figures=_figures(drawing),
        columns=[column for column in heads if column.in_table],
        rows=_first_rows(payload, heads, filters),
        policy=_policy(scripts, style),
        style=style,
        scripts=scripts,
        data=_as_data_block(payload),
        home=home,
    )


def _payload(drawing: Figure, filters: list[Facet], heads: list[Column], page_of: PageOf) -> dict[str, Any]:
    """Everything the scripts need, as plain values."""
    net = _network(drawing, filters, page_of)
    return {
        "kind": drawing.kind,
        "nodes": net.nodes,
        "edges": net.edges,
        "options": net.options,
        "styles": [[style.label, style.colour, style.shape, style.count] for style in drawing.styles],
        "relations": [[name, *RELATION_LINES.get(name, ("3 3", 1.6))] for name in drawing.relations],
        "columns": [[head.label, head.numeric, head.facet, head.in_table] for head in heads],
        "facets": [[facet.label, facet.values] for facet in filters],
        "years": [[column.year, column.left, column.width] for column in drawing.columns],
        "themes": {
            name: {
                "ground": theme.ground,
                "band": theme.band,
                "ink": theme.ink,
                "muted": theme.muted,
                "line": theme.line,
                "rule": theme.rule,
                "fills": theme.fills,
                "outlines": theme.outlines,
            }
            for name, theme in THEMES.items()
        },
        "fewerEdgesAbove": FEWER_EDGES_WHILE_MOVING,
    }


def _network(drawing: Figure, filters: list[Facet], page_of: PageOf) -> "Network":
    """The drawing as a pyvis network; nothing of pyvis but its lists is used.

    ``add_edge`` compares with all edges before it, so the list is set at once; ``options`` likewise, since
    ``set_options`` removes blanks from texts.
    """
    # Imported here because pyvis imports IPython, which costs most of a second.
    net: Network = import_module("pyvis.network").Network(directed=drawing.kind == "lineage")
    sizes = Counter(component for _, component in drawing.graph.nodes(data="component"))
    for number, mark in enumerate(drawing.marks):
        net.add_node(
            number,
            label=mark.label,
            shape=drawing.styles[mark.style].shape,
            color=str(drawing.styles[mark.style].colour),
            x=mark.x,
            y=mark.y,
            size=mark.size,
            group=mark.style,
            key=last_segment(mark.node),
            record=mark.node,
            link=page_of(mark.node),
            facets=[facet.of_mark[number] for facet in filters],
            cells=[_paged(value, page_of) for value in cells(drawing, mark, sizes)],
        )
    net.edges = [_edge(drawing, *line) for line in drawing.lines()]
    net.options = {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {"dragNodes": False, "keyboard": False, "multiselect": False, "zoomSpeed": 0.7},
    }
    return net


def _paged(value: object, page_of: PageOf) -> object:
    """A cell whose links lead to the pages of the site."""
    if not isinstance(value, list):
        return value
    return [entry if isinstance(entry, str) else (entry[0], page_of(entry[1])) for entry in value]


def _edge(drawing: Figure, source: int, target: int, data: dict[str, Any]) -> dict[str, Any]:
    if drawing.kind == "coauthors":
        return {"from": source, "to": target, "value": data.get("papers", 1)}
    names = data.get("relations") or []
    evidence = [[text, web_address(text)] for text in data.get("evidence") or ()]
    return {
        "from": source,
        "to": target,
        "relations": [drawing.relations.index(name) for name in names],
        "evidence": evidence,
    }


def _figures(drawing: Figure) -> list[tuple[str, str]]:
    """Numbers for the head of the page."""
    graph = drawing.graph
    if drawing.kind == "coauthors":
        components = {component for _, component in graph.nodes(data="component")}
        return [
            (f"{len(graph):,}", "authors"),
            (f"{graph.number_of_edges():,}", "co-authorships"),
            (f"{len(components):,}", "components"),
        ]
    return [(f"{len(graph):,}", "methods"), (f"{graph.number_of_edges():,}", "relations")]


def _first_rows(payload: dict[str, Any], heads: list[Column], filters: list[Facet]) -> list[dict[str, Any]]:
    """Rows that the page shows even where no script runs."""
    rows = []
    for node in payload["nodes"][:ROWS_WITHOUT_SCRIPT]:
        shown = []
        for number, head in enumerate(heads):
            if head.in_table:
                value = node["cells"][number]
                if head.facet is not None:
                    value = [filters[head.facet].values[position] for position in node["facets"][head.facet]]
                shown.append((head.numeric, _as_entries(value)))
        rows.append({"label": node["label"], "link": node["link"], "cells": shown})
    return rows


def _as_entries(value: object) -> list[tuple[str, str | None]]:
    if value is None:
        return []
    entries = value if isinstance(value, list) else [str(value)]
    return [(entry, None) if isinstance(entry, str) else (str(entry[0]), entry[1]) for entry in entries]


def _as_data_block(payload: dict[str, Any]) -> str:
    """JSON that can stand inside a ``script`` element whatever the texts contain."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _policy(scripts: list[str], style: str) -> str:
    """Content security policy: nothing from elsewhere, and only these very scripts and this very style sheet."""
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; style-src-attr 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def policy_of(page: str) -> str:
    """The content security policy that stands in a page made by :func:`render_page`, for a header."""
    found = _POLICY.search(page)
    if found is None:
        raise ValueError("the page has no content security policy")
    return unescape(found[1])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("kg.view"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["short_name"] = short_name
    return environment.get_template("page.html.j2")


@lru_cache(maxsize=16)
def _static(name: str) -> str:
    return files("kg.view").joinpath("static", name).read_text(encoding="utf-8").replace("\r\n", "\n")


@lru_cache(maxsize=1)
def _vis_network() -> str:
    """The renderer out of the pyvis wheel, without its source map and safe inside a ``script`` element."""
    for folder in ("templates/lib", "lib"):
        path = files("pyvis").joinpath(folder, "vis-9.1.2", "vis-network.min.js")
        if path.is_file():
            text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
            return re.sub(r"</(?=script)", r"<\\/", _SOURCE_MAP.sub("", text), flags=re.IGNORECASE).replace(
                "<!--", r"<\!--"
            )
    raise ResourceMissingError("vis-network 9.1.2 is not in the installed pyvis; install pyvis 0.3.2")
