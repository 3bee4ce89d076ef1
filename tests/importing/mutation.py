"""Sources of every kind, and ways to spoil them; the same number gives the same bytes."""

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import openpyxl

from kg.errors import ImportSourceError
from kg.importing import KINDS, Plan, make_plan, read_source
from kg.importing.categories import Vocabulary
from kg.importing.checkout.facts import read_checkout
from kg.importing.report import plan_json, plan_text
from kg.model import Catalog

FOLDER: Final = Path(__file__).parent
README: Final = b"""# ExampleST: folds ![b](https://img.shields.io/badge/License-MIT-green.svg)

## Install
- torch==1.13
```
pip install numpy>=1.2 scanpy~=1.9
```
Paper: ["A title of a paper on folds"](https://doi.org/10.1000/x)
```bibtex
@article{example2020, title={A {B} \\"o}, author={A B and C, D}, year=2020, doi={10.1000/x}}
```
## License
MIT License
"""


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Tool", "Title", "Year", "DOI"], ["GraphST", "A title of five words", 2020, "10.1000/x"], [None, 1.5]):
        sheet.append(row)
    sheet["A2"].hyperlink = "https://github.com/a/b"
    second = book.create_sheet("Other")
    second.append(["alone"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


SEEDS: Final[dict[str, list[bytes]]] = {
    "markdown": [
        path.read_bytes()
        for folder in ("fixtures", "shapes")
        for path in sorted((FOLDER / folder).iterdir())
        if path.suffix in {".md", ".rst", ".org", ".txt"}
    ],
    "csv": [b'name,title,doi\nGraphST,"A ""title""",10.1000/x\n\n,,\na,b,c,d\n'],
    "tsv": [b"name\ttitle\nGraphST\tA title\n", (FOLDER / "shapes" / "transposed.tsv").read_bytes()],
    "bibtex": [b'@string{n = "x"}\n@article{a, title = {A {B} \\"o $x$}, author = {A B and C, D}, year = 2020}\n'],
    "ris": [b"TY  - JOUR\nTI  - A title\nAU  - A, B\nPY  - 2020/01/02\nDO  - 10.1/x\nER  - \n"],
    "csl-json": [
        b'[{"title": "A", "author": [{"given": "B", "family": "C"}], "issued": {"date-parts": [[2020]]}, "DOI": "x"}]'
    ],
    "cff": [
        b"cff-version: 1.2.0\ntitle: A\nauthors:\n  - family-names: B\ndate-released: 2020-01-01\ndoi: 10.1/x\n",
        b"cff-version: 1.2.0\ntitle: A\npreferred-citation:\n  title: B\n  authors: [{name: C}]\n  year: 2020\n",
    ],
    "codemeta": [b'{"@context": "codemeta", "name": "A", "codeRepository": "https://github.com/a/b", "author": [1]}'],
    "jsonl": [b'{"name": "A", "paper": {"title": "B", "authors": ["C D", {"name": "E"}]}, "year": 2020}\n[]\n'],
    "readme": [README],
    "xlsx": [_workbook()],
}
PIECES: Final = [
    *(b"|", b"||", b"\\", b"{", b"}", b"[", b"](", b")", b"<a href=", b"<td>", b"</table>", b"<!--", b"```", b"**"),
    *(b'"', b"'", b"\n", b"\r", b"\t", b"- ", b"#", b"&#27;", b"\x1b[31m", b"\xc3\xa9", "Ã©".encode(), b"\\ud800"),
    *(b"@article{", b"ER  - ", b"TY  - ", b"*a", b"&a ", b"!!python/object:x ", b"\xe2\x80\xae", b"10.1101/", b"%1b"),
    *(b"https://github.com/", b"null", b"1e999", b"-", b"et al.", b"\xff", b"\0", b"$", b"2020-99-99", b"NaN"),
    *(
        b"[^1]",
        b"[^1]: x",
        b": ",
        b"`a <b>`_",
        b".. list-table::\n",
        b"<sup>",
        b"---\n",
        b"== a ==",
        b"[[http://a][b]]",
    ),
    *(
        b"==1",
        b">=",
        b"import ",
        b"(",
        b"library(",
        b"\xf0\x9f\xa7\xac",
        b"\xcc\x81",
        b" and ",
        b"100000000000000000000",
    ),
]


def mutate(content: bytes, changes: list[tuple[int, int, bytes, int]]) -> bytes:
    """Cut and insert at some places."""
    for place, cut, piece, times in changes:
        at = place % (len(content) + 1)
        content = content[:at] + piece * times + content[at + cut :]
    return content


def some_changes(dice: random.Random) -> list[tuple[int, int, bytes, int]]:
    """One to eight changes; now and then a piece is repeated very often."""
    return [
        (dice.randrange(8000), dice.randrange(13), dice.choice(PIECES), dice.choice((1, 1, 1, 2, 7, 40, 400)))
        for _ in range(dice.randint(1, 8))
    ]


def spoiled(kind: str, number: int) -> bytes:
    """The source of a kind that a number stands for."""
    dice = random.Random(f"{kind} {number}")
    content = dice.choice(SEEDS[kind])
    if kind == "xlsx" and number % 8:
        return _with_spoiled_part(content, dice) if number % 2 else _with_odd_cells(content, dice)
    return mutate(content, some_changes(dice))


def _with_spoiled_part(content: bytes, dice: random.Random) -> bytes:
    """A sound archive with one part that is not, since a spoilt archive is refused early."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(into, "w") as new:
        names = old.namelist()
        chosen = dice.choice([name for name in names if "sheet" in name or "workbook" in name or "shared" in name])
        for name in names:
            part = old.read(name)
            new.writestr(name, mutate(part, some_changes(dice)) if name == chosen else part)
    return into.getvalue()


def _with_odd_cells(content: bytes, dice: random.Random) -> bytes:
    """A sound workbook whose cells hold anything."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for _ in range(dice.randint(1, 6)):
        text = mutate(dice.choice(SEEDS["markdown"])[: dice.choice((0, 40, 900))], some_changes(dice))
        shown = "".join(c for c in text.decode("utf-8", "replace") if c == "\n" or c.isprintable())[:30_000]
        book.worksheets[0].cell(dice.randint(1, 9), dice.randint(1, 6), dice.choice([shown, -1.5, 10**30, True]))
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def account_for(plan: Plan) -> None:
    """What holds of every plan."""
    assert plan.rows_read == len(plan.new) + len(plan.known) + len(plan.not_understood)
    text = plan_text(plan) + plan_json(plan)
    text.encode("utf-8")
    assert "\x1b" not in text
    assert "\u202e" not in text


def read_spoiled(kind: str, content: bytes, catalog: Catalog) -> bool:
    """Read a source and plan its import; False when it was refused."""
    try:
        read = read_source(content, kind=kind, words=Vocabulary(catalog))
    except ImportSourceError:
        return False
    account_for(make_plan(read, catalog))
    return True


CHECKOUT: Final[dict[str, bytes]] = {
    "README.md": README,
    "CITATION.cff": SEEDS["cff"][1],
    "LICENSE": b"MIT License\n\nPermission is hereby granted, free of charge, without restriction\n"
    b"THE SOFTWARE IS PROVIDED AS IS" + b" x" * 200,
    "requirements.txt": b"torch==1.13\nscanpy\nnumpy>=1.20,<2 ; python_version<'3'\n-e .\n",
    "pyproject.toml": b'[project]\ndependencies = ["numpy>=1", "x[y]"]\n[tool.poetry.dependencies]\npython = "^3"\n',
    "environment.yml": b"dependencies:\n  - python=3.8\n  - pytorch=1.1=py\n  - pip:\n    - dgl\n",
    "setup.py": b'from setuptools import setup\nsetup(install_requires=["anndata>=0.8"])\n',
    "DESCRIPTION": b"Package: ExampleST\nLicense: GPL (>= 3)\nImports:\n    Seurat (>= 4.0),\n    Rcpp\n",
    "NAMESPACE": b"import(Seurat)\nimportFrom(Rcpp,sourceCpp)\n",
    "examplest/model.py": b"import torch\nfrom torch_geometric.nn import X\nif 1:\n    import scanpy as sc, os.path\n",
    "R/a.R": b"library(Seurat) # x\nMatrix::t(1)\n",
    "baselines/b.py": b"import tensorflow\n",
    ".gitmodules": b'[submodule "x"]\n\tpath = x\n',
    ".git/HEAD": b"ref: refs/heads/main\n",
    ".git/refs/heads/main": b"",
    ".git/config": b'[core]\n\thooksPath = /x\n[remote "origin"]\n\turl = git@github.com:a/b.git\n',
}


def write_checkout(folder: Path) -> None:
    """A small repository with two commits, made without git."""
    from dulwich.object_store import DiskObjectStore
    from dulwich.objects import Blob, Commit, Tree

    for name, content in CHECKOUT.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / ".git" / "objects").mkdir()
    store = DiskObjectStore.init(folder / ".git" / "objects")
    blob, tree = Blob.from_string(b"x"), Tree()
    tree.add(b"x", 0o100644, blob.id)
    parents: list[bytes] = []
    for day in (1_600_000_000, 1_700_000_000):
        commit = Commit()
        commit.tree, commit.parents = tree.id, parents  # type: ignore[assignment]
        commit.author = commit.committer = b"A <a@example.org>"
        commit.author_time = commit.commit_time = day
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = b"m"
        for one in (blob, tree, commit):
            store.add_object(one)
        parents = [commit.id]
    (folder / ".git" / "refs" / "heads" / "main").write_bytes(parents[0] + b"\n")
    store.close()


def spoil_checkout(folder: Path, number: int) -> Callable[[], None]:
    """Spoil one file of a checkout; returns what puts it back."""
    dice = random.Random(f"checkout {number}")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    path = dice.choice(paths)
    before, mode = path.read_bytes(), path.stat().st_mode
    os.chmod(path, 0o644)  # noqa: PTH101  objects are written read-only
    path.write_bytes(mutate(before, some_changes(dice)))

    def put_back() -> None:
        path.write_bytes(before)
        path.chmod(mode)

    return put_back


def read_spoiled_checkout(folder: Path, catalog: Catalog) -> bool:
    """Read a checkout and plan its import; False when it was refused."""
    try:
        checkout = read_checkout(folder, Vocabulary(catalog))
    except ImportSourceError:
        return False
    account_for(make_plan(checkout.read, catalog))
    return True


ALL_KINDS: Final = (*KINDS, "checkout")
