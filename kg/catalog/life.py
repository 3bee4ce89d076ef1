"""Rules for records that were renamed, withdrawn or merged: their IRIs go on answering, and nothing else needs them."""

import difflib
from collections.abc import Iterator

from kg.catalog.finding import LINKS, Finding, Rule, all_records, walk
from kg.model import COLLECTIONS, Catalog


def exists(catalog: Catalog, kind: str, slug: str) -> bool:
    """Whether a record is there, or could not be read for faults of its own."""
    return slug in catalog.of_kind(kind) or not catalog.unreadable.isdisjoint({(kind, slug), (kind, "*")})


def nearest(slug: str, catalog: Catalog, kind: str) -> str:
    """What to write for an id that no record has."""
    renamed = catalog.former_ids().get((kind, slug))
    if renamed is not None:
        return f"it was renamed: write {renamed}"
    near = difflib.get_close_matches(slug, catalog.of_kind(kind), n=3)
    return f"did you mean {', '.join(near)}?" if near else f"add the {kind} first"


def former_ids_are_free(catalog: Catalog) -> Iterator[Finding]:
    """A former id belongs to one record and is the id of none."""
    people = {author for _, _, _, author in catalog.printed_authors()}
    for kind in COLLECTIONS:
        table = catalog.of_kind(kind)
        taken = {*table, *(people if kind == "author" else ())}
        seen: dict[str, str] = {}
        for key, record in sorted(table.items()):
            for index, old in enumerate(getattr(record, "former_ids", ())):
                steps = ("former_ids", index)
                if old in taken:
                    yield Finding(
                        kind, key, steps, f"{old!r} is the id of a {kind}", "ids are never given twice: remove it"
                    )
                elif old in seen:
                    message = f"{old!r} is already a former id of {seen[old]!r}"
                    yield Finding(kind, key, steps, message, "keep one of the two")
                seen.setdefault(old, key)


def links_lead_to_current_records(catalog: Catalog) -> Iterator[Finding]:
    """What stands is linked to what stands: no link leads to a withdrawn or merged record."""
    for kind, key, record in all_records(catalog):
        if getattr(record, "status", "current") != "current":
            continue
        for steps, name, value in walk(record):
            target, slugs = LINKS.get(name), value if isinstance(value, tuple) else (value,)
            if kind == "listing" and name == "record":
                target, _, slug = value.partition("/")
                slugs = (slug,)
            if target is None:
                continue
            for index, slug in enumerate(slugs):
                where = (*steps, index) if isinstance(value, tuple) else steps
                yield from _retired_target(catalog, Finding(kind, key, where, ""), target, slug)


def _retired_target(catalog: Catalog, where: Finding, kind: str, slug: object) -> Iterator[Finding]:
    found = catalog.of_kind(kind).get(str(slug)) if isinstance(slug, str) else None
    status = getattr(found, "status", "current")
    if status == "current":
        return
    successor = getattr(found, "replaced_by", None)
    hint = f"write {successor}" if successor else "remove the link"
    yield Finding(where.kind, where.key, where.steps, f"{kind} {slug!r} was {status}", hint)


def successions_end(catalog: Catalog) -> Iterator[Finding]:
    """A chain of merged records ends at a current one."""
    for kind in ("method", "paper"):
        table = catalog.of_kind(kind)
        for key in sorted(table):
            seen, here = [key], table[key].replaced_by
            while here in table and here not in seen:
                seen.append(here)
                here = table[here].replaced_by
            if here is not None and here == key:
                if key == min(seen):
                    yield Finding(kind, key, ("replaced_by",), "goes in a circle", "one record must be current")
            elif here is None and len(seen) > 1 and table[seen[-1]].status == "withdrawn":
                message = f"leads to {seen[-1]!r}, which was withdrawn"
                yield Finding(kind, key, ("replaced_by",), message, "withdraw this record as well")


def lifecycles_are_whole(catalog: Catalog) -> Iterator[Finding]:
    """Merged records name their successor, withdrawn ones the reason."""
    for kind in ("method", "paper"):
        for key, record in catalog.of_kind(kind).items():
            if (record.status == "merged") != (record.replaced_by is not None):
                hint = "status merged and replaced_by belong together"
                yield Finding(kind, key, ("status",), "does not fit replaced_by", hint)
            if record.status == "withdrawn" and record.status_note is None:
                hint = "add status_note: why the record was withdrawn"
                yield Finding(kind, key, ("status",), "is withdrawn without a reason", hint)
            if record.status == "current" and record.status_note is not None:
                yield Finding(kind, key, ("status_note",), "is the reason for nothing", "remove it, or give a status")


LIFE_RULES: tuple[Rule, ...] = (
    former_ids_are_free,
    links_lead_to_current_records,
    successions_end,
    lifecycles_are_whole,
)
