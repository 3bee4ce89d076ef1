"""Exports: every format says the same, every day, to every parser."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from kg import KnowledgeGraph
from kg.errors import OutputError
from kg.export import export
from kg.files import atomic_file
from kg.ontology import ontology_quads, prefixes
from kg.resources import resource_root
from kg.version import __version__

RDF = {"ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "rdf": "xml", "jsonld": "json-ld"}


def triples(path: Path) -> set[Any]:
    return {quad.triple for quad in ox.parse(path=str(path))}


@pytest.fixture(scope="module")
def files(toy_graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("export")
    return {style: export(toy_graph, folder / f"toy.{style}")[0] for style in RDF}


@pytest.mark.parametrize("style", RDF)
def test_every_format_holds_the_whole_graph(toy_graph: KnowledgeGraph, files: dict[str, Path], style: str) -> None:
    assert triples(files[style]) == {quad.triple for quad in toy_graph.quads()}


def test_quads_keep_their_graphs(toy_graph: KnowledgeGraph, files: dict[str, Path]) -> None:
    for style in ("nq", "trig"):
        assert set(ox.parse(path=str(files[style]))) == set(toy_graph.quads())


@pytest.mark.parametrize("style", ["ttl", "jsonld", "rdf"])
def test_rdflib_reads_the_same(files: dict[str, Path], style: str) -> None:
    wanted = rdflib.Graph().parse(files["nt"], format="nt")
    assert isomorphic(rdflib.Graph().parse(files[style], format=RDF[style]), wanted)


def test_rapper_reads_the_same(files: dict[str, Path]) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        if os.environ.get("STKG_REQUIRE_ALL") == "1":
            pytest.fail("rapper is missing: apt-get install raptor2-utils")
        pytest.skip("rapper is missing: apt-get install raptor2-utils")
    done = subprocess.run(
        [rapper, "-q", "-i", "turtle", "-o", "ntriples", str(files["ttl"])], capture_output=True, check=True
    )
    found = {quad.triple for quad in ox.parse(done.stdout, format=ox.RdfFormat.N_TRIPLES)}
    assert found == triples(files["ttl"])


def test_two_processes_write_the_same_bytes(toy_root: Path, tmp_path: Path) -> None:
    """Also with another hash seed, another cache and so another build."""
    written: dict[str, set[bytes]] = {style: set() for style in RDF}
    for seed in ("0", "1", "2"):
        for style in RDF:
            path = tmp_path / seed / f"toy.{style}"
            environment = os.environ | {"PYTHONHASHSEED": seed, "STKG_CACHE_DIR": str(tmp_path / f"cache{seed}")}
            command = [sys.executable, "-m", "kg.cli", "export", str(path), "--data", str(toy_root)]
            subprocess.run(command, check=True, capture_output=True, env=environment)
            written[style].add(path.read_bytes())
    assert {style: len(contents) for style, contents in written.items()} == dict.fromkeys(RDF, 1)


@pytest.mark.parametrize("style", ["ttl", "nt", "nq", "trig", "rdf"])
def test_every_file_names_version_licence_and_origin(files: dict[str, Path], style: str) -> None:
    head = files[style].read_text(encoding="utf-8")[:700]
    assert f"version {__version__}" in head
    assert "CC0" in head
    assert "https://w3id.org/stkg/" in head


def test_the_graph_itself_names_version_and_licence(files: dict[str, Path]) -> None:
    graph = rdflib.Graph().parse(files["ttl"])
    about = rdflib.URIRef("https://w3id.org/stkg/")
    assert str(graph.value(about, rdflib.URIRef("http://www.w3.org/ns/dcat#version"))) == __version__
    assert "publicdomain/zero" in str(graph.value(about, rdflib.DCTERMS.license))


def test_turtle_is_readable(files: dict[str, Path]) -> None:
    text = files["ttl"].read_text(encoding="utf-8")
    assert "stkg.method:graphst a stkg:Method" in text
    prefixed = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixed == sorted(prefixed)
    assert "_:" not in text


def test_the_published_context_is_the_one_in_the_files(files: dict[str, Path]) -> None:
    from kg.export.rdf import context

    root = resource_root("ontology")
    wanted = context(prefixes(root), ontology_quads(root))
    assert json.loads(files["jsonld"].read_text(encoding="utf-8"))["@context"] == wanted
    assert json.loads((root / "context.jsonld").read_text(encoding="utf-8")) == {"@context": wanted}


def test_csv_tables_and_their_description(toy_graph: KnowledgeGraph, tmp_path: Path) -> None:
    written = export(toy_graph, tmp_path / "tables", "csv")
    about = json.loads((tmp_path / "tables" / "csv-metadata.json").read_text(encoding="utf-8"))
    assert {table["url"] for table in about["tables"]} == {path.name for path in written if path.suffix == ".csv"}
    assert about["dc:hasVersion"] == __version__
    for table in about["tables"]:
        head = (tmp_path / "tables" / table["url"]).read_text(encoding="utf-8").splitlines()[0]
        assert head.split(",") == [column["name"] for column in table["tableSchema"]["columns"]]


def test_a_failed_export_leaves_the_old_file(toy_graph: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "old.ttl"
    path.write_text("old")

    def fail_half_way() -> None:
        with atomic_file(path) as out:
            out.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OutputError, match="cannot write"):
        export(toy_graph, path / "below-a-file.ttl")


def test_to_rdflib_is_the_whole_graph(toy_graph: KnowledgeGraph) -> None:
    dataset = toy_graph.to_rdflib()
    assert len(dataset) == len(set(toy_graph.quads()))
    query = "SELECT ?l WHERE { <https://w3id.org/stkg/method/graphst> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    assert [str(row[0]) for row in dataset.query(query)] == ["GraphST"]  # type: ignore[index]
