"""Every kind of page of a running server in a real browser: quiet, accessible, usable by keyboard, narrow, printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.sites import Site, sparql, visiting
from tests.browser.visits import violations
from tests.web.running import Running, command

pytestmark = pytest.mark.browser

SELECT = "SELECT ?m ?n ?year { ?m a stkg:Method ; rdfs:label ?n OPTIONAL { ?m stkg:introducedIn/stkg:year ?year } }"
PAGES = {
    "/": 200,
    "/search": 200,
    "/search?q=graph": 200,
    "/search?q=grafst": 200,
    "/browse/method": 200,
    "/browse/author": 200,
    "/query": 200,
    "/query/methods": 200,
    "/query/lineage": 200,
    "/query/papers?author=": 200,
    "/query/methods?task=wrong&since=soon&tusk=1": 422,
    "/sparql": 200,
    sparql(SELECT): 200,
    sparql("ASK { ?s ?p ?o }"): 200,
    sparql("DESCRIBE stkg.method:graphst"): 200,
    sparql("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"): 200,
    sparql("SELECT * {\n ?s foo:bar ?o\n}"): 400,
    "/ontology.html": 200,
    "/graph": 200,
    "/graph/lineage": 200,
    "/graph/coauthors": 200,
    "/method/stagate.html": 200,
    "/method/graphst.html": 200,
    "/paper/graphst-2023.html": 200,
    "/author/kangning-dong.html": 200,
    "/task/cell-type-deconvolution.html": 200,
    "/dataset/dlpfc-spatiallibd.html": 200,
    "/framework/pytorch.html": 200,
    "/language/python.html": 200,
    "/license/agpl-3-0.html": 200,
    "/technology/visium.html": 200,
    "/venue/nature-communications.html": 200,
    "/benchmark/toy-benchmark.html": 200,
    "/source/sindilab.html": 200,
    "/listing/sindilab/entry/1.html": 200,
    "/listing/sindilab/correction/1-1.html": 200,
    "/paper/graphst-2023/authorship/1.html": 200,
    "/graph/method/graphst.html": 200,
    "/method/graph-st": 404,
    "/nothing/here": 404,
}


@pytest.fixture(scope="module")
def server(toy_root: Path) -> Iterator[Running]:
    running = Running(command(toy_root, "--workers", "1"))
    yield running
    assert running.stop() == 0
    assert "Traceback" not in "".join(running.lines)


@pytest.fixture
def site(browser: Browser, server: Running) -> Iterator[Site]:
    with visiting(browser, server) as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_quiet_and_accessible(browser: Browser, server: Running, scheme: str) -> None:
    with visiting(browser, server, scheme="dark" if scheme == "dark" else "light") as site:
        for path, status in PAGES.items():
            assert site.open(path) == status, path
            assert violations(site.page) == [], path
            site.quiet()


def test_claims_and_evidence_have_pages(site: Site) -> None:
    for kind in ("Claim", "Evidence"):
        site.open(sparql(f"SELECT ?x {{ ?x a stkg:{kind} }} ORDER BY ?x LIMIT 1"))
        site.page.locator("tbody th a").first.click()
        site.page.wait_for_url(f"**/{kind.lower()}/*.html")
        assert violations(site.page) == []
        site.quiet()


def test_nothing_is_wider_than_a_small_telephone(browser: Browser, server: Running) -> None:
    with visiting(browser, server, width=360) as site:
        for path in PAGES:
            site.open(path)
            assert site.page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(site: Site) -> None:
    for path in ("/", "/query/methods", "/method/stagate.html", sparql(SELECT)):
        site.open(path)
        site.page.keyboard.press("Tab")
        assert site.page.evaluate("document.activeElement.className") == "skip", path
        assert site.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        places = site.page.evaluate(
            "[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')]"
            ".filter((e) => e.checkVisibility() && (!e.closest('details:not([open])') || e.matches('summary'))).length"
        )
        order = []
        for _ in range(places - 1):
            site.page.keyboard.press("Tab")
            seen = site.page.evaluate(
                "() => { const e = document.activeElement; const all = [...document.querySelectorAll('*')];"
                "const s = getComputedStyle(e); return [all.indexOf(e), s.outlineStyle, parseFloat(s.outlineWidth)]; }"
            )
            order.append(seen[0])
            assert seen[1] == "solid", (path, seen)
            assert seen[2] >= 2
        assert order == sorted(order), path
        assert len(set(order)) == len(order)


def test_the_skip_link_leads_to_the_content(site: Site) -> None:
    site.open("/method/graphst.html")
    site.page.keyboard.press("Tab")
    site.page.keyboard.press("Enter")
    assert site.page.evaluate("document.activeElement.id") == "main"
    site.page.keyboard.press("Tab")
    assert site.page.evaluate("document.activeElement.closest('main') !== null")


def test_forms_work_by_keyboard_and_without_scripts(browser: Browser, server: Running) -> None:
    with visiting(browser, server, script=False) as site:
        site.open("/")
        site.page.locator("#q").focus()
        site.page.keyboard.type("spatial clustering")
        site.page.keyboard.press("Enter")
        site.page.wait_for_url("**/search?q=spatial+clustering")
        assert "Spatial domain identification" in site.page.locator("main").inner_text()
        site.open("/query/methods")
        assert site.page.locator("#p-task option:checked").inner_text() == "Cell type deconvolution"
        site.page.locator("#p-framework").focus()
        site.page.keyboard.type("any")
        site.page.locator("#p-since").fill("")
        site.page.locator("#p-since").focus()
        site.page.keyboard.press("Enter")
        site.page.wait_for_url("**/query/methods?task=cell-type-deconvolution&framework=&*")
        assert "RCTD" in site.page.locator("table").first.inner_text()
        site.open("/sparql")
        site.page.locator("#query").fill("SELECT ?m { ?m a stkg:Method } ORDER BY ?m")
        for _ in range(2):
            site.page.keyboard.press("Tab")
        with site.page.expect_navigation():
            site.page.keyboard.press("Enter")  # the second button sends it by POST
        assert site.page.locator("section[aria-labelledby=answer] tbody tr").count() == 5
        site.page.locator("tbody th a").first.click()
        site.page.wait_for_url("**/method/*.html")


def test_a_wrong_value_is_told_at_its_field(site: Site) -> None:
    assert site.open("/query/methods?task=clustring&since=soon") == 422
    for name in ("task", "since"):
        field = site.page.locator(f"#p-{name}")
        assert field.get_attribute("aria-invalid") == "true"
        assert f"e-{name}" in (field.get_attribute("aria-describedby") or "").split()
        assert site.page.locator(f"#e-{name}").inner_text().endswith((".", "?"))
    assert site.page.locator("#p-since").input_value() == "soon"
    assert site.page.locator(".fault").count() == 2


def test_paper_gets_the_facts_and_not_the_furniture(browser: Browser, server: Running) -> None:
    with visiting(browser, server, scheme="dark") as site:
        site.open("/method/graphst.html")
        site.page.emulate_media(media="print")
        assert site.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert site.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert not site.page.locator(".bar").is_visible()
        assert not site.page.locator("aside").is_visible()
        assert site.page.locator("#facts").is_visible()
        assert site.page.pdf(format="A4").startswith(b"%PDF")


def test_marks_of_the_graphs_lead_to_pages_of_the_site(site: Site) -> None:
    site.open("/graph/lineage#graphst")
    address = site.page.locator("#panel dd a").first.get_attribute("href")
    assert address == "/method/graphst.html"
    site.page.locator("#panel dd a").first.click()
    site.page.wait_for_url("**/method/graphst.html")
    site.quiet()
