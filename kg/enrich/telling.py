"""Ask the services about one record, and keep only answers that are about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from kg.enrich import services
from kg.enrich.client import Client
from kg.enrich.crossref import read_crossref
from kg.enrich.datacite import read_datacite
from kg.enrich.europepmc import read_europepmc
from kg.enrich.openalex import read_openalex_work
from kg.enrich.saved import Answer
from kg.enrich.services import SERVICES
from kg.enrich.works import Work
from kg.errors import EnrichError, FetchError
from kg.importing.known import titles_of
from kg.importing.matching import similarity
from kg.importing.people import agreement
from kg.importing.text import title_key
from kg.model import Paper, author_of

_NEAR: Final = 0.9
_SOME: Final = 0.55


@dataclass(frozen=True, slots=True)
class Told:
    """What one service said about one record.

    Attributes:
        line: Number of the question.
        service: Name of the service.
        reference: Where it stands, as a source of a fact.
        fetched_on: Day of the answer.
        work: What it said.
        chosen: Whether it is about the version that our DOI, venue and year belong to.
    """

    line: int
    service: str
    reference: str
    fetched_on: date
    work: Work
    chosen: bool = True

    @property
    def label(self) -> str:
        """Name of the service for people."""
        return SERVICES[self.service].label


@dataclass
class Asked:
    """Every question of a run: answered and about the record, or not understood.

    Attributes:
        client: Asks.
        questions: Their number so far; the ``line`` of the newest.
        known: Answers that are about their record.
        not_understood: The others, with the reason.
        strangers: Answers about another work, for the curator.
    """

    client: Client
    questions: int = 0
    known: list[dict[str, Any]] = field(default_factory=list)
    not_understood: list[dict[str, Any]] = field(default_factory=list)
    strangers: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, record: str, service: str, path: Callable[[], str]) -> tuple[Any, Answer] | None:
        """Ask one question; None when there is no usable answer, which is then among ``not_understood``."""
        self.questions += 1
        try:
            return self.client.get(service, path())
        except (FetchError, EnrichError) as error:
            self.refuse(record, service, error.summary)
            return None

    def refuse(self, record: str, service: str, reason: str) -> None:
        """Say why the newest question led to nothing."""
        item = {"line": self.questions, "record": record, "service": service, "reason": reason}
        self.not_understood.append(item)

    def accept(self, record: str, service: str, answer: Answer, evidence: list[str], sure: float) -> None:
        """Say why the newest answer is about the record."""
        item: dict[str, Any] = {"line": self.questions, "record": record, "service": service, "sure": sure}
        self.known.append(item | {"evidence": evidence, "url": answer.url, "fetched_on": answer.fetched_on.isoformat()})


def tellings(paper: Paper, wanted: frozenset[str], asked: Asked) -> list[Told]:
    """Ask about a paper.

    Args:
        paper: Our record.
        wanted: Names of the services to ask.
        asked: Keeps the account.

    Returns:
        What was told, the registrar of the DOI first.
    """
    told: list[Told] = []
    if paper.doi:
        told += _about_doi(paper, paper.doi, wanted, asked, chosen=True)
    elif paper.arxiv and "datacite" in wanted:
        told += _by_datacite(paper, f"10.48550/arxiv.{paper.arxiv}", asked, chosen=paper.kind == "preprint")
    if not paper.doi and paper.pmid and "europepmc" in wanted:
        told += _by_europepmc(paper, "", paper.pmid, asked)
    if not paper.doi:
        told += _about_found_doi(paper, told, wanted, asked)
    return told


def _about_doi(paper: Paper, doi: str, wanted: frozenset[str], asked: Asked, *, chosen: bool) -> Iterator[Told]:
    registrars = ["datacite"] if doi.startswith("10.48550/") else ["crossref", "datacite"]
    for service in [name for name in registrars if name in wanted]:
        by = _by_crossref if service == "crossref" else _by_datacite
        found = list(by(paper, doi, asked, chosen=chosen))
        yield from found
        unknown = bool(asked.not_understood) and "does not know it" in asked.not_understood[-1]["reason"]
        if found or not unknown:
            break
    if "europepmc" in wanted:
        yield from _by_europepmc(paper, doi, "", asked)
    if "openalex" in wanted:
        got = asked.ask(_name(paper), "openalex", lambda: services.openalex_work_path(doi))
        yield from _judged(paper, "openalex", got, read_openalex_work, doi, asked, chosen=chosen)


def _by_crossref(paper: Paper, doi: str, asked: Asked, *, chosen: bool) -> Iterator[Told]:
    got = asked.ask(_name(paper), "crossref", lambda: services.crossref_path(doi))
    return _judged(paper, "crossref", got, read_crossref, doi, asked, chosen=chosen)


def _by_datacite(paper: Paper, doi: str, asked: Asked, *, chosen: bool) -> Iterator[Told]:
    got = asked.ask(_name(paper), "datacite", lambda: services.datacite_path(doi))
    return _judged(paper, "datacite", got, read_datacite, doi, asked, chosen=chosen)


def _by_europepmc(paper: Paper, doi: str, pmid: str, asked: Asked) -> Iterator[Told]:
    def path() -> str:
        return services.europepmc_doi_path(doi) if doi else services.europepmc_pmid_path(pmid)

    def read(answer: Any) -> Work:
        return read_europepmc(answer, doi=doi, pmid=pmid)

    got = asked.ask(_name(paper), "europepmc", path)
    return _judged(paper, "europepmc", got, read, doi, asked, chosen=True)


def _about_found_doi(paper: Paper, told: list[Told], wanted: frozenset[str], asked: Asked) -> list[Told]:
    """A DOI that a first answer names is asked about itself: only a title of ours makes it ours."""
    dois = [t.work.doi for t in told if t.service == "europepmc" and t.work.doi]
    dois += [related.doi for t in told for related in t.work.related if related.kind == "journal"]
    return list(_about_doi(paper, dois[0], wanted - {"datacite", "europepmc"}, asked, chosen=True)) if dois else []


def _name(paper: Paper) -> str:
    return f"paper/{paper.id}"


def _judged(
    paper: Paper,
    service: str,
    got: tuple[Any, Answer] | None,
    read: Callable[[Any], Work],
    doi: str,
    asked: Asked,
    *,
    chosen: bool,
) -> Iterator[Told]:
    if got is None:
        return
    content, answer = got
    work = read(content)
    name = _name(paper)
    if not work.title:
        return asked.refuse(name, service, "the answer has no title, or holds nothing about it")
    if doi and work.doi != doi:
        return asked.refuse(name, service, f"the answer is about another DOI, {work.doi[:100]!r}")
    likeness = max(similarity(ours, theirs) for ours in titles_of(paper) for theirs in work.titles)
    same = any(title_key(ours) == title_key(theirs) for ours in titles_of(paper) for theirs in work.titles)
    share = agreement([person.name for person in work.people], _authors(paper))
    evidence = [f"DOI {doi}" if doi else f"PubMed {work.pmid}"]
    evidence.append("same title" if same else f"title alike ({likeness:.2f})")
    if likeness < _NEAR and not (likeness >= _SOME and share >= 0.6 and len(work.people) >= 2):
        asked.refuse(name, service, f"its title is another: {work.title[:160]!r}")
        asked.strangers.append(_stranger(paper, service, doi, work, asked.questions))
        return
    if share >= 0.6:
        evidence.append(f"{share:.0%} of the authors")
    asked.accept(name, service, answer, evidence, 0.99 if same else round(min(0.95, likeness), 2))
    yield Told(asked.questions, service, answer.url, answer.fetched_on, work, chosen)


def _authors(paper: Paper) -> list[str]:
    return [author_of(printed)[0] for printed in paper.authors.names] if paper.authors else []


def _stranger(paper: Paper, service: str, doi: str, work: Work, line: int) -> dict[str, Any]:
    return {
        "line": line,
        "record": _name(paper),
        "rule": "title-of-another-work",
        "field": "doi" if doi else "pmid",
        "listed": work.title,
        "ours": paper.title,
        "right": "unsettled",
        "why": f"{SERVICES[service].label} has another title for {doi or work.pmid}: our identifier or our title is "
        "wrong, so nothing was taken from it",
    }
