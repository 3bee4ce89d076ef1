"""The graph of descent between methods: what extends, reuses, reimplements or supersedes what."""

from collections.abc import Iterable
from typing import ClassVar

import networkx as nx

from kg.errors import CatalogError
from kg.network.rows import Row, last_segment, number, text, words


class LineageCycleError(CatalogError):
    """A method would descend from itself.

    Attributes:
        cycle: IRIs of the methods along the cycle, from the smallest, in the direction of time.
    """

    code: ClassVar[str] = "lineage-cycle"

    def __init__(self, cycle: list[str]) -> None:
        names = " -> ".join(last_segment(iri) for iri in [*cycle, cycle[0]])
        super().__init__(f"the lineage goes in a circle: {names}")
        self.cycle = cycle


def lineage_graph(edges: Iterable[Row], methods: Iterable[Row], *, isolated: bool = False) -> "nx.DiGraph":
    """Build the directed graph of descent; an edge runs from the older method to the one that builds on it.

    Args:
        edges: One mapping for each statement with ``child``, ``parent``, ``relation`` and ``evidence``. Several
            relations between the same two methods become one edge.
        methods: One mapping for each method with ``method``, ``label``, ``year``, ``tasks``, ``frameworks``,
            ``languages``, ``repository`` and ``paper``.
        isolated: Keep methods without any lineage as nodes. By default they are left out and counted in the graph
            attribute ``left_out``, which the page of the graph states.

    Returns:
        Graph keyed by method IRI, without cycles.

    Raises:
        LineageCycleError: The statements form a cycle.
    """
    relations: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in edges:
        found = relations.setdefault((str(row["parent"]), str(row["child"])), {"relations": [], "evidence": []})
        found["relations"].extend(words(row, "relation"))
        found["evidence"].extend(words(row, "evidence"))
    described = {str(row["method"]): row for row in methods}
    related = {method for pair in relations for method in pair}
    graph = nx.DiGraph(kind="lineage", left_out=0 if isolated else len(described.keys() - related))
    for method in sorted(related | described.keys() if isolated else related):
        graph.add_node(method, **_method(method, described.get(method, {})))
    for (parent, child), found in sorted(relations.items()):
        names = sorted(set(found["relations"]))
        graph.add_edge(
            parent, child, relation="; ".join(names), relations=names, evidence=list(dict.fromkeys(found["evidence"]))
        )
    _add_generations(graph)
    return graph


def _method(method: str, row: Row) -> dict[str, object]:
    return {
        "label": text(row, "label") or last_segment(method),
        "year": number(row, "year"),
        "tasks": words(row, "tasks"),
        "frameworks": words(row, "frameworks"),
        "languages": words(row, "languages"),
        "repository": text(row, "repository"),
        "paper": text(row, "paper"),
    }


def _add_generations(graph: "nx.DiGraph") -> None:
    try:
        order = list(nx.lexicographical_topological_sort(graph))
    except nx.NetworkXUnfeasible as error:
        raise LineageCycleError(_cycle(graph)) from error
    for method in order:
        parents = [graph.nodes[parent]["generation"] for parent in graph.predecessors(method)]
        graph.nodes[method].update(
            generation=max(parents, default=-1) + 1,
            descendants=len(nx.descendants(graph, method)),
            ancestors=len(nx.ancestors(graph, method)),
        )


def _cycle(graph: "nx.DiGraph") -> list[str]:
    """One cycle of the graph, told from its smallest member."""
    members = [str(edge[0]) for edge in nx.find_cycle(graph)]
    start = members.index(min(members))
    return members[start:] + members[:start]
