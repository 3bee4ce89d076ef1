"""Compare a paper with what services told about it: facts it lacks, and values that differ."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kg.enrich.people import Identities, author_items, orcid_items
from kg.enrich.proposals import Disagreement, Proposal, Right, Verdict, joined
from kg.enrich.telling import Told
from kg.enrich.works import Related
from kg.importing.known import Known, arxivs_of, dois_of, titles_of
from kg.importing.text import arxiv_of, title_key
from kg.model import Catalog, Paper

FIELDS: Final = ("authors", "doi", "pmid", "venue", "year", "published_on", "versions", "orcid", "external")
_NEAR_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class _Said:
    """A value, and who told it."""

    value: str
    told: tuple[Told, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.reference for t in self.told))

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t.label for t in self.told))


def judge_paper(paper: Paper, told: Sequence[Told], known: Known, identities: Identities) -> Verdict:
    """Compare one paper with what was told.

    Args:
        paper: Our record.
        told: The registrar first.
        known: The catalog.
        identities: Ids of people in use; those of a proposed author list are added.
    """
    verdict = Verdict([], [])
    if not told:
        return verdict
    chosen = [t for t in told if t.chosen]
    for items in (
        author_items(paper, told, known, identities),
        _doi_items(paper, chosen, known),
        _plain_items(paper, "pmid", paper.pmid, _sayings(chosen, lambda t: t.work.pmid), known.by_pmid),
        _venue_items(paper, chosen, known),
        _year_items(paper, chosen),
        _day_items(paper, chosen),
        _version_items(paper, told, known),
        orcid_items(paper, told, known),
        _external_items(paper, told, known.catalog),
        _title_items(paper, chosen),
    ):
        for item in items:
            (verdict.proposals if isinstance(item, Proposal) else verdict.disagreements).append(item)  # type: ignore[arg-type]
    return verdict


def _sayings(told: Sequence[Told], value: Callable[[Told], object]) -> list[_Said]:
    """Distinct values with who told each; the first teller's value first."""
    found: dict[str, list[Told]] = {}
    for one in told:
        text = str(value(one) or "")
        if text:
            found.setdefault(text, []).append(one)
    return [_Said(text, tuple(tellers)) for text, tellers in found.items()]


def _weighed(ours: str, said: _Said, sayings: Sequence[_Said]) -> tuple[Right, str]:
    """Who is right about a value that differs from ours, and why."""
    backers = next((s for s in sayings if s.value == ours), None)
    if backers is not None:
        return "ours", f"{joined(backers.labels)} has ours"
    if len(said.labels) >= 2:
        return "list", f"{joined(said.labels)} agree"
    return "unsettled", f"only {joined(said.labels)} was asked or says so"


def _plain_items(
    paper: Paper, field: str, ours: str | None, sayings: Sequence[_Said], owners: dict[str, set[str]]
) -> Iterator[Proposal | Disagreement]:
    """An identifier that is there or is not."""
    for index, said in enumerate(sayings):
        line = said.told[0].line
        others = sorted(owners.get(said.value, set()) - {paper.id})
        if ours == said.value:
            continue
        if others:
            why = f"it is that of paper/{others[0]}: the two may be one work"
            yield _differs(line, paper, "identifier-of-another-paper", field, said.value, ours or "", "unsettled", why)
        elif ours is None and index == 0:
            yield Proposal(line, "paper", paper.id, field, said.value, said.sources, said.labels)
        elif ours is None:
            why = f"{joined(sayings[0].labels)} has {sayings[0].value}, which is proposed"
            yield _differs(line, paper, "services-differ", field, said.value, sayings[0].value, "unsettled", why)
        else:
            right, why = _weighed(ours, said, sayings)
            yield _differs(line, paper, f"other-{field}", field, said.value, ours, right, why)


def _differs(
    line: int, paper: Paper, rule: str, field: str, listed: object, ours: object, right: Right, why: str
) -> Disagreement:
    return Disagreement(line, f"paper/{paper.id}", rule, field, str(listed), str(ours), right, why)


def _doi_items(paper: Paper, chosen: Sequence[Told], known: Known) -> Iterator[Proposal | Disagreement]:
    if paper.doi is not None:
        return
    sayings = [said for said in _sayings(chosen, lambda t: t.work.doi) if said.value not in dois_of(paper)]
    yield from _plain_items(paper, "doi", None, sayings, known.by_doi)


def _title_items(paper: Paper, chosen: Sequence[Told]) -> Iterator[Disagreement]:
    keys = {title_key(title) for title in titles_of(paper)}
    for told in chosen[:1]:
        if not keys & {title_key(title) for title in told.work.titles}:
            why = f"{told.label} has another wording"
            yield _differs(told.line, paper, "title-variant", "title", told.work.title, paper.title, "unsettled", why)


