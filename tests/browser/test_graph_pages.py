"""Graph pages in a real browser without network: drawn, quiet, accessible, harmless, usable by keyboard."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kg.network import coauthor_graph, lineage_graph
from kg.view import render_page
from tests.browser.visits import Visit, violations
from tests.network.synthetic import author_rows, hostile_authors, hostile_methods, lineage_rows

Open = Callable[..., Visit]
pytestmark = pytest.mark.browser

WORDS: dict[str, Any] = {
    "title": "Graph <b>title</b>",
    "subtitle": "Subtitle",
    "version": "0.1.0",
    "source_query": "query",
}
# Colours of the canvas other than its ground, counted on a coarse grid.
INK = """() => {
  const canvas = document.querySelector('#drawing canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) if (data[at + 3]) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  return seen.size;
}"""


@pytest.fixture(scope="module")
def graphs() -> dict[str, Any]:
    return {"coauthors": coauthor_graph(*author_rows()), "lineage": lineage_graph(*lineage_rows())}


@pytest.fixture(scope="module")
def pages(graphs: dict[str, Any]) -> dict[str, str]:
    return {kind: render_page(graph, kind, **WORDS) for kind, graph in graphs.items()}


@pytest.fixture(scope="module")
def hostile() -> dict[str, str]:
    return {
        "coauthors": render_page(coauthor_graph(*hostile_authors()), "coauthors", **WORDS),
        "lineage": render_page(lineage_graph(*hostile_methods()), "lineage", **WORDS),
    }


def quiet(found: Visit) -> None:
    assert [message for message in found.messages if not message.startswith(("log", "info"))] == []
    assert [address for address in found.requests if not address.startswith(("file:", "data:", "blob:"))] == []
    assert len([address for address in found.requests if address.startswith("file:")]) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_drawn_quiet_and_accessible(visit: Open, pages: dict[str, str], kind: str, scheme: str) -> None:
    found = visit(pages[kind], scheme=scheme)
    assert found.page.evaluate(INK) > 20
    assert violations(found.page) == []
    quiet(found)


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_accessible_with_details_open_and_on_a_narrow_screen(visit: Open, pages: dict[str, str], kind: str) -> None:
    found = visit(pages[kind], width=360, height=740)
    found.page.keyboard.press("n")
    assert violations(found.page) == []
    assert found.page.evaluate("document.documentElement.scrollWidth") <= 360
    quiet(found)


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_the_theme_can_be_switched(visit: Open, pages: dict[str, str], kind: str) -> None:
    found = visit(pages[kind])
    before = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
    found.page.click("[data-do=theme]")
    assert found.page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert found.page.get_attribute("[data-do=theme]", "aria-pressed") == "true"
    assert violations(found.page) == []


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_hostile_texts_stay_text(visit: Open, hostile: dict[str, str], kind: str) -> None:
    found = visit(hostile[kind])
    page = found.page
    for step in range(4):
        page.keyboard.press("n")
        assert page.locator("#panel h2").inner_text() in page.evaluate("NODES.map((node) => node.label)"), step
    page.fill("#search", "<")
    page.keyboard.press("Escape")
    addresses = page.evaluate("[...document.querySelectorAll('a')].map((link) => link.href)")
    assert all(address.startswith(("https://", "http://", "file://")) for address in addresses)
    with page.expect_download() as caught:
        page.click("[data-do=svg]")
    assert "<script" not in Path(caught.value.path()).read_text(encoding="utf-8")
    assert page.evaluate("window.harmed") is None
    assert page.locator("h1").inner_text() == "Graph <b>title</b>"
    assert page.locator("#table img, #panel img, #table svg, #table b").count() == 0
    quiet(found)


def test_an_injected_script_is_stopped_by_the_policy(visit: Open, pages: dict[str, str]) -> None:
    found = visit(pages["coauthors"].replace("<main>", "<main><script>window.harmed = 1</script>"))
    assert found.page.evaluate("window.harmed") is None
    assert any("Content Security Policy" in message for message in found.messages)


def test_links_say_where_they_lead_and_keep_the_referrer(visit: Open, pages: dict[str, str]) -> None:
    found = visit(pages["lineage"], fragment="#m01")
    links = found.page.locator("#panel a")
    assert {link.get_attribute("rel") for link in links.all()} == {"noopener noreferrer"}
    assert {link.get_attribute("href") for link in links.all()} >= {
        "https://w3id.org/stkg/method/m01",
        "https://github.com/example/m01",
        "https://doi.org/10.1000/m01",
    }


def test_search_finds_names_without_accents_and_methods(
    visit: Open, pages: dict[str, str], graphs: dict[str, Any]
) -> None:
    found = visit(pages["coauthors"])
    page = found.page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("alone")
    assert page.locator("#matches li").count() == 1
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search", "aria-activedescendant") == "match-0"
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == "Author Alone-0"
    assert page.evaluate("location.hash") == "#alone-0"
    page.fill("#search", "Méthod60")
    assert page.locator("#matches li").count() == 1
    quiet(found)


def rows_of_all_pages(page: Page) -> list[str]:
    rows = []
    while True:
        rows += page.locator("#table tbody tr").evaluate_all("(rows) => rows.map((row) => row.dataset.node)")
        following = page.get_by_role("button", name="Next page of the table")
        if following.is_disabled():
            return rows
        following.click()


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_the_table_holds_the_same_rows_as_the_drawing(
    visit: Open, pages: dict[str, str], graphs: dict[str, Any], kind: str
) -> None:
    page = visit(pages[kind]).page
    rows = rows_of_all_pages(page)
    what = "authors" if kind == "coauthors" else "methods"
    assert len(rows) == len(set(rows)) == len(graphs[kind])
    assert page.locator("#table-note").inner_text().endswith(f"of all {len(graphs[kind])} {what} drawn.")


def test_filters_change_drawing_table_and_counts(visit: Open, pages: dict[str, str], graphs: dict[str, Any]) -> None:
    found = visit(pages["coauthors"])
    page = found.page
    wanted = [node for node, data in graphs["coauthors"].nodes(data=True) if "PyTorch" in data["frameworks"]]
    page.locator("summary", has_text="Framework").click()
    page.get_by_label("PyTorch").check()
    assert (
        page.locator("#state").inner_text() == f"{len(wanted)} of {len(graphs['coauthors'])} authors pass the filters"
    )
    assert len(rows_of_all_pages(page)) == len(wanted)
    both = [node for node in wanted if "Simulation" in graphs["coauthors"].nodes[node]["tasks"]]
    row = page.locator("label.value", has_text="Simulation")
    assert row.locator(".count").inner_text() == str(len(both))
    row.locator("input").check()
    assert len(rows_of_all_pages(page)) == len(both)
    page.click("#reset")
    assert page.locator("#state").inner_text() == f"All {len(graphs['coauthors'])} authors"
    quiet(found)


def test_the_legend_hides_and_shows(visit: Open, pages: dict[str, str]) -> None:
    page = visit(pages["lineage"]).page
    entry = page.locator(".legend button").first
    before, count = page.evaluate("state.shown"), int(entry.locator(".count").inner_text())
    entry.click()
    assert entry.get_attribute("aria-pressed") == "false"
    assert page.evaluate("state.shown") == before - count
    entry.click()
    assert page.evaluate("state.shown") == before


@pytest.mark.parametrize(
    "fragment", ["#alone-0", "#author/alone-0", "#https%3A%2F%2Fw3id.org%2Fstkg%2Fauthor%2Falone-0"]
)
def test_deep_links(visit: Open, pages: dict[str, str], fragment: str) -> None:
    page = visit(pages["coauthors"], fragment=fragment).page
    assert page.locator("#panel h2").inner_text() == "Author Alone-0"


def test_an_unknown_deep_link_opens_the_page_as_usual(visit: Open, pages: dict[str, str]) -> None:
    found = visit(pages["coauthors"], fragment="#%E0%A4%A")
    assert found.page.locator("#panel h2").inner_text() == "Details"
    quiet(found)


def test_keys(visit: Open, pages: dict[str, str]) -> None:
    found = visit(pages["lineage"])
    page = found.page
    page.focus("#drawing")
    page.keyboard.press("n")
    first = page.locator("#panel h2").inner_text()
    page.keyboard.press("n")
    assert page.locator("#panel h2").inner_text() != first
    page.keyboard.press("p")
    assert page.locator("#panel h2").inner_text() == first
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert page.locator("#panel h2").inner_text() == "Details"
    page.focus("#drawing")
    before = page.evaluate("network.getViewPosition().x")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("network.getViewPosition().x") > before
    scale = page.evaluate("network.getScale()")
    page.keyboard.press("+")
    assert page.evaluate("network.getScale()") > scale
    page.keyboard.press("0")
    assert page.evaluate("network.getScale()") == pytest.approx(page.evaluate("fitScale"))
    quiet(found)


def test_a_click_on_a_mark_opens_its_details(visit: Open, pages: dict[str, str]) -> None:
    page = visit(pages["lineage"]).page
    spot = page.evaluate("network.canvasToDOM({ x: NODES[3].x, y: NODES[3].y })")
    page.locator("#drawing").click(position=spot)
    page.wait_for_selector("#panel .name")
    assert page.locator("#panel h2").inner_text() == page.evaluate("NODES[3].label")
    page.mouse.move(5, 5)


def test_columns_sort_both_ways(visit: Open, pages: dict[str, str]) -> None:
    page = visit(pages["coauthors"]).page
    head = page.locator("#table thead th", has_text="Papers").first
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    numbers = [int(text) for text in page.locator("#table tbody tr td:nth-child(2)").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize("kind", ["coauthors", "lineage"])
def test_pictures_are_saved_with_legend(visit: Open, pages: dict[str, str], kind: str) -> None:
    found = visit(pages[kind])
    saved = {}
    for ending in ("svg", "png"):
        with found.page.expect_download() as caught:
            found.page.click(f"[data-do={ending}]")
        assert caught.value.suggested_filename == f"stkg-{kind}-0.1.0.{ending}"
        saved[ending] = Path(caught.value.path()).read_bytes()
    assert saved["png"].startswith(b"\x89PNG")
    assert len(saved["png"]) > 20_000
    text = saved["svg"].decode()
    assert "Graph &#60;b&#62;title" in text
    for label, *_ in found.page.evaluate("DATA.styles"):
        assert f"{label} (" in text
    quiet(found)


def test_without_script_the_page_shows_rows_and_says_so(visit: Open, pages: dict[str, str]) -> None:
    page = visit(pages["coauthors"], script=False).page
    assert "JavaScript" in page.locator("noscript").inner_text()
    assert page.locator("#table tbody tr").count() == 50
    assert not page.locator(".toolbar").is_visible()


def test_printing_hides_the_controls(visit: Open, pages: dict[str, str]) -> None:
    page = visit(pages["coauthors"]).page
    page.emulate_media(media="print")
    assert not page.locator(".toolbar").is_visible()
    assert page.locator("#drawing canvas").is_visible()


def test_edges_are_hidden_while_a_large_graph_moves(visit: Open, pages: dict[str, str]) -> None:
    text = re.sub(r'"fewerEdgesAbove":\d+', '"fewerEdgesAbove":10', pages["coauthors"])
    page = visit(text).page
    page.evaluate("select(-1)")
    still = page.evaluate(INK)
    page.evaluate("() => { state.moving = true; network.redraw(); }")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(INK) < still
