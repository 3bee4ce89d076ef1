"""Each finding is found where it should be, and its healthy neighbour is left alone.

A row lists the records that stand beside the healthy ones, and *all* advice that they draw: a false alarm fails too.
"""

from typing import Any, Final

import pytest

from kg.doctor import FINDINGS
from kg.model import Author, Dataset, Framework, Listing, Record
from tests.doctor.evidence_rows import EVIDENCE
from tests.doctor.making import HERE, LIST, Row, advice, found, method, paper, people, repository, task


def weak(**fields: Any) -> dict[str, Any]:
    return {"strength": "weak", "sources": HERE, **fields}


def use(framework: str, *sources: str, **fields: Any) -> dict[str, Any]:
    return {"framework": framework, "use": "imports", "sources": sources, **fields}


def versions(*given: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"sources": HERE, **each} for each in given]


TORCH: Final = Framework.model_validate({"id": "torch", "label": "Torch", "language": "python", "sources": HERE})
SEURAT: Final = Framework.model_validate({"id": "seurat", "label": "Seurat", "language": "r", "sources": HERE})
STARMAP: Final = Dataset.model_validate(
    {"id": "starmap-cortex", "label": "STARmap cortex", "accessions": ["GSE2"], "sources": HERE}
)
SHARED: Final = {"complete": True, "names": ["Ann Lee", "Bob Ray", "Cy Dow"], "sources": HERE}


def titled(word: str, name: str = "", task_id: str = "slice-alignment") -> list[Record]:
    """A method with a task that rests on the title."""
    link = {"task": task_id, "note": "word of the title", "sources": HERE}
    own = task(task_id)
    others = [method(f"other{n}", tasks=[{"task": task_id, "sources": HERE}]) for n in "abcde"]
    papers = [paper(f"other{n}") for n in "abcde"]
    return [own, *others, *papers, method("x", name, tasks=[link]), paper("x", word)]


def listing(*corrections: str, note: str | None = None, status: str = "corrected") -> list[Record]:
    """A list with one entry."""
    given = [
        {"kind": kind, "field": "year", "listed": "1", "corrected": "2", "evidence": HERE, "note": note}
        for kind in corrections
    ]
    entry = {"position": "line 1", "listed": "A", "status": status, "method": "alpha", "corrections": given}
    return [LIST, Listing.model_validate({"source": "my-list", "entries": [entry]})]