def _venue_items(paper: Paper, chosen: Sequence[Told], known: Known) -> Iterator[Proposal | Disagreement]:
    sayings = _sayings(chosen, lambda t: t.work.venue)
    found = [(said, known.venue(said.value)) for said in sayings]
    by_doi = known.venue_of_doi(paper.doi) if paper.doi else None
    if paper.venue is None:
        known_ones = [(said, venue.id) for said, venue in found if venue is not None]
        if known_ones:
            said, venue_id = known_ones[0]
            tellers = [s for s, other in known_ones if other == venue_id]
            prefixes = known.catalog.venues[venue_id].doi_prefixes
            fits = not prefixes or not paper.doi or any(paper.doi.startswith(p.lower()) for p in prefixes)
            hindrance = "" if fits else "the DOI does not begin as those of this venue do"
            sources = tuple(dict.fromkeys(ref for s in tellers for ref in s.sources))
            labels = tuple(dict.fromkeys(label for s in tellers for label in s.labels))
            yield Proposal(said.told[0].line, "paper", paper.id, "venue", venue_id, sources, labels, hindrance)
        elif sayings:
            said = sayings[0]
            hindrance = "no venue of this name is in venues.yaml: add it there first"
            yield Proposal(
                said.told[0].line, "paper", paper.id, "venue", said.value, said.sources, said.labels, hindrance
            )
        return
    backed = any(venue is not None and venue.id == paper.venue for _, venue in found)
    for said, venue in found:
        if venue is not None and venue.id != paper.venue:
            right: Right = "ours" if backed or (by_doi and by_doi.id == paper.venue) else "unsettled"
            why = "another service, or the beginning of the DOI, says ours" if right == "ours" else "nothing settles it"
            yield _differs(said.told[0].line, paper, "other-venue", "venue", said.value, paper.venue, right, why)


def _year_items(paper: Paper, chosen: Sequence[Told]) -> Iterator[Proposal | Disagreement]:
    firsts = _sayings(chosen, lambda t: t.work.years[0] if t.work.years else "")
    if not firsts:
        return
    if paper.year is None:
        said = firsts[0]
        yield Proposal(said.told[0].line, "paper", paper.id, "year", int(said.value), said.sources, said.labels)
        return
    if any(paper.year in told.work.years for told in chosen):
        return  # print and online years both count
    said = firsts[0]
    right, why = _weighed(str(paper.year), said, firsts)
    yield _differs(said.told[0].line, paper, "wrong-year", "year", said.value, paper.year, right, why)


def _day_items(paper: Paper, chosen: Sequence[Told]) -> Iterator[Proposal | Disagreement]:
    sayings = _sayings(chosen, lambda t: t.work.published_on)
    if not sayings:
        return
    days = [date.fromisoformat(said.value) for said in sayings]
    if paper.published_on is None:
        near = [s for s, day in zip(sayings, days, strict=True) if abs((day - days[0]).days) <= _NEAR_DAYS]
        labels = tuple(dict.fromkeys(label for s in near for label in s.labels))
        sources = tuple(dict.fromkeys(ref for s in near for ref in s.sources))
        line = sayings[0].told[0].line
        yield Proposal(line, "paper", paper.id, "published_on", sayings[0].value, sources, labels)
    ours = paper.published_on or days[0]
    if paper.published_on is not None and any(abs((day - ours).days) <= _NEAR_DAYS for day in days):
        return
    for said, day in zip(sayings, days, strict=True):
        if abs((day - ours).days) > _NEAR_DAYS:
            right, why = _weighed(str(ours), said, sayings)
            rule = "other-day" if paper.published_on else "services-differ"
            yield _differs(said.told[0].line, paper, rule, "published_on", said.value, ours, right, why)


def _version_items(paper: Paper, told: Sequence[Told], known: Known) -> Iterator[Proposal | Disagreement]:
    seen: set[tuple[str, str]] = set()
    for one in told:
        for related in one.work.related:
            arxiv = related.arxiv or arxiv_of(related.doi) or ""
            name = (arxiv, "") if arxiv else ("", related.doi)
            if name in seen or arxiv in arxivs_of(paper) or related.doi in dois_of(paper):
                continue
            seen.add(name)
            yield from _version_item(paper, one, related, arxiv, known)


def _version_item(
    paper: Paper, one: Told, related: Related, arxiv: str, known: Known
) -> Iterator[Proposal | Disagreement]:
    value: dict[str, Any] = {"kind": related.kind, **({"arxiv": arxiv} if arxiv else {"doi": related.doi})}
    shown = arxiv or related.doi
    owners = known.by_arxiv.get(arxiv, set()) if arxiv else known.by_doi.get(related.doi, set())
    others = sorted(owners - {paper.id})
    if others:
        why = f"{one.label} says that this and paper/{others[0]} are versions of one work: merge the records"
        yield _differs(one.line, paper, "one-work-two-records", "versions", shown, paper.doi or "", "list", why)
        return
    if related.kind == "journal":
        if paper.doi is None:
            return  # the DOI itself is asked about, and proposed when its title is ours
        why = f"{one.label} names the published version: title, DOI, venue and year should be those of one version"
        yield _differs(one.line, paper, "superseded-preprint", "doi", shown, paper.doi, "list", why)
    yield Proposal(one.line, "paper", paper.id, "versions", value, (one.reference,), (one.label,))


def _external_items(paper: Paper, told: Sequence[Told], catalog: Catalog) -> Iterator[Proposal]:
    for one in told:
        iri = one.work.external
        if iri and iri not in catalog.externals:
            value = {"iri": iri, "seen_on": one.fetched_on.isoformat()}
            yield Proposal(one.line, "paper", paper.id, "external", value, (one.reference,), (one.label,))


def lacks(paper: Paper, linked: Set[str]) -> frozenset[str]:
    """Fields that a paper could have and has not; ORCIDs and versions are not counted, for nobody knows how many.

    Args:
        paper: The paper.
        linked: ``kind/id`` of records that have an id elsewhere.
    """
    found = {field for field in ("doi", "venue", "year", "published_on") if getattr(paper, field) is None}
    found |= {"pmid"} if paper.pmid is None and paper.kind in {"article", "review"} else set()
    found |= {"authors"} if paper.authors is None or not paper.authors.complete else set()
    return frozenset(found | ({"external"} if f"paper/{paper.id}" not in linked else set()))
