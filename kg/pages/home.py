"""The home page, lists of all records of a kind, the graphs, and pages for what is not there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.iris import BASE, RECORD_KINDS, record_iri
from kg.pages.cells import Entry, entry
from kg.pages.memory import remember
from kg.pages.record import PLURALS
from kg.pages.render import Head, Site, render
from kg.pages.search import suggest

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

BROWSE_ROWS: Final = 200
# Questions that show what the graph can do: words, query, values.
EXAMPLES: Final[Sequence[tuple[str, str, dict[str, str]]]] = (
    (
        "Deconvolution methods in PyTorch since 2022",
        "methods",
        {"task": "cell-type-deconvolution", "framework": "pytorch", "since": "2022"},
    ),
    ("What builds on GraphST?", "lineage", {"method": "GraphST", "direction": "descendants"}),
    ("Which methods were most others built on?", "foundations", {}),
    ("Who writes papers with whom?", "coauthors", {"min_papers": "3"}),
    ("Methods most like STAGATE", "similar", {"method": "STAGATE"}),
    ("How many methods appeared each year?", "trends", {}),
    ("Why does the catalog say what it says of cell2location?", "evidence", {"method": "cell2location"}),
    ("Which errors do the source lists have?", "corrections", {}),
)
_SHOWN_FIRST: Final = ("method", "paper", "author", "task", "dataset", "framework", "source")


class Counted(NamedTuple):
    """How many records there are of a kind."""

    kind: str
    title: str
    amount: int
    href: str


def _statements(graph: "KnowledgeGraph") -> int:
    table: Any = graph.store.select("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }")
    return int(table.rows[0][0].value)


def _counts(graph: "KnowledgeGraph", site: Site) -> list[Counted]:
    return [
        Counted(kind, PLURALS[kind], len(graph.index(kind).labels), f"{site.root}/browse/{kind}")
        for kind in RECORD_KINDS
        if graph.index(kind).labels
    ]


def _big_tasks(graph: "KnowledgeGraph") -> list[tuple[str, str, int]]:
    rows: Any = graph.query("tasks")
    found = [(row["task"], row["label"], row["methods"] or 0) for row in rows]
    return sorted(found, key=lambda row: (-row[2], row[1]))[:14]


def home_page(graph: "KnowledgeGraph", site: Site) -> str:
    """The way in: search, tasks, example questions, counts, and how to use the graph elsewhere."""
    links = site.links
    examples = [
        (text, links.query(name, **values))
        for text, name, values in EXAMPLES
        if name in graph.queries and _runs(graph, name, values)
    ]
    tasks = [(entry(graph, links, iri, label), count) for iri, label, count in remember(graph, "tasks", _big_tasks)]
    data = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": BASE,
        "name": "STKG",
        "description": "Knowledge graph of computational methods for spatial transcriptomics.",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    about = (
        "Methods, papers, people, tasks, data sets and software of spatial transcriptomics, each fact with its source."
    )
    head = Head("STKG – spatial transcriptomics methods", about, here=f"{site.root}/", data=data)
    counts = _counts(graph, site)
    return render(
        "home",
        site,
        head,
        examples=examples,
        tasks=tasks,
        counts=[count for count in counts if count.kind in _SHOWN_FIRST],
        others=[count for count in counts if count.kind not in _SHOWN_FIRST],
        statements=remember(graph, "statements", _statements),
        built=graph.built_on,
        queries=len(graph.queries),
    )


def _runs(graph: "KnowledgeGraph", name: str, values: dict[str, str]) -> bool:
    """Whether a catalog has the records that an example names."""
    from kg.errors import QueryParameterError
    from kg.queries.binding import bind

    try:
        bind(graph.stored_query(name), values, graph.index)
    except QueryParameterError:
        return False
    return True


def browse_page(graph: "KnowledgeGraph", kind: str, number: int, site: Site) -> str | None:
    """All records of a kind by name, one page of many.

    Args:
        graph: The graph.
        kind: Kind of record.
        number: Which page, from 1.
        site: Where the page stands.

    Returns:
        None when there is no such page.
    """
    labels = graph.index(kind).labels
    ranked = sorted(labels.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
    pages = max(1, -(-len(ranked) // BROWSE_ROWS))
    if not 1 <= number <= pages:
        return None
    part = ranked[(number - 1) * BROWSE_ROWS : number * BROWSE_ROWS]
    groups: dict[str, list[Entry]] = {}
    for slug, label in part:
        first = label[:1].upper()
        letter = first if first.isascii() and first.isalpha() else "0–9 and others"
        groups.setdefault(letter, []).append(entry(graph, site.links, record_iri(kind, slug)))
    starts = range(0, len(ranked), BROWSE_ROWS)
    steps = [
        (f"{ranked[at][1][:2]}–{ranked[min(at + BROWSE_ROWS, len(ranked)) - 1][1][:2]}", at // BROWSE_ROWS + 1)
        for at in starts
    ]
    here = f"{site.root}/browse/{kind}"
    head = Head(PLURALS[kind], f"All {len(ranked)} {PLURALS[kind].lower()} by name.", here=here)
    counts = _counts(graph, site)
    return render(
        "browse",
        site,
        head,
        kind=kind,
        title=PLURALS[kind],
        total=len(ranked),
        groups=groups,
        steps=steps,
        number=number,
        here=here,
        counts=counts,
    )


def graphs_page(graph: "KnowledgeGraph", site: Site) -> str:
    """What graphs there are to explore."""
    head = Head("Graphs", "Co-authors and lineage as graphs to explore.", here=f"{site.root}/graph")
    return render("graphs", site, head, people=len(graph.index("author").labels))


def problem_page(
    status: int, title: str, detail: str, site: Site, *, near: Sequence[Entry] = (), words: str = "", query: str = ""
) -> str:
    """The page for a request that cannot be met.

    Args:
        status: HTTP status.
        title: What is wrong, in a few words.
        detail: One sentence.
        site: Where the page stands.
        near: Pages that may have been meant.
        words: What to search for instead.
        query: SPARQL that was sent, to be changed and sent again.
    """
    head = Head(title, indexed=False)
    return render("problem", site, head, status=status, title=title, detail=detail, near=near, words=words, query=query)


def missing_page(graph: "KnowledgeGraph", path: str, detail: str, site: Site) -> str:
    """The page for an address at which there is nothing, with records of similar names."""
    words = words_of(path)
    near = suggest(graph, site.links, words) if words else []
    return problem_page(404, "Not found", detail, site, near=near, words=words)


def words_of(path: str) -> str:
    """What an address may have meant, as words to search for.

    >>> words_of("method/graph-st.html"), words_of("a/%3Cscript%3E")
    ('graph st', '')
    """
    last = path.rstrip("/").rpartition("/")[2].partition(".")[0][:80]
    return " ".join(last.replace("-", " ").replace("_", " ").split()) if last.replace("-", "").isalnum() else ""
