"""What curators have settled about a source already: corrections in its listing, and conflicts in records."""

from typing import Final

from kg.importing.additions import Addition
from kg.importing.findings import Finding
from kg.importing.matching import Candidate
from kg.model import Catalog

# Field of a finding -> field of the record that has the value. Others are faults of form, which no record has.
RECORD_FIELDS: Final = {
    "name": ("method", "name"),
    "repository": ("method", "repository"),
    "language": ("method", "languages"),
    "title": ("paper", "title"),
    "doi": ("paper", "doi"),
    "link": ("paper", "doi"),
    "venue": ("paper", "venue"),
    "year": ("paper", "year"),
    "authors": ("paper", "authors"),
}


class Settled:
    """Asks the records what was settled.

    Args:
        catalog: Our records.
        source: Id of the source whose listing counts, or None.
    """

    def __init__(self, catalog: Catalog, source: str | None) -> None:
        self.catalog = catalog
        listing = catalog.listings.get(source or "")
        entries = listing.entries if listing else ()
        self.corrections = {(c.record, c.field, c.kind) for e in entries for c in e.corrections if c.record}

    def refuses(self, fact: Addition) -> bool:
        """Whether a fact was found wrong before: a task of a category that a curator corrected."""
        record = f"{fact.kind}/{fact.key}"
        return fact.field == "tasks" and any((r, f) == (record, "category") for r, f, _ in self.corrections)

    def has(self, match: Candidate, finding: Finding) -> bool:
        """Whether the listing or the record says of a finding already that it is so."""
        records = (f"method/{match.method}", f"paper/{match.paper}")
        if any((record, finding.field, finding.rule) in self.corrections for record in records):
            return True
        kind, field = RECORD_FIELDS.get(finding.field, ("", ""))
        key = match.method if kind == "method" else match.paper
        record = self.catalog.of_kind(kind).get(key) if kind and key else None
        return record is not None and any(c.field == field and c.value == finding.listed for c in record.conflicts)
