"""How well authors are told apart: the catalog's ids and the rules alone, beside pairs judged by hand.

    python benchmarks/author_identity.py

A pair counts as joined by the catalog when both printed names have one id, and by the rules when ``kg.identity`` joins
them from nothing, with every authorship a person of its own. Precision is the share of joined pairs that are one
person, recall the share of pairs of one person that are joined.
"""

import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kg.catalog import load_catalog
from kg.identity import Surroundings, possibly_same, read_name, resolve, single_authorships
from kg.model import Catalog
from kg.model.catalog import author_of
from kg.resources import resource_root

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "identity" / "labelled_pairs.yaml"
Place = tuple[str, int]


class Figures(NamedTuple):
    """Counts of judged pairs, by what they are and whether they are joined."""

    joined_same: int
    joined_different: int
    apart_same: int
    apart_different: int

    @property
    def precision(self) -> float:
        """Share of joined pairs that are one person; 1 when nothing is joined."""
        joined = self.joined_same + self.joined_different
        return self.joined_same / joined if joined else 1.0

    @property
    def recall(self) -> float:
        """Share of pairs of one person that are joined."""
        same = self.joined_same + self.apart_same
        return self.joined_same / same if same else 1.0


def read_pairs() -> list[dict[str, Any]]:
    """The pairs judged by hand."""
    pairs: list[dict[str, Any]] = yaml.safe_load(PAIRS.read_text(encoding="utf-8"))
    return pairs


def find_place(catalog: Catalog, mention: Mapping[str, str]) -> Place:
    """Where a printed name stands, also when the paper now prints more of it than when the pair was judged.

    Raises:
        LookupError: No name of the paper, or more than one, can be the one that was judged.
    """
    authors = catalog.papers[mention["paper"]].authors
    printed = [author_of(entry)[0] for entry in authors.names] if authors else []
    names = list(enumerate(printed, start=1))
    exact = [position for position, name in names if name == mention["name"]]
    if exact:
        return mention["paper"], exact[-1]
    alike = [position for position, name in names if read_name(name).keys & read_name(mention["name"]).keys]
    if len(alike) != 1:
        raise LookupError(f"{mention['paper']} prints no {mention['name']!r}: correct or remove the pair")
    return mention["paper"], alike[0]


def ids_of_catalog(catalog: Catalog) -> dict[Place, str]:
    """The person of each authorship, as the records say."""
    return {(paper, position): author for paper, position, _, author in catalog.printed_authors()}


def ids_of_rules(catalog: Catalog) -> dict[Place, str]:
    """The person of each authorship, as the rules find without the ids of the records."""
    groups = resolve(single_authorships(catalog), Surroundings.of(catalog))
    return {(a.paper, a.position): group[0].id for group in groups for person in group for a in person.authorships}


def measure(catalog: Catalog, ids: Mapping[Place, str], pairs: list[dict[str, Any]]) -> Figures:
    """Compare ids with the judged pairs; those that could not be settled are left out."""
    counts: Counter[tuple[bool, str]] = Counter()
    for pair in pairs:
        a, b = (find_place(catalog, pair[side]) for side in ("a", "b"))
        counts[ids[a] == ids[b], pair["label"]] += 1
    return Figures(counts[True, "same"], counts[True, "different"], counts[False, "same"], counts[False, "different"])


def main() -> int:
    """Print the figures."""
    catalog = load_catalog(resource_root("data"))
    pairs = read_pairs()
    print(
        f"{len(pairs)} pairs judged, of these {sum(p['label'] == 'unsure' for p in pairs)} not settled and left out\n"
    )
    print("| ids | half | precision | recall | joined, one person | joined, two | apart, one person | apart, two |")
    print("|--|--|--|--|--|--|--|--|")
    for name, ids in (("catalog", ids_of_catalog(catalog)), ("rules alone", ids_of_rules(catalog))):
        for half in ("tuning", "held-out", "both"):
            found = measure(catalog, ids, [p for p in pairs if half in {p["half"], "both"}])
            counts = " | ".join(str(count) for count in found)
            print(f"| {name} | {half} | {found.precision:.3f} | {found.recall:.3f} | {counts} |")
    started = time.perf_counter()
    rows = possibly_same(catalog)
    print(f"\nreport of {len(rows)} pairs that are possibly the same: {time.perf_counter() - started:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
