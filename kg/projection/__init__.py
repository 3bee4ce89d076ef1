"""Catalog records to RDF quads: pure, deterministic, no store and no files."""

from kg.projection.graph import catalog_quads, record_quads
from kg.projection.record import Registry

__all__ = ["Registry", "catalog_quads", "record_quads"]
