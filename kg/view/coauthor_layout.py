"""Lay out the co-authorship graph: communities apart from each other, small components in belts around the largest.

Three steps, each on few points: every community on its own, the communities of a component as shapes packed next to
those they write with, and the components around the largest one.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from kg.view.forces import Points, ring, separate, spring, sunflower
from kg.view.packing import Plane

if TYPE_CHECKING:
    import networkx as nx

SPACING = 34.0
RING_LIMIT = 16
LARGE_COMPONENT = 40


def coauthor_positions(graph: "nx.Graph") -> dict[str, tuple[int, int]]:
    """Place every author.

    Args:
        graph: Co-authorship graph with the node attributes ``component``, ``community`` and ``papers``.

    Returns:
        Whole-numbered coordinates for each node; y grows downwards.
    """
    components = _groups(graph, graph.nodes, "component")
    shapes = [_component(graph, members) for members in components]
    spread = sum((_reach(points) + 2 * SPACING) ** 2 for points in shapes[1:])
    first = _reach(shapes[0]) if shapes else 0.0
    half = first + math.sqrt(spread) * 1.2 + 6 * SPACING
    plane = Plane(half * 1.15, half)
    cost = plane.wish(0.0, 0.0)
    positions: dict[str, tuple[int, int]] = {}
    for number, (members, points) in enumerate(zip(components, shapes, strict=True)):
        if number == 0 and len(members) >= LARGE_COMPONENT:
            x, y = 0.0, 0.0
            plane.take_star(_outline(graph, members, points), SPACING * 1.8)
        else:
            x, y, _ = plane.place(points, SPACING, cost)
        plane.take(points + np.array([x, y]), SPACING)
        for member, point in zip(members, points, strict=True):
            positions[member] = (round(float(point[0]) + x), round(float(point[1]) + y))
    return positions


def _groups(graph: "nx.Graph", members: Iterable[str], attribute: str) -> list[list[str]]:
    """Members by attribute, the largest group first; inside a group those with most papers first."""
    groups: dict[int, list[str]] = defaultdict(list)
    for member in sorted(members):
        groups[graph.nodes[member].get(attribute, 0)].append(member)
    for group in groups.values():
        group.sort(key=lambda member: (-(graph.nodes[member].get("papers") or 0), -graph.degree[member], member))
    return sorted(groups.values(), key=lambda group: (-len(group), min(group)))


def _component(graph: "nx.Graph", members: list[str]) -> Points:
    """Positions of one component around the origin, in the order of ``members``."""
    communities = _groups(graph, members, "community")
    if len(communities) == 1:
        return _community(graph, members)
    home = {member: number for number, community in enumerate(communities) for member in community}
    links: dict[tuple[int, int], float] = defaultdict(float)
    for left, right in graph.subgraph(members).edges():
        if home[left] != home[right]:
            links[home[left], home[right]] += 1
            links[home[right], home[left]] += 1
    shapes = [_community(graph, community) for community in communities]
    offsets = _side_by_side(shapes, links)
    placed: dict[str, Points] = {}
    for community, points, offset in zip(communities, shapes, offsets, strict=True):
        placed.update(zip(community, points + offset, strict=True))
    return _centred(np.array([placed[member] for member in members]))


def _community(graph: "nx.Graph", members: list[str]) -> Points:
    """Positions of one community: a ring when everybody wrote with everybody, else the spring model."""
    count = len(members)
    pairs = _pairs(graph, members)
    if len(pairs) == count * (count - 1) // 2:
        return ring(count, SPACING) if count <= RING_LIMIT else _centred(sunflower(count, SPACING * 1.15))
    edges = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    weights = np.array([1 + math.log(graph.edges[members[a], members[b]].get("papers", 1)) for a, b in pairs])
    points = spring(sunflower(count, SPACING), edges, weights, SPACING)
    return _centred(separate(points, np.full(count, SPACING / 2)))


def _pairs(graph: "nx.Graph", members: list[str]) -> list[tuple[int, int]]:
    """Edges among the members as places in the list, smaller one first; views of a graph give them in any order."""
    index = {member: number for number, member in enumerate(members)}
    found = ((index[a], index[b]) for a, b in graph.subgraph(members).edges())
    return sorted((min(pair), max(pair)) for pair in found)


def _side_by_side(shapes: list[Points], links: dict[tuple[int, int], float]) -> list[Points]:
    """Offsets of the communities of one component, the best linked next; turns a shape where it then fits better."""
    half = sum(_reach(points) ** 2 for points in shapes) ** 0.5 * 1.6 + 8 * SPACING
    plane = Plane(half * 1.3, half)
    offsets = [np.zeros(2) for _ in shapes]
    done: list[int] = []
    while len(done) < len(shapes):
        following = max(
            (number for number in range(len(shapes)) if number not in done),
            key=lambda number: (sum(links.get((number, other), 0.0) for other in done), len(shapes[number]), -number),
        )
        weights = np.array([links.get((following, other), 0.0) ** 0.5 for other in done])
        wish = np.zeros(2)
        if weights.sum() > 0:
            wish = np.array([offsets[other] for other in done]).T @ weights / weights.sum()
        cost = plane.wish(float(wish[0]), float(wish[1]), pull=0.75)
        best = (math.inf, 0.0, 0.0, shapes[following])
        for turned in _turns(shapes[following]):
            x, y, price = plane.place(turned, SPACING * 1.5, cost)
            if price < best[0]:
                best = (price, x, y, turned)
        offsets[following], shapes[following] = np.array(best[1:3]), best[3]
        plane.take(shapes[following] + offsets[following], SPACING * 1.5)
        done.append(following)
    return offsets


def _turns(points: Points) -> list[Points]:
    """The shape in eight directions."""
    angles = [number * math.pi / 4 for number in range(8)]
    matrices = [np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]]) for a in angles]
    return [_centred(points @ matrix) for matrix in matrices]


def _centred(points: Points) -> Points:
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    return np.asarray(points - middle, dtype=np.float64)


def _reach(points: Points) -> float:
    return float(np.sqrt((points**2).sum(axis=1)).max(initial=0.0))


def _outline(graph: "nx.Graph", members: list[str], points: Points) -> Points:
    """Points along nodes and edges of a component."""
    pairs = np.array(_pairs(graph, members), dtype=np.intp)
    along = [points]
    along.extend(points[pairs[:, 0]] * (1 - part) + points[pairs[:, 1]] * part for part in (0.2, 0.4, 0.6, 0.8))
    return np.concatenate(along)
