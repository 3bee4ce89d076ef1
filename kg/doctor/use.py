"""How much a record is used: the links that lead to it. What many records rest on is worth mending first."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from kg.model import Catalog, Method, parse_reference

# Reason -> how it reads for one and for many.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "compared": ("compared with by 1 method", "compared with by {} methods"),
    "lineage": ("ancestor of 1 method", "ancestor of {} methods"),
    "benchmarks": ("in 1 benchmark", "in {} benchmarks"),
    "lists": ("on 1 list", "on {} lists"),
    "entries": ("explains 1 list entry", "explains {} list entries"),
    "methods": ("of 1 method", "of {} methods"),
    "papers": ("author of 1 paper", "author of {} papers"),
    "used": ("its method is linked once", "its methods are linked {} times"),
    "errors": ("1 error", "{} errors"),
}


class Use(Counter[str]):
    """Number of links to a record, by reason."""

    @property
    def factor(self) -> float:
        """What the weight of a finding is multiplied by: 1 for an unused record, one more each time use doubles."""
        return math.log2(2 + self.total())

    def __str__(self) -> str:
        """The reasons in words, most important first."""
        found = [_WORDS[key][n > 1].format(n) for key, n in sorted(self.items(), key=lambda i: (-i[1], i[0])) if n]
        return ", ".join(found) or "nothing links to it"


def uses(catalog: Catalog) -> Mapping[tuple[str, str], Use]:
    """Use of every record that anything links to, by kind and id."""
    found: dict[tuple[str, str], Use] = defaultdict(Use)
    _count_methods(catalog, found)
    _count_lists(catalog, found)
    for key, method in sorted(catalog.methods.items()):
        links = found["method", key].total()
        for link in method.papers:
            found["paper", link.paper]["used"] += links
        for kind, target in _linked(method):
            found[kind, target]["methods"] += 1
    for dataset in catalog.datasets.values():
        if dataset.paper:
            found["paper", dataset.paper]["used"] += found["dataset", dataset.id].total()
    for _, _, _, author in catalog.printed_authors():
        found["author", author]["papers"] += 1
    return found


def _linked(method: Method) -> Iterator[tuple[str, str]]:
    yield from (("task", link.task) for link in method.tasks)
    yield from (("dataset", link.dataset) for link in method.datasets)
    yield from (("framework", link.framework) for link in method.frameworks)


def _count_methods(catalog: Catalog, found: dict[tuple[str, str], Use]) -> None:
    for method in catalog.methods.values():
        for comparison in method.comparisons:
            found["method", comparison.method]["compared"] += 1
        for step in method.lineage:
            found["method", step.method]["lineage"] += 1
    for benchmark in catalog.benchmarks.values():
        for key in benchmark.methods:
            found["method", key]["benchmarks"] += 1


def _count_lists(catalog: Catalog, found: dict[tuple[str, str], Use]) -> None:
    for listing in catalog.listings.values():
        for entry in listing.entries:
            for kind in ("method", "paper", "dataset", "task", "framework"):
                if target := getattr(entry, kind):
                    found[kind, target]["entries"] += 1
    for key, method in catalog.methods.items():
        references = {text for link in (*method.tasks, *method.papers) for text in link.sources}
        references |= {text for texts in method.sources.values() for text in texts}
        names = {(parse_reference(text) or {}).get("source", "") for text in references}
        lists = {
            name for name in names if name in catalog.sources and catalog.sources[name].kind in {"list", "catalog"}
        }
        if lists:
            found["method", key]["lists"] += len(lists)
