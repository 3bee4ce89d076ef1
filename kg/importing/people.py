"""Read author lists as they are printed, and compare them."""

import re
from typing import Final

from kg.iris import fold

_AND: Final = re.compile(r"\s*(?:;|,?\s+(?:and|et|und)\s+|\s*&\s*)\s*", re.IGNORECASE)
_ET_AL: Final = re.compile(r",?\s*\bet\.? al\b\.?|,?\s*\band others\b", re.IGNORECASE)
_INITIALS: Final = re.compile(r"(?:[A-Z]\.?[ -]?){1,4}|[A-Z]{1,3}")
_NAME: Final = re.compile(r"[^\W\d_][\w.'’ʼ-]*(?: [\w.'’ʼ-]+){0,5}")


def is_cut(text: str) -> bool:
    """Whether a list says that there are more authors."""
    return _ET_AL.search(text) is not None


def split_authors(text: str) -> list[str]:
    """Printed names, each as ``Given Family`` or ``Family I``.

    >>> split_authors("Maseda F, Cang Z, Nie Q.")
    ['Maseda F', 'Cang Z', 'Nie Q']
    >>> split_authors("Biancalani, T., Scalia, G. et al.")
    ['T. Biancalani', 'G Scalia']
    >>> split_authors("Jiachen Li, Ye Yuan & Hong-Bin Shen .")
    ['Jiachen Li', 'Ye Yuan', 'Hong-Bin Shen']
    """
    bare = _ET_AL.sub("", text).strip().strip(".,;*_ ")
    if not bare:
        return []
    pieces = [piece.strip(" .*_") for piece in _AND.split(bare)]
    if ";" in text and all(piece.count(",") <= 1 for piece in pieces):
        return [_turned(piece) for piece in pieces if piece]
    words = [word.strip() for piece in pieces for word in piece.split(",")]
    words = [word for word in words if word]
    names: list[str] = []
    for word in words:
        if names and _INITIALS.fullmatch(word) and " " not in names[-1]:
            names[-1] = f"{word} {names[-1]}"
        else:
            names.append(re.sub(r"(?<=[a-z])\d+$", "", word).rstrip(" ") if len(word) > 3 else word)
    return names


def _turned(name: str) -> str:
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else name


def looks_like_authors(text: str) -> bool:
    """Whether a text is a list of people: two names or more, each of two to five short words.

    >>> looks_like_authors("Dong K, Zhang S."), looks_like_authors("a tool for spots, cells and genes")
    (True, False)
    """
    names = split_authors(text)
    if not names or len(text) > 6000 or (len(names) < 2 and not is_cut(text)):
        return False
    good = sum(1 for name in names if _NAME.fullmatch(name) and " " in name and _has_capitals(name))
    return good >= 0.75 * len(names)


def _has_capitals(name: str) -> bool:
    words = name.split()
    return words[0][0].isupper() and words[-1][0].isupper()


def leading_authors(reference: str) -> str:
    """The author list that a printed reference begins with, or ``""``."""
    for match in re.finditer(r"\. |\.$|\(", reference[:3000]):
        whole = reference[: match.start()]
        start = re.sub(r"[.,]? (?:19|20)\d\d$", "", whole)
        dated = start != whole or re.match(r"[. (]*(?:19|20)\d\d", reference[match.start() :]) is not None
        whole_names = len(start.split()[-1]) > 1 if start.split() else False
        if re.search(r"et al$", start) or (
            looks_like_authors(start) and (dated or whole_names or _turned_names(start))
        ):
            return start
    return ""


def _turned_names(text: str) -> bool:
    """Whether each name is a family name with initials after it, so that a full stop does not end an initial."""
    names = [name.strip() for name in text.split(",")]
    return len(names) >= 2 and all(re.fullmatch(r"[^\W\d_][\w'’ -]+ [A-Z]{1,3}", name) for name in names)


def reference_title(reference: str) -> str:
    """The title of a printed reference: in quotation marks, or the sentence after authors and year; else ``""``.

    >>> reference_title("Example A, Other B. Folding tissues with trees of cells. Genome Biology (2021).")
    'Folding tissues with trees of cells'
    """
    if quoted := re.search(r"[\"“]([^\"“”]{15,400})[\"”]", reference[:4000]):
        title = quoted.group(1)
    else:
        authors = leading_authors(reference)
        rest = reference[len(authors) : 4000] if authors else ""
        rest = re.sub(r"^[\s.,]*(?:\(?(?:19|20)\d\d[a-z]?\)?)?[\s.,:]*", "", rest)
        title = re.split(r"(?<=[^\W\d_]{3})[.?](?=\s|$)", rest, maxsplit=1)[0]
    title = title.strip(" .,")
    return title if 4 <= len(title.split()) <= 40 and "http" not in title else ""


def signatures(name: str) -> set[tuple[str, str]]:
    """Ways to read a name as (family name, first initial); a printed name rarely says which word is which.

    >>> sorted(signatures("Dong K")), ("dong", "k") in signatures("Kangning Dong")
    ([('dong', 'k'), ('k', 'd')], True)
    """
    words = fold(name).split()
    if len(words) < 2:
        return {(words[0], "")} if words else set()
    return {(words[-1], words[0][0]), (words[0], words[-1][0])}


def agreement(listed: list[str], ours: list[str]) -> float:
    """Share of listed authors that are among ours, order aside; 0 when either list is empty.

    >>> agreement(["Dong K", "Zhang S"], ["Kangning Dong", "Shihua Zhang"])
    1.0
    """
    if not listed or not ours:
        return 0.0
    known = {signature for name in ours for signature in signatures(name)}
    return sum(1 for name in listed if signatures(name) & known) / len(listed)
