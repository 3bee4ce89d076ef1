"""The README tells the truth: its answers, its Python and its picture are what the program gives now."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from kg import KnowledgeGraph
from kg.export import export_graph

ROOT = Path(__file__).parents[2]
PARTS: dict[str, Any] = runpy.run_path(str(Path(__file__).with_name("update_docs.py")))
CURE = "run: python tests/docs/update_docs.py"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PARTS["WRITTEN"], ids=lambda p: p.name)
def test_written_parts_are_up_to_date(path: Path, real_graph: KnowledgeGraph) -> None:
    """Each answer in the README is what the command says now, and each list is what the code has."""
    assert real_graph.queries  # the store is built
    text = path.read_text(encoding="utf-8")
    assert PARTS["updated"](text) == text, f"{path.name} is out of date; {CURE}"


def test_the_readme_answers_five_questions() -> None:
    assert read("README.md").count("<!-- answer: ") >= 5
    assert read("README.md").count("$ stkg ") >= 5


def test_the_python_example_works(real_graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"^```python\n(.*?)^```", read("README.md"), re.DOTALL | re.MULTILINE)[0]
    monkeypatch.setattr(KnowledgeGraph, "to_rdflib", lambda _: None)  # slow, and tested elsewhere
    names: dict[str, Any] = {}
    exec(code, names)
    assert len(names["answer"]) >= 5


def test_the_picture_is_a_picture_of_the_lineage(real_graph: KnowledgeGraph, tmp_path: Path) -> None:
    export_graph(real_graph.lineage(), "lineage", tmp_path / "lineage.svg", "svg")
    drawn = (tmp_path / "lineage.svg").read_text(encoding="utf-8")
    assert drawn == PARTS["PICTURE"].read_text(encoding="utf-8"), f"the picture is out of date; {CURE}"
