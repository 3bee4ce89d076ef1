"""Write chosen proposals of a plan into the record files: all of them or none."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kg.catalog.edits import write_records
from kg.enrich.plan import FIELDS, EnrichPlan
from kg.enrich.proposals import Proposal
from kg.enrich.records import records_of
from kg.errors import EnrichError
from kg.model import Catalog

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
    return write_records(root, records_of(catalog, proposals))
