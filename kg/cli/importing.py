"""``stkg import``: what a list or reference file would bring, as a plan; chosen parts of it are written on request."""

import json
import re
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from kg.catalog.edits import write_records
from kg.catalog.loader import load_catalog
from kg.cli.reading import read_input
from kg.errors import ImportChoiceError, ImportSourceError
from kg.importing import KINDS, Plan, make_plan, read_source
from kg.importing.categories import Vocabulary
from kg.importing.checkout.facts import WHOLE, Checkout, read_checkout
from kg.importing.choices import parse_choices
from kg.importing.report import plain, plan_json, plan_text
from kg.importing.rows import Row
from kg.importing.sources import MAX_BYTES
from kg.importing.writing import Change, plan_change
from kg.model import Catalog, CodeRepository, Record, Source
from kg.resources import data_folder

_REGISTER = {
    "source_title": ("--source-title", "TITLE", "register the source under --source, with this title"),
    "source_url": ("--source-url", "URL", "its address"),
    "source_repository": ("--source-repository", "OWNER/NAME", "its code repository"),
    "source_commit": ("--source-commit", "HASH", "the commit that FILE is from"),
    "retrieved_on": ("--retrieved-on", "DAY", "the day that FILE was fetched, YYYY-MM-DD"),
}


def _parser(command: str) -> ArgumentParser:
    parser = ArgumentParser(
        prog=f"stkg {command}",
        description="Read a list of methods, a reference file or a method's local repository, match each row with our "
        "records, and print what is new, known, contradicted or not understood. Nothing is written unless --write "
        "says what.\n\nexamples:\n"
        "  stkg import README.md\n  stkg import README.md --source sindilab\n"
        "  stkg import references.bib --format json\n  cat table.csv | stkg import - --kind csv\n"
        "  stkg import README.md --source sindilab --write new --write adds-facts:12-20\n"
        "  stkg import path/to/checkout",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="the list, a method's local repository, or -")
    help_text = "id in sources.yaml; its mapping file in data/sources/ says what columns and sections mean"
    parser.add_argument("--source", metavar="ID", help=help_text)
    parser.add_argument("--format", choices=["text", "json"], default="text", help="how to print the plan")
    parser.add_argument("--kind", choices=["auto", *KINDS], default="auto", help="what the file is (default: auto)")
    help_text = (
        "write this part of the plan: new, adds-facts, contradicts (as conflicts of the records) or listing; with "
        "lines (new:12, adds-facts:12-20,31) and a field (contradicts:14:year) only these; may be given again"
    )
    parser.add_argument("--write", metavar="PART", action="append", default=[], help=help_text)
    for name, (option, metavar, text) in _REGISTER.items():
        parser.add_argument(option, dest=name, metavar=metavar, help=text)
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    return parser


def _new_source(arguments: Namespace, catalog: Catalog) -> Source | None:
    """The record of a source that is registered with this import, or None."""
    name = arguments.source
    if name is None or name in catalog.sources:
        if arguments.source_title:
            raise ImportChoiceError(f"{name!r} is in sources.yaml already" if name else "--source-title needs --source")
        return None
    if not arguments.source_title:
        cure = "add it to sources.yaml, or give --source-title and --retrieved-on or --source-commit"
        raise ImportSourceError(f"there is no source {name!r}: {cure}")
    if not (arguments.retrieved_on or arguments.source_commit):
        raise ImportChoiceError("a source has a version: give --retrieved-on or --source-commit")
    fields = {
        "id": name,
        "label": arguments.source_title,
        "kind": "list",
        "url": arguments.source_url,
        "repository": arguments.source_repository,
        "commit": arguments.source_commit,
        "retrieved_on": arguments.retrieved_on,
    }
    try:
        return Source.model_validate({key: value for key, value in fields.items() if value is not None})
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise ImportChoiceError(f"the source's {detail['loc'][0]}: {detail['msg']}") from error


def _new_repository(checkout: Checkout, commit: str | None, catalog: Catalog) -> CodeRepository | None:
    """The record of a repository that is not registered yet, or None."""
    known = {name.lower() for name in catalog.repositories} | set(catalog.described_repositories())
    if checkout.repository.lower() in known:
        return None
    if not checkout.repository:
        raise ImportChoiceError("nothing says which repository this is: give --source-repository OWNER/NAME")
    if not (checkout.commit or commit):
        raise ImportChoiceError("nothing says which commit this is: give --source-commit HASH")
    try:
        return CodeRepository(name=checkout.repository, commit=checkout.commit or str(commit))
    except ValidationError as error:
        raise ImportChoiceError(f"--source-commit: {error.errors(include_url=False)[0]['msg']}") from error


