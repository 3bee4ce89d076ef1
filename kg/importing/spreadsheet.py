"""Rows of XLSX workbooks, within limits: such a file is a ZIP archive, and may unpack to anything."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

from kg.errors import ImportSourceError
from kg.importing.rows import Cell, Row, Run, plain_cell

_MAX_UNPACKED: Final = 60_000_000
_MAX_PARTS: Final = 2000
_MAX_ROWS: Final = 50_000
_MAX_COLUMNS: Final = 200
_MAX_CELL: Final = 8000
_SHEET_STEP: Final = 100_000
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_xlsx(content: bytes) -> list[Row]:
    """Rows of all sheets; the first row of a sheet with two cells or more has its headings.

    Args:
        content: The file.

    Returns:
        Rows of the first sheet at their row numbers; those of the second count from 100001, and so on.

    Raises:
        ImportSourceError: It is no workbook, unpacks to too much, or openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise ImportSourceError("XLSX needs openpyxl: pip install 'stkg[import]'") from error
    links = _checked_links(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that do not matter here
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            return [row for n, sheet in enumerate(book.worksheets) for row in _sheet_rows(n, sheet, links)]
    except ImportSourceError:
        raise
    except Exception as error:  # a broken workbook can raise anything; all of it means the same
        raise ImportSourceError(f"the source is no sound workbook: {type(error).__name__}") from error


def _checked_links(content: bytes) -> dict[tuple[int, str], str]:
    """Refuse archives that are no plain workbook; return addresses by sheet and cell."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ImportSourceError("the source is no workbook: it is not a ZIP archive") from error
    with archive:
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
            raise ImportSourceError(f"the workbook unpacks to more than {_MAX_UNPACKED // 1_000_000} MB")
        texts = {}
        try:
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        texts[part.filename] = file.read(_MAX_UNPACKED)  # a header may lie about the size
        except Exception as error:
            raise ImportSourceError(f"the workbook cannot be unpacked: {type(error).__name__}") from error
    if sum(map(len, texts.values())) > _MAX_UNPACKED:
        raise ImportSourceError(f"the workbook unpacks to more than {_MAX_UNPACKED // 1_000_000} MB")
    for name, text in texts.items():
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in {b"\xfe\xff", b"\xff\xfe"}:
            raise ImportSourceError(f"the workbook's part {name[:60]!r} defines entities; save it again")
    try:
        return dict(_links(texts))
    except (ET.ParseError, KeyError, ValueError):
        return {}  # openpyxl says what is wrong


def _links(texts: Mapping[str, bytes]) -> Iterator[tuple[tuple[int, str], str]]:
    """((sheet, cell), address) of each hyperlink; openpyxl does not have them when it reads row by row."""
    names = _relations(texts, "xl/_rels/workbook.xml.rels")
    book = ET.fromstring(texts["xl/workbook.xml"])  # noqa: S314  parts with entities were refused
    for number, sheet in enumerate(book.iter(f"{_MAIN}sheet")):
        target = names.get(sheet.get(_ID, ""), "").lstrip("/").removeprefix("xl/")
        path = f"xl/{target}"
        if path not in texts or b"<hyperlink" not in texts[path]:
            continue
        folder, _, name = path.rpartition("/")
        addresses = _relations(texts, f"{folder}/_rels/{name}.rels")
        for link in ET.fromstring(texts[path]).iter(f"{_MAIN}hyperlink"):  # noqa: S314
            cell = (link.get("ref") or "").split(":")[0]
            address = addresses.get(link.get(_ID, ""), "")
            if re.match(r"https?://", address):
                yield (number, cell), address


def _relations(texts: Mapping[str, bytes], path: str) -> dict[str, str]:
    if path not in texts:
        return {}
    return {r.get("Id", ""): r.get("Target", "") for r in ET.fromstring(texts[path])}  # noqa: S314


def _sheet_rows(number: int, sheet: Any, links: Mapping[tuple[int, str], str]) -> Iterator[Row]:
    headings: tuple[str, ...] = ()
    table, section = 0, (str(sheet.title)[:100],)
    for index, values in enumerate(sheet.iter_rows(values_only=True, max_col=_MAX_COLUMNS, max_row=_MAX_ROWS + 1), 1):
        if index > _MAX_ROWS:
            raise ImportSourceError(f"the sheet {section[0]!r} has more than {_MAX_ROWS} rows")
        line = number * _SHEET_STEP + index
        texts = _trimmed([_shown(value) for value in values])
        filled = sum(bool(text) for text in texts)
        where = f"row {index}" if number == 0 else f"sheet {number + 1}, row {index}"
        if not filled:
            continue  # sheets are endless below their data
        if not headings and filled < 2:
            yield Row(line, "prose", (plain_cell(" ".join(filter(None, texts))),), section=section, where=where)
        elif not headings:
            headings, table = tuple(texts), line
        else:
            cells = tuple(_cell(text, links.get((number, f"{_letters(at)}{index}"))) for at, text in enumerate(texts))
            yield Row(line, "table", cells[: len(headings)], headings, section, table, where=where)


def _trimmed(texts: list[str]) -> list[str]:
    """The cells up to the last that holds something."""
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    iso = getattr(value, "isoformat", None)
    return " ".join(str(iso() if iso else value)[:_MAX_CELL].split())


def _cell(text: str, address: str | None) -> Cell:
    return Cell((Run("link", text, address),)) if address else plain_cell(text)


def _letters(index: int) -> str:
    """The letters of a column from its position.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found
