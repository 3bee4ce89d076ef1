"""``stkg query``: run a stored query. The module imports little, because it must start fast."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from kg.errors import FormatError, QueryParameterError
from kg.queries.definition import Parameter, StoredQuery
from kg.service import KnowledgeGraph

FORMATS: Final = ("table", "json", "csv", "tsv", "markdown", "bibtex", "ris", "csl-json", "sparql")
_USAGE: Final = """\
usage: stkg query NAME [--parameter value ...] [--format FORMAT] [--columns A,B] [--limit N]
                  [--engine ENGINE] [--data DIR]
       stkg query --list [WORD]
       stkg query NAME --help

Run a stored query. Names of tasks, methods, frameworks and people may be written in any usual way: a label, a
synonym, an id, a CURIE (stkg.task:denoising) or an IRI.

options:
  --list [WORD]    name the stored queries, or those about a word
  --format FORMAT  table (default), json, csv, tsv, markdown, bibtex, ris, csl-json, or sparql to see the query itself
  --columns A,B    only these columns, in this order (table, csv, tsv, markdown, json)
  --limit N        at most N rows; says on standard error when rows were left out
  --engine ENGINE  oxigraph (default) or rdflib
  --data DIR       another data folder
  --wide           do not cut the table to the terminal's width

examples:
  stkg query methods --task deconvolution --framework PyTorch --since 2022
  stkg query methods --dataset DLPFC --licence MIT --columns label,year,tasks
  stkg query coauthors --author 'Jian Hu' --min_papers 2
  stkg query lineage --method GraphST --direction descendants
  stkg query corrections --source aavache --format markdown
