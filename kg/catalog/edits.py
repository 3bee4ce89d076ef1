"""Change record files: facts into records, records into files, all of them or none.

Nothing reaches the data folder before ``stkg check`` would accept the result. Files keep their comments and canonical
form, so that a change is as small in a diff as it is in meaning.
"""

import contextlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kg.catalog.checks import check_catalog
from kg.catalog.layout import RECORD_TYPES, record_type_of
from kg.catalog.loader import Loaded, canonical_text, load_all, read_text
from kg.errors import EditError
from kg.files import write_text
from kg.model import Catalog, Record, Strength

# What an item of a list is known by; an item that is there already only gains sources.
KEYS: Final = {
    "papers": ("paper",),
    "languages": ("language",),
    "frameworks": ("framework",),
    "licenses": ("license",),
    "tasks": ("task",),
    "datasets": ("dataset",),
    "requirements": ("package",),
    "lineage": ("relation", "method"),
    "comparisons": ("method",),
    "versions": ("kind", "doi", "arxiv", "url"),
    "conflicts": ("field", "value"),
}
_BY_KIND: Final = {record_type.kind: record_type for record_type in RECORD_TYPES}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a record shall state.

    Attributes:
        kind: Kind of the record (``method``, ``paper`` …).
        key: Its id.
        field: Name of the field: a scalar (``doi``), a list of texts (``synonyms``), a list of linked things
            (``tasks``), a group (``authors``, ``repository``) or a part of one (``repository.last_commit``).
        value: As it would stand in the file, without ``sources``: text or number for a scalar, a mapping for the
            others, such as ``{"task": "denoising"}``.
        sources: References that the fact rests on; at least one.
        strength: ``weak`` when they only suggest it; for links and groups.
        note: What a reader has to know; for links and groups.
    """

    kind: str
    key: str
    field: str
    value: Any
    sources: tuple[str, ...]
    strength: Strength = "strong"
    note: str | None = None


def with_facts(catalog: Catalog, facts: Iterable[Fact]) -> list[Record]:
    """Records as they are once they state the facts too.

    A fact that is there already gains the sources. A scalar or group that has another value is never replaced.

    Args:
        catalog: The records.
        facts: What to add, in order.

    Returns:
        The records that change, by kind and id.

    Raises:
        EditError: A fact names no record, contradicts what the record says, or is not valid.
    """
    by_record: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_record[fact.kind, fact.key].append(fact)
    changed: list[Record] = []
    for (kind, key), wanted in sorted(by_record.items()):
        record: Record | None = catalog.of_kind(kind).get(key)
        if record is None:
            raise EditError(f"there is no {kind} {key!r}")
        plain = record.model_dump(exclude_defaults=True)
        for fact in wanted:
            _add(plain, fact, type(record))
        try:
            found = type(record).model_validate(plain)
        except ValidationError as error:
            raise EditError(f"{kind} {key}: {_first(error)}") from error
        if found != record:
            changed.append(found)
    return changed


def _first(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}"


def _add(plain: dict[str, Any], fact: Fact, model: type[Record]) -> None:
    group, _, part = fact.field.partition(".")
    if group not in model.model_fields:
        raise EditError(f"{fact.field!r} is not a field of a {fact.kind}")
    if fact.field in KEYS:
        plain[fact.field] = _with_item(plain.get(fact.field, ()), fact)
    elif fact.field == "synonyms":
        plain["synonyms"] = tuple(dict.fromkeys([*plain.get("synonyms", ()), fact.value]))
        _add_sources(plain, fact)
    elif part:
        _add_part(plain, fact, group, part)
    elif isinstance(fact.value, Mapping):
        _add_group(plain, fact)
    else:
        _add_scalar(plain, fact)


def _add_sources(plain: dict[str, Any], fact: Fact) -> None:
    known: Mapping[str, Sequence[str]] | Sequence[str] = plain.get("sources") or {}
    if isinstance(known, Mapping):
        plain["sources"] = {**known, fact.field: _united(known.get(fact.field, ()), fact.sources)}
    else:  # small records have one list of sources for all their fields
        plain["sources"] = _united(known, fact.sources)


def _united(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*first, *second]))


def _add_scalar(plain: dict[str, Any], fact: Fact) -> None:
    ours = plain.get(fact.field)
    if ours is not None and str(ours) != str(fact.value):
        raise EditError(f"{fact.kind} {fact.key} has another {fact.field}: {ours!r}, not {fact.value!r}")
    plain[fact.field] = fact.value
    _add_sources(plain, fact)


def _add_group(plain: dict[str, Any], fact: Fact) -> None:
    ours = plain.get(fact.field)
    cut_authors = fact.field == "authors" and ours is not None and not ours["complete"]
    if ours is not None and not cut_authors:
        raise EditError(f"{fact.kind} {fact.key} has its {fact.field} already")
    plain[fact.field] = _marked(fact)


def _add_part(plain: dict[str, Any], fact: Fact, group: str, part: str) -> None:
    ours = plain.get(group)
    if not isinstance(ours, Mapping):
        raise EditError(f"{fact.kind} {fact.key} has no {group} that {part!r} could belong to")
    if ours.get(part) is not None and str(ours[part]) != str(fact.value):
        raise EditError(f"{fact.kind} {fact.key} has another {fact.field}: {ours[part]!s}, not {fact.value!s}")
    plain[group] = {**ours, part: fact.value, "sources": _united(ours["sources"], fact.sources)}


def _marked(fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = {**fact.value, "sources": fact.sources}
    if fact.strength == "weak":
        found["strength"] = fact.strength
    if fact.note is not None:
        found["note"] = fact.note
    return found


def _with_item(items: Sequence[Mapping[str, Any]], fact: Fact) -> tuple[Mapping[str, Any], ...]:
    def name(item: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(item.get(part) for part in KEYS[fact.field])

    for index, item in enumerate(items):
        if name(item) == name(fact.value):
            found = {**item, "sources": _united(item["sources"], fact.sources)}
            if fact.strength == "strong":
                # What was only suggested is now said somewhere.
                found.pop("strength", None)
            return (*items[:index], found, *items[index + 1 :])
    return (*items, _marked(fact))


def write_records(root: Path, records: Iterable[Record], *, remove: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Write new and changed records into their files.

    Args:
        root: A data folder whose files are sound.
        records: Records to write; one with a known id replaces what stands under that id.
        remove: (kind, id) of records to take out.

    Returns:
        Paths of the files that changed, relative to ``root``, sorted.

    Raises:
        EditError: The folder has faults already, or would have with the change; ``problems`` lists them. Nothing is
            written then.
        OutputError: A file cannot be written; files written before it are put back.
    """
    loaded = load_all(root)
    if loaded.faults:
        raise EditError("the data folder has faults: mend them first", loaded.faults)
    texts = _new_texts(root, loaded, list(records), list(remove))
    if texts:
        _try_out(root, texts, set(check_catalog(loaded.catalog, root)))
        _write_all(root, texts)
    return sorted(texts)


