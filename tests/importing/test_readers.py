"""Readers yield rows with their lines, whatever the shape of the source."""

import json

import pytest

from kg.errors import ImportSourceError
from kg.importing.columns import columns_of
from kg.importing.entries import Entry, read_entry
from kg.importing.sources import MAX_BYTES, read_source


def entries(text: str, kind: str = "auto", name: str = "") -> list[Entry]:
    read = read_source(text.encode(), kind=kind, name=name)
    tables = {row.table: [r for r in read.rows if r.table == row.table] for row in read.rows}
    return [
        read_entry(row, columns_of([row] if row.shape == "record" else tables[row.table], {}), {}) for row in read.rows
    ]


BIBTEX = r"""@string{nm = {Nature Methods}}
@comment{nothing}

@article{a1,
  title = {Deep {L}earning of S{\"o}mething},
  author = {Biancalani, Tommaso and van der Scalia, Gabriele},
  journal = nm, year = 2021, doi = {10.1038/s41592-021-01264-7}
}
@article{broken, title = {Never closed
@misc{a2, title={A preprint}, author={Ada Example}, eprint={2306.01859}, archivePrefix={arXiv}, year={2023}}
"""
RIS = """TY  - JOUR
TI  - A title of a paper
AU  - Example, Ada
AU  - Other, B.
PY  - 2022
JO  - Genome Biology
DO  - 10.1186/s13059-022-02663-5
ER  -

TY  - JOUR
TI  - Without an end
"""
CSL = json.dumps(
    [
        {
            "type": "article-journal",
            "title": "A title",
            "DOI": "10.1000/x",
            "author": [{"given": "Ada", "family": "Example"}, {"literal": "A Consortium"}],
            "issued": {"date-parts": [[2020, 5]]},
            "container-title": "Bioinformatics",
        },
        "not an object",
    ],
    indent=1,
)
CFF = """cff-version: 1.2.0
title: ExampleST
repository-code: https://github.com/example-lab/ExampleST
preferred-citation:
  type: article
  title: Spatial domains from graphs of spots
  doi: 10.1000/example
  year: 2024
  authors:
    - family-names: Example
      given-names: Ada
"""
CODEMETA = json.dumps(
    {
        "@context": "https://doi.org/10.5063/schema/codemeta-2.0",
        "name": "ExampleST",
        "codeRepository": "https://github.com/example-lab/ExampleST",
        "programmingLanguage": ["Python"],
        "referencePublication": {"@id": "https://doi.org/10.1000/example", "name": "A title of four words"},
    }
)
JSON_LINES = (
    '{"id": "x", "name": "GraphST", "paper": {"title": "A title", "doi": "10.1000/g", "authors": ["A B", "C D"]}}\n'
    "\nnot json\n[1]\n"
)


def test_bibtex_reads_each_entry_by_itself() -> None:
    first, broken, last = entries(BIBTEX)
    assert (first.line, first.title, first.year) == (4, "Deep Learning of Sömething", 2021)
    assert first.authors == ("Tommaso Biancalani", "Gabriele van der Scalia")
    assert first.venue == "Nature Methods"
    assert first.dois == ("10.1038/s41592-021-01264-7",)
    assert broken.line == 9
    assert broken.reason.startswith("is not BibTeX")
    assert (last.line, last.arxivs) == (10, ("2306.01859",))


def test_ris_reads_each_record_by_itself() -> None:
    first, broken = entries(RIS)
    assert (first.line, first.title, first.year, first.venue) == (1, "A title of a paper", 2022, "Genome Biology")
    assert first.authors == ("Ada Example", "B Other")
    assert first.dois == ("10.1186/s13059-022-02663-5",)
    assert broken.line == 10
    assert broken.reason


def test_csl_json() -> None:
    first, second = entries(CSL)
    assert (first.line, first.title, first.year, first.dois) == (2, "A title", 2020, ("10.1000/x",))
    assert first.authors == ("Ada Example", "A Consortium")
    assert second.reason == "is not an object"


