"""``stkg audit``: draw facts for people to check, and show what an audit found."""

import shutil
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kg.audits import FIELDS, draw, figures
from kg.catalog import load_catalog
from kg.catalog.writer import dump_record
from kg.errors import UnknownRecordError
from kg.files import write_text
from kg.model import Audit
from kg.resources import data_folder
from kg.tables import render

_ABOUT: Final = """\
How far the catalog can be trusted. 'draw' prints a random sample of facts as a record for data/audits/; people hold
each fact against its evidence and write a verdict. 'report' counts the verdicts by field.

examples:
  stkg audit draw --seed 7 --size 300 -o data/audits/2027-01-seed-7.yaml
  stkg audit report
  stkg audit report 2027-01-seed-7 --format markdown
"""
_STYLES: Final = ("table", "json", "csv", "tsv", "markdown")


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="stkg audit", description=_ABOUT, formatter_class=RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    drawing = actions.add_parser("draw", help="print a new sample")
    drawing.add_argument("--seed", type=int, required=True, metavar="N", help="number that the draw depends on")
    drawing.add_argument("--size", type=int, default=300, metavar="N", help="how many facts (default 300)")
    help_text = "only this field, such as paper.year; may be given again (default: all)"
    drawing.add_argument("--field", action="append", default=[], choices=FIELDS, metavar="FIELD", help=help_text)
    # Not by '>': the shell would put an empty file into the folder that is about to be read.
    drawing.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there instead of standard output")
    report = actions.add_parser("report", help="count the verdicts of an audit")
    report.add_argument("audit", nargs="?", metavar="ID", help="which audit (default: the latest)")
    report.add_argument("--format", choices=_STYLES, default="table", help="how to print")
    for part in (drawing, report):
        part.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Draw or report, and return the exit status."""
    parser = _parser()
    arguments = parser.parse_args(words)
    catalog = load_catalog(data_folder(arguments.data))
    if arguments.action == "draw":
        if arguments.size < 1:
            parser.error("--size is a whole number from 1")
        day = datetime.now(UTC).date()
        audit = draw(catalog, size=arguments.size, seed=arguments.seed, day=day, fields=arguments.field)
        if arguments.output:
            write_text(arguments.output, dump_record(audit))
            print(f"stkg: {len(audit.facts)} facts written to {arguments.output}", file=sys.stderr)
        else:
            print(dump_record(audit), end="")
        return 0
    return _report(catalog.audits, arguments)


def _report(audits: Mapping[str, Audit], arguments: Namespace) -> int:
    if not audits:
        raise UnknownRecordError("there is no audit yet: 'stkg audit draw' begins one")
    latest = max(audits, key=lambda key: (audits[key].drawn_on, len(audits[key].facts), key))
    audit = audits.get(arguments.audit or latest)
    if audit is None:
        raise UnknownRecordError(f"there is no audit {arguments.audit!r}; known: {', '.join(sorted(audits))}")
    rows = [
        {
            "field": figure.field,
            "checked": figure.checked,
            "right": figure.right,
            "weak": figure.weak,
            "wrong": figure.wrong,
            "wrong_rate": f"{figure.rate:.1%} ({figure.low:.1%} to {figure.high:.1%})",
            "unseen": figure.unseen,
        }
        for figure in figures(audit)
    ]
    print(
        render(rows, tuple(rows[0]), arguments.format, width=shutil.get_terminal_size((100, 24)).columns, label=None),
        end="",
    )
    words = f"audit {audit.id}, drawn on {audit.drawn_on}; in brackets the 95 % interval"
    print(f"stkg: {words}", file=sys.stderr)
    return 0
