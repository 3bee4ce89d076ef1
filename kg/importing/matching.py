"""Which record a row means, on what evidence, and how sure that is.

Each piece of evidence has a weight. A name alone never outweighs a title, DOI or repository that disagrees, so that
two methods of one name stay two; a link alone never outweighs a title, because lists often link the wrong paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from kg.importing.entries import Entry
from kg.importing.known import Known, titles_of
from kg.importing.people import agreement
from kg.importing.text import same_address, title_key
from kg.iris import fold

ENOUGH: Final = 5.0
_NEAR: Final = 0.9
_SOME: Final = 0.55
_LONG: Final = 40  # a shorter title is no evidence inside another text


class Evidence(NamedTuple):
    """One reason for a match, or against it."""

    weight: float
    text: str


@dataclass
class Candidate:
    """A record that a row may mean.

    Attributes:
        method: Id, or ``""`` when only a paper fits.
        paper: Id, or ``""`` when the method has none that fits.
    """

    method: str = ""
    paper: str = ""
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Sum of the weights."""
        return sum(piece.weight for piece in self.evidence)

    @property
    def sure(self) -> float:
        """From 0 to 1: how sure the match is."""
        return round(min(0.99, max(0.0, 0.35 + self.score / 16)), 2)

    @property
    def record(self) -> str:
        """``method/<id>``, or ``paper/<id>`` for a paper without a method."""
        return f"method/{self.method}" if self.method else f"paper/{self.paper}"


@dataclass
class Match:
    """What came of matching one row.

    Attributes:
        best: The record, or None.
        notes: What a curator should know when nothing matched.
        ambiguous: Records that fit equally well.
    """

    best: Candidate | None = None
    notes: list[str] = field(default_factory=list)
    ambiguous: tuple[str, ...] = ()


def similarity(first: str, second: str) -> float:
    """How alike two titles are, from 0 to 1; case, blanks and punctuation do not count."""
    one, two = title_key(first)[:400], title_key(second)[:400]
    if not one or not two:
        return 0.0
    if min(len(one), len(two)) >= _LONG and (one.startswith(two) or two.startswith(one)):
        return 0.95
    return SequenceMatcher(None, one, two, autojunk=False).ratio()


def title_likeness(known: Known, title: str, paper: str) -> float:
    """How like a title is to the nearest title of a paper."""
    return max(similarity(title, ours) for ours in titles_of(known.catalog.papers[paper]))


def match_entry(entry: Entry, known: Known, *, repeated: bool = False) -> Match:
    """Find the record that a row means.

    Args:
        entry: The row.
        known: Our records.
        repeated: The title stands also in the row above, under another name, so that it counts little.
    """
    papers = _paper_evidence(entry, known, weight_of_title=2.0 if repeated else 8.0)
    methods = _method_evidence(entry, known)
    candidates = list(_candidates(papers, methods, known))
    for candidate in candidates:
        _against(candidate, entry, known)
    ranked = sorted(candidates, key=lambda c: (-c.score, c.record))
    fitting = [c for c in ranked if c.score >= ENOUGH]
    if fitting:
        return _settle(fitting)
    lone = _by_name_alone(entry, known)
    if lone.best or lone.ambiguous:
        return lone
    notes = [
        f"{c.record}: {'; '.join(piece.text for piece in c.evidence)}"
        for c in ranked[:3]
        if any(e.weight >= 4 for e in c.evidence)
    ]
    return Match(notes=lone.notes + notes)


def _settle(fitting: list[Candidate]) -> Match:
    first = fitting[0]
    rivals = [c for c in fitting[1:] if first.score - c.score < 1]
    if rivals and all(c.paper == first.paper and c.paper for c in rivals):
        # One paper with several methods, and nothing in the row says which.
        first = Candidate("", first.paper, first.evidence)
    elif rivals:
        return Match(ambiguous=tuple(c.record for c in (first, *rivals)))
    return Match(best=first)


def _paper_evidence(entry: Entry, known: Known, weight_of_title: float) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}

    def add(papers: set[str], weight: float, text: str) -> None:
        for paper in papers:
            pieces = found.setdefault(paper, [])
            if not (text.startswith(("DOI", "arXiv", "PubMed")) and any(p.weight == weight for p in pieces)):
                pieces.append(Evidence(weight, text))

    for kind, values, index in (
        ("DOI", entry.dois, known.by_doi),
        ("arXiv", entry.arxivs, known.by_arxiv),
        ("PubMed", entry.pmids, known.by_pmid),
    ):
        for value in values:
            add(index.get(value, set()), 7.0, f"{kind} {value}")
    for link in entry.links:
        if link.url and not found:
            add(known.by_address.get(same_address(link.url), set()), 6.0, "same address")
    _add_titles(entry, known, found, weight_of_title)
    for paper, reasons in found.items():
        share = agreement(list(entry.authors), known.authors(paper))
        if len(entry.authors) >= 2 and share >= 0.6:
            reasons.append(Evidence(2.0, f"{share:.0%} of the listed authors"))
    return found


