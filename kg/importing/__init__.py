"""Read the lists people keep, match their rows with our records, and plan what would change. No RDF, no network."""

from kg.importing.plan import Plan, make_plan
from kg.importing.sources import KINDS, read_source

__all__ = ["KINDS", "Plan", "make_plan", "read_source"]
