"""JSON Schemas of the record files, for completion and checking in editors."""

import json
from pathlib import Path
from typing import Any

from kg.catalog.layout import RECORD_TYPES, SCHEMA_FOLDER, RecordType
from kg.files import write_text
from kg.iris import BASE


def schema_text(record_type: RecordType) -> str:
    """Schema of the files of one kind, as indented JSON."""
    model = record_type.model.model_json_schema()
    definitions = model.pop("$defs", {})
    name = record_type.model.__name__
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}schema/{record_type.kind}.schema.json",
        "title": f"STKG {record_type.kind}",
    }
    if record_type.is_folder:
        schema |= model
    else:
        schema |= {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}
        definitions = {**definitions, name: model}
    schema["$defs"] = definitions
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def stale_schemas(root: Path) -> list[Path]:
    """Schema files under a data folder that differ from the models, or are missing."""
    found = []
    for record_type in RECORD_TYPES:
        path = root / SCHEMA_FOLDER / f"{record_type.kind}.schema.json"
        if not path.is_file() or path.read_text(encoding="utf-8") != schema_text(record_type):
            found.append(path)
    return found


def write_schemas(root: Path) -> list[Path]:
    """Write the schema files that are stale, and say which."""
    written = stale_schemas(root)
    for path in written:
        record_type = next(t for t in RECORD_TYPES if path.name == f"{t.kind}.schema.json")
        write_text(path, schema_text(record_type))
    return written
