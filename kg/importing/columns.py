"""What the columns of a table are: from their headings, and from what stands in them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from kg.importing.rows import Row
from kg.importing.text import clean_doi
from kg.iris import fold

# Role -> words that name it, the most telling first. A heading takes the role whose word stands first in it.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ignore": ("id", "stars", "star", "added", "updated", "no", "nr", "documentation", "docs", "kind"),
    "name": ("name", "method", "methods", "model", "tool", "software", "package", "algorithm", "label"),
    "title": ("title", "paper title"),
    "authors": ("authors", "author"),
    "year": ("year", "released", "date", "published"),
    "venue": ("venue", "journal", "conference", "publisher", "journal name"),
    "doi": ("doi",),
    "arxiv": ("arxiv",),
    "pmid": ("pmid", "pubmed"),
    "reference": ("reference", "citation", "references", "cite", "cited"),
    "paper": ("paper", "publication", "article"),
    "link": ("link", "links", "code", "github", "repository", "repo", "url", "implementation", "website"),
    "language": ("language", "languages", "platform"),
    "category": ("category", "stage", "task", "tasks", "type", "topics", "topic", "section"),
    "notes": ("notes", "note", "description", "comment", "summary"),
}
_ROLE_OF: Final = {word: role for role, words in _WORDS.items() for word in words}
ROLES: Final = tuple(_WORDS)
_LANGUAGES: Final = frozenset({"python", "r", "matlab", "c++", "julia", "java", "c", "javascript"})


class Column(NamedTuple):
    """What a column was taken for.

    Attributes:
        table: Line of the heading row.
        heading: As printed.
        role: One of :data:`ROLES`.
        how: ``mapping``, ``heading`` or ``content``.
    """

    table: int
    heading: str
    role: str
    how: str


def columns_of(rows: Sequence[Row], chosen: Mapping[str, str]) -> list[Column]:
    """Roles of the columns of one table.

    Args:
        rows: The rows of the table; they have its headings.
        chosen: Folded heading to role, from the mapping file of the source.
    """
    found: list[Column] = []
    for index, heading in enumerate(rows[0].headings if rows else ()):
        folded = fold(heading)
        if folded in chosen:
            found.append(Column(rows[0].table, heading, chosen[folded], "mapping"))
            continue
        role = _from_heading(folded)
        if role is not None:
            found.append(Column(rows[0].table, heading, role, "heading"))
        else:
            values = [row.cells[index].text for row in rows if index < len(row.cells)]
            found.append(Column(rows[0].table, heading, _from_content([v for v in values if v]), "content"))
    return _settled(found)


def _from_heading(folded: str) -> str | None:
    if folded in _ROLE_OF:
        return _ROLE_OF[folded]
    words = folded.split()
    if "title" in words:
        return "title"
    return next((_ROLE_OF[word] for word in words if word in _ROLE_OF and _ROLE_OF[word] != "ignore"), None)


def _from_content(values: Sequence[str]) -> str:
    """The role that fits at least seven of ten values."""
    if not values:
        return "ignore"
    tests = {
        "year": lambda v: re.fullmatch(r"(?:19|20)\d\d(?:[-/.]\d\d?){0,2}", v) is not None,
        "doi": lambda v: clean_doi(v) is not None and len(v.split()) == 1,
        "link": lambda v: re.match(r"https?://\S+$", v) is not None,
        "language": lambda v: set(fold(v).split()[:1]) <= _LANGUAGES,
        "reference": lambda v: len(v.split()) >= 8 and re.search(r"\b(?:19|20)\d\d\b.*\d", v) is not None,
        "title": lambda v: 5 <= len(v.split()) <= 40,
        "name": lambda v: len(v.split()) <= 2 and len(v) <= 30,
    }
    for role, test in tests.items():
        if sum(map(test, values)) >= 0.7 * len(values):
            return role
    return "notes"


def _settled(columns: list[Column]) -> list[Column]:
    """One column names the method: a role that content suggested gives way to one that a heading says."""
    said = {column.role for column in columns if column.how != "content"}
    return [
        column._replace(role="notes") if column.how == "content" and column.role in said else column
        for column in columns
    ]
