"""What is written is sound, says where it is from, and is known when the same source comes again."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from kg.catalog import load_catalog
from kg.catalog.checks import check_catalog
from kg.catalog.loader import load_all
from kg.cli.app import main

ROWS: tuple[dict[str, Any], ...] = (
    {
        "name": "UnheardST",
        "title": "UnheardST: unmixing of spots with folded graphs of cells",
        "authors": ["Ada Example", "Bob Other"],
        "year": 2025,
        "venue": "Nature Methods",
        "doi": "10.1038/s41592-025-09999-1",
    },
    {
        "name": "FoldST",
        "title": "FoldST: unfolding of tissues with trees of cells",
        "authors": ["Ada Example", "Carla Third"],
        "year": 2024,
        "venue": "bioRxiv",
        "doi": "10.1101/2024.03.04.583999",
    },
)


def _bibtex() -> str:
    return "".join(
        f"@article{{k{n},\n title = {{{r['title']}}},\n author = {{{' and '.join(r['authors'])}}},\n"
        f" journal = {{{r['venue']}}},\n year = {{{r['year']}}},\n doi = {{{r['doi']}}}\n}}\n"
        for n, r in enumerate(ROWS)
    )


def _ris() -> str:
    return "\n".join(
        "\n".join(
            [
                *("TY  - JOUR", f"TI  - {r['title']}", *(f"AU  - {a}" for a in r["authors"]), f"PY  - {r['year']}"),
                *(f"JO  - {r['venue']}", f"DO  - {r['doi']}", "ER  - ", ""),
            ]
        )
        for r in ROWS
    )


def _csl() -> str:
    return json.dumps(
        [
            {
                "type": "article-journal",
                "title": r["title"],
                "DOI": r["doi"],
                "container-title": r["venue"],
                "author": [{"literal": name} for name in r["authors"]],
                "issued": {"date-parts": [[r["year"]]]},
            }
            for r in ROWS
        ]
    )


def _delimited(mark: str) -> str:
    lines = [["Tool", "Title", "Authors", "Year", "Venue", "DOI"]]
    lines += [[r["name"], r["title"], "; ".join(r["authors"]), str(r["year"]), r["venue"], r["doi"]] for r in ROWS]
    return "\n".join(mark.join(f'"{cell}"' for cell in line) for line in lines) + "\n"


def _markdown() -> str:
    head = "| Tool | Title | Authors | Year | Venue | DOI |\n|--|--|--|--|--|--|\n"
    rows = (
        f"| {r['name']} | {r['title']} | {', '.join(r['authors'])} | {r['year']} | {r['venue']} | {r['doi']} |\n"
        for r in ROWS
    )
    return "# Tools\n\n" + head + "".join(rows)


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Tool", "Title", "Authors", "Year", "Venue", "DOI"])
    for row in ROWS:
        sheet.append([row["name"], row["title"], ", ".join(row["authors"]), row["year"], row["venue"], row["doi"]])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cff() -> str:
    row = ROWS[0]
    people = [{"family-names": a.split()[1], "given-names": a.split()[0]} for a in row["authors"]]
    cited = {k: row[k] for k in ("title", "year", "doi")} | {"authors": people, "journal": row["venue"]}
    return yaml.safe_dump({"cff-version": "1.2.0", "title": row["name"], "preferred-citation": cited})


def _codemeta() -> str:
    row = ROWS[0]
    paper = {"@id": f"https://doi.org/{row['doi']}", "name": row["title"], "datePublished": "2025-01-02"}
    paper["author"] = [{"name": name} for name in row["authors"]]
    return json.dumps({"@context": "codemeta", "name": row["name"], "referencePublication": paper})


def _readme() -> str:
    head = f"# {ROWS[0]['name']}\n\n## Requirements\n- torch==1.13\n\n## Citation\n```\n"
    return f"{head}{_bibtex()}```\n## License\nMIT License\n"


SOURCES: dict[str, str | bytes] = {
    "markdown": _markdown(),
    "csv": _delimited(","),
    "tsv": _delimited("\t"),
    "bibtex": _bibtex(),
    "ris": _ris(),
    "csl-json": _csl(),
    "jsonl": "\n".join(map(json.dumps, ROWS)),
    "cff": _cff(),
    "codemeta": _codemeta(),
    "readme": _readme(),
    "xlsx": _xlsx(),
}
VENUES = """
- id: biorxiv
  label: bioRxiv
  doi_prefixes: [10.1101/20]
  sources: [stkg-curation:for tests]

