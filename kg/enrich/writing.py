"""Write chosen proposals of a plan into the record files: all of them or none."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from kg.catalog.edits import Fact, with_facts, write_records
from kg.enrich.plan import FIELDS, EnrichPlan
from kg.enrich.proposals import Proposal
from kg.errors import EnrichError
from kg.model import Author, Catalog, ExternalLink, Record

_NUMBERS: Final = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")


def chosen(plan: EnrichPlan, selection: str) -> tuple[list[Proposal], list[Proposal]]:
    """The proposals that a selection means.

    Args:
        plan: The plan.
        selection: ``adds-facts`` for all, or ``adds-facts:`` with numbers (``3``, ``7-9``) and fields (``authors``)
            behind it, with commas between them.

    Returns:
        Those to write, and those that were meant and have to be written by hand.

    Raises:
        EnrichError: The selection is another, or a number is not in the plan.
    """
    part, colon, words = selection.partition(":")
    if part != "adds-facts":
        raise EnrichError(f"{selection[:40]!r} is no part of the plan that can be written: write adds-facts")
    numbers: set[int] = set() if colon else set(range(1, len(plan.proposals) + 1))
    for word in (w.strip() for w in words.split(",") if colon):
        match = _NUMBERS.fullmatch(word)
        if word in FIELDS:
            numbers |= {n for n, p in enumerate(plan.proposals, 1) if p.field.removeprefix("repository.") == word}
        elif match and 1 <= int(match[1]) <= int(match[2] or match[1]) <= len(plan.proposals):
            numbers |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
        else:
            count = len(plan.proposals)
            raise EnrichError(f"{word[:40]!r} is neither a field nor a number from 1 to {count} of the plan")
    meant = [plan.proposals[number - 1] for number in sorted(numbers)]
    return [p for p in meant if not p.hindrance], [p for p in meant if p.hindrance]


def write_proposals(root: Path, catalog: Catalog, proposals: Sequence[Proposal]) -> list[str]:
    """Write proposals.

    Args:
        root: The data folder.
        catalog: What was read from it.
        proposals: From :func:`chosen`.

    Returns:
        Paths of the files that changed.

    Raises:
        EditError: The result would not pass ``stkg check``; nothing was written.
    """
    facts, new = [], list[Record]()
    for proposal in proposals:
        if proposal.field == "external":
            new.append(_external(proposal))
        elif proposal.kind == "author" and proposal.key not in catalog.authors:
            new.append(_person(proposal, catalog))
        else:
            facts.append(Fact(proposal.kind, proposal.key, proposal.field, proposal.value, proposal.sources))
    return write_records(root, [*with_facts(catalog, facts), *new])


def _external(proposal: Proposal) -> ExternalLink:
    return ExternalLink(
        iri=proposal.value["iri"],
        record=proposal.record,
        seen_on=date.fromisoformat(proposal.value["seen_on"]),
        sources=proposal.sources,
    )


def _person(proposal: Proposal, catalog: Catalog) -> Author:
    """A record for a person whose ORCID is known; until now a plain name on one paper was enough."""
    printed = _printed(catalog, proposal.key)
    where = proposal.note.rpartition(" on ")[2]
    return Author(
        id=proposal.key,
        name=printed[0],
        synonyms=tuple(printed[1:]),
        orcid=proposal.value,
        evidence=f"The publisher of {where} deposited this ORCID at that place of the author list.",
        sources=proposal.sources,
    )


def _printed(catalog: Catalog, author: str) -> list[str]:
    names: Iterable[str] = (name for _, _, name, key in catalog.printed_authors() if key == author)
    return list(dict.fromkeys(names))
