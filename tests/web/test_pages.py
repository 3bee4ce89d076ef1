"""Pages over HTTP: who gets a page and who gets data, statuses, addresses behind a proxy, and what crawlers read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from tests.web.running import Running, command

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    "path, program",
    [
        ("/", "application/json"),
        ("/query", "application/json"),
        ("/query/methods", "application/json"),
        ("/sparql", "text/turtle"),
        ("/sparql?query=ASK%20%7B%7D", "application/sparql-results+json"),
        ("/sparql?query=DESCRIBE%20stkg.method:graphst", "text/turtle"),
    ],
)
def test_browsers_get_pages_and_programs_data(server: Running, path: str, program: str) -> None:
    page = server.get(path, BROWSER)
    assert (page.status, page.type) == (200, "text/html")
    for accept in (None, "*/*", program, f"{program}, text/html;q=0.5"):
        assert server.get(path, accept).type == program, accept
    assert "Accept" in page.headers["vary"]
    assert "Accept" in server.get(path).headers["vary"]


def test_a_query_without_values_shows_its_example_and_json_does_not(server: Running) -> None:
    page = server.get("/query/methods", BROWSER).text
    assert 'class="mark exact">example<' in page
    every = server.get("/query/methods?task=", BROWSER).text
    assert 'class="mark exact">example<' not in every
    assert len(json.loads(server.get("/query/methods").body)) == every.partition("<tbody>")[2].count('<th scope="row">')


def test_faults_have_their_status_on_pages_too(server: Running) -> None:
    assert server.get("/query/methods?task=zzz", BROWSER).status == 422
    assert server.get("/query/zzz", BROWSER).status == 404
    assert server.get("/browse/zzz", BROWSER).status == 404
    assert server.get("/browse/method?page=99", BROWSER).status == 404
    assert server.get("/browse/method?page=x", BROWSER).status == 404
    assert server.get("/static/../app.py", BROWSER).status == 404
    assert server.get("/static/nothing", BROWSER).status == 404
    assert server.get("/cite/task/denoising.bib", BROWSER).status == 404
    assert server.get("/cite/paper/graphst-2023.exe").status == 406
    bad = server.get(f"/sparql?query={quote('SELECT * { ?s stgk:x ?o }')}", BROWSER)
    assert bad.status == 400
    assert "Did you mean stkg:?" in bad.text
    assert server.get(f"/sparql?query={quote('SELECT * { SERVICE <http://a> {} }')}", BROWSER).status == 403


def test_a_page_about_a_slow_query_gives_it_back(server: Running) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    reply = server.get(f"/sparql?query={quote(slow)}", BROWSER)
    assert reply.status == 504
    assert slow in reply.text


def test_what_is_missing_comes_with_suggestions(server: Running) -> None:
    reply = server.get("/method/graph-sst", BROWSER)
    assert reply.status == 404
    assert "/method/graphst.html" in reply.text
    assert reply.headers["cache-control"] == "no-store"


def test_long_answers_are_cut_aloud_on_the_page(server: Running) -> None:
    reply = server.get(f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}", BROWSER)
    assert reply.headers["stkg-truncated"] == "rows=500"
    assert "only the first 500 rows" in reply.text
    address = re.search(r'href="(/sparql\?[^"]*format=csv)"', reply.text)
    assert address is not None
    whole = server.get(address[1].replace("&amp;", "&"))
    assert whole.type == "text/csv"
    assert whole.text.count("\n") > 501
    # Other clients have names of their own for formats; Accept says what they take.
    assert server.get("/sparql?query=ASK%20%7B%7D&format=exe").type == "application/sparql-results+json"


@pytest.mark.parametrize(
    "style, kind, start",
    [
        ("bib", "application/x-bibtex", "@article{graphst-2023,"),
        ("ris", "application/x-research-info-systems", "TY  - JOUR"),
        ("json", "application/vnd.citationstyles.csl+json", "["),
    ],
)
def test_papers_and_methods_can_be_cited(server: Running, style: str, kind: str, start: str) -> None:
    for path in ("paper/graphst-2023", "method/graphst"):
        reply = server.get(f"/cite/{path}.{style}")
        assert (reply.status, reply.type) == (200, kind)
        assert reply.text.startswith(start)
        assert reply.headers["content-disposition"] == f'attachment; filename="{path.partition("/")[2]}.{style}"'


def test_the_sitemap_names_every_page_and_each_is_there(server: Running) -> None:
    places = [element.text or "" for element in ET.fromstring(server.get("/sitemap.xml").text).iter() if element.text]
    paths = [place.partition(f"127.0.0.1:{server.port}")[2] for place in places if place.startswith("http")]
    assert len(paths) == len(set(paths)) > 60
    for path in paths:
        assert server.get(path, BROWSER).status == 200, path
    assert f"Sitemap: http://127.0.0.1:{server.port}/sitemap.xml" in server.get("/robots.txt").text


def test_graphs_allow_their_own_scripts_alone(server: Running) -> None:
    for kind in ("lineage", "coauthors"):
        reply = server.get(f"/graph/{kind}")
        policy = reply.headers["content-security-policy"]
        assert reply.status == 200
        assert re.search(r"script-src ('sha256-[A-Za-z0-9+/=]+' ?){2};", policy)
        assert "frame-ancestors 'none'" in policy
        assert policy.count("unsafe") == 1
        assert "style-src-attr 'unsafe-inline'" in policy


def test_the_icon_is_there(server: Running) -> None:
    for path in ("/favicon.ico", "/static/icon.svg", "/static/spots.svg"):
        assert server.get(path).type == "image/svg+xml"


@pytest.fixture(scope="module")
def behind(toy_root: Path) -> Iterator[Running]:
    running = Running(command(toy_root, "--workers", "1", "--root-path", "/stkg"))
    yield running
    assert running.stop() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=graph",
        "/browse/method",
        "/query",
        "/query/methods",
        "/sparql?query=DESCRIBE%20stkg.method:graphst",
        "/ontology.html",
        "/graph",
        "/graph/lineage",
        "/method/stagate.html",
        "/author/kangning-dong.html",
        "/nothing",
    ],
)
def test_every_address_on_a_page_has_the_path_of_the_proxy(behind: Running, path: str) -> None:
    text = behind.get(path, BROWSER).text
    found = re.findall(r'(?:href|src|action)="(/[^"]*)', text)
    assert len(found) >= 2
    assert [address for address in found if not address.startswith("/stkg/")] == []