- id: nature-methods
  label: Nature Methods
  doi_prefixes: [10.1038/s41592]
  sources: [stkg-curation:for tests]
"""
REGISTER = ["--source-title", "My list", "--retrieved-on", "2026-11-20"]


@pytest.fixture
def data(tmp_path: Path, toy_root: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(toy_root, folder)
    with (folder / "venues.yaml").open("a", encoding="utf-8") as file:
        file.write(VENUES)
    assert main(["format", str(folder)]) == 0
    return folder


def sound(folder: Path) -> None:
    loaded = load_all(folder)
    assert [str(p) for p in (*loaded.problems, *check_catalog(loaded.catalog, folder))] == []


def bring(
    content: str | bytes, folder: Path, capsys: pytest.CaptureFixture[str], *words: str, status: int = 0
) -> dict[str, Any]:
    path = folder.parent / "source"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["import", str(path), "--data", str(folder), "--format", "json", *words]) == status
    output = capsys.readouterr()
    found: dict[str, Any] = json.loads(output.out) if status == 0 else {"error": output.err}
    return found


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("kind", SOURCES)
def test_each_kind_is_written_and_then_known(kind: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--kind", kind, "--source", "my-list")
    first = bring(SOURCES[kind], data, capsys, *options, *REGISTER, "--write", "new", "--write", "listing")
    assert first["new"]
    assert {"methods/unheardst.yaml", "papers/unheardst-2025.yaml", "sources.yaml"} <= set(first["written"]["files"])
    sound(data)
    catalog = load_catalog(data)
    paper = catalog.papers["unheardst-2025"]
    assert (paper.doi, paper.year, paper.authors and len(paper.authors.names)) == (
        "10.1038/s41592-025-09999-1",
        2025,
        2,
    )
    assert all(s.startswith("my-list:") for sources in paper.sources.values() for s in sources)
    assert [link.role for link in catalog.methods["unheardst"].papers] == ["introduces"]
    assert len(catalog.listings["my-list"].entries) == len(first["new"])
    before = tree(data)
    again = bring(
        SOURCES[kind], data, capsys, *options, "--write", "new", "--write", "adds-facts", "--write", "listing"
    )
    assert (again["new"], again["adds_facts"], again["not_understood"]) == ([], [], [])
    assert again["written"]["files"] == []
    assert tree(data) == before


def test_by_default_nothing_is_written(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(data)
    found = bring(SOURCES["markdown"], data, capsys, "--source", "my-list", *REGISTER)
    assert len(found["new"]) == 2
    assert "written" not in found
    assert tree(data) == before


def test_only_chosen_lines(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = bring(SOURCES["markdown"], data, capsys, "--source", "my-list", *REGISTER, "--write", "new:6")
    assert found["written"]["files"] == ["methods/foldst.yaml", "papers/foldst-2024.yaml", "sources.yaml"]


@pytest.mark.parametrize(
    "words, message",
    [
        (["--write", "new"], "name it with --source"),
        (["--write", "all", "--source", "sindilab"], "names no part of a plan"),
        (["--write", "new:99", "--source", "sindilab"], "nothing in the plan fits 'new:99'"),
        (["--write", "new", "--source", "my-list"], "give --source-title"),
        (["--write", "new", "--source", "my-list", "--source-title", "X"], "a source has a version"),
        (["--write", "new", "--source", "my-list", *REGISTER[:3], "soon"], "retrieved_on"),
        (["--source", "sindilab", *REGISTER], "is in sources.yaml already"),
    ],
)
def test_what_cannot_be_written_is_said(
    words: list[str], message: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(data)
    assert message in bring(SOURCES["markdown"], data, capsys, *words, status=2)["error"]
    assert tree(data) == before


def test_a_faulty_folder_stays_as_it_is(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "methods" / "graphst.yaml").write_text("id: [", encoding="utf-8")
    before = tree(data)
    bring(SOURCES["markdown"], data, capsys, "--source", "my-list", *REGISTER, "--write", "new", status=1)
    assert tree(data) == before


def test_a_preprint_has_the_year_of_its_first_version(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = _markdown().replace("| 2024 | bioRxiv", "| 2026 | bioRxiv")
    found = bring(text, data, capsys, "--source", "my-list", *REGISTER, "--write", "new")
    assert [w["rule"] for item in found["new"] for w in item.get("warnings", ())] == ["wrong-year"]
    paper = load_catalog(data).papers["foldst-2024"]
    assert (paper.year, paper.kind, paper.sources["year"]) == (2024, "preprint", ("doi:10.1101/2024.03.04.583999",))
    assert [(c.field, c.value) for c in paper.conflicts] == [("year", "2026")]


def test_a_journal_is_not_mixed_with_the_doi_of_a_preprint(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = _markdown().replace("bioRxiv", "Nature Methods")
    found = bring(text, data, capsys, "--source", "my-list", *REGISTER, "--write", "new")
    paper = load_catalog(data).papers["foldst-2024"]
    assert (paper.venue, paper.kind) == (None, "preprint")
    assert any("one of its DOIs" in text or "of a preprint" in text for text in found["written"]["left_out"])


def test_typographic_hyphens_and_blanks_become_plain(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SOURCES["csv"]
    assert isinstance(text, str)
    text = text.replace("Ada Example", "Ada\u00a0Exam\u2010Ple").replace("folded graphs", "fol\u00added\u2011graphs")
    bring(text, data, capsys, "--source", "my-list", *REGISTER, "--write", "new")
    catalog = load_catalog(data)
    assert catalog.papers["unheardst-2025"].title == "UnheardST: unmixing of spots with folded-graphs of cells"
    assert "Ada Exam-Ple" in {name for _, _, name, _ in catalog.printed_authors()}
    sound(data)


def test_people_of_one_name_stay_apart(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring(SOURCES["csv"], data, capsys, "--source", "my-list", *REGISTER, "--write", "new")
    catalog = load_catalog(data)
    ids = {person for _, _, name, person in catalog.printed_authors() if name == "Ada Example"}
    assert ids == {"ada-example", "ada-example-2"}


def test_a_second_method_of_a_name_needs_a_choice_by_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "name,title,doi,year\nGraphST,Something wholly different of the same name,10.1000/other,2025\n"
    options = ("--kind", "csv", "--source", "my-list")
    found = bring(text, data, capsys, *options, *REGISTER, "--write", "new")
    assert found["written"]["files"] == []
    assert "choose new:2" in found["written"]["left_out"][0]
    bring(text, data, capsys, *options, *REGISTER, "--write", "new:2")
    catalog = load_catalog(data)
    assert (catalog.methods["graphst-2025"].name, catalog.methods["graphst-2025"].synonyms) == (
        "GraphST (graphst-2025)",
        ("GraphST",),
    )
    sound(data)
    assert bring(text, data, capsys, *options)["new"] == []


def test_two_rows_of_one_thing_are_one_record(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "name,title,doi\n" + "TwiceST,A thing that stands in this list two times,10.1000/twice\n" * 2
    found = bring(text, data, capsys, "--kind", "csv", "--source", "my-list", *REGISTER, "--write", "new")
    assert [w["rule"] for w in found["new"][1]["warnings"]] == ["repeated-entry"]
    assert "means the same as line 2" in found["written"]["left_out"][0]
    assert [f for f in found["written"]["files"] if f.startswith("methods/")] == ["methods/twicest.yaml"]


def test_facts_go_to_their_record(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog = load_catalog(data)
    key = next(
        k for k, m in sorted(catalog.methods.items()) if m.papers and not any(t.task == "denoising" for t in m.tasks)
    )
    method = catalog.methods[key]
    title = catalog.papers[method.papers[0].paper].title
    text = f"## Noise reduction\n\n| Name | Title |\n|--|--|\n| {method.name} | {title} |\n"
    if "denoising" not in catalog.tasks:
        task = min(set(catalog.tasks) - {t.task for t in method.tasks})
        text = text.replace("Noise reduction", catalog.tasks[task].label)
    else:
        task = "denoising"
    found = bring(text, data, capsys, "--source", "sindilab", "--write", "adds-facts")
    assert [(i["field"], i["value"], i["strength"]) for i in found["adds_facts"]] == [("tasks", task, "weak")]
    (link,) = (t for t in load_catalog(data).methods[key].tasks if t.task == task)
    assert (link.strength, link.sources) == ("weak", ("sindilab:line 5",))
    sound(data)
    assert bring(text, data, capsys, "--source", "sindilab")["adds_facts"] == []


def test_a_contradiction_becomes_a_conflict_only_when_chosen(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog = load_catalog(data)
    key, paper = next((k, p) for k, p in sorted(catalog.papers.items()) if p.year and p.doi and not p.conflicts)
    text = f'title,doi,year\n"{paper.title}",{paper.doi},{(paper.year or 0) - 3}\n'
    options = ("--kind", "csv", "--source", "sindilab")
    bring(text, data, capsys, *options, "--write", "adds-facts")
    assert load_catalog(data).papers[key].conflicts == ()
    bring(text, data, capsys, *options, "--write", "contradicts:2:year")
    (conflict,) = load_catalog(data).papers[key].conflicts
    assert (conflict.field, conflict.value, conflict.sources) == (
        "year",
        str((paper.year or 0) - 3),
        ("sindilab:line 2",),
    )
    sound(data)
    again = bring(text, data, capsys, *options, "--write", "contradicts")
    assert [i["recorded"] for i in again["contradicts"] if i["field"] == "year"] == [True]
    assert again["written"]["files"] == []


def test_what_has_no_title_is_left_out_with_the_reason(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "name,doi\nOnlyDoi,10.1000/only\n"
    found = bring(text, data, capsys, "--kind", "csv", "--source", "my-list", *REGISTER, "--write", "new")
    assert found["written"]["files"] == []
    assert "a record needs the title" in found["written"]["left_out"][0]


def test_text_of_a_list_never_becomes_a_path_or_markup(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "name\ttitle\tdoi\n../../evil\tA title: of {five} [words] # and !tags\t10.1000/evil\n"
        "x\u202ey\tAnother title of words with \u200b unseen letters\t10.1000/unseen\n"
    )
    before = set(data.parent.rglob("*"))
    bring(text, data, capsys, "--kind", "tsv", "--source", "my-list", *REGISTER, "--write", "new")
    new = {p.relative_to(data).as_posix() for p in set(data.parent.rglob("*")) - before if p.name != "source"}
    assert new == {f"{kind}s/{key}.yaml" for kind, keys in _written(data).items() for key in keys}
    assert "\u202e" not in "".join(p.read_text("utf-8") for p in data.rglob("*.yaml"))
    sound(data)


def _written(data: Path) -> dict[str, set[str]]:
    catalog = load_catalog(data)
    mine = {k: p for k, p in catalog.papers.items() if any(s[0].startswith("my-list") for s in p.sources.values())}
    methods = {k for k, m in catalog.methods.items() if any(s[0].startswith("my-list") for s in m.sources.values())}
    return {"paper": set(mine), "method": methods}


def test_written_into_the_catalog_itself(tmp_path: Path, real_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data"
    shutil.copytree(real_root, folder)
    options = ("--kind", "csv", "--source", "my-list")
    bring(SOURCES["csv"], folder, capsys, *options, *REGISTER, "--write", "new", "--write", "listing")
    sound(folder)
    again = bring(SOURCES["csv"], folder, capsys, *options, "--write", "new", "--write", "listing")
    assert (again["new"], again["adds_facts"], again["written"]["files"]) == ([], [], [])


def test_what_would_break_a_rule_is_left_out(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "name\ttitle\tdoi\tcode\tcategory\n"
        "BulkThing\tBulkThing: counting proteins in blood\t10.1000/bulk\t\tSpot deconvolution methods\n"
        "SharedOne\tSharedOne: folding of tissue with trees\t10.1000/one\thttps://github.com/a/shared\t\n"
        "SharedTwo\tSharedTwo: unfolding of tissue with trees\t10.1000/two\thttps://github.com/a/shared\t\n"
        "ThirdST\tA third thing under the identifier of another\t10.1000/two\t\t\n"
    )
    with (data / "tasks.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "\n- id: zzz\n  label: Counting proteins\n  definition: Counting.\n  sources: [stkg-curation:for tests]\n"
        )
    text = text.replace("Spot deconvolution methods", "Counting proteins")
    options = ("--kind", "tsv", "--source", "my-list")
    found = bring(text, data, capsys, *options, *REGISTER, "--write", *("new:2-4", "--write", "new:5"))
    left_out = "\n".join(found["written"]["left_out"])
    assert "line 2: method/bulkthing tasks shows nothing of space" in left_out
    assert "line 4: the repository a/shared: another method has it" in left_out
    assert "line 5: one of its identifiers is that of paper/sharedtwo-paper" in left_out
    assert set(found["written"]["files"]) == {
        *(f"{kind}/{name}" for kind, name in (("methods", "sharedone.yaml"), ("methods", "sharedtwo.yaml"))),
        *("papers/sharedone-paper.yaml", "papers/sharedtwo-paper.yaml", "sources.yaml"),
    }
    sound(data)
