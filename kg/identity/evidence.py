"""Whether two people are one: what speaks for it and against it, each with its weight.

A weight is a log-likelihood ratio in nats: how much more often this is seen when both are one person than when they
are two. Weights add up to a score; ``exp(score)`` are the odds. The two cases differ:

* Both names have a full given name. Then the rarity of the name says how likely a second person of it is at all, and
  what the papers share is added.
* One of them has initials only. Initials alone never join. What counts is which share of the authors is the same on
  both sides, against the chance that the rest holds another person whom the initials fit.
"""

import math
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from kg.identity.names import Likeness, PersonName, compare_names
from kg.identity.people import Person, Surroundings

# The score from which two people are taken for one: odds of 27 to 1. What scores are worth was measured on pairs
# that were judged by hand (docs/adr/0016-author-identity.md).
SAME_SCORE: Final = 3.3
# For one authorship of the catalog: how many others there are of the same person, for each other person of it.
_REPEATS: Final = 0.7
# Share of a person's co-authors who come back on another paper.
_RETURNS: Final = 0.3
_NAME_RANGE: Final = (-3.0, 6.0)
# A Chinese name in Latin letters stands for several in characters. It joins by itself only when very rare.
_DECIDING: Final = 0.004
_CHINESE_NAME_CAP: Final = 2.9
_INITIALS_CAP: Final = 8.0
# Common initials of one list support each other: without a surer name, it takes so many of them.
_MANY_INITIALS: Final = 3
_SURE_INITIALS: Final = 1.0  # expected namesakes
_VAGUE_CAP: Final = 1.0
_COAUTHOR_CAP: Final = 4.5
_INITIAL_COAUTHOR_CAP: Final = 3.0
_COAUTHORS_CAP: Final = 10.0
# Each further shared co-author says less: they come together.
_FADING: Final = 0.6
_ACCOUNT: Final = 3.0
_LINE: Final = 1.5
_OWN_ACCOUNT: Final = 3.0
_LAST: Final = 1.5
_NOBODY_SHARED: Final = -0.7
_FAR_APART: Final = -1.0
_FAR_YEARS: Final = 10
_CLOSE: Final = frozenset({Likeness.SAME, Likeness.FULLER})


class Verdict(StrEnum):
    """What the evidence comes to."""

    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


class Reason(NamedTuple):
    """One piece of evidence.

    Attributes:
        kind: ``name``, ``orcid``, ``paper``, ``co-author``, ``account``, ``line``, ``last``, ``years``.
        weight: In nats; above 0 it speaks for one person.
        text: In words.
    """

    kind: str
    weight: float
    text: str


class Decision(NamedTuple):
    """What is known of two people being one.

    Attributes:
        verdict: The outcome.
        score: Sum of the weights, in nats; infinite when one fact decides.
        reasons: The evidence, heaviest first.
    """

    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...]


def likeness(a: Person, b: Person) -> Likeness:
    """How close the names of two people are: different when any two contradict, else the closest pair.

    Initials count only when one of the two is known by nothing else: D. S. Lee is no reason to take Dong Soo Lee for
    Dongjoo Lee.
    """
    pairs = [(x, y) for x in a.names for y in b.names]
    if any(compare_names(x, y) is Likeness.DIFFERENT for x, y in pairs):
        return Likeness.DIFFERENT
    full = [(x, y) for x, y in pairs if x.has_full_given and y.has_full_given]
    found = {compare_names(x, y) for x, y in full or pairs}
    return next(level for level in Likeness if level in found)


def decide(a: Person, b: Person, around: Surroundings) -> Decision:
    """Weigh the evidence that two people are one; the order of the two does not matter.

    Args:
        a: A person.
        b: Another one.
        around: What the papers tell.
    """
    level = likeness(a, b)
    settled = _settled(a, b, level)
    if settled is not None:
        return settled
    if a.names[0].is_group:
        return Decision(Verdict.SAME, math.inf, (Reason("name", math.inf, "the same group"),))
    shared = _shared_authors(a, b, around)
    reasons = [*_links(a, b, around, full=level in _CLOSE)]
    if level in _CLOSE:
        reasons += _full_name(a, b, level, shared, around)
    elif level is Likeness.INITIALS:
        reasons += _initials(a, b, shared, around)
    else:
        weight = 2 * _NAME_RANGE[0]
        reasons += [Reason("name", weight, f"{_pair(a, b)}: {level.value}"), *_coauthor_reasons(shared)]
    score = sum(reason.weight for reason in reasons)
    joins = score >= SAME_SCORE and (level in _CLOSE or (level is Likeness.INITIALS and bool(shared)))
    ranked = tuple(sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.text)))
    return Decision(Verdict.SAME if joins else Verdict.UNDECIDED, round(score, 2), ranked)


