"""Whatever stands in a source, reading it ends soon, raises nothing unexpected, and accounts for every row."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import ImportSourceError
from kg.importing import make_plan, read_source
from kg.model import Catalog
from tests.importing import fuzz_parsers, mutation


@pytest.mark.parametrize("kind", mutation.ALL_KINDS)
def test_spoilt_sources(kind: str, toy_catalog: Catalog) -> None:
    """The first 300 of the 10,000 that ``fuzz_parsers.py`` runs."""
    fuzz_parsers.run(kind, 1, toy_catalog)
    accepted, _, wrong = fuzz_parsers.run(kind, 300, toy_catalog)
    assert wrong == []
    assert 60 < accepted < 300


def test_the_watch_sees_what_reading_must_not_do() -> None:
    with fuzz_parsers.watched(), pytest.raises(AssertionError, match="opened for writing"):
        open("nothing-here", "w")  # noqa: PTH123, SIM115


def test_the_same_number_is_the_same_source() -> None:
    for kind in mutation.SEEDS:
        if kind != "xlsx":  # a workbook holds the time at which it was made
            assert mutation.spoiled(kind, 7) == mutation.spoiled(kind, 7)
            assert mutation.spoiled(kind, 7) != mutation.spoiled(kind, 8)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes(content: bytes) -> None:
    with contextlib.suppress(ImportSourceError):
        read_source(content)


@pytest.mark.parametrize(
    "kind, content",
    [
        ("markdown", "[" * 30_000),
        ("markdown", "**a" * 20_000),
        ("markdown", "- " * 20_000),
        ("markdown", "| a " * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + "| b " * 5_000 + "|\n"),
        ("markdown", "<a href=" * 20_000),
        ("markdown", "<table>" + "<tr><td>" * 5_000),
        ("markdown", "- " + "A. B, " * 20_000),
        ("markdown", "- " + "word- word " * 20_000),
        ("markdown", "- " + "(a " * 20_000 + "2020)"),
        ("markdown", "- [^1]\n" * 20_000 + "[^1]: " + "x" * 2_000),
        ("markdown", "http://a," * 20_000),
        ("markdown", ": a\n" * 20_000),
        ("markdown", ".. list-table::\n   * - a\n" * 5_000),
        ("markdown", "A review of " * 10_000),
        ("markdown", "[[http://a][b" * 10_000),
        ("markdown", "`a <b " * 20_000),
        ("readme", "# " + "![" * 20_000),
        ("readme", "## Install\n" + "a==1 " * 20_000),
        ("readme", "@a{" * 5_000),
        ("csl-json", "[" * 100_000),
        ("jsonl", '{"a":' * 50_000),
        ("cff", "cff-version: 1\na: " + "[" * 5_000),
        ("cff", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: *c\ncff-version: 1\n"),
        ("bibtex", "@article{a, title = " + "{" * 20_000),
        ("bibtex", "@article{a, author = {" + "A and " * 5_000 + "B}}"),
        ("ris", "TY  - JOUR\n" * 5_000),
        ("csv", "a,b\n" + '"' * 100_000),
        ("csv", "title\n" + "1" * 300_000 + "\n"),
        ("csv", "name,title\n" + "same,A title of some words that is the same\n" * 5_000),
    ],
)
def test_nothing_hangs(kind: str, content: str, toy_catalog: Catalog) -> None:
    started = time.process_time()
    with contextlib.suppress(ImportSourceError):
        make_plan(read_source(content.encode(), kind=kind), toy_catalog)
    assert time.process_time() - started < 5
