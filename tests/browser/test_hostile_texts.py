"""Texts of the catalog, of parameters and of addresses never become markup: nothing runs on any page."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser

from tests.browser.sites import Site, sparql, visiting
from tests.pages.hostile import TEXTS, hostile_catalog
from tests.web.running import Running, command

pytestmark = pytest.mark.browser

# What no page of ours has, and addresses that may stand in links.
ELEMENTS = "iframe, math, style, base, object, embed, script:not([type='application/ld+json']), main img:not(.spots)"
LINKS = "[...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))"
HANDLERS = """[...document.querySelectorAll('*')].flatMap((e) => [...e.attributes])
  .filter((a) => a.name.startsWith('on') || a.name === 'style' || a.name === 'srcdoc').map((a) => a.name)"""


@pytest.fixture(scope="module")
def server(toy_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(command(hostile_catalog(toy_root, tmp_path_factory.mktemp("hostile")), "--workers", "1"))
    yield running
    assert running.stop() == 0
    assert "Traceback" not in "".join(running.lines)


def _harmless(site: Site, path: str) -> None:
    site.quiet()
    page = site.page
    assert page.locator(ELEMENTS).count() == 0, path
    assert page.evaluate(HANDLERS) == [], path
    for address in page.evaluate(LINKS):
        assert address.startswith(("/", "#", "https://", "http://")), (path, address)
        assert not address.startswith(("//", "/\\")), (path, address)
    for block in page.locator("script[type='application/ld+json']").all():
        assert json.loads(block.text_content() or "")["@context"] == "https://schema.org"
    assert "49 49" not in (page.text_content("body") or "")


def test_no_text_of_the_catalog_runs_on_any_page(browser: Browser, server: Running) -> None:
    places = ET.fromstring(server.get("/sitemap.xml").text)
    paths = [(element.text or "").partition(f":{server.port}")[2] for element in places.iter() if element.text]
    paths = [path for path in paths if path.startswith("/") and not path.startswith("/graph/")]
    assert len(paths) > 60
    with visiting(browser, server) as site:
        seen = ""
        for path in [*paths, "/listing/sindilab/entry/1.html", "/listing/sindilab/correction/1-1.html"]:
            assert site.open(path) == 200, path
            _harmless(site, path)
            seen += site.page.text_content("body") or ""
        for text in TEXTS:  # each of them was shown, as it is
            assert text.rpartition("=")[2][:12] in seen, text


def test_graphs_of_hostile_names_draw_and_run_nothing(browser: Browser, server: Running) -> None:
    with visiting(browser, server) as site:
        for path in ("/graph/lineage", "/graph/coauthors"):
            assert site.open(path) == 200
            site.page.keyboard.press("n")
            site.quiet()


@pytest.mark.parametrize("text", TEXTS)
def test_what_clients_send_runs_nowhere(browser: Browser, server: Running, text: str) -> None:
    paths = [
        f"/search?{urlencode({'q': text})}",
        f"/query/methods?{urlencode({'task': text, 'since': text, 'framework': text})}",
        f"/query/search?{urlencode({'text': text})}",
        f"/query/methods?{urlencode({text: text})}",
        f"/query/coauthors?{urlencode({'author': text})}",
        f"/query/{quote(text, safe='')}",
        f"/browse/{quote(text, safe='')}",
        f"/method/{quote(text, safe='')}",
        f"/cite/method/{quote(text, safe='')}.bib",
        f"/{quote(text)}",
        sparql(text),
        sparql(f"SELECT ('''{text}''' AS ?x) (<urn:{quote(text)}> AS ?y) {{}}"),
        f"/sparql?{urlencode({'query': 'ASK {}', 'default-graph-uri': text, 'format': text})}",
        f"/sparql?{urlencode({'query': 'ASK {}', 'default-graph-uri': text})}",
    ]
    with visiting(browser, server) as site:
        for path in paths:
            assert site.open(path) in {200, 400, 404, 406, 422}, path
            _harmless(site, path)


def test_a_script_that_got_in_would_be_stopped(browser: Browser, server: Running) -> None:
    with visiting(browser, server) as site:
        site.open("/")
        site.page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.harmed = 1';"
            "document.body.append(s); const i = new Image(); i.src = 'http://127.0.0.1:9/x'; document.body.append(i); }"
        )
        site.page.wait_for_function("window.refused.length >= 2")
        assert site.page.evaluate("window.harmed") is None
