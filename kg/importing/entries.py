"""What a row says: name, title, authors, year, venue, identifiers; or why it says nothing about a method or paper."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kg.importing.columns import Column, is_heading_word
from kg.importing.items import announced, bare_entry, item_fields, meaningful, year_in
from kg.importing.people import is_cut, leading_authors, reference_title, split_authors
from kg.importing.rows import Link, Row
from kg.importing.text import (
    PLACEHOLDER,
    arxiv_of,
    broken_words,
    clean_doi,
    doi_of,
    join_words,
    pmid_of,
    repository_of,
)
from kg.iris import fold

_ADDRESS: Final = re.compile(r"https?://[^\s<>|\"]{4,500}")
_TITLE_NAME: Final = re.compile(r"([^\s:]{2,30}(?: [^\s:]{1,12})?)\s?: ")
_WITHOUT_LINKS: Final = frozenset({"notes", "category", "ignore"})
# arXiv ids are read as such; the others are DOIs of deposited data and software, not of papers.
_NO_PAPERS: Final = ("10.48550/", "10.5281/zenodo", "10.6084/m9.figshare", "10.17632/", "10.5061/dryad", "10.24433/")
_SECTION_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Entry:
    """A row that was understood.

    Attributes:
        title: Mended; ``raw`` has what is printed, by field.
        year_from: ``cell`` or ``section``.
        reference: A whole printed reference, when the row has one.
        about: A description that may or may not be a title.
        links: All links but those of notes.
        reason: Why the row is no entry; ``""`` when it is one.
    """

    row: Row
    name: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    authors_cut: bool = False
    year: int | None = None
    year_from: str = ""
    venue: str = ""
    language: str = ""
    reference: str = ""
    about: str = ""
    dois: tuple[str, ...] = ()
    arxivs: tuple[str, ...] = ()
    pmids: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    @property
    def line(self) -> int:
        """Where the row begins."""
        return self.row.line

    @property
    def title_name(self) -> str:
        """The method's name as the title begins with it (``STAGATE: …``), or ``""``."""
        match = _TITLE_NAME.match(self.title)
        return match.group(1) if match else ""

    @property
    def reference_year(self) -> int | None:
        """The year inside the printed reference."""
        return year_in(re.sub(r"https?://\S+|10\.\d{4,9}/\S+", " ", self.reference)) if self.reference else None

    @property
    def topic(self) -> str:
        """What a line of prose says that the paper behind its link is about."""
        return self.raw.get("topic", "")

    @property
    def family_of_key(self) -> str:
        """The name that a citation key such as ``dong2022stagate`` begins with, or ``""``."""
        match = re.match(r"([A-Za-z]{2,})[_:-]?(?:19|20)\d\d", self.own_field("id"))
        return match.group(1) if match else ""

    def own_field(self, name: str) -> str:
        """A field of a record of a reference file under the name that its reader gives it, or ``""``."""
        cells = zip(self.row.headings, self.row.cells, strict=False) if self.row.shape == "record" else ()
        return next((cell.text for heading, cell in cells if heading == name), "")

    @property
    def has_identifier(self) -> bool:
        """Whether a paper or repository is named beyond doubt."""
        return bool(self.dois or self.arxivs or self.pmids or self.repositories)


def read_entry(row: Row, columns: Sequence[Column], sections: Mapping[str, str]) -> Entry:
    """Understand one row.

    Args:
        row: From a reader.
        columns: Roles of the columns of its table.
        sections: Folded section heading to its meaning, from the mapping file.
    """
    if row.fault:
        return Entry(row, reason=row.fault)
    if any(sections.get(fold(name)) == "skip" for name in row.section):
        return Entry(row, reason="stands in a section that the mapping file leaves out")
    if not row.text.strip(" |") and not row.links:
        return Entry(row, reason="is a separator: all cells are empty")
    if (
        row.shape == "table"
        and row.cells
        and is_heading_word(row.cells[0].text)
        and columns[0].role in {"name", "year"}
    ):
        return Entry(row, reason="begins with the heading of a column: the table is turned, or its headings come again")
    fields = _cell_fields(row, columns) if row.shape in {"table", "record"} else item_fields(row.cells[0])
    if row.shape == "prose" and not row.links and (name := bare_entry(row.text)):
        fields.setdefault("name", name)
    if row.shape == "prose" and (topic := announced(row.text)):
        fields.setdefault("topic", topic)
    entry = _with_identifiers(_from_fields(row, fields), row, columns)
    if entry.year is None:
        year = next((y for y in map(_section_year, reversed(row.section)) if y), None)
        entry = replace(entry, year=year, year_from="section" if year else "")
    return replace(entry, reason=_no_entry(entry, columns))


