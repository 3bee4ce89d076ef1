"""Letters of names: fold them, write other scripts in Latin letters, and see Chinese syllables."""

import re
import unicodedata
from typing import Final

from kg.iris import fold

# Apostrophes and hyphens of every kind that stand inside names.
_JOINERS: Final = str.maketrans(dict.fromkeys("'’‘ʼ`´ʻ", "") | dict.fromkeys("‐‑‒–−﹣－", "-"))
# Letters that stay single letters in folding, beside how German and Nordic writers spell them without the sign.
_EXPANSIONS: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe", "ß": "ss"}
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe"})
# Initials with the finals that can follow them, as Pinyin has them and names are written (lv for lü, and so on).
_SYLLABLE: Final = (
    "(?:[jqx](?:iang|iong|uan|ing|iao|ian|un|ue|ia|ie|in|iu|i|u)"
    "|[bpm](?:iao|ian|ing|ang|eng|ai|an|ao|ei|en|ie|in|a|i|o|u)|m(?:iu|ou|e)|pou|f(?:ang|eng|an|ei|en|ou|a|o|u)"
    "|[dtnl](?:iang|iao|ian|ing|ang|eng|ong|uan|ai|an|ao|ei|en|ia|ie|in|iu|ou|ui|un|uo|ue|ve|a|e|i|u|v)"
    "|(?:[gkhzcs]|zh|ch|sh)(?:uang|uai|uan|ang|eng|ong|ai|an|ao|ei|en|ou|ua|ui|un|uo|a|e|u)|(?:[zcs]|zh|ch|sh)i"
    "|r(?:ang|eng|ong|uan|an|ao|en|ou|ui|un|uo|e|i|u)"
    "|y(?:ang|ing|ong|uan|an|ao|in|ou|ue|un|a|e|i|u)|w(?:ang|eng|ai|an|ei|en|a|o|u)|(?:ang|ai|an|ao|en|er|ou|a|e))"
)
_CHINESE: Final = re.compile(f"({_SYLLABLE})({_SYLLABLE})?")
# Family names of two characters; every other Chinese family name has one.
_LONG_FAMILY: Final = frozenset(
    {"欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "司徒", "东方", "夏侯", "皇甫"}
)


def composed(text: str) -> str:
    """A name in Unicode normal form C, with one kind of hyphen, no apostrophes and single blanks.

    >>> composed("Jose\N{COMBINING ACUTE ACCENT}  O’Neil") == "José ONeil"
    True
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(_JOINERS).split())


def is_latin(text: str) -> bool:
    """Whether every letter is a Latin one."""
    return all("LATIN" in unicodedata.name(c, "") for c in unicodedata.normalize("NFC", text) if c.isalpha())


def is_east_asian(text: str) -> bool:
    """Whether a name is written in Chinese characters, kana or Hangul, with the family name first.

    >>> is_east_asian("王伟"), is_east_asian("Wang Wei"), is_east_asian("Иван Петров")
    (True, False, False)
    """
    names = [unicodedata.name(c, "") for c in text if c.isalpha()]
    return bool(names) and all(n.startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")) for n in names)


def east_asian_parts(text: str) -> tuple[str, str]:
    """Family and given name of a name in Chinese characters, kana or Hangul.

    >>> east_asian_parts("王小明"), east_asian_parts("欧阳 锋")
    (('王', '小明'), ('欧阳', '锋'))
    """
    words = text.replace("·", " ").split()
    if len(words) > 1:
        return words[0], "".join(words[1:])
    cut = 2 if text[:2] in _LONG_FAMILY and len(text) > 2 else 1
    return text[:cut], text[cut:]


def romanised(text: str) -> str:
    """A text in lower-case Latin letters without signs.

    >>> romanised("王"), romanised("Петров"), romanised("Łukasz"), romanised("Åke")
    ('wang', 'petrov', 'lukasz', 'ake')
    """
    plain = fold(unicodedata.normalize("NFC", text).casefold().translate(_PLAIN))
    if plain.isascii():
        return plain.replace(" ", "")
    from anyascii import anyascii  # only names in other scripts need its tables

    return re.sub(r"[^a-z0-9]", "", anyascii(unicodedata.normalize("NFC", text)).lower())


def spellings(word: str) -> frozenset[str]:
    """Ways a word is written in plain letters.

    >>> sorted(spellings("Rätsch")), sorted(spellings("Raetsch"))
    (['raetsch', 'ratsch'], ['raetsch'])
    """
    lower = unicodedata.normalize("NFC", word).casefold()
    expanded = "".join(_EXPANSIONS.get(c, c) for c in lower)
    return frozenset({romanised(word), romanised(expanded)})


def chinese_syllables(word: str) -> tuple[str, ...]:
    """Syllables of a Chinese name in Pinyin, or nothing when it cannot be one.

    >>> chinese_syllables("shihua"), chinese_syllables("wei"), chinese_syllables("oliver")
    (('shi', 'hua'), ('wei',), ())
    """
    match = _CHINESE.fullmatch(word)
    return tuple(part for part in match.groups() if part) if match else ()


__all__ = [
    "chinese_syllables",
    "composed",
    "east_asian_parts",
    "is_east_asian",
    "is_latin",
    "romanised",
    "spellings",
]
