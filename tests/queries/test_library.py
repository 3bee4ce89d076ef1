"""Rules for stored queries: what is accepted, and each way to break a rule."""

from itertools import product
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from kg.errors import QueryDefinitionError
from kg.queries.definition import StoredQuery, from_json, to_json
from kg.queries.library import compile_query, load_library
from kg.resources import resource_root

GOOD = """\
#+ summary: Methods of a task.
#+ tags: [methods]
#+ parameters:
#+   task: {type: task, required: true, description: the task}
#+   since: {type: integer, minimum: 1990, maximum: 2100, description: first year}
#+   order: {type: choice, choices: [name, year], default: name, description: how to sort}
#+ columns:
#+   method: {type: iri, description: the method}
#+   names: {type: string, many: true, description: its names}
#+ sample: {task: deconvolution}
PREFIX stkg: <https://w3id.org/stkg/ontology#>
SELECT ?method (GROUP_CONCAT(DISTINCT ?name; SEPARATOR="\\t") AS ?names) WHERE {
  ?method stkg:addressesTask ?_task_iri ; stkg:name ?name ; stkg:year ?year . # not ?_task_iri here
  FILTER("?_task_iri" != ?name)
  # if since
  FILTER(?year >= ?__since_integer)
  # end
  # if order=year
  FILTER(BOUND(?year))
  # end
}
GROUP BY ?method
ORDER BY ?method
"""
TERMS = {"task": "<https://example.org/t>", "since": "2022", "order": '"name"'}


def library() -> dict[str, StoredQuery]:
    return load_library(resource_root("queries"))


def test_a_good_file_is_compiled() -> None:
    query = compile_query(GOOD, "of-task", "x/of-task.rq")
    assert [p.name for p in query.parameters] == ["task", "since", "order"]
    assert [p.variable for p in query.parameters] == ["_task_iri", "__since_integer", "_order_literal"]
    assert query.least_rows == 1
    assert query.columns[1].many


def test_values_stand_only_in_place_of_variables() -> None:
    query = compile_query(GOOD, "of-task", "x.rq")
    text = query.assemble(TERMS, {"task": "t", "order": "name"})
    assert text.count("<https://example.org/t>") == 1
    assert '"?_task_iri"' in text  # inside a string it is text
    assert "# not ?_task_iri here" in text  # and in a comment
    assert "2022" not in text
    assert "BOUND" not in text


def test_conditional_parts_come_with_their_parameter() -> None:
    query = compile_query(GOOD, "of-task", "x.rq")
    text = query.assemble(TERMS, {"task": "t", "since": "2022", "order": "year"})
    assert "FILTER(?year >= 2022)" in text
    assert "BOUND(?year)" in text


def test_a_definition_survives_json() -> None:
    query = compile_query(GOOD, "of-task", "x.rq")
    assert from_json(to_json(query)) == query


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ORDER BY ?method\n", "", "no ORDER BY"),
        ("#+ summary: Methods of a task.", "#+ summary: [", "not YAML"),
        ("#+ tags: [methods]\n", "", "Field required"),
        ("#+ tags: [methods]", "#+ tags: [methods]\n#+ tgas: [x]", "Extra inputs"),
        ("?_task_iri ;", "?task ;", "never used"),
        ("type: task,", "type: tusk,", "unknown type"),
        ("  # end\n}", "}", "pair up"),
        ("# if since", "# if sinec", "names no parameter"),
        (
            "  # if since\n  FILTER(?year >= ?__since_integer)\n  # end",
            "  FILTER(?year >= ?__since_integer)",
            "outside",
        ),
        ("#+   names: {type: string, many: true, description: its names}\n", "", "SELECT gives"),
        ("?year >= ?__since_integer", "?year >= ?__since_integer + ?_other_iri", "not a declared parameter"),
        ("sample: {task: deconvolution}", "sample: {tsak: deconvolution}", "is not a parameter"),
        ("type: choice, choices: [name, year]", "type: choice", "belong together"),
        ("minimum: 1990,", "not_before: task,", "is compared with 'task'"),
        ("minimum: 1990,", "not_before: sicne,", "is compared with 'sicne'"),
    ],
)
def test_a_broken_rule_is_named(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(QueryDefinitionError) as caught:
        compile_query(GOOD.replace(old, new), "of-task", "x.rq")
    assert any(said in problem.message for problem in caught.value.problems), caught.value.problems


def test_names_and_value_lists_are_checked_across_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "one.rq").write_text(GOOD)
    (tmp_path / "b" / "one.rq").write_text(GOOD.replace("description: the task", "values: none, description: the task"))
    with pytest.raises(QueryDefinitionError) as caught:
        load_library(tmp_path)
    said = " ".join(problem.message for problem in caught.value.problems)
    assert "has the name of" in said
    assert "'none'" in said


@pytest.mark.parametrize("query", library().values(), ids=lambda q: q.name)
def test_every_combination_of_optional_parts_is_sparql(query: StoredQuery) -> None:
    """The file as it stands and each subset of its optional parameters parse on both engines."""
    terms = {
        p.name: {"integer": "5", "choice": '"x"', "string": '"x"'}.get(p.type, "<urn:x>") for p in query.parameters
    }
    needed = {p.name: p.default or "x" for p in query.parameters if p.required or p.default is not None}
    optional = [p.name for p in query.parameters if p.name not in needed]
    store = ox.Store()
    store.query(query.text)
    choices = [[(p.name, c) for c in p.choices] for p in query.parameters if p.choices and p.name in needed] or [[]]
    for kept in product([False, True], repeat=min(len(optional), 4)):
        chosen = needed | {name: "x" for name, keep in zip(optional, kept, strict=False) if keep}
        for alternatives in product(*choices) if choices != [[]] else [()]:
            store.query(query.assemble(terms, chosen | dict(alternatives)))
    prepareQuery(query.assemble(terms, needed))
    prepareQuery(query.assemble(terms, needed | dict.fromkeys(optional, "x")))


def test_the_names_and_columns_that_others_rely_on() -> None:
    """Scripts depend on these; a change breaks them."""
    fixed = {
        "methods": (
            ["task", "framework", "language", "dataset", "technology", "licence", "since", "until"],
            ["method", "label", "year", "tasks", "frameworks", "languages", "repository", "paper"],
        ),
        "coauthors": (["author", "min_papers"], ["author_a", "author_b", "papers"]),
        "lineage": (["method", "direction"], ["method", "label", "relation", "depth", "evidence"]),
        "listings": (["source", "status"], ["source", "position", "listed", "method", "paper", "status"]),
        "corrections": (
            ["source"],
            ["source", "position", "record", "field", "listed", "corrected", "evidence"],
        ),
        "trends": (["task", "framework"], ["year", "methods"]),
    }
    found = library()
    assert len(found) >= 25
    for name, (parameters, columns) in fixed.items():
        assert [p.name for p in found[name].parameters] == parameters
        assert [c.name for c in found[name].columns] == columns


def test_queries_avoid_what_other_engines_get_wrong() -> None:
    """Portability: no integer division, no LIMIT inside, aggregates never over what may be unbound."""
    for query in library().values():
        assert "SERVICE" not in query.text.upper()
        assert "LIMIT" not in query.text.upper()
        assert "GROUP_CONCAT(DISTINCT ?" not in query.text, (
            f"{query.name}: unbound values poison the list; use COALESCE"
        )
