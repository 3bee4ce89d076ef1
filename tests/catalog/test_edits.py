"""Changing records: small diffs, checked before anything is written, all files or none."""

import shutil
from pathlib import Path

import pytest

from kg.catalog.edits import Fact, with_facts, write_records
from kg.catalog.loader import load_all
from kg.errors import EditError, OutputError
from kg.files import write_text
from kg.model import Catalog

README = ("JinmiaoChenLab/GraphST:README.md",)


@pytest.fixture
def folder(toy_root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(toy_root, tmp_path / "data"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def added_lines(before: bytes, after: bytes) -> list[str]:
    old = before.decode().splitlines()
    return [line.strip() for line in after.decode().splitlines() if line not in old]


def test_a_new_link_is_one_small_diff(folder: Path, toy_catalog: Catalog) -> None:
    before = contents(folder)
    fact = Fact("method", "rctd", "comparisons", {"method": "stagate"}, README, "weak", "only a figure")
    assert write_records(folder, with_facts(toy_catalog, [fact])) == ["methods/rctd.yaml"]
    after = contents(folder)
    assert [path for path in after if after[path] != before.get(path)] == ["methods/rctd.yaml"]
    lines = added_lines(before["methods/rctd.yaml"], after["methods/rctd.yaml"])
    assert "- method: stagate" in lines
    assert set(before["methods/rctd.yaml"].splitlines()) <= set(after["methods/rctd.yaml"].splitlines())
    assert load_all(folder).problems == []


def test_a_known_link_only_gains_sources(toy_catalog: Catalog) -> None:
    method = toy_catalog.methods["graphst"]
    task = method.tasks[0]
    (found,) = with_facts(toy_catalog, [Fact("method", "graphst", "tasks", {"task": task.task}, ("doi:10.1000/new",))])
    tasks = found.model_dump()["tasks"]
    assert len(tasks) == len(method.tasks)
    assert tasks[0]["sources"] == (*task.sources, "doi:10.1000/new")


def test_the_same_fact_again_changes_nothing(toy_catalog: Catalog) -> None:
    task = toy_catalog.methods["graphst"].tasks[0]
    assert with_facts(toy_catalog, [Fact("method", "graphst", "tasks", {"task": task.task}, task.sources)]) == []


def test_comments_above_a_record_stay(folder: Path, toy_catalog: Catalog) -> None:
    path = folder / "methods/rctd.yaml"
    first, _, rest = path.read_text().partition("\n")
    path.write_text(f"{first}\n# read by two people\n{rest}")
    write_records(folder, with_facts(toy_catalog, [Fact("method", "rctd", "synonyms", "R.C.T.D.", README)]))
    assert path.read_text().split("\n")[1] == "# read by two people"


def test_a_new_record_gets_a_file(folder: Path, toy_catalog: Catalog) -> None:
    plain = toy_catalog.methods["rctd"].model_dump() | {"id": "rctd-new", "name": "RCTD new", "synonyms": ()}
    record = type(toy_catalog.methods["rctd"]).model_validate(plain | {"papers": (), "repository": None})
    record = record.model_copy(update={"sources": {k: v for k, v in record.sources.items() if k != "synonyms"}})
    assert write_records(folder, [record]) == ["methods/rctd-new.yaml"]
    assert load_all(folder).problems == []


def test_a_record_in_a_list_keeps_its_neighbours(folder: Path, toy_catalog: Catalog) -> None:
    task = next(iter(toy_catalog.tasks.values()))
    before = (folder / "tasks.yaml").read_text()
    changed = task.model_copy(update={"synonyms": (*task.synonyms, "quite another word")})
    assert write_records(folder, [changed]) == ["tasks.yaml"]
    after = (folder / "tasks.yaml").read_text()
    assert load_all(folder).catalog.tasks[task.id].synonyms[-1] == "quite another word"
    assert len(set(before.split("\n")) ^ set(after.split("\n"))) <= 2


def test_a_change_that_check_refuses_writes_nothing(folder: Path, toy_catalog: Catalog) -> None:
    before = contents(folder)
    facts = [
        Fact("method", "stagate", "comparisons", {"method": "rctd"}, README),
        Fact("method", "rctd", "tasks", {"task": "no-such-task"}, README),
    ]
    with pytest.raises(EditError) as caught:
        write_records(folder, with_facts(toy_catalog, facts))
    assert [(p.path, p.pointer) for p in caught.value.problems] == [("methods/rctd.yaml", "tasks[1].task")]
    assert contents(folder) == before


def test_faults_that_were_there_before_are_named_first(folder: Path, toy_catalog: Catalog) -> None:
    (folder / "methods/stagate.yaml").write_text("id: [")
    with pytest.raises(EditError, match="mend them first"):
        write_records(folder, with_facts(toy_catalog, [Fact("method", "rctd", "synonyms", "R.C.T.D.", README)]))


def test_a_write_that_fails_puts_all_back(folder: Path, toy_catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [Fact("method", key, "synonyms", f"{key} two", README) for key in ("rctd", "stagate")]
    records, before = with_facts(toy_catalog, facts), contents(folder)

    def full_disk(path: Path, text: str) -> None:
        if path == folder / "methods/stagate.yaml" and "stagate two" in text:
            raise OutputError("the disk is full")
        write_text(path, text)

    monkeypatch.setattr("kg.catalog.edits.write_text", full_disk)
    with pytest.raises(OutputError):
        write_records(folder, records)
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (Fact("method", "nobody", "name", "X", README), "there is no method 'nobody'"),
        (Fact("method", "rctd", "colour", "red", README), "not a field"),
        (Fact("method", "rctd", "name", "XYZ", README), "has another name"),
        (Fact("method", "graphst", "repository", {"url": "https://a.org/b"}, README), "has its repository already"),
        (Fact("method", "rctd", "tasks", {"job": "denoising"}, README), "tasks"),
    ],
)
def test_a_fact_that_does_not_fit_is_refused(toy_catalog: Catalog, fact: Fact, message: str) -> None:
    with pytest.raises(EditError, match=message):
        with_facts(toy_catalog, [fact])


def test_a_record_can_come_and_go(folder: Path, toy_catalog: Catalog) -> None:
    before = contents(folder)
    known = next(iter(toy_catalog.technologies.values()))
    other = known.model_copy(update={"id": "another", "label": "Another", "synonyms": ()})
    assert write_records(folder, [other]) == ["technologies.yaml"]
    assert "another" in load_all(folder).catalog.technologies
    assert write_records(folder, [], remove=[("technology", "another")]) == ["technologies.yaml"]
    assert contents(folder) == before


def test_a_record_that_others_need_cannot_go(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(EditError) as caught:
        write_records(folder, [], remove=[("paper", "rctd-2022")])
    assert "methods/rctd.yaml" in {problem.path for problem in caught.value.problems}
    assert contents(folder) == before
