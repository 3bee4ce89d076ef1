"""Author lists and ORCIDs from services, and which of our people they mean. Equal names alone never join two people."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from kg.enrich.proposals import Disagreement, Proposal, joined
from kg.enrich.telling import Told
from kg.enrich.works import Person
from kg.importing.known import Known
from kg.importing.people import agreement, signatures
from kg.iris import slugify
from kg.model import Catalog, Paper, author_of
from kg.model.paper import AuthorName

_SAME: Final = 0.9
_OTHERS: Final = 0.34


class Identities:
    """Which ids of people are in use, and by which papers; what a plan proposes counts as well.

    Args:
        catalog: Our records.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.by_orcid = {author.orcid: key for key, author in catalog.authors.items() if author.orcid}
        self._papers: dict[str, set[str]] = {key: {""} for key in catalog.authors}
        for paper, _, _, author in catalog.printed_authors():
            self.claim(author, paper)

    def claim(self, author: str, paper: str) -> None:
        """Note that a paper has this author."""
        self._papers.setdefault(author, set()).add(paper)

    def free(self, slug: str, paper: str) -> str:
        """The id itself when no other paper uses it, else the next one with a number behind it."""
        number, key = 1, slug
        while self._papers.get(key, set()) - {paper}:
            number += 1
            key = f"{slug}-{number}"
        return key


def author_items(
    paper: Paper, told: Sequence[Told], known: Known, identities: Identities
) -> Iterator[Proposal | Disagreement]:
    """The author list, when ours is missing or cut; else where the lists differ."""
    lists = [one for one in told if one.work.people and one.work.whole]
    if not lists:
        return
    ours = known.authors(paper.id)
    best = _best(lists)
    names = _names(best)
    if paper.authors is not None and paper.authors.complete:
        yield from _differences(paper, ours, lists)
        return
    if ours and agreement(ours, names) < _SAME:
        why = "our list is cut, and some of its names are not among these"
        yield _difference(best, paper, "other-authors", ours, names, "unsettled", why)
        return
    backers = [one for one in lists if len(_names(one)) == len(names) and agreement(_names(one), names) >= _SAME]
    ours_named = paper.authors.names if paper.authors else ()
    hindrance = "only one author is named, and only one service says so" if len(names) == 1 == len(backers) else ""
    value = {"complete": True, "names": identified(ours_named, paper.id, best.work.people, identities)}
    sources = tuple(dict.fromkeys(one.reference for one in backers))
    labels = tuple(dict.fromkeys(one.label for one in backers))
    yield Proposal(best.line, "paper", paper.id, "authors", value, sources, labels, hindrance)


def _names(told: Told) -> list[str]:
    return [person.name for person in told.work.people]


def _best(lists: Sequence[Told]) -> Told:
    """The registrar's list, unless a longer one holds it: publishers sometimes deposit the first author only."""
    best = lists[0]
    for other in lists[1:]:
        if len(_names(other)) > len(_names(best)) and agreement(_names(best), _names(other)) >= _SAME:
            best = other
    return best


def _differences(paper: Paper, ours: list[str], lists: Sequence[Told]) -> Iterator[Disagreement]:
    others = [one for one in lists if len(_names(one)) != len(ours)]
    for one in lists:
        names = _names(one)
        share = agreement(names, ours)
        if share < _OTHERS:
            yield _difference(one, paper, "other-authors", ours, names, "unsettled", "they are other people")
        elif len(names) != len(ours):
            agree = [o for o in others if len(_names(o)) == len(names)]
            backed = len(others) < len(lists)
            right = "ours" if backed else "list" if len(agree) >= 2 else "unsettled"
            why = f"{len(names)} authors, ours are {len(ours)}"
            yield _difference(one, paper, "author-count", ours, names, right, why)
        elif share == 1.0:
            order = [agreement([a], [b]) for a, b in zip(names, ours, strict=True)]
            if sum(order) < len(order) - 0.5:
                yield _difference(one, paper, "author-order", ours, names, "unsettled", "the same people, other order")


