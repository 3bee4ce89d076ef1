"""A curator's day: correct, add, rename, withdraw, merge. Each is a small diff of files, and of the Turtle export."""

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.catalog import load_catalog
from kg.catalog.checks import check_catalog
from kg.catalog.edits import write_records
from kg.catalog.loader import load_all
from kg.catalog.succession import Change, merged, renamed, withdrawn
from kg.cli.app import main
from kg.errors import EditError, QueryParameterError, UnknownRecordError, WithdrawnRecordError
from kg.export.rdf import write_turtle
from kg.model import Catalog
from kg.names import build_indexes
from kg.ontology import prefixes
from kg.projection import catalog_quads
from kg.resources import resource_root
from kg.service import KnowledgeGraph

NEW = """\
# yaml-language-server: $schema=../schema/method.schema.json
id: newst
name: NewST
evidence_level: catalog-only
comparisons:
  - method: rctd
    sources: [stkg-curation:test]
sources:
  name: [stkg-curation:test]
"""


@pytest.fixture
def folder(toy_root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(toy_root, tmp_path / "data"))


def _files(folder: Path) -> dict[str, list[str]]:
    return {str(path.relative_to(folder)): path.read_text().splitlines() for path in folder.rglob("*.yaml")}


def _blocks(folder: Path) -> dict[str, str]:
    """The Turtle export, by the subject of each block."""
    out = io.BytesIO()
    write_turtle(catalog_quads(load_catalog(folder)), prefixes(resource_root("ontology")), out)
    found = {}
    for block in re.split(r"\n\n(?=\S)", out.getvalue().decode().split("@prefix xsd:", 1)[1].split("\n", 1)[1]):
        found[block.split(maxsplit=1)[0]] = block.strip()
    return found


def _about(block: str) -> str:
    """The record that a block of Turtle speaks of: its subject, or the subject of the claim."""
    claimed = re.search(r"rdf:subject (\S+)", block)
    return claimed[1] if claimed else block.split(maxsplit=1)[0]


