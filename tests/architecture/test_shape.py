"""Sizes, names and imports that keep the code easy to find one's way in."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "kg").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 450
    assert path.stem not in {"utils", "util", "helpers", "common", "misc"}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert length <= 50, f"{node.name} has {length} lines"


def test_a_stored_query_starts_without_heavy_libraries(toy_root: Path) -> None:
    code = (
        "import sys; from kg.cli.app import main; "
        f"main(['query', 'methods', '--task', 'deconvolution', '--data', {str(toy_root)!r}]); "
        "print(sorted({m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)  # builds the store
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    heavy = {"rdflib", "pyvis", "networkx", "pydantic", "yaml", "numpy", "scipy", "jinja2", "dataclasses", "argparse"}
    loaded = set(ast.literal_eval(done.stderr.strip().splitlines()[-1]))
    assert not heavy & (loaded - {"argparse"})
    assert not {m for m in ("kg.model", "kg.catalog") if m in done.stderr}
