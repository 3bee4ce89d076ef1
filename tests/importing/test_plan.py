"""The plan: every row accounted for, matches with evidence, and faults found by rule."""

from pathlib import Path
from typing import Any

import pytest

from kg.catalog import load_catalog
from kg.importing import make_plan, read_source
from kg.importing.report import plan_json, plan_text
from kg.model import Catalog, ColumnMapping, ImportMapping, SectionMapping

FIXTURES = Path(__file__).with_name("fixtures")


@pytest.fixture(scope="module")
def catalog(real_root: Path) -> Catalog:
    return load_catalog(real_root)


def plan(catalog: Catalog, content: str | bytes, **options: Any) -> dict[str, Any]:
    raw = content.encode() if isinstance(content, str) else content
    mapping = options.pop("mapping", None)
    made = make_plan(read_source(raw, **options), catalog, mapping)
    found = made.as_json()
    lines = [item["line"] for name in ("new", "known", "not_understood") for item in found[name]]
    assert len(lines) == found["rows_read"]
    assert {i["line"] for name in ("adds_facts", "contradicts") for i in found[name]} <= {
        i["line"] for i in found["known"]
    }
    assert plan_text(made)
    assert plan_json(made)
    return found


def records(found: dict[str, Any]) -> dict[int, str]:
    return {item["line"]: item["record"].split("/")[1] for item in found["known"]}


def rules(found: dict[str, Any], line: int) -> set[str]:
    items = [i for i in found["contradicts"] if i["line"] == line]
    others = [i for name in ("new", "not_understood") for i in found[name] if i["line"] == line]
    return {i["rule"] for i in items} | {w["rule"] for i in others for w in i.get("warnings", ())}


def test_a_table(catalog: Catalog) -> None:
    found = plan(catalog, (FIXTURES / "table.md").read_bytes())
    assert records(found) == {
        7: "deepsc",
        9: "hematofateprediction",
        10: "tangram",
        12: "st-net",
        13: "gluer",
        14: "dstg",
        15: "rctd",
        16: "spotlight",
        19: "erfanian-2023-deep",
    }
    assert [item["line"] for item in found["new"]] == [17]
    reasons = {item["line"]: item["reason"] for item in found["not_understood"]}
    assert set(reasons) == {8, 11, 20}
    assert {c["heading"]: c["role"] for c in found["columns"]}["Cited as"] == "reference"


@pytest.mark.parametrize(
    "line, rule",
    [
        (9, "author-list-cut"),
        (12, "wrong-year"),
        (12, "table-structure"),
        (13, "title-variant"),
        (14, "wrong-link"),
        (14, "hyphenation"),
        (14, "wrong-language"),
        (15, "name-spelling"),
        (15, "other-repository"),
        (16, "title-of-another-paper"),
        (19, "superseded-preprint"),
        (20, "empty-link"),
        (20, "placeholder"),
    ],
)
def test_faults_of_the_table_are_found(catalog: Catalog, line: int, rule: str) -> None:
    assert rule in rules(plan(catalog, (FIXTURES / "table.md").read_bytes()), line)


def test_bullets(catalog: Catalog) -> None:
    found = plan(catalog, (FIXTURES / "bullets.md").read_bytes())
    assert records(found) == {
        5: "zhou-2024-dnabert-2",
        7: "stdeconvolve",
        8: "ccst",
        12: "spatialpca",
        14: "deepst",
        16: "routhier-2022-genomics",
        20: "st-net",
        22: "eraslan-2019-deep",
    }
    for line in (5, 7, 12, 14):
        assert "authors-swapped" in rules(found, line)
    assert {"wrong-link", "wrong-venue"} <= rules(found, 14)
    assert {"wrong-venue", "mojibake"} <= rules(found, 22)
    assert {"empty-link", "stray-superscript"} <= rules(found, 16)


