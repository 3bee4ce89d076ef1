"""Which parts of a plan shall be written, as people name them: ``new``, ``adds-facts:12-20``, ``listing``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.errors import ImportChoiceError

PARTS: Final = ("new", "adds-facts", "contradicts", "listing")
_FORM: Final = re.compile(
    rf"(?P<part>{'|'.join(PARTS)})(?::(?P<lines>\d{{1,7}}(?:-\d{{1,7}})?(?:,\d{{1,7}}(?:-\d{{1,7}})?)*))?"
    r"(?::(?P<field>[a-z_.]+))?"
)


@dataclass(frozen=True)
class Choice:
    """Items of one list of a plan.

    Attributes:
        part: One of :data:`PARTS`.
        lines: First and last line of each stretch; none means all lines.
        field: Only facts of this field; ``""`` for all.
        text: As it was typed.
    """

    part: str
    lines: tuple[tuple[int, int], ...] = ()
    field: str = ""
    text: str = ""

    def takes(self, part: str, line: int, field: str = "") -> bool:
        """Whether an item is chosen."""
        fits = not self.lines or any(first <= line <= last for first, last in self.lines)
        return self.part == part and fits and self.field in {"", field, field.split(".", maxsplit=1)[0]}


def parse_choices(texts: Iterable[str]) -> list[Choice]:
    """Read what was typed.

    Args:
        texts: Such as ``new``, ``new:12``, ``adds-facts:12-20,31`` or ``contradicts:14:year``.

    Raises:
        ImportChoiceError: One has another form.

    Example:
        >>> [(c.part, c.lines, c.field) for c in parse_choices(["adds-facts:3,5-7:doi"])]
        [('adds-facts', ((3, 3), (5, 7)), 'doi')]
    """
    found = []
    for text in texts:
        match = _FORM.fullmatch(text.strip())
        if match is None:
            message = (
                f"{text!r} names no part of a plan: write one of {', '.join(PARTS)}, with lines and field if need be"
            )
            raise ImportChoiceError(f"{message}, such as 'new', 'adds-facts:12-20' or 'contradicts:14:year'")
        spans = []
        for span in (match["lines"] or "").split(","):
            first, _, last = span.partition("-")
            if first:
                spans.append((int(first), int(last or first)))
        found.append(Choice(match["part"], tuple(spans), match["field"] or "", text))
    return found


def chosen(choices: Iterable[Choice], part: str, line: int, field: str = "") -> bool:
    """Whether any choice takes an item."""
    return any(choice.takes(part, line, field) for choice in choices)


def chosen_by_line(choices: Iterable[Choice], part: str, line: int) -> bool:
    """Whether a choice names the line of an item, so that doubts were seen."""
    return any(choice.lines and choice.takes(part, line) for choice in choices)