class Day:
    """What a step changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files, self.turtle = _files(folder), _blocks(folder)

    def step(self, change: Callable[[], object]) -> tuple[dict[str, int], set[str], str]:
        """Lines that are new or gone by file, what the changed Turtle blocks are about, and the changed lines."""
        change()
        assert load_all(self.folder).problems == []
        files, turtle = _files(self.folder), _blocks(self.folder)
        lines = {}
        for path in files.keys() | self.files.keys():
            old, new = self.files.get(path, []), files.get(path, [])
            if old != new:
                lines[path] = len([x for x in new if x not in old]) + len([x for x in old if x not in new])
        blocks = [
            block
            for subject in turtle.keys() | self.turtle.keys()
            if turtle.get(subject) != self.turtle.get(subject)
            for block in (turtle.get(subject, ""), self.turtle.get(subject, ""))
            if block and not block.startswith("stkg.evidence:")
        ]
        self.files, self.turtle = files, turtle
        return lines, {_about(block) for block in blocks}, "\n".join(blocks)


def _apply(folder: Path, change: Change) -> None:
    write_records(folder, change.records, remove=change.remove)


def test_a_curators_day(folder: Path) -> None:
    day = Day(folder)
    paper = folder / "papers" / "rctd-2022.yaml"

    files, about, _ = day.step(lambda: paper.write_text(paper.read_text().replace("\nyear: 2022", "\nyear: 2021")))
    assert files == {"papers/rctd-2022.yaml": 2}
    assert about == {"stkg.paper:rctd-2022"}

    files, about, _ = day.step(lambda: (folder / "methods" / "newst.yaml").write_text(NEW))
    assert list(files) == ["methods/newst.yaml"]
    assert about == {"stkg.method:newst", r"stkg.graph:method\/newst"}

    files, about, text = day.step(lambda: main(["rename", "method", "newst", "new-st", "--data", str(folder)]))
    assert set(files) == {"methods/newst.yaml", "methods/new-st.yaml"}
    assert (folder / "methods" / "new-st.yaml").read_text() == NEW.replace(
        "id: newst\n", "id: new-st\nformer_ids: [newst]\n"
    )
    names = {"stkg.method:newst", "stkg.method:new-st"}
    assert about == names | {r"stkg.graph:method\/newst", r"stkg.graph:method\/new-st"}
    assert "stkg.method:newst a stkg:RetiredRecord ;\n\tdcterms:isReplacedBy stkg.method:new-st ;" in text

    files, about, text = day.step(lambda: _apply(folder, withdrawn(load_catalog(folder), "method", "new-st", "a test")))
    assert files == {"methods/new-st.yaml": 2}
    assert about == {"stkg.method:new-st", r"stkg.graph:method\/new-st"}
    assert 'stkg:note "a test"' in text

    # What graphst was linked to, rctd now is: one line in each of two files, and a claim less in each.
    change = merged(load_catalog(folder), "method", "graphst", "rctd", "a test")
    files, about, _ = day.step(lambda: _apply(folder, change))
    assert files.pop("methods/graphst.yaml") == 3
    assert files == {
        "benchmarks.yaml": 2,
        "listings/sindilab.yaml": 2,
        "methods/spatialfusion.yaml": 2,
        "methods/stagate.yaml": 2,
    }
    records = {"method:graphst", "method:spatialfusion", "method:stagate", "benchmark:toy-benchmark"}
    nodes = records | {r"graph:method\/graphst", r"listing:sindilab\/entry\/1"}
    assert about == {f"stkg.{name}" for name in nodes}


def test_a_former_name_still_leads_to_the_record(folder: Path) -> None:
    _apply(folder, renamed(load_catalog(folder), "method", "stagate", "stagate-2022"))
    _apply(folder, renamed(load_catalog(folder), "method", "stagate-2022", "stagate-gat"))
    _apply(folder, merged(load_catalog(folder), "method", "stagate-gat", "rctd", None))
    _apply(folder, renamed(load_catalog(folder), "method", "rctd", "spacexr"))
    _apply(folder, withdrawn(load_catalog(folder), "method", "spatialfusion", "a test"))
    graph = KnowledgeGraph.open(folder)
    for name in ("stagate", "stagate-2022", "stagate-gat", "method:stagate", "rctd", "STAGATE"):
        assert graph.resolve(name) == "https://w3id.org/stkg/method/spacexr", name
    assert graph.index("method").resolve("stagate-2022") == "https://w3id.org/stkg/method/spacexr"
    for name in ("spatialfusion", "method:spatialfusion"):
        with pytest.raises(WithdrawnRecordError, match="SpatialFusion was withdrawn: a test"):
            graph.resolve(name)
    with pytest.raises((QueryParameterError, UnknownRecordError)):
        graph.resolve("SpatialFusion")
    rows = {(str(row["record"]).rsplit("/", 1)[1], row["status"]): row["successor"] for row in graph.query("retired")}
    assert rows[("rctd", "renamed")] == "https://w3id.org/stkg/method/spacexr"
    assert rows[("spatialfusion", "withdrawn")] is None
    assert ("stagate-gat", "merged") in rows
    assert "STAGATE" not in {row["label"] for row in graph.query("methods")}
    assert not any(row["label"] == "SpatialFusion" for row in graph.query("lineage-edges"))
    shown = graph.show("spacexr").incoming["took the place of"]
    assert ("https://w3id.org/stkg/method/rctd", "RCTD") in shown


def test_a_person_is_renamed_on_every_paper(folder: Path) -> None:
    _apply(folder, renamed(load_catalog(folder), "author", "kangning-dong", "kangning-dong-cas"))
    catalog = load_catalog(folder)
    assert catalog.authors["kangning-dong-cas"].former_ids == ("kangning-dong",)
    people = [author for _, _, _, author in catalog.printed_authors()]
    assert people.count("kangning-dong-cas") == 2
    assert "kangning-dong" not in people


def test_a_person_without_a_record_joins_one_that_has_it(folder: Path) -> None:
    catalog = load_catalog(folder)
    _apply(folder, merged(catalog, "author", "yahui-long", "shihua-zhang", None))
    index = build_indexes(load_catalog(folder))["author"]
    assert index.former["yahui-long"] == "shihua-zhang"


def test_a_small_record_hands_on_its_id_and_names(folder: Path) -> None:
    catalog = load_catalog(folder)
    old, new = sorted(catalog.frameworks)[:2]
    _apply(folder, merged(catalog, "framework", old, new, None))
    after = load_catalog(folder)
    assert old not in after.frameworks
    assert after.frameworks[new].former_ids == (old,)
    assert catalog.frameworks[old].label in after.frameworks[new].synonyms


def test_people_of_a_withdrawn_paper_go_with_it(folder: Path) -> None:
    _apply(folder, withdrawn(load_catalog(folder), "paper", "staligner-2023", "a test"))
    graph = KnowledgeGraph.open(folder)
    with pytest.raises(WithdrawnRecordError, match="Xiang Zhou is named only by papers that were withdrawn"):
        graph.resolve("author:xiang-zhou")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: renamed(c, "method", "nothing", "x"), "no record of method 'nothing'"),
        (lambda c: renamed(c, "method", "rctd", "R C"), "'R C' is no id"),
        (lambda c: renamed(c, "method", "rctd", "stagate"), "is or was the id of another method"),
        (lambda c: renamed(c, "source", "sindilab", "x"), "a source keeps its id"),
        (lambda c: renamed(c, "author", "yahui-long", "x"), "add one with its evidence to authors.yaml"),
        (lambda c: withdrawn(c, "task", min(c.tasks), "x"), "is not withdrawn"),
        (lambda c: merged(c, "method", "rctd", "rctd", "x"), "with itself"),
        (lambda c: merged(c, "method", "rctd", "nothing", "x"), "no record of method 'nothing'"),
        (lambda c: merged(c, "author", "nobody-at-all", "shihua-zhang", "x"), "there is no author 'nobody-at-all'"),
    ],
)
def test_what_cannot_be_is_refused(toy_catalog: Catalog, change: Callable[[Catalog], Change], message: str) -> None:
    with pytest.raises(EditError, match=message):
        change(toy_catalog)


def test_nothing_is_withdrawn_while_others_need_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _files(folder)
    assert main(["withdraw", "method", "graphst", "--why", "a test", "--data", str(folder)]) == 1
    assert "method 'graphst' was withdrawn (remove the link)" in capsys.readouterr().err
    assert _files(folder) == before


def test_a_second_record_never_gets_a_former_id(folder: Path) -> None:
    _apply(folder, renamed(load_catalog(folder), "method", "stagate", "stagate-2022"))
    with pytest.raises(EditError, match="is or was the id"):
        renamed(load_catalog(folder), "method", "rctd", "stagate")
    (folder / "methods" / "stagate.yaml").write_text(NEW.replace("newst", "stagate"))
    found = [str(problem) for problem in check_catalog(load_all(folder).catalog, folder)]
    assert any("'stagate' is the id of a method (ids are never given twice" in line for line in found), found


def test_renaming_back_is_allowed(folder: Path) -> None:
    _apply(folder, renamed(load_catalog(folder), "method", "rctd", "spacexr"))
    _apply(folder, renamed(load_catalog(folder), "method", "spacexr", "rctd"))
    assert load_catalog(folder).methods["rctd"].former_ids == ("spacexr",)
