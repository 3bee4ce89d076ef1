"""What is wrong with a row as it stands, by rule: faults of form that can be seen without any record."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kg.importing.entries import Entry, broken_places
from kg.importing.text import PLACEHOLDER, Mended, preprint_year

Right = Literal["ours", "list", "unsettled"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        rule: Kind of fault, as in the corrections of the source lists.
        listed: What the list prints.
        ours: What we have, or what is right.
        right: Who is right: a fault of form is the list's, a conflict of facts may be unsettled.
        why: The reason, for people.
    """

    line: int
    rule: str
    field: str
    listed: str
    ours: str
    right: Right
    why: str


def form_findings(entry: Entry, mended: Sequence[Mended]) -> Iterator[Finding]:
    """Faults that can be seen without any record."""
    line = entry.line
    for _, before, after in mended:
        yield Finding(line, "mojibake", "row", before, after, "ours", "UTF-8 that was read as Windows-1252")
    for name, before, after in broken_places(entry):
        yield Finding(line, "hyphenation", name, before, after, "ours", "cut by a line break of the copied text")
    yield from _empty_findings(entry)
    yield from _typing_findings(entry)
    if entry.year_from == "cell" and entry.reference_year and entry.year != entry.reference_year:
        why = "the reference of the same row has another year"
        yield Finding(line, "wrong-year", "year", str(entry.year), str(entry.reference_year), "unsettled", why)
    yield from _preprint_findings(entry)
    for flaw in entry.row.flaws:
        yield Finding(flaw.line, flaw.rule, flaw.field, flaw.listed, flaw.right, "ours", flaw.why)
    for note in entry.row.notes:
        yield Finding(line, "table-structure", "row", note, "", "ours", "the table's shape is broken here")


def _empty_findings(entry: Entry) -> Iterator[Finding]:
    line, row = entry.line, entry.row
    for link in row.links:
        if not link.url.strip():
            yield Finding(line, "empty-link", "link", f"[{link.text}]()", "", "ours", "the link leads nowhere")
    for cell in row.cells:
        if match := PLACEHOLDER.search(cell.text):
            yield Finding(line, "placeholder", "row", match.group().strip(), "", "ours", "nothing was filled in yet")


def _typing_findings(entry: Entry) -> Iterator[Finding]:
    line = entry.line
    for name, text in entry.raw.items():
        if "  " in text and not (name == "authors" and entry.reference):
            yield Finding(line, "stray-blank", name, text[:80], " ".join(text.split())[:80], "ours", "double blank")
        elif name in {"title", "authors", "venue"} and (match := re.search(r"\w+ [.,](?=\s|$)", text)):
            yield Finding(line, "stray-blank", name, match.group(), match.group().replace(" ", ""), "ours", "a blank")
    if match := re.search(r"[a-z]{2}\.[A-Z][a-z]+ ", entry.raw.get("reference", "")):
        listed = match.group().strip()
        yield Finding(line, "missing-blank", "reference", listed, listed.replace(".", ". "), "ours", "no blank")
    yield from _authors_run_on(entry)
    title = entry.raw.get("title", "").rstrip()
    if title.endswith("..") and not title.endswith("..."):
        yield Finding(line, "punctuation", "title", title[-20:], title[-20:-1], "ours", "two full stops")
    if match := re.search(r"\b[A-Z][a-z]{2,}\d{1,2}\b(?=,| and| &|\.|$)", entry.raw.get("authors", "")):
        listed = match.group()
        yield Finding(line, "stray-superscript", "authors", listed, listed.rstrip("0123456789"), "ours", "a footnote")


def _authors_run_on(entry: Entry) -> Iterator[Finding]:
    """Authors of a list item that end in blanks where a full stop should stand before the venue."""
    for cell in entry.row.cells if entry.row.shape == "item" else ():
        for run, following in pairwise(cell.runs):
            bare = run.text.strip()
            authors = run.style == "plain" and bare == entry.raw.get("authors") and following.style == "strong"
            if authors and bare[-1:].isalpha() and run.text.endswith("  "):
                listed, right = f"{bare[-30:]}  {following.text[:40]}", f"{bare[-30:]}. {following.text[:40]}"
                yield Finding(entry.line, "punctuation", "authors", listed, right, "ours", "no full stop")


def _preprint_findings(entry: Entry) -> Iterator[Finding]:
    """A year before the first version of the only paper that is linked, or that of a later version of a preprint."""
    years = {year for doi in entry.dois if (year := preprint_year(doi))}
    years |= {year for arxiv in entry.arxivs if (year := preprint_year(None, [arxiv]))}
    undated = [doi for doi in entry.dois if not preprint_year(doi)]
    if entry.year is None or len(years) != 1 or undated:
        return
    first = years.pop()
    server = re.fullmatch(r"(?:bio|med)rxiv|arxiv|preprint|corr", entry.venue.strip(), re.IGNORECASE) is not None
    if entry.year < first:
        why = "the linked paper was not there before"
        yield Finding(entry.line, "wrong-year", "year", str(entry.year), str(first), "ours", why)
    elif entry.year > first and server:
        why = "a preprint has the year of its first version"
        yield Finding(entry.line, "wrong-year", "year", str(entry.year), str(first), "ours", why)
