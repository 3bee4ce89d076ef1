"""Rows as text: tables that fit the terminal, CSV, TSV, Markdown, JSON and HTML.

Nothing here knows the graph. IRIs of our own records are shortened in tables for people; in every machine format they
stay whole.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kg.errors import FormatError
from kg.iris import compact, parse_record_iri
from kg.queries.definition import Column

Label = Callable[[str], str]
Rows = Sequence[Mapping[str, Any]]

_SEPARATOR: Final = "; "
# Narrowest that a column gets before the first one is cut too, and narrowest of all.
_SHORT: Final = 12
_SMALLEST: Final = 6
# Kinds of records that people know by name; the others show their id, which can be typed again.
_BY_NAME: Final = frozenset({"author", "source", "venue"})


def cell_text(value: Any) -> str:
    """A cell as plain text: lists joined by ``; ``, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return _SEPARATOR.join(cell_text(item) for item in value)
    return str(value)


def _for_people(value: Any, label: Label | None) -> str:
    if isinstance(value, list | tuple):
        return _SEPARATOR.join(_for_people(item, label) for item in value)
    text = cell_text(value)
    record = parse_record_iri(text)
    if record is not None and record[0] in _BY_NAME and label is not None:
        text = label(text)
    elif record is not None:
        text = f"{record[0]}:{record[1]}"
    else:
        text = compact(text)
    # Control characters could move the cursor or recolour the terminal.
    return "".join(c if c.isprintable() else " " for c in text)


def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while _width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def _widths(wanted: list[int], total: int) -> list[int]:
    """Shrink columns until the row fits: the widest first; the first one, which names the row, only at the last."""
    widths = list(wanted)
    excess = sum(widths) + 2 * (len(widths) - 1) - total
    for floor, columns in ((_SHORT, range(1, len(widths))), (_SMALLEST, range(len(widths)))):
        while excess > 0:
            widest = max(columns, key=widths.__getitem__, default=0)
            if widths[widest] <= floor:
                break
            widths[widest] -= 1
            excess -= 1
    return widths


def text_table(rows: Rows, columns: Sequence[str], *, width: int, label: Label | None = None) -> str:
    """A table with aligned columns.

    Args:
        rows: What to show.
        columns: Keys of the rows, in order.
        width: Characters in a line; columns are cut with ``…`` to fit.
        label: Gives the label of one of our IRIs, to show instead of it.

    Returns:
        Lines without trailing blanks, ending in a newline; the head and a rule even when there are no rows.
    """
    cells = [[_for_people(row.get(name), label) for name in columns] for row in rows]
    wanted = [max([_width(name), *(_width(line[i]) for line in cells)]) for i, name in enumerate(columns)]
    widths = _widths(wanted, width)

    def line(texts: Sequence[str]) -> str:
        cut = [_cut(text, size) for text, size in zip(texts, widths, strict=True)]
        padded = [text + " " * (size - _width(text)) for text, size in zip(cut, widths, strict=True)]
        return "  ".join(padded).rstrip()

    return "\n".join([line(columns), "  ".join("─" * size for size in widths), *map(line, cells)]) + "\n"


def json_rows(rows: Rows) -> str:
    """An array of flat objects, one a line."""
    body = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{body}\n]\n" if body else "[]\n"


def separated(rows: Rows, columns: Sequence[str], *, tabs: bool = False) -> str:
    """CSV (RFC 4180), or TSV with tabs and line ends inside cells turned into blanks.

    Cells that a spreadsheet would run as a formula get an apostrophe in front.
    """
    import csv
    import io

    out = io.StringIO()
    if tabs:
        lines = [columns, *([_plain(cell_text(row.get(name))) for name in columns] for row in rows)]
        return "".join("\t".join(line) + "\n" for line in lines)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_defused(cell_text(row.get(name))) for name in columns] for row in rows)
    return out.getvalue()


def _plain(text: str) -> str:
    return _defused(re.sub(r"[\t\r\n]", " ", text))


def _defused(text: str) -> str:
    risky = text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not re.fullmatch(r"[+-]?[\d.]+", text)
    return "'" + text if risky else text


def markdown_table(rows: Rows, columns: Sequence[str], label: Label | None = None) -> str:
    """A Markdown table; text of the data cannot end a cell, open a tag or become a link of its own."""
    import html

    def cell(value: Any) -> str:
        text = html.escape(_for_people(value, label), quote=False)
        return re.sub(r"([\\`*_\[\]|])", r"\\\1", text)

    lines = [columns, ["---"] * len(columns), *([cell(row.get(name)) for name in columns] for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def html_table(rows: Rows, columns: Sequence[Column]) -> str:
    """An HTML table with links for web addresses."""
    import html

    def cell(value: Any) -> str:
        if isinstance(value, list | tuple):
            return "; ".join(cell(item) for item in value)
        text = cell_text(value)
        if re.match(r"https?://", text):
            return f'<a href="{html.escape(text)}" rel="noopener noreferrer">{html.escape(compact(text))}</a>'
        return html.escape(text)

    head = "".join(f'<th scope="col">{html.escape(column.name)}</th>' for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell(row.get(column.name))}</td>" for column in columns) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def render(rows: Rows, columns: Sequence[str], style: str, *, width: int, label: Label | None) -> str:
    """Rows in one of the styles ``table``, ``json``, ``csv``, ``tsv`` and ``markdown``.

    Raises:
        FormatError: There is no such style.
    """
    if style == "table":
        return text_table(rows, columns, width=width, label=label)
    if style == "json":
        return json_rows(rows)
    if style in {"csv", "tsv"}:
        return separated(rows, columns, tabs=style == "tsv")
    if style == "markdown":
        return markdown_table(rows, columns, label)
    raise FormatError(f"there is no format {style!r}: use table, json, csv, tsv or markdown")
