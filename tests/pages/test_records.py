"""Pages of records: every fact with its source, related records, and no markup that is not ours."""

import html.parser
import json
import re
from typing import Any

import pytest

from kg import KnowledgeGraph, records
from kg.iris import BASE, RECORD_KINDS, TERMS
from kg.ontology import prefixes
from kg.pages.home import problem_page
from kg.pages.linked_data import json_ld
from kg.pages.record import kind_of, record_page
from kg.pages.render import Site
from kg.pages.terms import ontology_page, terms_of
from kg.resources import resource_root
from tests.pages.hostile import TEXTS

# Hosts that the toy catalog and our own templates link to.
HOSTS = ("w3id.org", "creativecommons.org", "github.com")


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class _Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _text(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2])))


def _blocks(page: str) -> list[dict[str, object]]:
    return [json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]


@pytest.mark.parametrize("evil", TEXTS)
def test_values_cannot_become_markup(toy_graph: KnowledgeGraph, evil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = records.Value(evil, evil, note=evil, sources=[{"reference": evil, "page": evil}])
    view = records.RecordView(f"{BASE}method/graphst", evil, {evil: [value]}, {evil: [(evil, evil)]}, value.sources)
    monkeypatch.setattr(records, "record_view", lambda *_: view)
    for page in (record_page(toy_graph, f"{BASE}method/graphst", Site()), problem_page(404, evil, evil, Site())):
        tags = _Tags()
        tags.feed(page)
        allowed = {"type": "application/ld+json"}
        assert all(attributes == allowed for tag, attributes in tags.found if tag == "script")
        assert not {tag for tag, _ in tags.found} & {"img", "iframe", "style", "base", "math", "textarea"}
        for _, attributes in tags.found:
            assert not [name for name in attributes if name.startswith("on") or name in {"style", "srcdoc"}]
            address = attributes.get("href") or "/"
            assert address.startswith(("/", "#", *(f"https://{host}/" for host in HOSTS))), address
        assert all(block["@context"] == "https://schema.org" for block in _blocks(page))


def test_a_method_shows_each_fact_with_its_source(toy_graph: KnowledgeGraph) -> None:
    page = record_page(toy_graph, f"{BASE}method/graphst", Site("/stkg"))
    view = records.record_view(toy_graph, f"{BASE}method/graphst")
    text = _text(page)
    for values in view.facts.values():
        for value in values:
            for source in value.sources:
                name, _, place = (source["reference"] or "").partition(":")
                assert name in text
                assert place in text
            if value.note:
                assert value.note in text
    assert '<a href="/stkg/source/museumst.html">museumst</a>' in page
    assert '<a href="/stkg/task/cell-type-deconvolution.html">Cell type deconvolution</a>' in page
    assert "https://github.com/JinmiaoChenLab/GraphST" in page
    assert "GraphST - 2022" in text, "what a list prints"


def test_a_rejected_value_is_marked_with_its_reason(toy_graph: KnowledgeGraph) -> None:
    page = record_page(toy_graph, f"{BASE}paper/graphst-2023", Site())
    assert re.search(r'<dd class="rejected">\s*<span class="value">2022</span>', page)
    assert "not chosen" in page
    assert "year of the preprint" in page
    assert re.search(r"A list\s+year\s+2022\s+2023", _text(page)), "what a list has wrong"


def test_authors_stand_in_the_order_of_the_paper(toy_graph: KnowledgeGraph) -> None:
    page = record_page(toy_graph, f"{BASE}paper/graphst-2023", Site())
    names = re.search(r'<ol class="names">(.*?)</ol>', page, re.DOTALL)
    assert names is not None
    assert re.findall(r">([^<>]+)</a>", names[1]) == ["Yahui Long", "Kok Siong Ang", "Jinmiao Chen"]
    assert "@article{graphst-2023," in page
    assert "/cite/paper/graphst-2023.ris" in page


def test_a_person_shows_papers_and_co_authors(toy_graph: KnowledgeGraph) -> None:
    page = record_page(toy_graph, f"{BASE}author/kangning-dong", Site())
    assert re.search(r'<svg class="drawing"[^>]*aria-label="Co-authors"', page)
    assert '<a href="/author/shihua-zhang.html" class="person">' in page
    years = [int(year) for year in re.findall(r'<td class="number">(\d{4})</td>', page)]
    assert years == sorted(years, reverse=True)
    assert len(years) == 2


def test_a_method_with_ancestors_has_a_drawing(toy_graph: KnowledgeGraph) -> None:
    edge = toy_graph.query("lineage-edges")[0]
    page = record_page(toy_graph, str(edge["child"]), Site())
    parent = str(edge["parent"])[len(BASE) :]
    assert f'<a href="/{parent}.html" class="box">' in page
    assert 'class="box here" aria-current="page"' in page
    assert "style=" not in page


def test_every_record_has_a_page_with_its_name_and_permalink(toy_graph: KnowledgeGraph) -> None:
    for kind in RECORD_KINDS:
        for slug, label in toy_graph.index(kind).labels.items():
            page = record_page(toy_graph, f"{BASE}{kind}/{slug}", Site())
            assert f'<link rel="canonical" href="{BASE}{kind}/{slug}">' in page
            heading = re.search(r"<h1[^>]*>(.*?)</h1>", page)
            assert heading is not None
            assert html.unescape(heading[1]) == label
            assert _blocks(page)[0]["@id"] == f"{BASE}{kind}/{slug}"


def test_json_ld_says_what_the_page_says(toy_graph: KnowledgeGraph) -> None:
    view = records.record_view(toy_graph, f"{BASE}paper/graphst-2023")
    found = json_ld(view, view.label)
    assert found is not None
    assert found["@type"] == "ScholarlyArticle"
    assert found["datePublished"] == "2023", "a rejected value is not said"
    assert {person["name"] for person in found["author"]} == {"Yahui Long", "Kok Siong Ang", "Jinmiao Chen"}
    assert json_ld(records.RecordView(f"{BASE}claim/0", "x", {}, {}, []), "x") is None


@pytest.mark.parametrize(
    "path, name",
    [("listing/sindilab/entry/1", "List entry"), ("evidence/00", "Evidence"), ("graph/method/x", "Named graph")],
)
def test_parts_of_records_are_named(path: str, name: str) -> None:
    assert kind_of(BASE + path) == (name, "")


def test_things_without_a_name_are_named_after_what_they_say(toy_graph: KnowledgeGraph) -> None:
    def heading(path: str) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", record_page(toy_graph, BASE + path, Site()))
        assert found is not None
        return html.unescape(found[1])

    assert heading("listing/sindilab/entry/1") == "line 3 of A list"
    assert heading("listing/sindilab/correction/1-1") == "Correction of line 3 of A list"
    assert heading("listing/sindilab") == "A list"
    assert heading("paper/graphst-2023/authorship/1") == "Yahui Long"
    assert "GraphST - 2022" in record_page(toy_graph, f"{BASE}listing/sindilab", Site())


def test_evidence_shows_the_facts_that_rest_on_it(toy_graph: KnowledgeGraph) -> None:
    rows: Any = toy_graph.store.select(
        f"SELECT ?e {{ ?c <{TERMS}evidence> ?e ; <{RDF}predicate> <{TERMS}usesFramework> }} ORDER BY ?e LIMIT 1"
    ).rows
    page = record_page(toy_graph, next(iter(rows))[0].value, Site())
    assert "Facts that rest on it" in page
    assert "built with framework" in _text(page)


def test_every_term_of_the_ontology_has_an_anchor(toy_graph: KnowledgeGraph) -> None:
    page = ontology_page(terms_of(toy_graph), prefixes(resource_root("ontology")), Site())
    anchors = set(re.findall(r'id="([^"]+)"', page))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in anchors, target
    assert {"Method", "usesFramework", "year", "pendingPublication"} <= anchors
    method = page.partition('id="Method"')[2].partition("</article>")[0]
    assert '<a href="#Record">Record</a>' in method
    assert "close to" in page
    assert ">foaf:Person</a>" in page
