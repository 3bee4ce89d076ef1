"""Drawings, cells, search, forms and faults of queries."""

import re
from itertools import pairwise

import pytest

from kg import KnowledgeGraph
from kg.errors import QueryParameterError, QuerySyntaxError
from kg.iris import BASE
from kg.ontology import prefixes
from kg.pages.cells import answer_table
from kg.pages.figures import Step, bar_figure, lineage_figure, people_figure
from kg.pages.home import EXAMPLES as QUESTIONS
from kg.pages.home import browse_page, home_page
from kg.pages.links import Links
from kg.pages.questions import Asked, command_line, python_call, question_page
from kg.pages.render import Site
from kg.pages.search import find, search_page
from kg.pages.sparql import EXAMPLES, Outcome, fault_of, sparql_page
from kg.resources import resource_root

PREFIXES = prefixes(resource_root("ontology"))


def _asked(graph: KnowledgeGraph, name: str, **values: str) -> Asked:
    return Asked(graph.stored_query(name), values)


def test_lineage_stands_in_columns_by_steps() -> None:
    steps = [Step("b", "a", "extends"), Step("c", "b", "reimplements"), Step("d", "c", "extends"), Step("z", "y", "x")]
    figure = lineage_figure("b", steps, {"a": "A" * 60}, {"a": 2019})
    assert figure is not None
    across = {box.node: box.x for box in figure.boxes}
    assert across["a"] < across["b"] < across["c"] < across["d"]
    assert "z" not in across
    assert [name for name, _ in figure.relations] == ["extends", "reimplements"]
    assert next(box for box in figure.boxes if box.here).node == "b"
    assert max(len(box.label) for box in figure.boxes) <= 21
    assert lineage_figure("q", steps, {}, {}) is None


def test_what_a_drawing_leaves_out_is_counted() -> None:
    steps = [Step(f"m{n}", "a", "extends") for n in range(14)]
    figure = lineage_figure("a", steps, {}, {})
    assert figure is not None
    assert figure.left_out == 4
    assert len(figure.boxes) == 11
    people = people_figure("me", {"p": ["me", *(f"x{n}" for n in range(30))]}, {})
    assert people is not None
    assert people.left_out == 8
    assert people_figure("me", {"p": ["me"]}, {}) is None


def test_names_of_co_authors_do_not_overlap() -> None:
    papers = {f"p{n}": ["me", *(f"x{n}-{k}" for k in range(n + 1))] for n in range(6)}
    figure = people_figure("me", papers, {})
    assert figure is not None
    for side in ("start", "end"):
        heights = sorted(person.y for person in figure.people if person.side == side)
        assert all(b - a >= 30 for a, b in pairwise(heights))
        assert heights[0] > 10
        assert heights[-1] < figure.height


def test_bars_have_no_gap_and_count_what_is_older() -> None:
    figure = bar_figure([1990, 2020, 2022, 2022])
    assert figure is not None
    assert [bar.year for bar in figure.bars] == list(range(2008, 2023))
    assert [bar.amount for bar in figure.bars][-3:] == [1, 0, 2]
    assert figure.earlier == 1
    assert bar_figure([2020, 2020]) is None


def test_cells_show_labels_and_lead_to_pages(toy_graph: KnowledgeGraph) -> None:
    answer = toy_graph.query("methods", task="cell-type-deconvolution")
    table = answer_table(toy_graph, Links("/r"), answer[:1], answer.query.columns)
    cells = {head.name: cell for head, cell in zip(table.heads, table.rows[0], strict=True)}
    assert "label" not in cells
    assert cells["method"].entries[0].href == f"/r/method/{str(answer[0]['method'])[len(BASE) + 7 :]}.html"
    assert cells["tasks"].entries[0].href == "/r/task/cell-type-deconvolution.html"
    assert next(head for head in table.heads if head.name == "year").numeric


@pytest.mark.parametrize(
    "text, first",
    [
        ("GraphST", "GraphST"),
        ("grafst", None),
        ("stgraph", "GraphST"),
        ("SPATIAL CLUSTERING", "Spatial domain identification"),
        ("10.1038/s41467-023-36796-3", "Spatially informed clustering"),
        ("dong kangning", "Kangning Dong"),
    ],
)
def test_search_finds_labels_synonyms_and_identifiers(toy_graph: KnowledgeGraph, text: str, first: str | None) -> None:
    found = find(toy_graph, Links(), text)
    if first is None:
        assert "GraphST" in [entry.text for entry in found.suggestions]
    else:
        assert found.groups[0].hits[0].entry.text.startswith(first)


def test_an_exact_name_comes_first_and_says_so(toy_graph: KnowledgeGraph) -> None:
    found = find(toy_graph, Links(), "decomposition")
    assert found.groups[0].hits[0].exact
    assert found.groups[0].hits[0].other == "decomposition"
    page = search_page(toy_graph, "grafst", Site())
    assert "Did you mean" in page
    assert "/method/graphst.html" in page


@pytest.mark.parametrize("text", ["", "   ", "<>", "\x00", "a" * 5000, "🧬"])
def test_search_bears_any_text(toy_graph: KnowledgeGraph, text: str) -> None:
    assert "</html>" in search_page(toy_graph, text, Site())