ROWS: Final[list[Row]] = [
    ("nothing", [method("x"), paper("x")], []),
    ("no paper", [method("x", papers=None)], [("no-paper", "x")]),
    ("no code", [method("x", repository=None), paper("x")], [("no-code", "x")]),
    ("no licence", [method("x", licenses=None), paper("x")], [("no-licence", "x")]),
    ("no dataset", [method("x", datasets=None), paper("x")], [("no-dataset", "x")]),
    ("no task", [method("x", tasks=None), paper("x")], [("no-task", "x")]),
    ("no doi", [method("x"), paper("x", doi=None)], [("no-doi", "x-paper")]),
    ("arxiv is enough", [method("x"), paper("x", doi=None, arxiv="2401.00001")], []),
    ("no year", [method("x"), paper("x", year=None)], [("no-year", "x-paper")]),
    ("no authors", [method("x"), paper("x", authors=None)], [("no-authors", "x-paper")]),
    (
        "cut authors",
        [method("x"), paper("x", authors={**SHARED, "complete": False})],
        [("cut-authors", "x-paper")],
    ),
    ("out of scope", [method("x", papers=None, scope="other", scope_note="n")], []),
    ("withdrawn", [method("x", papers=None, status="withdrawn")], []),
    (
        "one repository",
        [
            method("x", repository=repository("lab/tool")),
            paper("x"),
            method("y", repository=repository("LAB/tool.git")),
            paper("y"),
        ],
        [("same-repository", "x")],
    ),
    (
        "one repository with lineage",
        [
            method("x", repository=repository("lab/tool")),
            paper("x"),
            method(
                "y",
                repository=repository("lab/tool"),
                lineage=[{"relation": "extends", "method": "x", "sources": HERE}],
            ),
            paper("y"),
        ],
        [],
    ),
    (
        "toolkit",
        [r for key in ("q", "r", "s", "t") for r in (method(key, repository=repository("lab/tool")), paper(key))],
        [],
    ),
    (
        "one paper and like names",
        [
            method("nimbus", "Nimbus"),
            paper("nimbus"),
            method("nimbusx", "Nimbus-X", papers=method("nimbus").model_dump()["papers"]),
        ],
        [("same-paper", "nimbus")],
    ),
    (
        "one paper and other names",
        [
            method("nimbus", "Nimbus"),
            paper("nimbus"),
            method("qtkz", "Qtkz", papers=method("nimbus").model_dump()["papers"]),
        ],
        [],
    ),
    (
        "one name",
        [method("x", "ST-Foo", repository=None), paper("x", authors=None), method("y", "stfoo"), paper("y")],
        [("no-authors", "x-paper"), ("no-code", "x"), ("similar-name", "x")],
    ),
    ("one name, no author in common", [method("x", "ST-Foo"), paper("x"), method("y", "stfoo"), paper("y")], []),
    (
        "one name told apart",
        [method("x", "Foo"), paper("x", authors=SHARED), method("y", "Foo (y)"), paper("y", authors=SHARED)],
        [],
    ),
    (
        "near name and authors",
        [
            method("nimbusq", "NimbusQ"),
            paper("nimbusq", authors=SHARED),
            method("nimbusk", "NimbusK", repository=None),
            paper("nimbusk", authors=SHARED),
        ],
        [("similar-name", "nimbusk"), ("no-code", "nimbusk")],
    ),
    (
        "near name only",
        [method("nimbusq", "NimbusQ"), paper("nimbusq"), method("nimbusk", "NimbusK"), paper("nimbusk")],
        [],
    ),
    (
        "like titles",
        [
            method("x"),
            paper("x", "Finding spatial domains in tissue by graphs of neighbouring spots"),
            method("y"),
            paper("y", "Finding spatial domains in tissues by graphs of neighboring spots"),
        ],
        [("similar-title", "x-paper")],
    ),
    (
        "authors and somewhat like titles",
        [
            method("x"),
            paper("x", "Deep graph learning of tissue domains from spatial data", authors=SHARED),
            method("y"),
            paper("y", "Deep graph networks find tissue domains from spatial data", authors=SHARED, year=2023),
        ],
        [("similar-title", "x-paper")],
    ),
    (
        "one rare name on two papers",
        [
            method("x"),
            paper("x", authors=people("Zebulon Q. Quixworth", "Ann Lee")),
            method("y"),
            paper("y", authors=people({"name": "Zebulon Quixworth", "author": "zebulon-quixworth"}, "Ann Lee")),
            Author.model_validate(
                {"id": "ann-lee", "name": "Ann Lee", "evidence": "e", "sources": HERE},
            ),
        ],
        [("same-person", "x-paper")],
    ),
    (
        "framework in another language",
        [SEURAT, method("x", frameworks=[use("seurat", "a/b:R/run.R:3")]), paper("x")],
        [("framework-language", "x")],
    ),
    ("framework by a binding", [SEURAT, method("x", frameworks=[use("seurat", "a/b:x/run.py:3")]), paper("x")], []),
    (
        "lineage against time",
        [
            method("x", lineage=[{"relation": "extends", "method": "alpha", "sources": HERE}]),
            paper("x", year=2020),
        ],
        [("lineage-against-time", "x")],
    ),
    (
        "a library that grew",
        [
            method("x", lineage=[{"relation": "reimplements", "method": "alpha", "sources": HERE}]),
            paper("x", year=2020),
        ],
        [],
    ),
    (
        "compared before it was",
        [method("x", comparisons=[{"method": "alpha", "sources": HERE}]), paper("x", year=2022)],
        [("compared-before", "x")],
    ),
    (
        "compared in time",
        [method("x", comparisons=[{"method": "alpha", "sources": HERE}]), paper("x", year=2023)],
        [],
    ),
    (
        "two licences",
        [method("x", licenses=[{"license": name, "sources": HERE} for name in ("mit", "gpl")]), paper("x")],
        [("several-licences", "x")],
    ),
    (
        "two licences explained",
        [
            method("x", licenses=[{"license": n, "sources": HERE, "note": "of a part"} for n in ("mit", "gpl")]),
            paper("x"),
        ],
        [],
    ),
    (
        "superseded",
        [method("x", lineage=[{"relation": "supersedes", "method": "alpha", "sources": HERE}]), paper("x")],
        [("superseded", "alpha")],
    ),
    (
        "old code",
        [method("x", repository=repository("a/spatialx", last_commit="2022-11-20")), paper("x")],
        [("old-code", "x")],
    ),
    (
        "code of yesterday's age",
        [method("x", repository=repository("a/spatialx", last_commit="2022-11-21")), paper("x")],
        [],
    ),
    (
        "archived",
        [method("x", repository=repository("a/spatialx", archived=True)), paper("x")],
        [("archived", "x")],
    ),
    ("old preprint", [method("x"), paper("x", kind="preprint")], [("old-preprint", "x-paper")]),
    ("young preprint", [method("x"), paper("x", kind="preprint", year=2025)], []),
    (
        "published preprint",
        [method("x"), paper("x", kind="preprint", versions=versions({"kind": "journal", "doi": "10.1000/j"}))],
        [],
    ),
    ("empty task", [task("lonely")], [("task-too-empty", "lonely")]),
    (
        "task filled by a narrower one",
        [task("wide"), task("mapping", broader=["wide"])],
        [],
    ),
    ("weak fact", [method("x", tasks=[weak(task="mapping")]), paper("x")], [("weak-facts", "x")]),
    ("word inside another", titled("Malignant cells in spatial data"), [("title-word", "x")]),
    ("sound word", titled("Aligning malignant tissue in spatial data"), []),
    ("set phrase", titled("High-resolution spatial data of cells", task_id="super-resolution"), [("title-word", "x")]),
    ("word of the name", titled("Alignx for spatial data", "Alignx"), [("title-word", "x")]),
    (
        "framework of a baseline",
        [TORCH, method("x", frameworks=[use("torch", "a/b:other_methods/STAGATE/m.py:1")]), paper("x")],
        [("copied-code-only", "x")],
    ),
    (
        "framework of baseline and own code",
        [TORCH, method("x", frameworks=[use("torch", "a/b:baselines/m.py:1", "a/b:x/m.py:1")]), paper("x")],
        [],
    ),
    (
        "language of a benchmark",
        [method("x", languages=[{"language": "r", "sources": ["a/b:benchmark/run.R"]}]), paper("x")],
        [("copied-code-only", "x")],
    ),
    (
        "framework of a notebook",
        [TORCH, method("x", frameworks=[use("torch", "a/b:demo.ipynb")]), paper("x")],
        [("notebook-only", "x")],
    ),
    (
        "weak framework of a notebook, said",
        [TORCH, method("x", frameworks=[use("torch", "a/b:demo.ipynb", note="notebook")]), paper("x")],
        [],
    ),
    (
        "starmap call",
        [STARMAP, method("x", datasets=[{"dataset": "starmap-cortex", "sources": ["a/b:x/run.py:845"]}]), paper("x")],
        [("starmap-call", "x")],
    ),
    (
        "starmap in a README",
        [STARMAP, method("x", datasets=[{"dataset": "starmap-cortex", "sources": ["a/b:README.md:8"]}]), paper("x")],
        [],
    ),
    (
        "arxiv id of another year",
        [method("x"), paper("x", kind="preprint", doi=None, arxiv="2312.00001", year=2025)],
        [("later-version-year", "x-paper")],
    ),
    (
        "undated preprint DOI of a later year",
        [method("x"), paper("x", kind="preprint", doi="10.1101/672501", year=2025)],
        [("later-version-year", "x-paper")],
    ),
    (
        "year before the day",
        [method("x"), paper("x", year=2023, published_on="2024-01-02")],
        [("later-version-year", "x-paper")],
    ),
    (
        "year before the day, settled",
        [
            method("x"),
            paper(
                "x",
                year=2023,
                published_on="2024-01-02",
                conflicts=[{"field": "year", "value": "2024", "why": "issue", "sources": HERE}],
            ),
        ],
        [],
    ),
    (
        "preprint younger than the paper",
        [method("x"), paper("x", versions=versions({"kind": "preprint", "doi": "10.1101/2025.01.01.1", "year": 2025}))],
        [("later-version-year", "x-paper")],
    ),
    (
        "title from the preprint",
        [method("x"), paper("x", sources={"title": ["https://www.biorxiv.org/content/1"], "doi": HERE, "year": HERE})],
        [("preprint-title", "x-paper")],
    ),
    (
        "a preprint's own title",
        [
            method("x"),
            paper(
                "x",
                kind="preprint",
                doi="10.1101/2025.01.01.1",
                year=2025,
                sources={"title": ["https://www.biorxiv.org/content/1"], "doi": HERE, "year": HERE},
            ),
        ],
        [],
    ),
    (
        "no spatial word",
        [method("quux", "Quux", datasets=None), paper("quux", "Joint analysis of single-cell data")],
        [("scope-doubt", "quux"), ("no-dataset", "quux")],
    ),
    (
        "misspelt name",
        [method("x", "SpatalThing", repository=repository("lab/SpatialThing")), paper("x")],
        [("name-spelling", "x")],
    ),
    ("name with a suffix", [method("x", "Spatialthing", repository=repository("lab/spatialthing-py")), paper("x")], []),
    ("a sentence", [method("x", "A spatial way to map cells"), paper("x")], [("no-name", "x")]),
    *EVIDENCE,
    ("errors of a list", listing("wrong-year"), [("list-errors", "my-list")]),
    ("errors of our copy", listing("mojibake"), []),
    ("errors that say so", listing("wrong-year", note="Nothing to report."), []),
    ("unresolved entry", listing(status="unresolved"), [("list-unresolved", "my-list")]),
]
# Need more than a few records, or another package; tests of their own stand below or beside.
APART: Final = {"task-too-full", "link-gone", "link-moved", "link-unreachable"}


@pytest.mark.parametrize(("records", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_finding(records: list[Record], expected: list[tuple[str, str]]) -> None:
    assert sorted(found(*records)) == sorted(expected)


def test_every_finding_has_a_test() -> None:
    tested = {code for _, _, expected in ROWS for code, _ in expected}
    assert tested | APART == set(FINDINGS)


def test_full_task_asks_for_narrower_ones() -> None:
    many = [record for n in range(101) for record in (method(f"m{n}", f"Method {n:03}x"), paper(f"m{n}"))]
    narrower = [
        task("inner", broader=["mapping"]),
        *(
            record
            for n in range(5)
            for record in (method(f"i{n}", f"Inner {n}", tasks=[{"task": "inner", "sources": HERE}]), paper(f"i{n}"))
        ),
    ]
    codes = {(each.code, each.key) for each in advice(*many)}
    assert ("task-too-full", "mapping") in codes
    assert ("task-too-full", "mapping") not in {(e.code, e.key) for e in advice(*many, *narrower)}
