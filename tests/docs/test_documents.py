"""The documents agree with the code, and what they point to exists."""

import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import kg
from kg import KnowledgeGraph
from kg.catalog.layout import RECORD_TYPES
from kg.catalog.yaml_text import parse_yaml
from kg.cli import query as query_command
from kg.cli import records as record_commands
from kg.cli.app import COMMANDS
from kg.export import FORMATS, GRAPH_FORMATS
from kg.queries.library import compile_query, load_library
from kg.resources import resource_root

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "data" / "CURATION.md",
        ROOT / "ontology" / "README.md",
    ]
)
PARTS: dict[str, Any] = runpy.run_path(str(Path(__file__).with_name("update_docs.py")))
CURE = "run: python tests/docs/update_docs.py"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def reference() -> str:
    return read("docs/reference.md")


def fenced(text: str, *languages: str) -> list[str]:
    return re.findall(rf"^```(?:{'|'.join(languages)})\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"`stkg {command}`" in reference(), CURE


@pytest.mark.parametrize("name", load_library(resource_root("queries")))
def test_every_stored_query_is_documented(name: str) -> None:
    assert f"| `{name}` |" in reference(), CURE


def test_every_error_code_is_documented_and_unique() -> None:
    codes = [error.code for error in PARTS["all_errors"]()]
    assert len(codes) == len(set(codes)) > 10
    assert not [code for code in codes if f"| `{code}` |" not in reference()], CURE


def test_every_exit_status_is_documented() -> None:
    for status in {error.exit_code for error in PARTS["all_errors"]()} | {0, 130}:
        assert f"| {status} |" in reference()


def test_every_environment_variable_is_documented() -> None:
    used = re.compile(r"(?:environ(?:\.get)?[\[(]|getenv\()\s*\"([A-Z_]+)\"")
    found: set[str] = set()
    for path in (ROOT / "kg").rglob("*.py"):
        found |= set(used.findall(path.read_text(encoding="utf-8")))
    for path in [*(ROOT / "tests").rglob("*.py"), ROOT / ".ci" / "run", ROOT / "Makefile"]:
        found |= set(re.findall(r"\bSTKG_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert "STKG_CACHE_DIR" in found
    assert not [name for name in sorted(found) if f"`{name}`" not in reference()]


def test_every_format_is_documented() -> None:
    formats = {*query_command.FORMATS, *FORMATS, *GRAPH_FORMATS}
    formats |= {name for names in record_commands._FORMATS.values() for name in names}
    assert not [name for name in sorted(formats) if f"`{name}`" not in reference()]


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", re.sub(r"(?ms)^```.*?^```", "", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"(?ms)^```.*?^```", "", path.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), target
            continue
        file, _, anchor = target.partition("#")
        place = (path.parent / file).resolve() if file else path
        assert place.exists(), target
        assert place.is_relative_to(ROOT), target
        if anchor:
            assert anchor in anchors(place.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_documents_name_no_place_on_a_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"(?<![\w.:/\-])/(?:home|root|tmp|work|Users|opt|usr|var|mnt|srv)\b\S*|\b[A-Z]:\\\S+", text)
    assert not found
    assert not re.search(r"\b(?:TODO|FIXME|TBD|XXX)\b", text)


def example_lines() -> list[tuple[str, str]]:
    """Every ``stkg …`` line of the documents, without comments and prompts."""
    lines = []
    for path in DOCUMENTS:
        for block in fenced(path.read_text(encoding="utf-8"), "sh", "console"):
            words = [line.partition(" #")[0].strip().removeprefix("$ ") for line in block.splitlines()]
            lines += [(path.name, line) for line in words if line.startswith("stkg ")]
    return sorted(set(lines))


@pytest.mark.parametrize(("document", "line"), example_lines())
def test_commands_in_examples_exist(document: str, line: str, real_graph: KnowledgeGraph) -> None:
    import shlex

    words = shlex.split(line)[1:]
    assert words[0] in COMMANDS
    if words[0] == "query":
        name, options, values, _ = query_command._read(words[1:])
        query = real_graph.stored_query(name or "")
        assert {p.name for p in query.parameters} >= set(values)
        assert options.get("format", "table") in query_command.FORMATS


def test_the_example_of_a_stored_query_works(real_graph: KnowledgeGraph) -> None:
    text = fenced(read("docs/queries.md"), "sparql")[0]
    query = compile_query(text, "example", "example.rq")
    from kg.queries.binding import bind
    from kg.queries.rows import rows_of

    rows = rows_of(real_graph.store.select(bind(query, query.sample, real_graph.index)), query.columns)
    assert len(rows) >= query.least_rows


def test_the_example_of_sparql_works(real_graph: KnowledgeGraph) -> None:
    for text in fenced(reference(), "sparql"):
        assert list(real_graph.sparql(text))


def test_the_examples_of_records_are_valid() -> None:
    models = {record_type.place: record_type.model for record_type in RECORD_TYPES}
    examples = [e for e in fenced(read("data/CURATION.md"), "yaml") if e.startswith("# data/")]
    assert len(examples) >= 2
    for text in examples:
        place = text.split("\n")[0].removeprefix("# data/")
        folder, in_folder, name = place.partition("/")
        if not in_folder:  # a file with a list of records
            assert all(models[place].model_validate(plain) for plain in parse_yaml(text, place))
            continue
        record = models[f"{folder}/"].model_validate(parse_yaml(text, place))
        assert f"{getattr(record, 'id')}.yaml" == name  # noqa: B009 - the models share no class with an id


def test_the_map_names_every_module_and_no_other() -> None:
    text = read("docs/architecture.md")
    for path in (ROOT / "kg").iterdir():
        if (path.suffix == ".py" and not path.stem.startswith("_")) or (path / "__init__.py").is_file():
            assert f"kg.{path.stem}" in text, f"docs/architecture.md does not say what kg.{path.stem} is for"
    for document in DOCUMENTS:
        for name in re.findall(r"`(kg(?:\.[a-z_]+)+)`", document.read_text(encoding="utf-8")):
            place = ROOT / name.replace(".", "/")
            assert place.is_dir() or place.with_suffix(".py").is_file(), f"{document.name}: {name}"


def test_decisions_have_one_form_and_are_listed() -> None:
    paths = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert [path.name[:4] for path in paths] == [f"{n:04}" for n in range(1, len(paths) + 1)]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        for head in ("Status: ", "## Context", "## Decision", "## Consequences", "## What would change our mind"):
            assert head in text, f"{path.name}: {head}"
        assert f"({path.name})" in read("docs/adr/README.md")


def test_each_lint_exception_has_its_reason() -> None:
    lint = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]["lint"]
    text = read("docs/adr/0006-lint.md")
    listed = re.findall(r"^\| `([A-Z]+\d+)` \|", text, re.MULTILINE)
    assert sorted(listed) == sorted(lint["ignore"])
    for place, codes in lint["per-file-ignores"].items():
        row = next((line for line in text.splitlines() if line.startswith("| `") and f"`{place}`" in line), "")
        assert row, f"no row for {place}"
        assert not [code for code in codes if f"`{code}`" not in row], place


def test_versions_and_licences_agree() -> None:
    citation = yaml.safe_load(read("CITATION.cff"))
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert str(citation["version"]) == project["version"] == kg.__version__
    assert f"## {kg.__version__}" in read("CHANGELOG.md")
    assert f"stkg-{kg.__version__}-" in read("README.md")
    assert citation["license"] == project["license"] == "MIT"
    assert citation["authors"] == [{"name": "STKG contributors"}]
    assert read("LICENSE").startswith("MIT License\n\nCopyright (c) ")
    assert "CC0 1.0 Universal" in read("LICENSE-DATA")
    assert len(read("LICENSE-DATA")) > 7000
