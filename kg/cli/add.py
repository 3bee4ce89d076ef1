"""``stkg add method``: a new record from answers in the terminal, or from an issue form."""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path

from kg.catalog.edits import write_records
from kg.catalog.loader import load_catalog
from kg.cli.reading import read_input
from kg.contributing import Draft, answers_of_form, ask, ask_again, draft_method, faults
from kg.contributing.dialogue import confirm, say
from kg.contributing.questions import Asked
from kg.contributing.reply import MAX_BYTES
from kg.errors import AnswerError, Problem
from kg.resources import data_folder


def _parser(command: str) -> ArgumentParser:
    parser = ArgumentParser(
        prog=f"stkg {command}",
        description="Add a method and its paper. The questions are asked in the terminal; answers can also be piped, "
        "one a line.\nNothing is written before you have seen the records and said yes, and nothing that 'stkg check' "
        "would refuse.\n\nexamples:\n  stkg add method\n  stkg add method --dry-run\n"
        "  stkg add method --from-form issue.md",
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", choices=["method"], help="what to add")
    help_text = "a filled issue form: its Markdown, or the event file of the issue (JSON); - for standard input"
    parser.add_argument("--from-form", metavar="FILE", help=help_text)
    parser.add_argument("--dry-run", action="store_true", help="print the records and write nothing")
    parser.add_argument("--data", type=Path, metavar="DIR", help="another data folder")
    return parser


def run(command: str, words: Sequence[str]) -> int:
    """Write the records, name their files on standard output, and return the exit status."""
    arguments = _parser(command).parse_args(words)
    root = data_folder(arguments.data)
    asked = Asked(load_catalog(root))
    from_form = arguments.from_form is not None
    draft = _of_form(arguments.from_form, asked) if from_form else _of_dialogue(asked)
    for remark in draft.remarks:
        say(f"stkg: {remark}")
    if arguments.dry_run:
        print(draft.text, end="")
        return 0
    if not from_form and not _agreed(draft):
        say("stkg: nothing was written")
        return 0
    return _write(root, draft, arguments)


def _of_form(name: str, asked: Asked) -> Draft:
    draft = draft_method(answers_of_form(read_input(name, MAX_BYTES, AnswerError), asked), asked)
    if wrong := faults(draft, asked):
        problems = [Problem("form", 0, question.label, message, cure) for question, message, cure in wrong]
        raise AnswerError("the answers of the form do not go together; nothing was written", problems)
    return draft


def _of_dialogue(asked: Asked) -> Draft:
    answers = ask(asked)
    draft = draft_method(answers, asked)
    while wrong := faults(draft, asked):
        ask_again(wrong, answers, asked)
        draft = draft_method(answers, asked)
    return draft


def _agreed(draft: Draft) -> bool:
    print("\n" + draft.text, file=sys.stderr)
    return confirm("Write this?")


def _write(root: Path, draft: Draft, arguments: Namespace) -> int:
    for path in write_records(root, draft.records):
        print((arguments.data or root) / path)
    if arguments.from_form is None:
        say("stkg: now look at it ('stkg show') and open a pull request; data/CURATION.md says how")
    return 0
