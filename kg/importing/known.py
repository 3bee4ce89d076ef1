"""Our records, indexed by what a list can print of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from kg.importing.categories import Vocabulary
from kg.importing.text import arxiv_of, doi_of, pmid_of, repository_of, same_address, title_key
from kg.iris import fold
from kg.model import Catalog, Method, Paper, Venue, author_of

_COMMON: Final = 60


class Known:
    """The catalog as the importer asks it.

    Attributes:
        catalog: The records.
        by_doi: DOI to paper ids; likewise for the other identifiers. Versions count.
        by_repository: Folded ``owner/name`` to method ids.
        by_name: Folded name or synonym to method ids.
        by_title: Folded title to paper ids.
        by_main_title: Folded title up to its first colon to paper ids.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.words = Vocabulary(catalog)
        self.by_doi: dict[str, set[str]] = defaultdict(set)
        self.by_arxiv: dict[str, set[str]] = defaultdict(set)
        self.by_pmid: dict[str, set[str]] = defaultdict(set)
        self.by_address: dict[str, set[str]] = defaultdict(set)
        self.by_title: dict[str, set[str]] = defaultdict(set)
        self.by_main_title: dict[str, set[str]] = defaultdict(set)
        self.by_repository: dict[str, set[str]] = defaultdict(set)
        self.by_name: dict[str, set[str]] = defaultdict(set)
        self.methods_of: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._authors: dict[str, list[str]] = {}
        self._venues: dict[str, Venue] = {}
        for key, paper in catalog.papers.items():
            if paper.status == "current":
                self._add_paper(key, paper)
        for key, method in catalog.methods.items():
            if method.status == "current":
                self._add_method(key, method)
        for venue in catalog.venues.values():
            for name in (venue.label, *venue.synonyms):
                self._venues[fold(name)] = venue

    def _add_paper(self, key: str, paper: Paper) -> None:
        for doi in dois_of(paper):
            self.by_doi[doi].add(key)
        for arxiv in arxivs_of(paper):
            self.by_arxiv[arxiv].add(key)
        for url in (paper.url, *(version.url for version in paper.versions)):
            if url:
                self.by_address[same_address(url)].add(key)
        if paper.pmid:
            self.by_pmid[paper.pmid].add(key)
        for reference in (source for sources in paper.sources.values() for source in sources):
            # A page that a record cites for its own title says which paper it is.
            if reference.startswith("http") and (pmid := pmid_of(reference)):
                self.by_pmid[pmid].add(key)
        for title in titles_of(paper):
            self.by_title[title_key(title)].add(key)
            self.by_main_title[title_key(title.partition(":")[0])].add(key)
            for word in set(fold(title).split()):
                self._by_word[word].add(key)

    def _add_method(self, key: str, method: Method) -> None:
        for name in (method.name, *method.synonyms):
            # "FAST (fast-2023)" is a second FAST: a list prints the bare name of either.
            self.by_name[fold(name)].add(key)
            self.by_name[fold(re.sub(r"\s*\([^()]*\)$", "", name))].add(key)
        repository = repository_of(method.repository.url) if method.repository else None
        if repository:
            self.by_repository[repository.lower()].add(key)
        for link in method.papers:
            self.methods_of[link.paper].append(key)

    def near_titles(self, title: str) -> list[str]:
        """Papers that share the rarest words of a title, best first; ten at most."""
        counts: Counter[str] = Counter()
        for word in sorted(set(fold(title)[:600].split())):
            papers = self._by_word.get(word, set())
            if len(papers) <= _COMMON:
                counts.update(papers)
        return [key for key, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]]

    def authors(self, paper: str) -> list[str]:
        """Printed names of a paper's authors."""
        if paper not in self._authors:
            listed = self.catalog.papers[paper].authors
            self._authors[paper] = [author_of(printed)[0] for printed in listed.names] if listed else []
        return self._authors[paper]

    def venue(self, printed: str) -> Venue | None:
        """The venue that a printed name means: a label, a synonym or an abbreviation of one that is unique."""
        folded = fold(printed)
        if folded in self._venues:
            return self._venues[folded]
        found = {venue.id: venue for name, venue in self._venues.items() if _abbreviates(folded, name)}
        return next(iter(found.values())) if len(found) == 1 else None

    def venue_of_doi(self, doi: str) -> Venue | None:
        """The venue whose DOIs begin as this one does."""
        best: tuple[int, Venue] | None = None
        for venue in self.catalog.venues.values():
            for prefix in venue.doi_prefixes:
                if doi.startswith(prefix.lower()) and (best is None or len(prefix) > best[0]):
                    best = (len(prefix), venue)
        return best[1] if best else None

    def names(self, methods: Iterable[str]) -> Iterator[str]:
        """Names and synonyms of some methods."""
        for key in methods:
            method = self.catalog.methods[key]
            yield from (method.name, *method.synonyms)


def dois_of(paper: Paper) -> list[str]:
    """Every DOI of a work."""
    found = [paper.doi, *(version.doi for version in paper.versions)]
    found += [doi_of(url) for url in (paper.url, *(v.url for v in paper.versions)) if url]
    return [doi.lower() for doi in dict.fromkeys(found) if doi]


def arxivs_of(paper: Paper) -> list[str]:
    """Every arXiv id of a work."""
    found = [paper.arxiv, *(version.arxiv for version in paper.versions)]
    found += [arxiv_of(url) for url in (paper.url, *(v.url for v in paper.versions)) if url]
    found += [arxiv_of(doi) for doi in dois_of(paper)]
    return [arxiv for arxiv in dict.fromkeys(found) if arxiv]


def titles_of(paper: Paper) -> list[str]:
    """Every title of a work."""
    return [paper.title, *(version.title for version in paper.versions if version.title)]


def _abbreviates(short: str, long: str) -> bool:
    """Whether each word of one name begins a word of the other, in order.

    >>> _abbreviates("nat methods", "nature methods"), _abbreviates("nature", "nature methods")
    (True, False)
    """
    mine = short.split()
    full = [word for word in long.split() if word not in {"of", "the", "in", "and", "on", "for"}]
    if len(mine) != len(full) or len(mine) < 2:
        return False
    return all(word.startswith(part) for part, word in zip(mine, full, strict=True))
