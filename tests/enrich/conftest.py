"""A server that answers as the services do, and a data folder with records that lack nearly everything."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.catalog.formatter import format_folder
from tests.enrich.serving import DOI, TITLE, Services, running

PAPER = f"""\
id: examplest-2024
title: "{TITLE}"
kind: article
doi: {DOI}
sources:
  title: [museumst:row 1]
  doi: [museumst:row 1]
"""
FULL = """\
id: fullst-2022
title: Whole records need nothing
kind: article
doi: 10.5555/full.1
venue: journal-of-examples
year: 2022
authors:
  complete: true
  names: [Dora Whole, Emil Ganz]
  sources: [museumst:row 2]
sources:
  title: [museumst:row 2]
  doi: [museumst:row 2]
  venue: [museumst:row 2]
  year: [museumst:row 2]
"""
METHOD = """\
id: examplest
name: ExampleST
evidence_level: catalog-with-doi
papers:
  - paper: examplest-2024
    role: introduces
    sources: [museumst:row 1]
repository:
  url: https://github.com/example-lab/ExampleST
  sources: [museumst:row 1]
sources:
  name: [museumst:row 1]
"""
VENUE = """
- id: journal-of-examples
  label: Journal of Examples
  sources: [museumst:row 1]
"""
MIT = """
- id: mit
  label: MIT License
  spdx: MIT
  sources: [https://spdx.org/licenses/]
"""


@pytest.fixture
def services() -> Iterator[Services]:
    """The server; a new one for each test."""
    with running() as found:
        yield found


@pytest.fixture
def data(tmp_path: Path, toy_root: Path) -> Path:
    """The toy catalog with two made-up papers and a method."""
    root = tmp_path / "data"
    shutil.copytree(toy_root, root)
    (root / "papers" / "examplest-2024.yaml").write_text(PAPER, encoding="utf-8")
    (root / "papers" / "fullst-2022.yaml").write_text(FULL, encoding="utf-8")
    (root / "methods" / "examplest.yaml").write_text(METHOD, encoding="utf-8")
    for name, text in (("licenses.yaml", MIT), ("venues.yaml", VENUE)):
        with (root / name).open("a", encoding="utf-8") as file:
            file.write(text)
    format_folder(root, write=True)
    return root
