"""``stkg check`` on a folder of faulty records: every fault at its line in one run, and nothing else.

The folder is the toy catalog plus one file, or one record of a list, for each fault. The command runs once; each fault
is a test of its own. A fault lists everything that is reported for its record, so a false alarm fails as well.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

PROJECT: Final = Path(__file__).parents[2]


class Expected(NamedTuple):
    """One report: the line in the fault's own text, the field, and words of the message and of the hint."""

    line: int
    pointer: str
    message: str
    hint: str


@dataclass(frozen=True)
class Fault:
    """One faulty record.

    Attributes:
        name: What is wrong; the id of the test.
        path: File under the data folder.
        text: The file's text, or the text to put after what the toy catalog has there.
        expected: Everything that must be reported, in order of lines.
    """

    name: str
    path: str
    text: str | bytes
    expected: tuple[Expected, ...]

    @property
    def is_appended(self) -> bool:
        """Whether the text is a record of a list that has good records as well."""
        return self.path.endswith("s.yaml") and "/" not in self.path


def whole(path: str, name: str, text: str | bytes, *expected: tuple[int, str, str, str]) -> Fault:
    """A faulty file."""
    return Fault(name, path, text, tuple(Expected(*each) for each in expected))


def method(name: str, lines: str, *expected: tuple[int, str, str, str], key: str = "", early: str = "") -> Fault:
    """A method file: line 1 schema, 2 id, 3 name, ``early`` lines, evidence level, ``lines``, sources last.

    Without early lines, ``lines`` begin on line 5.
    """
    key = key or name.replace(" ", "-")
    text = (
        "# yaml-language-server: $schema=../schema/method.schema.json\n"
        f"id: {key}\nname: Bad\n{early}evidence_level: catalog-only\n{lines}sources:\n  name: [stkg-curation:test]\n"
    )
    return whole(f"methods/{key}.yaml", name, text, *expected)


def paper(
    name: str, lines: str, *expected: tuple[int, str, str, str], kind: str = "article", sources: str = "", key: str = ""
) -> Fault:
    """A paper file: line 1 schema, 2 id, 3 title, 4 kind, then ``lines`` from line 5, sources last."""
    key = key or name.replace(" ", "-")
    given = "".join(f"  {field}: [stkg-curation:test]\n" for field in ["title", *sources.split()])
    text = (
        "# yaml-language-server: $schema=../schema/paper.schema.json\n"
        f"id: {key}\ntitle: Bad\nkind: {kind}\n{lines}sources:\n{given}"
    )
    return whole(f"papers/{key}.yaml", name, text, *expected)


def link(name: str, field: str, item: str, pointer: str, hint: str = "") -> Fault:
    """A method whose list ``field`` has one item that names a record that does not exist."""
    kind = {"languages": "language", "lineage": "method", "comparisons": "method"}.get(field, field.rstrip("s"))
    line = 6 + item.split("; ").index(next(part for part in item.split("; ") if "nowhere" in part))
    body = "    ".join(f"{part}\n" for part in item.split("; "))
    lines = f"{field}:\n  - {body}    sources: [stkg-curation:test]\n"
    return method(name, lines, (line, pointer, f"there is no {kind} 'nowhere'", hint or f"add the {kind} first"))


