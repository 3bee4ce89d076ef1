"""Lay out the lineage graph along the years: one column a year, related methods on near rows."""

from collections import defaultdict
from dataclasses import dataclass, field

import networkx as nx

COLUMN = 200
STEP = 150
ROW = 30
GAP = 22
SWEEPS = 24


@dataclass(slots=True)
class YearColumn:
    """One column of the drawing.

    Attributes:
        year: The year, or ``None`` for methods whose year is unknown.
        left: Where the column begins.
        width: How wide it is.
    """

    year: int | None
    left: int
    width: int


@dataclass(slots=True)
class LineageLayout:
    """Positions of the methods and the columns they stand in."""

    positions: dict[str, tuple[int, int]] = field(default_factory=dict)
    columns: list[YearColumn] = field(default_factory=list)


def lineage_layout(graph: "nx.DiGraph") -> LineageLayout:
    """Place every method.

    Args:
        graph: Lineage graph with the node attribute ``year``.

    Returns:
        Whole-numbered coordinates, y growing downwards, and the columns from left to right.
    """
    depth = _depth_in_year(graph)
    columns = _columns(graph, depth)
    left = {column.year: column.left for column in columns}
    x = {node: left[graph.nodes[node].get("year")] + 30 + STEP * depth[node] for node in graph}
    components = [sorted(part) for part in nx.weakly_connected_components(graph)]
    components.sort(key=lambda part: (-len(part), min(x[node] for node in part), part[0]))
    shelf: dict[int, list[tuple[float, float]]] = defaultdict(list)
    layout = LineageLayout(columns=columns)
    for part in components:
        rows = _rows(graph.subgraph(part), part, x)
        top, bottom = min(rows.values()), max(rows.values())
        span = [column.left for column in columns if _meets(column, [x[node] for node in part])]
        shift = _first_free(shelf, span, bottom - top + ROW + GAP)
        for place in span:
            shelf[place].append((shift, shift + bottom - top + ROW + GAP))
        for node in part:
            layout.positions[node] = (x[node], round(rows[node] - top + shift))
    return layout


def _depth_in_year(graph: "nx.DiGraph") -> dict[str, int]:
    """How many ancestors in a row share the method's year; 0 for most."""
    depth: dict[str, int] = {}
    for node in nx.lexicographical_topological_sort(graph):
        year = graph.nodes[node].get("year")
        same = [depth[parent] for parent in graph.predecessors(node) if graph.nodes[parent].get("year") == year]
        depth[node] = max(same, default=-1) + 1
    return depth


def _columns(graph: "nx.DiGraph", depth: dict[str, int]) -> list[YearColumn]:
    deepest: dict[int | None, int] = defaultdict(int)
    for node in graph:
        year = graph.nodes[node].get("year")
        deepest[year] = max(deepest[year], depth[node])
    known = [year for year in deepest if year is not None]
    years: list[int | None] = [None] if None in deepest else []
    years.extend(range(min(known), max(known) + 1) if known else [])
    columns, left = [], 0
    for year in years:
        width = COLUMN + STEP * deepest.get(year, 0) if year in deepest else COLUMN // 2
        columns.append(YearColumn(year, left, width))
        left += width + (COLUMN // 3 if year is None else 0)
    return columns


def _meets(column: YearColumn, places: list[int]) -> bool:
    return column.left <= max(places) and column.left + column.width > min(places)


def _rows(graph: "nx.DiGraph", part: list[str], x: dict[str, int]) -> dict[str, float]:
    """Rows inside one component: each method near its parents and children, no two on one spot."""
    rows = _first_rows(graph, part)
    columns: dict[int, list[str]] = defaultdict(list)
    for node in part:
        columns[x[node]].append(node)
    for sweep in range(SWEEPS):
        for place in sorted(columns, reverse=bool(sweep % 2)):
            wish = {node: _middle(graph, node, rows) for node in columns[place]}
            order = sorted(columns[place], key=lambda node: (wish[node], node))
            rows.update(zip(order, _spread([wish[node] for node in order]), strict=True))
    return rows


def _first_rows(graph: "nx.DiGraph", part: list[str]) -> dict[str, float]:
    """Rows as a depth-first walk from the roots meets the methods."""
    rows: dict[str, float] = {}
    roots = [node for node in part if graph.in_degree(node) == 0]
    stack = sorted(roots, key=lambda node: (-graph.out_degree(node), node), reverse=True)
    while stack:
        node = stack.pop()
        if node not in rows:
            rows[node] = float(len(rows) * ROW)
            stack.extend(sorted(graph.successors(node), reverse=True))
    return rows


def _middle(graph: "nx.DiGraph", node: str, rows: dict[str, float]) -> float:
    near = [rows[other] for other in (*graph.predecessors(node), *graph.successors(node))]
    return (sum(near) + 0.2 * rows[node]) / (len(near) + 0.2)


def _spread(wishes: list[float]) -> list[float]:
    """Rows at least ``ROW`` apart, in the given order, as near to the wishes as that allows (pooled means)."""
    pools: list[tuple[float, int]] = []
    for number, wish in enumerate(wishes):
        mean, size = wish - number * ROW, 1
        while pools and pools[-1][0] >= mean:
            before, many = pools.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        pools.append((mean, size))
    bases = [mean for mean, size in pools for _ in range(size)]
    return [base + number * ROW for number, base in enumerate(bases)]


def _first_free(shelf: dict[int, list[tuple[float, float]]], span: list[int], height: float) -> float:
    """The topmost row from which a block of this height is free in all columns it spans."""
    taken = sorted(block for place in span for block in shelf[place])
    start = 0.0
    for top, bottom in taken:
        if top >= start + height:
            break
        start = max(start, bottom)
    return start
