"""Titles and author lists in a form that no journal prints: what lists and citations make of them."""

import re
from collections import Counter
from typing import Final

from kg.doctor.advice import Advice, Examination, Patient
from kg.importing.text import title_key
from kg.model import Paper, parse_reference

# What is odd -> how it looks. "single cells" and "spatially aware" are sound.
_FAULTS: Final = {
    "a hyphen may be missing": re.compile(
        r"\bsingle cell \w|\bgene set (?:enrichment|analys[ie]s|test)|\b(?!\w+ly )\w{4,} (?:aware|agnostic)\b",
        re.IGNORECASE,
    ),
    "an ending is missing": re.compile(r"\bspatial(?: |-)resolved\b", re.IGNORECASE),
    "a blank is missing": re.compile(r"[^\W\d_](?:[:;][^\W\d_]|,[^\W\d_]{3,})"),
    "a blank is too much": re.compile(r"  |\s[,;:.)]|\(\s"),
}
# A list that prints nearly all titles behind the method's name has put it there itself.
_ALWAYS: Final = 0.9
_ENOUGH: Final = 5
_SUFFIX: Final = re.compile(r",\s*(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d)\b\.?", re.IGNORECASE)
_FAMILY_FIRST: Final = re.compile(r"(?:[^\W\d_][\w'’-]+ )+[A-Z]{1,3}")
_INITIAL: Final = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.?){0,2}")


def titles_of_lists(patient: Patient) -> Examination:
    """Titles that lists alone print, with what looks like a slip of the list."""
    always = _lists_with_names(patient)
    for key, paper in patient.papers.items():
        lists = _lists_of(patient, paper)
        settled = any(conflict.field == "title" for conflict in paper.conflicts)
        if not lists or settled or not (paper.doi or paper.arxiv):
            continue
        found = [what for what, pattern in _FAULTS.items() if pattern.search(paper.title)]
        if lists <= always and _has_name(patient, key):
            found.append("the list puts the name of the method before every title")
        if found:
            message = f"{paper.title!r} from {paper.sources['title'][0]}: {', '.join(found)}"
            yield Advice("list-title", "paper", key, message, ("title",), f"stkg show paper:{key}")


def _lists_of(patient: Patient, paper: Paper) -> set[str]:
    """The lists that a title rests on; empty when it rests on another place as well."""
    names = {(parse_reference(text) or {}).get("source", "") for text in paper.sources.get("title", ())}
    sources = patient.catalog.sources
    return names if all(n in sources and sources[n].kind in {"list", "catalog"} for n in names) else set()


def _lists_with_names(patient: Patient) -> set[str]:
    """Lists nearly all of whose titles, five or more, begin with the method's name and a colon."""
    all_of, with_name = Counter[str](), Counter[str]()
    for key, paper in patient.papers.items():
        lists = {(parse_reference(text) or {}).get("source", "") for text in paper.sources.get("title", ())}
        all_of.update(lists)
        with_name.update(lists if _has_name(patient, key) else ())
    return {name for name, count in all_of.items() if count >= _ENOUGH and with_name[name] >= _ALWAYS * count}


def _has_name(patient: Patient, key: str) -> bool:
    """Whether a paper's title begins with the name of its method and a colon."""
    head, colon, _ = patient.papers[key].title.partition(":")
    methods = (patient.methods[m] for m in patient.known.methods_of.get(key, ()) if m in patient.methods)
    return bool(colon) and title_key(head) in {title_key(name) for m in methods for name in (m.name, *m.synonyms)}


def names_of_authors(patient: Patient) -> Examination:
    """Author lists that put the family name first, or give initials where the paper gives names."""
    for key, paper in patient.papers.items():
        names = _printed(paper)
        command = f"stkg show paper:{key}"
        if odd := _family_first(names):
            message = f"{odd[0]!r} has the family name first"
            yield Advice("family-first", "paper", key, message, ("authors",), command)
        authors = paper.authors
        if authors and authors.complete and not authors.note and paper.doi and all(map(_has_initials, names)):
            others = f" and {len(names) - 1} more" if len(names) > 1 else ""
            message = f"{names[0]!r}{others} of {paper.doi} from {authors.sources[0]}"
            yield Advice("initials-only", "paper", key, message, ("authors",), command)


def _printed(paper: Paper) -> list[str]:
    names = paper.authors.names if paper.authors else ()
    return [name if isinstance(name, str) else name.name for name in names]


def _family_first(names: list[str]) -> list[str]:
    """Names with a comma; or all of that form, when half of the list looks like "Lovelace AK"."""
    with_comma = [name for name in names if "," in _SUFFIX.sub("", name)]
    short = [name for name in names if _FAMILY_FIRST.fullmatch(name)]
    return with_comma or (short if 2 * len(short) >= len(names) else [])


def _has_initials(name: str) -> bool:
    """Whether the first word of a name is one letter, or up to three capitals or letters with points."""
    first, _, rest = name.partition(" ")
    return bool(rest) and first == first.upper() and _INITIAL.fullmatch(first) is not None
