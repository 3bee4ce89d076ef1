"""The prefix map is the only one: sorted, without doubles, and every Turtle file agrees with it."""

import re
from pathlib import Path
from typing import Final

import pytest
import yaml

from kg.iris import BASE, RECORD_KINDS, TERMS, compact, record_iri

ROOT: Final = Path(__file__).parents[2]
PREFIXES: Final[dict[str, str]] = yaml.safe_load((ROOT / "ontology" / "prefixes.yaml").read_text(encoding="utf-8"))
TURTLE: Final = sorted((ROOT / "ontology").glob("*.ttl"))
WANTED: Final = (
    "rdf", "rdfs", "owl", "xsd", "skos", "dcterms", "dcat", "prov", "schema", "foaf", "fabio", "cito", "void", "vann",
    "sh", "edam", "sw", "stkg",
)  # fmt: skip


def test_sorted_and_well_formed() -> None:
    assert list(PREFIXES) == sorted(PREFIXES)
    for prefix, iri in PREFIXES.items():
        assert re.fullmatch(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*", prefix)
        assert re.fullmatch(r"https?://[^\s<>\"]+[/#_]", iri)


def test_no_iri_has_two_prefixes() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@pytest.mark.parametrize("prefix", WANTED)
def test_common_prefix_is_there(prefix: str) -> None:
    assert prefix in PREFIXES


def test_schema_org_is_https() -> None:
    assert PREFIXES["schema"] == "https://schema.org/"


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_each_kind_of_record_has_a_prefix(kind: str) -> None:
    iri = record_iri(kind, "some-slug")
    assert PREFIXES[f"stkg.{kind}"] + "some-slug" == iri
    assert compact(iri) == f"stkg.{kind}:some-slug"


def test_our_terms_and_records_stand_below_the_base() -> None:
    assert PREFIXES["stkg"] == TERMS
    assert {iri.startswith(BASE) for prefix, iri in PREFIXES.items() if prefix.split(".")[0] == "stkg"} == {True}


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: str(path.name))
def test_files_use_the_map(path: Path) -> None:
    """Same IRI for the same prefix, sorted, and no prefix declared in vain."""
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"^@prefix ([\w.-]+): <([^>]+)> \.$", text, re.MULTILINE)
    assert len(used) > 5
    assert used == sorted(used)
    assert {prefix: iri for prefix, iri in used if PREFIXES.get(prefix) != iri} == {}
    body = "\n".join(line for line in text.splitlines() if not line.startswith("@prefix"))
    assert [prefix for prefix, _ in used if not re.search(rf"(?<![\w.-]){re.escape(prefix)}:", body)] == []
