"""Lists in shapes that nobody promised: each file of ``shapes`` beside what a reader sees in it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.importing import make_plan, read_source
from kg.model import Catalog

SHAPES = Path(__file__).with_name("shapes")
EXPECTED: dict[str, Any] = yaml.safe_load((SHAPES / "expected.yaml").read_text(encoding="utf-8"))
_MANY = ("doi", "arxiv", "repository")


def test_every_shape_has_its_expectation() -> None:
    assert set(EXPECTED) == {path.name for path in SHAPES.iterdir()} - {"expected.yaml"}
    assert len(EXPECTED) >= 20


@pytest.mark.parametrize("name", EXPECTED)
def test_a_shape_is_read_as_people_read_it(name: str, toy_catalog: Catalog) -> None:
    wanted = EXPECTED[name]
    plan = make_plan(read_source((SHAPES / name).read_bytes(), name=name), toy_catalog)
    assert plan.kind == wanted["kind"]
    fields = ("line", "name", "title", "authors", "year", "venue", *_MANY)
    found = [{k: item[k][0] if k in _MANY else item[k] for k in fields if k in item} for item in plan.new]
    assert found == wanted["entries"]
    assert {item["line"]: item["reason"] for item in plan.not_understood} == wanted["no_entries"]
    faults = {i["line"]: sorted({w["rule"] for w in i["warnings"]}) for i in plan.new if i.get("warnings")}
    assert faults == wanted.get("warnings", {})
    assert plan.rows_read == len(plan.new) + len(plan.not_understood)
