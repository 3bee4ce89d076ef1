"""Read every file under ``data/`` into a :class:`~kg.model.Catalog`, and report everything that is wrong at once.

Nothing here stops at the first fault: a bad file is left out and its problems are listed, the good ones are loaded.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kg.catalog.layout import OTHER_FILES, RECORD_TYPES, SCHEMA_FOLDER, RecordType
from kg.catalog.writer import dump_record, dump_records, leading_comments
from kg.catalog.yaml_text import locate, parse_yaml
from kg.errors import CatalogError, Problem, YamlError
from kg.model import COLLECTIONS, Catalog, Record


@dataclass
class Loaded:
    """What came of reading a data folder.

    Attributes:
        catalog: The records that could be read.
        problems: Everything that is wrong with the files themselves, sorted.
        form: Those of ``problems`` that say only that a file is not in canonical form; its content is sound.
    """

    catalog: Catalog
    problems: list[Problem]
    form: frozenset[Problem] = frozenset()

    @property
    def faults(self) -> list[Problem]:
        """The problems but for canonical form."""
        return [problem for problem in self.problems if problem not in self.form]


@dataclass
class _Collected:
    records: dict[str, dict[str, Record]] = field(default_factory=lambda: {kind: {} for kind in COLLECTIONS})
    places: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[tuple[str, str]] = field(default_factory=set)
    form: set[Problem] = field(default_factory=set)


def data_files(root: Path) -> Iterator[tuple[str, RecordType | None]]:
    """Files under a data folder in order, with the kind of record each should hold (None: does not belong)."""
    by_place = {record_type.place: record_type for record_type in RECORD_TYPES}
    for entry in sorted(os.scandir(root), key=lambda e: e.name):
        if entry.is_dir():
            if entry.name == SCHEMA_FOLDER:
                continue
            record_type = by_place.get(entry.name + "/")
            for inner in sorted(os.scandir(entry.path), key=lambda e: e.name):
                is_record = inner.is_file() and inner.name.endswith(".yaml") and _is_text(inner.name)
                belongs = record_type if is_record else None
                yield f"{entry.name}/{inner.name}", belongs
        elif entry.name not in OTHER_FILES:
            yield entry.name, by_place.get(entry.name)


def _is_text(name: str) -> bool:
    """Whether a file name is made of characters; on Linux it can be any bytes."""
    return not any(0xD800 <= ord(c) < 0xE000 for c in name)


def read_text(root: Path, path: str) -> str:
    """Text of a data file.

    Raises:
        YamlError: It is not UTF-8, or cannot be opened.
    """
    try:
        return (root / path).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise YamlError("not UTF-8", [Problem(path, line, "", "is not UTF-8", "save it as UTF-8")]) from error
    except OSError as error:
        raise YamlError("unreadable", [Problem(path, 0, "", f"cannot be read: {error.strerror}")]) from error


def load_all(root: Path) -> Loaded:
    """Read every record under ``root``.

    Args:
        root: A data folder.

    Returns:
        The good records and all problems of the files. Rules across records are in :mod:`kg.catalog.checks`.
    """
    collected = _Collected()
    for path, record_type in data_files(root):
        if record_type is None:
            hint = f"move or remove it; data/ holds {', '.join(t.place for t in RECORD_TYPES)}"
            name = path.encode("utf-8", "backslashreplace").decode()
            collected.problems.append(Problem(name, 0, "", "does not belong here", hint, "place"))
            continue
        try:
            _load_file(root, path, record_type, collected)
        except YamlError as error:
            collected.problems.extend(problem._replace(rule="yaml") for problem in error.problems)
            collected.unreadable.add((record_type.kind, Path(path).stem if record_type.is_folder else "*"))
    tables: Mapping[str, Any] = {COLLECTIONS[kind]: table for kind, table in collected.records.items()}
    catalog = Catalog(**tables, places=collected.places, unreadable=frozenset(collected.unreadable))
    return Loaded(catalog, sorted({*collected.problems, *collected.form}), frozenset(collected.form))


def load_catalog(root: Path) -> Catalog:
    """Read every record, or say all that is wrong.

    Raises:
        CatalogError: At least one file is bad; ``problems`` lists every fault. Canonical form is not asked for.
    """
    loaded = load_all(root)
    if loaded.faults:
        raise CatalogError(f"{len(loaded.faults)} problems in the catalog's files", loaded.faults)
    return loaded.catalog


def _load_file(root: Path, path: str, record_type: RecordType, collected: _Collected) -> None:
    text = read_text(root, path)
    value = parse_yaml(text, path)
    items = [value] if record_type.is_folder else value
    if not isinstance(items, list) or (record_type.is_folder and not isinstance(value, dict)):
        what = "one record: fields at the left margin" if record_type.is_folder else "a list of records: '- id: …'"
        raise YamlError("wrong form", [Problem(path, 1, "", "has the wrong form", f"the file holds {what}")])
    records: list[Record] = []
    for index, item in enumerate(items):
        base: tuple[str | int, ...] = () if record_type.is_folder else (index,)
        try:
            record = record_type.model.model_validate(item)
        except ValidationError as error:
            collected.problems.extend(_problems_of(error, record_type, path, text, base))
            key = item.get(record_type.key) if isinstance(item, dict) else None
            collected.unreadable |= {(record_type.kind, str(key)), (record_type.kind, Path(path).stem)}
            continue
        records.append(record)
        _register(record, record_type, path, text, base, collected)
    if len(records) == len(items):
        _check_form(records, record_type, path, text, collected)


def _register(
    record: Record, record_type: RecordType, path: str, text: str, base: tuple[str | int, ...], collected: _Collected
) -> None:
    key = str(getattr(record, record_type.key))
    pointer = (*base, record_type.key)
    if record_type.is_folder and Path(path).stem != key:
        line = locate(text, path, pointer)
        hint = f"rename the file to {key}.yaml or correct the {record_type.key}"
        collected.problems.append(
            Problem(path, line, record_type.key, f"is {key!r} in a file of another name", hint, "place")
        )
    table = collected.records[record_type.kind]
    if key in table:
        line = locate(text, path, pointer)
        first = collected.places[record_type.kind, key][0]
        message, hint = f"{key!r} is already used in {first}", "ids are unique: choose another"
        collected.problems.append(Problem(path, line, record_type.key, message, hint, "place"))
        return
    table[key] = record
    collected.places[record_type.kind, key] = (path, int(base[0]) if base else -1)


def canonical_text(record_type: RecordType, records: list[Record], text: str) -> str:
    """What the file would be in canonical form; its leading comments are kept."""
    comments = leading_comments(text)
    if record_type.is_folder:
        return dump_record(records[0], comments)
    return dump_records(record_type, records, comments)


def _check_form(records: list[Record], record_type: RecordType, path: str, text: str, collected: _Collected) -> None:
    wanted = canonical_text(record_type, records, text)
    if wanted == text:
        return
    have, want = text.split("\n"), wanted.split("\n")
    line = next((i for i, (a, b) in enumerate(zip(have, want, strict=False)) if a != b), min(len(have), len(want)))
    expected = want[line] if line < len(want) else "(end of file)"
    message = f"is not in canonical form; expected here: {expected.strip()[:80]!r}"
    collected.form.add(Problem(path, line + 1, "", message, "run 'stkg format'", "canonical-form"))


def _problems_of(
    error: ValidationError, record_type: RecordType, path: str, text: str, base: tuple[str | int, ...]
) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_context=True):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # its items are wrong, and are reported themselves
        steps = tuple(
            step for step in detail["loc"] if step not in {"name", "person"} or "authors" not in detail["loc"]
        )
        message, hint = _explain(detail, record_type)
        yield Problem(path, locate(text, path, (*base, *steps)), pointer_text(steps), message, hint, "field")


def pointer_text(steps: tuple[str | int, ...]) -> str:
    """Field path for people: ``tasks[2].task``.

    >>> pointer_text(("tasks", 2, "task"))
    'tasks[2].task'
    """
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


# pydantic's error type -> message and cure; {given} is the value, {expected} and {pattern} come from the field.
_EXPLANATIONS: Final = {
    "missing": ("is missing", "add the field"),
    "literal_error": ("{given} is not allowed", "use one of {expected}"),
    "int_parsing": ("{given} is not a whole number", "write digits only"),
    "int_type": ("{given} is not a whole number", "write digits only"),
    "tuple_type": ("is not a list", "write [a, b] or one '- item' a line"),
    "list_type": ("is not a list", "write [a, b] or one '- item' a line"),
    "model_type": ("is not a group of fields", "write 'field: value' lines below it"),
    "model_attributes_type": ("is not a group of fields", "write 'field: value' lines below it"),
    "dict_type": ("is not a group of fields", "write 'field: value' lines below it"),
    "string_type": ("is not a single text", "write one value, in quotes if need be"),
    "string_pattern_mismatch": (
        "{given} does not have the form {pattern}",
        "copy the identifier again, without prefix",
    ),
    "too_short": ("is an empty list", "give at least one, or remove the field"),
    "greater_than_equal": ("{given} is too small", "at least {ge}"),
    "less_than_equal": ("{given} is too large", "at most {le}"),
}


def _explain(detail: Any, record_type: RecordType) -> tuple[str, str]:
    kind, context = detail["type"], {key: str(value) for key, value in detail.get("ctx", {}).items()}
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(detail["loc"][-1]), _field_names(record_type), n=3)
        return "is not a field of this record", f"did you mean {', '.join(near)}?" if near else "remove it"
    if kind == "value_error":
        message, _, hint = context["error"].partition(": ")
        return message, hint
    if kind.startswith("date"):
        return f"{detail['input']!r} is not a date", "write YYYY-MM-DD"
    if kind.startswith("bool"):
        return f"{detail['input']!r} is neither true nor false", "write true or false"
    message, hint = _EXPLANATIONS.get(kind, ("{given}: " + detail["msg"].replace("{", "{{").replace("}", "}}"), ""))
    given = {"given": repr(detail["input"])[:80], **context}
    return message.format_map(given), hint.format_map(given)


def _field_names(record_type: RecordType) -> list[str]:
    names = set(record_type.model.model_fields)
    for model_field in record_type.model.model_fields.values():
        for argument in getattr(model_field.annotation, "__args__", ()):
            names |= set(getattr(argument, "model_fields", {}))
    return sorted(names)
