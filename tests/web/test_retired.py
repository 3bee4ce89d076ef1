"""IRIs of records that were renamed, merged or withdrawn, and of the versions of the ontology."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.catalog import load_catalog
from kg.catalog.edits import write_records
from kg.catalog.succession import Change, merged, renamed, withdrawn
from kg.iris import BASE, ONTOLOGY, TERMS
from kg.model import Catalog
from kg.ontology import module_file
from tests.web.running import Running, command

VERSION = "http://www.w3.org/2002/07/owl#versionIRI"
SUFFIXES = ("html", "ttl", "jsonld", "nt", "rdf")


@pytest.fixture(scope="module")
def changed(toy_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of a catalog with one record of each fate."""
    folder = Path(shutil.copytree(toy_root, tmp_path_factory.mktemp("changed") / "data"))
    changes: list[Callable[[Catalog], Change]] = [
        lambda c: renamed(c, "method", "rctd", "spacexr"),
        lambda c: renamed(c, "paper", "rctd-2022", "spacexr-2022"),
        lambda c: merged(c, "method", "stagate", "spacexr", "a test"),
        lambda c: withdrawn(c, "method", "spatialfusion", "a <b>test</b>"),
        lambda c: withdrawn(c, "paper", "staligner-2023", "a test"),
    ]
    for change in changes:
        found = change(load_catalog(folder))
        write_records(folder, found.records, remove=found.remove)
    server = Running(command(folder, "--workers", "1"))
    yield server
    assert server.stop() == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("method/rctd", "method/spacexr"),
        ("method/stagate", "method/spacexr"),
        ("graph/method/rctd", "graph/method/spacexr"),
        ("paper/rctd-2022", "paper/spacexr-2022"),
        ("paper/rctd-2022/version/1", "paper/spacexr-2022/version/1"),
        ("method/stagate/requirement/x", "method/spacexr"),
    ],
)
def test_renamed_and_merged_records_lead_to_the_one_of_today(changed: Running, old: str, new: str) -> None:
    for accept in ("text/html", "text/turtle", "application/ld+json"):
        reply = changed.get(f"/{old}", accept)
        assert (reply.status, reply.headers["location"]) == (301, f"/{new}")
    for suffix in SUFFIXES:
        reply = changed.get(f"/{old}.{suffix}")
        assert (reply.status, reply.headers["location"]) == (301, f"/{new}.{suffix}")


def test_the_page_of_the_successor_says_what_it_replaced(changed: Running) -> None:
    page = changed.get("/method/spacexr.html").text
    assert "took the place of" in page
    assert "STAGATE" in page


def test_a_withdrawn_record_says_so_in_every_format(changed: Running) -> None:
    iri = ox.NamedNode(f"{BASE}method/spatialfusion")
    formats = {
        "text/turtle": ox.RdfFormat.TURTLE,
        "application/ld+json": ox.RdfFormat.JSON_LD,
        "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
    }
    for (accept, style), suffix in zip(formats.items(), ("ttl", "jsonld", "nt", "rdf"), strict=True):
        for reply in (changed.get("/method/spatialfusion", accept), changed.get(f"/method/spatialfusion.{suffix}")):
            assert (reply.status, reply.type) == (410, accept)
            found = {
                (q.predicate.value, q.object.value) for q in ox.parse(reply.body, format=style) if q.subject == iri
            }
            assert (f"{TERMS}recordStatus", "withdrawn") in found
            assert ("http://www.w3.org/2002/07/owl#deprecated", "true") in found
            assert (f"{TERMS}note", "a <b>test</b>") in found
            assert not {value for _, value in found if value == f"{TERMS}Method"}
    page = changed.get("/method/spatialfusion", "text/html")
    assert (page.status, page.type) == (410, "text/html")
    assert "SpatialFusion was withdrawn: a &lt;b&gt;test&lt;/b&gt;" in page.text


def test_what_went_with_a_withdrawn_record_is_gone_too(changed: Running) -> None:
    for path in ("paper/staligner-2023", "paper/staligner-2023/authorship/1", "author/xiang-zhou"):
        for accept in ("text/html", "text/turtle"):
            assert changed.get(f"/{path}", accept).status == 410, path
    assert changed.get("/graph/paper/staligner-2023.ttl").status == 200
    assert changed.get("/author/kangning-dong.ttl").status == 200
    assert changed.get("/author/nobody-at-all").status == 404


def test_stored_queries_and_counts_follow(changed: Running) -> None:
    for name in ("rctd", "method:stagate", f"{BASE}method/rctd"):
        assert changed.get(f"/query/lineage?method={name}").status == 200, name
    reply = changed.get("/query/lineage?method=spatialfusion")
    assert reply.status == 410
    assert "was withdrawn" in reply.text
    counted = changed.sparql("SELECT (COUNT(*) AS ?n) { ?m a stkg:Method }", "text/csv").text.split()
    assert counted == ["n", "3"]
    void = changed.get("/.well-known/void", "application/n-triples").text
    assert f"<{TERMS}Method>" in void


@pytest.mark.parametrize("path", ["ontology", "ontology/0.1.0", "ontology/alignments", "ontology/alignments/0.1.0"])
def test_versions_of_the_ontology(server: Running, path: str) -> None:
    triples = []
    for suffix, style in (("ttl", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES), ("rdf", ox.RdfFormat.RDF_XML)):
        reply = server.get(f"/{path}.{suffix}")
        assert reply.status == 200
        triples.append({str(quad.triple) for quad in ox.parse(reply.body, format=style)})
    assert triples[0] == triples[1] == triples[2]
    version = path if path[-1].isdigit() else f"{path}/0.1.0"
    assert any(f"<http://www.w3.org/2002/07/owl#versionIRI> <{BASE}{version}>" in line for line in triples[0])
    assert server.get(f"/{path}", "text/html").headers["location"] == f"/{path}.html"
    assert server.get(f"/{path}.html").status == 200


def test_the_shapes_can_be_had(server: Running) -> None:
    for path in ("ontology/shapes", "ontology/shapes/0.1.0"):
        for suffix, style in (("ttl", ox.RdfFormat.TURTLE), ("jsonld", ox.RdfFormat.JSON_LD)):
            assert len(list(ox.parse(server.get(f"/{path}.{suffix}").body, format=style))) > 1000


@pytest.mark.parametrize("path", ["ontology/9.9.9", "ontology/nothing", "ontology/shapes/9.9.9", "ontology/../stkg"])
def test_a_version_that_never_was_is_not_found(server: Running, path: str) -> None:
    for suffix in ("", ".ttl", ".html"):
        assert server.get(f"/{path}{suffix}").status == 404


def test_a_former_version_is_served_from_the_archive(tmp_path: Path) -> None:
    (tmp_path / "stkg.ttl").write_text(f"<{ONTOLOGY}> <{VERSION}> <{ONTOLOGY}/2.0.0> .")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "stkg-1.0.0.ttl").write_text(f"<{ONTOLOGY}> <{VERSION}> <{ONTOLOGY}/1.0.0> .")
    assert module_file(tmp_path, "ontology/1.0.0") == tmp_path / "archive" / "stkg-1.0.0.ttl"
    for path in ("ontology", "ontology/2.0.0"):
        assert module_file(tmp_path, path) == tmp_path / "stkg.ttl"
    assert module_file(tmp_path, "ontology/1.1.0") is None
