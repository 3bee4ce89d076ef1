"""Find the command, run it, and turn every deliberate error into a message and an exit status.

Exit status: 0 done; 1 the catalog, ontology or a stored query is wrong; 2 the request is wrong; 3 the installation,
the store or the output file failed; 130 interrupted.
"""

import importlib
import io
import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import Final

from kg.errors import KgError
from kg.version import __version__

# Command -> (module, summary). Modules are imported only when their command runs: a stored query must start fast.
COMMANDS: Final = {
    "query": ("query", "run a stored query, or list them"),
    "sparql": ("sparql", "run SPARQL of your own"),
    "show": ("records", "everything about one record, with sources"),
    "compare": ("records", "methods side by side"),
    "cite": ("records", "BibTeX, RIS or CSL-JSON"),
    "export": ("output", "write the graph as Turtle, JSON-LD, GraphML, CSV …"),
    "graph": ("output", "draw co-authorship or lineage as one HTML or SVG file"),
    "import": ("importing", "what a list, reference file or repository would bring, as a plan; writes chosen parts"),
    "enrich": ("enrich", "ask Crossref, OpenAlex, GitHub … for what records lack, as a plan"),
    "new": ("new", "begin the records of a method and its paper from a DOI or a repository"),
    "add": ("add", "add a method: answer questions, or give a filled issue form"),
    "serve": ("serve", "a SPARQL endpoint, linked data and stored queries over HTTP"),
    "build": ("curate", "build the store now"),
    "check": ("curate", "find what is wrong in the catalog's files"),
    "doctor": ("doctor", "what to do next for the catalog, what is used most first"),
    "format": ("curate", "bring the catalog's files into canonical form"),
    "rename": ("life", "give a record another id; the old IRI leads to it"),
    "withdraw": ("life", "take a method or paper back"),
    "merge": ("life", "let one record take the place of its double"),
    "audit": ("audit", "draw facts to check by hand, and show what was found"),
    "completion": ("completion", "print a completion script for your shell"),
}

_EXAMPLES: Final = """\
examples:
  stkg query methods --task deconvolution --framework PyTorch --since 2022
  stkg query --list
  stkg show cell2location
  stkg compare cell2location rctd card
  stkg cite graphst --format bibtex
  stkg graph lineage -o lineage.html
  stkg export stkg.ttl

Answers go to standard output, everything else to standard error. 'stkg COMMAND --help' says more.
"""


def _top_parser() -> ArgumentParser:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items())
    parser = ArgumentParser(
        prog="stkg",
        description="Ask the knowledge graph of computational methods for spatial transcriptomics.\n\n"
        f"commands:\n{listing}",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"stkg {__version__}")
    parser.add_argument("command", choices=list(COMMANDS), metavar="COMMAND", help="one of the commands above")
    return parser


def _report(error: KgError) -> None:
    for problem in error.problems:
        print(problem, file=sys.stderr)
    print(f"stkg: {error.summary}", file=sys.stderr)


def _make_streams_safe() -> None:
    """Let no character of the data break the output: files and pipes get UTF-8, a terminal shows what it can."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: Words after ``stkg``; those of the process when None.

    Returns:
        The exit status.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _make_streams_safe()
    if not words or words[0] not in COMMANDS:
        _top_parser().parse_args(words or ["--help"])
        return 2
    module = importlib.import_module(f"kg.cli.{COMMANDS[words[0]][0]}")
    try:
        status: int = module.run(words[0], words[1:])
        sys.stdout.flush()
    except KgError as error:
        _report(error)
        return error.exit_code
    except KeyboardInterrupt:
        print("stkg: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # such as a full disk under standard output
        print(f"stkg: cannot write the answer: {error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    return status
