"""What pages need again and again from a graph that does not change: computed once for each graph."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

T = TypeVar("T")
_KNOWN: Final[WeakKeyDictionary[Any, dict[str, Any]]] = WeakKeyDictionary()


def remember(graph: "KnowledgeGraph", key: str, make: "Callable[[KnowledgeGraph], T]") -> T:
    """The value of a key for a graph, made when it is first asked for.

    Args:
        graph: A graph opened for reading, which does not change.
        key: Name of the value; few different ones.
        make: Computes it.
    """
    known = _KNOWN.setdefault(graph, {})
    if key not in known:
        known[key] = make(graph)
    found: T = known[key]
    return found
