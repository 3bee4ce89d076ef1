"""Problems as SARIF 2.1.0, the form that code scanning services and editors read.

Source:
    OASIS Standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import hashlib
import inspect
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from kg.catalog.checks import RULES
from kg.errors import Problem
from kg.version import __version__

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME: Final = "https://w3id.org/stkg/"
# Rules of the reader, which are not functions of kg.catalog.checks.
_OF_FILES: Final = {
    "yaml": "A file is UTF-8 and plain YAML: no anchors, tags, repeated keys or empty values.",
    "field": "Each field is known, and its value has the form that the field asks for.",
    "place": "The data folder holds record files only, each named after its record; an id is used once.",
    "canonical-form": "A file is in canonical form; 'stkg format' brings it there.",
    "generated-files": "Generated files fit the models; 'stkg format' writes them.",
}
_OTHER: Final = "A rule without a description."


def sarif_text(problems: Sequence[Problem], root: Path) -> str:
    """One SARIF log with one run.

    Args:
        problems: What was found, in order.
        root: The data folder that paths are relative to. Below the working directory, files are named relative to it,
            as services want that know the repository only; elsewhere by their whole address.

    Returns:
        JSON; the same problems give the same text.
    """
    ids = list(dict.fromkeys(problem.rule or "other" for problem in problems))
    known = rule_texts()
    rules = [
        {
            "id": name,
            "shortDescription": {"text": known.get(name, _shape_text(name))},
            "help": {"text": f"{known.get(name, _shape_text(name))} See data/CURATION.md."},
            "defaultConfiguration": {"level": "error"},
        }
        for name in ids
    ]
    marks = _fingerprints(problems)
    driver = {"name": "stkg check", "version": __version__, "informationUri": _HOME, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(problem, ids, root, fingerprint) for problem, fingerprint in zip(problems, marks, strict=True)
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=True, indent=2)


def rule_texts() -> dict[str, str]:
    """What each rule asks for, by its id."""
    own = {rule_id(rule.__name__): " ".join((inspect.getdoc(rule) or "").split()) for rule in RULES}
    return {name: text.replace("``", "'") for name, text in {**_OF_FILES, **own}.items()}


def rule_id(name: str) -> str:
    """Id of a rule from its function's name."""
    return name.replace("_", "-")


def _shape_text(name: str) -> str:
    return (
        f"The graph satisfies the SHACL shape {name.removeprefix('shacl/')}." if name.startswith("shacl/") else _OTHER
    )


def _result(problem: Problem, ids: Sequence[str], root: Path, fingerprint: str) -> dict[str, Any]:
    field = f"{problem.pointer}: " if problem.pointer else ""
    cure = f" Cure: {problem.hint}." if problem.hint else ""
    physical: dict[str, Any] = {"artifactLocation": {"uri": _address(root / problem.path)}}
    if problem.line > 0:
        physical["region"] = {"startLine": problem.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    if problem.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.pointer, "kind": "member"}]
    rule = problem.rule or "other"
    return {
        "ruleId": rule,
        "ruleIndex": ids.index(rule),
        "level": "error",
        "message": {"text": _sentence(f"{field}{problem.message}.{cure}")},
        "locations": [location],
        # Without the line, so that a fault is the same one after lines above it have changed.
        "partialFingerprints": {"stkg/v1": fingerprint},
    }


def _sentence(text: str) -> str:
    """Text that SARIF takes neither for a link nor for a placeholder."""
    text = re.sub(r"([.?!])\.(?=\s|$)", r"\1", text)
    return re.sub(r"\{(\d+)\}", r"{{\1}}", re.sub(r"\[(?=[^\]]*\]\()", r"\\[", text))


def _fingerprints(problems: Sequence[Problem]) -> list[str]:
    """A mark for each problem; equal ones are numbered, so that no two problems have one mark."""
    seen: Counter[str] = Counter()
    found = []
    for problem in problems:
        parts = "\x1f".join((problem.rule, problem.path, problem.pointer, problem.message))
        mark = hashlib.blake2b(parts.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
        seen[mark] += 1
        found.append(f"{mark}:{seen[mark]}")
    return found


def _address(path: Path) -> str:
    whole = Path(os.path.normpath(path.absolute()))
    here = Path.cwd()
    if whole.is_relative_to(here):
        return quote(whole.relative_to(here).as_posix(), safe="/", errors="backslashreplace")
    return "file://" + quote(whole.as_posix(), safe="/", errors="backslashreplace")
