"""The README of one method: its name, the paper it asks to cite, its licence and what it needs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from kg.importing.categories import Vocabulary
from kg.importing.checkout.needs import requirement
from kg.importing.references import read_bibtex
from kg.importing.rows import Flaw, Row, RowFact, plain_cell
from kg.importing.text import arxiv_of, doi_of, repository_of
from kg.iris import fold

_NEEDS: Final = re.compile(
    r"\b(?:install\w*|requirement\w*|dependenc\w+|environment|prerequisites?|setup)\b", re.IGNORECASE
)
_LICENCE: Final = re.compile(r"\blicen[cs]\w*\b", re.IGNORECASE)
_CITE: Final = re.compile(r"\b(?:cit(?:e|ing|ation)s?|reference|paper|publication)\b", re.IGNORECASE)
_BADGE: Final = re.compile(r"shields\.io/badge/[Ll]icen[cs]e[-_]([A-Za-z0-9.%_+-]{2,40})-\w+")
_DATA: Final = re.compile(r"\bdata ?sets?\b|\bdata availability\b|^data$", re.IGNORECASE)
_WRONG_OPERATOR: Final = re.compile(r"\b([A-Za-z][\w.-]{1,60})(=~|=>|=<)(v?\d[\w.]{0,20})")
_BIB: Final = re.compile(r"^[ \t]*@\w+[ \t]*\{", re.MULTILINE)
_URL: Final = re.compile(r"https?://[^\s<>()\[\]\"'`|]{4,300}")
_ITEM: Final = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
_SPEC: Final = re.compile(r"(?<![\w./=-])[\"'`]?([A-Za-z][\w.-]{1,60}(?:==|>=|<=|~=)v?\d[\w.*]{0,20})")
_MAX_LINES: Final = 20_000
_MAX_NEEDS: Final = 100


class _Line:
    """A line with the heading above it and whether it is code."""

    def __init__(self, number: int, text: str, heading: str, *, code: bool) -> None:
        self.number, self.text, self.heading, self.code = number, text[:2000], heading, code


def _lines(text: str) -> list[_Line]:
    found, heading, fence = [], "", False
    for number, line in enumerate(text.split("\n")[:_MAX_LINES], start=1):
        if re.match(r"\s*(?:```|~~~)", line):
            fence = not fence
        elif not fence and (match := re.match(r"\s{0,3}#{1,6}\s+(.{1,300})", line)):
            heading = match.group(1).strip("# ")
        found.append(_Line(number, line, heading, code=fence))
    return found


def read_readme(text: str, words: Vocabulary) -> list[Row]:
    """The one row of a README.

    Args:
        text: Markdown.
        words: Names of licences, frameworks and languages.

    Returns:
        A row with the facts that have a place of their own under ``facts``.
    """
    lines = _lines(text)
    heading, heading_line = _heading(lines)
    name, place = _name_in(heading), heading_line
    repository = _own_repository(lines, name)
    if not name and repository:
        name, place = _printed_name(lines, repository)
    fields, bib_line = _paper(text, lines, name)
    fields |= {"name": name, "heading": heading if heading != name else ""}
    if repository:
        fields["link"] = f"https://github.com/{repository}"
    kept = {key: " ".join(value.split()) for key, value in fields.items() if value.strip()}
    if not set(kept) - {"heading"}:
        return [Row(1, "record", fault="is no README of a method: there is no title and no paper")]
    facts = [*_licences(lines, words), *_needs(lines, words), *_datasets(lines, words)]
    distinct = {(fact.field, fold(fact.value)): fact for fact in reversed(facts)}
    places = {"name": f"line {place}"} if place else {}
    places |= {"heading": f"line {heading_line}"} if heading_line else {}
    row = Row(bib_line or place or 1, "record", tuple(map(plain_cell, kept.values())), tuple(kept), places=places)
    return [
        replace(row, facts=tuple(reversed(distinct.values())), evidence="indexed-readme", flaws=tuple(_flaws(lines)))
    ]


def _plain(markdown: str) -> str:
    text = re.sub(r"!\[[^\]]{0,200}\]\([^)]{0,500}\)|<[^<>]{0,300}>", " ", markdown)
    text = re.sub(r"\[([^\]]{0,200})\]\([^)]{0,500}\)|:[a-z_]{2,30}:", r"\1", text)
    text = "".join(
        c if c.isprintable() and ord(c) < 0x2600 else " "
        for c in re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}", "", text)
    )
    return " ".join(text.split()).strip(" .#")


def _heading(lines: list[_Line]) -> tuple[str, int]:
    """The first heading, plain, and its line."""
    for index, line in enumerate(lines[:60]):
        match = re.match(r"\s{0,3}#\s+(.+)", line.text) or re.search(r"<h1[^<>]{0,100}>(.{1,200})", line.text)
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        heading = match.group(1) if match else line.text if re.fullmatch(r"={3,}\s*", below) else ""
        title = _plain(heading) if not line.code else ""
        if title:
            return title, line.number
    return "", 0


def _name_in(heading: str) -> str:
    """The method's name that a heading begins with, or ``""``."""
    first = re.split(r"\s*(?::|\s[-–—|]\s|\()", heading, maxsplit=1)[0].strip()
    return first if 0 < len(first.split()) <= 3 and len(first) <= 40 else ""


