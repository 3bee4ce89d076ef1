"""Rows for the findings about evidence: what a fact rests on, and how titles and names are printed."""

from typing import Any, Final

from kg.model import Dataset, Record, Source
from tests.doctor.making import HERE, LIST, Row, method, paper, people, repository, task

OURS: Final = Source.model_validate({"id": "our-desk", "label": "Our desk", "kind": "curation"})
GIT_LIST: Final = Source.model_validate(
    {"id": "git-list", "label": "Git list", "kind": "list", "repository": "Lab/List"}
)
INDEX: Final = Source.model_validate({"id": "copies", "label": "Copies of READMEs", "kind": "index"})
TOP: Final = ["lab/tool:README.md:1"]


def headed(title: str, *, name: str = "", listed: str = "Ghost detection", **link: Any) -> list[Record]:
    """A method that a list puts under the task ``ghosts``, and its paper; five others fill each task."""
    tasks = [
        task("ghosts", label=listed, synonyms=["ghost finding in old houses"]),
        task("domains", label="Spatial domain detection", synonyms=["clustering", "spatial domains"]),
        task("poltergeists", broader=["ghosts"], synonyms=["spatial map"]),
        task("benchmarking"),
        task("toolkit", synonyms=["toolbox", "spatial map of domains"]),
    ]
    filling = [{"task": each.id, "sources": HERE} for each in tasks if each.id != "toolkit"]
    others = [r for n in "vwxyz" for r in (method(f"other{n}", tasks=filling), paper(f"other{n}"))]
    kept = [{"task": "toolkit", "sources": HERE}]
    tools = [r for n in "vwxyz" for r in (method(f"tool{n}", tasks=kept), paper(f"tool{n}"))]
    given = {"task": "ghosts", "sources": ["my-list:row 1"], **link}
    return [LIST, GIT_LIST, *tasks, *others, *tools, method("q", name, tasks=[given]), paper("q", title)]


def hinted(title: str, **other: Any) -> list[Record]:
    """The same method with a second task, whose names the title does not hold as a whole."""
    first = {"task": "ghosts", "sources": ["my-list:row 1"]}
    tasks = [first, {"task": "domains", "sources": HERE, **other}]
    return [*headed(title)[:-2], method("q", tasks=tasks), paper("q", title)]


def shown(*sources: str, **fields: Any) -> list[Record]:
    """A method shown on the brain data set, as ``sources`` say."""
    return [method("x", datasets=[{"dataset": "brain", "sources": sources, **fields}]), paper("x")]


def weakly(*sources: str) -> list[Record]:
    """A method with a weak task, as ``sources`` say."""
    return [method("x", tasks=[{"task": "mapping", "strength": "weak", "sources": sources}]), paper("x")]


def dataset(**fields: Any) -> Dataset:
    """The data set that all healthy methods were shown on."""
    return Dataset.model_validate({"id": "brain", "label": "Brain", "sources": HERE, **fields})


def titled_by(title: str, *sources: str, **fields: Any) -> list[Record]:
    """A method and its paper, whose title rests on ``sources``."""
    given = {"title": sources, "doi": HERE, "year": HERE}
    return [LIST, INDEX, method("x"), paper("x", title, sources=given, **fields)]


def prefixed(count: int, others: int = 0) -> list[Record]:
    """A list that prints ``count`` titles behind the method's name, and ``others`` without."""
    given = {"title": ["my-list:row 1"], "doi": HERE, "year": HERE}
    keys = ["ant", "bee", "cat", "dog", "eel", "fox"][: count + others]
    words = {"ant": "Spatial amber", "bee": "Tissue basalt", "cat": "Slides coral", "dog": "Niche dusk"}
    words |= {"eel": "Spots ember", "fox": "Visium fjord"}
    titles = [f"{key.title()}: {words[key]}" if n < count else words[key] for n, key in enumerate(keys)]
    methods = [method(key, key.title(), repository=repository(f"lab/{key}")) for key in keys]
    return [LIST, *methods, *(paper(key, title, sources=given) for key, title in zip(keys, titles, strict=True))]


