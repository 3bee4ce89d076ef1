"""IRIs, slugs and CURIEs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg.iris import (
    BASE,
    ONTOLOGY,
    RECORD_KINDS,
    TERMS,
    compact,
    content_iri,
    graph_iri,
    is_slug,
    parse_curie,
    parse_record_iri,
    part_iri,
    record_iri,
    slugify,
)

SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,5}){0,3}", fullmatch=True)
KINDS = st.sampled_from(RECORD_KINDS)


def test_base_is_the_published_one() -> None:
    assert (BASE, ONTOLOGY, TERMS) == (
        "https://w3id.org/stkg/",
        "https://w3id.org/stkg/ontology",
        "https://w3id.org/stkg/ontology#",
    )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_slug_of_any_text_is_a_slug_or_empty(text: str) -> None:
    slug = slugify(text)
    assert slug == "" or is_slug(slug)
    assert slugify(slug) == slug
    assert bool(slug) or not any(c.isascii() and c.isalnum() for c in text)


@pytest.mark.parametrize(
    "text, slug",
    [
        ("Lukas M. Weber", "lukas-m-weber"),
        ("Åke Borg", "ake-borg"),
        ("Søren Ægir Łuß Đorđe Œuvre Kadı", "soren-aegir-luss-dorde-oeuvre-kadi"),
        ("e\u0301 = é", "e-e"),
        ("ﬁne ２", "fine-2"),
        ("王", "u738b"),
        ("-- a__b --", "a-b"),
        ("???", ""),
    ],
)
def test_slugs_of_names(text: str, slug: str) -> None:
    assert slugify(text) == slug


@pytest.mark.parametrize("text", ["", "A", "a_b", "-a", "a-", "a--b", "a b", "é", "a\n", "²"])
def test_what_is_no_slug(text: str) -> None:
    assert not is_slug(text)


@given(KINDS, SLUGS)
def test_record_iri_is_read_back(kind: str, slug: str) -> None:
    iri = record_iri(kind, slug)
    assert NamedNode(iri).value == iri == f"{BASE}{kind}/{slug}"
    assert parse_record_iri(iri) == (kind, slug)
    assert compact(iri) == f"stkg.{kind}:{slug}"
    assert parse_curie(compact(iri)) == parse_curie(f"{kind}:{slug}") == (kind, slug)


@given(st.text(max_size=30))
def test_other_texts_are_no_record(text: str) -> None:
    found = parse_record_iri(text) or parse_curie(text)
    assert found is None or (found[0] in RECORD_KINDS and is_slug(found[1]))
    assert found is not None or compact(text) == text or text.startswith(TERMS)


@pytest.mark.parametrize(
    "iri",
    [
        BASE,
        TERMS + "Method",
        graph_iri("method", "graphst"),
        part_iri("paper", "graphst-2023", "authorship", 1),
        content_iri("claim", "x"),
        record_iri("method", "GraphST"),
        record_iri("method", "graphst") + "\n",
        "http://w3id.org/stkg/method/graphst",
        "https://w3idXorg/stkg/method/graphst",
    ],
)
def test_other_iris_are_no_record(iri: str) -> None:
    assert parse_record_iri(iri) is None


def test_terms_are_shortened() -> None:
    assert compact(TERMS + "Method") == "stkg:Method"
    assert compact("https://example.org/") == "https://example.org/"


def test_content_iri_never_changes() -> None:
    """A change of this value renames every claim and evidence node of the graph."""
    iri = "https://w3id.org/stkg/claim/4bec3431927bbbe48a978539"
    assert content_iri("claim", "method", "graphst", "é") == iri


@given(st.lists(st.text("ab", max_size=3), max_size=4), st.lists(st.text("ab", max_size=3), max_size=4))
def test_content_iri_tells_contents_apart(one: list[str], other: list[str]) -> None:
    first, second = content_iri("claim", *one), content_iri("claim", *other)
    assert re.fullmatch(rf"{BASE}claim/[0-9a-f]{{24}}", first)
    # No content and one empty part are the same text; no caller passes no content.
    assert (first == second) == ((one or [""]) == (other or [""]))
