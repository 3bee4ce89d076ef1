"""The plan of an import: every row of the source in one of three lists, and what known rows add or contradict."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kg.importing.additions import additions
from kg.importing.columns import Column, columns_of
from kg.importing.disagreements import fact_findings
from kg.importing.entries import Entry, read_entry
from kg.importing.findings import Finding, form_findings
from kg.importing.known import Known
from kg.importing.matching import Match, match_entry
from kg.importing.rows import Row
from kg.importing.sources import Read
from kg.importing.text import Mended, title_key
from kg.iris import fold
from kg.model import Catalog, ImportMapping


@dataclass
class Plan:
    """What an import would do.

    Attributes:
        rows_read: How many rows the source has; each is in exactly one of ``new``, ``known``, ``not_understood``.
        columns: What each column was taken for.
        new: Rows that no record fits, with what they say.
        known: Rows that a record fits, with the evidence.
        adds_facts: Facts of known rows that the record lacks.
        contradicts: Faults of known rows: listed, ours, who is right and why.
        not_understood: Rows that are no entry, with the reason.
        mended: Places outside rows where letters were mended.
    """

    kind: str
    rows_read: int
    columns: list[dict[str, Any]] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    known: list[dict[str, Any]] = field(default_factory=list)
    adds_facts: list[dict[str, Any]] = field(default_factory=list)
    contradicts: list[dict[str, Any]] = field(default_factory=list)
    not_understood: list[dict[str, Any]] = field(default_factory=list)
    mended: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The plan as plain values."""
        return asdict(self)


def make_plan(read: Read, catalog: Catalog, mapping: ImportMapping | None = None) -> Plan:
    """Match every row of a source with our records.

    Args:
        read: The rows.
        catalog: Our records.
        mapping: What columns and sections of this source mean, where headings do not say it.

    Returns:
        The plan; nothing is written.
    """
    chosen = {fold(c.heading): c.role for c in mapping.columns} if mapping else {}
    sections = {fold(s.heading): s.means for s in mapping.sections} if mapping else {}
    columns = _columns(read.rows, chosen)
    entries = [read_entry(row, columns.get((row.table, row.headings), ()), sections) for row in read.rows]
    known = Known(catalog)
    repeated = _repeated_titles(entries)
    plan = Plan(read.kind, len(read.rows))
    plan.columns = _shown(columns)
    mended, outside = _mended_by_row(read)
    plan.mended = [place._asdict() for place in outside]
    for index, entry in enumerate(entries):
        match = Match() if entry.reason else match_entry(entry, known, repeated=index in repeated)
        findings = list(dict.fromkeys(form_findings(entry, mended[index])))
        if index in repeated:
            findings.append(_repeated(entry, repeated[index]))
        _place(plan, entry, match, findings, known)
    return plan


def _columns(rows: Sequence[Row], chosen: Mapping[str, str]) -> dict[tuple[int, tuple[str, ...]], list[Column]]:
    tables: dict[tuple[int, tuple[str, ...]], list[Row]] = defaultdict(list)
    for row in rows:
        if row.headings:
            tables[row.table, row.headings].append(row)
    return {key: columns_of(members, chosen) for key, members in tables.items()}


def _shown(columns: Mapping[tuple[int, tuple[str, ...]], list[Column]]) -> list[dict[str, Any]]:
    """Each column once; records of reference files have no table, so that their fields are shown together."""
    found = {(c.table, c.heading): c._asdict() for members in columns.values() for c in members}
    return list(found.values())


def _mended_by_row(read: Read) -> tuple[list[list[Mended]], list[Mended]]:
    """Mended places of each row, and those outside of rows."""
    found: list[list[Mended]] = [[] for _ in read.rows]
    starts = {row.line: index for index, row in enumerate(read.rows)}
    outside = []
    for place in read.mended:
        index = starts.get(place.line)
        if index is None:
            outside.append(place)
        else:
            found[index].append(place)
    return found, outside


def _repeated_titles(entries: Sequence[Entry]) -> dict[int, int]:
    """Rows that have the title of the row above under another name, with the line of that row."""
    found = {}
    above: Entry | None = None
    for index, entry in enumerate(entries):
        if entry.reason:
            continue
        same = (
            above is not None and len(title_key(entry.title)) >= 20 and title_key(entry.title) == title_key(above.title)
        )
        if same and above is not None and entry.name and fold(entry.name) != fold(above.name):
            found[index] = above.line
        above = entry
    return found


def _repeated(entry: Entry, line: int) -> Finding:
    why = f"line {line} has the same title under another name"
    return Finding(entry.line, "title-of-another-paper", "title", entry.title, "", "unsettled", why)


def _said(entry: Entry) -> dict[str, Any]:
    """What a row says, without what it does not say."""
    fields = {
        "name": entry.name or entry.title_name,
        "title": entry.title,
        "authors": list(entry.authors),
        "year": entry.year,
        "venue": entry.venue,
        "language": entry.language,
        "doi": list(entry.dois),
        "arxiv": list(entry.arxivs),
        "pmid": list(entry.pmids),
        "repository": list(entry.repositories),
    }
    return {key: value for key, value in fields.items() if value}


def _place(plan: Plan, entry: Entry, match: Match, findings: list[Finding], known: Known) -> None:
    """Put one row into exactly one of the three lists."""
    if entry.reason or match.ambiguous:
        reason = entry.reason or f"fits several records as well: {', '.join(match.ambiguous)}"
        item = {"line": entry.line, "reason": reason, "text": entry.row.text[:200]}
        plan.not_understood.append(item | _warnings(findings))
        return
    if match.best is None:
        notes = {"notes": match.notes} if match.notes else {}
        plan.new.append({"line": entry.line, **_said(entry), **notes} | _warnings(findings))
        return
    best = match.best
    record = {"line": entry.line, "record": best.record} | ({"paper": f"paper/{best.paper}"} if best.paper else {})
    evidence = [f"{piece.text} ({piece.weight:+g})" for piece in best.evidence]
    plan.known.append({**record, "sure": best.sure, "evidence": evidence})
    for name, value in additions(entry, best, known):
        plan.adds_facts.append({**record, "field": name, "value": value})
    for finding in (*findings, *fact_findings(entry, best, known)):
        plan.contradicts.append({**record, **asdict(finding)})


def _warnings(findings: Sequence[Finding]) -> dict[str, Any]:
    return {"warnings": [asdict(finding) for finding in findings]} if findings else {}
