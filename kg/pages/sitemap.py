"""Addresses of all pages of a site, as search engines read them."""

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from kg.iris import RECORD_KINDS

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

_PAGES: Final = ("/", "/query", "/sparql", "/graph", "/graph/lineage", "/graph/coauthors", "/ontology.html")


def sitemap_text(graph: "KnowledgeGraph", origin: str) -> str:
    """A sitemap of the pages, the stored queries and every record.

    Args:
        graph: The graph.
        origin: Address of the site without a slash at its end; sitemaps need whole addresses.
    """
    paths = list(_PAGES)
    paths += [f"/query/{name}" for name in sorted(graph.queries)]
    for kind in RECORD_KINDS:
        labels = graph.index(kind).labels
        paths += [f"/browse/{kind}"] if labels else []
        paths += [f"/{kind}/{slug}.html" for slug in sorted(labels)]
    lines = [f"<url><loc>{escape(origin + path)}</loc></url>" for path in paths]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *lines, "</urlset>"]) + "\n"