def _settled(a: Person, b: Person, level: Likeness) -> Decision | None:
    """Facts that decide by themselves."""
    if a.orcid and b.orcid:
        if a.orcid == b.orcid:
            return Decision(Verdict.SAME, math.inf, (Reason("orcid", math.inf, f"one ORCID, {a.orcid}"),))
        text = "two ORCIDs, " + " and ".join(sorted((a.orcid, b.orcid)))
        return Decision(Verdict.DIFFERENT, -math.inf, (Reason("orcid", -math.inf, text),))
    both = sorted(a.papers & b.papers)
    if both:
        return Decision(Verdict.DIFFERENT, -math.inf, (Reason("paper", -math.inf, f"both are authors of {both[0]}"),))
    if level is Likeness.DIFFERENT:
        reason = Reason("name", -math.inf, f"{_pair(a, b)}: names contradict")
        return Decision(Verdict.DIFFERENT, -math.inf, (reason,))
    return None


def _pair(a: Person, b: Person) -> str:
    return " and ".join(sorted({a.fullest.printed, b.fullest.printed}))


class _Shared(NamedTuple):
    """A co-author whom both sides have; ``sure`` when the name hardly means two people."""

    text: str
    weight: float
    certainty: float
    sure: bool


def _shared_authors(a: Person, b: Person, around: Surroundings) -> list[_Shared]:
    """Co-authors of both, each matched once, the weightiest first; names like those compared do not count."""
    ours, theirs = _coauthors(a, b, around), _coauthors(b, a, around)
    n_authors = max(len(ours), len(theirs))
    by_key: dict[str, list[PersonName]] = {}
    for name in theirs:
        for key in name.keys:
            by_key.setdefault(key, []).append(name)
    found: dict[tuple[str, str], _Shared] = {}
    for name in ours:
        for key in name.keys:
            for other in by_key.get(key, ()):
                match = _shared_author(name, other, n_authors, around)
                if match is not None:
                    found[name.printed, other.printed] = match
    return _each_once(found)


def _each_once(found: dict[tuple[str, str], _Shared]) -> list[_Shared]:
    used: set[tuple[int, str]] = set()
    kept = []
    for (x, y), match in sorted(found.items(), key=lambda item: (-item[1].weight, sorted(item[0]))):
        if (0, x) not in used and (1, y) not in used:
            used |= {(0, x), (1, y)}
            kept.append(match)
    return kept


def _coauthors(person: Person, other: Person, around: Surroundings) -> list[PersonName]:
    avoid = person.keys | other.keys
    found = {name for paper in person.papers for name in around.authors[paper] if not name.keys & avoid}
    return sorted(found, key=lambda name: name.printed)


def _shared_author(x: PersonName, y: PersonName, n_authors: int, around: Surroundings) -> _Shared | None:
    level = compare_names(x, y)
    if level not in _CLOSE and level is not Likeness.INITIALS:
        return None
    cap = _COAUTHOR_CAP if level in _CLOSE else _INITIAL_COAUTHOR_CAP
    chance = around.frequencies.chance(x, y, n_authors)
    weight = min(cap, math.log(_RETURNS / chance)) if chance > 0 else cap
    if weight <= 0:
        return None
    longer = max((x.printed, y.printed), key=lambda text: (len(text), text))
    sure = level in _CLOSE or around.frequencies.expected(x, y) <= _SURE_INITIALS
    return _Shared(longer, weight, min(1.0, weight / _INITIAL_COAUTHOR_CAP), sure)


def _coauthor_reasons(shared: list[_Shared]) -> Iterator[Reason]:
    if shared:
        weight = min(_COAUTHORS_CAP, sum(s.weight * _FADING**i for i, s in enumerate(shared)))
        names = ", ".join(s.text for s in shared[:3])
        more = f" and {len(shared) - 3} more" if len(shared) > 3 else ""
        yield Reason("co-author", weight, f"shared co-author{'s' if len(shared) > 1 else ''} {names}{more}")


