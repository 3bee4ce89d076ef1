"""``stkg new``: the records of a method and its paper, begun from a DOI or a repository."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

from kg.catalog.edits import write_records
from kg.catalog.loader import load_catalog
from kg.catalog.writer import dump_record
from kg.cli.enrich import add_client_options, client_of
from kg.resources import data_folder


def _parser(command: str) -> ArgumentParser:
    parser = ArgumentParser(
        prog=f"stkg {command}",
        description="Begin the records of a method and its paper from a source: ask Crossref, DataCite, Europe PMC or "
        "GitHub and print the YAML. Nothing is written unless --write is given.\n\nexamples:\n"
        "  stkg new --from 10.1000/example --name ExampleST --email you@example.org\n"
        "  stkg new --from https://arxiv.org/abs/2401.00001\n"
        "  stkg new --from https://github.com/example-lab/ExampleST --write",
        formatter_class=RawDescriptionHelpFormatter,
    )
    help_text = "DOI, arXiv id, or address of a paper at PubMed or of a repository at GitHub"
    parser.add_argument("--from", dest="source", required=True, metavar="DOI|URL", help=help_text)
    help_text = "name of the method (default: what stands before the colon of the title, or the repository's name)"
    parser.add_argument("--name", default="", help=help_text)
    parser.add_argument("--write", action="store_true", help="write the files")
    add_client_options(parser)
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Print the records, write them when asked, and return the exit status."""
    arguments = _parser(command).parse_args(words)
    client = client_of(arguments)
    from kg.enrich.drafting import draft_from

    root = data_folder(arguments.data)
    draft = draft_from(arguments.source.strip(), load_catalog(root), client, arguments.name.strip())
    records = [record for record in (draft.method, draft.paper) if record is not None]
    for record, folder in zip(records, ("methods", "papers"), strict=False):
        print(f"# {folder}/{record.id}.yaml\n{dump_record(record)}", end="")
    for point in draft.open_points:
        print(f"stkg: {point}", file=sys.stderr)
    if arguments.write:
        for path in write_records(root, records):
            print(f"stkg: wrote {path}", file=sys.stderr)
    return 0
