"""Errors of source lists, as advice and as a note in Markdown for a list's maintainers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient
from kg.errors import UnknownRecordError
from kg.markdown import code, escaped, link
from kg.model import Catalog, Correction, ListEntry, parse_reference
from kg.projection.record import doi_url, permalink

# Not the list's: letters that our copy of it broke, and remarks about several lists or about its scope.
_NOT_THEIRS: Final = frozenset({"mojibake", "duplicate-across-lists", "out-of-scope", "names-missing"})
_FORM: Final = frozenset(
    {"hyphenation", "stray-blank", "missing-blank", "spelling", "capitalisation", "punctuation", "stray-superscript"}
    | {"venue-spelling", "name-spelling", "abbreviated-authors", "abbreviated-venue", "table-structure"}
)


def reportable(entries: Iterable[ListEntry]) -> list[tuple[ListEntry, Correction]]:
    """Corrections that the maintainers of a list can use."""
    found = [(entry, correction) for entry in entries for correction in entry.corrections]
    return [
        (entry, correction)
        for entry, correction in found
        if correction.kind not in _NOT_THEIRS and "nothing to report" not in (correction.note or "").lower()
    ]


def list_errors(patient: Patient) -> Examination:
    """Lists with errors worth reporting, and entries nobody could explain."""
    for key, listing in patient.catalog.listings.items():
        label = patient.catalog.sources[key].label if key in patient.catalog.sources else key
        if errors := reportable(listing.entries):
            message = f"{label} has {len(errors)} errors"
            command = f"stkg doctor --list {key} --format markdown"
            yield Advice("list-errors", "listing", key, message, ("source",), command)
        for index, entry in enumerate(listing.entries):
            if entry.status == "unresolved":
                message = f"{entry.position}: {entry.note or entry.listed}"
                yield Advice("list-unresolved", "listing", key, message, ("entries", index))


def upstream_note(catalog: Catalog, key: str) -> str:
    """What a list could mend, as a Markdown text to send to its maintainers.

    Args:
        catalog: All records.
        key: Id of the list's source.

    Returns:
        The note; text of the list cannot become markup in it.

    Raises:
        UnknownRecordError: We keep no entries of such a list.
    """
    listing = catalog.listings.get(key)
    if listing is None:
        raise UnknownRecordError(f"there is no list {key!r}: use one of {', '.join(sorted(catalog.listings))}")
    source = catalog.sources[key]
    errors = reportable(listing.entries)
    facts = [pair for pair in errors if pair[1].kind not in _FORM]
    form = [pair for pair in errors if pair[1].kind in _FORM]
    version = f" at commit {source.commit[:12]}" if source.commit else ""
    origin = (
        f"[{escaped(source.repository)}](https://github.com/{source.repository}){version}" if source.repository else ""
    )
    parts = [f"# Corrections for {escaped(source.label)}", ""]
    parts += [f"Read: {origin or escaped(source.label)}.", ""]
    if not errors:
        return "\n".join([*parts, "We found nothing to correct."]) + "\n"
    count = "1 correction" if len(errors) == 1 else f"{len(errors)} corrections"
    parts += [f"Thank you for keeping this list. Comparing it with other sources gave {count}, each with its evidence."]
    parts += _section("Facts", facts, catalog, source.repository)
    parts += _section("Spelling and form", form, catalog, source.repository)
    return "\n".join(parts) + "\n"


def _section(
    title: str, errors: Sequence[tuple[ListEntry, Correction]], catalog: Catalog, own: str | None
) -> list[str]:
    if not errors:
        return []
    lines = ["", f"## {title} ({len(errors)})", ""]
    by_entry: dict[str, list[Correction]] = defaultdict(list)
    for entry, correction in errors:
        by_entry[entry.position].append(correction)
    for position, corrections in by_entry.items():
        lines.append(f"- [ ] **{escaped(position)}**")
        for correction in corrections:
            note = f" {escaped(correction.note)}" if correction.note else ""
            lines.append(
                f"  - {escaped(correction.kind.replace('-', ' '))} ({escaped(correction.field)}): "
                f"{code(correction.listed)} → {code(correction.corrected)}.{note}"
                + _evidence(correction.evidence, catalog, own)
            )
    return lines


def _evidence(references: Sequence[str], catalog: Catalog, own: str | None) -> str:
    """Links to where the right value stands; places in the list itself are no evidence for its maintainers."""
    links = []
    for reference in references:
        parts = parse_reference(reference) or {}
        source = catalog.sources.get(parts.get("source", ""))
        if own is not None and own in {parts.get("repository"), source.repository if source else None}:
            continue
        url = _address(parts, catalog)
        links.append(link(reference, url) if url else escaped(reference))
    return f" Evidence: {', '.join(links)}." if links else ""


def _address(parts: dict[str, str], catalog: Catalog) -> str:
    if "url" in parts:
        return parts["url"]
    if "doi" in parts:
        return doi_url(parts["doi"])
    if "repository" in parts:
        known = catalog.repositories.get(parts["repository"])
        return permalink(parts["repository"], known.commit if known else None, parts.get("path"))
    source = catalog.sources.get(parts.get("source", ""))
    if source is None or not (source.url or source.repository):
        return ""
    return source.url or permalink(source.repository or "", source.commit, parts.get("locator"))
