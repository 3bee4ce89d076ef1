"""``stkg build``, ``stkg check`` and ``stkg format``: the commands a curator runs."""

import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from kg.catalog.checks import check_catalog
from kg.catalog.counts import counts
from kg.catalog.formatter import format_folder
from kg.catalog.json_schema import stale_schemas, write_schemas
from kg.catalog.layout import SCHEMA_FOLDER
from kg.catalog.loader import load_all
from kg.errors import CatalogError, Problem
from kg.resources import resource_root


def _parser(command: str) -> ArgumentParser:
    about = {
        "build": "Build the store from the catalog, even when one is in the cache already.",
        "check": "Report everything that is wrong in the catalog's files, each at its file and line; exit status 1 "
        "when anything is.\n\nexamples:\n  stkg check\n  stkg check my-data --shapes\n  stkg check --format github\n"
        "  stkg check --shapes --format sarif > stkg.sarif",
        "format": "Rewrite the catalog's files in canonical form and bring data/schema up to date.\n\n"
        "examples:\n  stkg format\n  stkg format --dry-run",
    }
    parser = ArgumentParser(
        prog=f"stkg {command}", description=about[command], formatter_class=RawDescriptionHelpFormatter
    )
    help_text = "data folder (default: the catalog that came with stkg)"
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help=help_text)
    parser.add_argument("--data", type=Path, metavar="DIR", help="the same, as the other commands have it")
    if command == "check":
        parser.add_argument("--shapes", action="store_true", help="also run the SHACL shapes (slower)")
        styles = ["text", "json", "sarif", "github"]
        parser.add_argument("--format", choices=styles, default="text", help="how to report")
    if command == "format":
        parser.add_argument("--dry-run", action="store_true", help="only name the files that would change")
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Run one of the three commands and return its exit status."""
    arguments = _parser(command).parse_args(words)
    arguments.folder = arguments.folder or arguments.data
    root = arguments.folder or resource_root("data")
    if not root.is_dir():
        raise CatalogError(f"{root} is not a folder")
    if command == "format":
        return _format(root, arguments)
    if command == "build":
        return _build(root)
    return _check(root, arguments)


def _check(root: Path, arguments: Namespace) -> int:
    loaded = load_all(root)
    if not loaded.catalog.places and not loaded.problems:
        raise CatalogError(f"{root} holds no records: is it a data folder?")
    problems = [*loaded.problems, *check_catalog(loaded.catalog, root)]
    if not arguments.folder or (root / SCHEMA_FOLDER).is_dir():
        from kg.contributing.forms import FORMS_FOLDER, stale_forms

        stale = [f"schema/{path.name}" for path in stale_schemas(root)]
        stale += [f"../{FORMS_FOLDER}/{path.name}" for path in stale_forms(root, loaded.catalog)]
        problems += [
            Problem(path, 0, "", "does not fit the models", "run 'stkg format'", "generated-files") for path in stale
        ]
        problems += [
            Problem(
                f"../{FORMS_FOLDER}/{path.name}",
                0,
                "",
                "does not fit the models",
                "run 'stkg format'",
                "generated-files",
            )
            for path in stale_forms(root, loaded.catalog)
        ]
    if arguments.shapes and not problems:
        from kg.shapes import check_shapes

        problems += check_shapes(loaded.catalog, root)
    _print(sorted(set(problems)), root, arguments.format)
    held = ", ".join(f"{n} {word}" for word, n in counts(loaded.catalog).items())
    print(f"stkg: {held}", file=sys.stderr)
    print(f"stkg: {len(problems)} problems" if problems else "stkg: no problem found", file=sys.stderr)
    return 1 if problems else 0


def _print(problems: Sequence[Problem], root: Path, style: str) -> None:
    if style == "json":
        import json

        print(json.dumps([problem._asdict() for problem in problems], ensure_ascii=False, indent=2))
    if style == "sarif":
        from kg.cli.sarif import sarif_text

        print(sarif_text(problems, root))
    for problem in problems if style in {"text", "github"} else ():
        where = Path(os.path.normpath(root / problem.path)).as_posix()
        field = f"{problem.pointer}: " if problem.pointer else ""
        cure = f" ({problem.hint})" if problem.hint else ""
        if style == "github":
            rule = f",title={_escaped(problem.rule, ':,')}" if problem.rule else ""
            place = f"file={_escaped(where, ':,')},line={max(problem.line, 1)}{rule}"
            print(f"::error {place}::{_escaped(f'{field}{problem.message}{cure}')}")
        else:
            print(f"{where}:{problem.line}: {field}{problem.message}{cure}")


def _escaped(text: str, separators: str = "") -> str:
    """Text inside a workflow command of GitHub: nothing in it can end the command or begin another."""
    for character in "%\r\n" + separators:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _format(root: Path, arguments: Namespace) -> int:
    changed, unreadable = format_folder(root, write=not arguments.dry_run)
    with_schemas = not arguments.folder or (root / SCHEMA_FOLDER).is_dir()
    find = stale_schemas if arguments.dry_run else write_schemas
    schemas = find(root) if with_schemas else []
    from kg.contributing.forms import FORMS_FOLDER, stale_forms, write_forms

    settle = stale_forms if arguments.dry_run else write_forms
    forms = settle(root, load_all(root).catalog) if with_schemas and not unreadable else []
    names = [*changed, *(f"schema/{path.name}" for path in schemas), *(f"../{FORMS_FOLDER}/{p.name}" for p in forms)]
    for path in names:
        print(path)
    for path in unreadable:
        print(f"stkg: {path} cannot be read and was left alone; 'stkg check' says why", file=sys.stderr)
    return 1 if unreadable or (arguments.dry_run and names) else 0


def _build(root: Path) -> int:
    from kg.build import build_store

    place = build_store(root, force=True)
    print(place)
    return 0
