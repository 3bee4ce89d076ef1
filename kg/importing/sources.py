"""Find out what a text is, and read its rows."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kg.errors import ImportSourceError
from kg.importing.categories import Vocabulary
from kg.importing.markdown import read_markdown
from kg.importing.readme import read_readme
from kg.importing.references import READERS
from kg.importing.rows import Row
from kg.importing.spreadsheet import read_xlsx
from kg.importing.tabular import read_table
from kg.importing.text import Mended, mend_mojibake
from kg.model import Catalog

MAX_BYTES: Final = 5_000_000
MAX_LINE: Final = 400_000
_BY_ENDING: Final = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".rmd": "markdown",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".bib": "bibtex",
    ".ris": "ris",
    ".cff": "cff",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
}
_READERS: Final[Mapping[str, Callable[[str], list[Row]]]] = {
    "markdown": read_markdown,
    "csv": read_table,
    "tsv": lambda text: read_table(text, "\t"),
    **READERS,
}
KINDS: Final = (*_READERS, "readme", "xlsx")


@dataclass(frozen=True)
class Read:
    """What came of reading a source.

    Attributes:
        kind: One of :data:`KINDS`.
        rows: Every row, in order of line.
        mended: Places where UTF-8 had been read as Windows-1252; the rows have the right letters.
        text: The source as it is; ``""`` for one that is no text.
    """

    kind: str
    rows: tuple[Row, ...]
    mended: tuple[Mended, ...]
    text: str = ""


def read_source(content: bytes, *, name: str = "", kind: str = "auto", words: Vocabulary | None = None) -> Read:
    """Read the rows of a source.

    Args:
        content: The file.
        name: Its name, of which only the ending counts.
        kind: One of :data:`KINDS`, or ``auto``.
        words: Names of licences and frameworks, for a README.

    Raises:
        ImportSourceError: It is too large, not text, or of no kind that can be read.
    """
    if len(content) > MAX_BYTES:
        raise ImportSourceError(f"the source is larger than {MAX_BYTES // 1_000_000} MB")
    if kind == "xlsx" or (kind == "auto" and content.startswith(b"PK\x03\x04")):
        return Read("xlsx", tuple(read_xlsx(content)), ())
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportSourceError(f"the source is not UTF-8 (line {line}); save it as UTF-8") from error
    if "\0" in text:
        raise ImportSourceError("the source is not text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if max(map(len, text.split("\n"))) > MAX_LINE and kind not in {"csl-json", "codemeta"}:
        raise ImportSourceError(f"the source has a line of more than {MAX_LINE} characters")
    mended_text, mended = mend_mojibake(text)
    found = _kind(mended_text, name) if kind == "auto" else kind
    if found == "readme":
        return Read(found, tuple(read_readme(mended_text, words or Vocabulary(Catalog()))), tuple(mended), text)
    return Read(found, tuple(_READERS[found](mended_text)), tuple(mended), text)


def _kind(text: str, name: str) -> str:
    ending = re.search(r"\.\w+$", name.lower())
    if ending and ending.group() in _BY_ENDING:
        return _BY_ENDING[ending.group()]
    start = text.lstrip()[:2000]
    if start.startswith(("{", "[{", "[\n", "[ ", "[]")) and (found := _kind_of_json(text)):
        return found
    if re.match(r"TY {1,3}-", start):
        return "ris"
    if re.search(r"^[ \t]*@\w+[ \t]*[{(]", text[:20_000], re.MULTILINE) and not start.startswith("#"):
        return "bibtex"
    if re.search(r"^cff-version:", text[:20_000], re.MULTILINE):
        return "cff"
    first, _, rest = start.partition("\n")
    if first.count("\t") >= 1 and not first.startswith(("|", "#", "-", "*")):
        return "tsv"
    as_many = first.count(",") <= rest.split("\n", 1)[0].count(",")
    if "," in first and as_many and not re.match(r"[|#*<-]", first) and not re.search(r"\]\(|[.!:] ", first):
        return "csv"
    return "markdown"


def _kind_of_json(text: str) -> str | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "jsonl" if text.lstrip().startswith("{") else None
    if isinstance(value, list):
        return "csl-json"
    if "codemeta" in str(value.get("@context", "")) or "codeRepository" in value:
        return "codemeta"
    return "csl-json" if "type" in value and "issued" in value else "jsonl"
