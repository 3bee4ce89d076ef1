"""What a run proposes and where it disagrees with our records; nothing here changes a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Right = Literal["ours", "list", "unsettled"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fact that a record lacks.

    Attributes:
        line: Number of the question whose answer has it.
        kind: Kind of the record (``paper``, ``method``, ``author``).
        key: Its id.
        field: Field to fill; ``repository.first_commit`` for a part of a group, ``external`` for an id elsewhere.
        value: As it would stand in the file, without sources.
        sources: Where it stands.
        told_by: Services that say so.
        hindrance: Why it cannot be written yet, or ``""``.
        note: What a curator should know.
    """

    line: int
    kind: str
    key: str
    field: str
    value: Any
    sources: tuple[str, ...]
    told_by: tuple[str, ...]
    hindrance: str = ""
    note: str = ""

    @property
    def record(self) -> str:
        """``kind/id``."""
        return f"{self.kind}/{self.key}"

    def as_item(self, number: int) -> dict[str, Any]:
        """The item of a plan."""
        item: dict[str, Any] = {"number": number, "line": self.line, "record": self.record, "field": self.field}
        item |= {"value": self.value, "sources": list(self.sources), "told_by": list(self.told_by)}
        item |= {"by_hand": self.hindrance} if self.hindrance else {}
        return item | ({"note": self.note} if self.note else {})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A value that differs from ours, or from that of another service.

    Attributes:
        rule: Kind of difference.
        listed: What the service says.
        ours: What we have.
        right: Who is right: ``list`` means the service.
        why: The reason, for people.
    """

    line: int
    record: str
    rule: str
    field: str
    listed: str
    ours: str
    right: Right
    why: str

    def as_item(self) -> dict[str, Any]:
        """The item of a plan."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass
class Verdict:
    """What came of comparing one record with what was told about it."""

    proposals: list[Proposal]
    disagreements: list[Disagreement]


def joined(words: Sequence[str]) -> str:
    """Names for people: ``A, B and C``."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