"""
_OPTIONS: Final = ("format", "limit", "columns", "engine", "data")


def run(command: str, words: Sequence[str]) -> int:
    """Run ``stkg query`` and return its exit status."""
    name, options, values, flags = _read(list(words))
    if name is None and "list" not in flags:
        print(_USAGE, end="")
        return 0 if "help" in flags or not words else 2
    graph = _open(options)
    if "list" in flags:
        return _list(graph, name, options)
    query = graph.stored_query(name or "")
    if "help" in flags:
        print(help_text(query), end="")
        return 0
    return _answer(graph, query, values, options, wide="wide" in flags)


def _read(words: list[str]) -> tuple[str | None, dict[str, str], dict[str, str], set[str]]:
    """Name, options, parameter values and flags; parameters are whatever else begins with two dashes."""
    name: str | None = None
    options: dict[str, str] = {}
    values: dict[str, str] = {}
    flags: set[str] = set()
    while words:
        word = words.pop(0)
        if word in {"-h", "--help", "--list", "--wide"}:
            flags.add("help" if word == "-h" else word[2:])
        elif word.startswith("--") and len(word) > 2:
            key, equals, value = word[2:].partition("=")
            if not equals:
                if not words or words[0].startswith("--"):
                    raise QueryParameterError(f"--{key} needs a value")
                value = words.pop(0)
            key = key.replace("-", "_")
            if key in options or key in values:
                raise QueryParameterError(f"--{key} is given twice")
            (options if key in _OPTIONS else values)[key] = value
        elif name is None:
            name = word
        else:
            raise QueryParameterError(f"what does {word!r} belong to? write --parameter value")
    return name, options, values, flags


def _open(options: Mapping[str, str]) -> KnowledgeGraph:
    engine = options.get("engine", "oxigraph")
    data = Path(options["data"]) if "data" in options else None
    if engine == "rdflib":
        return KnowledgeGraph.open(data, engine="rdflib")
    if engine != "oxigraph":
        raise QueryParameterError(f"there is no engine {engine!r}: use oxigraph or rdflib")
    return KnowledgeGraph.open(data)


def _list(graph: KnowledgeGraph, word: str | None, options: Mapping[str, str]) -> int:
    wanted = (word or "").casefold()

    def text(query: StoredQuery) -> str:
        parameters = " ".join(f"{p.name} {p.description}" for p in query.parameters)
        return f"{query.name} {query.summary} {query.description} {' '.join(query.tags)} {parameters}".casefold()

    rows = [
        {
            "query": query.name,
            "parameters": [p.name for p in query.parameters],
            "tags": list(query.tags),
            "summary": query.summary,
        }
        for query in graph.queries.values()
        if wanted in text(query)
    ]
    _write(rows, ["query", "parameters", "summary"], options.get("format", "table"), graph, wide=False)
    return 0


def wrapped(text: str) -> list[str]:
    """Lines of a text, as wide as the terminal and at most 100 characters."""
    import shutil
    import textwrap

    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    return textwrap.wrap(text, max(width, 20), break_on_hyphens=False)


def help_text(query: StoredQuery) -> str:
    """What a stored query answers, its parameters and its columns."""
    sample = " ".join(
        f"--{name} {value!r}" if " " in value else f"--{name} {value}" for name, value in query.sample.items()
    )
    lines = [f"{query.name}: {query.summary}", ""]
    if query.description:
        lines += [*wrapped(query.description), ""]
    if query.parameters:
        lines += ["parameters:", *(f"  --{p.name:<12} {_describe(p)}" for p in query.parameters), ""]
    lines += ["columns:", *(f"  {c.name:<14} {c.description}" for c in query.columns), ""]
    return "\n".join([*lines, f"example:\n  stkg query {query.name} {sample}".rstrip(), ""])


def _describe(parameter: Parameter) -> str:
    extra = []
    if parameter.choices:
        extra.append("one of " + ", ".join(parameter.choices))
    if parameter.type == "integer" and parameter.minimum is not None:
        extra.append(
            f"{parameter.minimum} to {parameter.maximum}" if parameter.maximum else f"at least {parameter.minimum}"
        )
    if parameter.required:
        extra.append("required")
    if parameter.default is not None:
        extra.append(f"default {parameter.default}")
    return parameter.description + (f" ({'; '.join(extra)})" if extra else "")


def _refuse_misspelt_options(query: StoredQuery, unknown: Sequence[str]) -> None:
    """A word that is no parameter but nearly an option was meant as the option."""
    import difflib

    for name in unknown:
        near = difflib.get_close_matches(name, [*_OPTIONS, "wide", "list", "help"], n=1, cutoff=0.75)
        if near:
            raise QueryParameterError(f"{query.name} has no parameter {name!r}: did you mean --{near[0]}?")


def _limit(options: Mapping[str, str]) -> int | None:
    text = options.get("limit")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise QueryParameterError(f"--limit: {text!r} is not a number of rows")
    return int(text)


def _columns(options: Mapping[str, str], known: list[str]) -> list[str]:
    if "columns" not in options:
        return known
    wanted = [name.strip() for name in options["columns"].split(",")]
    for name in wanted:
        if name not in known:
            raise QueryParameterError(f"--columns: there is no column {name!r}; there are {', '.join(known)}")
    return list(dict.fromkeys(wanted))


def _answer(
    graph: KnowledgeGraph, query: StoredQuery, values: Mapping[str, str], options: Mapping[str, str], *, wide: bool
) -> int:
    style, limit = options.get("format", "table"), _limit(options)
    unknown = [name for name in values if query.parameter(name) is None]
    if unknown:
        _refuse_misspelt_options(query, unknown)
    if style not in FORMATS:
        raise FormatError(f"there is no format {style!r}: use {', '.join(FORMATS)}")
    if style == "sparql":
        from kg.queries.binding import bind

        print(bind(query, values, graph.index), end="")
        return 0
    answer = graph.query(query.name, **values)
    rows = answer[:limit]
    if len(rows) < len(answer):
        print(f"stkg: {len(rows)} of {len(answer)} rows shown (--limit)", file=sys.stderr)
    if style in {"bibtex", "ris", "csl-json"}:
        from kg.citations import cite_rows

        sys.stdout.write(cite_rows(graph, rows, style))
        return 0
    columns = _columns(options, answer.columns)
    if columns != answer.columns:
        rows = [{name: row[name] for name in columns} for row in rows]
    _write(rows, columns, style, graph, wide=wide)
    if style == "table":
        print(f"{len(answer)} row{'' if len(answer) == 1 else 's'}", file=sys.stderr)
    if not answer and query.empty:
        print(f"stkg: {query.empty}", file=sys.stderr)
    return 0


def _write(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str], style: str, graph: KnowledgeGraph, *, wide: bool
) -> None:
    from kg.tables import render

    sys.stdout.write(render(rows, columns, style, width=table_width(wide=wide), label=graph.label))


def table_width(*, wide: bool = False) -> int:
    """Characters in a line: the terminal's, or no bound when the output goes to a file or pipe."""
    import shutil

    return shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() and not wide else 10_000