def _printed_name(lines: list[_Line], repository: str) -> tuple[str, int]:
    """The name of the repository where the text prints it as a word, and its line."""
    name = re.sub(r"[-_](?:main|master|release|code)$", "", repository.partition("/")[2])
    for line in lines:
        bare = _URL.sub(" ", line.text)
        if not line.code and (match := re.search(rf"(?<![\w/-]){re.escape(name)}(?![\w/-])", bare, re.IGNORECASE)):
            return match.group(), line.number
    return "", 0


def _paper(text: str, lines: list[_Line], name: str) -> tuple[dict[str, str], int]:
    """Fields of the paper: from BibTeX, else from links that lead to papers."""
    rows = read_bibtex(text[match.start() :]) if (match := _BIB.search(text)) else []
    sound = [row for row in rows if not row.fault]
    offset = text.count("\n", 0, match.start()) if match else 0
    own = [row for row in sound if name and fold(name) in fold(_fields(row).get("title", ""))]
    if own or sound:
        row = (own or sound)[0]
        found = {k: v for k, v in _fields(row).items() if k not in {"notes", "link", "id"}}
        address = _fields(row).get("link", "")
        if "doi" not in found and (doi := doi_of(address)):
            found["doi"] = doi
        return found, row.line + offset
    for line in lines:
        if line.code or not (_CITE.search(line.text) or _CITE.search(line.heading)):
            continue
        for url in _URL.findall(line.text):
            doi, arxiv = doi_of(url), arxiv_of(url)
            if (doi and not doi.startswith(("10.5281/", "10.6084/"))) or arxiv:
                found = {"arxiv": f"arXiv:{arxiv}"} if arxiv else {"doi": str(doi)}
                return found | _printed_title(line.text), line.number
    return {}, 0


def _fields(row: Row) -> Mapping[str, str]:
    return {heading: cell.text for heading, cell in zip(row.headings, row.cells, strict=False)}


def _printed_title(line: str) -> dict[str, str]:
    """A title that stands in quotation marks or as the text of a link."""
    for match in re.finditer(r"[\"“]([^\"“”]{20,300})[\"”]|\[([^\]]{20,300})\]\(", line):
        title = _plain(match.group(1) or match.group(2)).strip(" ,.")
        if len(title.split()) >= 4:
            return {"title": title}
    return {}


def _own_repository(lines: list[_Line], name: str) -> str:
    """The repository that bears the method's name, else the one that all pictures of the text lie in."""
    pictures = set()
    for line in lines:
        for url in _URL.findall(line.text):
            repository = repository_of(url)
            if repository and name and fold(repository.partition("/")[2]) == fold(name):
                return repository
            if repository and re.search(r"/(?:blob|raw)/\S+\.(?:png|jpe?g|svg|gif)", url, re.IGNORECASE):
                pictures.add(repository)
    return pictures.pop() if len(pictures) == 1 else ""


