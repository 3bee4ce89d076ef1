"""``stkg rename``, ``stkg withdraw`` and ``stkg merge``: what becomes of a record, with all links to it."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kg.catalog.edits import write_records
from kg.catalog.loader import load_catalog
from kg.catalog.succession import RENAMABLE, Change, merged, renamed, withdrawn
from kg.model import Catalog
from kg.resources import data_folder

_ABOUT: Final = {
    "rename": "Give a record another id. The old IRI goes on answering: it leads to the new one. Links of other "
    "records follow.\n\nexamples:\n  stkg rename method stlearn-2020 stlearn",
    "withdraw": "Take a method or paper back: its IRI then says that, and why. Refused while other records link to it."
    "\n\nexamples:\n  stkg withdraw method notamethod --why 'the repository holds only a figure'",
    "merge": "Let one record take the place of another that is the same thing. The old IRI leads to the one that "
    "stays; links of other records follow. Facts are not moved: do that first.\n\n"
    "examples:\n  stkg merge method stlearn-2 stlearn --why 'same repository'",
}


def _parser(command: str) -> ArgumentParser:
    parser = ArgumentParser(
        prog=f"stkg {command}", description=_ABOUT[command], formatter_class=RawDescriptionHelpFormatter
    )
    kinds = ("method", "paper") if command == "withdraw" else RENAMABLE
    parser.add_argument("kind", choices=kinds, metavar="KIND", help=f"one of {', '.join(kinds)}")
    parser.add_argument("id", metavar="ID", help="id of the record")
    if command == "rename":
        parser.add_argument("new", metavar="NEW", help="the id it shall have")
    elif command == "merge":
        parser.add_argument("into", metavar="INTO", help="id of the record that stays")
    if command != "rename":
        parser.add_argument("--why", metavar="TEXT", required=command == "withdraw", help="the reason, for readers")
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Write the change, name the files, and return the exit status."""
    arguments = _parser(command).parse_args(words)
    root = data_folder(arguments.data)
    catalog: Catalog = load_catalog(root)
    change: Change
    if command == "rename":
        change = renamed(catalog, arguments.kind, arguments.id, arguments.new)
    elif command == "withdraw":
        change = withdrawn(catalog, arguments.kind, arguments.id, arguments.why)
    else:
        change = merged(catalog, arguments.kind, arguments.id, arguments.into, arguments.why)
    files = write_records(root, change.records, remove=change.remove)
    for path in files:
        print(path)
    number = "1 file" if len(files) == 1 else f"{len(files)} files"
    print(f"stkg: {number} changed; look at the difference before you commit", file=sys.stderr)
    return 0