YAML_FAULTS: Final = (
    whole("methods/no-yaml.yaml", "not YAML", "id: no-yaml\nname: [a\n", (3, "", "is not YAML", "mend the syntax")),
    whole("methods/tab.yaml", "tab", "id: tab\n\tname: a\n", (2, "", "is not YAML", "mend the syntax")),
    whole("methods/nul.yaml", "forbidden character", "id: a\nname: a\x00b\n", (2, "", "is not YAML", "remove it")),
    method("duplicate key", "name: Other\n", (5, "name", "repeats the key of line 3", "keep one of the two")),
    method(
        "alias of a list",
        "synonyms: &a [B]\nlanguages: *a\n",
        (5, "", "has an anchor (&a)", "remove the anchor"),
        (6, "", "is an alias (*a)", "anchors are not allowed"),
    ),
    method("tag", "summary: !!python/name:os.system x\n", (5, "", "has the tag", "remove the tag")),
    method("merge key", "<<: {scope: other}\n", (5, "<<", "is a merge key", "write the fields out")),
    method(
        "alias of a word",
        "summary: &a B\nscope_note: *a\n",
        (5, "", "has an anchor (&a)", "remove the anchor"),
        (6, "", "is an alias (*a)", "anchors are not allowed"),
    ),
    method("empty value", "summary:\n", (5, "summary", "has no value", "give a value or remove the key")),
    method("key that is a list", "? [a]\n: b\n", (5, "", "has a key that is not text", "write a field name")),
    method("deep nesting", f"summary: {'[' * 14}{']' * 14}\n", (5, "summary" + "[0]" * 12, "too deeply", "few levels")),
    whole(
        "methods/latin.yaml", "not UTF-8", b"id: latin\nname: caf\xe9\n", (2, "", "is not UTF-8", "save it as UTF-8")
    ),
    whole("methods/empty.yaml", "empty file", "", (1, "", "is empty", "write a record or remove the file")),
    whole(
        "methods/a-list.yaml",
        "list for a record",
        "- id: a-list\n",
        (1, "", "has the wrong form", "fields at the left"),
    ),
    whole("methods/a-word.yaml", "word for a record", "hello\n", (1, "", "has the wrong form", "fields at the left")),
)

FIELD_FAULTS: Final = (
    method("text for a list", "tasks: denoising\n", (5, "tasks", "is not a list", "one '- item' a line")),
    method("list for a text", "summary: [a]\n", (5, "summary", "is not a single text", "write one value")),
    method("text for a group", "repository: here\n", (5, "repository", "is not a group of fields", "lines below it")),
    method("unknown field", "sumary: Does.\n", (5, "sumary", "is not a field", "did you mean summary?")),
    method("field like no other", "xyzzy: 1\n", (5, "xyzzy", "is not a field", "remove it")),
    whole(
        "methods/no-name.yaml",
        "missing field",
        "id: no-name\nevidence_level: catalog-only\nsources: {}\n",
        (1, "name", "is missing", "add the field"),
    ),
    method(
        "missing field of a link",
        "lineage:\n  - method: graphst\n    sources: [museumst]\n",
        (6, "lineage[0].relation", "is missing", "add the field"),
    ),
    method("bad choice", "scope: space\n", (5, "scope", "'space' is not allowed", "use one of 'spatial'")),
    whole(
        "methods/Bad_Slug.yaml",
        "bad slug",
        "id: Bad_Slug\nname: A\nevidence_level: catalog-only\nsources: {}\n",
        (1, "id", "'Bad_Slug' is not a slug", "use lower-case letters"),
    ),
    whole(
        "methods/file-name.yaml",
        "file name is not the id",
        "# yaml-language-server: $schema=../schema/method.schema.json\nid: other-id\nname: A\n"
        "evidence_level: catalog-only\nsources:\n  name: [stkg-curation:test]\n",
        (2, "id", "is 'other-id' in a file of another name", "rename the file to other-id.yaml"),
    ),
    whole(
        "methods/z-copy.yaml",
        "duplicate id",
        "# yaml-language-server: $schema=../schema/method.schema.json\nid: graphst\nname: A\n"
        "evidence_level: catalog-only\nsources:\n  name: [stkg-curation:test]\n",
        (2, "id", "'graphst' is already used in methods/graphst.yaml", "choose another"),
        (2, "id", "is 'graphst' in a file of another name", "rename the file"),
    ),
    method(
        "bad reference",
        "languages:\n  - language: r\n    sources: [somewhere else]\n",
        (7, "languages[0].sources[0]", "'somewhere else' is not a reference", "write owner/name:path:line"),
    ),
    method(
        "no source given", "languages:\n  - language: r\n", (6, "languages[0].sources", "is missing", "add the field")
    ),
    method(
        "empty list of sources",
        "languages:\n  - language: r\n    sources: []\n",
        (7, "languages[0].sources", "is an empty list", "give at least one"),
    ),
    method("control character", 'summary: "a\\u0007b"\n', (5, "summary", "holds a control character", "remove it")),
    method("blank at the end", 'summary: "a "\n', (5, "summary", "has blanks at its start or end", "remove them")),
    method(
        "bad day",
        "repository:\n  url: https://example.org/a\n  first_commit: 2022-13-01\n  sources: [museumst]\n",
        (7, "repository.first_commit", "'2022-13-01' is not a date", "write YYYY-MM-DD"),
    ),
    method(
        "bad commit",
        "repository:\n  url: https://example.org/a\n  commit: v1.0\n  sources: [museumst]\n",
        (7, "repository.commit", "'v1.0' does not have the form", "copy the identifier again"),
    ),
    method(
        "bad address",
        "repository:\n  url: www.example.org\n  sources: [museumst]\n",
        (6, "repository.url", "'www.example.org' does not have the form", "copy the identifier again"),
    ),
    paper("doi in upper case", "doi: 10.1038/S41467-0\n", (5, "doi", "does not have the form", "without prefix")),
    paper("doi with prefix", "doi: https://doi.org/10.1/x\n", (5, "doi", "does not have the form", "without prefix")),
    paper("bad arxiv id", "arxiv: arXiv:2301.00001\n", (5, "arxiv", "does not have the form", "without prefix")),
    paper("bad pubmed id", "pmid: PMC12\n", (5, "pmid", "does not have the form", "without prefix")),
    paper("bad year", "year: soon\n", (5, "year", "'soon' is not a whole number", "write digits only")),
    paper("year out of range", "year: 1066\n", (5, "year", "'1066' is too small", "at least 1950")),
    paper(
        "neither true nor false",
        "authors:\n  complete: maybe\n  names:\n    - A Bad\n  sources: [museumst]\n",
        (6, "authors.complete", "'maybe' is neither true nor false", "write true or false"),
    ),
    whole(
        "authors.yaml",
        "orcid with wrong check digit",
        "\n- id: x-one\n  name: One\n  orcid: 0000-0002-1825-0098\n  evidence: e\n  sources: [stkg-curation:test]\n",
        (4, "orcid", "has a wrong check digit", "copy the ORCID again"),
    ),
    whole(
        "authors.yaml",
        "orcid of wrong form",
        "\n- id: x-two\n  name: Two\n  orcid: 0000000218250097\n  evidence: e\n  sources: [stkg-curation:test]\n",
        (4, "orcid", "is not an ORCID", "write 0000-0000-0000-0000"),
    ),
)

