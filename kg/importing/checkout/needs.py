"""What a repository declares that it needs, and under which licence it is given away."""

import ast
import re
import tomllib
import warnings
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import yaml

from kg.importing.checkout.folder import Folder

_REQUIREMENT: Final = re.compile(
    r"([A-Za-z0-9][\w.-]{0,80})(?:\[[\w, .-]{0,100}\])?\s*"
    r"(?:\(?\s*((?:[<>=!~^]=?=?\s*v?[\w.*+!-]{1,40}\s*,?\s*){1,4})\)?)?"
)
_R_PACKAGE: Final = re.compile(r"([A-Za-z][\w.]{0,80})\s*(?:\(\s*([<>=]=?\s*[\w.-]{1,40})\s*\))?")
_MAX: Final = 300


class Need(NamedTuple):
    """A package that is asked for: name and version as printed, and where."""

    package: str
    version: str
    path: str
    line: int


def read_needs(folder: Folder) -> list[Need]:
    """Requirements of the files at the top of a repository, each package once; the first file that names it counts."""
    found: dict[str, Need] = {}
    readers = {
        "requirements.txt": _requirements,
        "pyproject.toml": _pyproject,
        "setup.py": _setup,
        "environment.yml": _environment,
        "environment.yaml": _environment,
        "description": _description,
    }
    for name, reader in readers.items():
        for path in folder.named(name):
            text = folder.text(path)
            for package, version in reader(text):
                line = _line_of(text, package)
                found.setdefault(package.lower().replace("_", "-"), Need(package, version, path, line))
    return list(found.values())[:_MAX]


def _line_of(text: str, word: str) -> int:
    match = re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", text)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def requirement(text: str) -> tuple[str, str] | None:
    """Name and version of one requirement as printed, or None.

    >>> requirement("torch>=1.8, <2 ; python_version < '3.9'"), requirement("-e git+https://x")
    (('torch', '>=1.8,<2'), None)
    """
    bare = text.split(";", 1)[0].split(" #", 1)[0].split("@", 1)[0].strip()
    match = _REQUIREMENT.fullmatch(bare) if len(bare) < 300 else None
    return (match[1], re.sub(r"\s+", "", match[2] or "").rstrip(",")) if match else None


def _requirements(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n")[:2000]:
        if line.strip() and not line.lstrip().startswith(("#", "-")) and (found := requirement(line)):
            yield found


def _pyproject(text: str) -> Iterator[tuple[str, str]]:
    try:
        value: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return
    project = value.get("project")
    listed = project.get("dependencies") if isinstance(project, dict) else None
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, str) and (found := requirement(item)):
            yield found
    poetry = value.get("tool", {}).get("poetry", {}) if isinstance(value.get("tool"), dict) else {}
    needed = poetry.get("dependencies") if isinstance(poetry, dict) else None
    for name, version in needed.items() if isinstance(needed, dict) else ():
        if name.lower() != "python" and (found := requirement(name)):
            yield found[0], version if isinstance(version, str) and version != "*" and len(version) < 40 else ""


def _setup(text: str) -> Iterator[tuple[str, str]]:
    """``install_requires`` where it is a plain list; nothing is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "install_requires" and isinstance(node.value, ast.List):
            for item in node.value.elts:
                if isinstance(item, ast.Constant) and isinstance(item.value, str) and (n := requirement(item.value)):
                    yield n


def _environment(text: str) -> Iterator[tuple[str, str]]:
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError, KeyError):
        return
    listed = value.get("dependencies") if isinstance(value, dict) else None
    for item in listed if isinstance(listed, list) else ():
        inner = item.get("pip") if isinstance(item, dict) else [item]
        for one in inner if isinstance(inner, list) else ():
            # conda prints name=version=build; the build says nothing of the method
            bare = one.rpartition("::")[2] if isinstance(one, str) else ""
            found = requirement(re.sub(r"^([\w.-]+)=([\w.*]+)(?:=\w+)?$", r"\1==\2", bare))
            if found and found[0].lower() not in {"python", "pip"}:
                yield found


def description_field(text: str, name: str) -> str:
    """A field of an R package's DESCRIPTION, with its continued lines."""
    match = re.search(rf"^{name}:[ \t]*(.*(?:\n[ \t]+.*)*)", text, re.MULTILINE)
    return " ".join(match.group(1).split()) if match else ""