def _reference_to_file(checkout: Checkout, catalog: Catalog) -> Callable[[Row, str], str]:
    """References into a repository; without lines when it is registered at another commit than the one read."""
    registered = {name.lower(): one.commit for name, one in catalog.repositories.items()}
    commit = registered.get(checkout.repository.lower(), checkout.commit)
    same = bool(checkout.commit) and checkout.commit.startswith(commit)

    def reference(row: Row, place: str) -> str:
        where = "" if place == WHOLE else place or row.where
        where = where if same else re.sub(r":\d+$", "", where)
        return f"{checkout.repository}:{where}" if where else checkout.repository

    return reference


def run(command: str, words: Sequence[str]) -> int:
    """Print the plan, write what was chosen, and return the exit status."""
    arguments = _parser(command).parse_args(words)
    choices = parse_choices(arguments.write)
    root = data_folder(arguments.data)
    of_folder = arguments.file != "-" and Path(arguments.file).is_dir()
    if of_folder and any(choice.part == "listing" for choice in choices):
        raise ImportChoiceError("a repository has no listing")
    if choices and not of_folder and arguments.source is None:
        raise ImportChoiceError("what is written needs a source: name it with --source ID")
    content = b"" if of_folder else read_input(arguments.file, MAX_BYTES, ImportSourceError)
    catalog = load_catalog(root)
    plan, reference, registered, text = (
        _of_folder(arguments, catalog, write=bool(choices)) if of_folder else _of_file(arguments, content, catalog)
    )
    change, files = None, list[str]()
    if choices:
        new = [registered] if registered else []
        change = plan_change(
            plan, catalog, choices, reference, source=arguments.source or "", text=text, registered=new
        )
        files = write_records(root, [*change.records, *new]) if change.records else []
    _print(plan, change, files, arguments.format)
    return 0


_Prepared = tuple[Plan, Callable[[Row, str], str], Record | None, str]


def _of_folder(arguments: Namespace, catalog: Catalog, *, write: bool) -> _Prepared:
    """The plan of a local repository, how its places are cited, and its record when it is to be registered."""
    checkout = read_checkout(Path(arguments.file), Vocabulary(catalog), repository=arguments.source_repository or "")
    plan = make_plan(checkout.read, catalog)
    registered = _new_repository(checkout, arguments.source_commit, catalog) if write else None
    return plan, _reference_to_file(checkout, catalog), registered, ""


def _of_file(arguments: Namespace, content: bytes, catalog: Catalog) -> _Prepared:
    """The plan of a list or reference file, how its places are cited, and its source when it is to be registered."""
    source = _new_source(arguments, catalog)
    mapping, kind = None, arguments.kind
    if arguments.source is not None:
        mapping = catalog.mappings.get(arguments.source)
        if mapping is None:
            print(f"stkg: no mapping file sources/{arguments.source}.yaml; headings decide", file=sys.stderr)
        elif kind == "auto":
            kind = mapping.format
    read = read_source(content, name=arguments.file, kind=kind, words=Vocabulary(catalog))
    plan = make_plan(read, catalog, mapping, source=arguments.source)

    def reference(row: Row, place: str) -> str:
        return f"{arguments.source}:{place or row.place}"

    return plan, reference, source, read.text


def _print(plan: Plan, change: Change | None, files: Sequence[str], style: str) -> None:
    if style == "json":
        value = json.loads(plan_json(plan))
        if change is not None:
            value["written"] = {"files": files, "left_out": change.left_out}
            print(json.dumps(value, ensure_ascii=True, indent=2))
        else:
            print(plan_json(plan))
        return
    print(plan_text(plan), end="")
    if change is None:
        return
    print(f"\nwritten ({len(files)} files)")
    for path in files:
        print(f"  {path}")
    if change.left_out:
        print(f"\nchosen, but left out ({len(change.left_out)})")
    for text in change.left_out:
        print(f"  {plain(text)}")