def _difference(
    told: Told, paper: Paper, rule: str, ours: list[str], names: list[str], right: Any, why: str
) -> Disagreement:
    listed = ", ".join(names)[:400]
    why = f"{told.label}: {why}"
    return Disagreement(told.line, f"paper/{paper.id}", rule, "authors", listed, ", ".join(ours)[:400], right, why)


def identified(ours: Sequence[AuthorName], paper: str, people: Sequence[Person], identities: Identities) -> list[Any]:
    """An author list as a paper's file has it.

    A name of ours stays as it is. A new name means a known person only when both have one ORCID; else it gets an id
    that no other paper uses.

    Args:
        ours: Names that the paper has already.
        paper: Id of the paper.
        people: The authors in order.
        identities: Ids in use; those of this list are added.
    """
    found: list[Any] = []
    used: set[str] = set()
    for person in people:
        mine = [p for p in ours if signatures(author_of(p)[0]) & signatures(person.name)]
        slug = slugify(person.name) or "author"
        if len(mine) == 1 and author_of(mine[0])[1] not in used:
            entry, key = mine[0], author_of(mine[0])[1]
            found.append(entry if isinstance(entry, str) else entry.model_dump())
        elif identities.by_orcid.get(person.orcid, "") not in {"", *used}:
            key = identities.by_orcid[person.orcid]
            found.append({"name": person.name, "author": key})
        else:
            key = identities.free(slug, paper)
            while key in used:  # two people of one name on one paper
                identities.claim(key, "")
                key = identities.free(slug, paper)
            found.append(person.name if key == slugify(person.name) else {"name": person.name, "author": key})
        used.add(key)
        identities.claim(key, paper)
    return found


def orcid_items(paper: Paper, told: Sequence[Told], known: Known) -> Iterator[Proposal | Disagreement]:
    """ORCIDs that publishers deposited for authors of a complete list of ours, place by place."""
    if paper.authors is None or not paper.authors.complete:
        return
    printed = [author_of(name) for name in paper.authors.names]
    said: dict[tuple[str, str, str], list[Told]] = {}
    for one in told:
        if len(one.work.people) != len(printed):
            continue
        for (name, author), person in zip(printed, one.work.people, strict=True):
            if person.orcid and agreement([person.name], [name]) == 1.0:
                said.setdefault((author, name, person.orcid), []).append(one)
    by_orcid = {a.orcid: key for key, a in known.catalog.authors.items() if a.orcid}
    proposed: set[str] = set()
    for (author, name, orcid), tellers in said.items():
        yield from _orcid_item(paper, author, name, orcid, tellers, known.catalog, by_orcid, proposed)


def _orcid_item(
    paper: Paper,
    author: str,
    name: str,
    orcid: str,
    tellers: Sequence[Told],
    catalog: Catalog,
    by_orcid: dict[str, str],
    proposed: set[str],
) -> Iterator[Proposal | Disagreement]:
    line, record = tellers[0].line, f"author/{author}"
    ours = catalog.authors[author].orcid if author in catalog.authors else None
    labels = tuple(dict.fromkeys(one.label for one in tellers))
    if ours == orcid:
        return
    if ours is not None:
        why = f"{joined(labels)} on paper/{paper.id}: two people under one id, or a wrong ORCID"
        yield Disagreement(line, record, "other-orcid", "orcid", orcid, ours, "unsettled", why)
    elif by_orcid.get(orcid, author) != author:
        why = f"it is that of author/{by_orcid[orcid]}: the two are most likely one person"
        yield Disagreement(line, record, "orcid-of-another-person", "orcid", orcid, "", "unsettled", why)
    elif author in proposed:
        why = f"{joined(labels)} has another one than the service before it"
        yield Disagreement(line, record, "services-differ", "orcid", orcid, "", "unsettled", why)
    else:
        proposed.add(author)
        sources = tuple(dict.fromkeys(one.reference for one in tellers))
        note = f"{name} on paper/{paper.id}"
        yield Proposal(line, "author", author, "orcid", orcid, sources, labels, "", note)
