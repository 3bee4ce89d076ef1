"""What a service says of a work, in one form for all services; and how to read JSON that may be of any shape."""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from kg.catalog.spelling import plain_letters
from kg.importing.text import clean_doi
from kg.model.vocabularies import orcid_check_digit

_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ORCID: Final = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_YEARS: Final = range(1950, 2101)


@dataclass(frozen=True, slots=True)
class Person:
    """One author: the printed name, and the ORCID that the publisher deposited."""

    name: str
    orcid: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Another version of the work, named by a DOI or an arXiv id."""

    kind: Literal["preprint", "journal"]
    doi: str = ""
    arxiv: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What one service says; what it does not say is empty.

    Attributes:
        title: Without markup.
        titles: All forms of the title, for comparison.
        kind: As in our papers, or ``""``.
        years: Every year that can count as year of publication, online or print; the first is the one to take.
        published_on: Day on which it was first online.
        venue: Name of the journal, conference or preprint server.
        people: Authors in order.
        whole: Whether the service gives all authors.
        external: IRI of the work at the service.
    """

    doi: str = ""
    title: str = ""
    titles: tuple[str, ...] = ()
    kind: str = ""
    years: tuple[int, ...] = ()
    published_on: date | None = None
    venue: str = ""
    people: tuple[Person, ...] = ()
    whole: bool = True
    pmid: str = ""
    related: tuple[Related, ...] = ()
    external: str = ""


def at(value: Any, *path: str | int) -> Any:
    """The value at a path of keys and positions, or None.

    >>> at({"a": [{"b": 1}]}, "a", 0, "b"), at({"a": "x"}, "a", 0, "b")
    (1, None)
    """
    for step in path:
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def items_at(value: Any, *path: str | int) -> list[Any]:
    """The list at a path, or an empty one; never more than 5,000 items."""
    found = at(value, *path)
    return found[:5000] if isinstance(found, list) else []


def text_at(value: Any, *path: str | int) -> str:
    """The text at a path, cleaned, or ``""``."""
    found = at(value, *path)
    return cleaned(found) if isinstance(found, str) else ""


def cleaned(text: str) -> str:
    """A text without markup, entities and characters that cannot be seen, on one line and composed.

    >>> cleaned(" Genome of &lt;i&gt;Yarrowia&lt;/i&gt;  <sub>2</sub> ")
    'Genome of Yarrowia 2'
    """
    bare = _TAG.sub("", html.unescape(html.unescape(text[:10_000])))
    seen = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", plain_letters(bare)))
    return " ".join(seen.split())[:2000]


def year_of(value: Any) -> int | None:
    """A year, given as a number or the beginning of a text."""
    if isinstance(value, str) and re.match(r"\d{4}(?!\d)", value):
        value = int(value[:4])
    return value if isinstance(value, int) and not isinstance(value, bool) and value in _YEARS else None


def day_of(value: Any) -> date | None:
    """A whole day, given as text ``2023-03-01…`` or as parts ``[2023, 3, 1]``; None for a month or year.

    >>> day_of([2023, 3, 1]), day_of("2023-03-01T10:00:00Z"), day_of([2023, 3])
    (datetime.date(2023, 3, 1), datetime.date(2023, 3, 1), None)
    """
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d(?!\d)", value):
        value = [int(part) for part in value[:10].split("-")]
    if not isinstance(value, list) or len(value) != 3 or not all(type(part) is int for part in value):
        return None
    try:
        found = date(*value)
    except (ValueError, OverflowError):
        return None
    return found if found.year in _YEARS else None


def orcid_of(value: Any) -> str:
    """The ORCID in a text or address, when its check digit is right; else ``""``.

    >>> orcid_of("http://orcid.org/0000-0002-1825-0097"), orcid_of("0000-0002-1825-0098")
    ('0000-0002-1825-0097', '')
    """
    match = _ORCID.search(value) if isinstance(value, str) else None
    if match is None:
        return ""
    digits = match.group().replace("-", "")
    return match.group() if orcid_check_digit(digits[:15]) == digits[15] else ""


def doi_at(value: Any, *path: str | int) -> str:
    """The DOI at a path, lower case, or ``""``."""
    found = at(value, *path)
    return (clean_doi(found) or "") if isinstance(found, str) else ""


def full_name(given: str, family: str) -> str:
    """Given and family name as they are printed, without stray commas."""
    return " ".join(part for part in (given.strip(" ,;"), family.strip(" ,;")) if part)
