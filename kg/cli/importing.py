"""``stkg import``: what a list or reference file would bring, as a plan. Nothing is written."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from kg.catalog.loader import load_catalog
from kg.errors import ImportSourceError
from kg.importing import KINDS, make_plan, read_source
from kg.importing.report import plan_json, plan_text
from kg.importing.sources import MAX_BYTES
from kg.resources import data_folder


def _parser(command: str) -> ArgumentParser:
    parser = ArgumentParser(
        prog=f"stkg {command}",
        description="Read a list of methods or a reference file, match each row with our records, and print what is "
        "new, known, contradicted or not understood. Nothing is written.\n\nexamples:\n"
        "  stkg import README.md\n  stkg import README.md --source sindilab\n"
        "  stkg import references.bib --format json\n  cat table.csv | stkg import - --kind csv",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="the list, or - for standard input")
    help_text = "id in sources.yaml; its mapping file in data/sources/ says what columns and sections mean"
    parser.add_argument("--source", metavar="ID", help=help_text)
    parser.add_argument("--format", choices=["text", "json"], default="text", help="how to print the plan")
    parser.add_argument("--kind", choices=["auto", *KINDS], default="auto", help="what the file is (default: auto)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    return parser


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ImportSourceError(f"{name!r} cannot be read: {reason}") from error


def run(command: str, words: Sequence[str]) -> int:
    """Print the plan and return the exit status."""
    arguments = _parser(command).parse_args(words)
    content = _content(arguments.file)
    catalog = load_catalog(data_folder(arguments.data))
    mapping = None
    kind = arguments.kind
    if arguments.source is not None:
        if arguments.source not in catalog.sources:
            raise ImportSourceError(f"there is no source {arguments.source!r}; add it to sources.yaml first")
        mapping = catalog.mappings.get(arguments.source)
        if mapping is None:
            print(f"stkg: no mapping file sources/{arguments.source}.yaml; headings decide", file=sys.stderr)
        elif kind == "auto":
            kind = mapping.format
    plan = make_plan(read_source(content, name=arguments.file, kind=kind), catalog, mapping)
    if arguments.format == "json":
        print(plan_json(plan))
    else:
        print(plan_text(plan), end="")
    return 0
