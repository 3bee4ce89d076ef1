"""Read printed names of people and groups, and say how two of them can mean the same.

A printed name rarely says which word is which, so it is read by rules: what stands before a comma or before trailing
initials is the family name, particles belong to it, degrees and generations do not. Nothing is decided here about
people: two equal names can be two people, and that is for :mod:`kg.identity.evidence`.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from kg.identity.scripts import composed, east_asian_parts, is_east_asian, is_latin, romanised, spellings

_PARTICLES: Final = frozenset(
    {"van", "von", "der", "den", "de", "del", "della", "di", "da", "dal", "do", "dos", "das", "du", "la", "le", "lo"}
    | {"les", "ter", "ten", "te", "tot", "zu", "zum", "zur", "af", "av", "al", "el", "bin", "ibn", "ben", "abu", "y"}
)
# Those that are no given names as well, so that they are particles with a capital letter too.
_CAPITAL_PARTICLES: Final = frozenset({"van", "von", "der", "den", "de", "della", "zu", "zum", "zur"})
_GENERATIONS: Final = {"Jr": "jr", "JR": "jr", "Sr": "sr", "SR": "sr", "II": "ii", "III": "iii", "IV": "iv"}
_DEGREES: Final = frozenset({"PhD", "DPhil", "MSc", "BSc", "MPH", "FRCPath"})
_TITLES: Final = frozenset({"Dr", "Prof"})
_GROUP: Final = re.compile(
    r"\b(consortium|consortia|collaboration|collaborators|group|network|initiative|investigators|committee|project"
    r"|program|programme|team|atlas|study|society|alliance|institute|working party|task force)\b",
    re.IGNORECASE,
)
_INITIAL_WORD: Final = re.compile(r"(?:[^\W\d_](?:\.-?|-|$)){1,4}")
_TRAILING: Final = re.compile(r"(?:[A-Z]\.-?){1,4}|[A-Z]|[B-DF-HJ-NP-TV-XZ]{2,3}")


class Likeness(StrEnum):
    """How two printed names compare, the closest first."""

    SAME = "same"
    FULLER = "fuller"
    INITIALS = "initials"
    SWAPPED = "swapped"
    TRANSLITERATED = "transliterated"
    NEAR = "near"
    DIFFERENT = "different"


class PersonName(NamedTuple):
    """A printed name, read.

    Attributes:
        printed: As printed, in normal form C.
        given: Given names in order, in plain lower-case letters without hyphens; initials are single letters.
        parts: Initials of the parts of each given name: ``gc`` for Guo-Cheng.
        family: Family name in plain letters, without particles and hyphens; the whole folded name of a group.
        families: All spellings of ``family``.
        particles: Particles such as ``van der``.
        generation: ``jr``, ``sr``, ``ii`` …, or nothing.
        is_group: A consortium, not a person.
        is_latin: Printed in Latin letters.
    """

    printed: str
    given: tuple[str, ...]
    parts: tuple[str, ...]
    family: str
    families: frozenset[str]
    particles: tuple[str, ...]
    generation: str
    is_group: bool
    is_latin: bool

    @property
    def has_full_given(self) -> bool:
        """Whether the first given name is more than an initial."""
        return bool(self.given) and len(self.given[0]) > 1

    @property
    def keys(self) -> frozenset[str]:
        """Names that can mean the same person share a key: family name and first letter, in either order."""
        if self.is_group or not self.given:
            return frozenset(self.families)
        straight = {f"{family} {self.given[0][0]}" for family in self.families}
        swapped = {f"{self.given[0]} {self.family[0]}"} if len(self.given) == 1 and len(self.given[0]) > 1 else set()
        return frozenset(straight | swapped)


@lru_cache(maxsize=100_000)
def read_name(printed: str) -> PersonName:
    """Read one printed name.

    Args:
        printed: A name in any script, as ``Given Family``, ``Family, Given`` or ``Family GI``.

    Example:
        >>> read_name("van der Maaten, L.J.P.")[1:6]
        (('l', 'j', 'p'), ('l', 'j', 'p'), 'maaten', frozenset({'maaten'}), ('van', 'der'))
        >>> read_name("Guo-Cheng Yuan").given, read_name("Dong K").family, read_name("Robert Dent Jr.").generation
        (('guocheng',), 'dong', 'jr')
        >>> read_name("Tumor Profiler Consortium").is_group
        True
    """
    text = composed(printed)
    if _GROUP.search(text):
        words = [romanised(w) for w in re.split(r"[\s-]+", text)]
        whole = " ".join(w for w in words if w not in {"", "the", "for", "and", "of"})
        return PersonName(text, (), (), whole, frozenset({whole}), (), "", is_group=True, is_latin=is_latin(text))
    if is_east_asian(text):
        family, given = east_asian_parts(text)
        return _person(text, [given] if given else [], [family], "")
    words, generation = _without_titles(text)
    return _person(text, *_parted(words), generation)


def _person(text: str, given: list[str], family: list[str], generation: str) -> PersonName:
    names: list[str] = []
    parts: list[str] = []
    for word in given:
        pieces = [piece for piece in map(romanised, re.split(r"[-.]", word)) if piece]
        if _is_initials(word):
            letters = [letter for piece in pieces for letter in piece]
            names += letters
            parts += letters
        elif pieces:
            names.append("".join(pieces))
            parts.append("".join(piece[0] for piece in pieces))
    core = "".join(word for word in family[:-1] if not _is_particle(word)) + (family or [""])[-1]
    return PersonName(
        printed=text,
        given=tuple(names),
        parts=tuple(parts),
        family=romanised(core),
        families=spellings(core),
        particles=tuple(romanised(word) for word in family[:-1] if _is_particle(word)),
        generation=generation,
        is_group=False,
        is_latin=is_latin(text),
    )


def _is_initials(word: str) -> bool:
    if len(word) == 1 or "." in word:
        return _INITIAL_WORD.fullmatch(word) is not None and not is_east_asian(word)
    return re.fullmatch(r"(?:[A-Z]-?){1,3}", word) is not None and not re.search(r"[AEIOU]", word[1:])


def _is_particle(word: str) -> bool:
    return word in _PARTICLES or word.casefold() in _CAPITAL_PARTICLES


def _without_titles(text: str) -> tuple[list[str], str]:
    """Words of a name without titles, degrees and generation, and the generation."""
    words: list[str] = []
    generation = ""
    for index, word in enumerate(text.replace(",", " , ").split()):
        bare = word.replace(".", "")
        if index and bare in _GENERATIONS:
            generation = _GENERATIONS[bare]
        elif bare in _DEGREES or (bare in _TITLES and not index) or (bare == "MD" and words[-1:] == [","]):
            continue
        else:
            words.append(word)
    while words and words[-1] == ",":
        words.pop()
    return words, generation


def _parted(words: list[str]) -> tuple[list[str], list[str]]:
    """Given and family words."""
    if "," in words:
        cut = words.index(",")
        return [w for w in words[cut + 1 :] if w != ","], words[:cut]
    if len(words) < 2:
        return [], words
    if _TRAILING.fullmatch(words[-1]) and not _is_initials(words[0]):
        return [words[-1]], words[:-1]
    start = len(words) - 1
    while start > 1 and _is_particle(words[start - 1]):
        start -= 1
    return words[:start], words[start:]


def compare_names(a: PersonName, b: PersonName) -> Likeness:
    """How close two names are; the order of the two does not matter.

    Example:
        >>> str(compare_names(read_name("Anna C. Schaar"), read_name("Anna Christina Schaar")))
        'fuller'
        >>> str(compare_names(read_name("W. Chen"), read_name("Wei Chen")))
        'initials'
        >>> str(compare_names(read_name("Jin Wang"), read_name("Jing Wang")))
        'different'
    """
    if a.is_group or b.is_group:
        return Likeness.SAME if a.is_group and b.is_group and a.family == b.family else Likeness.DIFFERENT
    if a.generation and b.generation and a.generation != b.generation:
        return Likeness.DIFFERENT
    if not a.families & b.families:
        return Likeness.SWAPPED if _is_swapped(a, b) else Likeness.DIFFERENT
    likeness = _compare_given(a, b)
    if likeness is not Likeness.DIFFERENT and a.is_latin != b.is_latin:
        return Likeness.TRANSLITERATED
    if not a.is_latin and likeness is Likeness.SAME and a.printed != b.printed and is_east_asian(a.printed):
        return Likeness.NEAR  # other characters that are read alike, or two forms of one
    return likeness


def _is_swapped(a: PersonName, b: PersonName) -> bool:
    return len(a.given) == len(b.given) == 1 and a.given[0] == b.family and b.given[0] == a.family


def _compare_given(a: PersonName, b: PersonName) -> Likeness:
    if a.given == b.given:
        if not a.given:
            return Likeness.NEAR
        return Likeness.SAME if a.has_full_given else Likeness.INITIALS
    if not a.given or not b.given:
        return Likeness.NEAR
    if a.has_full_given and "".join(a.given) == "".join(b.given):
        return Likeness.SAME
    if not _agree(a, b):
        return Likeness.NEAR if _nearly(a.given, b.given) else Likeness.DIFFERENT
    if a.has_full_given and b.has_full_given:
        return Likeness.FULLER
    return Likeness.INITIALS


def _agree(a: PersonName, b: PersonName) -> bool:
    """Whether given names agree word by word; what only one of the two has is no contradiction."""
    if len(a.given) > len(b.given) or (len(a.given) == len(b.given) and a.given > b.given):
        a, b = b, a
    short, long = _letters(a, b)
    return len(short) <= len(long) and all(_word_agrees(x, y) for x, y in zip(short, long, strict=False))


def _letters(a: PersonName, b: PersonName) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names side by side; a hyphened name is cut into initials when the other name has only those."""
    cut_a = all(len(word) == 1 for word in b.given) and len(b.given) > len(a.given)
    cut_b = all(len(word) == 1 for word in a.given) and len(a.given) > len(b.given)
    return tuple("".join(a.parts)) if cut_a else a.given, tuple("".join(b.parts)) if cut_b else b.given


def _word_agrees(x: str, y: str) -> bool:
    return x == y or (min(len(x), len(y)) == 1 and x[0] == y[0])


def _nearly(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two full given names could be one with a slip or a short form: ``Katherine`` and ``Katharine``."""
    x, y = sorted((a[0], b[0]), key=lambda word: (len(word), word))
    if len(x) < 3 or x[0] != y[0] or x == y:
        return False
    if y.startswith(x) and len(y) - len(x) >= 2:
        return True
    if len(x) < 6 or len(y) - len(x) > 1:
        return False
    start = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), len(x))
    return x[start + 1 :] == y[start + 1 :] if len(x) == len(y) else x[start:] == y[start + 1 :]


__all__ = ["Likeness", "PersonName", "compare_names", "read_name"]
