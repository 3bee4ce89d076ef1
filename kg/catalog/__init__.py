"""Read, check and write the catalog's YAML files. Knows no RDF."""

from kg.catalog.loader import Loaded, load_all, load_catalog

__all__ = ["Loaded", "load_all", "load_catalog"]