LINK_FAULTS: Final = (
    link("dangling paper", "papers", "paper: nowhere; role: describes", "papers[0].paper"),
    link("dangling language", "languages", "language: nowhere", "languages[0].language"),
    link("dangling framework", "frameworks", "framework: nowhere; use: imports", "frameworks[0].framework"),
    link("dangling license", "licenses", "license: nowhere", "licenses[0].license"),
    link("dangling task", "tasks", "task: nowhere", "tasks[0].task"),
    link("dangling dataset", "datasets", "dataset: nowhere", "datasets[0].dataset"),
    link("dangling ancestor", "lineage", "relation: extends; method: nowhere", "lineage[0].method"),
    link("dangling comparison", "comparisons", "method: nowhere", "comparisons[0].method"),
    method(
        "dangling framework of a requirement",
        "requirements:\n  - package: torch\n    framework: pytorhc\n    sources: [stkg-curation:test]\n",
        (7, "requirements[0].framework", "there is no framework 'pytorhc'", "did you mean pytorch?"),
    ),
    method(
        "dangling successor",
        "status: merged\nreplaced_by: nowhere\n",
        (6, "replaced_by", "there is no method 'nowhere'", "add the method first"),
    ),
    paper(
        "dangling venue",
        "venue: nature-comunications\n",
        (5, "venue", "there is no venue 'nature-comunications'", "did you mean nature-communications"),
        sources="venue",
    ),
    whole(
        "datasets.yaml",
        "dangling technology and paper of a data set",
        "\n- id: x-set\n  label: X set\n  technologies: [nowhere]\n  paper: nowhere\n  sources: [stkg-curation:test]\n",
        (4, "technologies[0]", "there is no technology 'nowhere'", "add the technology first"),
        (5, "paper", "there is no paper 'nowhere'", "add the paper first"),
    ),
    whole(
        "benchmarks.yaml",
        "dangling task and method of a benchmark",
        "\n- id: x-bench\n  label: X bench\n  task: nowhere\n  methods: [nowhere]\n  sources: [stkg-curation:test]\n",
        (4, "task", "there is no task 'nowhere'", "add the task first"),
        (5, "methods[0]", "there is no method 'nowhere'", "add the method first"),
    ),
    whole(
        "frameworks.yaml",
        "dangling language of a framework",
        "\n- id: x-frame\n  label: X frame\n  language: nowhere\n  sources: [stkg-curation:test]\n",
        (4, "language", "there is no language 'nowhere'", "add the language first"),
    ),
    whole(
        "listings/nowhere.yaml",
        "dangling source and records of a listing",
        "# yaml-language-server: $schema=../schema/listing.schema.json\nsource: nowhere\nentries:\n"
        "  - status: corrected\n    position: line 1\n    listed: A\n    method: nowhere\n    corrections:\n"
        "      - kind: wrong-year\n        field: year\n        record: paper/nowhere\n        listed: a\n"
        "        corrected: b\n        evidence: [museumst:row 1]\n",
        (2, "source", "there is no source 'nowhere'", "add the source first"),
        (7, "entries[0].method", "there is no method 'nowhere'", "add the method first"),
        (11, "entries[0].corrections[0].record", "there is no paper 'nowhere'", "add the paper first"),
    ),
    method(
        "unknown source",
        "languages:\n  - language: r\n    sources: [museumts:row 1]\n",
        (7, "languages[0].sources[0]", "there is no source 'museumts'", "did you mean museumst?"),
    ),
    method(
        "unregistered repository",
        "languages:\n  - language: r\n    sources: [no/where:README.md:1]\n",
        (7, "languages[0].sources[0]", "repository 'no/where' is not registered", "to repositories.yaml"),
    ),
)