def test_a_question_comes_with_its_example_and_choices(toy_graph: KnowledgeGraph) -> None:
    query = toy_graph.stored_query("methods")
    page = question_page(toy_graph, Asked(query, query.sample, is_sample=True), Site("/r"))
    assert page.status == 200
    assert '<option value="cell-type-deconvolution" selected>Cell type deconvolution</option>' in page.text
    assert '<option value="pytorch" selected>PyTorch</option>' in page.text
    assert re.search(r'name="since" type="number" value="2022".*?min="1950" max="2100"', page.text)
    assert "/r/query/methods.csv?task=deconvolution&amp;framework=PyTorch&amp;since=2022" in page.text
    assert "stkg query methods --task deconvolution --framework PyTorch --since 2022" in page.text
    assert "since=2022)" in page.text


def test_every_question_opens_with_an_answer_on_the_catalog(real_graph: KnowledgeGraph) -> None:
    for query in real_graph.queries.values():
        page = question_page(real_graph, Asked(query, query.sample, is_sample=True), Site())
        assert page.status == 200
        assert ("<tbody>" in page.text.partition("What the columns mean")[0]) or not query.least_rows, query.name
        assert "Fill in what is required" not in page.text, query.name


def test_wrong_values_are_told_all_at_once_at_their_fields(toy_graph: KnowledgeGraph) -> None:
    page = question_page(toy_graph, _asked(toy_graph, "methods", task="clustring", since="soon", tusk="x"), Site())
    assert page.status == 422
    assert "did you mean Spatial domain identification" in page.text or "There is no task" in page.text
    assert page.text.count('aria-invalid="true"') == 2
    assert "no parameter" in page.text
    assert "--" not in re.sub(r"<!--.*?-->", "", page.text.partition("<main")[2])


def test_a_missing_value_is_asked_for(toy_graph: KnowledgeGraph) -> None:
    page = question_page(toy_graph, _asked(toy_graph, "lineage", direction="descendants"), Site())
    assert page.status == 422
    assert 'id="p-method"' in page.text
    assert re.search(r'id="e-method"[^>]*>Lineage needs method', page.text)


def test_pages_of_an_answer_keep_the_values(toy_graph: KnowledgeGraph) -> None:
    query = toy_graph.stored_query("methods")
    page = question_page(toy_graph, Asked(query, {"since": "2000"}, offset=1, limit=1), Site()).text
    assert "/query/methods?since=2000&amp;limit=1&amp;offset=0" in page
    assert "/query/methods?since=2000&amp;limit=1&amp;offset=2" in page


def test_the_same_elsewhere_is_quoted(toy_graph: KnowledgeGraph) -> None:
    asked = _asked(toy_graph, "search", text='a\'; rm -rf "$HOME" `x`')
    assert command_line(asked) == """stkg query search --text 'a'"'"'; rm -rf "$HOME" `x`'"""
    assert python_call(asked).endswith(r'query("search", text="a' + r"'; rm -rf \"$HOME\" `x`" + '")')


@pytest.mark.parametrize("title", list(EXAMPLES))
def test_every_sparql_example_has_an_answer(real_graph: KnowledgeGraph, title: str) -> None:
    assert next(iter(real_graph.sparql(EXAMPLES[title])), None) is not None


@pytest.mark.parametrize("text, name, values", QUESTIONS)
def test_every_example_of_the_home_page_has_rows(
    real_graph: KnowledgeGraph, text: str, name: str, values: dict[str, str]
) -> None:
    assert len(real_graph.query(name, **values)) >= 1
    assert real_graph.stored_query(name).summary != text


@pytest.mark.parametrize(
    "query, line, words",
    [
        ("SELECT * {\n ?s stgk:year ?o }", 2, "The prefix stgk: is not known. Did you mean stkg:?"),
        ("SELECT * { ?s zz:year ?o }", 1, "Declare it with PREFIX"),
        ("SELEC ?x {}", 1, "expects CONSTRUCT"),
        ("SELECT * {\n ?s ?p \n", 3, "expects one of"),
        ("SELECT (COUNT(?s) AS ?n) ?o { ?s ?p ?o }", 1, "neither in GROUP BY"),
    ],
)
def test_a_fault_is_told_in_words_at_its_line(toy_graph: KnowledgeGraph, query: str, line: int, words: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        toy_graph.store.query(query, prefixes=PREFIXES)  # type: ignore[attr-defined]
    fault = fault_of(caught.value.summary, query, PREFIXES)
    assert fault.line == line
    assert words in fault.text
    assert "u{" not in fault.text
    page = sparql_page(toy_graph, query, Outcome(fault=fault, status=400), PREFIXES, Site())
    assert f"Line {line}, column {fault.column}." in page


def test_a_fault_without_a_place_is_told_too() -> None:
    assert fault_of("SERVICE is not allowed", "x", {}).line is None


def test_lists_of_records_have_pages(real_graph: KnowledgeGraph) -> None:
    labels = real_graph.index("author").labels
    seen: set[str] = set()
    number = 1
    while (page := browse_page(real_graph, "author", number, Site())) is not None:
        seen |= set(re.findall(r'href="/author/([^"]+)\.html"', page))
        number += 1
    assert seen == set(labels)
    assert browse_page(real_graph, "author", 0, Site()) is None


def test_home_counts_what_is_there(toy_graph: KnowledgeGraph) -> None:
    page = home_page(toy_graph, Site("/r", "0123456789abcdef"))
    assert f'<a href="/r/browse/method"><b>{len(toy_graph.index("method").labels)}</b> methods</a>' in page
    assert "0123456789ab" in page
    assert toy_graph.built_on in page
    assert "/r/query/lineage?method=GraphST&amp;direction=descendants" in page


def test_an_example_that_the_catalog_cannot_answer_is_not_shown(toy_graph: KnowledgeGraph) -> None:
    with pytest.raises(QueryParameterError):
        toy_graph.query("evidence", method="cell2location")
    assert "cell2location?" not in home_page(toy_graph, Site())
