"""``stkg build``, ``stkg check`` and ``stkg format``: the commands a curator runs."""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from kg.catalog.checks import check_catalog
from kg.catalog.formatter import format_folder
from kg.catalog.json_schema import stale_schemas, write_schemas
from kg.catalog.layout import SCHEMA_FOLDER
from kg.catalog.loader import load_all
from kg.errors import CatalogError, Problem
from kg.model import Catalog
from kg.resources import resource_root


def _parser(command: str) -> ArgumentParser:
    about = {
        "build": "Build the store from the catalog, even when one is in the cache already.",
        "check": "Report everything that is wrong in the catalog's files, each at its file and line; exit status 1 "
        "when anything is.\n\nexamples:\n  stkg check\n  stkg check my-data --shapes\n  stkg check --format github",
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
        parser.add_argument("--format", choices=["text", "json", "github"], default="text", help="how to report")
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


def _counts(catalog: Catalog) -> str:
    authors = {author for _, _, _, author in catalog.printed_authors()}
    tables = ("method", "paper", "task", "dataset", "framework", "source", "listing")
    words = [f"{len(catalog.of_kind(kind))} {kind}s" for kind in tables]
    return ", ".join([*words[:2], f"{len(authors)} authors", *words[2:]])


def _check(root: Path, arguments: Namespace) -> int:
    loaded = load_all(root)
    problems = [*loaded.problems, *check_catalog(loaded.catalog, root)]
    if not arguments.folder or (root / SCHEMA_FOLDER).is_dir():
        problems += [
            Problem(f"schema/{path.name}", 0, "", "does not fit the models", "run 'stkg format'")
            for path in stale_schemas(root)
        ]
    if arguments.shapes and not problems:
        from kg.shapes import check_shapes

        problems += check_shapes(loaded.catalog, root)
    _print(sorted(set(problems)), root, arguments.format)
    print(f"stkg: {_counts(loaded.catalog)}", file=sys.stderr)
    print(f"stkg: {len(problems)} problems" if problems else "stkg: no problem found", file=sys.stderr)
    return 1 if problems else 0


def _print(problems: Sequence[Problem], root: Path, style: str) -> None:
    if style == "json":
        import json

        print(json.dumps([problem._asdict() for problem in problems], ensure_ascii=False, indent=2))
    for problem in problems if style != "json" else ():
        where = (root / problem.path).as_posix()
        field = f"{problem.pointer}: " if problem.pointer else ""
        cure = f" ({problem.hint})" if problem.hint else ""
        if style == "github":
            text = f"{field}{problem.message}{cure}".replace("%", "%25").replace("\n", "%0A")
            print(f"::error file={where},line={max(problem.line, 1)}::{text}")
        else:
            print(f"{where}:{problem.line}: {field}{problem.message}{cure}")


def _format(root: Path, arguments: Namespace) -> int:
    changed, unreadable = format_folder(root, write=not arguments.dry_run)
    with_schemas = not arguments.folder or (root / SCHEMA_FOLDER).is_dir()
    find = stale_schemas if arguments.dry_run else write_schemas
    schemas = find(root) if with_schemas else []
    for path in [*changed, *(f"schema/{path.name}" for path in schemas)]:
        print(path)
    for path in unreadable:
        print(f"stkg: {path} cannot be read and was left alone; 'stkg check' says why", file=sys.stderr)
    return 1 if unreadable or (arguments.dry_run and (changed or schemas)) else 0


def _build(root: Path) -> int:
    from kg.build import build_store

    place = build_store(root, force=True)
    print(place)
    return 0
