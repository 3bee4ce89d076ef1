"""Records as proposals make them, and which of these the rules of the catalog would refuse."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kg.catalog.checks import RULES
from kg.catalog.edits import Fact, with_facts
from kg.catalog.finding import Finding
from kg.enrich.proposals import Proposal
from kg.errors import EditError
from kg.model import COLLECTIONS, Author, Catalog, ExternalLink, Record, author_of


def records_of(catalog: Catalog, proposals: Iterable[Proposal]) -> list[Record]:
    """Changed and new records.

    Args:
        catalog: Our records.
        proposals: What they shall state too.

    Raises:
        EditError: A value is not valid, or contradicts what a record says.
    """
    facts, new = [], list[Record]()
    for proposal in proposals:
        if proposal.field == "external":
            new.append(_external(proposal))
        elif proposal.kind == "author" and proposal.key not in catalog.authors:
            new.append(_person(proposal, catalog))
        else:
            facts.append(Fact(proposal.kind, proposal.key, proposal.field, proposal.value, proposal.sources))
    return [*with_facts(catalog, facts), *new]


def _external(proposal: Proposal) -> ExternalLink:
    return ExternalLink(
        iri=proposal.value["iri"],
        record=proposal.record,
        seen_on=date.fromisoformat(proposal.value["seen_on"]),
        sources=proposal.sources,
    )


def _person(proposal: Proposal, catalog: Catalog) -> Author:
    """A record for a person whose ORCID is known; until now a plain name on one paper was enough."""
    where = proposal.note.rpartition(" on ")[2]
    listed = catalog.papers[where.removeprefix("paper/")].authors
    printed = [author_of(printed) for printed in listed.names] if listed else []
    name, *synonyms = dict.fromkeys(name for name, key in printed if key == proposal.key)
    return Author(
        id=proposal.key,
        name=name,
        synonyms=tuple(synonyms),
        orcid=proposal.value,
        evidence=f"The publisher of {where} deposited this ORCID at that place of the author list.",
        sources=proposal.sources,
    )


def tried(catalog: Catalog, proposals: Sequence[Proposal]) -> list[Proposal]:
    """The proposals, those marked that ``stkg check`` would refuse.

    All are tried together in memory. So what is left unmarked can be written together; a rule that two records break
    between them is found when they are written.
    """
    found = list(proposals)
    changed: dict[tuple[str, str], Record] = {}
    for index, proposal in enumerate(found):
        if not proposal.hindrance:
            try:
                records = records_of(_with(catalog, changed), [proposal])
            except EditError as error:
                found[index] = replace(proposal, hindrance=error.summary)
            else:
                changed |= {_name(record): record for record in records}
    refused: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in _findings(_with(catalog, changed)) - _findings(catalog):
        refused[finding.kind, finding.key].append(finding)
    return [_marked(proposal, refused.get((proposal.kind, proposal.key), [])) for proposal in found]


def _name(record: Record) -> tuple[str, str]:
    if isinstance(record, ExternalLink):
        return "external", record.iri
    return type(record).__name__.lower(), str(getattr(record, "id", ""))


def _with(catalog: Catalog, changed: dict[tuple[str, str], Record]) -> Catalog:
    tables: dict[str, Any] = {}
    for (kind, key), record in changed.items():
        tables.setdefault(COLLECTIONS[kind], dict(catalog.of_kind(kind)))[key] = record
    return replace(catalog, **tables)


def _findings(catalog: Catalog) -> set[Finding]:
    return {finding for rule in RULES for finding in rule(catalog)}


def _marked(proposal: Proposal, findings: Sequence[Finding]) -> Proposal:
    group = proposal.field.partition(".")[0]
    for finding in sorted(findings, key=lambda f: (f.steps != (group,), str(f.steps), f.message)):
        if not proposal.hindrance and finding.steps[:1] in {(group,), ()}:
            return replace(proposal, hindrance=f"the check would refuse it: {finding.message}")
    return proposal
