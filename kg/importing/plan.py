"""The plan of an import: every row of the source in one of three lists, and what known rows add or contradict."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from kg.importing.additions import Addition, additions
from kg.importing.columns import Column, columns_of
from kg.importing.crossings import crossings, repeated_titles, same_records
from kg.importing.disagreements import fact_findings, foreign_identifiers
from kg.importing.entries import Entry, read_entry
from kg.importing.findings import Finding, form_findings
from kg.importing.known import Known
from kg.importing.matching import Candidate, Match, match_entry
from kg.importing.rows import Row
from kg.importing.settled import Settled
from kg.importing.sources import Read
from kg.importing.text import Mended
from kg.iris import fold
from kg.model import Catalog, ImportMapping


@dataclass(frozen=True)
class Decision:
    """One row with all that was found out about it.

    Attributes:
        entry: What the row says.
        match: The record it means, or None.
        additions: Facts that the record lacks.
        findings: What is wrong.
        notes: Records that nearly fit a row that none fits.
        same_as: Line of an earlier row that means the same; 0 when there is none.
    """

    entry: Entry
    match: Candidate | None
    additions: tuple[Addition, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    same_as: int = 0


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
        decisions: The rows of ``new`` and ``known``, for writing; no part of the printed plan.
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
    decisions: list[Decision] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The plan as plain values."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "decisions"}


def make_plan(read: Read, catalog: Catalog, mapping: ImportMapping | None = None, *, source: str | None = None) -> Plan:
    """Match every row of a source with our records.

    Args:
        read: The rows.
        catalog: Our records.
        mapping: What columns and sections of this source mean, where headings do not say it.
        source: Id of the source; what its listing has settled already is marked, or not proposed again.

    Returns:
        The plan; nothing is written.
    """
    chosen = {fold(c.heading): c.role for c in mapping.columns} if mapping else {}
    sections = {fold(s.heading): s.means for s in mapping.sections} if mapping else {}
    columns = _columns(read.rows, chosen)
    entries = [read_entry(row, columns.get((row.table, row.headings), ()), sections) for row in read.rows]
    known = Known(catalog)
    settled = Settled(catalog, source or (mapping.source if mapping else None))
    repeated = repeated_titles(entries)
    matches = [
        Match() if entry.reason else match_entry(entry, known, repeated=index in repeated)
        for index, entry in enumerate(entries)
    ]
    between, same = crossings(entries, matches, known), same_records(entries, matches)
    plan = Plan(read.kind, len(read.rows))
    plan.columns = _shown(columns)
    mended, outside = _mended_by_row(read)
    plan.mended = [place._asdict() for place in outside]
    for index, entry in enumerate(entries):
        findings = [*dict.fromkeys(form_findings(entry, mended[index])), *between.get(index, ())]
        first = entries[same[index]].line if index in same else 0
        _place(plan, entry, matches[index], findings, known, settled, first)
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


def _place(
    plan: Plan, entry: Entry, match: Match, findings: list[Finding], known: Known, settled: Settled, same_as: int
) -> None:
    """Put one row into exactly one of the three lists."""
    reason = entry.reason or _unsettled(entry, match)
    if reason:
        item = {"line": entry.line, "reason": reason, "text": entry.row.text[:200]}
        plan.not_understood.append(item | _warnings(findings))
        return
    if match.best is None:
        findings += foreign_identifiers(entry, known)
        notes = {"notes": match.notes} if match.notes else {}
        plan.new.append({"line": entry.line, **_said(entry), **notes} | _warnings(findings))
        plan.decisions.append(Decision(entry, None, (), tuple(findings), tuple(match.notes), same_as))
        return
    best = match.best
    record = {"line": entry.line, "record": best.record} | ({"paper": f"paper/{best.paper}"} if best.paper else {})
    evidence = [f"{piece.text} ({piece.weight:+g})" for piece in best.evidence]
    plan.known.append({**record, "sure": best.sure, "evidence": evidence})
    added = tuple(fact for fact in additions(entry, best, known) if not settled.refuses(fact))
    against = tuple(fact_findings(entry, best, known))
    said = {(finding.rule, finding.listed) for finding in against}
    wrong = (*(f for f in findings if (f.rule, f.listed) not in said), *against)
    plan.adds_facts += [{**record, **_shown_fact(fact)} for fact in added]
    for finding in wrong:
        mark = {"recorded": True} if settled.has(best, finding) else {}
        plan.contradicts.append({**record, **asdict(finding), **mark})
    plan.decisions.append(Decision(entry, best, added, wrong, same_as=same_as))


def _unsettled(entry: Entry, match: Match) -> str:
    """Why a row that was read means no single thing, or ``""``."""
    if match.ambiguous:
        return f"fits several records as well: {', '.join(match.ambiguous)}"
    if match.best is None and entry.topic and not entry.has_identifier:
        return "announces a paper, but its link does not say which"
    return ""


def _shown_fact(fact: Addition) -> dict[str, Any]:
    found: dict[str, Any] = {"field": fact.field, "value": fact.value}
    if fact.strength == "weak":
        found["strength"] = "weak"
    if fact.plain is None:
        found["by_hand"] = fact.note
    return found


def _warnings(findings: Sequence[Finding]) -> dict[str, Any]:
    return {"warnings": [asdict(finding) for finding in findings]} if findings else {}
