"""Graph files for other tools, read back."""

import json
from pathlib import Path

import networkx as nx
import pytest

from kg import KnowledgeGraph
from kg.cli.app import main
from kg.export import export_graph


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
@pytest.mark.parametrize("style", ["graphml", "gexf", "json"])
def test_other_tools_read_the_same_graph(toy_graph: KnowledgeGraph, tmp_path: Path, kind: str, style: str) -> None:
    network = toy_graph.coauthors() if kind == "coauthors" else toy_graph.lineage()
    path = tmp_path / f"x.{style}"
    export_graph(network, kind, path, style)
    if style == "json":
        found = nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="edges")
    else:
        found = nx.read_graphml(path) if style == "graphml" else nx.read_gexf(path)
    assert set(found.nodes) == set(network.nodes)
    assert found.number_of_edges() == network.number_of_edges()
    label = "label"
    assert {found.nodes[n][label] for n in found} == {network.nodes[n][label] for n in network}
    assert "CC0" in path.read_text(encoding="utf-8")


def test_the_same_file_every_day(toy_graph: KnowledgeGraph, tmp_path: Path) -> None:
    for style in ("graphml", "gexf", "json", "html", "svg"):
        for name in ("a", "b"):
            export_graph(toy_graph.lineage(), "lineage", tmp_path / f"{name}.{style}", style)
        assert (tmp_path / f"a.{style}").read_bytes() == (tmp_path / f"b.{style}").read_bytes()


def test_networks_have_their_attributes(toy_graph: KnowledgeGraph) -> None:
    people = toy_graph.coauthors()
    dong, zhang = (f"https://w3id.org/stkg/author/{slug}" for slug in ("kangning-dong", "shihua-zhang"))
    assert people.edges[dong, zhang]["papers"] == 2
    assert people.nodes[dong]["label"] == "Kangning Dong"
    assert people.nodes[dong]["papers"] == 2
    assert people.nodes[dong]["first_year"] == 2022
    assert people.nodes[dong]["tasks"] == ["Spatial domain identification"]
    assert {"community", "degree", "betweenness"} <= set(people.nodes[dong])
    lineage = toy_graph.lineage()
    old, new = (f"https://w3id.org/stkg/method/{slug}" for slug in ("graphst", "spatialfusion"))
    assert lineage.has_edge(old, new)
    assert nx.is_directed_acyclic_graph(lineage)
    assert lineage.nodes[new]["year"] == 2024


def test_coauthors_can_be_narrowed(toy_graph: KnowledgeGraph) -> None:
    deconvolution = toy_graph.coauthors(task="deconvolution")
    assert {deconvolution.nodes[n]["label"] for n in deconvolution} == {"Yahui Long", "Kok Siong Ang", "Jinmiao Chen"}
    repeated = toy_graph.coauthors(min_papers=2)
    assert {repeated.nodes[n]["label"] for n in repeated} == {"Kangning Dong", "Shihua Zhang"}


def test_ancestors_of_other_fields_have_their_names_and_years(real_graph: KnowledgeGraph) -> None:
    lineage = real_graph.lineage()
    others = {row["record"] for row in real_graph.query("out-of-scope")} & set(lineage)
    assert others
    for iri in others:
        assert lineage.nodes[iri]["label"] == real_graph.label(str(iri))
    assert any(lineage.nodes[iri]["year"] for iri in others)


def test_graph_command_writes_a_page(toy_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "deep" / "lineage.html"
    assert main(["graph", "lineage", "-o", str(path), "--data", str(toy_root)]) == 0
    captured = capsys.readouterr()
    assert captured.out.strip() == str(path)
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
