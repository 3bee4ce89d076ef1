"""Rows of reference files: BibTeX, RIS, CSL-JSON, CITATION.cff, codemeta.json and JSON Lines.

Each becomes rows with the same headings (``title``, ``authors``, ``year`` …), whatever its own words for them are. A
record that its parser refuses becomes a row with a fault, so that one bad record never hides the others.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import rispy
import yaml
from pybtex.database import Entry as BibEntry
from pybtex.database import Person
from pybtex.database.input import bibtex
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text as RichText

from kg.importing.rows import Row, plain_cell

_ENTRY: Final = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
_NOT_ENTRIES: Final = frozenset({"comment", "preamble", "string"})
_RIS_FAULTS: Final = (ValueError, KeyError, IndexError, TypeError, AttributeError, OSError)
_DEPTH: Final = 8


def _record(line: int, fields: Mapping[str, str]) -> Row:
    kept = {key: " ".join(value.split()) for key, value in fields.items() if value and value.strip()}
    return Row(line, "record", tuple(plain_cell(v) for v in kept.values()), tuple(kept))


def _fault(line: int, why: str) -> Row:
    sound = why.encode("utf-8", "replace").decode()
    return Row(line, "record", fault=" ".join(sound.split())[:200])


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def read_bibtex(text: str) -> list[Row]:
    """Rows of a BibTeX file; each entry is parsed by itself, so that a broken one does not hide the next."""
    starts = list(_ENTRY.finditer(text))
    if not starts:
        return [_fault(1, "holds no BibTeX entry")] if text.strip() else []
    ends = [match.start() for match in starts[1:]] + [len(text)]
    macros, rows = "", []
    for match, end in zip(starts, ends, strict=True):
        chunk, kind = text[match.start() : end], match.group(1).lower()
        if kind == "string":
            macros += chunk
        if kind not in _NOT_ENTRIES:
            rows.append(_bib_row(_line(text, match.start()), macros[:100_000] + chunk))
    return rows


def _bib_row(line: int, chunk: str) -> Row:
    try:
        parser = bibtex.Parser()
        entries = list(parser.parse_string(chunk).entries.values())
    except (PybtexError, ValueError, RecursionError, IndexError, KeyError, AttributeError, TypeError) as error:
        return _fault(line, f"is not BibTeX: {error}")
    if len(entries) != 1:
        return _fault(line, "is not BibTeX: no whole entry")
    return _record(line, {"id": str(entries[0].key or ""), "kind": str(entries[0].type), **_bib_fields(entries[0])})


def _bib_fields(entry: BibEntry) -> dict[str, str]:
    fields = {key.lower(): _latex(value) for key, value in entry.fields.items()}
    archive = fields.get("archiveprefix", fields.get("eprinttype", "")).lower()
    eprint = fields.get("eprint", "")
    return {
        "title": fields.get("title", ""),
        "authors": "; ".join(_person(person) for person in entry.persons.get("author", ())),
        "year": fields.get("year", "") or fields.get("date", "")[:4],
        "venue": fields.get("journal", "") or fields.get("journaltitle", "") or fields.get("booktitle", ""),
        "doi": fields.get("doi", ""),
        "arxiv": f"arXiv:{eprint}" if eprint and "arxiv" in archive else "",
        "pmid": f"PMID:{fields['pmid']}" if fields.get("pmid") else "",
        "link": fields.get("url", ""),
        "notes": fields.get("note", ""),
    }


def _latex(value: str) -> str:
    if not re.search(r"[\\{}$]", value):
        return value
    try:
        plain = str(RichText.from_latex(value[:20_000]))
    except (PybtexError, ValueError, KeyError, IndexError, RecursionError):
        plain = value
    return re.sub(r"[{}]", "", plain)


def _person(person: Person) -> str:
    given = " ".join([*person.first_names, *person.middle_names])
    family = " ".join([*person.prelast_names, *person.last_names, *person.lineage_names])
    return _latex(f"{given} {family}".strip()).replace(";", " ")


def read_ris(text: str) -> list[Row]:
    """Rows of a RIS file; each record is parsed by itself."""
    starts = [match.start() for match in re.finditer(r"^TY {1,3}-", text, re.MULTILINE)]
    if not starts:
        return [_fault(1, "holds no RIS record")] if text.strip() else []
    rows = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line, chunk = _line(text, start), text[start:end]
        try:
            found = rispy.loads(chunk)
        except _RIS_FAULTS as error:
            rows.append(_fault(line, f"is not RIS: {error}"))
            continue
        if len(found) != 1:
            rows.append(_fault(line, "is not RIS: the record has no end"))
            continue
        rows.append(_record(line, _ris_fields(found[0])))
    return rows


def _ris_fields(record: Mapping[str, Any]) -> dict[str, str]:
    def first(*names: str) -> str:
        return next((_text(record[name]) for name in names if record.get(name)), "")

    people = record.get("authors") or record.get("first_authors") or []
    return {
        "kind": first("type_of_reference"),
        "title": first("title", "primary_title"),
        "authors": "; ".join(_text(person) for person in people),
        "year": first("year", "publication_year", "date")[:4],
        "venue": first("journal_name", "secondary_title", "alternate_title1", "alternate_title3"),
        "doi": first("doi"),
        "link": first("urls", "url"),
    }


def _text(value: Any, depth: int = 0) -> str:
    """A value as text: the first of a list, the name of a group of fields."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or depth > _DEPTH:
        return ""
    if isinstance(value, list | tuple):
        return _text(value[0], depth + 1) if value else ""
    if isinstance(value, Mapping):
        names = ("name", "@id", "value", "title", "url", "id")
        return next((_text(value[name], depth + 1) for name in names if value.get(name)), "")
    return str(value)[:2000]


