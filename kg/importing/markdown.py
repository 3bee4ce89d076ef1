"""Rows of a Markdown document: tables, list items, and lines of prose that hold a link.

markdown-it-py parses; here its tokens become rows. HTML tables and lists inside Markdown are read by the standard
library's parser. Nothing of the document is ever run, fetched or passed on as markup.
"""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kg.importing.dialects import as_markdown, without_list_tables
from kg.importing.html_rows import HtmlRows
from kg.importing.items import meaningful
from kg.importing.rows import Cell, Row, Run

_ADDRESS: Final = re.compile(r"https?://\w")
_MARK: Final = re.compile(r"[\d*†‡§,]{1,6}")
_MAX_CELL: Final = 8000


class _Tag(HTMLParser):
    """Name and attributes of one inline tag."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag."""
        self.name = tag
        self.values = {key: value or "" for key, value in attrs}


def _tag(text: str) -> tuple[str, dict[str, str]]:
    parser = _Tag()
    parser.feed(text)
    return parser.name, parser.values


class _Runs:
    """Stretches of one inline token, with the style and link that hold at each place."""

    def __init__(self) -> None:
        self.found: list[Run] = []
        self.strong = 0
        self.url: str | None = None
        self.text = ""
        self.raised = False

    def read(self, token: Token) -> list[Run]:
        """All stretches, in order."""
        for child in token.children or ():
            self._take(child)
        self._close()  # an anchor that is never closed
        return self.found

    def _take(self, child: Token) -> None:
        if child.type == "strong_open":
            self.strong += 1
        elif child.type == "strong_close":
            self.strong = max(0, self.strong - 1)
        elif child.type == "link_open":
            self._open(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            self._close()
        elif child.type == "html_inline":
            self._tag(child.content)
        else:
            self._print(_words(child))

    def _tag(self, text: str) -> None:
        name, values = _tag(text)
        closing = re.match(r"</\s*(\w+)", text)
        end = closing.group(1).lower() if closing else ""
        if name == "a" and "href" in values:
            self._open(values["href"].strip())
        elif end == "a":
            self._close()
        elif "sup" in {name, end}:
            self.raised = name == "sup"
        elif name in {"b", "strong"}:
            self.strong += 1
        elif end in {"b", "strong"}:
            self.strong = max(0, self.strong - 1)
        elif name == "img":
            self._print(values.get("alt", "") if self.url is not None else " ")
        elif name == "br":
            self._print(" ")

    def _open(self, url: str) -> None:
        self._close()
        self.url, self.text = url, ""

    def _close(self) -> None:
        if self.url is not None:
            self.found.append(Run("link", self.text, self.url))
        self.url = None

    def _print(self, words: str) -> None:
        if self.raised and _MARK.fullmatch(words):
            return  # the mark of a footnote, no part of the name before it
        if self.url is not None:
            self.text += words
        else:
            self.found.append(Run("strong" if self.strong else "plain", words))


def _words(child: Token) -> str:
    if child.type in {"softbreak", "hardbreak"}:
        return " "
    if child.type == "image":
        return "" if child.attrGet("src") else child.content
    return child.content if child.type in {"text", "code_inline"} else ""


def _cell(token: Token) -> Cell:
    merged: list[Run] = []
    for run in _Runs().read(token):
        text = run.text[:_MAX_CELL]
        if not text and run.style != "link":
            continue
        if merged and run.style != "link" and merged[-1].style == run.style:
            merged[-1] = Run(run.style, merged[-1].text + text)
        else:
            merged.append(Run(run.style, text, run.url))
    return Cell(tuple(merged))


class _Reader:
    """Walks the tokens once and collects rows."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.rows: list[Row] = []
        self.section: list[tuple[int, str]] = []
        self.items: list[tuple[int, list[Cell]]] = []
        self.headings: tuple[str, ...] = ()
        self.table = 0

    def path(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.section if name)

    def read(self, tokens: Sequence[Token]) -> list[Row]:
        """All rows, in the order of the document."""
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "heading_open":
                self._heading(int(token.tag[1:]), _cell(tokens[index + 1]).text)
                index += 2
            elif token.type == "table_open":
                index = self._table(tokens, index)
            elif token.type == "list_item_open":
                self.items.append(((token.map or [0])[0] + 1, []))
            elif token.type == "list_item_close":
                self._close_item()
            elif token.type == "inline":
                self._inline(token)
            elif token.type == "html_block":
                self._html(token)
            index += 1
        return sorted(self.rows, key=lambda row: row.line)

    def _heading(self, level: int, text: str) -> None:
        while self.section and self.section[-1][0] >= level:
            self.section.pop()
        self.section.append((level, text))

    def _inline(self, token: Token) -> None:
        cell = _cell(token)
        if self.items:
            self.items[-1][1].append(cell)
        elif cell.links or _ADDRESS.search(cell.text):
            self._prose(token)

    def _prose(self, token: Token) -> None:
        """Each line of a paragraph that holds a link is a row; a list without bullets looks like this."""
        start = (token.map or [0])[0] + 1
        line, children, found = start, list[Token](), list[tuple[int, list[Token]]]()
        for child in token.children or ():
            if child.type in {"softbreak", "hardbreak"}:
                found.append((line, children))
                line, children = line + 1, []
            else:
                children.append(child)
        for place, parts in [*found, (line, children)]:
            cell = _cell(Token("inline", "", 0, children=parts))
            if cell.links or _ADDRESS.search(cell.text):
                self.rows.append(Row(place, "prose", (cell,), section=self.path()))

    def _close_item(self) -> None:
        line, cells = self.items.pop()
        runs = [run for cell in cells for run in (*cell.runs, Run("plain", " "))][:-1]
        cell = Cell(tuple(runs))
        if self.items and self.items[-1][1] and _belongs_above(cell):
            self.items[-1][1].append(cell)
            return
        above = tuple(cells[0].text[:200] for _, cells in self.items if cells and not any(c.links for c in cells))
        self.rows.append(Row(line, "item", (cell,), section=(*self.path(), *above)))

    def _table(self, tokens: Sequence[Token], index: int) -> int:
        cells: list[Cell] = []
        start = index
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "tr_open":
                cells, start = [], (token.map or [0])[0] + 1
            elif token.type == "inline":
                cells.append(_cell(token))
            elif token.type == "tr_close":
                self._table_row(start, cells)
            elif token.type == "thead_open":
                self.headings = ()
            index += 1
        self.headings = ()
        return index

    def _table_row(self, line: int, cells: list[Cell]) -> None:
        if not self.headings:
            self.headings, self.table = tuple(cell.text for cell in cells), line
            return
        source = self.lines[line - 1].strip() if line <= len(self.lines) else ""
        inner = source.removeprefix("|")
        inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
        n_cells = len(re.findall(r"(?<!\\)\|", inner)) + 1
        notes: tuple[str, ...] = ()
        if n_cells > len(self.headings):
            notes = (f"has {n_cells} cells below {len(self.headings)} headings; those beyond were not read",)
        self.rows.append(Row(line, "table", tuple(cells), self.headings, self.path(), self.table, notes=notes))

    def _html(self, token: Token) -> None:
        self.rows += HtmlRows((token.map or [0])[0] + 1, self.path()).read(token.content)


def _belongs_above(cell: Cell) -> bool:
    """Whether an inner item is part of the entry above it, such as ``- Code: <link>``."""
    if not cell.links or sum(len(run.text.split()) for run in cell.runs if run.style != "link") > 3:
        return False
    first = cell.runs[0]
    labelled = first.style != "link" and first.text.rstrip().endswith(":") and not meaningful(first.text)
    return labelled or not any(meaningful(link.text) for link in cell.links)


def _any_link(url: str) -> bool:  # noqa: ARG001  markdown-it passes it
    """A bad address is reported, not dropped; nothing is ever opened."""
    return True


def read_markdown(text: str) -> list[Row]:
    """Rows of a Markdown document.

    Args:
        text: The document.

    Returns:
        A row for each row of a table's body, each list item and each line of prose with a link, in order of line.
    """
    # ``html`` so that anchors and images in cells are seen; nothing is rendered.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 40}).enable("table")
    parser.validateLink = _any_link  # type: ignore[method-assign]
    text, tables = without_list_tables(as_markdown(text))
    rows = _Reader(text).read(parser.parse(text))
    for _, lines in tables:
        cells = [(line, [_inline_cell(parser, text) for text in texts]) for line, texts in lines]
        rows += _table_rows(cells)
    return sorted(rows, key=lambda row: row.line)


def _inline_cell(parser: MarkdownIt, text: str) -> Cell:
    tokens = parser.parseInline(text[:_MAX_CELL])
    return _cell(tokens[0]) if tokens else Cell()


def _table_rows(lines: Sequence[tuple[int, list[Cell]]]) -> list[Row]:
    """Rows of a table whose first has the headings."""
    headings = tuple(cell.text for cell in lines[0][1]) if lines else ()
    return [Row(line, "table", tuple(cells[: len(headings)]), headings, (), lines[0][0]) for line, cells in lines[1:]]
