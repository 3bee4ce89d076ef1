"""Whatever stands in a source, reading it ends soon, raises nothing unexpected, and accounts for every row."""

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import ImportSourceError
from kg.importing import KINDS, make_plan, read_source
from kg.importing.report import plan_json, plan_text
from kg.model import Catalog

FIXTURES = Path(__file__).with_name("fixtures")
SEEDS = {
    "markdown": b"\n\n".join(path.read_bytes() for path in sorted(FIXTURES.glob("*.md"))),
    "csv": b'name,title,doi\nGraphST,"A ""title""",10.1000/x\n\n,,\na,b,c,d\n',
    "tsv": b"name\ttitle\nGraphST\tA title\n",
    "bibtex": b'@string{n = "x"}\n@article{a, title = {A {B} \\"o $x$}, author = {A B and C, D}, year = 2020}\n',
    "ris": b"TY  - JOUR\nTI  - A title\nAU  - A, B\nPY  - 2020/01/02\nDO  - 10.1/x\nER  - \n",
    "csl-json": b'[{"title": "A", "author": [{"given": "B", "family": "C"}], "issued": {"date-parts": [[2020]]}}]',
    "cff": b"cff-version: 1.2.0\ntitle: A\nauthors:\n  - family-names: B\ndate-released: 2020-01-01\ndoi: 10.1/x\n",
    "codemeta": b'{"@context": "codemeta", "name": "A", "codeRepository": "https://github.com/a/b", "author": [1]}',
    "jsonl": b'{"name": "A", "paper": {"title": "B", "authors": ["C D", {"name": "E"}]}, "year": 2020}\n[]\n',
}
PIECES = [
    *(b"|", b"||", b"\\", b"{", b"}", b"[", b"](", b")", b"<a href=", b"<td>", b"</table>", b"<!--", b"```", b"**"),
    *(b'"', b"'", b"\n", b"\r", b"\t", b"- ", b"#", b"&#27;", b"\x1b[31m", b"\xc3\xa9", "Ã©".encode(), b"\\ud800"),
    *(b"@article{", b"ER  - ", b"TY  - ", b"*a", b"&a ", b"!!python/object:x ", b"\xe2\x80\xae", b"10.1101/", b"%1b"),
    *(b"https://github.com/", b"null", b"1e999", b"-", b"et al.", b"\xff", b"\0", b"$", b"2020-99-99", b"NaN"),
]
CHANGE = st.tuples(st.integers(0, 4000), st.integers(0, 12), st.sampled_from(PIECES), st.integers(1, 40))


def mutate(content: bytes, changes: list[tuple[int, int, bytes, int]]) -> bytes:
    for place, cut, piece, times in changes:
        at = place % (len(content) + 1)
        content = content[:at] + piece * times + content[at + cut :]
    return content


@pytest.mark.parametrize("kind", KINDS)
def test_mutated_sources(kind: str, toy_catalog: Catalog) -> None:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(CHANGE, min_size=1, max_size=8))
    def check(changes: list[tuple[int, int, bytes, int]]) -> None:
        content = mutate(SEEDS[kind], changes)
        started = time.process_time()
        with contextlib.suppress(ImportSourceError):
            plan = make_plan(read_source(content, kind=kind), toy_catalog)
            assert plan.rows_read == len(plan.new) + len(plan.known) + len(plan.not_understood)
            text = plan_text(plan) + plan_json(plan)
            text.encode("utf-8")
            assert "\x1b" not in text
            assert "\u202e" not in text
        assert time.process_time() - started < 5

    check()


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
        ("csl-json", "[" * 100_000),
        ("jsonl", '{"a":' * 50_000),
        ("cff", "cff-version: 1\na: " + "[" * 5_000),
        ("cff", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: *c\ncff-version: 1\n"),
        ("bibtex", "@article{a, title = " + "{" * 20_000),
        ("bibtex", "@article{a, author = {" + "A and " * 5_000 + "B}}"),
        ("ris", "TY  - JOUR\n" * 5_000),
        ("csv", "a,b\n" + '"' * 100_000),
        ("csv", "title\n" + "1" * 300_000 + "\n"),
    ],
)
def test_nothing_hangs(kind: str, content: str, toy_catalog: Catalog) -> None:
    started = time.process_time()
    with contextlib.suppress(ImportSourceError):
        make_plan(read_source(content.encode(), kind=kind), toy_catalog)
    assert time.process_time() - started < 5