def _people(value: Any) -> str:
    """An author list in any of the forms of JSON and YAML, as ``Given Family; Given Family``."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        value = [value]
    names = []
    for person in value[:5000] if isinstance(value, list) else ():
        if isinstance(person, Mapping):
            given = _text(person.get("given") or person.get("given-names") or person.get("givenName"))
            family = _text(person.get("family") or person.get("family-names") or person.get("familyName"))
            particle = _text(person.get("non-dropping-particle") or person.get("name-particle"))
            whole = " ".join(part for part in (given, particle, family) if part)
            names.append(whole or _text(person.get("literal") or person.get("name")))
        else:
            names.append(_text(person))
    return "; ".join(name.replace(";", " ") for name in names if name)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return error


def _item_lines(text: str) -> Iterator[int]:
    """Lines where the items of a JSON list begin."""
    depth, quoted, escaped, line, waiting = 0, False, False, 1, False
    for character in text:
        line += character == "\n"
        if waiting and not character.isspace() and character != "]":
            yield line
            waiting = False
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            waiting = depth == 1
        elif character in "]}":
            depth -= 1
        elif character == "," and depth == 1:
            waiting = True


def read_csl(text: str) -> list[Row]:
    """Rows of a CSL-JSON file."""
    value = _json(text)
    if isinstance(value, Exception):
        return [_fault(1, f"is not JSON: {value}")]
    items = value if isinstance(value, list) else [value]
    lines = list(_item_lines(text)) if isinstance(value, list) else [1]
    lines = lines if len(lines) == len(items) else [1] * len(items)
    return [
        _record(line, _csl_fields(item)) if isinstance(item, dict) else _fault(line, "is not an object")
        for line, item in zip(lines, items, strict=True)
    ]


def _csl_fields(item: Mapping[str, Any]) -> dict[str, str]:
    issued = item.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    link = _text(item.get("URL"))
    return {
        "kind": _text(item.get("type")),
        "title": _text(item.get("title")),
        "authors": _people(item.get("author")),
        "year": _text(parts or issued)[:4],
        "venue": _text(item.get("container-title")),
        "doi": _text(item.get("DOI")),
        "pmid": f"PMID:{_text(item.get('PMID'))}" if item.get("PMID") else "",
        "link": link,
    }


def read_cff(text: str) -> list[Row]:
    """Rows of a CITATION.cff: the software itself, and the paper it asks to cite."""
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError, KeyError) as error:
        return [_fault(1, f"is not YAML: {error}")]
    if not isinstance(value, dict) or "cff-version" not in value:
        return [_fault(1, "is not a CITATION.cff: there is no cff-version")]
    rows = []
    preferred = value.get("preferred-citation")
    title = _text(value.get("title"))
    if isinstance(preferred, dict):
        fields = _cff_fields(preferred) | {"name": title, "link": _text(value.get("repository-code"))}
        line = _line(text, max(text.find("preferred-citation"), 0))
        return [_record(line, fields)]
    fields = _cff_fields(value)
    short = len(title.split()) <= 3
    rows.append(_record(1, fields | ({"name": title, "title": ""} if short else {})))
    return rows


def _cff_fields(value: Mapping[Any, Any]) -> dict[str, str]:
    return {
        "title": _text(value.get("title")),
        "authors": _people(value.get("authors")),
        "year": (_text(value.get("year")) or _text(value.get("date-released")))[:4],
        "venue": _text(value.get("journal")) or _text(value.get("conference")),
        "doi": _text(value.get("doi")),
        "link": _text(value.get("repository-code")) or _text(value.get("url")),
    }


def read_codemeta(text: str) -> list[Row]:
    """The row of a codemeta.json."""
    value = _json(text)
    if not isinstance(value, dict):
        return [_fault(1, f"is not JSON: {value}" if isinstance(value, Exception) else "is not an object")]
    paper = value.get("referencePublication")
    paper = paper[0] if isinstance(paper, list) and paper else paper
    of_paper = paper if isinstance(paper, dict) else {}
    fields = {
        "name": _text(value.get("name")),
        "title": _text(of_paper.get("name")),
        "authors": _people(of_paper.get("author") or value.get("author")),
        "year": _text(of_paper.get("datePublished"))[:4],
        "doi": _text(of_paper.get("@id")) or (paper if isinstance(paper, str) else _text(value.get("identifier"))),
        "language": _text(value.get("programmingLanguage")),
        "link": _text(value.get("codeRepository")),
    }
    return [_record(1, fields)]


def read_json_lines(text: str) -> list[Row]:
    """Rows of JSON Lines: an object a line, with our words for the fields or near ones; nested groups count."""
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        value = _json(line)
        if isinstance(value, dict):
            rows.append(_record(number, _flat(value)))
        else:
            rows.append(_fault(number, f"is not JSON: {value}" if isinstance(value, Exception) else "is not an object"))
    return rows


def _flat(value: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, inner in value.items():
        if isinstance(inner, Mapping) and key in {"paper", "publication", "article"}:
            found |= {name: text for name, text in _flat_level(inner).items() if name != "id"}
    return {**_flat_level(value), **found}


def _flat_level(value: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for key, inner in value.items():
        if key in {"authors", "author"}:
            found["authors"] = _people(inner)
        elif key == "languages" and isinstance(inner, list):
            found["language"] = ", ".join(_text(one) for one in inner[:20])
        elif key == "arxiv" and _text(inner):
            found["arxiv"] = f"arXiv:{_text(inner)}"
        else:
            found[key[:100]] = _text(inner)
    return found


READERS: Final[Mapping[str, Callable[[str], list[Row]]]] = {
    "bibtex": read_bibtex,
    "ris": read_ris,
    "csl-json": read_csl,
    "cff": read_cff,
    "codemeta": read_codemeta,
    "jsonl": read_json_lines,
}
