"""The weighted co-authorship graph, with communities and centrality as node attributes."""

from collections.abc import Iterable

import networkx as nx
import rustworkx as rx

from kg.network.rows import Row, last_segment, number, text, words

SEED = 20260101
EXACT_BETWEENNESS_NODES = 5_000
SAMPLED_SOURCES = 500


def coauthor_graph(pairs: Iterable[Row], authors: Iterable[Row]) -> "nx.Graph":
    """Build the co-authorship graph.

    Communities come from Louvain's method with a fixed seed and are numbered from 1 by size, then by their smallest
    IRI; an author alone forms a community of one. Betweenness is exact up to 5,000 authors and above that estimated
    from 500 sources drawn with a fixed seed; either way it is rounded to nine decimals.

    Args:
        pairs: One mapping for each pair with ``author_a``, ``author_b`` and ``papers``. A pair given twice counts
            once, with the larger number of papers; an author paired with itself is left out.
        authors: One mapping for each author with ``author``, ``label``, ``papers``, ``first_year``, ``last_year``,
            ``methods``, ``tasks``, ``frameworks``, ``orcid`` and, where known, ``method_iris``, ``paper_iris`` and
            ``years``. Without ``years`` the first and the last year stand for them.

    Returns:
        Graph keyed by author IRI. Authors without co-authors are nodes too.
    """
    weights: dict[tuple[str, str], int] = {}
    for row in pairs:
        ends = sorted((str(row["author_a"]), str(row["author_b"])))
        if ends[0] != ends[1]:
            key = (ends[0], ends[1])
            weights[key] = max(weights.get(key, 0), number(row, "papers") or 1)
    described = {str(row["author"]): row for row in authors}
    for author in {end for pair in weights for end in pair} - described.keys():
        described[author] = {"author": author}
    graph = nx.Graph(kind="coauthors")
    for author in sorted(described):
        graph.add_node(author, **_author(author, described[author]))
    for (left, right), papers in sorted(weights.items()):
        graph.add_edge(left, right, papers=papers, weight=papers)
    _add_structure(graph)
    return graph


def _author(author: str, row: Row) -> dict[str, object]:
    first, last = number(row, "first_year"), number(row, "last_year")
    years = sorted({int(year) for year in words(row, "years")}) or sorted({y for y in (first, last) if y is not None})
    return {
        "label": text(row, "label") or last_segment(author),
        "papers": number(row, "papers") or 0,
        "first_year": first,
        "last_year": last,
        "years": years,
        "tasks": words(row, "tasks"),
        "frameworks": words(row, "frameworks"),
        "methods": words(row, "methods"),
        "method_iris": words(row, "method_iris"),
        "paper_iris": words(row, "paper_iris"),
        "orcid": text(row, "orcid"),
    }


def _add_structure(graph: "nx.Graph") -> None:
    """Add degree, component, community and betweenness; computed on integers, so no hash seed can matter."""
    names = list(graph)
    index = {name: position for position, name in enumerate(names)}
    plain = nx.Graph()
    plain.add_nodes_from(range(len(names)))
    plain.add_weighted_edges_from((index[a], index[b], papers) for a, b, papers in graph.edges(data="papers"))
    components = _numbered(nx.connected_components(plain))
    communities = _numbered(nx.community.louvain_communities(plain, weight="weight", seed=SEED) if names else [])
    betweenness = _betweenness(plain)
    for position, name in enumerate(names):
        graph.nodes[name].update(
            degree=plain.degree[position],
            component=components[position],
            community=communities[position],
            betweenness=round(betweenness[position], 9),
        )


def _numbered(groups: Iterable[set[int]]) -> dict[int, int]:
    """Number groups from 1: the largest first, then the one with the smallest member."""
    ranked = sorted(groups, key=lambda group: (-len(group), min(group)))
    return {member: number_ for number_, group in enumerate(ranked, start=1) for member in group}


def _betweenness(plain: "nx.Graph") -> dict[int, float]:
    if len(plain) > EXACT_BETWEENNESS_NODES:
        sampled: dict[int, float] = nx.betweenness_centrality(plain, k=SAMPLED_SOURCES, seed=SEED)
        return sampled
    quick = rx.PyGraph(multigraph=False)
    quick.add_nodes_from(list(plain))
    quick.add_edges_from_no_data(list(plain.edges()))
    # One thread only: the order of a parallel sum would show in the last digits.
    return dict(rx.graph_betweenness_centrality(quick, parallel_threshold=len(plain) + 1))
