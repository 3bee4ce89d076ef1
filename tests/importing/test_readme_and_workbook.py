"""READMEs that describe one method, and XLSX workbooks."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from kg.catalog import load_catalog
from kg.errors import ImportSourceError
from kg.importing import make_plan
from kg.importing.categories import Vocabulary
from kg.importing.readme import read_readme
from kg.importing.rows import Row
from kg.importing.sources import read_source


@pytest.fixture(scope="module")
def words(real_root: Path) -> Vocabulary:
    return Vocabulary(load_catalog(real_root))


def said(row: Row) -> dict[str, str]:
    return {heading: cell.text for heading, cell in zip(row.headings, row.cells, strict=True)}


@pytest.mark.parametrize(
    "heading, name",
    [
        ("# ExampleST", "ExampleST"),
        ("# ExampleST: folds of tissue, and more", "ExampleST"),
        ("# :dna: **ExampleST** - folds ![b](x.svg)", "ExampleST"),
        ('<h1 align="center">ExampleST</h1>', "ExampleST"),
        ("ExampleST\n=========", "ExampleST"),
        ("# Deciphering the folds of tissue with graphs of spots", ""),
    ],
)
def test_the_name(heading: str, name: str, words: Vocabulary) -> None:
    (row,) = read_readme(f"{heading}\n\n[paper](https://doi.org/10.1000/x)\n", words)
    assert said(row).get("name", "") == name


def test_the_paper_from_bibtex(words: Vocabulary) -> None:
    text = (
        "# ExampleST\n\n```bibtex\n@article{other, title={Another thing}, year={2019}, doi={10.1000/other}}\n"
        "@article{own, title={Folds with {ExampleST}}, author={Example, Ada}, year={2024},\n"
        " url={https://doi.org/10.1000/own}}\n```\n"
    )
    (row,) = read_readme(text, words)
    assert row.line == 5
    assert (said(row)["title"], said(row)["doi"], said(row)["authors"]) == (
        "Folds with ExampleST",
        "10.1000/own",
        "Ada Example",
    )


def test_the_paper_from_a_link(words: Vocabulary) -> None:
    text = "# ExampleST\n\nCite our paper [Folds of tissue from graphs](https://arxiv.org/abs/2401.01234v2), please.\n"
    (row,) = read_readme(text, words)
    assert (said(row)["title"], said(row)["arxiv"]) == ("Folds of tissue from graphs", "arXiv:2401.01234")


def test_a_deposit_is_no_paper(words: Vocabulary) -> None:
    (row,) = read_readme("# ExampleST\n\nTo cite: https://doi.org/10.5281/zenodo.1234\n", words)
    assert set(said(row)) == {"name"}


def test_licence_and_requirements(words: Vocabulary) -> None:
    text = (
        "# ExampleST\n[![l](https://img.shields.io/badge/License-GPL--3.0-blue.svg)](LICENSE)\n\n"
        "torch==9.9 stands outside\n\n## Installation\n\n- Python 3.8\n- `torch==1.13`\n- a tissue of your choice\n"
        "- scanpy\n\n```\npip install numpy>=1.2 whatever\n```\n"
    )
    (row,) = read_readme(text, words)
    found = [(f.field, f.value, f.place, f.strength) for f in row.facts]
    assert found == [
        ("licenses", "gpl-3-0", "line 2", "weak"),
        ("requirements", "torch ==1.13", "line 9", "strong"),
        ("frameworks", "pytorch", "line 9", "strong"),
        ("requirements", "scanpy", "line 11", "strong"),
        ("frameworks", "scanpy", "line 11", "strong"),
        ("requirements", "numpy >=1.2", "line 14", "strong"),
        ("frameworks", "numpy", "line 14", "strong"),
    ]


def test_what_is_no_readme_is_said(words: Vocabulary) -> None:
    (row,) = read_readme("just a line\n", words)
    assert "no README of a method" in row.fault


def workbook(*rows: Sequence[object], link: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if link:
        sheet["A3"].hyperlink = link
    other = book.create_sheet("More")
    other.append(["Name", "DOI"])
    other.append(["SecondST", "10.1000/second"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook() -> None:
    content = workbook(
        ["A list of tools"],
        ["Tool", "Year", "Title"],
        ["FirstST", 2020.0, "A title of four words"],
        [None],
        ["x", 1.5],
        link="https://github.com/example-lab/FirstST",
    )
    read = read_source(content)
    assert read.kind == "xlsx"
    assert [(row.line, row.place, row.shape) for row in read.rows] == [
        (1, "row 1", "prose"),
        (3, "row 3", "table"),
        (5, "row 5", "table"),
        (100_002, "sheet 2, row 2", "table"),
    ]
    first = read.rows[1]
    assert [cell.text for cell in first.cells] == ["FirstST", "2020", "A title of four words"]
    assert first.links[0].url == "https://github.com/example-lab/FirstST"


def repacked(content: bytes, **parts: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], old.read(name)))
        for name in set(parts) - {n.rpartition("/")[2].partition(".")[0] for n in old.namelist()}:
            new.writestr(name, parts[name])
    return into.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize(
    "content, message",
    [
        (b"PK\x03\x04 and no more", "not a ZIP archive"),
        (b"no archive", "not a ZIP archive"),
        (repacked(workbook(["a", "b"]), bomb=b"\0" * 61_000_000), "unpacks to more than"),
        (repacked(workbook(["a", "b"]), sheet1=ENTITIES), "defines entities"),
        (repacked(workbook(["a", "b"]), sheet1=ENTITIES.decode().encode("utf-16")), "defines entities"),
        (repacked(workbook(["a", "b"]), workbook=b"<a"), "no sound workbook"),
        (repacked(workbook(["a", "b"]), sheet1=b"<a>"), "no sound workbook"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ImportSourceError, match=message):
        read_source(content, kind="xlsx")


def test_a_sheet_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.importing.spreadsheet._MAX_ROWS", 3)
    with pytest.raises(ImportSourceError, match="more than 3 rows"):
        read_source(workbook(*([n, n] for n in range(5))))


def test_a_heading_that_is_another_methods_title(real_root: Path, words: Vocabulary) -> None:
    catalog = load_catalog(real_root)
    method = catalog.methods["spatialfusion"]
    address = method.repository.url if method.repository else ""
    text = (
        f"# {catalog.papers['graphst-2023'].title}\n\n![]({address}/blob/main/model.png)\n\nWe propose SpatialFusion.\n"
    )
    plan = make_plan(read_source(text.encode(), kind="readme", words=words), catalog)
    assert [(item["line"], item["record"]) for item in plan.known] == [(5, "method/spatialfusion")]
    assert [(i["line"], i["rule"]) for i in plan.contradicts] == [(1, "title-of-another-paper")]


def test_data_sets_by_their_whole_name(words: Vocabulary) -> None:
    text = (
        "# ExampleST\n\n## Datasets\n\n| Name | From |\n|--|--|\n| DLPFC | here |\n| DLPFC-like things | there |\n"
        "| Chicken heart | https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=GSE149457 |\n\n## Usage\n\n- DLPFC\n"
    )
    (row,) = read_readme(text, words)
    assert [(f.field, f.place) for f in row.facts] == [("datasets", "line 7"), ("datasets", "line 9")]


def test_faults_of_form_of_a_readme(words: Vocabulary) -> None:
    text = "# ExampleST\nIt works on spots.In short, see [here]().\n\n## Requirements\n- torch=~1.2\n- numpy~=1.2\n"
    (row,) = read_readme(text, words)
    assert [(flaw.line, flaw.rule, flaw.right) for flaw in row.flaws] == [
        (2, "empty-link", ""),
        (2, "missing-blank", "spots. In"),
        (5, "malformed-requirement", "torch~=1.2"),
    ]
