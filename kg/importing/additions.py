"""Facts of a row that the record it means does not have yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kg.catalog.plausibility import is_preprint_doi
from kg.importing.categories import categories_of
from kg.importing.entries import Entry
from kg.importing.known import Known, arxivs_of, dois_of
from kg.importing.matching import Candidate
from kg.importing.people import agreement
from kg.importing.rows import RowFact
from kg.iris import fold
from kg.model import Method, Strength


@dataclass(frozen=True)
class Addition:
    """A fact that is new.

    Attributes:
        kind: ``method`` or ``paper``.
        key: Id of the record.
        field: Its field, as shown.
        value: As shown to people.
        plain: What would stand in the record's file, without sources; None when it cannot be written as it is.
        strength: ``weak`` for what the list only suggests.
        note: For the record, or why the fact cannot be written.
        place: Its own place in the source, when it is not that of the row.
    """

    kind: str
    key: str
    field: str
    value: str
    plain: Any = None
    strength: Strength = "strong"
    note: str | None = None
    place: str = ""


def additions(entry: Entry, match: Candidate, known: Known) -> Iterator[Addition]:
    """Each fact that is new.

    A value that belongs to another record (a DOI of another paper) is no addition; :mod:`kg.importing.disagreements`
    reports it.
    """
    if match.method:
        yield from _of_method(entry, match.method, known)
    if match.paper:
        yield from _of_identifiers(entry, match.paper, known)
        yield from _of_paper(entry, match.paper, known)


def _of_method(entry: Entry, key: str, known: Known) -> Iterator[Addition]:
    method = known.catalog.methods[key]
    for repository in entry.repositories[:1]:
        if method.repository is None and not known.by_repository.get(repository.lower()):
            fuller = next((f.plain for f in entry.row.facts if f.field == "repository" and f.plain), None)
            if fuller:
                yield Addition("method", key, "repository", repository, dict(fuller))
                continue
            url = next(link.url for link in entry.links if repository in link.url)
            yield Addition("method", key, "repository", repository, {"url": forge_address(url, repository)})
    if not method.languages and entry.language:
        languages = known.words.languages_in(entry.language)
        for language in languages:
            yield Addition("method", key, "languages", language, {"language": language})
        if not languages and not known.words.frameworks_in(entry.language):
            yield Addition("method", key, "languages", entry.language, note="no language of ours has this name")
    has = {use.framework for use in method.frameworks}
    for fact in suggested(entry, known):
        if fact["field"] == "frameworks" and fact["plain"]["framework"] in has:
            continue
        if fact["field"] == "tasks" and fact["plain"]["task"] in {link.task for link in method.tasks}:
            continue
        yield Addition("method", key, **fact)
    yield from _of_facts(entry, key, known)


_ITEMS: Final = {
    "languages": "language",
    "frameworks": "framework",
    "licenses": "license",
    "datasets": "dataset",
    "requirements": "package",
}


def _of_facts(entry: Entry, key: str, known: Known) -> Iterator[Addition]:
    """What a README or repository says beside its fields."""
    method = known.catalog.methods[key]
    for fact in entry.row.facts:
        if fact.field == "repository":
            ours = method.repository
            if ours is None and not entry.repositories:
                yield Addition("method", key, "repository", fact.value, fact.plain, place=fact.place)
            elif ours is not None and fact.plain and forge_address(ours.url, fact.value) == ours.url.rstrip("/"):
                yield from _of_state(method, fact)
            continue
        name = _ITEMS[fact.field]
        has = {fold(str(getattr(item, name))) for item in getattr(method, fact.field)}
        if fact.field == "frameworks" and fact.plain and fact.plain["use"] == "declares":
            # The requirement says it already.
            has |= {fold(need.framework) for need in method.requirements if need.framework}
        value = fact.plain[name] if fact.plain else fact.value
        if fold(value) not in has:
            plain = dict(fact.plain) if fact.plain else None
            yield Addition("method", key, fact.field, fact.value, plain, fact.strength, fact.note, fact.place)


def _of_state(method: Method, fact: RowFact) -> Iterator[Addition]:
    """The commit that was read and its days; never beside those of another state of the repository."""
    ours = method.repository
    if ours is None or ours.commit or ours.last_commit or fact.plain is None:
        return
    for part in ("commit", "first_commit", "last_commit"):
        value = fact.plain.get(part)
        if value and getattr(ours, part) is None:
            yield Addition("method", method.id, f"repository.{part}", str(value), value, place=fact.place)


def suggested(entry: Entry, known: Known) -> Iterator[Mapping[str, Any]]:
    """Weak facts on a method: tasks that headings name, and frameworks that stand beside the language."""
    for heading in categories_of(entry):
        tasks = known.words.tasks_in(heading)
        for task in tasks:
            note = f"filed under “{heading.strip('*_# ')[:100]}”"
            yield {"field": "tasks", "value": task, "plain": {"task": task}, "strength": "weak", "note": note}
        if tasks:
            break
    for framework in known.words.frameworks_in(entry.language):
        plain = {"framework": framework, "use": "declares"}
        note = "named by the list; the code was not read"
        yield {"field": "frameworks", "value": framework, "plain": plain, "strength": "weak", "note": note}


def forge_address(url: str, repository: str) -> str:
    """Address of a repository's front page, from any address in it."""
    host = next((h for h in ("gitlab.com", "bitbucket.org") if h in url.lower()), "github.com")
    return f"https://{host}/{repository}"


