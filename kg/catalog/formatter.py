"""Bring record files into canonical form."""

import unicodedata
from pathlib import Path

from pydantic import ValidationError

from kg.catalog.layout import RecordType
from kg.catalog.loader import canonical_text, data_files, read_text
from kg.catalog.yaml_text import parse_yaml
from kg.errors import YamlError
from kg.files import write_text


def format_folder(root: Path, *, write: bool) -> tuple[list[str], list[str]]:
    """Rewrite each readable file in canonical form.

    Args:
        root: A data folder.
        write: False only finds out which files would change.

    Returns:
        Files that changed (or would), and files that were left alone because they cannot be read; ``stkg check``
        says why.
    """
    changed, unreadable = [], []
    for path, record_type in data_files(root):
        if record_type is None:
            continue
        try:
            text = read_text(root, path)
            wanted = _canonical(text, path, record_type)
        except (YamlError, ValidationError):
            unreadable.append(path)
            continue
        if wanted != text:
            changed.append(path)
            if write:
                write_text(root / path, wanted)
    return changed, unreadable


def _canonical(text: str, path: str, record_type: RecordType) -> str:
    # Accents joined to their letters; what a source list printed stays byte for byte.
    joined = text if record_type.kind == "listing" else unicodedata.normalize("NFC", text)
    value = parse_yaml(joined, path)
    items = [value] if record_type.is_folder else value
    if not isinstance(items, list):
        raise YamlError("wrong form")
    return canonical_text(record_type, [record_type.model.model_validate(item) for item in items], joined)
