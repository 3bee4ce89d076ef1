"""The lineage graph: direction, merged relations, generations, cycles."""

from collections.abc import Iterable
from typing import Any

import networkx as nx
import pytest

from kg import KnowledgeGraph
from kg.errors import KgError
from kg.network import LineageCycleError, lineage_graph
from tests.network.synthetic import lineage_rows


def edge(child: str, parent: str, relation: str = "extends", evidence: Iterable[str] = ("x:1",)) -> dict[str, Any]:
    return {"child": child, "parent": parent, "relation": relation, "evidence": list(evidence)}


def test_edges_run_from_parent_to_child() -> None:
    graph = lineage_graph([edge("new", "old")], [])
    assert list(graph.edges()) == [("old", "new")]


def test_several_relations_between_two_methods_become_one_edge() -> None:
    graph = lineage_graph([edge("b", "a", "supersedes", ["y"]), edge("b", "a", "extends", ["x", "y"])], [])
    data = graph.edges["a", "b"]
    assert data["relations"] == ["extends", "supersedes"]
    assert data["relation"] == "extends; supersedes"
    assert data["evidence"] == ["y", "x"]


def test_generations_ancestors_and_descendants() -> None:
    graph = lineage_graph([edge("b", "a"), edge("c", "b"), edge("c", "a"), edge("d", "c")], [])
    assert dict(graph.nodes(data="generation")) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert dict(graph.nodes(data="descendants")) == {"a": 3, "b": 2, "c": 1, "d": 0}
    assert dict(graph.nodes(data="ancestors")) == {"a": 0, "b": 1, "c": 2, "d": 3}


def test_methods_without_relatives_are_counted_or_kept() -> None:
    edges, methods = lineage_rows()
    related = lineage_graph(edges, methods)
    everything = lineage_graph(edges, methods, isolated=True)
    assert len(everything) == len(methods)
    assert related.graph["left_out"] == len(methods) - len(related) > 0
    assert everything.graph["left_out"] == 0
    assert nx.is_directed_acyclic_graph(everything)


def test_a_cycle_is_refused_and_told_from_its_smallest_member() -> None:
    with pytest.raises(LineageCycleError, match="a -> b -> c -> a") as caught:
        lineage_graph([edge("b", "a"), edge("c", "b"), edge("a", "c")], [])
    assert caught.value.cycle == ["a", "b", "c"]
    assert isinstance(caught.value, KgError)
    assert caught.value.code == "lineage-cycle"


def test_every_method_has_its_name_even_out_of_scope(real_graph: KnowledgeGraph) -> None:
    for iri, data in real_graph.lineage().nodes(data=True):
        assert data["label"] == real_graph.label(iri)