def test_citation_cff_and_codemeta() -> None:
    (cff,) = entries(CFF)
    assert (cff.name, cff.title, cff.year) == ("ExampleST", "Spatial domains from graphs of spots", 2024)
    assert (cff.dois, cff.repositories) == (("10.1000/example",), ("example-lab/ExampleST",))
    (codemeta,) = entries(CODEMETA)
    assert (codemeta.name, codemeta.title, codemeta.language) == ("ExampleST", "A title of four words", "Python")
    assert (codemeta.dois, codemeta.repositories) == (("10.1000/example",), ("example-lab/ExampleST",))


def test_json_lines() -> None:
    first, second, third = entries(JSON_LINES)
    assert (first.line, first.name, first.title, first.dois) == (1, "GraphST", "A title", ("10.1000/g",))
    assert (second.line, third.line) == (3, 4)
    assert second.reason.startswith("is not JSON")
    assert third.reason == "is not an object"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_tables_of_text(delimiter: str) -> None:
    head = delimiter.join(["Tool", "Paper title", "Published", "DOI"])
    body = delimiter.join(["GraphST", '"Two\nlines of a title"', "2023-01-02", "10.1000/g"])
    first, ragged = entries(f"{head}\n{body}\n{delimiter.join('abcdef')}\n", kind="csv")
    assert (first.line, first.name, first.title, first.year) == (2, "GraphST", "Two lines of a title", 2023)
    assert ragged.line == 4
    assert "6 cells below 4 headings" in ragged.row.notes[0]


@pytest.mark.parametrize(
    "text, kind",
    [
        (BIBTEX, "bibtex"),
        (RIS, "ris"),
        (CSL, "csl-json"),
        (CFF, "cff"),
        (CODEMETA, "codemeta"),
        (JSON_LINES, "jsonl"),
        ("name,title,doi\na,b,c\n", "csv"),
        ("name\ttitle\na\tb\n", "tsv"),
        ("# A list, of, things\n- [a](b)\n", "markdown"),
    ],
)
def test_the_kind_is_found(text: str, kind: str) -> None:
    assert read_source(text.encode()).kind == kind


@pytest.mark.parametrize(
    "content, message",
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"a\0b", "not text"),
        (b"a" * (MAX_BYTES + 1), "larger than"),
        (b"a" * 500_000, "line of more than"),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ImportSourceError, match=message):
        read_source(content)


@pytest.mark.parametrize(
    "item, wanted",
    [
        ("- [Tool](https://github.com/a/Tool) - [R] - text | [Paper](https://doi.org/10.1/x)", ("Tool", "", None, "R")),
        ("- **[ICLR 2024]** A title of a paper [[paper]](http://x.y)", ("", "A title of a paper", 2024, "")),
        ("1. [2022 Nature] **A title of a paper** [[paper]](http://x.y)", ("", "A title of a paper", 2022, "")),
        ("- [2021][Nature Methods] A title of a paper, [pdf](http://x.y)", ("", "A title of a paper", 2021, "")),
        ("* [Tool](https://github.com/a/b) - text (Cell, 2023)", ("Tool", "", 2023, "")),
        ("- __Tool__: text. [code](https://github.com/a/b)", ("Tool", "", None, "")),
    ],
)
def test_list_items(item: str, wanted: tuple[str, str, int | None, str]) -> None:
    (entry,) = entries(item, kind="markdown")
    assert (entry.name, entry.title, entry.year, entry.language) == wanted
    assert not entry.reason


def test_an_item_below_an_entry_belongs_to_it() -> None:
    (entry,) = entries(
        "- **BayesSpace** - text\n  - Code: [GitHub](https://github.com/a/BayesSpace)\n", kind="markdown"
    )
    assert (entry.line, entry.repositories) == (1, ("a/BayesSpace",))


def test_markup_is_only_text() -> None:
    (row,) = read_source(b'- [<script>x</script>](javascript:alert(1)) <img src=x onerror="x">').rows
    assert row.links[0].url.startswith("javascript:")
    assert "onerror" not in row.text
