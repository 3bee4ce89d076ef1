"""Other ways to write a list, brought into Markdown line by line, so that every row keeps the number of its line.

Task lists, definition lists, footnotes, front matter and wrapping tags of Markdown; links and headings of MediaWiki,
Org and reStructuredText. What is not recognised stays as it is.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

# Lines that hold nothing but these would hide the Markdown that follows them from the parser.
_WRAPPER: Final = re.compile(
    r"</?(?:details|summary|div|center|p|br|hr|section|span|font|b|strong|sub|small)\b[^<>]{0,300}>", re.IGNORECASE
)
_SUMMARY: Final = re.compile(r"<summary[^<>]{0,300}>(.{1,400}?)</summary>", re.IGNORECASE)
_TASK: Final = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)\[[ xX]\]\s+(?=\S)")
_GLYPH: Final = re.compile(r"^(\s*)[•‣▪◦●○■□►▶➤–—·*]\s+(?=\S)")
_NOTE: Final = re.compile(r"^\[\^([\w-]{1,40})\]:\s+(\S.{0,3000})$")
_NOTE_MARK: Final = re.compile(r"\[\^([\w-]{1,40})\](?!:)")
_MAX_ADDED: Final = 200_000
_RST_LINK: Final = re.compile(r"`([^`<>\n]{1,300}?)\s*<([^<>\s`]{1,500})>`__?")
_WIKI_LINK: Final = re.compile(r"(?<![\[\w(!])\[(https?://[^\s\[\]]{3,500}) ([^\[\]\n]{1,300})\](?!\()")
_WIKI_HEADING: Final = re.compile(r"^(={2,5})\s*([^=\n]{1,200}?)\s*\1\s*$")
_ORG_LINK: Final = re.compile(r"\[\[(https?://[^\s\[\]]{3,500})\]\[([^\[\]\n]{1,300})\]\]")


def as_markdown(text: str) -> str:
    """A document as Markdown with as many lines.

    Args:
        text: The document.

    Example:
        >>> as_markdown("- [ ] `A <https://a.example>`_")
        '- [A](https://a.example)'
    """
    lines = text.split("\n")
    steps: tuple[Callable[[list[str]], None], ...] = (
        _front_matter,
        _wrappers,
        _other_links,
        _footnotes,
        _definitions,
    )
    for step in steps:
        step(lines)
    return "\n".join(_TASK.sub(r"\1", _GLYPH.sub(r"\1- ", line)) if line else line for line in lines)


def _front_matter(lines: list[str]) -> None:
    """Empty a block of settings at the very start."""
    if lines[0].strip() != "---":
        return
    end = next((i for i, line in enumerate(lines[1:200], start=1) if line.strip() in {"---", "..."}), 0)
    if end and all(re.match(r"\s*(?:[\w-]+\s*:|-\s|#|$)", line) for line in lines[1:end]):
        lines[: end + 1] = [""] * (end + 1)


def _wrappers(lines: list[str]) -> None:
    """Empty lines of wrapping tags, and turn summaries into headings."""
    for index, line in enumerate(lines):
        if not line.lstrip().startswith("<") or "|" in line[:1]:
            continue
        summary = _SUMMARY.search(line)
        rest = _WRAPPER.sub("", line).strip()
        if summary:
            lines[index] = "###### " + _WRAPPER.sub("", summary.group(1)).strip()
        elif not rest:
            lines[index] = ""


def _other_links(lines: list[str]) -> None:
    """Links and headings of MediaWiki, Org and reStructuredText."""
    is_org = any(_ORG_LINK.search(line) for line in lines)
    for index, line in enumerate(lines):
        changed = line
        if "http" in line:
            changed = _ORG_LINK.sub(r"[\2](\1)", changed)
            changed = _WIKI_LINK.sub(r"[\2](\1)", changed)
            changed = _RST_LINK.sub(r"[\1](\2)", changed)
        if heading := _WIKI_HEADING.match(line):
            changed = f"{'#' * len(heading.group(1))} {heading.group(2)}"
        elif is_org and (star := re.match(r"(\*{1,6}) (\S.{0,200})$", line)):
            changed = f"{'#' * len(star.group(1))} {star.group(2)}"
        lines[index] = changed


def _footnotes(lines: list[str]) -> None:
    """Put each footnote where its mark stands in a table or list, and empty its own line."""
    notes = {m.group(1): (i, m.group(2)) for i, line in enumerate(lines) if (m := _NOTE.match(line))}
    added, used = 0, set()
    for index, line in enumerate(lines) if notes else ():
        if not re.match(r"\s*(?:\||[-*+•]\s|\d+[.)]\s)", line) and "|" not in line:
            continue

        def told(mark: re.Match[str]) -> str:
            nonlocal added
            place, note = notes.get(mark.group(1), (-1, ""))
            if place < 0 or added > _MAX_ADDED:
                return mark.group()
            added += len(note)
            used.add(place)
            return " " + note.replace("|", "\\|") + " "

        lines[index] = _NOTE_MARK.sub(told, line)
    for place in used:
        lines[place] = ""


def _definitions(lines: list[str]) -> None:
    """``Term`` above ``: its definition`` becomes an item of a list."""
    for index, line in enumerate(lines):
        match = re.match(r":\s+(\S.*)", line)
        above = lines[index - 1].strip() if index else ""
        if match and 0 < len(above) <= 80 and re.match(r"[\w*\[`]", above) and not above.startswith("- "):
            bare = above.strip("*_`")
            lines[index - 1] = ""
            term = above if "](" in above else f"**{bare}**"
            lines[index] = f"- {term}: {match.group(1)}"


def list_tables(lines: Sequence[str]) -> list[tuple[int, list[tuple[int, list[str]]]]]:
    """Tables of reStructuredText's ``list-table``: line of the directive, and rows as (line, cells).

    >>> list_tables([".. list-table::", "", "   * - a", "     - b"])
    [(1, [(3, ['a', 'b'])])]
    """
    found = []
    for start, line in enumerate(lines):
        if not re.match(r"\s*\.\. list-table::", line):
            continue
        margin = len(line) - len(line.lstrip())
        rows: list[tuple[int, list[str]]] = []
        for number in range(start + 1, len(lines)):
            text = lines[number]
            if text.strip() and len(text) - len(text.lstrip()) <= margin:
                break
            if match := re.match(r"\s+[*-] - ?(.*)", text):
                rows.append((number + 1, [match.group(1).strip()]))
            elif rows and (match := re.match(r"\s+- ?(.*)", text)):
                rows[-1][1].append(match.group(1).strip())
            elif rows and text.strip() and not text.lstrip().startswith(":"):
                rows[-1][1][-1] += " " + text.strip()
        found.append((start + 1, rows))
    return found


def without_list_tables(text: str) -> tuple[str, list[tuple[int, list[tuple[int, list[str]]]]]]:
    """The document with its list-tables emptied, and the tables."""
    if ".. list-table::" not in text:
        return text, []
    lines = text.split("\n")
    tables = list_tables(lines)
    for start, rows in tables:
        last = rows[-1][0] if rows else start
        end = next(
            (n for n in range(last, len(lines)) if lines[n].strip() and not lines[n].startswith((" ", "\t"))),
            len(lines),
        )
        lines[start - 1 : end] = [""] * (end - start + 1)
    return "\n".join(lines), tables
