"""Draw facts at random for people to check, and count what they found.

The draw depends on nothing but the catalog's content and a number, so that anybody can draw the same sample. Fields are
drawn alike often, so that rare kinds of fact are seen too.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from kg.model import Audit, AuditedFact, Catalog, Method, Paper, author_of

_CONFIDENCE: Final = 0.95
# List of a method -> what names its item.
_LINKS: Final = {
    "tasks": ("task",),
    "frameworks": ("framework", "use"),
    "languages": ("language",),
    "licenses": ("license",),
    "datasets": ("dataset",),
    "lineage": ("relation", "method"),
    "comparisons": ("method",),
}
_PAPER_FIELDS: Final = ("title", "doi", "year", "venue")


# What an audit may draw from.
FIELDS: Final = (
    "method.repository",
    *(f"method.{name}" for name in _LINKS),
    *(f"paper.{name}" for name in (*_PAPER_FIELDS, "authors")),
)


def facts_of(catalog: Catalog) -> Iterator[AuditedFact]:
    """Every fact that an audit may draw, in order of record.

    Facts that are marked weak already, and records outside the scope, are left out: nobody is told that they hold.
    """
    for _, method in sorted(catalog.methods.items()):
        if method.scope == "spatial" and method.status == "current":
            yield from _of_method(method)
    for _, paper in sorted(catalog.papers.items()):
        if paper.scope == "spatial" and paper.status == "current":
            yield from _of_paper(paper)


def _of_method(method: Method) -> Iterator[AuditedFact]:
    if method.repository:
        yield AuditedFact(field="method.repository", record=method.id, value=method.repository.url)
    for name, parts in _LINKS.items():
        for item in getattr(method, name):
            if item.strength == "strong":
                value = " ".join(str(getattr(item, part)) for part in parts)
                yield AuditedFact(field=f"method.{name}", record=method.id, value=value)


def _of_paper(paper: Paper) -> Iterator[AuditedFact]:
    for name in _PAPER_FIELDS:
        value = getattr(paper, name)
        if value is not None:
            yield AuditedFact(field=f"paper.{name}", record=paper.id, value=str(value))
    if paper.authors:
        names = "; ".join(author_of(printed)[0] for printed in paper.authors.names)
        yield AuditedFact(field="paper.authors", record=paper.id, value=names)


def draw(catalog: Catalog, *, size: int, seed: int, day: date, fields: Collection[str] = ()) -> Audit:
    """A sample without verdicts.

    Args:
        catalog: The records.
        size: How many facts; fewer when there are no more.
        seed: Any whole number.
        day: Day of the draw.
        fields: Only facts of these, such as ``paper.year``; of all when empty.
    """
    by_field: dict[str, list[AuditedFact]] = defaultdict(list)
    for fact in facts_of(catalog):
        if fields and fact.field not in fields:
            continue
        by_field[fact.field].append(fact)
    chooser = random.Random(seed)  # noqa: S311  a sample, not a secret
    decks = {name: chooser.sample(facts, len(facts)) for name, facts in sorted(by_field.items())}
    drawn: list[AuditedFact] = []
    while len(drawn) < size and any(decks.values()):
        for deck in decks.values():
            if deck and len(drawn) < size:
                drawn.append(deck.pop())
    drawn.sort(key=lambda fact: (fact.field, fact.record, fact.value))
    procedure = "Each fact was held against the evidence that its record cites."
    return Audit(id=f"{day:%Y-%m}-seed-{seed}", drawn_on=day, seed=seed, procedure=procedure, facts=tuple(drawn))


class Figure(NamedTuple):
    """What an audit found in one field.

    Attributes:
        field: The field, or ``all``.
        checked: Facts whose evidence was read.
        rate: Share of ``checked`` that is wrong, 0 to 1.
        low: Lower bound of the 95 % interval of ``rate`` (exact binomial).
        high: Its upper bound.
    """

    field: str
    checked: int
    right: int
    wrong: int
    weak: int
    unseen: int
    rate: float
    low: float
    high: float


def figures(audit: Audit) -> list[Figure]:
    """Counts by field, and over all at the end."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for fact in audit.facts:
        for name in (fact.field, "all"):
            counts[name][fact.verdict or "unseen"] += 1
    total = counts.pop("all")
    return [*(_figure(name, count) for name, count in sorted(counts.items())), _figure("all", total)]


def _figure(name: str, count: Mapping[str, int]) -> Figure:
    right, wrong, weak, unseen = (count.get(verdict, 0) for verdict in ("right", "wrong", "weak", "unseen"))
    checked = right + wrong + weak
    low, high = interval(wrong, checked)
    return Figure(name, checked, right, wrong, weak, unseen, wrong / checked if checked else 0.0, low, high)


def interval(hits: int, trials: int) -> tuple[float, float]:
    """Exact (Clopper-Pearson) 95 % interval of a share.

    >>> tuple(round(bound, 3) for bound in interval(3, 60))
    (0.01, 0.139)
    >>> tuple(round(bound, 3) for bound in interval(0, 25))
    (0.0, 0.137)
    """
    tail = (1 - _CONFIDENCE) / 2
    low = 0.0 if hits == 0 else _solve(lambda p: 1 - _at_most(hits - 1, trials, p), tail)
    high = 1.0 if hits == trials else 1 - _solve(lambda q: _at_most(hits, trials, 1 - q), tail)
    return low, high


def _at_most(hits: int, trials: int, share: float) -> float:
    return sum(math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(hits + 1))


def _solve(rising: Callable[[float], float], wanted: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return low
