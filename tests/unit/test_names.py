"""What people type leads to one record, or to an error that names the nearest."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryParameterError
from kg.iris import RECORD_KINDS, record_iri
from kg.model import Catalog, Language, Paper
from kg.names import NameIndex, build_indexes, fold, index_text, read_index, shown


@pytest.fixture(scope="module")
def indexes(toy_catalog: Catalog) -> dict[str, NameIndex]:
    """Name indexes of the toy catalog."""
    return build_indexes(toy_catalog)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(f"  {text}\t") == fold(text)


@pytest.mark.parametrize(
    "one, other",
    [("Scikit-Learn", "scikit learn"), ("ÅKE", "ake"), ("e\u0301", "É"), ("a_b  c", "A-B-C"), ("STRASSE", "straße")],
)
def test_spellings_that_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "one, other", [("C", "C++"), ("C", "C#"), ("LIANA", "LIANA+"), ("seqFISH", "seqFISH+"), ("a1", "a2")]
)
def test_names_that_are_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    "kind, text, slug",
    [
        ("method", "GraphST", "graphst"),
        ("method", "graph-st", None),
        ("method", "stgraph", "graphst"),
        ("method", "stkg.method:graphst", "graphst"),
        ("method", "method:graphst", "graphst"),
        ("method", "https://w3id.org/stkg/method/graphst", "graphst"),
        ("task", "Spot  Deconvolution", "cell-type-deconvolution"),
        ("task", "cell_type DECONVOLUTION", "cell-type-deconvolution"),
        ("framework", "torch", "pytorch"),
        ("license", "agpl 3.0", "agpl-3-0"),
        ("paper", "10.1038/s41467-023-36796-3", "graphst-2023"),
        ("paper", "36859400", "graphst-2023"),
        ("paper", "10.1101/2022.12.26.521888", "staligner-2023"),
        ("author", "K. Dong", "kangning-dong"),
        ("author", "yahui long", "yahui-long"),
        ("source", "pachterlab/museumst", "museumst"),
        ("technology", "visium", "visium"),
        ("method", "task:denoising", None),
        ("task", "method:graphst", None),
        ("method", "stkg.method:nowhere", None),
        ("method", "https://w3id.org/stkg/task/cell-type-inference", None),
        ("method", "", None),
        ("method", "!?", None),
    ],
)
def test_resolving(indexes: dict[str, NameIndex], kind: str, text: str, slug: str | None) -> None:
    if slug is not None:
        assert indexes[kind].resolve(text) == record_iri(kind, slug)
    else:
        with pytest.raises(QueryParameterError, match=f"there is no {kind}"):
            indexes[kind].resolve(text)


def test_every_kind_has_an_index_of_all_its_records(indexes: dict[str, NameIndex], toy_catalog: Catalog) -> None:
    assert set(indexes) == set(RECORD_KINDS)
    for kind, index in indexes.items():
        assert index.kind == kind
        assert set(index.labels) >= set(toy_catalog.of_kind(kind))
        for slug, label in index.labels.items():
            assert index.resolve(slug) == index.resolve(label) == record_iri(kind, slug)


def test_near_names_are_suggested(indexes: dict[str, NameIndex]) -> None:
    with pytest.raises(QueryParameterError, match="there is no method 'grafst': did you mean GraphST"):
        indexes["method"].resolve("grafst")
    assert indexes["task"].nearest("deconv") == ["Cell type deconvolution"]
    assert indexes["method"].nearest("xyzzy") == []
    assert indexes["method"].nearest("") == []
    assert len(indexes["author"].nearest("dong zhang chen", n_max=1)) <= 1


@pytest.mark.parametrize("text", ["a" * 100_000, "\x1b[31m", "a\nb"])
def test_message_cannot_be_abused(indexes: dict[str, NameIndex], text: str) -> None:
    with pytest.raises(QueryParameterError) as caught:
        indexes["method"].resolve(text)
    assert len(caught.value.summary) < 200
    assert caught.value.summary.isprintable()
    assert shown(text) in caught.value.summary


def language(key: str, label: str, *synonyms: str) -> Language:
    """A language record."""
    return Language.model_validate({"id": key, "label": label, "synonyms": synonyms, "sources": ["museumst"]})


def test_name_of_two_records_is_ambiguous() -> None:
    catalog = Catalog(languages={key: language(key, "Same Name") for key in ("b", "a")})
    index = build_indexes(catalog)["language"]
    with pytest.raises(QueryParameterError, match="'same-name' can mean several languages, a, b: write"):
        index.resolve("same-name")
    assert index.resolve("a") == record_iri("language", "a")


def test_label_wins_over_synonym() -> None:
    catalog = Catalog(languages={"x": language("x", "Other", "Thing"), "y": language("y", "Thing")})
    assert build_indexes(catalog)["language"].resolve("thing") == record_iri("language", "y")


def test_every_identifier_of_a_version_leads_to_the_paper() -> None:
    version = {"kind": "preprint", "doi": "10.48550/arxiv.2301.00001", "arxiv": "2301.00001", "sources": ["museumst"]}
    paper = Paper.model_validate({"id": "p", "title": "P", "kind": "article", "versions": [version], "sources": {}})
    index = build_indexes(Catalog(papers={"p": paper}))["paper"]
    for text in ("10.48550/arxiv.2301.00001", "2301.00001", "P"):
        assert index.resolve(text) == record_iri("paper", "p")


def test_index_is_written_and_read_back(indexes: dict[str, NameIndex], tmp_path: Path) -> None:
    for kind, index in indexes.items():
        (tmp_path / f"{kind}.json").write_text(index_text(index), encoding="utf-8")
        assert read_index(tmp_path, kind) == index
        assert index_text(read_index(tmp_path, kind)) == index_text(index)
