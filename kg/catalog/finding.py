"""What a rule across records reports."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.model import Catalog

Steps = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something wrong with one record.

    Attributes:
        kind: Kind of the record.
        key: Its id.
        steps: Where in the record.
        message: What is wrong.
        hint: What to do.
    """

    kind: str
    key: str
    steps: Steps
    message: str
    hint: str = ""


Rule = Callable[[Catalog], Iterator[Finding]]

__all__ = ["Finding", "Rule", "Steps"]
