"""People of the catalog as evidence sees them: names, papers, co-authors, accounts, lines of research."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.identity.names import PersonName, read_name
from kg.identity.rarity import NameFrequencies
from kg.model import Catalog


class Authorship(NamedTuple):
    """One printed name of one paper.

    Attributes:
        paper: Id of the paper.
        position: Place in the author list, from 1.
        name: As printed.
    """

    paper: str
    position: int
    name: str


@dataclass(frozen=True)
class Person:
    """Authorships that are taken for one person.

    Attributes:
        id: Id of the person; for a single authorship any text that is unique.
        authorships: In order of paper and position.
        orcid: When known.
        names: The distinct printed names, read.
        papers: Ids of the papers.
    """

    id: str
    authorships: tuple[Authorship, ...]
    orcid: str | None = None
    names: tuple[PersonName, ...] = field(init=False)
    papers: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(read_name(n) for n in sorted({a.name for a in self.authorships})))
        object.__setattr__(self, "papers", frozenset(a.paper for a in self.authorships))

    @property
    def keys(self) -> frozenset[str]:
        """Keys of all names; see :attr:`~kg.identity.names.PersonName.keys`."""
        return frozenset().union(*(name.keys for name in self.names))

    @property
    def fullest(self) -> PersonName:
        """The name that says most."""
        return max(self.names, key=lambda n: (n.has_full_given, sum(map(len, n.given)), n.printed))


@dataclass(frozen=True)
class Surroundings:
    """What papers tell of their authors.

    Attributes:
        authors: Paper to its printed names in order.
        complete: Papers whose author list is complete.
        years: Paper to year.
        accounts: Paper to the accounts that own the repositories of its methods.
        lines: Pairs of papers (smaller id first) whose methods stand in lineage to each other.
        frequencies: How rare names are.
    """

    authors: Mapping[str, tuple[PersonName, ...]]
    complete: frozenset[str]
    years: Mapping[str, int]
    accounts: Mapping[str, frozenset[str]]
    lines: frozenset[tuple[str, str]]
    frequencies: NameFrequencies

    @classmethod
    def of(cls, catalog: Catalog) -> "Surroundings":
        """Gather them from a catalog."""
        authors: dict[str, list[PersonName]] = defaultdict(list)
        for paper, _, name, _ in catalog.printed_authors():
            authors[paper].append(read_name(name))
        papers_of = {key: tuple(link.paper for link in method.papers) for key, method in catalog.methods.items()}
        accounts: dict[str, set[str]] = defaultdict(set)
        lines = set()
        for key, method in catalog.methods.items():
            owner = _owner(method.repository.url if method.repository else "")
            for paper in papers_of[key]:
                accounts[paper] |= {owner} if owner else set()
                for link in method.lineage:
                    lines |= {(min(paper, p), max(paper, p)) for p in papers_of.get(link.method, ())}
        return cls(
            authors={paper: tuple(names) for paper, names in authors.items()},
            complete=frozenset(k for k, p in catalog.papers.items() if p.authors and p.authors.complete),
            years={key: paper.year for key, paper in catalog.papers.items() if paper.year},
            accounts={paper: frozenset(owners) for paper, owners in accounts.items()},
            lines=frozenset(line for line in lines if line[0] != line[1]),
            frequencies=NameFrequencies(name for names in authors.values() for name in names),
        )


def _owner(url: str) -> str:
    """Account of a repository's address, in lower case, with its host when that is not GitHub."""
    parts = url.removesuffix("/").split("/")
    if len(parts) < 5 or not parts[2]:
        return ""
    return parts[3].lower() if parts[2] == "github.com" else f"{parts[2]}/{parts[3]}".lower()


def people_of(catalog: Catalog) -> list[Person]:
    """The people of a catalog, as its ids tell them apart, in order of id."""
    authorships: dict[str, list[Authorship]] = defaultdict(list)
    for paper, position, name, author in catalog.printed_authors():
        authorships[author].append(Authorship(paper, position, name))
    return [
        Person(key, tuple(places), catalog.authors[key].orcid if key in catalog.authors else None)
        for key, places in sorted(authorships.items())
    ]


def single_authorships(catalog: Catalog) -> list[Person]:
    """Every authorship as a person of its own, as if nobody had been told apart or joined yet."""
    return [
        Person(f"{paper}#{position}", (Authorship(paper, position, name),))
        for paper, position, name, _ in catalog.printed_authors()
    ]


def joined(people: Iterable[Person]) -> Person:
    """One person of several; the id is the smallest, the ORCID the only one known."""
    ordered = sorted(people, key=lambda person: person.id)
    orcids = {person.orcid for person in ordered if person.orcid}
    authorships = sorted(a for person in ordered for a in person.authorships)
    return Person(ordered[0].id, tuple(authorships), orcids.pop() if len(orcids) == 1 else None)


__all__ = ["Authorship", "Person", "Surroundings", "joined", "people_of", "single_authorships"]
