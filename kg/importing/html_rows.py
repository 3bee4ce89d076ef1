"""Rows of the HTML tables, lists and anchors that stand in Markdown documents."""

from html.parser import HTMLParser
from typing import Final

from kg.importing.rows import Cell, Row, Run

_ENDS: Final = frozenset({"tr", "li"})


class HtmlRows(HTMLParser):
    """Collects a row for each ``<tr>`` and ``<li>``, and for each line of other markup that holds an anchor."""

    def __init__(self, line: int, section: tuple[str, ...]) -> None:
        super().__init__(convert_charrefs=True)
        self.first = line
        self.section = section
        self.rows: list[Row] = []
        self.headings: tuple[str, ...] = ()
        self.table = 0
        self._start = line
        self._cells: list[Cell] = []
        self._runs: list[Run] = []
        self._inside = ""
        self._is_heading = False
        self._url: str | None = None
        self._strong = 0
        self._spans = False

    def read(self, text: str) -> list[Row]:
        """All rows of a piece of HTML."""
        self.feed(text)
        self.close()
        self._end_row()
        return self.rows

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row, cell or stretch."""
        values = {key: value or "" for key, value in attrs}
        if tag in _ENDS:
            self._end_row()
            self._inside, self._start, self._is_heading = tag, self._line(), False
        elif tag in {"td", "th"}:
            self._end_cell()
            self._is_heading = self._is_heading or tag == "th"
            self._spans = values.get("colspan", "1").strip() not in {"", "1"}
        elif tag == "table":
            self.headings = ()
        elif tag == "a" and "href" in values:
            self._url = values["href"].strip()
            self._runs.append(Run("link", "", self._url))
            if not self._inside:
                self._start = self._line() if len(self._runs) == 1 else self._start
        elif tag == "img" and self._url is not None and values.get("alt"):
            self.handle_data(values["alt"])
        elif tag in {"b", "strong"}:
            self._strong += 1

    def handle_endtag(self, tag: str) -> None:
        """End a row, cell or stretch."""
        if tag in _ENDS or tag in {"table", "ul", "ol"}:
            self._end_row()
        elif tag in {"td", "th"}:
            self._end_cell(always=True)
        elif tag == "a":
            self._url = None
        elif tag in {"b", "strong"}:
            self._strong = max(0, self._strong - 1)

    def handle_data(self, data: str) -> None:
        """Text, in the style that holds here."""
        text = " ".join(data.split())
        if not text:
            return
        if self._url is not None and self._runs:
            last = self._runs[-1]
            self._runs[-1] = Run("link", f"{last.text} {text}".strip(), last.url)
        else:
            # A cell over all columns is the heading of what follows.
            self._runs.append(Run("strong" if self._strong or self._spans else "plain", f" {text} "))

    def _line(self) -> int:
        return self.first + self.getpos()[0] - 1

    def _end_cell(self, *, always: bool = False) -> None:
        if self._runs or always:
            self._cells.append(Cell(tuple(self._runs)))
        self._runs = []

    def _end_row(self) -> None:
        self._end_cell()
        self._url, self._spans = None, False
        cells, inside = tuple(self._cells), self._inside
        self._cells, self._inside = [], ""
        if inside == "tr" and cells and not self.headings and self._is_heading:
            self.headings, self.table = tuple(cell.text for cell in cells), self._start
        elif inside == "tr" and cells:
            headings = self.headings or tuple("" for _ in cells)
            self.rows.append(Row(self._start, "table", cells[:200], headings, self.section, self.table or self.first))
        elif inside == "li" and cells:
            whole = Cell(tuple(run for cell in cells for run in cell.runs))
            self.rows.append(Row(self._start, "item", (whole,), section=self.section))
        elif any(cell.links for cell in cells):
            whole = Cell(tuple(run for cell in cells for run in cell.runs))
            self.rows.append(Row(self._start, "prose", (whole,), section=self.section))
