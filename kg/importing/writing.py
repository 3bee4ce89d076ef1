"""Chosen parts of a plan as changed records: new methods and papers, facts, conflicts, and the source's listing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kg.catalog.checks import RULES
from kg.catalog.edits import Fact, with_facts
from kg.catalog.layout import record_type_of
from kg.errors import ImportChoiceError
from kg.importing.additions import Addition
from kg.importing.choices import Choice, chosen, chosen_by_line
from kg.importing.known import Known
from kg.importing.listing import with_rows
from kg.importing.new_records import NewRecords, clean
from kg.importing.plan import Decision, Plan
from kg.importing.rows import Row
from kg.importing.settled import RECORD_FIELDS, Settled
from kg.model import COLLECTIONS, Catalog, Method, Paper, Record

# What speaks against making a record of a row that nobody looked at.
_DOUBTS = frozenset(
    {"wrong-link", "link-of-another-entry", "links-swapped", "titles-swapped", "title-of-another-paper"}
    | {"authors-swapped", "placeholder", "repeated-entry"}
)
_ROUNDS: Final = 5
# Findings that are about another value; the others are faults of form.
_OTHER_VALUES = frozenset(
    {"wrong-year", "wrong-venue", "wrong-link", "other-doi", "superseded-preprint", "title-variant", "title-truncated"}
    | {"title-of-another-paper", "other-authors", "authors-swapped", "author-order", "name-spelling"}
    | {"other-repository", "wrong-language"}
)
# The reference to a row, or to a place of its own in the same source.
Reference = Callable[[Row, str], str]


@dataclass
class Change:
    """What a choice leads to.

    Attributes:
        records: New and changed records.
        left_out: Chosen items that are not written, each with its line and the reason.
    """

    records: list[Record] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def plan_change(
    plan: Plan,
    catalog: Catalog,
    choices: Sequence[Choice],
    reference: Reference,
    *,
    source: str,
    text: str = "",
    registered: Sequence[Record] = (),
) -> Change:
    """Records as they are once the chosen parts are in.

    Args:
        plan: Made from the same catalog.
        catalog: Our records.
        choices: What to write.
        reference: Gives the reference to a row of the source, or to a place of its own.
        source: Id of the source.
        text: The source as it is, for its listing.
        registered: Records of sources and repositories that will be written too.

    Raises:
        ImportChoiceError: A choice fits nothing in the plan.
        EditError: A fact contradicts what its record says.
    """
    _ask_for_something(plan, choices)
    known, change = Known(catalog), Change()
    maker = NewRecords(catalog, known)
    made: dict[int, dict[str, str]] = {}
    facts: list[Fact] = []
    settled = Settled(catalog, source)
    lines: dict[tuple[str, str], int] = {}
    for decision in plan.decisions:
        line = decision.entry.line
        if decision.match is None:
            made |= _make(decision, choices, maker, reference, change)
            lines |= dict.fromkeys(made.get(line, {}).items(), line)
            continue
        lines |= dict.fromkeys((("method", decision.match.method), ("paper", decision.match.paper)), line)
        facts += _additions(decision, choices, maker, catalog, reference, change)
        facts += _conflicts(decision, choices, settled, reference, change)
    changed = _sound(catalog, change, _distinct(facts, change), lines, registered)
    change.records += changed
    made = {line: found for line, found in made.items() if all(_is_in(change, k, v) for k, v in found.items())}
    listing = _listing(plan, catalog, choices, made, reference, source, text)
    change.records += [listing] if listing else []
    return change


def _is_in(change: Change, kind: str, key: str) -> bool:
    wanted = Method if kind == "method" else Paper
    return any(isinstance(record, wanted) and record.id == key for record in change.records)


def _with(catalog: Catalog, records: Sequence[Record]) -> Catalog:
    """The catalog as it is with some records."""
    tables: dict[str, Any] = {}
    for record in records:
        kind = record_type_of(record)
        table = tables.setdefault(COLLECTIONS[kind.kind], dict(catalog.of_kind(kind.kind)))
        table[str(getattr(record, kind.key))] = record
    return replace(catalog, **tables)


def _sound(
    catalog: Catalog,
    change: Change,
    facts: list[Fact],
    lines: Mapping[tuple[str, str], int],
    registered: Sequence[Record],
) -> list[Record]:
    """Records that gain facts; facts and new records that break a rule of the catalog are taken out with the reason."""
    before = {(f.kind, f.key, f.message) for rule in RULES for f in rule(catalog)}
    for _ in range(_ROUNDS):
        changed = with_facts(catalog, facts)
        whole = _with(catalog, [*change.records, *changed, *registered])
        broken: dict[int, str] = {}
        for finding in (f for rule in RULES for f in rule(whole)):
            line = lines.get((finding.kind, finding.key))
            if line is not None and (finding.kind, finding.key, finding.message) not in before:
                broken.setdefault(
                    line, f"{finding.kind}/{finding.key} {'.'.join(map(str, finding.steps))} {finding.message}"
                )
        if not broken:
            return changed
        change.left_out += [f"line {line}: {reason}" for line, reason in sorted(broken.items())]
        bad = {place for place, line in lines.items() if line in broken}
        facts[:] = [fact for fact in facts if (fact.kind, fact.key) not in bad]
        change.records = [
            record
            for record in change.records
            if not isinstance(record, Method | Paper)
            or (("method" if isinstance(record, Method) else "paper"), record.id) not in bad
        ]
    return with_facts(catalog, facts)


def _ask_for_something(plan: Plan, choices: Sequence[Choice]) -> None:
    for choice in choices:
        lists = {"new": plan.new, "adds-facts": plan.adds_facts, "contradicts": plan.contradicts}
        items = lists.get(choice.part, [{"line": d.entry.line} for d in plan.decisions])
        fits = [i for i in items if choice.takes(choice.part, int(i["line"]), str(i.get("field", "")) or choice.field)]
        if not fits and (choice.lines or choice.field):
            raise ImportChoiceError(f"nothing in the plan fits {choice.text!r}: look at its lines without --write")


def _make(
    decision: Decision, choices: Sequence[Choice], maker: NewRecords, reference: Reference, change: Change
) -> dict[int, dict[str, str]]:
    line = decision.entry.line
    if not chosen(choices, "new", line):
        return {}
    if decision.same_as:
        change.left_out.append(f"line {line}: means the same as line {decision.same_as}")
        return {}
    doubts = [finding.rule for finding in decision.findings if finding.rule in _DOUBTS]
    doubts += ["a record of ours nearly fits"] if decision.notes else []
    if doubts and not chosen_by_line(choices, "new", line):
        change.left_out.append(f"line {line}: {', '.join(dict.fromkeys(doubts))}; if it is right, choose new:{line}")
        return {}
    written = maker.make(decision, reference)
    change.left_out += [f"line {line}: {reason}" for reason in written.left_out]
    change.records += written.records
    found = {}
    for record in written.records:
        if isinstance(record, Method | Paper):
            found["method" if isinstance(record, Method) else "paper"] = record.id
    return {line: found} if found else {}


def _additions(
    decision: Decision,
    choices: Sequence[Choice],
    maker: NewRecords,
    catalog: Catalog,
    reference: Reference,
    change: Change,
) -> list[Fact]:
    facts, line = [], decision.entry.line
    for added in decision.additions:
        if not chosen(choices, "adds-facts", line, added.field):
            continue
        if added.plain is None:
            change.left_out.append(f"line {line}: {added.field} {added.value[:60]!r}: {added.note}")
            continue
        facts.append(_fact(added, maker, catalog, (reference(decision.entry.row, added.place),)))
    return facts


def _fact(added: Addition, maker: NewRecords, catalog: Catalog, sources: tuple[str, ...]) -> Fact:
    plain = added.plain
    if added.field == "authors":
        plain = {**plain, "names": maker.longer_list(catalog.papers[added.key], list(plain["names"]))}
    # A part of the repository is written by itself; of other fields the part only says what is meant.
    name = added.field if added.field.startswith("repository.") else added.field.split(".", maxsplit=1)[0]
    note = clean(added.note) if added.note else None
    return Fact(added.kind, added.key, name, plain, sources, added.strength, note)


def _conflicts(
    decision: Decision, choices: Sequence[Choice], settled: Settled, reference: Reference, change: Change
) -> list[Fact]:
    facts, line, match = [], decision.entry.line, decision.match
    for finding in decision.findings if match else ():
        if match is None or not chosen(choices, "contradicts", line, finding.field) or settled.has(match, finding):
            continue
        kind, name = RECORD_FIELDS.get(finding.field, ("", ""))
        key = match.method if kind == "method" else match.paper
        if finding.rule not in _OTHER_VALUES or not kind or not key or not finding.listed.strip():
            change.left_out.append(
                f"line {line}: {finding.rule}: a fault of form is no value; it belongs in the listing"
            )
            continue
        why = clean(f"{finding.rule}: {finding.why}.")
        value = {"field": name, "value": clean(finding.listed), "why": why}
        facts.append(Fact(kind, key, "conflicts", value, (reference(decision.entry.row, ""),)))
    return facts


def _distinct(facts: Sequence[Fact], change: Change) -> list[Fact]:
    """Facts without those that two rows give differently: neither is taken before somebody looked."""
    groups = {"repository", "authors", "year", "venue", "doi", "arxiv", "pmid"}
    values: dict[tuple[str, str, str], list[object]] = {}
    for fact in facts:
        if fact.field in groups:
            seen = values.setdefault((fact.kind, fact.key, fact.field), [])
            seen += [] if fact.value in seen else [fact.value]
    unsure = {place for place, seen in values.items() if len(seen) > 1}
    change.left_out += [f"{kind}/{key}: two rows give another {name}" for kind, key, name in sorted(unsure)]
    kept, given = [], set()
    for fact in facts:
        place = (fact.kind, fact.key, fact.field)
        if place in unsure or (fact.field in {"repository", "authors"} and place in given):
            continue
        given.add(place)
        kept.append(fact)
    return kept


def _listing(
    plan: Plan,
    catalog: Catalog,
    choices: Sequence[Choice],
    made: Mapping[int, Mapping[str, str]],
    reference: Reference,
    source: str,
    text: str,
) -> Record | None:
    rows: list[tuple[Decision, Mapping[str, str]]] = []
    for decision in plan.decisions:
        line, match = decision.entry.line, decision.match
        records = made.get(line, {})
        if match is not None:
            records = {k: v for k, v in (("method", match.method), ("paper", match.paper)) if v}
        if records and (chosen(choices, "listing", line) or (line in made and source in catalog.listings)):
            rows.append((decision, records))
    references = {decision.entry.line: reference(decision.entry.row, "") for decision, _ in rows}
    return with_rows(catalog, source, text, rows, references) if rows else None