RULE_FAULTS: Final = (
    method(
        "no source of a scalar", "", (4, "summary", "has no source", "add 'sources: summary:"), early="summary: Does.\n"
    ),
    paper(
        "source of an absent field",
        "",
        (7, "sources.doi", "is the source of an absent field", "remove it"),
        sources="doi",
    ),
    paper(
        "source of a list",
        "",
        (7, "sources.authors", "has its source here", "sources has the fields"),
        sources="authors",
    ),
    method(
        "lineage in a circle",
        "lineage:\n  - relation: extends\n    method: circle\n    sources: [museumst]\n",
        key="a-circle",
    ),
    method(
        "lineage in a circle, other half",
        "lineage:\n  - relation: extends\n    method: a-circle\n    sources: [museumst]\n",
        key="circle",
    ),
    method(
        "merged in a circle",
        "status: merged\nreplaced_by: merged-in-a-circle\n",
        (6, "replaced_by", "goes in a circle", "one record must be current"),
    ),
    method(
        "link to itself",
        "comparisons:\n  - method: link-to-itself\n    sources: [museumst]\n",
        (6, "comparisons[0]", "links the method to itself", "remove it"),
    ),
    method(
        "task twice",
        "tasks:\n  - task: spatial-domain-identification\n    sources: [museumst]\n"
        "  - task: spatial-domain-identification\n    sources: [sindilab]\n",
        (8, "tasks[1]", "lists 'spatial-domain-identification' twice", "keep one, with all sources"),
    ),
    method(
        "two introducing papers",
        "papers:\n  - paper: graphst-2023\n    role: introduces\n    sources: [museumst]\n"
        "  - paper: rctd-2022\n    role: introduces\n    sources: [museumst]\n",
        (5, "papers", "has two papers that introduce it", "one introduces"),
        (5, "papers", "is also that of graphst", "add the lineage or a note"),
        (5, "papers", "is also that of rctd", "add the lineage or a note"),
    ),
    whole(
        "frameworks.yaml",
        "former ids in use",
        "\n- id: x-old\n  former_ids: [pytorch, x-former]\n  label: X old\n  sources: [stkg-curation:test]\n"
        "\n- id: x-older\n  former_ids: [x-former]\n  label: X older\n  sources: [stkg-curation:test]\n",
        (3, "former_ids[0]", "'pytorch' is the id of a framework", "ids are never given twice"),
        (8, "former_ids[0]", "'x-former' is already a former id of 'x-old'", "keep one of the two"),
    ),
    method("merged into nothing", "status: merged\n", (5, "status", "does not fit replaced_by", "belong together")),
    method("replaced but current", "replaced_by: rctd\n", (1, "status", "does not fit replaced_by", "belong together")),
    method("withdrawn", "status: withdrawn\n", (5, "status", "is withdrawn without a reason", "add status_note")),
    method(
        "merged into what was withdrawn",
        "status: merged\nreplaced_by: withdrawn\n",
        (6, "replaced_by", "leads to 'withdrawn', which was withdrawn", "withdraw this record as well"),
    ),
    method(
        "reason without a status",
        "status_note: a test\n",
        (5, "status_note", "is the reason for nothing", "remove it, or give a status"),
    ),
    method(
        "link to what was withdrawn",
        "comparisons:\n  - method: withdrawn\n    sources: [museumst]\n",
        (6, "comparisons[0].method", "method 'withdrawn' was withdrawn", "remove the link"),
    ),
    method(
        "link to what was merged",
        "comparisons:\n  - method: merged-into-what-was-withdrawn\n    sources: [museumst]\n",
        (6, "comparisons[0].method", "was merged", "write withdrawn"),
    ),
    method("scope without note", "scope: imaging\n", (5, "scope", "is 'imaging' without a reason", "add scope_note")),
    method(
        "commits in wrong order",
        "repository:\n  url: https://example.org/a\n  first_commit: 2023-01-01\n  last_commit: 2022-01-01\n"
        "  sources: [museumst]\n",
        (7, "repository.first_commit", "is later than last_commit", "swap them"),
    ),
    method(
        "conflict about no field",
        "conflicts:\n  - field: nme\n    value: B\n    why: w\n    sources: [museumst]\n",
        (6, "conflicts[0].field", "'nme' is no field", "did you mean name?"),
    ),
    method(
        "punctuation behind a doi",
        'languages:\n  - language: r\n    sources: [museumst, "doi:10.1000/x:"]\n',
        (7, "languages[0].sources[1]", "'doi:10.1000/x:' ends in ':'", "write doi:10.1000/x"),
    ),
    paper(
        "bracket behind a doi",
        "doi: 10.1000/x).\nversions:\n  - kind: other-title\n    doi: 10.1000/(x)y-1\n    sources: [museumst]\n",
        (5, "doi", "'10.1000/x).' ends in ').'", "write 10.1000/x"),
        sources="doi",
    ),
    paper(
        "typographic hyphen in a name",
        "authors:\n  complete: true\n  names:\n    - Ada Love\u2010Lace\n    - name: Bo\u2011Zuse\n      author: bo\n"
        "    - Ed Codd-Date\n  sources: [museumst]\n",
        (8, "authors.names[0]", "holds U+2010", "write a plain hyphen"),
        (9, "authors.names[1].name", "holds U+2011", "write a plain hyphen"),
    ),
    method(
        "accents apart",
        "languages:\n  - language: r\n    note: Cafe\u0301\n    sources: [museumst]\n",
        (7, "languages[0].note", "has letters and accents apart", "run 'stkg format'"),
    ),
    method(
        "not canonical",
        'scope: "spatial"\n',
        (5, "", "is not in canonical form; expected here: 'sources:'", "stkg format"),
    ),
    paper(
        "year against the doi",
        "doi: 10.1101/2021.02.03.429000\nyear: 2022\n",
        (6, "year", "2022 does not fit the DOI, which dates from 2021", "year of its first version"),
        kind="preprint",
        sources="doi year",
    ),
    paper(
        "year against the day",
        "year: 2020\npublished_on: 2023-01-04\n",
        (5, "year", "2020 does not fit published_on 2023-01-04", "same version"),
        sources="year published_on",
    ),
    paper(
        "kind without grounds",
        "",
        (4, "kind", "is preprint, but nothing here is a preprint's", "leave kind out"),
        kind="preprint",
    ),
    method(
        "framework of a baseline",
        "frameworks:\n  - framework: pytorch\n    use: imports\n"
        "    sources: [JinmiaoChenLab/GraphST:other_methods/STAGATE/a.py:3]\n",
        (6, "frameworks[0]", "stands only in other_methods/STAGATE/a.py:3, which is not the method", "strength: weak"),
    ),
    method(
        "task from a part of a word",
        "papers:\n  - paper: graphst-2023\n    role: describes\n    sources: [museumst]\n"
        'tasks:\n  - task: spatial-domain-identification\n    sources: [stkg-curation:title word "clust"]\n',
        (10, "tasks[0]", "rests on a word of the title, but is not weak", "add strength: weak"),
        (11, "tasks[0].sources", "'clust' is no word of the title", "name a word of the title"),
    ),
    paper(
        "year of a version against its doi",
        "versions:\n  - kind: preprint\n    doi: 10.1101/2020.12.26.521777\n    year: 2022\n    sources: [museumst]\n",
        (8, "versions[0].year", "2022 does not fit the DOI, which dates from 2020", ""),
    ),
    paper(
        "doi of another venue",
        "doi: 10.1038/s41587-777\nvenue: nature-communications\n",
        (5, "doi", "is not a DOI of Nature Communications (10.1038/s41467)", "never mix two versions"),
        sources="doi venue",
    ),
    paper(
        "z doi of another paper",
        "doi: 10.1038/s41587-021-00830-w\n",
        (5, "doi", "is already the doi of paper 'rctd-2022'", "merge the two records"),
        sources="doi",
    ),
    paper(
        "z version of another paper",
        "versions:\n  - kind: preprint\n    doi: 10.1101/2022.12.26.521888\n    sources: [museumst]\n",
        (7, "versions[0].doi", "is already the doi of paper 'staligner-2023'", "merge the two records"),
    ),
    paper(
        "author twice on a paper",
        "authors:\n  complete: true\n  names:\n    - Wei Twice\n    - Wei Twice\n  sources: [museumst]\n",
        (9, "authors.names[1]", "lists the person 'wei-twice' twice", "two people of one name need two ids"),
    ),
    paper(
        "author of two papers",
        "authors:\n  complete: true\n  names:\n    - Yahui Long\n  sources: [museumst]\n",
        (8, "authors.names[0]", "the person 'yahui-long' also stands in graphst-2023", "to authors.yaml"),
    ),
    paper(
        "author without an id",
        'authors:\n  complete: true\n  names:\n    - "???"\n  sources: [museumst]\n',
        (8, "authors.names[0]", "'???' gives no id", "write {name"),
    ),
    whole(
        "authors.yaml",
        "author of no paper",
        "\n- id: x-nobody\n  name: Nobody\n  evidence: e\n  sources: [stkg-curation:test]\n",
        (2, "id", "is the author of no paper", "remove the record or link a paper"),
    ),
    whole(
        "tasks.yaml",
        "task broader than itself",
        "\n- id: x-wide\n  label: X wide\n  broader: [x-wider]\n  definition: d\n  sources: [stkg-curation:test]\n"
        "\n- id: x-wider\n  label: X wider\n  broader: [x-wide]\n  definition: d\n  sources: [stkg-curation:test]\n",
        (4, "broader", "goes in a circle: x-wide -> x-wider -> x-wide", "remove the wrong step"),
    ),
    whole(
        "tasks.yaml",
        "ambiguous synonym",
        "\n- id: y-syn\n  synonyms: [Deconvolution]\n  label: Y syn\n  definition: d\n  sources: [stkg-curation]\n",
        (3, "synonyms", "'Deconvolution' is already a name of 'cell-type-deconvolution'", "lead to one record"),
    ),
    whole(
        "technologies.yaml",
        "technology broader than itself",
        "\n- id: x-tech\n  label: X tech\n  broader: [x-tech]\n  sources: [stkg-curation:test]\n",
        (4, "broader", "goes in a circle: x-tech -> x-tech", "remove the wrong step"),
    ),
    whole(
        "benchmarks.yaml",
        "method twice in a benchmark",
        "\n- id: y-bench\n  label: Y bench\n  task: cell-type-inference\n  methods: [rctd, rctd]\n"
        "  sources: [stkg-curation:test]\n",
        (5, "methods[1]", "lists 'rctd' twice", "remove one"),
    ),
    whole(
        "repositories.yaml",
        "repository twice",
        "\n- name: zhanglabtools/STAGATE\n  commit: 0a2b3c4d5e6f\n",
        (2, "name", "is already used in repositories.yaml", "choose another"),
    ),
    whole(
        "listings/museumst.yaml",
        "listing entries that explain nothing",
        "# yaml-language-server: $schema=../schema/listing.schema.json\nsource: museumst\nentries:\n"
        "  - status: unresolved\n    position: row 1\n    listed: A\n"
        "  - status: corrected\n    position: row 2\n    listed: B\n    method: rctd\n"
        "  - status: confirmed\n    position: row 3\n    listed: C\n    method: rctd\n    corrections:\n"
        "      - kind: wrong-year\n        field: year\n        listed: a\n        corrected: b\n"
        "        evidence: [museumst:row 1]\n",
        (4, "entries[0]", "is linked to no record", "say why in note"),
        (7, "entries[1].status", "must be not 'corrected': 0 corrections given", ""),
        (11, "entries[2].status", "must be 'corrected': 1 corrections given", ""),
    ),
    whole("notes.txt", "file that does not belong", "x\n", (0, "", "does not belong here", "move or remove it")),
    whole("methods/readme.md", "other file among methods", "x\n", (0, "", "does not belong here", "move or remove it")),
    whole("people/a.yaml", "folder that does not belong", "x\n", (0, "", "does not belong here", "move or remove it")),
)