def _datasets(lines: list[_Line], words: Vocabulary) -> Iterator[RowFact]:
    """Data sets of a section on data: by their whole name, accession number or address."""
    for line in lines:
        if line.code or not _DATA.search(line.heading):
            continue
        said = [_plain(cell) for cell in _ITEM.sub("", line.text).split("|")] + _URL.findall(line.text)
        said += re.findall(r"\b(?:GSE|PRJNA|EGAS|E-MTAB-|SCP)\d+\b", line.text)
        keys = {words.datasets[fold(text)] for text in said if fold(text) in words.datasets}
        for key in sorted(keys):
            yield RowFact("datasets", key, {"dataset": key}, f"line {line.number}")


def _flaws(lines: list[_Line]) -> Iterator[Flaw]:
    """Faults of form of a README."""
    for line in lines:
        if _NEEDS.search(line.heading) and (match := _WRONG_OPERATOR.search(line.text)):
            right = match.group(1) + match.group(2)[::-1] + match.group(3)
            why = f"{match.group(2)} is no operator of versions"
            yield Flaw(line.number, "malformed-requirement", "requirement", match.group(), right, why)
        if line.code:
            continue
        if match := re.search(r"(?<!!)\[[^\[\]]{0,80}\](?:\(\s*\)|\{\s*\})", line.text):
            yield Flaw(line.number, "empty-link", "link", match.group(), "", "the link leads nowhere")
        if match := re.search(r"\b[a-z]{4,30}\.[A-Z][a-z]{1,30}(?= )", _URL.sub(" ", line.text)):
            right = match.group().replace(".", ". ")
            yield Flaw(line.number, "missing-blank", "overview", match.group(), right, "no blank after a full stop")


def _licences(lines: list[_Line], words: Vocabulary) -> Iterator[RowFact]:
    for line in lines:
        if badge := _BADGE.search(line.text):
            said = badge.group(1).replace("--", "-").replace("%20", " ").replace("_", " ")
            key = words.licences.get(fold(said))
            if key:
                yield RowFact("licenses", key, {"license": key}, f"line {line.number}", "weak", "by a badge")
        elif not line.code and (_LICENCE.search(line.heading) or _LICENCE.search(line.text)):
            plain = f" {fold(_plain(line.text))} "
            keys = {key for name, key in words.licences.items() if len(name) > 2 and f" {name} " in plain}
            keys -= {"bsd"} if len(keys) > 1 else set()
            if len(keys) == 1:
                key = keys.pop()
                yield RowFact("licenses", key, {"license": key}, f"line {line.number}")


def _needs(lines: list[_Line], words: Vocabulary) -> Iterator[RowFact]:
    count = 0
    for line in lines:
        if not _NEEDS.search(line.heading) or count >= _MAX_NEEDS:
            continue
        bare = _ITEM.sub("", line.text).strip().strip("`*").strip()
        whole = requirement(bare) if _ITEM.match(line.text) or (line.code and " " not in bare) else None
        found = [whole] if whole else [requirement(spec) for spec in _SPEC.findall(line.text)]
        for package, version in filter(None, found):
            framework = words.frameworks.get(fold(package))
            language = words.languages.get(fold(package))
            if not version and (language or not framework):
                continue  # a bare word of a list may be anything
            count += 1
            place = f"line {line.number}"
            yield need_fact(package, version, framework, place)
            if framework:
                plain = {"framework": framework, "use": "declares"}
                yield RowFact("frameworks", framework, plain, place)


def need_fact(package: str, version: str, framework: str | None, place: str) -> RowFact:
    """A requirement as a fact."""
    plain = {"package": package} | ({"version": version} if version else {})
    plain |= {"framework": framework} if framework else {}
    return RowFact("requirements", f"{package} {version}".strip(), plain, place)
