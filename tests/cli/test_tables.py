"""Rows as text."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import KnowledgeGraph
from kg.queries.definition import Column
from kg.tables import html_table, markdown_table, separated, text_table

ROWS: list[dict[str, Any]] = [{"name": "a", "n": 1, "many": ["x", "y"]}, {"name": None, "n": None, "many": []}]
COLUMNS = ["name", "n", "many"]


def test_columns_are_aligned() -> None:
    assert text_table(ROWS, COLUMNS, width=80) == "name  n  many\n────  ─  ────\na     1  x; y\n\n"


@given(st.lists(st.text(max_size=80), min_size=1, max_size=6), st.integers(40, 120))
def test_lines_fit_the_terminal(cells: list[str], width: int) -> None:
    columns = [f"c{i}" for i in range(len(cells))]
    text = text_table([dict(zip(columns, cells, strict=True))], columns, width=width)
    assert all(len(line) <= max(width, 8 * len(cells)) for line in text.splitlines())
    assert all(c.isprintable() for line in text.split("\n") for c in line)


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n\0"), max_size=20), min_size=2, max_size=2))
def test_csv_comes_back(cells: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(separated([{"a": cells[0], "b": cells[1]}], ["a", "b"]))))
    for wanted, found in zip(cells, rows[1], strict=True):
        assert found in {wanted, "'" + wanted}


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=HYPERLINK(1)"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert separated([{"a": cell}], ["a"]).splitlines()[1].lstrip('"')[0] == "'"


def test_numbers_are_left_alone() -> None:
    assert separated([{"a": -3}], ["a"]) == "a\n-3\n"


HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(1)) | `a` *b* </td><script>1</script>"


def test_markdown_text_stays_text() -> None:
    line = markdown_table([{"a": HOSTILE}], ["a"]).splitlines()[2]
    assert "<" not in line
    assert "](" not in line.replace(r"\](", "")
    assert line.count("|") - line.count(r"\|") == 2


def test_html_text_stays_text() -> None:
    html = html_table([{"a": HOSTILE, "b": "javascript:alert(1)"}], [Column("a", "string", ""), Column("b", "iri", "")])
    assert "<img" not in html
    assert "<script" not in html
    assert "href" not in html


def test_an_answer_shows_itself_in_notebooks(toy_graph: KnowledgeGraph) -> None:
    answer = toy_graph.query("methods")
    assert '<th scope="col">label</th>' in answer._repr_html_()
    frame = answer.to_pandas()
    assert list(frame["label"]) == [row["label"] for row in answer]
    assert list(frame.columns) == answer.columns