FAULTS: Final = (*YAML_FAULTS, *FIELD_FAULTS, *LINK_FAULTS, *RULE_FAULTS)
# Reported where the circle begins; a test of its own looks at it.
KNOCK_ON: Final = {
    ("methods/a-circle.yaml", 5, "lineage"),
}
CIRCLE: Final = "goes in a circle: a-circle -> circle -> a-circle"


class Row(NamedTuple):
    """One problem as the command reports it in JSON."""

    path: str
    line: int
    pointer: str
    message: str
    hint: str
    rule: str


@dataclass(frozen=True)
class Bad:
    """The faulty folder and what the command says of it.

    Attributes:
        root: The folder.
        first_lines: For each fault, how many lines of its file stand before its text.
        rows: Everything reported.
        before: Bytes of every file before the command ran.
    """

    root: Path
    first_lines: dict[str, int]
    rows: list[Row]
    before: dict[str, bytes]

    def rows_of(self, fault: Fault) -> list[Row]:
        """What is reported within a fault's text, with lines counted in that text."""
        start = self.first_lines[fault.name]
        text = fault.text if isinstance(fault.text, bytes) else fault.text.encode()
        end = start + max(text.count(b"\n"), 1) + (0 if fault.is_appended else 1)
        rows = (row for row in self.rows if row.path == fault.path and (row.line == 0 or start < row.line <= end))
        return [row._replace(line=row.line - start) for row in rows]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "kg.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


