"""The awesome list: the rules that linters of such lists hold, safe texts, and a round trip through ``stkg import``."""

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from markdown_it import MarkdownIt

from kg.cli.app import main
from kg.export.awesome import TITLE, anchor, awesome_list
from kg.importing import make_plan, read_source
from kg.model import Catalog, Method, Paper
from tests.doctor.making import HERE, catalog, method, paper

ENTRY: Final = re.compile(r"- \[(?P<name>(?:[^\]\\]|\\.)+)\]\((?P<url>https?://[^\s()]+)\) - (?P<text>.+)")


@pytest.fixture(scope="module")
def text(real_catalog: Catalog) -> str:
    """The list of the whole catalog."""
    return awesome_list(real_catalog)


def parts(text: str) -> tuple[list[str], dict[str, list[str]]]:
    """Items of the contents, and the lines of each section by its heading."""
    sections: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("## "):
            sections[line[3:]] = []
        elif sections:
            sections[next(reversed(sections))].append(line)
    return [line for line in sections.pop("Contents") if line], sections


def entries(text: str) -> list[re.Match[str]]:
    found = [ENTRY.fullmatch(line) for lines in parts(text)[1].values() for line in lines if line.startswith("-")]
    assert None not in found
    return [match for match in found if match]


def test_head(text: str) -> None:
    lines = text.splitlines()
    assert lines[0] == f"# {TITLE} [![Awesome](https://awesome.re/badge.svg)](https://awesome.re)"
    assert sum(line.startswith("# ") for line in lines) == 1
    assert re.fullmatch(r"> [A-Z0-9].*\.", lines[2])
    assert next(line for line in lines if line.startswith("## ")) == "## Contents"


def test_form(text: str) -> None:
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    assert "\t" not in text
    assert not re.search(r"[ ]+$", text, re.MULTILINE)
    assert not re.search(r"(?<!\\)<", text), "no HTML"


def test_contents_name_every_section_in_order(text: str) -> None:
    contents, sections = parts(text)
    assert contents == [f"- [{heading}](#{anchor(heading)})" for heading in sections]
    assert len({anchor(heading) for heading in sections}) == len(sections) > 20
    for lines in sections.values():
        about = [line for line in lines if line and not line.startswith("-")]
        count = sum(line.startswith("- ") for line in lines)
        assert len(about) == 1
        assert about[0].endswith("One method." if count == 1 else f" {count} methods.")


def test_every_entry_is_a_link_and_sentences(text: str) -> None:
    for match in entries(text):
        # A capital, a digit, a link, or a name such as vSPACE that has its capital later.
        assert re.match(r"[A-Z0-9\[]|\w*[A-Z]", match["text"]), match[0]
        assert match["text"].endswith("."), match[0]
        assert not match["text"].endswith(".."), match[0]


def test_no_address_stands_twice(text: str) -> None:
    urls = re.findall(r"\]\((https?://[^\s()]+)\)", text)
    assert [url for url, n in Counter(url.rstrip("/").lower() for url in urls).items() if n > 1] == []


def test_every_current_spatial_method_stands_once(text: str, real_catalog: Catalog) -> None:
    ours = [m for m in real_catalog.methods.values() if m.scope == "spatial" and m.status == "current"]
    assert len(entries(text)) == len(ours)
    assert f"> {len(ours)} computational methods" in text


def test_import_knows_every_entry_as_the_method_it_was_made_from(text: str, real_catalog: Catalog) -> None:
    plan = make_plan(read_source(text.encode(), name="README.md"), real_catalog)
    assert plan.new == []
    lines = text.splitlines()
    printed = {number for number, line in enumerate(lines, start=1) if ENTRY.fullmatch(line)}
    assert {item["line"] for item in plan.known} == printed
    begin = next(n for n, line in enumerate(lines, start=1) if ENTRY.fullmatch(line))
    assert all(item["line"] < begin for item in plan.not_understood), "only the head is no entry"
    by_name = {re.sub(r"\W", "", m.name) + m.id: m for m in real_catalog.methods.values()}
    for item in plan.known:
        key = item["record"].removeprefix("method/")
        match = ENTRY.fullmatch(lines[item["line"] - 1])
        assert match is not None
        name = re.sub(r"\W", "", re.sub(r"\\(.)", r"\1", match["name"]))
        assert name + key in by_name, (match[0], key)
    assert len(plan.contradicts) <= len(printed) / 100


def test_the_order_of_records_does_not_matter(toy_catalog: Catalog) -> None:
    keys = list(toy_catalog.methods)
    random.Random(3).shuffle(keys)
    shuffled = replace(toy_catalog, methods={key: toy_catalog.methods[key] for key in keys})
    assert awesome_list(shuffled) == awesome_list(toy_catalog)


def test_hostile_texts_stay_texts() -> None:
    evil = (
        "x](https://evil.example) <script>alert(1)</script> ![i](https://evil.example/i.png) `a` **b** # h & &lt; @me"
    )
    records: list[Method | Paper] = [
        method("evil", evil, summary=evil, repository={"url": "https://evil.example/a(b)'c", "sources": HERE}),
        paper("evil", evil),
    ]
    found = awesome_list(catalog(*records))
    html = MarkdownIt("commonmark", {"linkify": False}).render(found)
    assert "<script" not in html
    assert set(re.findall(r"<(\w+)", html)) <= {"h1", "h2", "p", "ul", "li", "a", "img", "blockquote"}
    assert html.count("<img") == 1
    hosts = re.findall(r'href="(?:https://([^/"]+)|#)', html)
    assert hosts.count("evil.example") == 1, "only the repository's own address"
    assert html.count("&amp;lt;") == 3


def test_methods_without_anything_lead_to_their_record() -> None:
    bare = method("bare", "Bare", papers=None, repository=None, tasks=None, languages=None, licenses=None)
    found = awesome_list(catalog(bare))
    assert "## Other methods\n\nWithout a known task. One method.\n\n" in found
    assert "- [Bare](https://w3id.org/stkg/method/bare) - No paper known.\n" in found


def test_one_repository_is_linked_once_and_the_second_method_by_its_paper() -> None:
    shared = {"url": "https://github.com/lab/tool", "sources": HERE}
    found = awesome_list(
        catalog(method("one", repository=shared), paper("one"), method("two", repository=shared), paper("two"))
    )
    assert "- [Spatial one](https://github.com/lab/tool) - [" in found
    assert "- [Spatial two](https://doi.org/10.1000/two) - Spatial " in found


def test_command(toy_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "awesome-list", "--data", str(toy_root)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"# {TITLE} ")
    for words in (["README.md"], ["list.txt", "--format", "awesome-list"]):
        path = tmp_path / words[0]
        assert main(["export", str(path), *words[1:], "--data", str(toy_root)]) == 0
        assert path.read_text(encoding="utf-8") == printed
    capsys.readouterr()
    assert main(["export", str(tmp_path / "x.md"), "--format", "ttl", "--data", str(toy_root)]) == 2
    assert "has only the format awesome-list" in capsys.readouterr().err
    assert not (tmp_path / "x.md").exists()
