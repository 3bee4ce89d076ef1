"""What the readers yield: rows with their place, before anybody knows what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Shape = Literal["table", "item", "prose", "record"]


class Link(NamedTuple):
    """A link as printed; ``url`` is empty for ``[here]()``."""

    text: str
    url: str


class Run(NamedTuple):
    """A stretch of text in one style.

    Attributes:
        style: ``plain``, ``strong`` or ``link``.
        text: What is printed.
        url: Where a link leads.
    """

    style: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table, or the whole of a list item."""

    runs: tuple[Run, ...] = ()

    @property
    def text(self) -> str:
        """All that is printed, links included."""
        return "".join(run.text for run in self.runs).strip()

    @property
    def links(self) -> tuple[Link, ...]:
        """The links, in order."""
        return tuple(Link(run.text, run.url) for run in self.runs if run.style == "link")


@dataclass(frozen=True)
class RowFact:
    """A fact on the method that a row means, with its own place in the source.

    Attributes:
        field: Field of a method's record.
        value: As shown to people.
        plain: As it would stand in the record, without sources; None when it cannot be written as it is.
        place: Where in the source.
        strength: ``weak`` for what is only suggested.
        note: For the record, or why it cannot be written.
    """

    field: str
    value: str
    plain: Mapping[str, str] | None
    place: str = ""
    strength: Literal["strong", "weak"] = "strong"
    note: str | None = None


class Flaw(NamedTuple):
    """What a reader saw that is wrong: line, rule, field, what is printed, what is right, and why."""

    line: int
    rule: str
    field: str
    listed: str
    right: str
    why: str


@dataclass(frozen=True)
class Row:
    """One row of a table, list item, line of prose with a link, or record of a reference file.

    Attributes:
        line: Where it begins, from 1.
        shape: What it was.
        headings: Column headings, for tables and records.
        section: Headings above it, outermost first.
        table: Line of the table's heading row, so that rows of one table are known; 0 for other shapes.
        fault: Why the reader itself could not take it apart; ``""`` when it could.
        notes: What the reader saw that is odd, such as more cells than columns.
        where: The place in the source, when ``line N`` does not say it.
        facts: What a README or repository says of the method beside its fields.
        flaws: What the reader saw that is wrong, at lines of their own.
        places: Places of fields (``name``) that stand elsewhere in the source than the row itself.
        evidence: What kind of place the source is, as methods' ``evidence_level``; ``""`` for a list.
    """

    line: int
    shape: Shape
    cells: tuple[Cell, ...] = ()
    headings: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    table: int = 0
    fault: str = ""
    notes: tuple[str, ...] = ()
    where: str = ""
    facts: tuple[RowFact, ...] = ()
    evidence: str = ""
    flaws: tuple[Flaw, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def heading_line(self) -> int:
        """Line of a README's heading, or 0."""
        return int(self.places.get("heading", "line 0").rpartition(" ")[2])

    @property
    def place(self) -> str:
        """The place in the source, for references."""
        return self.where or f"line {self.line}"

    @property
    def text(self) -> str:
        """All that is printed."""
        return " | ".join(cell.text for cell in self.cells)

    @property
    def links(self) -> tuple[Link, ...]:
        """All links of all cells."""
        return tuple(link for cell in self.cells for link in cell.links)


def plain_cell(text: str) -> Cell:
    """A cell of bare text; an address in it stays text."""
    sound = text.encode("utf-8", "replace").decode()  # JSON can hold half a character
    return Cell((Run("plain", sound),)) if sound else Cell()
