"""Facts whose evidence shows by its form that nobody can look it up: decisions of ours, files of data, headings."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient
from kg.model import Catalog, Paper, Sourced, parse_reference

# Files that hold numbers or pictures: they may have any origin, whatever their name.
_DATA_FILE: Final = re.compile(
    r"\.(?:h5ad|h5|h5mu|hdf5|loom|csv|tsv|rds|rda|rdata|rdb|mat|mtx|npy|npz|pkl|pickle|parquet|zarr|xlsx?|zip|tar|t?gz"
    r"|png|jpe?g|gif|svg|tiff?|pdf|pptx?|mp4)(?::\d+)?$",
    re.IGNORECASE,
)
_LINE: Final = re.compile(r":\d+(?:[-,–]\s?\d+)*$")
_README: Final = re.compile(r"(?:^|/)readme(?:\.\w+)*(?::(?P<line>\d+)(?:[-,–]\d+)*)?$", re.IGNORECASE)
# A heading stands above this line of a README, a reference to the paper below it.
_TOP: Final = 10


def own_decisions(patient: Patient) -> Examination:
    """Strong tasks and data sets that rest on a decision of ours alone."""
    for key, method in patient.methods.items():
        links: list[tuple[str, int, str, Sourced]] = []
        links += [("tasks", index, link.task, link) for index, link in enumerate(method.tasks)]
        links += [("datasets", index, used.dataset, used) for index, used in enumerate(method.datasets)]
        for field, index, target, link in links:
            if link.strength == "strong" and _is_ours(patient.catalog, link.sources):
                message = f"{method.name} has {target} only from {link.sources[0]!r}"
                yield Advice("own-decision", "method", key, message, (field, index), f"stkg show method:{key}")


def _is_ours(catalog: Catalog, references: Iterable[str]) -> bool:
    names = ((parse_reference(text) or {}).get("source", "") for text in references)
    return all(name in catalog.sources and catalog.sources[name].kind == "curation" for name in names)


def places_of_datasets(patient: Patient) -> Examination:
    """Strong links to data sets whose places have no line, or are files of data or pictures."""
    for key, method in patient.methods.items():
        for index, link in enumerate(method.datasets):
            paths = [_path(text) for text in link.sources]
            if link.strength == "weak" or link.note or None in paths:
                continue
            given = [path for path in paths if path is not None]
            if all(_DATA_FILE.search(path) or not _LINE.search(path) for path in given):
                what = "no words" if _DATA_FILE.search(given[0]) else "without a line"
                message = f"{method.name} was shown on {link.dataset}, says {link.sources[0]} ({what})"
                yield Advice("dataset-place", "method", key, message, ("datasets", index), f"stkg show method:{key}")


def _path(reference: str) -> str | None:
    """Path in a repository, ``""`` for the repository as a whole, None for a place of another form."""
    parts = parse_reference(reference) or {}
    return parts.get("path", "") if "repository" in parts else None


def unplaced_datasets(patient: Patient) -> Examination:
    """Data sets that methods were shown on, and that nobody can find: without address, accession and paper."""
    users: dict[str, list[str]] = defaultdict(list)
    for method in patient.methods.values():
        for link in method.datasets:
            if link.strength == "strong":
                users[link.dataset].append(method.name)
    for key, dataset in patient.catalog.datasets.items():
        if key in users and not (dataset.urls or dataset.accessions or dataset.paper):
            others = f" and {len(users[key]) - 1} more" if len(users[key]) > 1 else ""
            message = f"{dataset.label}, of {users[key][0]}{others}, has neither address nor accession nor paper"
            yield Advice("unplaced-dataset", "dataset", key, message, command=f"stkg show dataset:{key}")


def titles_of_readmes(patient: Patient) -> Examination:
    """Titles that only the top of a README says, of papers that nothing else is known of."""
    for key, paper in patient.papers.items():
        sources = paper.sources.get("title", ())
        if sources and _is_unpublished(paper) and all(_may_be_heading(patient.catalog, text) for text in sources):
            message = f"{paper.title!r} only from {sources[0]}"
            yield Advice("title-of-readme", "paper", key, message, ("title",), f"stkg show paper:{key}")


def _is_unpublished(paper: Paper) -> bool:
    return not (paper.doi or paper.arxiv or paper.venue or paper.pmid)


def _may_be_heading(catalog: Catalog, reference: str) -> bool:
    """Whether a place is the top of a README, one without a line, or a stored copy of one."""
    parts = parse_reference(reference) or {}
    source = catalog.sources.get(parts.get("source", ""))
    readme = _README.search(parts.get("path", ""))
    return int(readme["line"] or 0) <= _TOP if readme else source is not None and source.kind == "index"
