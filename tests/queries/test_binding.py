"""Parameters: what people type is understood, what hostile people type never widens an answer."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import KnowledgeGraph
from kg.errors import QueryError, QueryParameterError
from kg.queries.binding import literal
from kg.store.oxigraph import OxigraphStore
from kg.store.rdflib_ import RdflibStore

BASE = "https://w3id.org/stkg/"
SPELLINGS = [
    "Cell type deconvolution",
    "cell-type-deconvolution",
    "deconvolution",
    "DECONVOLUTION",
    "  spot   deconvolution ",
    "decomposition",
    "stkg.task:cell-type-deconvolution",
    "task:cell-type-deconvolution",
    f"{BASE}task/cell-type-deconvolution",
]
# A hundred and more ways to break out of a value.
HOSTILE = [
    *(f'x" {tail}' for tail in ("|| true || \"", "} UNION { ?s ?p ?o } #", ") || (1=1", "; DROP ALL", ". ?s ?p ?o", "@en")),  # noqa: E501
    *(f"x' {tail}" for tail in ("|| true || '", "} #", "OR 1=1", "; --")),
    *(f"{BASE}task/x{tail}" for tail in ("> . ?s ?p ?o . <x", ">", "> || true", " ", "\n", "#>", "/../..", "%3E", "\\u003E")),  # noqa: E501
    *(f"<{iri}>" for iri in ("urn:x", "javascript:alert(1)", "file:///etc/passwd", BASE, "http://127.0.0.1:1/")),
    *("\\u0022 || true || \\u0022", "\\U00000022", "\\", "\\\\", '\\"', "\\n", '"""', "'''", "\\u005cu0022", "%22", "&quot;"),  # noqa: E501
    *("?s", "$s", "?_task_iri", "?__task_iri", "*", "()", "{}", "[]", "a b c", "# comment", "/* */", "--", "--format"),
    *("UNDEF", "NULL", "true", "false", "1e309", "NaN", "-1", "0x10", "1_000", "२०२२", "２０２２", "2022; 1", "2022 || 1=1"),  # noqa: E501
    *("2022)", "(2022", "2022.0", "+", "-", "1/0", "9" * 400, "deconvolution\0", "deconvolution\x1b[31m", "\u202edeconvolution"),  # noqa: E501
    *("SERVICE <http://127.0.0.1/> {}", "FROM <file:///etc/passwd>", "LOAD <http://127.0.0.1/>", "BASE <x>", "PREFIX a: <b>"),  # noqa: E501
    *("../../etc/passwd", "..\\..\\x", "~/.ssh/id_rsa", "/dev/zero", "con", "file:x", "data:,x", "ldap://x", "${jndi:x}"),  # noqa: E501
    *("<script>alert(1)</script>", "</script>", "{{7*7}}", "${7*7}", "#{7*7}", "%s%s%n", "$(id)", "`id`", "; id", "| id"),  # noqa: E501
    *("deconvolution' OR 'a'='a", "deconvolution*", "deconv%", "deconv.*", "[a-z]+", "(a+)+$", "cell-type", "task:", "stkg.task:"),  # noqa: E501
    *("\ud800", "a" * 100_000, "\u0000", "\n", "\t", "\u2028", "\ufeff", "\u200b", "🧬", "método"),
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_means_the_same(toy_graph: KnowledgeGraph, spelling: str) -> None:
    assert toy_graph.query("methods", task=spelling) == toy_graph.query("methods", task="cell-type-deconvolution")
    assert len(toy_graph.query("methods", task=spelling)) == 3


def test_a_task_includes_its_narrower_tasks(toy_graph: KnowledgeGraph) -> None:
    narrow = {row["label"] for row in toy_graph.query("methods", task="deconvolution")}
    broad = {row["label"] for row in toy_graph.query("methods", task="Cell type inference")}
    assert narrow == broad == {"GraphST", "SpatialFusion", "RCTD"}


