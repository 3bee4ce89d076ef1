"""Search over the names of all records: labels, synonyms, identifiers, in any spelling."""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.iris import RECORD_KINDS, fold, record_iri
from kg.pages.cells import Entry, entry
from kg.pages.links import Links
from kg.pages.record import PLURALS
from kg.pages.render import Head, Site, render

if TYPE_CHECKING:
    from kg.names import NameIndex
    from kg.service import KnowledgeGraph

LONGEST: Final = 200
_MOST: Final = 20
_MOST_DESCRIBED: Final = 30


class Hit(NamedTuple):
    """One record that was found.

    Attributes:
        entry: Its label and page.
        other: The name that fits, when that is not the label.
        exact: Whether the name is what was asked for.
    """

    entry: Entry
    other: str | None
    exact: bool


class Group(NamedTuple):
    """What was found of one kind."""

    kind: str
    title: str
    hits: list[Hit]
    total: int


class Found(NamedTuple):
    """Everything that was found.

    Attributes:
        groups: By kind; those with an exact name first.
        described: Methods found by summary or title of a paper.
        suggestions: Names that look alike, when nothing was found.
    """

    groups: list[Group]
    described: list[tuple[Entry, str]]
    suggestions: list[Entry]


def _rank(name: str, wanted: str, words: list[str]) -> int | None:
    """How well a name fits: the same, begins so, a word begins so, holds every word; None for not at all."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name:
        return 2
    return 3 if all(word in name for word in words) else None


def _of_kind(graph: "KnowledgeGraph", links: Links, index: "NameIndex", wanted: str) -> Group | None:
    words = wanted.split()
    best: dict[str, tuple[int, str]] = {}
    for name, slugs in index.names.items():
        rank = _rank(name, wanted, words)
        if rank is not None:
            for slug in slugs:
                best[slug] = min(best.get(slug, (9, "")), (rank, name))
    if not best:
        return None
    ranked = sorted(best.items(), key=lambda pair: (pair[1][0], len(index.labels[pair[0]]), index.labels[pair[0]]))
    hits = []
    for slug, (rank, name) in ranked[:_MOST]:
        other = None if all(word in fold(index.labels[slug]) for word in words) else name
        hits.append(Hit(entry(graph, links, record_iri(index.kind, slug)), other, rank == 0))
    return Group(index.kind, PLURALS[index.kind], hits, len(best))


def suggest(graph: "KnowledgeGraph", links: Links, text: str, most: int = 6) -> list[Entry]:
    """Records whose names look like a text, best kinds first."""
    found: list[Entry] = []
    for kind in RECORD_KINDS:
        index = graph.index(kind)
        for label in index.nearest(text[:LONGEST], n_max=2):
            slugs = index.names.get(fold(label), ())
            if slugs:
                found.append(entry(graph, links, record_iri(kind, slugs[0]), label))
        if len(found) >= most:
            break
    return found[:most]


def _described(graph: "KnowledgeGraph", links: Links, text: str) -> list[tuple[Entry, str]]:
    """Methods whose summary or paper title holds the words."""
    if len(text) < 3 or not text.isprintable():
        return []
    rows: Any = graph.query("search", text=text)
    kept = [row for row in rows if row["found_in"] not in (None, [], "name")]
    return [(entry(graph, links, row["method"]), _words(row["found_in"])) for row in kept]


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def find(graph: "KnowledgeGraph", links: Links, text: str) -> Found:
    """Everything whose name fits a text.

    Args:
        graph: The graph.
        links: Addresses on the site.
        text: What people type; it is cut to 200 characters.
    """
    from kg.errors import QueryParameterError

    wanted = fold(text[:LONGEST])
    if not wanted:
        return Found([], [], [])
    found = [_of_kind(graph, links, graph.index(kind), wanted) for kind in RECORD_KINDS]
    groups = [group for group in found if group is not None]
    groups.sort(key=lambda group: not group.hits[0].exact)
    try:
        described = _described(graph, links, " ".join(text[:LONGEST].split()))
    except QueryParameterError:
        described = []
    named = {hit.entry.href for group in groups for hit in group.hits}
    described = [pair for pair in described if pair[0].href not in named][:_MOST_DESCRIBED]
    suggestions = suggest(graph, links, text) if not groups and not described else []
    return Found(groups, described, suggestions)


def search_page(graph: "KnowledgeGraph", text: str, site: Site) -> str:
    """The page of search results; without a text, the empty search."""
    text = text.strip()[:LONGEST]
    found = find(graph, site.links, text)
    total = sum(group.total for group in found.groups) + len(found.described)
    title = f"{text} – search" if text else "Search"
    head = Head(title, here=f"{site.root}/search", indexed=False)
    return render("search", site, head, text=text, found=found, total=total)