def _of_identifiers(entry: Entry, key: str, known: Known) -> Iterator[Addition]:
    paper = known.catalog.papers[key]
    ours = dois_of(paper)
    for doi in entry.dois:
        if doi in ours or known.by_doi.get(doi):
            continue
        if not ours:
            yield Addition("paper", key, "doi", doi, doi)
        elif is_preprint_doi(doi):
            yield Addition("paper", key, "versions.doi", doi, {"kind": "preprint", "doi": doi})
        else:
            note = "whether it is another version or a wrong link is not known: decide by hand"
            yield Addition("paper", key, "versions.doi", doi, note=note)
    for arxiv in entry.arxivs:
        if arxiv not in arxivs_of(paper) and not known.by_arxiv.get(arxiv):
            alone = paper.arxiv is None and not ours
            plain: Any = arxiv if alone else {"kind": "preprint", "arxiv": arxiv}
            yield Addition("paper", key, "arxiv" if alone else "versions.arxiv", arxiv, plain)
    for pmid in entry.pmids[:1]:
        if paper.pmid is None and known.by_pmid.get(pmid, {key}) == {key}:
            yield Addition("paper", key, "pmid", pmid, pmid)


def _of_paper(entry: Entry, key: str, known: Known) -> Iterator[Addition]:
    paper = known.catalog.papers[key]
    if paper.year is None and entry.year and paper.published_on is None:
        if entry.year_from == "cell":
            yield Addition("paper", key, "year", str(entry.year), entry.year)
        else:
            note = "the year of a section is not always that of the paper: decide by hand"
            yield Addition("paper", key, "year", str(entry.year), note=note)
    if paper.venue is None and entry.venue:
        venue = known.venue(entry.venue)
        why = None if venue else "no venue of ours has this name: add it to venues.yaml first"
        if venue and paper.doi and venue.doi_prefixes and not paper.doi.startswith(venue.doi_prefixes):
            venue, why = None, "the paper's DOI does not begin as the venue's do"
        yield Addition("paper", key, "venue", entry.venue, venue.id if venue else None, note=why)
    names, listed = known.authors(key), list(entry.authors)
    if entry.authors_cut or len(listed) < 2:
        return
    complete = paper.authors is not None and paper.authors.complete
    if not names or (not complete and len(listed) > len(names) and agreement(names, listed) >= 0.9):
        yield Addition("paper", key, "authors", "; ".join(listed), {"complete": True, "names": tuple(listed)})