def contents(root: Path) -> dict[str, bytes]:
    """Bytes of every file under a folder."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def bad(toy_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Bad:
    """The folder of faulty records, checked once."""
    root = tmp_path_factory.mktemp("bad") / "data"
    shutil.copytree(toy_root, root)
    first_lines = {}
    for fault in FAULTS:
        path = root / fault.path
        path.parent.mkdir(exist_ok=True)
        present = path.read_bytes() if path.exists() else b""
        assert bool(present) == fault.is_appended, fault.name
        first_lines[fault.name] = present.count(b"\n")
        path.write_bytes(present + (fault.text if isinstance(fault.text, bytes) else fault.text.encode()))
    before = contents(root)
    done = run("check", str(root), "--format", "json")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    listed: list[dict[str, Any]] = json.loads(done.stdout)
    return Bad(root, first_lines, [Row(**each) for each in listed], before)


def test_the_toy_catalog_is_sound(toy_root: Path) -> None:
    done = run("check", str(toy_root))
    assert (done.returncode, done.stdout) == (0, "")
    assert "no problem found" in done.stderr


def test_there_are_many_different_faults() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 30
    assert len({(e.message, e.hint) for fault in FAULTS for e in fault.expected}) >= 60


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_reported_at_its_line_with_its_cure(bad: Bad, fault: Fault) -> None:
    rows = [row for row in bad.rows_of(fault) if (row.path, row.line, row.pointer) not in KNOCK_ON]
    assert [row[1:3] for row in rows] == [(e.line, e.pointer) for e in fault.expected], rows
    for row, expected in zip(rows, fault.expected, strict=True):
        assert expected.message in row.message
        assert expected.hint in row.hint
        assert bool(expected.hint) == bool(row.hint), "a hint is promised or absent, never a surprise"


def test_circle_of_two_records_is_told_once_with_its_way(bad: Bad) -> None:
    found = [row for row in bad.rows if "circle" in row.path and "goes in a circle" in row.message]
    assert [(row.path, row.line, row.message) for row in found if CIRCLE in row.message] == [
        ("methods/a-circle.yaml", 5, CIRCLE)
    ]


def test_nothing_is_reported_outside_the_faults(bad: Bad) -> None:
    """Good records draw no complaint, though faulty ones stand beside them and link to them."""
    explained = {(fault.path, row.line + bad.first_lines[fault.name]) for fault in FAULTS for row in bad.rows_of(fault)}
    explained |= {(row.path, 0) for row in bad.rows}
    left = [row for row in bad.rows if (row.path, row.line) not in explained]
    assert left == []


def test_every_fault_stands_in_the_text_of_one_run(bad: Bad) -> None:
    done = run("check", str(bad.root))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    for fault in FAULTS:
        for expected in fault.expected:
            line = expected.line + (bad.first_lines[fault.name] if expected.line else 0)
            start = f"{(bad.root / fault.path).as_posix()}:{line}: "
            field = f"{expected.pointer}: " if expected.pointer else ""
            assert any(t.startswith(start + field) and expected.message in t for t in lines), (fault.name, start)
    assert len(lines) == len(bad.rows)
    assert f"stkg: {len(bad.rows)} problems" in done.stderr


def test_github_annotations_name_file_and_line(bad: Bad) -> None:
    done = run("check", str(bad.root), "--format", "github")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert len(lines) == len(bad.rows)
    for row in bad.rows:
        start = f"::error file={(bad.root / row.path).as_posix()},line={max(row.line, 1)},title={row.rule}::"
        assert any(line.startswith(start) and row.hint.replace("%", "%25") in line for line in lines), row


def test_every_problem_names_its_rule(bad: Bad) -> None:
    from kg.cli.sarif import rule_texts

    assert {row.rule for row in bad.rows} <= set(rule_texts())
    # Each rule but those of other tests (a schema is stale, a merge goes in a circle ...) has a fault here.
    assert len({row.rule for row in bad.rows}) >= 15


def test_checking_changes_no_file(bad: Bad, toy_root: Path) -> None:
    after = contents(bad.root)
    assert after == bad.before
    appended = {fault.path for fault in FAULTS if fault.is_appended}
    for path, content in contents(toy_root).items():
        assert after[path].startswith(content) if path in appended else after[path] == content


def test_formatting_leaves_unreadable_files_alone(bad: Bad, tmp_path: Path) -> None:
    root = tmp_path / "data"
    shutil.copytree(bad.root, root)
    done = run("format", str(root))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    after = contents(root)
    assert "methods/not-canonical.yaml" in done.stdout.splitlines()
    for fault in YAML_FAULTS:
        assert after[fault.path] == bad.before[fault.path]
        assert f"{fault.path} cannot be read" in done.stderr
    changed = {path for path, content in after.items() if content != bad.before[path]}
    assert changed == set(done.stdout.splitlines())
    assert {"methods/graphst.yaml", "papers/graphst-2023.yaml"}.isdisjoint(changed)


def test_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run("check", str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"stkg: {tmp_path / 'none'} is not a folder"]
