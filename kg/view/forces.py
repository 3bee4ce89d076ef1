"""Place points by simulated forces: a spring model for small groups and a step that ends overlaps.

Everything is seeded and elementwise, so the same input gives the same picture on every run.
"""

import math

import numpy as np
import numpy.typing as npt
import rustworkx as rx

Points = npt.NDArray[np.float64]

GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
DENSE_LIMIT = 700


def sunflower(count: int, spacing: float) -> Points:
    """Spread points evenly over a disc, the first one in the middle.

    Args:
        count: Number of points.
        spacing: Distance between neighbours, approximately.

    Returns:
        Array of shape ``(count, 2)``.
    """
    order = np.arange(count, dtype=np.float64)
    radius = spacing * 0.6 * np.sqrt(order)
    return np.stack([radius * np.cos(order * GOLDEN_ANGLE), radius * np.sin(order * GOLDEN_ANGLE)], axis=1)


def ring(count: int, spacing: float) -> Points:
    """Spread points over a circle, the first one on top."""
    radius = 0.0 if count < 2 else spacing / (2 * math.sin(math.pi / count))
    angle = np.arange(count, dtype=np.float64) * (2 * math.pi / max(count, 1)) - math.pi / 2
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def spring(start: Points, edges: npt.NDArray[np.intp], weights: npt.NDArray[np.float64], length: float) -> Points:
    """Let connected points attract and all points repel each other until they settle.

    Args:
        start: First positions.
        edges: Pairs of positions in ``start``, shape ``(m, 2)``.
        weights: Strength of each edge.
        length: Distance at which two connected points rest.

    Returns:
        Positions around the origin.
    """
    if len(start) > DENSE_LIMIT:
        return _spring_of_many(start, edges, weights, length)
    count = len(start)
    points = start.copy()
    pull = weights / np.maximum(1.0, np.sqrt(_degrees(edges, count)[edges].prod(axis=1)) / 3)
    rounds = 260
    for step in range(rounds):
        offset = points[:, None, :] - points[None, :, :]
        squared = np.maximum((offset**2).sum(axis=2), 1e-2 * length**2)
        force = (offset * (1.4 * length**3 / squared**1.5)[:, :, None]).sum(axis=1)
        along = points[edges[:, 0]] - points[edges[:, 1]]
        drawn = along * (np.sqrt((along**2).sum(axis=1)) / length * pull)[:, None]
        force -= _collect(drawn, edges[:, 0], count) - _collect(drawn, edges[:, 1], count)
        force -= points * 0.12
        size = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        heat = length * 1.5 * (1 - step / rounds) ** 1.5
        points += force * (np.minimum(size, heat) / size)[:, None]
    return _around_origin(points)


def _around_origin(points: Points) -> Points:
    return np.asarray(points - points.mean(axis=0), dtype=np.float64)


def _degrees(edges: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.float64]:
    return np.bincount(edges.ravel(), minlength=count).astype(np.float64)


def _collect(values: Points, targets: npt.NDArray[np.intp], count: int) -> Points:
    return np.stack([np.bincount(targets, values[:, axis], minlength=count) for axis in (0, 1)], axis=1)


def _spring_of_many(
    start: Points, edges: npt.NDArray[np.intp], weights: npt.NDArray[np.float64], length: float
) -> Points:
    """The compiled spring layout, for groups whose distance table would be too large."""
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(list(range(len(start))))
    graph.add_edges_from([(int(a), int(b), float(w)) for (a, b), w in zip(edges, weights, strict=True)])
    unit = length * math.sqrt(len(start))
    first = {index: (float(x), float(y)) for index, (x, y) in enumerate(start / unit)}
    rounds = max(30, min(120, int(2e9 / (len(start) ** 2 * 5))))
    placed = rx.spring_layout(graph, pos=first, num_iter=rounds, seed=1, weight_fn=float)
    points = np.array([placed[index] for index in range(len(start))], dtype=np.float64)
    apart = np.sqrt(((points[edges[:, 0]] - points[edges[:, 1]]) ** 2).sum(axis=1))
    return _around_origin(points * (1.5 * length / max(float(np.median(apart)), 1e-9)))


def separate(points: Points, radii: npt.NDArray[np.float64], rounds: int = 120) -> Points:
    """Push discs apart until none overlaps another, or the rounds are used up.

    Args:
        points: Centres.
        radii: Radius of each disc, gap included.
        rounds: How often to push at most.

    Returns:
        New centres.
    """
    points = points.copy()
    if len(points) > DENSE_LIMIT:
        return _separate_many(points, radii, rounds)
    reach = radii[:, None] + radii[None, :]
    np.fill_diagonal(reach, 0.0)
    for _ in range(rounds):
        offset = points[:, None, :] - points[None, :, :]
        distance = np.sqrt((offset**2).sum(axis=2))
        overlap = np.maximum(reach - distance, 0.0)
        if overlap.max(initial=0.0) < 0.5:
            break
        push = offset / np.maximum(distance, 1e-6)[:, :, None] * overlap[:, :, None]
        points += 0.35 * push.sum(axis=1)
    return points


def _separate_many(points: Points, radii: npt.NDArray[np.float64], rounds: int) -> Points:
    """The same for many discs of similar size, looking only at neighbours along a sweep."""
    for _ in range(min(rounds, 40)):
        order = np.lexsort((points[:, 1], points[:, 0]))
        moved = False
        for gap in range(1, 60):
            left, right = order[:-gap], order[gap:]
            offset = points[right] - points[left]
            distance = np.sqrt((offset**2).sum(axis=1))
            overlap = np.maximum(radii[left] + radii[right] - distance, 0.0)
            if overlap.max(initial=0.0) < 0.5:
                continue
            moved = True
            push = offset / np.maximum(distance, 1e-6)[:, None] * overlap[:, None] * 0.4
            np.add.at(points, right, push)
            np.add.at(points, left, -push)
        if not moved:
            break
    return points
