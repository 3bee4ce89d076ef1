"""Positions of nodes for both kinds of graph, computed before a page is written so that no browser has to."""

from typing import TYPE_CHECKING

from kg.view.coauthor_layout import coauthor_positions
from kg.view.lineage_layout import YearColumn, lineage_layout

if TYPE_CHECKING:
    import networkx as nx


def place_nodes(graph: "nx.Graph", kind: str) -> tuple[dict[str, tuple[int, int]], list[YearColumn]]:
    """Place the nodes of a graph; the same graph always gets the same picture.

    Args:
        graph: Graph made by :mod:`kg.network`.
        kind: ``coauthors`` or ``lineage``.

    Returns:
        Coordinates by node, and the year columns (none for co-authors).
    """
    if kind == "coauthors":
        return coauthor_positions(graph), []
    placed = lineage_layout(graph)
    return placed.positions, placed.columns
