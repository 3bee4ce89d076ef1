"""The co-authorship graph: nodes, weights, communities, centrality."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kg import KnowledgeGraph
from kg.network import coauthor_graph
from tests.network.synthetic import author_rows

ROOT = Path(__file__).parents[2]
PRINT_GRAPH = """
from tests.network.synthetic import author_rows
from kg.network import coauthor_graph
graph = coauthor_graph(*author_rows())
print(list(graph.nodes(data=True)), list(graph.edges(data=True)))
"""


def pair(a: str, b: str, papers: int = 1) -> dict[str, Any]:
    return {"author_a": a, "author_b": b, "papers": papers}


def test_weights_and_lonely_authors_are_kept() -> None:
    graph = coauthor_graph([pair("b", "a", 3)], [{"author": "c", "label": "C", "papers": 1}])
    assert graph.edges["a", "b"] == {"papers": 3, "weight": 3}
    assert graph.nodes["c"]["degree"] == 0
    assert graph.nodes["c"]["community"] != graph.nodes["a"]["community"]


def test_a_pair_given_in_both_directions_counts_once() -> None:
    graph = coauthor_graph([pair("a", "b", 2), pair("b", "a", 2)], [])
    assert graph.number_of_edges() == 1
    assert graph.edges["a", "b"]["papers"] == 2


def test_an_author_is_not_their_own_coauthor() -> None:
    graph = coauthor_graph([pair("a", "a")], [{"author": "a"}])
    assert graph.number_of_edges() == 0


def test_without_years_the_first_and_last_stand_for_them() -> None:
    graph = coauthor_graph([], [{"author": "a", "first_year": "2019", "last_year": 2023}, {"author": "b"}])
    assert graph.nodes["a"]["years"] == [2019, 2023]
    assert graph.nodes["b"]["years"] == []


def test_a_missing_label_falls_back_to_the_end_of_the_iri() -> None:
    graph = coauthor_graph([pair("https://example.org/author/jane-doe", "https://example.org/author/x")], [])
    assert graph.nodes["https://example.org/author/jane-doe"]["label"] == "jane-doe"


def test_communities_are_numbered_by_size_and_stay_inside_components() -> None:
    graph = coauthor_graph(*author_rows())
    groups: dict[int, list[str]] = {}
    for node, data in graph.nodes(data=True):
        groups.setdefault(data["community"], []).append(node)
    sizes = [len(groups[number]) for number in sorted(groups)]
    assert sorted(groups) == list(range(1, len(groups) + 1))
    assert sizes == sorted(sizes, reverse=True)
    for members in groups.values():
        assert len({graph.nodes[member]["component"] for member in members}) == 1


def test_betweenness_is_exact_for_graphs_of_this_size() -> None:
    graph = coauthor_graph(*author_rows())
    expected = nx.betweenness_centrality(graph)
    assert dict(graph.nodes(data="betweenness")) == pytest.approx(expected, abs=1e-8)


def test_betweenness_of_large_graphs_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.network.coauthors.EXACT_BETWEENNESS_NODES", 10)
    monkeypatch.setattr("kg.network.coauthors.SAMPLED_SOURCES", 10)
    first, second = coauthor_graph(*author_rows()), coauthor_graph(*author_rows())
    assert dict(first.nodes(data="betweenness")) == dict(second.nodes(data="betweenness"))
    assert any(value for _, value in first.nodes(data="betweenness"))


def test_no_rows_give_an_empty_graph() -> None:
    assert len(coauthor_graph([], [])) == 0


def test_the_hash_seed_changes_nothing() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PRINT_GRAPH],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1


def test_a_task_leaves_only_its_authors_and_the_pairs_among_them(real_graph: KnowledgeGraph) -> None:
    graph = real_graph.coauthors(task="deconvolution")
    wanted = {row["author"] for row in real_graph.query("authors", task="deconvolution")}
    assert set(graph) == wanted
    assert all(data["papers"] >= 1 for _, data in graph.nodes(data=True))
