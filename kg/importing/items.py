"""Fields of a list item, from its order and its styles."""

import re
from typing import Final

from kg.importing.people import looks_like_authors
from kg.importing.rows import Cell, Run
from kg.iris import fold

_WORDS: Final = (
    "link links paper papers code github gitlab pdf here doi arxiv preprint website web docs "
    "documentation data dataset tutorial tutorials project page repo repository software publication "
    "article source demo html biorxiv medrxiv pubmed url homepage r python package supplement notebook "
    "video slides blog press tbd none na "
)
_GENERIC: Final = frozenset(_WORDS.split())
_TAG: Final = re.compile(r"\[([^\[\]]{0,80}?\b(?:19|20)\d\d\b[^\[\]]{0,60})\]")
_VENUE: Final = re.compile(r"\s*\[([A-Z][^\[\]]{2,60})\]")
_TAIL: Final = re.compile(r"\(([^()]{0,80}?),? ?\b((?:19|20)\d\d)\)")
_YEAR: Final = re.compile(r"\b(19[5-9]\d|20[0-4]\d)\b")
_LANGUAGE: Final = re.compile(r"\[((?:Python|R|MATLAB|Julia|C\+\+|Java)(?:\s?[/,&]\s?\w[\w+]*)*)\]", re.IGNORECASE)


_ANNOUNCED: Final = re.compile(
    r"\b(?:review|survey|paper|article|study|preprint|benchmark|tutorial)s?(?: papers?| articles?)? "
    r"(?:on|of|about|for) (.{8,200}?),? (?:can|may) be (?:found|read|seen)|"
    r"\b(?:review|survey|paper|article|study|preprint|benchmark|tutorial)s?(?: papers?| articles?)? "
    r"(?:on|of|about|for) (.{8,200}?),? (?:is|are) (?:available|found|published|described)\b",
    re.IGNORECASE,
)


def announced(text: str) -> str:
    """What a sentence says that a paper is about, or ``""``.

    >>> announced("A review on spatial omics can be found here.")
    'spatial omics'
    """
    match = _ANNOUNCED.search(text[:2000])
    return (match.group(1) or match.group(2)).strip() if match else ""


def year_in(text: str) -> int | None:
    """The first year in a text."""
    match = _YEAR.search(text)
    return int(match.group()) if match else None


def meaningful(text: str) -> bool:
    """Whether a link's text names something, unlike "paper" or "here".

    >>> meaningful("[Link]"), meaningful("STAGATE")
    (False, True)
    """
    words = fold(text).split()
    if re.match(r"\W*(?:https?://|www\.)", text):
        return False
    return bool(words) and not all(word in _GENERIC for word in words)


def bare_entry(text: str) -> str | None:
    """The name before an address when a line holds no more than these two; ``""`` for an address alone, else None.

    >>> bare_entry("STAGATE: https://a.example/b"), bare_entry("see https://a.example now")
    ('STAGATE', None)
    """
    words = [word for word in text[:600].split() if word not in {"and", "&", "|", ",", "-", "–", "—"}]
    first = next((n for n, word in enumerate(words) if word.startswith(("http://", "https://"))), len(words))
    if first > 3 or not all(word.startswith(("http://", "https://")) for word in words[first:]) or not words[first:]:
        return None
    return " ".join(words[:first]).strip(" :,-–—")


def item_fields(cell: Cell) -> dict[str, str]:
    """Fields of a list item or line of prose.

    The forms in use are ``**title** authors. **venue**. [link]``, ``**[venue year]** title [paper] [code]``,
    ``[year venue] **title** [paper]``, ``[name](repository) - text (venue, year)`` and ``**name** - text``.
    """
    found: dict[str, str] = {}
    runs = _without_tags(cell.runs, found)
    index = next((i for i, run in enumerate(runs) if meaningful(run.text)), None)
    if index is None:
        return found
    first = runs[index]
    rest = runs[index + 1 :]
    words = len(first.text.split())
    if first.style == "strong" and words >= 4:
        found["title"] = first.text
        _after_title(rest, found)
    elif first.style in {"strong", "link"} and words < 5:
        found["name"] = first.text.strip(" :-")
        _after_name(rest, found)
    elif first.style == "link":
        found["title"] = first.text
        _after_title(rest, found)
    elif "year" in found:
        found["title"] = first.text.strip(" .:-|,")
        _after_title(rest, found)
    else:
        _plain(first.text, rest, found)
    _tail(cell, found)
    return found


def _without_tags(runs: tuple[Run, ...], found: dict[str, str]) -> list[Run]:
    """The stretches without ``[venue year]`` and ``[language]``, which go into ``found``."""
    kept = []
    for run in runs:
        text = run.text
        if run.style != "link":
            if (tag := _TAG.search(text)) and "year" not in found:
                found["year"] = str(year_in(tag.group(1)) or "")
                venue = re.sub(r"[,;]", " ", _YEAR.sub("", tag.group(1))).strip(" '’-:")
                found |= {"venue": venue} if venue else {}
                text = text.replace(tag.group(), " ", 1)
            if "year" in found and "venue" not in found and (tag := _VENUE.match(text)):
                found["venue"] = tag.group(1)
                text = text[tag.end() :]
            if language := _LANGUAGE.search(text):
                found.setdefault("language", language.group(1))
                text = text.replace(language.group(), " ", 1)
        elif (
            tag := re.fullmatch(r"\W*((?:19|20)\d\d)\W+([A-Z].{1,60})|\W*([A-Z].{1,60}?)\W+((?:19|20)\d\d)\W*", text)
        ) and ("year" not in found and len(text.split()) <= 6):
            found["year"] = tag.group(1) or tag.group(4)
            found["venue"] = (tag.group(2) or tag.group(3)).strip(" ])")
            text = ""
        kept.append(Run(run.style, text, run.url))
    return kept


def _after_title(rest: list[Run], found: dict[str, str]) -> None:
    for run in rest:
        text = run.text.strip(" .,;:|-–—[]")
        if run.style == "strong" and len(text) > 1 and len(text.split()) <= 10:
            found.setdefault("venue", text)
        elif (run.style == "plain" and "authors" not in found and looks_like_authors(text)) or (
            run.style == "plain" and "authors" not in found and re.fullmatch(r"[A-Z][\w.'’-]+(?: [\w.'’-]+){1,3}", text)
        ):
            found["authors"] = run.text.strip()


def _after_name(rest: list[Run], found: dict[str, str]) -> None:
    text = " ".join(run.text for run in rest if run.style != "link" and run.text.strip()).strip(" .,;:|-–—")
    if text:
        found["about"] = " ".join(text.split())
    title = next((run.text for run in rest if run.style == "link" and len(run.text.split()) >= 5), "")
    if title:
        found["title"] = title


def _plain(text: str, rest: list[Run], found: dict[str, str]) -> None:
    whole = " ".join([text, *(run.text for run in rest if run.style != "link" or len(run.text.split()) > 3)])
    found["reference"] = " ".join(whole.split())
    match = re.match(r"\W*([\w.+ -]{2,40}?)\s*(?:: | [-–—] )", text)
    if match and len(match.group(1).split()) <= 3:
        found["name"] = match.group(1).strip()


def _tail(cell: Cell, found: dict[str, str]) -> None:
    """Year and venue at the end, in parentheses."""
    tails = list(_TAIL.finditer(cell.text))
    if tails and "year" not in found:
        found["year"] = tails[-1].group(2)
        if meaningful(tails[-1].group(1)) and "venue" not in found:
            found["venue"] = tails[-1].group(1).strip(" ,")
