"""Rows of the stored queries as NetworkX graphs: who writes with whom, and which method descends from which.

The builders take plain mappings, so they serve the command line, notebooks and tests alike and know nothing of
SPARQL. Every graph has sorted nodes and edges and the same attributes under any hash seed.
"""

from kg.network.coauthors import coauthor_graph
from kg.network.flat import flatten
from kg.network.lineage import LineageCycleError, lineage_graph

__all__ = ["LineageCycleError", "coauthor_graph", "flatten", "lineage_graph"]
