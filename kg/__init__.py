"""STKG, the knowledge graph of computational methods for spatial transcriptomics.

The public entry point is :class:`KnowledgeGraph`. It is imported on first use, so that the command
line, which has its own short path to a stored query, does not pay for what it does not need.
"""

from typing import TYPE_CHECKING, Any

from kg.version import __version__

if TYPE_CHECKING:
    from kg.service import KnowledgeGraph

__all__ = ["KnowledgeGraph", "__version__"]


def __getattr__(name: str) -> Any:
    """Import :class:`KnowledgeGraph` when it is first asked for."""
    if name == "KnowledgeGraph":
        from kg.service import KnowledgeGraph

        return KnowledgeGraph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