def test_other_shapes(catalog: Catalog) -> None:
    found = plan(catalog, (FIXTURES / "shapes.md").read_bytes())
    wanted = ["spagcn", "bayesspace", "tangram", "stagate", "bleep", "ccst", "graphst"]
    assert list(records(found).values()) == wanted
    assert [item["title"] for item in found["new"]] == ["Something unheard of for folded cells and tissues"]
    assert "placeholder" in rules(found, found["new"][0]["line"])


def test_two_methods_of_one_name_stay_two(catalog: Catalog) -> None:
    rows = (
        "name,title,doi,repository\n"
        "GraphST,Another thing that has nothing in common with it,,\n"
        "GraphST,,10.1000/another,\n"
        "GraphST,,,https://github.com/somebody/GraphST\n"
        "GraphST,,,\n"
    )
    found = plan(catalog, rows)
    assert [item["line"] for item in found["new"]] == [2, 3, 4]
    assert all("same name" in item["notes"][0] for item in found["new"])
    assert [(item["line"], item["sure"] < 0.6) for item in found["known"]] == [(5, True)]


def test_a_name_that_two_methods_bear_is_not_settled(catalog: Catalog) -> None:
    found = plan(catalog, "name,doi\nFAST,\nSPADE,\nSpaDecon,\nSPADE,10.1000/unknown\n")
    assert [item["line"] for item in found["not_understood"]] == [2, 3]
    assert all("fits several records" in item["reason"] for item in found["not_understood"])
    assert records(found) == {4: "spadecon"}
    assert [item["line"] for item in found["new"]] == [5]


def test_a_link_to_another_paper_does_not_merge(catalog: Catalog) -> None:
    doi = catalog.papers["graphst-2023"].doi
    found = plan(catalog, f"name,title,doi\nMade Up,A paper about something else than any other,{doi}\n")
    assert [item["name"] for item in found["new"]] == ["Made Up"]
    assert "the title is another" in found["new"][0]["notes"][0]


def test_a_known_row_adds_what_is_missing(catalog: Catalog) -> None:
    key = next(k for k, p in sorted(catalog.papers.items()) if p.authors is None and p.doi and len(p.title) > 30)
    paper = catalog.papers[key]
    found = plan(catalog, f'title,authors,doi\n"{paper.title}","Ada Example, Bob Other",{paper.doi}\n')
    assert [(i["field"], i["value"]) for i in found["adds_facts"]] == [("authors", "Ada Example; Bob Other")]


def test_a_mapping_file_decides(catalog: Catalog) -> None:
    mapping = ImportMapping(
        source="sindilab",
        columns=(ColumnMapping(heading="Alpha", role="name"), ColumnMapping(heading="Beta", role="title")),
        sections=(SectionMapping(heading="Other", means="skip"),),
    )
    text = "| Alpha | Beta |\n|--|--|\n| GraphST | A title |\n\n# Other\n\n- [GraphST](https://github.com/a/b)\n"
    found = plan(catalog, text, mapping=mapping)
    assert [(c["role"], c["how"]) for c in found["columns"]] == [("name", "mapping"), ("title", "mapping")]
    assert "mapping file" in found["not_understood"][0]["reason"]


def test_our_own_records_are_all_known(catalog: Catalog) -> None:
    rows = ["name\ttitle\tdoi"]
    for method in catalog.methods.values():
        paper = catalog.papers[method.papers[0].paper] if method.papers else None
        rows.append(f"{method.name}\t{paper.title if paper else ''}\t{(paper.doi if paper else '') or ''}")
    found = plan(catalog, "\n".join(rows), kind="tsv")
    wanted = dict(enumerate(catalog.methods, start=2))
    assert found["new"] == []
    wrong = {line: record for line, record in records(found).items() if wanted[line] != record}
    assert not wrong
    # What has two meanings is said, not guessed.
    assert all("fits several records" in item["reason"] for item in found["not_understood"])
    assert len(found["not_understood"]) <= 4
