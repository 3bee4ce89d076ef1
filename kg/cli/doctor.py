"""``stkg doctor``: what a curator should do next, and notes for the maintainers of lists."""

import shutil
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from tqdm import tqdm

from kg.catalog.loader import load_catalog
from kg.cli.enrich import add_client_options, client_of
from kg.doctor import FINDINGS, Advice, examine, reading_day, upstream_note
from kg.doctor.advice import GROUPS, Patient
from kg.doctor.examine import located, with_papers
from kg.doctor.online import broken_links, links
from kg.doctor.report import advice_json, advice_markdown, advice_text
from kg.doctor.use import Use, uses
from kg.errors import QueryParameterError
from kg.iris import parse_record_iri
from kg.model import Catalog
from kg.names import NameIndex, build_indexes
from kg.resources import data_folder

_SHOWN: Final = 20
_LINKS: Final = 50
_KINDS: Final = ("method", "paper", "task", "author", "dataset")


def _parser(command: str) -> ArgumentParser:
    codes = "\n".join(f"  {code:<22}{finding.meaning}" for code, finding in FINDINGS.items())
    parser = ArgumentParser(
        prog=f"stkg {command}",
        description="Say what a curator should do next: what is missing, double, contradictory, old, weak or "
        "suspicious,\nwith the cure; what is used most comes first. Nothing is written.\n\nexamples:\n"
        "  stkg doctor\n  stkg doctor --only missing --limit 50\n  stkg doctor graphst --limit 0\n"
        "  stkg doctor --list sindilab --format markdown\n"
        "  stkg doctor --online --only links --links 100 --email you@example.org",
        epilog=f"findings, by group ({', '.join(GROUPS)}):\n{codes}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("records", nargs="*", metavar="RECORD", help="only these records; a method brings its papers")
    help_text = "a finding or group; may be given again"
    parser.add_argument("--only", "--kind", action="append", default=[], metavar="FINDING", help=help_text)
    help_text = f"show N, 0 for all (default: {_SHOWN}; JSON: all)"
    parser.add_argument("--limit", type=int, metavar="N", help=help_text)
    parser.add_argument("--list", metavar="SOURCE", help="the errors of one list, as a note for its maintainers")
    parser.add_argument("--format", choices=["text", "markdown", "json"], default="text", help="how to report")
    help_text = "count ages to this day (default: the last day on which a source was read)"
    parser.add_argument("--today", metavar="YYYY-MM-DD", help=help_text)
    group = parser.add_argument_group("links", "Nothing is asked of the network without --online.")
    group.add_argument("--online", action="store_true", help="also check addresses, one small request each")
    help_text = f"check N addresses, those of the most used records first; 0 for all (default: {_LINKS})"
    group.add_argument("--links", type=int, default=_LINKS, metavar="N", help=help_text)
    add_client_options(parser)
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Print the advice and return the exit status; advice is no failure."""
    arguments = _parser(command).parse_args(words)
    root = data_folder(arguments.data)
    catalog = load_catalog(root)
    if arguments.list is not None:
        return _note(catalog, root, arguments)
    today = _day(arguments.today) or reading_day(catalog)
    records = _records(catalog, arguments.records)
    broken = _broken_links(catalog, records, arguments) if arguments.online else []
    everything = examine(catalog, only=arguments.only, records=records, today=today, more=broken)
    limit = arguments.limit if arguments.limit is not None else (0 if arguments.format == "json" else _SHOWN)
    if limit < 0:
        raise QueryParameterError(f"--limit {limit} is negative: write 0 for all")
    shown = located(everything[: limit or None], catalog, root)
    if arguments.format == "json":
        print(advice_json(shown, len(everything), today), end="")
    elif arguments.format == "markdown":
        print(advice_markdown(shown, everything), end="")
    else:
        width = min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 100
        print(advice_text(shown, everything, width=width, root=_short(root)), end="")
    return 0


def _broken_links(catalog: Catalog, records: Sequence[tuple[str, str]], arguments: Namespace) -> list[Advice]:
    """Advice on addresses, those of the most used records first; a bar shows how far it got."""
    if arguments.links < 0:
        raise QueryParameterError(f"--links {arguments.links} is negative: write 0 for all")
    client = client_of(arguments)
    asked = with_papers(catalog, records)
    known = uses(catalog)
    places = links(Patient.of(catalog, reading_day(catalog)))
    ranked = sorted(
        (url for url, found in places.items() if not asked or any(place[:2] in asked for place in found)),
        key=lambda url: (-max(known.get(place[:2], Use()).total() for place in places[url]), url),
    )
    chosen = ranked[: arguments.links or None]
    bar = tqdm(chosen, unit="link", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False)
    return list(broken_links(places, bar, client))


def _note(catalog: Catalog, root: Path, arguments: Namespace) -> int:
    """The note for a list; in the other formats, the advice about it."""
    if arguments.records or arguments.only:
        raise QueryParameterError("--list is about one list: leave out records and --only")
    note = upstream_note(catalog, arguments.list)
    if arguments.format != "json":
        print(note, end="")
        return 0
    today = reading_day(catalog)
    advice = located(examine(catalog, records=[("listing", arguments.list)]), catalog, root)
    print(advice_json(advice, len(advice), today), end="")
    return 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise QueryParameterError(f"--today {text!r} is not a date: write YYYY-MM-DD") from error


def _records(catalog: Catalog, names: Sequence[str]) -> list[tuple[str, str]]:
    """Records that words mean: an id, a label or ``kind:id``, methods before papers."""
    if not names:
        return []
    indexes = build_indexes(catalog)
    return [_record(name, indexes) for name in names]


def _record(name: str, indexes: Mapping[str, NameIndex]) -> tuple[str, str]:
    faults = []
    for kind in _KINDS:
        try:
            record = parse_record_iri(indexes[kind].resolve(name))
        except QueryParameterError as error:
            faults.append(error)
            continue
        if record is not None:
            return record
    raise faults[0]


def _short(root: Path) -> str:
    """The data folder as seen from here, when it is below."""
    here = Path.cwd()
    return root.relative_to(here).as_posix() if root.is_relative_to(here) else root.as_posix()
