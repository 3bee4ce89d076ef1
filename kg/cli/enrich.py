"""``stkg enrich``: ask public services for what records lack, as a plan; chosen parts of it are written on request."""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tqdm import tqdm

from kg.build import cache_root
from kg.catalog.loader import load_catalog
from kg.errors import EnrichError
from kg.resources import data_folder

if TYPE_CHECKING:
    from kg.enrich.client import Client

_ABOUT: Final = """\
Ask Crossref, DataCite, Europe PMC, OpenAlex and GitHub for what records lack, and print the answers as a plan: facts
to add, values that differ, and questions without a usable answer. Nothing is written unless --write says what.

examples:
  stkg enrich graphst-2023 --email you@example.org
  stkg enrich --missing authors,pmid --from crossref,europepmc --limit 50 --email you@example.org
  stkg enrich --missing licenses --from github --limit 40
  stkg enrich --replay answers/ --format json
  stkg enrich --missing authors --offline --write adds-facts:3,7-9
"""


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= len(text) <= 7 or int(text) == 0:
        raise ArgumentTypeError(f"{text[:20]!r} is not a number from 1")
    return int(text)


def add_client_options(parser: ArgumentParser) -> None:
    """Options of every command that asks services."""
    help_text = "where the services can reach you; they answer such users better (default: $STKG_EMAIL)"
    parser.add_argument("--email", metavar="ADDRESS", default=os.environ.get("STKG_EMAIL", ""), help=help_text)
    help_text = "folder for the answers (default: answers/ in the cache folder)"
    parser.add_argument("--cache", type=Path, metavar="DIR", help=help_text)
    parser.add_argument("--offline", action="store_true", help="ask nobody; take only saved answers")
    help_text = "ask nobody; take the answers saved in this folder, and leave it as it is"
    parser.add_argument("--replay", type=Path, metavar="DIR", help=help_text)
    help_text = "days for which a saved answer counts without asking whether it changed (default 7)"
    parser.add_argument("--max-age", type=_positive, default=7, metavar="DAYS", help=help_text)
    help_text = "ask this address in the place of a service: https, or http on this machine; may be given again"
    parser.add_argument("--endpoint", action="append", default=[], metavar="SERVICE=URL", help=help_text)
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")


def client_of(arguments: Namespace) -> "Client":
    """The client that the options ask for.

    Raises:
        EnrichError: Its libraries are not installed, or an option is wrong.
    """
    try:
        from kg.enrich.client import Settings, open_client
        from kg.enrich.services import endpoint
    except ImportError as error:
        raise EnrichError(f"{error.name} is not installed: pip install 'stkg[enrich]'") from error
    if arguments.replay is not None and not arguments.replay.is_dir():
        raise EnrichError(f"{arguments.replay} is not a folder of saved answers")
    settings = Settings(
        email=arguments.email,
        endpoints=dict(map(endpoint, arguments.endpoint)),
        max_age=arguments.max_age,
        offline=arguments.offline or arguments.replay is not None,
        writable=arguments.replay is None,
    )
    return open_client(arguments.replay or arguments.cache or cache_root() / "answers", settings)


def _parser(command: str) -> ArgumentParser:
    parser = ArgumentParser(prog=f"stkg {command}", description=_ABOUT, formatter_class=RawDescriptionHelpFormatter)
    help_text = "id of a paper, method or person, or KIND/ID; default: all that lack something"
    parser.add_argument("record", nargs="*", metavar="RECORD", help=help_text)
    help_text = (
        "fields to fill, with commas: authors, doi, pmid, venue, year, published_on, versions, orcid, external; of "
        "repositories: licenses, first_commit, last_commit, archived (default: all)"
    )
    parser.add_argument("--missing", metavar="FIELDS", help=help_text)
    help_text = "services to ask, with commas: crossref, datacite, europepmc, openalex, github (default: all)"
    parser.add_argument("--from", dest="services", metavar="SERVICES", help=help_text)
    parser.add_argument("--limit", type=_positive, metavar="N", help="ask about N records at most")
    parser.add_argument("--after", default="", metavar="KIND/ID", help="go on behind this record")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="how to print the plan")
    help_text = "write facts of the plan: adds-facts for all, adds-facts:3,7-9,pmid for some numbers and fields"
    parser.add_argument("--write", metavar="PART", help=help_text)
    add_client_options(parser)
    return parser


def _words(text: str | None, known: Iterable[str], what: str) -> frozenset[str]:
    if text is None:
        return frozenset(known)
    found = [word.strip() for word in text.split(",")]
    for word in found:
        if word not in known:
            raise EnrichError(f"there is no {what} {word[:40]!r}: choose from {', '.join(known)}")
    return frozenset(found)


def _bar(targets: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return tqdm(targets, unit="record", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False)


def run(command: str, words: Sequence[str]) -> int:
    """Print the plan, write what was chosen, and return the exit status."""
    arguments = _parser(command).parse_args(words)
    client = client_of(arguments)
    from kg.enrich.plan import FIELDS, Choice, make_plan, plan_json
    from kg.enrich.report import account, plan_text
    from kg.enrich.services import SERVICES

    root = data_folder(arguments.data)
    catalog = load_catalog(root)
    choice = Choice(
        records=tuple(arguments.record),
        fields=_words(arguments.missing, FIELDS, "field"),
        services=_words(arguments.services, tuple(SERVICES), "service"),
        after=arguments.after,
        limit=arguments.limit,
    )
    if not client.settings.offline and not client.settings.email:
        print("stkg: give --email, so that the services know whom to write to", file=sys.stderr)
    try:
        plan = make_plan(catalog, choice, client, _bar)
    except KeyboardInterrupt:
        print(f"\nstkg: {account(client)}; all answers are saved, run it again to go on", file=sys.stderr)
        raise
    print(plan_json(plan) if arguments.format == "json" else plan_text(plan).rstrip("\n"))
    print(f"stkg: {account(client)}", file=sys.stderr)
    if arguments.write:
        from kg.enrich.writing import chosen, write_proposals

        to_write, by_hand = chosen(plan, arguments.write)
        changed = write_proposals(root, catalog, to_write)
        print(f"stkg: {len(to_write)} facts written into {len(changed)} files", file=sys.stderr)
        for proposal in by_hand:
            print(f"stkg: not written: {proposal.record} {proposal.field}: {proposal.hindrance}", file=sys.stderr)
    return 0
