"""The record of an audit: facts drawn from the catalog at random, each held against its evidence by a reader."""

from typing import Annotated, Literal

from pydantic import Field

from kg.model.base import Day, Record, Slug, Text

Verdict = Literal["right", "wrong", "weak", "unseen"]


class AuditedFact(Record):
    """One fact of the sample.

    Attributes:
        field: What kind of fact, such as ``paper.year``.
        record: Id of the record.
        value: The fact as it stood when the sample was drawn.
        verdict: ``right``: the evidence says it. ``wrong``: the evidence says something else, or nothing of the kind.
            ``weak``: it only suggests it, and the record did not say so. ``unseen``: the evidence could not be opened.
            Absent until somebody looked.
        seen: What was read, and where.
        mended: What was done about it.
    """

    field: Text
    record: Slug
    value: Text
    verdict: Verdict | None = None
    seen: Text | None = None
    mended: Text | None = None


class Audit(Record):
    """A sample with its verdicts.

    Attributes:
        drawn_on: Day of the draw; the catalog is the one of that day.
        seed: Number that the draw depends on.
        procedure: How the facts were read.
    """

    id: Slug
    drawn_on: Day
    seed: int
    procedure: Text
    facts: Annotated[tuple[AuditedFact, ...], Field(min_length=1)]