def test_an_unknown_value_gives_the_nearest(toy_graph: KnowledgeGraph) -> None:
    with pytest.raises(QueryParameterError, match="did you mean Cell type deconvolution"):
        toy_graph.query("methods", task="deconvolutoin")
    with pytest.raises(QueryParameterError, match="'stkg query frameworks' lists them"):
        toy_graph.query("methods", framework="zzz")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"tsak": "x"}, "did you mean --task"),
        ({"since": "soon"}, "not a whole number"),
        ({"since": "1066"}, "not between 1950 and 2100"),
        ({"since": "2025", "until": 2020}, "--until 2020 is before --since 2025"),
        ({"since": 2022.5}, "not float"),
        ({"since": True}, "not bool"),
        ({"task": ["a", "b"]}, "not list"),
        ({"task": ""}, "is empty"),
        ({"task": "x" * 400}, "too long"),
    ],
)
def test_a_bad_value_is_refused_with_its_name(toy_graph: KnowledgeGraph, values: dict[str, object], said: str) -> None:
    with pytest.raises(QueryParameterError) as caught:
        toy_graph.query("methods", **values)
    assert said in caught.value.summary


def test_a_range_of_one_year_is_a_range(toy_graph: KnowledgeGraph) -> None:
    assert {row["year"] for row in toy_graph.query("methods", since=2024, until=2024)} == {2024}


def test_a_missing_required_parameter_is_named(toy_graph: KnowledgeGraph) -> None:
    with pytest.raises(QueryParameterError, match="lineage needs --method"):
        toy_graph.query("lineage")


def test_there_are_a_hundred_hostile_values() -> None:
    assert len(set(HOSTILE)) >= 100


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_hostile_values_never_widen_an_answer(toy_graph: KnowledgeGraph, toy_root: Path, engine: str) -> None:
    """Each value in each parameter is refused, or was only an odd spelling of a name and means just that."""
    graph = toy_graph if engine == "oxigraph" else KnowledgeGraph.open(toy_root, engine="rdflib")
    refused = 0
    for value in HOSTILE:
        for name in ("task", "framework", "dataset", "licence", "since", "until"):
            try:
                rows = graph.query("methods", **{name: value})
            except QueryError as error:
                refused += 1
                assert len(error.summary) < 400
                assert "\x1b" not in error.summary
                continue
            assert value in {"deconvolution*", "cell-type"}, f"{name}={value!r} was understood"
            assert rows == graph.query("methods", **{name: value.strip("*")})
    assert refused >= 6 * len(HOSTILE) - 2


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_hostile_text_is_only_searched_for(toy_graph: KnowledgeGraph, toy_root: Path, engine: str) -> None:
    graph = toy_graph if engine == "oxigraph" else KnowledgeGraph.open(toy_root, engine="rdflib")
    for value in HOSTILE:
        try:
            rows = graph.query("search", text=value)
        except QueryError:
            continue
        wanted = value.strip().lower()
        titles = {str(row["method"]): str(row["label"]).lower() for row in rows}
        assert all(
            wanted in label or row["found_in"] != ["name"] for row, label in zip(rows, titles.values(), strict=True)
        )
        assert len(rows) < 5, f"{value!r} matched everything"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_comes_back_equal_from_both_engines(text: str) -> None:
    query = f"SELECT ?x WHERE {{ BIND({literal(text)} AS ?x) }}"
    for store in (OxigraphStore.in_memory([]), RdflibStore.in_memory([])):
        assert [row[0].value for row in store.select(query).rows] == [text]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["\\u0022", "\\\\u0022", "\\U00000022 || true", '"\\u0022"', "\\\\\\u0022", "\\uu0022"]
)
def test_code_point_escapes_stay_text(text: str) -> None:
    query = f"SELECT ?x WHERE {{ BIND({literal(text)} AS ?x) }}"
    for store in (OxigraphStore.in_memory([]), RdflibStore.in_memory([])):
        assert [row[0].value for row in store.select(query).rows] == [text]  # type: ignore[union-attr]
