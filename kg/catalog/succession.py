"""Rename, withdraw and merge records: the records that change, with every link that leads to them.

Nothing here reads or writes a file; :func:`kg.catalog.edits.write_records` does, and refuses what would break a rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kg.catalog.edits import KEYS
from kg.catalog.finding import LINKS, all_records
from kg.errors import EditError
from kg.iris import is_slug
from kg.model import Catalog, Record, author_of

RENAMABLE: Final = (
    *("method", "paper", "author", "task", "dataset", "framework"),
    *("language", "license", "technology", "venue", "benchmark"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What to write.

    Attributes:
        records: New and changed records.
        remove: (kind, id) of records that go.
    """

    records: Sequence[Record]
    remove: Sequence[tuple[str, str]] = ()


def _record(catalog: Catalog, kind: str, key: str) -> Record:
    if kind not in RENAMABLE:
        raise EditError(f"a {kind} keeps its id: only {', '.join(RENAMABLE)} can change")
    found: Record | None = catalog.of_kind(kind).get(key)
    if found is None:
        people = {author for _, _, _, author in catalog.printed_authors()} if kind == "author" else set()
        hint = ": add one with its evidence to authors.yaml first" if key in people else ""
        raise EditError(f"there is no record of {kind} {key!r}{hint}")
    return found


def _changed(record: Record, **fields: Any) -> Record:
    return type(record).model_validate({**record.model_dump(exclude_defaults=True), **fields})


def renamed(catalog: Catalog, kind: str, old: str, new: str) -> Change:
    """Give a record another id; the old one stays as a former id, and all links follow.

    Args:
        catalog: The records.
        kind: Kind of the record.
        old: Its id.
        new: The id it shall have.

    Raises:
        EditError: There is no such record, or the new id is no slug or in use.
    """
    record = _record(catalog, kind, old)
    if not is_slug(new):
        raise EditError(f"{new!r} is no id: use lower-case letters, digits and single hyphens")
    if new in catalog.of_kind(kind) or catalog.former_ids().get((kind, new), old) != old:
        raise EditError(f"{new!r} is or was the id of another {kind}: choose another")
    former = [*getattr(record, "former_ids", ()), old]
    moved = _changed(record, id=new, former_ids=tuple(key for key in former if key != new))
    others = _relinked(catalog, kind, old, new)
    return Change([others.pop((kind, old), moved), *others.values()], [(kind, old)])


def withdrawn(catalog: Catalog, kind: str, key: str, why: str) -> Change:
    """Take a method or paper back.

    Args:
        catalog: The records.
        kind: ``method`` or ``paper``.
        key: Its id.
        why: The reason, for readers.

    Raises:
        EditError: There is no such record, or its kind cannot be withdrawn.
    """
    record = _record(catalog, kind, key)
    if kind not in {"method", "paper"}:
        raise EditError(f"a {kind} is not withdrawn: correct it, or merge it with another")
    return Change([_changed(record, status="withdrawn", status_note=why, replaced_by=None)])


