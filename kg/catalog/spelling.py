"""Rules on how identifiers, names and titles are written: what copying leaves in them and nobody sees."""

from collections.abc import Iterator
from typing import Final

from kg.catalog.finding import Finding, Rule, Steps, all_records, walk
from kg.model import Catalog

_ENDS: Final = ".,;:"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}
_PRINTED: Final = frozenset({"title", "name", "names", "label", "synonyms"})
# Letters that look like another one, or like nothing. Joiners of Indic and Arabic scripts are sound.
_DISGUISED: Final = (
    dict.fromkeys("\u2010\u2011", "-")
    | dict.fromkeys("\u00a0\u2007\u2009\u202f", " ")
    | dict.fromkeys("\u00ad\u200b\u2060\ufeff", "")
)
_CURES: Final = {"-": "write a plain hyphen", " ": "write a plain blank", "": "remove it"}
_PLAIN: Final = str.maketrans(_DISGUISED)


def plain_letters(text: str) -> str:
    """A text with plain hyphens and blanks, and without letters that nobody sees.

    >>> plain_letters("Jing\u2010Dong\u00a0Han")
    'Jing-Dong Han'
    """
    return text.translate(_PLAIN)


def dois_end_well(catalog: Catalog) -> Iterator[Finding]:
    """A DOI does not end in the punctuation of the sentence that it was copied from."""
    for kind, key, where, name, text in _texts(catalog):
        if (name == "doi" or text.startswith("doi:")) and (doi := _without_end(text)):
            yield Finding(kind, key, where, f"{text!r} ends in {text[len(doi) :]!r}", f"write {doi}")


def _texts(catalog: Catalog) -> Iterator[tuple[str, str, Steps, str, str]]:
    """Every text with its record, its place and the name of its field; those of a list one by one."""
    for kind, key, record in all_records(catalog):
        for steps, name, value in walk(record):
            if isinstance(value, str):
                yield kind, key, steps, name, value
            elif isinstance(value, tuple):
                for index, text in enumerate(value):
                    if isinstance(text, str):
                        yield kind, key, (*steps, index), name, text


def _without_end(text: str) -> str:
    """A DOI without punctuation and closing brackets at its end; ``""`` when it has none."""
    short = text
    while short and (short[-1] in _ENDS or _is_unopened(short)):
        short = short[:-1]
    return short if short != text else ""


def _is_unopened(text: str) -> bool:
    """Whether a text ends in a closing bracket without its opener."""
    opener = _BRACKETS.get(text[-1])
    return opener is not None and text.count(text[-1]) > text.count(opener)


def letters_are_plain(catalog: Catalog) -> Iterator[Finding]:
    """Names and titles have plain hyphens and blanks, so that equal names are equal bytes and are found."""
    for kind, key, where, name, text in _texts(catalog):
        letter = next((letter for letter in text if letter in _DISGUISED), "") if name in _PRINTED else ""
        if letter:
            yield Finding(kind, key, where, f"{text!r} holds U+{ord(letter):04X}", _CURES[_DISGUISED[letter]])


RULES: Final[tuple[Rule, ...]] = (dois_end_well, letters_are_plain)

__all__ = ["RULES", "plain_letters"]
