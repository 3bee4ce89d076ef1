"""Write what the documents take from the program: answers of commands, lists made from the code, and the picture.

    python tests/docs/update_docs.py

An answer stands between ``<!-- answer: stkg … -->`` and ``<!-- /answer -->``. The marker may say how wide the terminal
is and how many lines are shown: ``<!-- answer: stkg query methods ; 120 columns ; first 12 lines -->``. A list stands
between ``<!-- generated: NAME -->`` and ``<!-- /generated -->``; :data:`LISTS` has the names.
"""

import contextlib
import importlib
import inspect
import io
import os
import pkgutil
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import kg
from kg.catalog.checks import RULES
from kg.cli.app import COMMANDS, main
from kg.doctor import FINDINGS
from kg.errors import KgError
from kg.queries.library import load_library
from kg.resources import resource_root

ROOT: Final = Path(__file__).resolve().parents[2]
WRITTEN: Final = (
    ROOT / "README.md",
    ROOT / "docs" / "reference.md",
    ROOT / "docs" / "audit-2026-11.md",
    ROOT / "data" / "CURATION.md",
    ROOT / "docs" / "doctor.md",
)
PICTURE: Final = ROOT / "docs" / "img" / "lineage.svg"
_ANSWER: Final = re.compile(
    r"(?P<open><!-- answer: (?P<command>stkg [^\n]*?)(?: ; (?P<columns>\d+) columns)?(?: ; first (?P<lines>\d+) lines)?"
    r" -->\n).*?(?P<close><!-- /answer -->)",
    re.DOTALL,
)
_LIST: Final = re.compile(
    r"(?P<open><!-- generated: (?P<name>[a-z]+) -->\n).*?(?P<close><!-- /generated -->)", re.DOTALL
)


class _Terminal(io.StringIO):
    """Standard output that looks like a terminal, so that tables fit its width."""

    def isatty(self) -> bool:
        return True


def answer(command: str, columns: int, n_lines: int | None) -> str:
    """What a reader sees who types a command.

    Args:
        command: ``stkg …``; it is run in this process.
        columns: Width of the terminal.
        n_lines: Show this many lines and count the rest.
    """
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(columns)
    try:
        with contextlib.redirect_stdout(_Terminal()) as out:
            status = main(shlex.split(command)[1:])
    finally:
        del os.environ["COLUMNS"]
        if before is not None:
            os.environ["COLUMNS"] = before
    if status:
        raise SystemExit(f"{command!r} ended with status {status}")
    lines = out.getvalue().rstrip("\n").split("\n")
    if n_lines is not None and len(lines) > n_lines:
        lines[n_lines:] = [f"… and {len(lines) - n_lines} more lines"]
    return "```console\n" + "\n".join([f"$ {command}", *lines]) + "\n```\n"


def _first_sentence(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ").replace("``", "`")


def all_errors() -> list[type[KgError]]:
    """Every class of deliberate errors in the package, in the order of their codes."""
    for module in pkgutil.walk_packages(kg.__path__, "kg."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    def below(error: type[KgError]) -> Iterator[type[KgError]]:
        for child in error.__subclasses__():
            yield child
            yield from below(child)

    return sorted((e for e in set(below(KgError)) if e.__module__.startswith("kg.")), key=lambda e: e.code)


def _commands() -> str:
    rows = [f"| `stkg {name}` | {summary} |" for name, (_, summary) in COMMANDS.items()]
    return "\n".join(["| Command | What it does |", "|--|--|", *rows])


def _errors() -> str:
    rows = [f"| `{e.code}` | {e.exit_code} | {e.http_status} | {_first_sentence(e)} |" for e in all_errors()]
    return "\n".join(["| Code | Exit status | HTTP status | Meaning |", "|--|--|--|--|", *rows])


def _queries() -> str:
    rows = []
    for query in sorted(load_library(resource_root("queries")).values(), key=lambda q: q.path):
        names = [f"**`{p.name}`**" if p.required else f"`{p.name}`" for p in query.parameters]
        rows.append(f"| `{query.name}` | {query.summary} | {', '.join(names)} |")
    return "\n".join(["| Query | Answers | Parameters |", "|--|--|--|", *rows])


def _rules() -> str:
    return "\n".join(f"- {_first_sentence(rule)}" for rule in RULES)


def _findings() -> str:
    rows = [f"| {f.group} | `{f.code}` | {f.meaning} | {f.cure} | {f.weight:g} |" for f in FINDINGS.values()]
    return "\n".join(["| Group | Finding | What is found | What to do | Weight |", "|--|--|--|--|--:|", *rows])


def _size() -> str:
    """What the catalog holds of spatial omics, and for how many methods each kind of fact is known."""
    graph = kg.KnowledgeGraph.open()
    count = {name: len(graph.query(name)) for name in ("methods", "papers", "authors", "listings", "lineage-edges")}
    missing = Counter(gap for row in graph.query("gaps") for gap in row["missing"])  # type: ignore[union-attr]
    total = count["methods"]
    parts = ("paper", "code", "authors", "framework", "licence", "data set")
    rows = [f"| {part} | {total - missing[part]} | {missing[part]} |" for part in parts]
    head = (
        f"{total} methods, {count['papers']} papers, {count['authors']} people and {count['lineage-edges']} steps of "
        f"lineage; {count['listings']} entries of source lists. Of the methods:"
    )
    return "\n".join([head, "", "| | known | no source says |", "|--|--|--|", *rows])


LISTS: Final[dict[str, Callable[[], str]]] = {
    "commands": _commands,
    "errors": _errors,
    "findings": _findings,
    "queries": _queries,
    "rules": _rules,
    "size": _size,
}


def updated(text: str) -> str:
    """A document with its written parts as they should be."""

    def new_answer(match: re.Match[str]) -> str:
        n_lines = int(match["lines"]) if match["lines"] else None
        return match["open"] + answer(match["command"], int(match["columns"] or 100), n_lines) + match["close"]

    def new_list(match: re.Match[str]) -> str:
        return match["open"] + "\n" + LISTS[match["name"]]() + "\n\n" + match["close"]

    return _LIST.sub(new_list, _ANSWER.sub(new_answer, text))


def write() -> None:
    """Bring every document and the picture up to date and name what was written."""
    for path in WRITTEN:
        text = path.read_text(encoding="utf-8")
        wanted = updated(text)
        if wanted != text:
            path.write_text(wanted, encoding="utf-8")
            print(path.relative_to(ROOT))
    if main(["graph", "lineage", "-o", str(PICTURE)]):
        raise SystemExit("the picture could not be drawn")


if __name__ == "__main__":
    write()
