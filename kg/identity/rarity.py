"""How rare a name is: how many other people of that name to expect, told from the names of the catalog itself.

Two people who print "Wei Li" are probably two, two who print "Aviv Regev" are one. What lies between is counted: how
many people have the family name, and which share of people has the given name. Chinese names are counted among
themselves, and a given name of two syllables by its syllables, because a few hundred syllables make most given names:
a given name seen once is then not taken for a rare one.
"""

import math
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from kg.identity.names import PersonName
from kg.identity.scripts import chinese_syllables

# Fewer namesakes than this are expected of a rare name, more than that of a common one.
RARE: Final = 0.02
COMMON: Final = 0.08
# Some pairs of syllables are liked more than their syllables are: how much more often such a name is met.
_LIKED_PAIRS: Final = 3.0
# A family name of Chinese syllables is taken for a Chinese one when so many people bear it.
_CHINESE_FAMILY: Final = 3
# How much rarer each further given name or initial makes a name.
_FURTHER_NAME: Final = 0.15


class NameFrequencies:
    """Counts of family and given names over distinct printed names.

    Args:
        names: Printed names of people, each read once; the order does not matter.
    """

    def __init__(self, names: Iterable[PersonName]) -> None:
        distinct = {(n.family, n.given[0]) for n in names if n.has_full_given and not n.is_group}
        self._families: Counter[tuple[bool, str]] = Counter()
        self._givens: Counter[tuple[bool, str]] = Counter()
        self._initials: Counter[tuple[bool, str]] = Counter()
        self._firsts: Counter[str] = Counter()
        self._seconds: Counter[str] = Counter()
        self._n: Counter[bool] = Counter()
        for family, given in sorted(distinct):
            chinese = bool(chinese_syllables(family) and chinese_syllables(given))
            self._n[chinese] += 1
            self._families[chinese, family] += 1
            self._givens[chinese, given] += 1
            self._initials[chinese, given[0]] += 1
            if chinese and len(syllables := chinese_syllables(given)) == 2:
                self._firsts[syllables[0]] += 1
                self._seconds[syllables[1]] += 1
        self.size = len(distinct)
        self.namesakes = lru_cache(maxsize=None)(self._namesakes)

    def _namesakes(self, family: str, given: str) -> float:
        """Expected number of people of the catalog with a name; ``given`` may be an initial."""
        chinese_family = bool(chinese_syllables(family))
        if len(given) == 1:
            return sum(
                max(self._families[kind, family], 0.5) * max(self._initials[kind, given], 1) / max(self._n[kind], 1)
                for kind in ((True, False) if chinese_family else (False,))
            )
        syllables = chinese_syllables(given)
        chinese = chinese_family and bool(syllables)
        n = max(self._n[chinese], 1)
        count = max(self._givens[chinese, given], 1)
        share = count / n
        if chinese and len(syllables) == 2:
            pairs = max(sum(self._firsts.values()), 1)
            product = max(self._firsts[syllables[0]], 1) * max(self._seconds[syllables[1]], 1) / pairs**2
            share = max((count - 1) / n, _LIKED_PAIRS * product)
        return max(self._families[chinese, family], 1) * share

    def expected(self, a: PersonName, b: PersonName) -> float:
        """Expected number of other people, in a catalog of this size, whom both of two agreeing names fit.

        Args:
            a: A person's name.
            b: One that agrees with it. What both have counts: further given names and initials make a name rarer.
        """
        if a.is_group or not a.given or not b.given:
            return 1.0
        given = min(a.given[0], b.given[0], key=lambda word: (len(word), word))
        return self.namesakes(a.family, given) * _FURTHER_NAME ** min(len(a.given) - 1, len(b.given) - 1, 2)

    def is_chinese(self, name: PersonName) -> bool:
        """Whether a name is probably Chinese in Latin letters, which several names in characters share."""
        return (
            name.has_full_given
            and bool(chinese_syllables(name.given[0]))
            and self._families[True, name.family] >= _CHINESE_FAMILY
        )

    def chance(self, a: PersonName, b: PersonName, n_authors: int) -> float:
        """Chance that a list of ``n_authors`` unrelated people holds a name that both of these fit."""
        return min(1.0, n_authors * self.expected(a, b) / max(self.size, 1))

    def describe(self, a: PersonName, b: PersonName) -> str:
        """In words, for a reason."""
        expected = self.expected(a, b)
        rarity = "rare" if expected <= RARE else "common" if expected > COMMON else "neither rare nor common"
        return f"{rarity} name ({_number(expected)} namesakes expected)"


def _number(value: float) -> str:
    digits = max(0, 1 - math.floor(math.log10(value))) if value > 0 else 1
    return f"{value:.{min(digits, 5)}f}"


__all__ = ["COMMON", "RARE", "NameFrequencies"]