def _description(text: str) -> Iterator[tuple[str, str]]:
    for name in ("Depends", "Imports"):
        for item in description_field(text, name).split(","):
            match = _R_PACKAGE.fullmatch(item.strip())
            if match and match[1] not in {"R", "methods", "stats", "utils", "graphics", "grDevices"}:
                yield match[1], re.sub(r"\s+", "", match[2] or "")


# The first whose phrases all stand in the text is meant; the more special stand first.
_LICENCES: Final = (
    ("gpl-3-0-with-commons-clause", ("commons clause", "gnu general public license")),
    ("cc-by-nc-nd-4-0", ("attribution-noncommercial-noderivatives 4.0",)),
    ("cc-by-nc-sa-4-0", ("attribution-noncommercial-sharealike 4.0",)),
    ("cc-by-nc-4-0", ("attribution-noncommercial 4.0",)),
    ("agpl-3-0", ("gnu affero general public license", "version 3, 19 november 2007")),
    ("lgpl-3-0", ("gnu lesser general public license", "version 3,", "additional definitions")),
    ("lgpl-2-1", ("gnu lesser general public license", "version 2.1")),
    ("gpl-3-0", ("gnu general public license", "version 3, 29 june 2007")),
    ("gpl-2-0", ("gnu general public license", "version 2, june 1991")),
    ("apache-2-0", ("apache license", "version 2.0, january 2004")),
    ("artistic-2-0", ("artistic license 2.0",)),
    ("bsd-3-clause", ("redistribution and use in source and binary forms", "neither the name")),
    ("bsd-2-clause", ("redistribution and use in source and binary forms", "this software is provided by")),
    ("mit", ("permission is hereby granted, free of charge", "without restriction", "the software is provided")),
)
# Words of the GNU licences themselves.
_OF_GNU: Final = re.compile(r"occasionally and noncommercially|only for noncommercial distribution")
# What turns a known text into another licence.
_BESIDE: Final = (
    *("non-commercial", "noncommercial", "academic use", "academic and research", "academic purposes"),
    *("research use only", "research purposes only", "commons clause"),
)


def licence_of_text(text: str) -> str | None:
    """The licence that a text is, as an id of ``licenses.yaml``; None when it is none of them, or one with changes.

    >>> licence_of_text("Apache License Version 2.0, January 2004")
    'apache-2-0'
    """
    plain = " ".join(re.sub(r"[*_#]", " ", text[:60_000].lower()).split())
    plain = _OF_GNU.sub("", plain)
    for key, phrases in _LICENCES:
        if all(phrase in plain for phrase in phrases):
            changed = not key.startswith(("cc-", "gpl-3-0-with")) and any(word in plain for word in _BESIDE)
            return None if changed else key
    return None


class Licence(NamedTuple):
    """A licence and the place that says so; ``key`` is ``""`` for a text that is not known."""

    key: str
    path: str


def read_licence(folder: Folder, names: dict[str, str]) -> list[Licence]:
    """Licences of the file at the top, and of an R package's DESCRIPTION or of ``pyproject.toml``.

    Args:
        folder: Of one repository.
        names: Folded names of licences to their ids.
    """
    from kg.iris import fold

    found = []
    for path in folder.named("license", "license.txt", "license.md", "licence", "copying", "copying.txt")[:1]:
        text = folder.text(path)
        if len(text) > 300:  # R packages keep only year and holder here
            found.append(Licence(licence_of_text(text) or "", path))
    for path in folder.named("description"):
        said = description_field(folder.text(path), "License").split("+")[0].strip()
        said = re.sub(r"\s*\((>=|==)\s*([\d.]+)\)", lambda m: f"-{m[2]}{'+' if m[1] == '>=' else ''}", said)
        named = re.fullmatch(r"(A?L?GPL-\d)(?:\.0)?(\+?)", said)
        said = f"{named[1]}.0{'-or-later' if named[2] else ''}" if named else said.removesuffix("+")
        key = names.get(fold(said))
        # The text of a licence does not say whether later ones may be chosen.
        if key and not (key.endswith("-or-later") and found and found[0].key.startswith("gpl-")):
            found.append(Licence(key, path))
    return found
