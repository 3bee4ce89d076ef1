"""Layouts: repeatable, without overlaps, along the years, and quick enough."""

import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kg.network import coauthor_graph, lineage_graph
from kg.view.layout import place_nodes
from tests.network.synthetic import author_rows, lineage_rows

ROOT = Path(__file__).parents[2]
PRINT_PLACES = """
from tests.network.synthetic import author_rows, lineage_rows
from kg.network import coauthor_graph, lineage_graph
from kg.view.layout import place_nodes
print(sorted(place_nodes(coauthor_graph(*author_rows(200, 9)), "coauthors")[0].items()))
print(sorted(place_nodes(lineage_graph(*lineage_rows()), "lineage")[0].items()))
"""


@pytest.fixture(scope="module")
def coauthors() -> tuple[Any, dict[str, tuple[int, int]]]:
    graph = coauthor_graph(*author_rows(200, 9))
    return graph, place_nodes(graph, "coauthors")[0]


def nearest(places: dict[str, tuple[int, int]]) -> float:
    points = sorted(places.values())
    least = math.inf
    for number, (x, y) in enumerate(points):
        for other_x, other_y in points[number + 1 :]:
            if other_x - x > least:
                break
            least = min(least, math.hypot(other_x - x, other_y - y))
    return least


def test_every_author_has_whole_coordinates_and_room(coauthors: tuple[Any, dict[str, tuple[int, int]]]) -> None:
    graph, places = coauthors
    assert set(places) == set(graph)
    assert all(isinstance(value, int) for place in places.values() for value in place)
    assert nearest(places) > 18


def test_small_components_do_not_overlap_each_other(coauthors: tuple[Any, dict[str, tuple[int, int]]]) -> None:
    graph, places = coauthors
    circles = []
    for part in list(nx.connected_components(graph)):
        if len(part) <= 12:
            xs, ys = zip(*(places[node] for node in part), strict=True)
            x, y = sum(xs) / len(xs), sum(ys) / len(ys)
            circles.append((x, y, max(math.dist((x, y), places[node]) for node in part)))
    for number, (x, y, r) in enumerate(circles):
        for other_x, other_y, other_r in circles[number + 1 :]:
            assert math.hypot(other_x - x, other_y - y) > max(r, other_r)


def test_communities_are_nearer_to_themselves_than_to_others(coauthors: tuple[Any, dict[str, tuple[int, int]]]) -> None:
    graph, places = coauthors
    giant = max(nx.connected_components(graph), key=len)
    inside: list[float] = []
    across: list[float] = []
    for left in giant:
        for right in giant:
            if left < right:
                same = graph.nodes[left]["community"] == graph.nodes[right]["community"]
                (inside if same else across).append(math.dist(places[left], places[right]))
    assert sum(inside) / len(inside) < 0.6 * sum(across) / len(across)


def test_the_largest_component_stands_in_the_middle(coauthors: tuple[Any, dict[str, tuple[int, int]]]) -> None:
    graph, places = coauthors
    giant = max(nx.connected_components(graph), key=len)
    middle = [sum(places[node][axis] for node in giant) / len(giant) for axis in (0, 1)]
    spread = max(math.hypot(*place) for place in places.values())
    assert math.hypot(*middle) < 0.25 * spread


def test_lineage_follows_the_years() -> None:
    graph = lineage_graph(*lineage_rows())
    places, columns = place_nodes(graph, "lineage")
    assert columns[0].year is None
    span = {column.year: (column.left, column.left + column.width) for column in columns}
    for node, (x, _) in places.items():
        low, high = span[graph.nodes[node]["year"]]
        assert low <= x < high
    known = [column.year for column in columns if column.year is not None]
    assert known == list(range(known[0], known[-1] + 1))
    assert nearest(places) >= 25


def test_a_child_of_the_same_year_stands_to_the_right() -> None:
    methods = [{"method": name, "label": name, "year": 2020} for name in "ab"]
    graph = lineage_graph([{"child": "a", "parent": "b", "relation": "extends", "evidence": []}], methods)
    places, _ = place_nodes(graph, "lineage")
    assert places["a"][0] > places["b"][0]


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_an_empty_graph_has_no_places(kind: str) -> None:
    graph = coauthor_graph([], []) if kind == "coauthors" else lineage_graph([], [])
    assert place_nodes(graph, kind)[0] == {}


def test_a_large_group_without_communities_is_placed_too() -> None:
    graph = nx.gnm_random_graph(900, 2500, seed=1)
    graph = nx.relabel_nodes(graph, {node: f"n{node:03d}" for node in graph})
    for node in graph:
        graph.nodes[node].update(component=1, community=1, papers=1)
    places = place_nodes(graph, "coauthors")[0]
    assert len(set(places.values())) > 890


def test_three_thousand_authors_take_less_than_fifteen_seconds_of_cpu() -> None:
    graph = coauthor_graph(*author_rows(900, 40))
    assert len(graph) > 1500
    start = time.process_time()
    place_nodes(graph, "coauthors")
    assert time.process_time() - start < 15


def test_the_hash_seed_changes_nothing() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PRINT_PLACES],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1
