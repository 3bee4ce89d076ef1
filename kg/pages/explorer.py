"""The pages with whole graphs, made once for each graph."""

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.pages.memory import remember
from kg.pages.render import Site
from kg.version import __version__

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

TITLES: Final = {
    "coauthors": ("Co-authors", "Who writes papers on spatial transcriptomics methods with whom.", "coauthors"),
    "lineage": ("Lineage of methods", "Which method builds on which.", "lineage-edges"),
}


class GraphPage(NamedTuple):
    """A page and the content security policy that it needs.

    Attributes:
        text: HTML.
        policy: Allows the scripts and styles of this page by their hashes, and nothing else.
    """

    text: str
    policy: str


def graph_page(graph: "KnowledgeGraph", kind: str, site: Site) -> GraphPage:
    """A graph to explore; its marks lead to the pages of this site.

    Args:
        graph: The graph.
        kind: ``coauthors`` or ``lineage``.
        site: Where the page stands.
    """
    return remember(graph, f"graph {kind} {site.root}", lambda found: _made(found, kind, site))


def _made(graph: "KnowledgeGraph", kind: str, site: Site) -> GraphPage:
    from kg.view.page import policy_of, render_page

    title, subtitle, query = TITLES[kind]
    network = graph.coauthors() if kind == "coauthors" else graph.lineage()
    text = render_page(
        network,
        kind,
        title=title,
        subtitle=subtitle,
        version=__version__,
        source_query=query,
        page_of=site.links.to,
        home=f"{site.root}/",
    )
    return GraphPage(text, policy_of(text))
