"""The static picture: well-formed, escaped, with legend and statements."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from kg.network import coauthor_graph, lineage_graph
from kg.view import render_svg
from kg.view.palette import SHAPES
from kg.view.svg import _corners
from tests.network.synthetic import author_rows, hostile_authors, hostile_methods, lineage_rows

SVG = "{http://www.w3.org/2000/svg}"


def texts(root: ET.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_coauthors(theme: str) -> None:
    graph = coauthor_graph(*author_rows())
    root = ET.fromstring(render_svg(graph, "coauthors", title="Who & whom", theme=theme))
    assert root.get("width") == "1200"
    assert len(list(root.iter(f"{SVG}a"))) == len(graph)
    assert texts(root)[0] == "Who & whom"
    assert any(text.startswith("around ") for text in texts(root))


def test_lineage_names_years_relations_and_what_is_left_out() -> None:
    graph = lineage_graph(*lineage_rows())
    root = ET.fromstring(render_svg(graph, "lineage", title="Lineage", width=900))
    found = texts(root)
    assert {"2016", "2020", "year unknown", "extends", "supersedes"} <= set(found)
    assert any("no recorded predecessor" in text for text in found)
    assert len([text for text in found if text.startswith("Method")]) > 15


@pytest.mark.parametrize(
    ("graph", "kind"),
    [(coauthor_graph(*hostile_authors()), "coauthors"), (lineage_graph(*hostile_methods()), "lineage")],
)
def test_hostile_names_stay_text(graph: Any, kind: str) -> None:
    root = ET.fromstring(render_svg(graph, kind, title="</svg><script>"))
    assert not list(root.iter(f"{SVG}script"))
    assert not list(root.iter(f"{SVG}img"))
    assert all(link.get("href", "").startswith("https://") for link in root.iter(f"{SVG}a"))


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_an_empty_graph_gives_a_picture(kind: str) -> None:
    graph = coauthor_graph([], []) if kind == "coauthors" else lineage_graph([], [])
    ET.fromstring(render_svg(graph, kind, title="Nothing"))


def test_pictures_are_the_same_each_time() -> None:
    graph = lineage_graph(*lineage_rows())
    assert render_svg(graph, "lineage", title="x") == render_svg(graph, "lineage", title="x")


def test_shapes_fit_their_circle_and_differ() -> None:
    outlines = {shape: _corners(shape, 0, 0, 10) for shape in SHAPES}
    assert outlines.pop("dot") == []
    assert len({tuple(points) for points in outlines.values()}) == len(SHAPES) - 1
    for points in outlines.values():
        assert all(abs(x) < 15 and abs(y) < 15 for x, y in points)
