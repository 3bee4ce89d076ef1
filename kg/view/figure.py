"""What there is to draw, for the page and the static picture alike: marks, lines, legend, and what was cut."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kg.view.layout import place_nodes
from kg.view.lineage_layout import YearColumn
from kg.view.palette import LEGEND_ENTRIES, OTHER_COLOUR, RELATION_LINES, style_of

if TYPE_CHECKING:
    import networkx as nx

Kind = Literal["coauthors", "lineage"]
KINDS: tuple[Kind, ...] = ("coauthors", "lineage")


@dataclass(frozen=True, slots=True)
class Style:
    """One entry of the legend.

    Attributes:
        label: What it stands for.
        colour: Index into the theme's fills.
        shape: One of the palette's shapes.
        count: How many marks have it.
    """

    label: str
    colour: int
    shape: str
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One node of the drawing.

    Attributes:
        node: Key in the graph.
        label: Its name.
        x: Place; whole number.
        y: Place, growing downwards.
        size: Radius.
        style: Index into the legend.
        importance: Marks with a higher number get their name written first.
    """

    node: str
    label: str
    x: int
    y: int
    size: float
    style: int
    importance: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing without colours.

    Attributes:
        kind: ``coauthors`` or ``lineage``.
        graph: The part of the graph that is drawn.
        marks: Nodes, the most important first.
        styles: Legend.
        relations: Kinds of lines that occur; empty for co-authors.
        columns: Year columns; empty for co-authors.
        statements: Sentences on what the drawing leaves out.
    """

    kind: Kind
    graph: "nx.Graph"
    marks: tuple[Mark, ...]
    styles: tuple[Style, ...]
    relations: tuple[str, ...]
    columns: tuple[YearColumn, ...]
    statements: tuple[str, ...]

    def lines(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """Edges as positions in ``marks`` with their attributes, sorted."""
        index = {mark.node: number for number, mark in enumerate(self.marks)}
        found = [(index[a], index[b], data) for a, b, data in self.graph.edges(data=True)]
        if not self.graph.is_directed():
            found = [(min(a, b), max(a, b), data) for a, b, data in found]
        yield from sorted(found, key=lambda line: line[:2])


def compose(graph: "nx.Graph", kind: str, node_limit: int = 5_000) -> Figure:
    """Lay a graph out and give its nodes sizes, shapes and colours.

    Args:
        graph: Graph made by :mod:`kg.network`; it is not changed.
        kind: ``coauthors`` or ``lineage``.
        node_limit: How many nodes to draw at most.

    Returns:
        The drawing.

    Raises:
        ValueError: The kind is unknown or the limit is not positive.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of graph: {kind!r}; known are {', '.join(KINDS)}")
    if node_limit < 1:
        raise ValueError("the node limit must be positive")
    known: Kind = "coauthors" if kind == "coauthors" else "lineage"
    ranked = sorted(graph, key=lambda node: (-_importance(graph, known, node), str(node)))
    shown = graph.subgraph(ranked[:node_limit])
    places, columns = place_nodes(shown, known)
    styles, style_by_node = _styles(shown, known)
    marks = tuple(
        Mark(
            str(node),
            str(shown.nodes[node].get("label") or node),
            *places[node],
            _size(shown, known, node),
            style_by_node[node],
            _importance(graph, known, node),
        )
        for node in ranked[:node_limit]
    )
    relations = {name for _, _, found in shown.edges(data="relations") for name in found or ()}
    order = sorted(relations, key=lambda name: (name not in RELATION_LINES, name))
    return Figure(known, shown, marks, styles, tuple(order), tuple(columns), _statements(graph, shown, known))


def _importance(graph: "nx.Graph", kind: Kind, node: str) -> int:
    data = graph.nodes[node]
    if kind == "coauthors":
        return int(data.get("papers") or 0) * 10_000 + int(graph.degree[node])
    return int(data.get("descendants") or 0) * 10_000 + int(graph.degree[node])


def _size(graph: "nx.Graph", kind: Kind, node: str) -> float:
    data = graph.nodes[node]
    amount = float(data.get("papers" if kind == "coauthors" else "descendants") or 0)
    base, growth = (5.0, 2.6) if kind == "coauthors" else (6.5, 2.2)
    return round(min(15.0, base + growth * math.sqrt(amount)), 1)


def _styles(graph: "nx.Graph", kind: Kind) -> tuple[tuple[Style, ...], dict[str, int]]:
    """Legend and legend entry of each node; what is too rare for an entry shares the last one."""
    group_of = _communities(graph) if kind == "coauthors" else _main_tasks(graph)
    sizes = Counter(group for group in group_of.values() if group is not None)
    ranked = sorted(sizes, key=lambda group: (-sizes[group], group))[:LEGEND_ENTRIES]
    rank = {group: number for number, group in enumerate(ranked)}
    names = _community_names(graph, ranked, group_of) if kind == "coauthors" else {task: str(task) for task in ranked}
    styles = [Style(names[group], *style_of(number), sizes[group]) for group, number in rank.items()]
    rest = sum(1 for group in group_of.values() if group not in rank)
    if rest:
        styles.append(Style("other groups" if kind == "coauthors" else "other or no task", OTHER_COLOUR, "dot", rest))
    return tuple(styles), {
        node: len(ranked) if group is None else rank.get(group, len(ranked)) for node, group in group_of.items()
    }


def _communities(graph: "nx.Graph") -> dict[str, int | None]:
    """Community of each author; those of fewer than five members count as none."""
    sizes = Counter(community for _, community in graph.nodes(data="community"))
    return {
        node: community if community is not None and sizes[community] >= 5 else None
        for node, community in graph.nodes(data="community")
    }


def _community_names(graph: "nx.Graph", ranked: list[Any], group_of: dict[Any, Any]) -> dict[Any, str]:
    """Name communities after their member with most papers, then most co-authors."""
    first: dict[Any, Any] = {}
    for node in sorted(graph, key=lambda node: (-_importance(graph, "coauthors", node), str(node))):
        first.setdefault(group_of[node], node)
    return {group: f"around {graph.nodes[first[group]].get('label') or first[group]}" for group in ranked}


def _main_tasks(graph: "nx.Graph") -> dict[str, str | None]:
    """Of each method's tasks the one that most methods of the graph share."""
    count = Counter(task for _, tasks in graph.nodes(data="tasks") for task in tasks or ())
    return {
        node: min(tasks, key=lambda task: (-count[task], task)) if tasks else None
        for node, tasks in graph.nodes(data="tasks")
    }


def _statements(graph: "nx.Graph", shown: "nx.Graph", kind: Kind) -> tuple[str, ...]:
    found = []
    if len(shown) < len(graph):
        what = "authors" if kind == "coauthors" else "methods"
        ranking = (
            "most papers, then most co-authors" if kind == "coauthors" else "most descendants, then most relations"
        )
        lost = graph.number_of_edges() - shown.number_of_edges()
        found.append(
            f"Drawn are {len(shown):,} of {len(graph):,} {what}, those with the {ranking}; "
            f"{len(graph) - len(shown):,} {what} and {lost:,} links are left out here."
        )
    left_out = graph.graph.get("left_out", 0)
    if left_out:
        found.append(
            f"{left_out:,} methods of the catalog have no recorded predecessor or successor; they are left out here."
        )
    return tuple(found)