def _full_name(a: Person, b: Person, level: Likeness, shared: list[_Shared], around: Surroundings) -> Iterator[Reason]:
    """Two full names: how rare the name is, and whom the papers share."""
    x, y = a.fullest, b.fullest
    low, high = _NAME_RANGE
    expected = around.frequencies.expected(x, y)
    if expected > _DECIDING and around.frequencies.is_chinese(x) and around.frequencies.is_chinese(y):
        high = _CHINESE_NAME_CAP
    weight = min(high, max(low, math.log(_REPEATS / expected)))
    alike = "same" if level is Likeness.SAME else "fuller"
    yield Reason("name", weight, f"{alike} full name, {around.frequencies.describe(x, y)}: {_pair(a, b)}")
    yield from _coauthor_reasons(shared)
    lists = [paper for person in (a, b) for paper in person.papers]
    whole = all(paper in around.complete and len(around.authors[paper]) > 2 for paper in lists)
    if not shared and whole:
        yield Reason("co-author", _NOBODY_SHARED, "no shared co-author in complete lists")


def _initials(a: Person, b: Person, shared: list[_Shared], around: Surroundings) -> Iterator[Reason]:
    """Initials on one side only count with co-authors, and then as much as the weaker of two arguments.

    The first: the papers come from one group, and the share of their authors that is the same is weighed against the
    chance that the group has another person whom the initials fit. The second: how many people of the catalog the
    initials fit at all, and how unlikely the shared co-authors are by chance.
    """
    if not shared:
        yield Reason("name", _NAME_RANGE[0], f"{_pair(a, b)}: initials agree, which is no evidence by itself")
        return
    agreeing = [(x, y) for x in a.names for y in b.names]
    expected = max(around.frequencies.expected(x, y) for x, y in agreeing)
    sizes = [max(len(around.authors[paper]) for paper in person.papers) for person in (a, b)]
    share = min(1.0, sum(s.certainty for s in shared) / max(1, min(sizes) - 1))
    in_group = math.log(share / max(around.frequencies.chance(x, y, max(sizes)) for x, y in agreeing))
    (together,) = _coauthor_reasons(shared)
    at_large = math.log(_REPEATS / expected) + together.weight
    enough = any(s.sure for s in shared) or len(shared) >= _MANY_INITIALS
    weight = min(_INITIALS_CAP if enough else _VAGUE_CAP, in_group, at_large)
    yield Reason("co-author", weight, f"initials agree ({_pair(a, b)}), and {together.text}")


def _links(a: Person, b: Person, around: Surroundings, *, full: bool) -> Iterator[Reason]:
    """What connects the papers beside their authors."""
    part = 1.0 if full else 0.5
    accounts = [frozenset().union(*(around.accounts.get(p, frozenset()) for p in x.papers)) for x in (a, b)]
    common = sorted(accounts[0] & accounts[1])
    if common:
        yield Reason("account", _ACCOUNT * part, f"code of both in the repositories of {common[0]}")
    own = _own_account(accounts[0], b) or _own_account(accounts[1], a)
    if own and not full:
        yield Reason("account", _OWN_ACCOUNT, f"the account {own} bears the full name")
    pairs = sorted((min(p, q), max(p, q)) for p in a.papers for q in b.papers)
    line = next((pair for pair in pairs if pair in around.lines), None)
    if line is not None:
        yield Reason("line", _LINE * part, f"{line[0]} and {line[1]} stand in one line of methods")
    if _is_last(a, around) and _is_last(b, around):
        yield Reason("last", _LAST, "last author on both sides")
    years = [sorted(around.years[p] for p in x.papers if p in around.years) for x in (a, b)]
    if all(years) and max(years[0][0] - years[1][-1], years[1][0] - years[0][-1]) > _FAR_YEARS:
        yield Reason("years", _FAR_APART, f"more than {_FAR_YEARS} years apart")


def _own_account(accounts: frozenset[str], person: Person) -> str:
    """The account that is called as a person with a full name is."""
    names = [n for n in person.names if n.has_full_given and len(n.given[0] + n.family) > 6]
    called = {text for n in names for text in (n.given[0] + n.family, n.family + n.given[0])}
    bearing = (a for a in sorted(accounts) if any(text in a.replace("-", "") for text in called))
    return next(bearing, "")


def _is_last(person: Person, around: Surroundings) -> bool:
    """Whether the person closes a complete list, as the leader of a group does."""
    return any(a.paper in around.complete and a.position == len(around.authors[a.paper]) for a in person.authorships)


__all__ = ["SAME_SCORE", "Decision", "Reason", "Verdict", "decide", "likeness"]