NO_DOI: Final = [("no-doi", "x-paper")]
EVIDENCE: Final[list[Row]] = [
    ("heading against the title", headed("Spatial clustering of tissue"), [("heading-against-title", "q")]),
    ("heading that the title says", headed("Spatial clustering with ghost cells"), []),
    ("heading that the title says otherwise", headed("Clustering of ghostly tissue"), []),
    ("heading that the name says", headed("Spatial clustering of tissue", name="GhostFinder"), []),
    (
        "heading of common words, three in a row",
        headed("Clustering for a spatial domain map", listed="Spatial domain map finding"),
        [],
    ),
    (
        "heading of common words, two in a row",
        headed("Clustering for a spatial map", listed="Spatial domain map finding"),
        [("heading-against-title", "q")],
    ),
    ("heading against the title's singular", headed("A spatial domain of tissue"), [("heading-against-title", "q")]),
    (
        "heading of a list in a repository",
        headed("Spatial clustering of tissue", sources=["lab/list:README.md:3"]),
        [("heading-against-title", "q")],
    ),
    (
        "heading that the preprint's title says",
        [
            *headed("Spatial clustering of tissue")[:-1],
            paper(
                "q",
                "Spatial clustering",
                versions=[{"kind": "other-title", "title": "Ghosts of tissue", "sources": HERE}],
            ),
        ],
        [],
    ),
    ("heading and a title of a narrower task", headed("Poltergeists in tissue"), []),
    ("heading and a title of the broader task", headed("Detecting: ghost detection", task="poltergeists"), []),
    ("heading and a title of every task", headed("Benchmarking of tissue graphs"), []),
    ("heading and a silent title", headed("Spatial graphs of tissue"), []),
    ("heading and a task that is put aside", headed("Spatial graphs, clustering-free"), []),
    ("heading of a toolbox", headed("A toolbox for spatial clustering"), []),
    ("heading of two, one of them the method's", headed("Spatial clustering", sources=["my-list:row 1", *TOP]), []),
    ("heading against another task of the method", hinted("Clustered tissue"), [("heading-against-title", "q")]),
    ("heading against a weak task of the method", hinted("Clustered tissue", strength="weak"), [("weak-facts", "q")]),
    ("heading against a word of no task of the method", headed("Clustered tissue"), []),
    ("heading with a note", headed("Spatial clustering of tissue", note="the README says it"), []),
    ("weak heading", headed("Spatial clustering of tissue", strength="weak"), [("weak-facts", "q")]),
    (
        "task of our own",
        [OURS, method("x", tasks=[{"task": "mapping", "sources": ["our-desk:see abstract"]}]), paper("x")],
        [("own-decision", "x")],
    ),
    ("weak task of our own", [OURS, *weakly("our-desk:see abstract")], [("weak-facts", "x")]),
    ("data set of our own", [OURS, *shown("our-desk:from memory")], [("own-decision", "x")]),
    ("data set of our own and a line", [OURS, *shown("our-desk:which one", "a/b:README.md:3")], []),
    ("data set from a data file", shown("a/b:data/brain.h5ad"), [("dataset-place", "x")]),
    ("data set from a table's line", shown("a/b:data/brain.csv:3"), [("dataset-place", "x")]),
    ("data set from a README without line", shown("a/b:README.md"), [("dataset-place", "x")]),
    ("data set from a repository", shown("a/b"), [("dataset-place", "x")]),
    ("weak data set from a repository", shown("a/b", strength="weak"), [("weak-facts", "x")]),
    ("data set from a line", shown("a/b:data/brain.h5ad", "a/b:README.md:3"), []),
    ("data set from lines", shown("a/b:docs/data.rst:3-5"), []),
    ("data set from a paper", shown("a/b:data/brain.h5ad", "doi:10.1000/x"), []),
    ("data set from a file, with a note", shown("a/b:brain.zip", note="the file holds the accession"), []),
    ("data set that nobody finds", [dataset()], [("unplaced-dataset", "brain")]),
    ("data set with an accession", [dataset(accessions=["GSE1"])], []),
    ("data set with an address", [dataset(urls=["https://example.org/brain"])], []),
    ("data set with a paper", [dataset(paper="alpha-paper")], []),
    ("data set of no method", [dataset(id="eye")], []),
    (
        "data set of a weak link",
        [
            dataset(id="eye"),
            method("x", datasets=[{"dataset": "eye", "strength": "weak", "sources": HERE}]),
            paper("x"),
        ],
        [("weak-facts", "x")],
    ),
    ("heading as title", titled_by("", *TOP, doi=None), [("no-doi", "x-paper"), ("title-of-readme", "x-paper")]),
    (
        "stored heading as title",
        titled_by("", "copies:file 1", "lab/tool:README.md", doi=None),
        [("no-doi", "x-paper"), ("title-of-readme", "x-paper")],
    ),
    ("reference as title", titled_by("", "lab/tool:README.md:63", doi=None), NO_DOI),
    ("heading as title, said", titled_by("", *TOP, *HERE, doi=None), NO_DOI),
    ("heading of a paper with a venue", titled_by("", *TOP, doi=None, venue="v"), NO_DOI),
    ("heading of a paper with an arXiv id", titled_by("", *TOP, doi=None, arxiv="2401.00001"), []),
    ("heading of a paper with a DOI", titled_by("", *TOP), []),
    ("hyphen of a list", titled_by("Spatial single cell maps", "my-list:row 1"), [("list-title", "x-paper")]),
    ("aware of a list", titled_by("Spatial maps, space aware", "my-list:row 1"), [("list-title", "x-paper")]),
    ("ending of a list", titled_by("Spatial resolved maps", "my-list:row 1"), [("list-title", "x-paper")]),
    ("blank of a list", titled_by("Maps:Spatial by graphs", "my-list:row 1"), [("list-title", "x-paper")]),
    ("blanks of a list", titled_by("Spatial  maps by graphs", "my-list:row 1"), [("list-title", "x-paper")]),
    (
        "sound titles of a list",
        titled_by("Spatially aware maps of single cells: a single-cell, spatially-resolved view", "my-list:row 1"),
        [],
    ),
    ("hyphen of a paper without id", titled_by("Spatial single cell maps", "my-list:row 1", doi=None), NO_DOI),
    ("hyphen that a page prints", titled_by("Spatial single cell maps", "my-list:row 1", "doi:10.1000/x"), []),
    (
        "hyphen that was settled",
        titled_by(
            "Spatial single cell maps",
            "my-list:row 1",
            conflicts=[{"field": "title", "value": "v", "why": "w", "sources": HERE}],
        ),
        [],
    ),
    (
        "list that puts names first",
        prefixed(5),
        [("list-title", f"{k}-paper") for k in ("ant", "bee", "cat", "dog", "eel")],
    ),
    ("list that puts names first at times", prefixed(4, 2), []),
    ("list with few titles", prefixed(4), []),
    (
        "family names with commas",
        [method("x"), paper("x", authors=people("Lovelace, Ada", "Bo Zuse"))],
        [("family-first", "x-paper")],
    ),
    (
        "family names and initials",
        [method("x"), paper("x", authors=people("Lovelace A", "Zuse-Bo KB", "van Dijk E", "Ed Codd"))],
        [("family-first", "x-paper")],
    ),
    (
        "short given names and suffixes",
        [method("x"), paper("x", authors=people("Kaicheng U", "Hank Levy, Jr.", "Bo Zuse", "Ada K. Lovelace"))],
        [],
    ),
    (
        "initials alone",
        [method("x"), paper("x", authors=people("A. Lovelace", "J.-P. Zuse", "K L M Codd"))],
        [("initials-only", "x-paper")],
    ),
    ("initials and a name", [method("x"), paper("x", authors=people("A. Lovelace", "Bo Zuse"))], []),
    ("initials without id", [method("x"), paper("x", doi=None, authors=people("A. Lovelace"))], NO_DOI),
    ("initials with a note", [method("x"), paper("x", authors={**people("A. Lovelace"), "note": "so printed"})], []),
    (
        "initials of a cut list",
        [method("x"), paper("x", authors={**people("A. Lovelace"), "complete": False})],
        [("cut-authors", "x-paper")],
    ),
]
