"""Stored queries over HTTP give what they give elsewhere, and say which field is wrong."""

import csv
import io
import json
from urllib.parse import urlencode

import pytest

from kg import KnowledgeGraph
from kg.queries.library import load_library
from kg.resources import resource_root
from kg.web.stored import RESERVED
from tests.web.running import Running

QUERIES = load_library(resource_root("queries"))


def test_no_query_has_a_parameter_that_http_needs() -> None:
    for query in QUERIES.values():
        assert not {parameter.name for parameter in query.parameters} & set(RESERVED)


@pytest.mark.parametrize("name", list(QUERIES))
def test_the_rows_are_those_of_the_graph(server: Running, toy_graph: KnowledgeGraph, name: str) -> None:
    needed = {p.name: QUERIES[name].sample[p.name] for p in QUERIES[name].parameters if p.required}
    reply = server.get(f"/query/{name}?{urlencode(needed)}")
    if reply.status == 422:  # the toy catalog does not have the sample's record
        assert json.loads(reply.body)["errors"][0]["field"] in needed
        return
    expected = toy_graph.query(name, **needed)
    assert json.loads(reply.body) == list(expected)
    assert reply.headers["stkg-total-rows"] == str(len(expected))


@pytest.mark.parametrize(
    "suffix, kind",
    [
        ("json", "application/json"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("md", "text/markdown"),
        ("bib", "application/x-bibtex"),
    ],
)
def test_formats_by_suffix_and_by_header(server: Running, suffix: str, kind: str) -> None:
    by_suffix, by_header = server.get(f"/query/papers.{suffix}"), server.get("/query/papers", kind)
    assert by_suffix.type == by_header.type == kind
    assert by_suffix.body == by_header.body
    assert by_suffix.body


def test_csv_has_all_rows(server: Running) -> None:
    rows = list(csv.reader(io.StringIO(server.get("/query/methods.csv").text)))
    assert len(rows) == 1 + len(json.loads(server.get("/query/methods").body))


@pytest.mark.parametrize(
    "path, status, field",
    [
        ("/query/methods?task=nonsense", 422, "task"),
        ("/query/methods?since=soon", 422, "since"),
        ("/query/methods?since=99999", 422, "since"),
        ("/query/methods?tusk=denoising", 422, "tusk"),
        ("/query/methods?task=", 422, "task"),
        ("/query/methods?task=a&task=b", 422, "task"),
        ("/query/methods?limit=0", 422, "limit"),
        ("/query/methods?limit=x", 422, "limit"),
        ("/query/methods?offset=-1", 422, "offset"),
        ("/query/lineage", 422, "method"),
        ("/query/methods?task=%00", 422, "task"),
        ("/query/methods?task=%FF", 400, None),
        ("/query/nothing", 404, None),
        ("/query/methods.exe", 404, None),
        ("/query/tasks.bib", 406, None),
    ],
)
def test_errors_name_the_field(server: Running, path: str, status: int, field: str | None) -> None:
    reply = server.get(path)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    problem = json.loads(reply.body)
    assert (problem["errors"][0]["field"] if field else problem.get("errors")) == field
    assert "--" not in problem["detail"]


def test_pages_are_linked_and_complete(server: Running) -> None:
    whole = json.loads(server.get("/query/papers").body)
    path, rows = "/query/papers?limit=2", []
    links: dict[str, str] = {}
    while path:
        reply = server.get(path)
        rows += json.loads(reply.body)
        links = {
            part.partition("; ")[2]: part.partition(">")[0].strip(" <")
            for part in reply.headers.get("link", "").split(", ")
        }
        path = links.get('rel="next"', "")
    assert rows == whole
    assert 'rel="prev"' in links


def test_a_hostile_value_is_only_a_value(server: Running) -> None:
    for value in ('" } INSERT', "x> } #", "\\u0022", "' OR 1=1 --", "?s ?p ?o"):
        assert server.get(f"/query/methods?{urlencode({'task': value})}").status == 422
