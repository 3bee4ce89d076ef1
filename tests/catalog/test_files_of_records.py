"""Writing, formatting and the JSON Schemas: one canonical form, comments kept, nothing half written."""

import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml

from kg.catalog.formatter import format_folder
from kg.catalog.json_schema import schema_text, stale_schemas, write_schemas
from kg.catalog.layout import RECORD_TYPES, SCHEMA_FOLDER
from kg.catalog.loader import data_files, load_all, load_catalog
from kg.catalog.writer import dump_record, leading_comments
from kg.errors import CatalogError, OutputError
from kg.model import Catalog

GOLDEN: Final = Path(__file__).parent / "golden"
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"
MESSY: Final = """\
# A remark of the curator.

# Another one.
synonyms: ['STGraph']
name:   GraphST
id: graphst
evidence_level: repository
scope: spatial
sources: {name: [museumst], synonyms: [museumst]}
"""


def contents(root: Path) -> dict[str, bytes]:
    """Bytes of every file under a folder."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture
def folder(toy_root: Path, tmp_path: Path) -> Path:
    """A copy of the toy catalog in which one file is not in canonical form."""
    root = tmp_path / "data"
    shutil.copytree(toy_root, root)
    (root / "methods/graphst.yaml").write_text(MESSY, encoding="utf-8")
    return root


@pytest.mark.parametrize("kind, key", [("method", "spatialfusion"), ("paper", "staligner-2023")])
def test_written_record_is_golden(toy_catalog: Catalog, kind: str, key: str) -> None:
    text = dump_record(toy_catalog.of_kind(kind)[key], ["# A remark."])
    golden = GOLDEN / f"{key}.yaml"
    if UPDATE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_comments_above_the_first_field_are_kept(folder: Path) -> None:
    format_folder(folder, write=True)
    lines = (folder / "methods/graphst.yaml").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "# yaml-language-server: $schema=../schema/method.schema.json",
        "# A remark of the curator.",
        "# Another one.",
        "id: graphst",
        "name: GraphST",
        "synonyms: [STGraph]",
        "evidence_level: repository",
        "sources:",
        "  name: [museumst]",
        "  synonyms: [museumst]",
    ]


def test_schema_line_is_not_a_comment_of_the_curator() -> None:
    assert leading_comments("# yaml-language-server: $schema=x\n# mine\nid: a\n# later\n") == ["# mine"]


def test_formatting_twice_changes_nothing_more(folder: Path) -> None:
    assert format_folder(folder, write=True) == (["methods/graphst.yaml"], [])
    before = contents(folder)
    assert format_folder(folder, write=True) == ([], [])
    assert contents(folder) == before


def test_dry_run_writes_nothing(folder: Path) -> None:
    before = contents(folder)
    assert format_folder(folder, write=False) == (["methods/graphst.yaml"], [])
    assert contents(folder) == before


def test_formatting_joins_accents_except_in_what_a_list_printed(folder: Path) -> None:
    listing = folder / "listings/sindilab.yaml"
    method = folder / "methods/rctd.yaml"
    for path, name in ((listing, "HematoFatePrediction\n    method"), (method, "RCTD\n")):
        text = path.read_text(encoding="utf-8")
        assert name in text
        path.write_text(text.replace(name, name.replace("\n", " Cafe\u0301\n", 1), 1), encoding="utf-8")
    printed = listing.read_bytes()
    assert format_folder(folder, write=True)[0] == ["methods/graphst.yaml", "methods/rctd.yaml"]
    assert listing.read_bytes() == printed
    assert "name: RCTD Caf\u00e9\n" in method.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content", [b"id: [\n", b"id: caf\xe9\n", b"", b"- id: x\n", b"id: x\nname: a\n", b"id: x\nid: x\n", b"hello\n"]
)
def test_what_cannot_be_read_is_left_alone(folder: Path, content: bytes) -> None:
    (folder / "methods/x.yaml").write_bytes(content)
    assert format_folder(folder, write=True) == (["methods/graphst.yaml"], ["methods/x.yaml"])
    assert (folder / "methods/x.yaml").read_bytes() == content


@pytest.mark.parametrize("sources", ["{}", '{"a: b #c": [museumst]}', '{"- x": [museumst]}'])
def test_formatting_never_makes_a_readable_file_unreadable(folder: Path, sources: str) -> None:
    path = folder / "methods/x.yaml"
    path.write_text(f"id: x\nname: X\nevidence_level: repository\nsources: {sources}\n", encoding="utf-8")
    format_folder(folder, write=True)
    assert format_folder(folder, write=True) == ([], [])
    assert load_all(folder).problems == []
    assert "x" in load_all(folder).catalog.methods


def test_failed_write_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(folder)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match=r"graphst\.yaml: No space left on device"):
        format_folder(folder, write=True)
    assert contents(folder) == before


def test_loading_names_every_bad_file_and_raises_once(folder: Path) -> None:
    (folder / "methods/rctd.yaml").write_text("id: [\n", encoding="utf-8")
    (folder / "tasks.yaml").write_bytes(b"\xff")
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    # methods/graphst.yaml is only out of canonical form here, which keeps nobody from reading it.
    assert {problem.path for problem in caught.value.problems} == {"methods/rctd.yaml", "tasks.yaml"}
    assert caught.value.summary == "2 problems in the catalog's files"
    loaded = load_all(folder)
    assert set(loaded.catalog.methods) == {"graphst", "hematofateprediction", "spatialfusion", "stagate"}


def test_every_record_has_its_place(toy_root: Path, toy_catalog: Catalog) -> None:
    assert toy_catalog.places["method", "graphst"] == ("methods/graphst.yaml", -1)
    assert toy_catalog.places["task", "cell-type-inference"] == ("tasks.yaml", 1)
    assert {path for path, _ in toy_catalog.places.values()} == {path for path, _ in data_files(toy_root)}


def test_file_name_that_is_no_text_is_reported(folder: Path) -> None:
    """A name of bytes that are no UTF-8 can be printed like any other."""
    (folder / os.fsdecode(b"caf\xe9.yaml")).write_text("x", encoding="utf-8")
    (problem,) = [p for p in load_all(folder).problems if p.message == "does not belong here"]
    assert str(problem).encode("utf-8")


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda each: each.kind)
def test_committed_schema_is_what_the_models_say(real_root: Path, record_type: Any) -> None:
    committed = (real_root / SCHEMA_FOLDER / f"{record_type.kind}.schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(record_type), "run 'stkg format'"


def test_no_other_file_stands_beside_the_schemas(real_root: Path) -> None:
    names = {path.name for path in (real_root / SCHEMA_FOLDER).iterdir()}
    assert names == {f"{each.kind}.schema.json" for each in RECORD_TYPES}


def test_stale_schemas_are_found_and_written(tmp_path: Path) -> None:
    assert len(write_schemas(tmp_path)) == len(RECORD_TYPES)
    assert stale_schemas(tmp_path) == []
    path = tmp_path / SCHEMA_FOLDER / "task.schema.json"
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert stale_schemas(tmp_path) == [path]
    assert write_schemas(tmp_path) == [path]
    assert write_schemas(tmp_path) == []


class EditorLoader(yaml.SafeLoader):
    """YAML as the editors read it that these schemas are for (YAML 1.2: a day is text)."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def validator(kind: str) -> jsonschema.Draft202012Validator:
    """Validator for files of one kind."""
    schema = json.loads(schema_text(next(t for t in RECORD_TYPES if t.kind == kind)))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_toy_files_fit_their_schemas_as_an_editor_reads_them(toy_root: Path) -> None:
    checked = 0
    for path, record_type in data_files(toy_root):
        assert record_type is not None
        value = yaml.load((toy_root / path).read_text(encoding="utf-8"), Loader=EditorLoader)
        assert [error.message for error in validator(record_type.kind).iter_errors(value)] == [], path
        checked += 1
    assert checked == len(list(toy_root.rglob("*.yaml")))


@pytest.mark.parametrize(
    "change", [{"sumary": "x"}, {"evidence_level": "best"}, {"tasks": "x"}, {"tasks": [{"task": "x"}]}, {"name": None}]
)
def test_schema_refuses_what_the_model_refuses(toy_root: Path, change: dict[str, Any]) -> None:
    value = yaml.load((toy_root / "methods/graphst.yaml").read_text(encoding="utf-8"), Loader=EditorLoader)
    assert list(validator("method").iter_errors({**value, **change}))
