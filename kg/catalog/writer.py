"""The canonical form of a record file: one way to write each record, so that a diff shows only what changed.

Fields stand in the order of the model, absent and default values are left out, lists of linked records are sorted by
what they link to, and short lists of words stand on one line. Comments may stand only above the first field; they are
kept.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from kg.catalog.layout import SCHEMA_FOLDER, RecordType, record_type_of
from kg.model import Record

_WIDTH: Final = 110
# Lists whose order carries meaning, or whose items have no key to sort by.
_ORDERED: Final = frozenset({"names", "entries", "sources", "evidence", "corrections", "requirements", "facts"})
# Fields that every kind of record shows first and last; the others follow the order of the model.
_FIRST: Final = (
    *("id", "former_ids", "name", "title", "synonyms", "summary", "kind", "evidence_level"),
    *("scope", "scope_note", "status", "status_note", "replaced_by"),
)
_LAST: Final = ("strength", "note", "corrections", "conflicts", "evidence", "sources")
_SORT_KEYS: Final = ("paper", "language", "framework", "license", "task", "dataset", "method", "doi", "arxiv", "field")
# Other readers of YAML would take these for a number, a date, a truth value or nothing.
_GUESSED: Final = re.compile(
    r"[-+]?(\d[\d_,]*)?\.?\d*([eE][-+]?\d+)?|0[xob][\da-fA-F_]+|[-+]?\.(inf|nan)|[-+]?\d+(:\d\d?)+(\.\d*)?"
    r"|\d{4}-\d\d?-\d\d?.*|~|null|true|false|yes|no|on|off|y|n|=|<<",
    re.IGNORECASE,
)
_UNSAFE_START: Final = frozenset("-?:,[]{}#&*!|>'\"%@`")
_ESCAPED: Final = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029\ufeff\xa0\ufffe\uffff"}


def _scalar(value: Any, *, flow: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | date):
        return str(value)
    text = str(value)
    plain = (
        text != ""
        and text[0] not in _UNSAFE_START
        and ": " not in text
        and " #" not in text
        and text[-1] not in ": "
        and _GUESSED.fullmatch(text) is None
        and not any(ord(c) in _ESCAPED or not (c.isprintable()) for c in text)
        and not (flow and any(c in ",[]{}?" for c in text))
    )
    return text if plain else json.dumps(text, ensure_ascii=False).translate(_ESCAPED)


def _sorted(key: str, items: Sequence[Any]) -> list[Any]:
    if key in _ORDERED or not items:
        return list(items)
    if all(isinstance(item, str) for item in items):
        return list(items) if key in {"synonyms", "names"} else sorted(items)

    def sort_key(item: dict[str, Any]) -> tuple[str, ...]:
        found = [str(item.get(name, "")) for name in _SORT_KEYS]
        return (*found, json.dumps(item, sort_keys=True, default=str))

    return sorted(items, key=sort_key)


def _lines(key: str, value: Any, indent: int) -> list[str]:
    margin, name = " " * indent, _scalar(key, flow=False)
    if value == {}:
        return [f"{margin}{name}: {{}}"]
    if isinstance(value, dict):
        return [f"{margin}{name}:", *_mapping_lines(value, indent + 2)]
    if isinstance(value, list | tuple):
        items = _sorted(key, value)
        if all(not isinstance(item, dict | list | tuple) for item in items) and key != "names":
            line = f"{margin}{name}: [{', '.join(_scalar(item, flow=True) for item in items)}]"
            if len(line) <= _WIDTH:
                return [line]
        return [f"{margin}{name}:", *_item_lines(items, indent + 2)]
    return [f"{margin}{name}: {_scalar(value, flow=False)}"]


def _mapping_lines(mapping: dict[str, Any], indent: int) -> list[str]:
    return [line for key, value in mapping.items() for line in _lines(key, value, indent)]


def _item_lines(items: Sequence[Any], indent: int) -> list[str]:
    margin = " " * indent
    found: list[str] = []
    for item in items:
        if isinstance(item, dict):
            inner = _mapping_lines(item, indent + 2)
            found += [f"{margin}- {inner[0].lstrip()}", *inner[1:]]
        else:
            found.append(f"{margin}- {_scalar(item, flow=False)}")
    return found


def _rank(name: str) -> int:
    if name in _FIRST:
        return _FIRST.index(name)
    return len(_FIRST) + (_LAST.index(name) + 1 if name in _LAST else 0)


def _arranged(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _arranged(value[name]) for name in sorted(value, key=_rank)}
    if isinstance(value, list | tuple):
        return [_arranged(item) for item in value]
    return value


def _plain(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = _arranged(record.model_dump(exclude_defaults=True))
    if isinstance(found.get("sources"), dict):
        order = sorted(type(record).model_fields, key=_rank)
        place = {name: position for position, name in enumerate(order)}
        found["sources"] = dict(sorted(found["sources"].items(), key=lambda item: place.get(item[0], len(place))))
    return found


def schema_comment(record_type: RecordType) -> str:
    """The line that tells editors which JSON Schema a file follows."""
    up = "../" if record_type.is_folder else ""
    return f"# yaml-language-server: $schema={up}{SCHEMA_FOLDER}/{record_type.kind}.schema.json"


def dump_record(record: Record, comments: Sequence[str] = ()) -> str:
    """Canonical text of a file that holds one record.

    Args:
        record: A method, paper or listing.
        comments: Comment lines, each beginning with ``#``, to keep above the record.

    Returns:
        The text, ending in a newline.
    """
    head = [schema_comment(record_type_of(record)), *comments]
    return "\n".join([*head, *_mapping_lines(_plain(record), 0)]) + "\n"


def dump_records(record_type: RecordType, records: Sequence[Record], comments: Sequence[str] = ()) -> str:
    """Canonical text of a file that holds a list of records, sorted by their key."""
    ordered = sorted(records, key=lambda record: str(getattr(record, record_type.key)))
    blocks = ["\n".join(_item_lines([_plain(record)], 0)) for record in ordered]
    return "\n".join([schema_comment(record_type), *comments]) + "\n" + "\n\n".join(blocks) + "\n"


def leading_comments(text: str) -> list[str]:
    """Comment lines above the first field, without the schema line."""
    found = []
    for line in text.removeprefix("\ufeff").split("\n"):
        if not line.strip():
            continue
        if not line.startswith("#"):
            break
        if not line.startswith("# yaml-language-server:"):
            found.append(line.rstrip())
    return found
