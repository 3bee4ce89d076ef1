"""Pack shapes made of points on one plane, each as near to its wish as the shapes before it allow.

The plane is cut into square cells. A shape takes the cells around its points; it may stand wherever none of them is
taken. Of all such places it gets the one with the least cost.
"""

import math

import numpy as np
import numpy.typing as npt

from kg.view.forces import Points

CELL = 17.0
STRETCH = 1.25
SECTORS = 180

Bits = npt.NDArray[np.bool_]


class Plane:
    """Which cells are taken.

    Args:
        half_width: Greatest coordinate to the left and right of the origin that shapes may reach.
        half_height: The same upwards and downwards.
    """

    def __init__(self, half_width: float, half_height: float) -> None:
        self._origin = (math.ceil(half_width / CELL) + 2, math.ceil(half_height / CELL) + 2)
        self._taken = np.zeros((2 * self._origin[0] + 1, 2 * self._origin[1] + 1), dtype=np.bool_)
        axes = [(np.arange(size) - origin) * CELL for size, origin in zip(self._taken.shape, self._origin, strict=True)]
        self._x, self._y = np.meshgrid(*axes, indexing="ij")

    def wish(self, x: float, y: float, pull: float = 1.0) -> npt.NDArray[np.float64]:
        """Cost of each cell for a shape that would like to be at one point.

        Args:
            x: Where it would like to be.
            y: The same.
            pull: How much that counts against being near the origin; 1 counts nothing else.

        Returns:
            One number for each cell; ellipses lying on their side cost the same.
        """
        near = (self._x - x) ** 2 / STRETCH + (self._y - y) ** 2 * STRETCH
        centre = self._x**2 / STRETCH + self._y**2 * STRETCH
        return np.asarray(pull * near + (1 - pull) * centre, dtype=np.float64)

    def place(self, points: Points, margin: float, cost: npt.NDArray[np.float64]) -> tuple[float, float, float]:
        """Put a shape on the cheapest free place.

        Args:
            points: Points of the shape around the origin.
            margin: Free space kept around each point.
            cost: One number for each cell, as :meth:`wish` makes them.

        Returns:
            Offset in x, offset in y, and the cost of the place; the cost is infinite when there is no room.
        """
        spots = _spots(points, margin)
        blocked = self._blocked(spots)
        priced = np.where(blocked, np.inf, cost)
        best = int(priced.argmin())
        return float(self._x.flat[best]), float(self._y.flat[best]), float(priced.flat[best])

    def take(self, points: Points, margin: float) -> None:
        """Mark the cells around some points as taken."""
        for i, j in _spots(points, margin):
            row, column = i + self._origin[0], j + self._origin[1]
            if 0 <= row < self._taken.shape[0] and 0 <= column < self._taken.shape[1]:
                self._taken[row, column] = True

    def take_star(self, points: Points, margin: float) -> None:
        """Mark everything between the origin and the outermost points in each direction as taken."""
        limits = _star_hull(points)
        self._taken |= np.hypot(self._x, self._y) < limits[_sectors(self._x, self._y)] + margin

    def _blocked(self, spots: list[tuple[int, int]]) -> Bits:
        """Cells where the shape cannot have its origin: it would leave the plane or touch something taken."""
        reach_i = max(abs(i) for i, _ in spots)
        reach_j = max(abs(j) for _, j in spots)
        wide = np.pad(self._taken, ((reach_i, reach_i), (reach_j, reach_j)), constant_values=True)
        blocked = np.zeros_like(self._taken)
        rows, columns = self._taken.shape
        for i, j in spots:
            blocked |= wide[reach_i + i : reach_i + i + rows, reach_j + j : reach_j + j + columns]
        return blocked


def _spots(points: Points, margin: float) -> list[tuple[int, int]]:
    """Cells within the margin of some point, in order."""
    steps = math.ceil(margin / CELL)
    around = [
        (i, j)
        for i in range(-steps, steps + 1)
        for j in range(-steps, steps + 1)
        if math.hypot(i, j) * CELL <= margin + CELL / 2
    ]
    cells = {(round(float(x) / CELL), round(float(y) / CELL)) for x, y in points}
    return sorted({(i + di, j + dj) for i, j in cells for di, dj in around})


def _sectors(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    return ((np.arctan2(y, x) + math.pi) / (2 * math.pi) * SECTORS).astype(np.intp) % SECTORS


def _star_hull(points: Points) -> npt.NDArray[np.float64]:
    """How far the points reach from the origin, for each direction."""
    limits = np.zeros(SECTORS)
    np.maximum.at(limits, _sectors(points[:, 0], points[:, 1]), np.hypot(points[:, 0], points[:, 1]))
    return np.asarray(np.max([np.roll(limits, step) for step in range(-3, 4)], axis=0), dtype=np.float64)
