"""The figures on pairs judged by hand never fall below what was promised."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from kg.catalog import load_catalog
from kg.model import Catalog
from kg.resources import resource_root

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "author_identity.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("author_identity", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(resource_root("data"))


def test_the_sample_is_large_and_has_both_kinds(script: ModuleType) -> None:
    pairs = script.read_pairs()
    settled = [pair for pair in pairs if pair["label"] != "unsure"]
    assert len(settled) >= 300
    assert sum(pair["label"] == "different" for pair in settled) >= 100
    assert len({pair["stratum"] for pair in pairs}) >= 8
    assert all(pair["why"] for pair in pairs)
    assert {pair["half"] for pair in pairs} == {"tuning", "held-out"}


def test_the_catalog_joins_who_is_one_and_nobody_else(script: ModuleType, catalog: Catalog) -> None:
    found = script.measure(catalog, script.ids_of_catalog(catalog), script.read_pairs())
    assert found.precision >= 0.99
    assert found.recall >= 0.9


def test_the_rules_alone_join_nobody_wrongly(script: ModuleType, catalog: Catalog) -> None:
    found = script.measure(catalog, script.ids_of_rules(catalog), script.read_pairs())
    assert found.precision >= 0.99
    assert found.recall >= 0.75


def test_a_fuller_name_is_found_again(script: ModuleType, catalog: Catalog) -> None:
    assert script.find_place(catalog, {"paper": "stagate-2022", "name": "K. Dong"}) == ("stagate-2022", 1)
    with pytest.raises(LookupError, match="correct or remove the pair"):
        script.find_place(catalog, {"paper": "stagate-2022", "name": "Ada Moreau"})
