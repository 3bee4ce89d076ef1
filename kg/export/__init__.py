"""Write the graph in the formats that other tools read; every file says its version, licence and origin."""

from kg.export.files import AWESOME, FORMATS, GRAPH_FORMATS, export, export_graph, format_of

__all__ = ["AWESOME", "FORMATS", "GRAPH_FORMATS", "export", "export_graph", "format_of"]
