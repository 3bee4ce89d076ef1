"""Start the records of a method and its paper from a DOI, an arXiv id, a PubMed id or a repository's address."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from kg.enrich import services
from kg.enrich.client import Client
from kg.enrich.crossref import read_crossref
from kg.enrich.datacite import read_datacite
from kg.enrich.europepmc import read_europepmc
from kg.enrich.github import read_repository
from kg.enrich.people import Identities, identified
from kg.enrich.works import Work
from kg.errors import EnrichError, FetchError
from kg.importing.known import Known
from kg.importing.text import arxiv_of, doi_of, pmid_of, repository_of
from kg.iris import fold, slugify
from kg.model import Catalog, Method, Paper

_NAME: Final = re.compile(r"([^\s:]{2,30}(?: [^\s:]{1,12})?)\s?: ")
_KINDS: Final = frozenset({"article", "conference-paper", "preprint", "review", "book-chapter"})


@dataclass(frozen=True, slots=True)
class Draft:
    """Records to begin with.

    Attributes:
        method: The method.
        paper: Its paper; None for a repository.
        open_points: What a curator has to look at.
    """

    method: Method
    paper: Paper | None
    open_points: tuple[str, ...]


def draft_from(text: str, catalog: Catalog, client: Client, name: str = "") -> Draft:
    """Ask about one thing and draft its records.

    Args:
        text: DOI, arXiv id, PubMed id, or address of one of these or of a repository at GitHub.
        catalog: Our records; what they have already is not drafted again.
        client: Asks.
        name: Name of the method; by default what stands before the colon of the title, or the repository's name.

    Raises:
        EnrichError: The text is none of these, the thing is in the catalog, or the method's name is not known.
        FetchError: There is no usable answer.
    """
    known = Known(catalog)
    repository = repository_of(text)
    doi, arxiv, pmid = doi_of(text) or "", arxiv_of(text) or "", pmid_of(text) or ""
    arxiv = arxiv or (text if re.fullmatch(r"\d{4}\.\d{4,5}", text) else "")
    if doi or arxiv or pmid:
        _refuse_known(known, doi, arxiv, pmid)
        if arxiv:
            work, reference = _asked(
                client, "datacite", services.datacite_path(f"10.48550/arxiv.{arxiv}"), read_datacite
            )
        elif doi:
            work, reference = _about_doi(client, doi)
        else:
            path = services.europepmc_pmid_path(pmid)
            work, reference = _asked(client, "europepmc", path, lambda found: read_europepmc(found, pmid=pmid))
        return _of_work(work, arxiv, reference, known, name)
    if repository and re.match(r"(https?://)?(www\.)?github\.com/", text, re.IGNORECASE):
        return _of_repository(repository, known, client, name)
    raise EnrichError(f"{text[:80]!r} is no DOI, arXiv id, PubMed address or address of a repository at GitHub")


def _refuse_known(known: Known, doi: str, arxiv: str, pmid: str) -> None:
    for value, index in ((doi, known.by_doi), (arxiv, known.by_arxiv), (pmid, known.by_pmid)):
        for paper in sorted(index.get(value, set())) if value else ():
            raise EnrichError(f"{value} is that of paper/{paper}: 'stkg show {paper}' has it")


def _asked(client: Client, service: str, path: str, read: Callable[[Any], Work]) -> tuple[Work, str]:
    content, answer = client.get(service, path)
    work = read(content)
    if not work.title:
        raise FetchError(f"{services.SERVICES[service].label} says nothing of it")
    return work, answer.url


def _about_doi(client: Client, doi: str) -> tuple[Work, str]:
    try:
        return _asked(client, "crossref", services.crossref_path(doi), read_crossref)
    except FetchError as error:
        try:
            return _asked(client, "datacite", services.datacite_path(doi), read_datacite)
        except FetchError as other:
            raise FetchError(f"{error.summary}; {other.summary}") from other


def _of_work(work: Work, arxiv: str, reference: str, known: Known, name: str) -> Draft:
    catalog = known.catalog
    match = _NAME.match(work.title)
    name = name or (match[1] if match else "")
    if not name:
        raise EnrichError(f"the title does not say the method's name, {work.title[:80]!r}: give --name")
    key = _free_id(name, catalog.methods)
    year = work.years[0] if work.years else None
    open_points = ["add tasks, languages and frameworks, each with its source"]
    venue = known.venue(work.venue) if work.venue else None
    if work.venue and venue is None:
        open_points.append(f"no venue {work.venue!r} is in venues.yaml: add it, then name it in the paper")
    if not work.kind:
        open_points.append("the service does not say what kind of paper it is: 'article' may be wrong")
    paper_key = _free_id(f"{key}-{year}" if year else key, catalog.papers)
    fields: dict[str, Any] = {
        "title": work.title,
        "doi": None if arxiv else work.doi or None,
        "arxiv": arxiv or None,
        "pmid": work.pmid or None,
        "venue": venue.id if venue else None,
        "year": year,
        "published_on": work.published_on,
    }
    said = {field: value for field, value in fields.items() if value is not None}
    plain = {"id": paper_key, "kind": work.kind if work.kind in _KINDS else "article", **said}
    if work.people:
        names = identified((), paper_key, work.people, Identities(catalog))
        plain["authors"] = {"complete": work.whole, "names": names, "sources": (reference,)}
    versions = list(_versions(work, arxiv, known, reference))
    plain |= {"versions": versions, "sources": dict.fromkeys(said, (reference,))}
    link = {"paper": paper_key, "role": "introduces", "sources": (reference,)}
    method = {"id": key, "name": name, "evidence_level": "catalog-with-doi", "papers": [link]}
    method["sources"] = {"name": (reference,)}
    return _draft(_named(method, known), plain, open_points)


def _versions(work: Work, arxiv: str, known: Known, reference: str) -> Iterator[dict[str, Any]]:
    for related in work.related:
        other = related.arxiv or arxiv_of(related.doi)
        name = {"arxiv": other} if other else {"doi": related.doi}
        owned = known.by_arxiv.get(other, set()) if other else known.by_doi.get(related.doi, set())
        if not owned and other != arxiv:
            yield {"kind": related.kind, **name, "sources": (reference,)}


def _of_repository(repository: str, known: Known, client: Client, name: str) -> Draft:
    for key in sorted(known.by_repository.get(repository.lower(), set())):
        raise EnrichError(f"{repository} is the repository of method/{key}: 'stkg show {key}' has it")
    content, answer = client.get("github", services.github_path(repository))
    state = read_repository(content)
    if state is None:
        raise FetchError("GitHub says nothing of it")
    catalog = known.catalog
    name = name or state.name.partition("/")[2]
    source = (answer.url,)
    grants = [key for key, each in sorted(catalog.licenses.items()) if state.spdx and each.spdx == state.spdx]
    place: dict[str, Any] = {"url": f"https://github.com/{state.name}", "archived": state.archived, "sources": source}
    method: dict[str, Any] = {"id": _free_id(name, catalog.methods), "name": name, "evidence_level": "catalog-only"}
    method |= {"repository": {field: value for field, value in place.items() if value is not None}}
    method |= {"licenses": [{"license": key, "sources": source} for key in grants], "sources": {"name": source}}
    open_points = ["add the paper, tasks, languages and frameworks, each with its source"]
    if state.spdx and not grants:
        open_points.append(f"no licence {state.spdx} is in licenses.yaml: add it, then name it in the method")
    return _draft(_named(method, known), None, open_points)


def _named(method: dict[str, Any], known: Known) -> dict[str, Any]:
    """A second method of one name gets its id behind the name: a name leads to one record only."""
    name = method["name"]
    if any(fold(name) in {fold(m.name), *map(fold, m.synonyms)} for m in known.catalog.methods.values()):
        return {**method, "name": f"{name} ({method['id']})"}
    return method


def _draft(method: Mapping[str, Any], paper: Mapping[str, Any] | None, open_points: list[str]) -> Draft:
    try:
        made = Paper.model_validate(paper) if paper else None
        return Draft(Method.model_validate(method), made, tuple(open_points))
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        where = ".".join(map(str, detail["loc"]))
        raise FetchError(f"the answer does not make a record: {where}: {detail['msg']}") from error


def _free_id(name: str, taken: Mapping[str, object]) -> str:
    slug = slugify(name)
    if not slug:
        raise EnrichError(f"{name!r} has no letter for an id: give --name")
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"