def _section_year(heading: str) -> int | None:
    words = heading.split()
    return int(words[0]) if len(words) == 1 and _SECTION_YEAR.fullmatch(words[0]) else None


def _cell_fields(row: Row, columns: Sequence[Column]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        text, role = cell.text, column.role
        if role == "paper":
            role = "title" if meaningful(text) and len(text.split()) >= 4 else "link"
        if role == "name" and not meaningful(text):
            continue
        if role == "name" and len(text.split()) >= 6 and "title" not in found:
            role = "title"
        if text and role not in found and not _is_placeholder(text):
            found[role] = text
    return found


def _is_placeholder(text: str) -> bool:
    return len(text.split()) <= 3 and PLACEHOLDER.search(text) is not None


def _from_fields(row: Row, fields: Mapping[str, str]) -> Entry:
    title = join_words(" ".join(fields.get("title", "").split())).strip(' .*_"“”')
    printed = fields.get("authors", "")
    reference = fields.get("reference", "")
    title = title or (join_words(reference_title(reference)) if reference else "")
    if not printed and reference:
        printed = leading_authors(reference)
    return Entry(
        row=row,
        name=fields.get("name", "").strip(" *_:-–—"),
        title=title,
        authors=tuple(split_authors(printed)) if printed else (),
        authors_cut=is_cut(printed) or (not fields.get("authors") and is_cut(reference)),
        year=year_in(fields.get("year", "")),
        year_from="cell" if year_in(fields.get("year", "")) else "",
        venue=fields.get("venue", "").strip(" .*_,"),
        language=fields.get("language", ""),
        reference=join_words(reference),
        about=fields.get("about", ""),
        raw={**fields, "authors": printed},
    )


def _addresses(row: Row, columns: Sequence[Column]) -> Iterable[Link]:
    roles = [column.role for column in columns]
    for index, cell in enumerate(row.cells):
        if index < len(roles) and roles[index] in _WITHOUT_LINKS:
            continue
        yield from cell.links
        bare = "".join(run.text for run in cell.runs if run.style != "link")
        yield from (Link("", address.rstrip(".,;)]")) for address in _ADDRESS.findall(bare))


def _with_identifiers(entry: Entry, row: Row, columns: Sequence[Column]) -> Entry:
    links = tuple(_addresses(row, columns))
    roles = [column.role for column in columns] or [""] * len(row.cells)
    texts = [
        join_words(cell.text)
        for role, cell in zip(roles, row.cells, strict=False)
        if role in {"doi", "reference", "arxiv", "pmid", "link", "paper"} or row.shape in {"item", "prose"}
    ]
    urls = [link.url for link in links]
    dois = [doi_of(url) for url in urls] + [clean_doi(text) for text in texts]
    arxivs = [arxiv_of(text) for text in (*urls, *texts)]
    return replace(
        entry,
        links=links,
        dois=_distinct(doi for doi in dois if doi and not doi.startswith(_NO_PAPERS)),
        arxivs=_distinct(arxivs),
        pmids=_distinct(pmid_of(text) for text in (*urls, *texts)),
        repositories=_distinct(repository_of(url) for url in urls),
    )


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _no_entry(entry: Entry, columns: Sequence[Column]) -> str:
    """Why a row is no entry, or ``""``."""
    row = entry.row
    if entry.links and all(link.url.startswith("#") for link in entry.links):
        return "is part of a table of contents"
    bare = bool(entry.repositories) and not row.links and bare_entry(row.text) is not None
    if row.shape == "prose" and not (entry.dois or entry.arxivs or entry.pmids or entry.topic or bare):
        empty = any(not link.url for link in entry.links)
        return "is prose whose link is empty" if empty else "is prose without a paper of its own"
    if row.shape in {"table", "record"}:
        filled = [column.role for column, cell in zip(columns, row.cells, strict=False) if cell.text or cell.links]
        strong = any(run.style == "strong" for cell in row.cells for run in cell.runs)
        says = {"doi", "arxiv", "title"} | (set() if strong else {"name"})
        if len(filled) == 1 and not entry.links and filled[0] not in says:
            return "is a category row: one cell only"
    if not (entry.name or entry.title or entry.has_identifier or entry.reference or entry.topic):
        return "has no name, title or identifier"
    if row.shape == "item" and not entry.has_identifier and not entry.title and not _is_named(entry):
        return "is a sentence: no title, paper or repository"
    return ""


def _is_named(entry: Entry) -> bool:
    return bool(entry.name) and len(entry.name.split()) <= 3 and any(link.url for link in entry.links)


def broken_places(entry: Entry) -> list[tuple[str, str, str]]:
    """Words cut by a line break of the copied source, as (field, printed, mended)."""
    fields = entry.raw.items()
    return [(name, before, after) for name, text in fields for before, after in broken_words(text)]
