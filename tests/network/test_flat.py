"""Flat graphs can be written as GraphML and GEXF and lose nothing but absences."""

import io
from collections.abc import Callable

import networkx as nx
import pytest

from kg.network import coauthor_graph, flatten, lineage_graph
from tests.network.synthetic import author_rows, lineage_rows

GRAPHS = {"coauthors": lambda: coauthor_graph(*author_rows()), "lineage": lambda: lineage_graph(*lineage_rows())}


@pytest.mark.parametrize("kind", GRAPHS)
@pytest.mark.parametrize("write", [nx.write_graphml_xml, nx.write_gexf])
def test_both_kinds_can_be_written(kind: str, write: Callable[..., None]) -> None:
    graph = GRAPHS[kind]()
    buffer = io.BytesIO()
    write(flatten(graph), buffer)
    assert len(buffer.getvalue()) > 1000


def test_graphml_reads_back_with_the_same_nodes_and_edges() -> None:
    flat = flatten(coauthor_graph(*author_rows()))
    buffer = io.BytesIO()
    nx.write_graphml_xml(flat, buffer)
    buffer.seek(0)
    read = nx.read_graphml(buffer)
    assert set(read) == set(flat)
    assert read.number_of_edges() == flat.number_of_edges()


def test_lists_are_joined_absences_dropped_and_the_graph_left_alone() -> None:
    graph = nx.Graph(note=None)
    graph.add_node("a", tasks=["x", "y"], year=None, empty=[], kinds={"b", "a"}, good=True, text="a\x00b")
    flat = flatten(graph)
    assert flat.nodes["a"] == {"tasks": "x; y", "kinds": "a; b", "good": True, "text": "a\ufffdb"}
    assert flat.graph == {}
    assert graph.nodes["a"]["tasks"] == ["x", "y"]
