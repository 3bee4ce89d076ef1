"""A copy of a graph that GraphML and GEXF can carry: plain values only."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

# Characters that XML 1.0 forbids even when escaped.
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def flatten(graph: "nx.Graph") -> "nx.Graph":
    """Copy a graph with lists joined by ``"; "`` and absent values dropped.

    Args:
        graph: Graph with lists and ``None`` among its attributes; it is not changed.

    Returns:
        Graph of the same class whose attributes are texts, numbers or truth values. An empty list is dropped too.
    """
    flat = graph.__class__(**_plain(graph.graph))
    flat.add_nodes_from((node, _plain(attributes)) for node, attributes in graph.nodes(data=True))
    flat.add_edges_from((left, right, _plain(attributes)) for left, right, attributes in graph.edges(data=True))
    return flat


def _plain(attributes: Mapping[str, Any]) -> dict[str, str | int | float | bool]:
    plain: dict[str, str | int | float | bool] = {}
    for name, value in attributes.items():
        if isinstance(value, bool | int | float):
            plain[name] = value
        elif isinstance(value, list | tuple | set | frozenset):
            entries = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            if entries:
                plain[name] = _clean("; ".join(str(entry) for entry in entries))
        elif value is not None:
            plain[name] = _clean(str(value))
    return plain


def _clean(value: str) -> str:
    return _FORBIDDEN_IN_XML.sub("\ufffd", value)
