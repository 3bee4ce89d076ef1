"""Rank, place, choice and form of advice."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from kg.catalog import load_catalog
from kg.doctor import FINDINGS, examine, reading_day, upstream_note
from kg.doctor.advice import GROUPS
from kg.doctor.examine import EXAMINATIONS, located
from kg.doctor.report import advice_json, advice_markdown, advice_text
from kg.errors import QueryParameterError, UnknownRecordError
from kg.model import Benchmark, Catalog, Listing, Source
from tests.doctor.making import HERE, TODAY, advice, catalog, method, paper


def test_what_is_used_more_comes_first() -> None:
    used = method("used", licenses=None)
    fans = [
        record
        for n in range(4)
        for record in (method(f"fan{n}", comparisons=[{"method": "used", "sources": HERE}]), paper(f"fan{n}"))
    ]
    bench = Benchmark.model_validate(
        {"id": "b", "label": "B", "task": "mapping", "methods": ["used", "alpha"], "sources": HERE}
    )
    found = advice(used, paper("used"), method("lone", licenses=None), paper("lone"), bench, *fans)
    assert [(each.code, each.key) for each in found] == [("no-licence", "used"), ("no-licence", "lone")]
    assert str(found[0].use) == "compared with by 4 methods, in 1 benchmark"
    assert str(found[1].use) == "nothing links to it"
    assert found[0].score > found[1].score == FINDINGS["no-licence"].weight


def test_weight_counts_between_records_that_are_used_alike() -> None:
    found = advice(method("x", licenses=None, datasets=None), paper("x"))
    assert [each.code for each in found] == ["no-licence", "no-dataset"]


def test_every_finding_says_what_and_how() -> None:
    for code, finding in FINDINGS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert finding.meaning.endswith(".")
        assert finding.cure
        assert not finding.cure.endswith(".")
        assert 1 <= finding.weight <= 5
    assert not set(GROUPS) & set(FINDINGS)


def test_only_takes_codes_and_groups() -> None:
    records = catalog(method("x", licenses=None, papers=None))
    assert {a.code for a in examine(records, only=["missing"], today=TODAY)} == {"no-licence", "no-paper"}
    assert {a.code for a in examine(records, only=["no-paper"], today=TODAY)} == {"no-paper"}
    with pytest.raises(QueryParameterError, match="did you mean no-paper"):
        examine(records, only=["no-papers"], today=TODAY)


def test_records_narrow_and_a_method_brings_its_papers() -> None:
    records = catalog(method("x", licenses=None), paper("x", doi=None), method("y", licenses=None), paper("y"))
    found = examine(records, records=[("method", "x")], today=TODAY)
    assert {(a.code, a.key) for a in found} == {("no-licence", "x"), ("no-doi", "x-paper")}


def test_ages_are_counted_to_the_day_of_reading() -> None:
    old = method("x", repository={"url": "https://github.com/a/spatialx", "last_commit": "2020-01-01", "sources": HERE})

    def source(day: str) -> Source:
        return Source.model_validate({"id": "s", "label": "S", "kind": "list", "retrieved_on": day})

    assert reading_day(catalog(source("2021-01-01"))) == date(2021, 1, 1)
    assert examine(catalog(old, paper("x"), source("2021-01-01"))) == []
    assert [a.code for a in examine(catalog(old, paper("x"), source("2025-01-01")))] == ["old-code"]


def test_the_same_catalog_gives_the_same_advice(real_catalog: Catalog) -> None:
    assert examine(real_catalog) == examine(real_catalog)


def test_real_advice_stands_at_its_field(real_catalog: Catalog, real_root: Path) -> None:
    found = located(examine(real_catalog, only=["weak", "suspicious", "age"]), real_catalog, real_root)
    assert len(found) > 100
    for each in found:
        line = (real_root / each.path).read_text(encoding="utf-8").splitlines()[each.line - 1]
        field = [step for step in each.steps if isinstance(step, str)][-1]
        wanted = {"tasks": "task", "datasets": "dataset", "frameworks": "framework", "languages": "language"}
        names = {field, wanted.get(field, field), "license", "method", "paper", "relation"}
        assert any(f"{name}:" in line for name in names), (each, line)


def test_people_that_may_be_one_are_named_with_the_evidence(real_catalog: Catalog, real_root: Path) -> None:
    found = located(examine(real_catalog, only=["same-person"]), real_catalog, real_root)
    assert found
    for each in found:
        assert each.path.startswith(("authors.yaml", "papers/"))
        assert each.command.startswith("stkg show author:")
        assert ": " in each.message


def test_commands_of_advice_exist(real_catalog: Catalog) -> None:
    """Each command is one of ours, and those that ask services name records and fields that can be asked about."""
    from kg.cli.app import COMMANDS
    from kg.cli.enrich import _parser
    from kg.enrich.plan import FIELDS

    commands = [each.command.split() for each in examine(real_catalog) if each.command]
    assert {words[1] for words in commands} <= set(COMMANDS)
    asking = [_parser("enrich").parse_args(words[2:]) for words in commands if words[1] == "enrich"]
    assert asking
    assert {arguments.missing for arguments in asking} <= set(FIELDS)
    for arguments in asking:
        kind, _, key = arguments.record[0].partition("/")
        assert key in real_catalog.of_kind(kind)


@pytest.mark.parametrize("width", [80, 100])
def test_text_fits_the_terminal(real_catalog: Catalog, real_root: Path, width: int) -> None:
    everything = examine(real_catalog)
    shown = located(everything[:40], real_catalog, real_root)
    text = advice_text(shown, everything, width=width, root="data")
    assert max(len(line) for line in text.splitlines()) <= width
    assert f"40 of {len(everything)} findings" in text
    for each in shown:
        assert f"data/{each.path}:{each.line}\n" in text


def test_hostile_texts_stay_texts(toy_root: Path) -> None:
    from dataclasses import replace

    real = load_catalog(toy_root)
    first = located(examine(real)[:1], real, toy_root)[0]
    evil = replace(first, message="\x1b[31m](https://evil.example) <script> @team `x` **b** \u202e")
    text = advice_text([evil], [evil], width=80, root="data")
    assert "\x1b" not in text
    assert "\u202e" not in text
    html = MarkdownIt("commonmark").render(advice_markdown([evil], [evil]))
    assert "<script>" not in html
    assert "<a " not in html
    assert "\x1b" not in html
    assert "\x1b" not in advice_json([evil], 1, TODAY)
    assert json.loads(advice_json([evil], 1, TODAY))["findings"][0]["message"] == evil.message


def test_no_advice_is_said() -> None:
    assert advice_text([], [], width=80, root="data") == "nothing to do\n"


def evil_list() -> Catalog:
    corrections = [
        {
            "kind": "wrong-year",
            "field": "year",
            "listed": "`2`` <b>",
            "corrected": "2022",
            "evidence": ["doi:10.1000/a(b)c"],
        },
        {
            "kind": "spelling",
            "field": "t",
            "listed": "a  b",
            "corrected": "a b",
            "evidence": ["my-list:line 3"],
            "note": "See https://evil.example and @team, [x](https://evil.example) | <img src=x>",
        },
        {"kind": "mojibake", "field": "t", "listed": "RÃ©", "corrected": "Ré", "evidence": HERE},
    ]
    entry = {"position": "line 3", "listed": "A", "status": "corrected", "method": "alpha", "corrections": corrections}
    source = {"id": "my-list", "label": "My <b>list</b>", "kind": "list", "repository": "a/list", "commit": "abcdef1"}
    return catalog(Source.model_validate(source), Listing.model_validate({"source": "my-list", "entries": [entry]}))


def test_note_for_a_list() -> None:
    note = upstream_note(evil_list(), "my-list")
    html = MarkdownIt("commonmark").render(note)
    assert "gave 2 corrections" in note
    assert "Ã" not in note
    assert "## Facts (1)" in note
    assert "## Spelling and form (1)" in note
    links = re.findall(r'href="([^"]*)"', html)
    assert links == ["https://github.com/a/list", "https://doi.org/10.1000/a%28b%29c"]
    assert not re.search(r"<(?:b|img|script)\b", html)
    assert "a  b" in html


def test_note_of_a_list_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(UnknownRecordError, match="use one of my-list"):
        upstream_note(evil_list(), "other")


@pytest.mark.parametrize("key", ["aavache", "sindilab", "mmsrl-readme", "spatialfusion-readme"])
def test_notes_of_the_real_lists(real_catalog: Catalog, key: str) -> None:
    note = upstream_note(real_catalog, key)
    kept = [c for e in real_catalog.listings[key].entries for c in e.corrections if c.kind != "mojibake"]
    assert "mojibake" not in note
    assert 0 < note.count("\n  - ") <= len(kept)
    assert "Evidence: [" in note


def test_rules_are_all_run() -> None:
    """An examination that is written but not listed would never run."""
    import ast

    written = {
        node.name
        for path in (Path(__file__).parents[2] / "kg" / "doctor").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and isinstance(node.returns, ast.Name)
        and node.returns.id == "Examination"
        and not node.name.startswith("_")
    }
    assert written == {examination.__name__ for examination in EXAMINATIONS}
