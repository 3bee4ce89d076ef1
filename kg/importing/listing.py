"""The listing of a source: what it prints, row by row, and what that is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.importing.plan import Decision
from kg.importing.settled import RECORD_FIELDS
from kg.model import Catalog, Listing


def with_rows(
    catalog: Catalog,
    source: str,
    text: str,
    rows: Sequence[tuple[Decision, Mapping[str, str]]],
    references: Mapping[int, str],
) -> Listing | None:
    """The listing with the rows that it lacks.

    Args:
        catalog: Our records.
        source: Id of the source.
        text: The source as it is.
        rows: Rows with the records that they mean (``method``, ``paper``), in order.
        references: Reference to the source by line.

    Returns:
        The listing, or None when it has all rows already.
    """
    old = catalog.listings.get(source)
    entries = list(old.entries) if old else []
    printed = {_bare(entry.listed) for entry in entries}
    placed = {(entry.position, entry.method, entry.paper) for entry in entries}
    lines = text.split("\n")
    starts = {decision.entry.line for decision, _ in rows}
    added = []
    for decision, records in rows:
        line = decision.entry.line
        listed = as_printed(decision, lines, starts)
        position = references[line].partition(":")[2]
        if not listed or _bare(listed) in printed or (position, records.get("method"), records.get("paper")) in placed:
            continue
        printed.add(_bare(listed))
        added.append(_entry(catalog, decision, records, position, listed, references[line]))
    if not added:
        return None
    plain = [entry.model_dump(exclude_defaults=True) for entry in entries]
    return Listing.model_validate({"source": source, "entries": (*plain, *added)})


def as_printed(decision: Decision, lines: Sequence[str], starts: Iterable[int]) -> str:
    """What a row prints, to the letter; only the padding of tables and line breaks go."""
    row = decision.entry.row
    if row.shape in {"table", "prose"} and row.line <= len(lines) and row.text:
        text = re.sub(r" {2,}(?=\|)|(?<=\|) {2,}", " ", lines[row.line - 1])
    elif row.shape == "item" and row.line <= len(lines):
        others, end = set(starts), row.line
        while end < len(lines) and lines[end].strip() and end + 1 not in others and lines[end][:1] in " \t":
            end += 1
        text = re.sub(r"^\s*(?:[-*+•]|\d+[.)])\s+", "", " ".join(line.rstrip() for line in lines[row.line - 1 : end]))
    else:
        text = row.text
    return "".join(c if ord(c) >= 32 and not 0x7F <= ord(c) < 0xA0 else " " for c in text).strip()


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _entry(
    catalog: Catalog, decision: Decision, records: Mapping[str, str], position: str, listed: str, reference: str
) -> dict[str, Any]:
    corrections, open_rules = [], []
    for finding in decision.findings:
        if finding.right != "ours" or not finding.ours.strip() or not finding.listed.strip():
            open_rules.append(finding.rule)
            continue
        kind = RECORD_FIELDS.get(finding.field, ("paper", ""))[0]
        record = {"record": f"{kind}/{records[kind]}"} if records.get(kind) else {}
        evidence = _evidence(catalog, finding.field, records) or (reference,)
        values = {"listed": _text(finding.listed), "corrected": _text(finding.ours), "evidence": evidence}
        corrections.append({"kind": finding.rule, "field": finding.field, **record, **values})
    status = "corrected" if corrections else "unresolved" if open_rules or decision.match is None else "confirmed"
    note = f"Open: {', '.join(dict.fromkeys(open_rules))}." if open_rules else None
    if decision.match is None:
        note = f"Taken over from the list; not compared with another source. {note or ''}".strip()
    return {
        "position": position,
        "listed": listed,
        "status": status,
        **records,
        **({"note": note} if note else {}),
        "corrections": tuple(corrections),
    }


def _text(value: str) -> str:
    return "".join(c if ord(c) >= 32 and not 0x7F <= ord(c) < 0xA0 else " " for c in value).strip()


def _evidence(catalog: Catalog, field: str, records: Mapping[str, str]) -> tuple[str, ...]:
    """Sources of the value of ours that a finding rests on."""
    kind, name = RECORD_FIELDS.get(field, ("", ""))
    record = catalog.of_kind(kind).get(records.get(kind, "")) if kind else None
    if record is None:
        return ()
    if name in record.sources:
        return tuple(record.sources[name])
    value = getattr(record, name, None)
    items = value if isinstance(value, tuple) else (value,)
    return tuple(dict.fromkeys(s for item in items for s in getattr(item, "sources", ())))
