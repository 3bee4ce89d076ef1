"""The page as text: self-contained, strict policy, nothing becomes markup, cuts are stated."""

import base64
import hashlib
import html
import json
import re
from typing import Any

import networkx as nx
import pytest

from kg.network import coauthor_graph, lineage_graph
from kg.view import render_page
from kg.view.links import short_name, web_address
from tests.network.synthetic import author_rows, hostile_authors, hostile_methods, lineage_rows

WORDS: dict[str, Any] = {
    "title": "A <title> & more",
    "subtitle": "Sub </title><script>",
    "version": "0.1.0",
    "source_query": "<query>",
}


@pytest.fixture(scope="module")
def coauthors() -> Any:
    return coauthor_graph(*author_rows())


@pytest.fixture(scope="module")
def page(coauthors: Any) -> str:
    return render_page(coauthors, "coauthors", **WORDS)


def first(pattern: str, text: str) -> str:
    """What the first group of a pattern finds."""
    found = re.search(pattern, text, re.DOTALL)
    assert found is not None
    return found[1]


def payload(text: str) -> Any:
    return json.loads(first(r'<script type="application/json" id="graph-data">(.*?)</script>', text))


def without_renderer(text: str) -> str:
    """The page without the vendored script, whose comments name web sites."""
    return re.sub(r"<script>/\*\*.*?</script>", "", text, flags=re.DOTALL)


def test_policy_allows_exactly_the_scripts_and_the_style_of_the_page(page: str) -> None:
    policy = html.unescape(first(r'Content-Security-Policy" content="([^"]*)"', page))
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in found]
        allowed = first(rf"{directive} ([^;]*);", policy).split()
        assert allowed == hashes
    assert policy.startswith("default-src 'none';")
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in re.sub(r"style-src-attr 'unsafe-inline'", "", policy)


def test_the_page_loads_nothing_and_has_no_source_map(page: str) -> None:
    assert re.findall(r"<(?:script|img|iframe|link)[^>]+(?:src|href)=([^ >]+)", page) == ['"data:,"']
    assert "sourceMappingURL" not in page
    assert "@import" not in page
    assert "url(" not in without_renderer(page)
    assert "innerHTML" not in without_renderer(page)


def test_texts_are_escaped(page: str) -> None:
    assert "<title>A &lt;title&gt; &amp; more</title>" in page
    assert "Sub &lt;/title&gt;&lt;script&gt;" in page
    assert "<code>&lt;query&gt;</code>" in page


@pytest.mark.parametrize(
    ("graph", "kind"),
    [(coauthor_graph(*hostile_authors()), "coauthors"), (lineage_graph(*hostile_methods()), "lineage")],
)
def test_hostile_names_stay_text(graph: Any, kind: str) -> None:
    text = render_page(graph, kind, **WORDS)
    assert len(re.findall(r"<script", without_renderer(text))) == 2
    assert "<img" not in text
    assert not re.search(r'href="(?!https?://|#|data:,)', text)
    block = first(r'id="graph-data">(.*?)</script>', text)
    assert not set("<>&\u2028\u2029") & set(block)
    labels = {node["label"] for node in payload(text)["nodes"]}
    assert labels == {data["label"] for _, data in graph.nodes(data=True)}


def test_data_hold_every_node_and_edge_with_whole_positions(page: str, coauthors: Any) -> None:
    data = payload(page)
    assert len(data["nodes"]) == len(coauthors)
    assert len(data["edges"]) == coauthors.number_of_edges()
    assert all(isinstance(node["x"], int) and isinstance(node["y"], int) for node in data["nodes"])
    assert data["options"]["physics"] == {"enabled": False}
    assert f"<b>{len(coauthors):,}</b> authors" in page


def test_legend_entries_differ_in_colour_and_shape(page: str) -> None:
    styles = payload(page)["styles"]
    assert len({(colour, shape) for _, colour, shape, _ in styles}) == len(styles)
    assert sum(count for *_, count in styles) == len(payload(page)["nodes"])


def test_a_cut_is_stated_with_its_ranking(coauthors: Any) -> None:
    text = render_page(coauthors, "coauthors", **WORDS, node_limit=20)
    data = payload(text)
    assert len(data["nodes"]) == 20
    assert f"Drawn are 20 of {len(coauthors)} authors" in text
    assert "most papers" in text
    least = min(node["cells"][0] for node in data["nodes"])
    dropped = set(coauthors) - {node["record"] for node in data["nodes"]}
    assert all(coauthors.nodes[node]["papers"] <= least for node in dropped)


def test_methods_without_lineage_are_stated() -> None:
    graph = lineage_graph(*lineage_rows())
    text = render_page(graph, "lineage", **WORDS)
    assert f"{graph.graph['left_out']} methods of the catalog have no recorded predecessor" in text


def test_the_page_has_rows_and_a_statement_without_script(page: str) -> None:
    assert page.count('<th scope="row">') == 50
    assert "<noscript>" in page


def test_the_graph_is_not_changed(coauthors: Any) -> None:
    before = nx.node_link_data(coauthors)
    render_page(coauthors, "coauthors", **WORDS)
    assert nx.node_link_data(coauthors) == before


def test_pages_are_the_same_each_time(page: str, coauthors: Any) -> None:
    assert render_page(coauthors, "coauthors", **WORDS) == page


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_an_empty_graph_gives_a_page(kind: str) -> None:
    graph = coauthor_graph([], []) if kind == "coauthors" else lineage_graph([], [])
    assert "<b>0</b>" in render_page(graph, kind, **WORDS)


def test_unknown_kinds_and_limits_are_refused(coauthors: Any) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        render_page(coauthors, "citations", **WORDS)
    with pytest.raises(ValueError, match="limit"):
        render_page(coauthors, "coauthors", **WORDS, node_limit=0)


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://",
        "https://user@example.org/",
        "https://example.org/a b",
        'https://example.org/"x',
        "https://exa\nmple.org",
        " https://example.org",
        "https://[1",
        "owner/name:README.md:3",
        "",
        None,
    ],
)
def test_what_may_not_be_a_link(value: str | None) -> None:
    assert web_address(value) is None


def test_what_may_be_a_link_and_how_it_reads() -> None:
    assert web_address("https://doi.org/10.1/x") == "https://doi.org/10.1/x"
    assert short_name("https://doi.org/10.1/x") == "10.1/x"
    assert short_name("https://github.com/owner/name/") == "owner/name"
    assert short_name("https://www.example.org/a") == "example.org/a"