def merged(catalog: Catalog, kind: str, key: str, into: str, why: str | None) -> Change:
    """Let one record take the place of another; all links follow.

    A method or paper keeps its file and points to its successor. A record of a small vocabulary goes: its id becomes a
    former id and its names synonyms of the successor. Facts are not moved: that takes a curator's eye.

    Args:
        catalog: The records.
        kind: Kind of both.
        key: Id of the record that goes; for a person also one without a record.
        into: Id of the record that stays.
        why: How it is known that both are one, for readers.

    Raises:
        EditError: One of them does not exist, or both are the same.
    """
    heir = _record(catalog, kind, into)
    if key == into:
        raise EditError(f"{kind} {key!r} cannot be merged with itself")
    if getattr(heir, "status", "current") != "current":
        raise EditError(f"{kind} {into!r} does not stand itself")
    others = _relinked(catalog, kind, key, into)
    if kind in {"method", "paper"}:
        record = _record(catalog, kind, key)
        others[kind, key] = _changed(record, status="merged", replaced_by=into, status_note=why)
        return Change(list(others.values()))
    former, names, remove = [key], _names(catalog, kind, key), []
    if key in catalog.of_kind(kind):
        former += getattr(catalog.of_kind(kind)[key], "former_ids", ())
        remove = [(kind, key)]
    elif not names:
        raise EditError(f"there is no {kind} {key!r}")
    heir = others.get((kind, into), heir)
    own = [heir.model_dump()[field] for field in ("label", "name") if field in type(heir).model_fields]
    synonyms = [name for name in dict.fromkeys([*heir.model_dump()["synonyms"], *names]) if name not in own]
    fields = {"former_ids": (*heir.model_dump()["former_ids"], *former), "synonyms": tuple(synonyms)}
    others.pop((kind, key), None)
    others[kind, into] = _changed(heir, **fields)
    return Change(list(others.values()), remove)


def _names(catalog: Catalog, kind: str, key: str) -> list[str]:
    record = catalog.of_kind(kind).get(key)
    if record is not None:
        return [getattr(record, "label", None) or record.name, *record.synonyms]
    return list(dict.fromkeys(name for _, _, name, author in catalog.printed_authors() if author == key))


def _relinked(catalog: Catalog, kind: str, old: str, new: str) -> dict[tuple[str, str], Record]:
    """Records that link to ``old``, with links to ``new`` in their place."""
    found: dict[tuple[str, str], Record] = {}
    for owner, key, record in all_records(catalog):
        plain = record.model_dump(exclude_defaults=True)
        moved = _Links(owner, kind, old, new).follow(plain)
        if moved == plain:
            continue
        own = {key} if owner == kind == "method" else set()
        changed = {name: _united(name, value, own) for name, value in moved.items() if value != plain[name]}
        found[owner, key] = type(record).model_validate({**moved, **changed})
    return found


@dataclass(frozen=True, slots=True)
class _Links:
    """Put one id in the place of another, wherever a record of one kind links to it."""

    owner: str
    kind: str
    old: str
    new: str

    def follow(self, value: Any, field: str = "") -> Any:
        if field in {"sources", "evidence"}:
            return value
        if field == "names" and self.kind == "author":
            return tuple(self._person(entry) for entry in value)
        if isinstance(value, Mapping):
            return {name: self.follow(inner, name) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return tuple(self.follow(inner, field) for inner in value)
        if field == "record" and value == f"{self.kind}/{self.old}":
            return f"{self.kind}/{self.new}"
        return self.new if value == self.old and self._leads_to_kind(field) else value

    def _leads_to_kind(self, field: str) -> bool:
        if field in {"broader", "replaced_by"}:
            return self.owner == self.kind
        return LINKS.get(field) == self.kind

    def _person(self, entry: Any) -> Any:
        if isinstance(entry, Mapping):
            return {**entry, "author": self.new} if entry["author"] == self.old else entry
        name, author = author_of(entry)
        return {"name": name, "author": self.new} if author == self.old else entry


def _united(field: str, value: Any, own: Iterable[str]) -> Any:
    """A list in which each linked thing stands once, with all sources, and none links to the record itself."""
    if field == "methods" or field in {"technologies", "broader"}:
        return tuple(dict.fromkeys(value))
    if field not in KEYS or field in {"conflicts", "versions"}:
        return value
    items: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in _others(value, own if field in {"lineage", "comparisons"} else ()):
        name = tuple(item.get(part) for part in KEYS[field])
        first = items.setdefault(name, dict(item))
        first["sources"] = tuple(dict.fromkeys([*first["sources"], *item["sources"]]))
        if item.get("strength", "strong") == "strong":
            first.pop("strength", None)
    return tuple(items.values())


def _others(items: Iterable[Mapping[str, Any]], own: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    known = set(own)
    return (item for item in items if item["method"] not in known) if known else iter(items)
