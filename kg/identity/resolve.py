"""Find pairs worth weighing, join people best evidence first, and rank what is left for a curator.

Joining is greedy and repeated: a join brings co-authors together, which can be evidence for the next. Among pairs of
equal score the names decide, so that the outcome does not depend on the order of the input.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from kg.identity.evidence import Decision, Verdict, decide, likeness
from kg.identity.names import Likeness
from kg.identity.people import Person, Surroundings, joined, people_of
from kg.model import Catalog

# A join of initials needs this much more evidence than the next person whom they could mean, in nats.
_MARGIN: Final = 2.0
# Below this score a pair is not worth a curator's time.
_REPORT_SCORE: Final = 0.0


class Candidate(NamedTuple):
    """Two people and what is known of their being one."""

    a: Person
    b: Person
    decision: Decision


class PossiblySame(NamedTuple):
    """A row of the report for curators.

    Attributes:
        a: Id of a person.
        b: Id of the other; larger than ``a``.
        names: The fullest printed names of the two.
        score: Evidence in nats; see :mod:`kg.identity.evidence`.
        verdict: ``same`` when the evidence is enough to join, else ``undecided``.
        reasons: In words, heaviest first.
        papers: One paper of each, to look at.
    """

    a: str
    b: str
    names: tuple[str, str]
    score: float
    verdict: str
    reasons: tuple[str, ...]
    papers: tuple[str, str]


def candidates(people: Iterable[Person]) -> Iterator[tuple[Person, Person]]:
    """Pairs of people with a name key in common, each once, smaller id first."""
    blocks: dict[str, list[Person]] = defaultdict(list)
    for person in sorted(people, key=lambda p: p.id):
        for key in sorted(person.keys):
            blocks[key].append(person)
    seen: set[tuple[str, str]] = set()
    for _, block in sorted(blocks.items()):
        for index, a in enumerate(block):
            for b in block[index + 1 :]:
                if (a.id, b.id) not in seen:
                    seen.add((a.id, b.id))
                    yield a, b


def weigh(people: Iterable[Person], around: Surroundings) -> list[Candidate]:
    """All pairs that are not plainly different, best first.

    Args:
        people: Whom to compare.
        around: What the papers tell.
    """
    weighed = [Candidate(a, b, decide(a, b, around)) for a, b in candidates(people)]
    kept = [candidate for candidate in weighed if candidate.decision.verdict is not Verdict.DIFFERENT]
    return sorted(_without_rivals(kept), key=lambda c: (-c.decision.score, c.a.id, c.b.id))


def _without_rivals(weighed: list[Candidate]) -> Iterator[Candidate]:
    """Leave undecided what could mean either of two people who are surely two."""
    by_person: dict[str, list[tuple[Person, float]]] = defaultdict(list)
    for a, b, decision in weighed:
        by_person[a.id].append((b, decision.score))
        by_person[b.id].append((a, decision.score))
    for candidate in weighed:
        decision = candidate.decision
        if decision.verdict is Verdict.SAME and any(
            score > decision.score - _MARGIN
            and other.id not in {candidate.a.id, candidate.b.id}
            and likeness(other, partner) is Likeness.DIFFERENT
            for person, partner in ((candidate.a, candidate.b), (candidate.b, candidate.a))
            for other, score in by_person[person.id]
        ):
            yield candidate._replace(decision=decision._replace(verdict=Verdict.UNDECIDED))
        else:
            yield candidate


def joins(people: Iterable[Person], around: Surroundings) -> list[Candidate]:
    """The joins that the evidence is enough for, in the order they are made.

    Args:
        people: Whom to compare; their ids must differ.
        around: What the papers tell.

    Returns:
        Pairs to join. Later pairs may hold the outcome of earlier ones, under the smaller id of the two.
    """
    current = {person.id: person for person in people}
    made: list[Candidate] = []
    pending = True
    while pending:
        pending = False
        touched: set[str] = set()
        for candidate in weigh(current.values(), around):
            a, b, decision = candidate
            if decision.verdict is not Verdict.SAME or a.id in touched or b.id in touched:
                continue
            del current[a.id], current[b.id]
            one = joined((a, b))
            current[one.id] = one
            touched |= {a.id, b.id}
            made.append(candidate)
            pending = True
    return made


def resolve(people: Iterable[Person], around: Surroundings) -> list[tuple[Person, ...]]:
    """Join people as far as the evidence goes.

    Args:
        people: Whom to compare; their ids must differ.
        around: What the papers tell.

    Returns:
        Groups of one or more of ``people``, each one person, in order of their smallest id.
    """
    groups: dict[str, tuple[Person, ...]] = {person.id: (person,) for person in people}
    for a, b, _ in joins([person for (person,) in groups.values()], around):
        kept, gone = sorted((a.id, b.id))
        groups[kept] = (*groups[kept], *groups.pop(gone))
    return [tuple(sorted(group, key=lambda p: p.id)) for _, group in sorted(groups.items())]


def possibly_same(catalog: Catalog) -> list[PossiblySame]:
    """Pairs of ids that may be one person, the likeliest first.

    Args:
        catalog: All records.

    Returns:
        Pairs that evidence speaks for, whether it is enough to join or not.
    """
    around = Surroundings.of(catalog)
    rows = []
    for a, b, decision in weigh(people_of(catalog), around):
        if decision.score < _REPORT_SCORE:
            continue
        rows.append(
            PossiblySame(
                a.id,
                b.id,
                (a.fullest.printed, b.fullest.printed),
                decision.score,
                decision.verdict.value,
                tuple(reason.text for reason in decision.reasons),
                (min(a.papers), min(b.papers)),
            )
        )
    return rows


__all__ = ["Candidate", "PossiblySame", "candidates", "joins", "possibly_same", "resolve", "weigh"]