def _new_texts(
    root: Path, loaded: Loaded, records: Sequence[Record], remove: Sequence[tuple[str, str]]
) -> dict[str, str | None]:
    """What each file shall hold; None for a file that goes. Files that stay as they are, are left out."""
    texts: dict[str, str | None] = {}
    tables: dict[str, dict[str, Record]] = {}
    for kind, key in remove:
        record_type = _BY_KIND[kind]
        if key not in loaded.catalog.of_kind(kind):
            raise EditError(f"there is no {kind} {key!r}")
        if record_type.is_folder:
            texts[f"{record_type.place}{key}.yaml"] = None
        else:
            tables.setdefault(kind, dict(loaded.catalog.of_kind(kind))).pop(key)
    for record in records:
        record_type = record_type_of(record)
        key = str(getattr(record, record_type.key))
        if record_type.is_folder:
            path = f"{record_type.place}{key}.yaml"
            # A renamed record takes the comments of its file along.
            known = [key, *(old for old in getattr(record, "former_ids", ()) if (record_type.kind, old) in remove)]
            old_text = "".join(_old_text(root, f"{record_type.place}{name}.yaml") for name in known[-1:])
            texts[path] = canonical_text(record_type, [record], old_text)
        else:
            tables.setdefault(record_type.kind, dict(loaded.catalog.of_kind(record_type.kind)))[key] = record
    for kind, table in tables.items():
        record_type = _BY_KIND[kind]
        old = _old_text(root, record_type.place)
        texts[record_type.place] = canonical_text(record_type, list(table.values()), old)
    return {path: text for path, text in texts.items() if text is None or text != _old_text(root, path)}


def _old_text(root: Path, path: str) -> str:
    return read_text(root, path) if (root / path).exists() else ""


def _try_out(root: Path, texts: Mapping[str, str | None], before: set[Any]) -> None:
    """Check a copy of the folder that has the change."""
    with tempfile.TemporaryDirectory(prefix="stkg-") as folder:
        copy = Path(folder) / "data"
        shutil.copytree(root, copy, copy_function=shutil.copyfile)
        _apply(copy, texts)
        loaded = load_all(copy)
        known = {problem._replace(line=0) for problem in before}
        found = [*loaded.faults, *check_catalog(loaded.catalog, copy)]
        new = [problem for problem in found if problem._replace(line=0) not in known]
    if new:
        raise EditError(f"the change would leave {len(new)} problems; nothing was written", new)


def _apply(root: Path, texts: Mapping[str, str | None]) -> None:
    for path, text in texts.items():
        if text is None:
            (root / path).unlink()
        else:
            write_text(root / path, text)


def _write_all(root: Path, texts: Mapping[str, str | None]) -> None:
    old = {path: read_text(root, path) if (root / path).exists() else None for path in texts}
    done: dict[str, str | None] = {}
    try:
        for path, text in texts.items():
            done[path] = old[path]
            _apply(root, {path: text})
    except BaseException:
        for path, text in done.items():
            if text is None:
                with contextlib.suppress(FileNotFoundError):
                    (root / path).unlink()
            else:
                write_text(root / path, text)
        raise