def _add_titles(entry: Entry, known: Known, found: dict[str, list[Evidence]], weight: float) -> None:
    for title, factor, where in ((entry.title, 1.0, "title"), (entry.about, 0.75, "description")):
        key = title_key(title)
        exact = known.by_title.get(key, set()) if len(key) >= 12 else set()
        for paper in exact:
            found.setdefault(paper, []).append(Evidence(weight * factor, f"same {where}"))
        if exact or len(key) < 20:
            continue
        for paper in known.near_titles(title):
            likeness = title_likeness(known, title, paper)
            if likeness >= _NEAR:
                found.setdefault(paper, []).append(Evidence(weight * factor - 2, f"{where} alike ({likeness:.2f})"))
            elif likeness >= _SOME and paper in found:
                found[paper].append(Evidence(1.0, f"{where} similar ({likeness:.2f})"))
    topic = title_key(entry.topic)
    for paper in known.by_main_title.get(topic, set()) if len(topic) >= 20 else ():
        found.setdefault(paper, []).append(Evidence(5.0, "its title begins with what the line announces"))
    key = title_key(entry.reference)
    for paper in known.near_titles(entry.reference) if key else ():
        if any(len(t) >= _LONG and t in key for t in map(title_key, titles_of(known.catalog.papers[paper]))):
            found.setdefault(paper, []).append(Evidence(5.0, "its title stands in the reference"))


def _method_evidence(entry: Entry, known: Known) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}
    for repository in entry.repositories:
        methods = known.by_repository.get(repository.lower(), set())
        for method in methods:
            weight = 4.0 if len(methods) == 1 else 2.5
            if len(methods) == 1 and _is_of(entry, repository):
                weight = 9.0  # the source is that repository, whatever it calls the method
            found.setdefault(method, []).append(Evidence(weight, f"repository {repository}"))
    for name, weight, where in ((entry.name, 3.0, "name"), (entry.title_name, 2.0, "name in the title")):
        for method in known.by_name.get(fold(name), set()) if name else ():
            if not any(piece.text.startswith("name") for piece in found.get(method, ())):
                found.setdefault(method, []).append(Evidence(weight, f"{where} {name}"))
    return found


def _is_of(entry: Entry, repository: str) -> bool:
    """Whether the source of an entry is this very repository."""
    return any(fact.field == "repository" and fact.value.lower() == repository.lower() for fact in entry.row.facts)


def _candidates(
    papers: dict[str, list[Evidence]], methods: dict[str, list[Evidence]], known: Known
) -> Iterator[Candidate]:
    """Each method with the best of its papers, and each paper without a method."""
    for paper in sorted(papers):
        if not known.methods_of.get(paper):
            yield Candidate("", paper, list(papers[paper]))
    linked = {method for paper in papers for method in known.methods_of.get(paper, ())}
    for method in sorted(linked | set(methods)):
        own = [link.paper for link in known.catalog.methods[method].papers if link.paper in papers]
        best = max(own, key=lambda p: sum(e.weight for e in papers[p]), default="")
        yield Candidate(method, best, [*methods.get(method, ()), *(papers[best] if best else ())])


def _against(candidate: Candidate, entry: Entry, known: Known) -> None:
    """Add what speaks against a candidate."""
    texts = [piece.text for piece in candidate.evidence]
    by_title = any(text.startswith(("same title", "title alike", "its title")) for text in texts)
    by_authors = any("authors" in text for text in texts)
    named = [text for text in texts if text.startswith("name")]
    by_id = any(text.startswith(("DOI", "arXiv", "PubMed", "same address")) for text in texts)
    by_repository = any(text.startswith("repository") for text in texts)
    if entry.title and candidate.paper and by_id and not by_title:
        likeness = title_likeness(known, entry.title, candidate.paper)
        if likeness < _SOME:
            weight = -1.0 if by_authors else -5.0
            candidate.evidence.append(Evidence(weight, f"but the title is another ({likeness:.2f})"))
    if entry.name and candidate.method and not named and not _name_fits(entry.name, candidate, known):
        weight = -2.0 if by_title else -3.0
        candidate.evidence.append(Evidence(weight, f"but it is listed as {entry.name}"))
    if named and not (by_title or by_id or by_repository) and _disagrees(entry, candidate.method, known):
        candidate.evidence.append(Evidence(-9.0, "but title, identifier or repository is not known as its own"))


def _name_fits(name: str, candidate: Candidate, known: Known) -> bool:
    key = title_key(name)
    if len(key) >= 4 and candidate.paper:
        titles = titles_of(known.catalog.papers[candidate.paper])
        if any(fold(name) in fold(title) for title in titles):
            return True
    ours = [title_key(other) for other in known.names([candidate.method])]
    return any(
        SequenceMatcher(None, key, other).ratio() >= 0.75 or (len(key) >= 4 and (key in other or other in key))
        for other in ours
        if other
    )


def _disagrees(entry: Entry, method: str, known: Known) -> bool:
    """Whether a row of the same name has a title, identifier or repository that is not known as the method's.

    An identifier that nothing of ours can be compared with counts as well: the row may mean another method of the name.
    """
    record = known.catalog.methods[method]
    papers = [link.paper for link in record.papers]
    if entry.title and papers and max(title_likeness(known, entry.title, paper) for paper in papers) < _SOME:
        return True
    return entry.has_identifier


def _by_name_alone(entry: Entry, known: Known) -> Match:
    name = entry.name or entry.title_name
    methods = sorted(known.by_name.get(fold(name), set())) if name else []
    free = [method for method in methods if not _disagrees(entry, method, known)]
    if len(methods) > 1 and free:
        return Match(ambiguous=tuple(f"method/{method}" for method in methods))
    if len(free) == 1 and not entry.title and entry.name:
        return Match(best=Candidate(free[0], "", [Evidence(3.0, f"name {name} only; nothing disagrees")]))
    notes = [
        f"method/{method} has the same name, but title, identifier or repository is not known as its own"
        for method in methods
    ]
    return Match(notes=notes)
