"""Rules that hold what a record says against where it says it stands: dates, versions, places, scope.

They catch the ways in which facts of lists went wrong: the year or title of another version, a word found inside
another word, a library that only a baseline imports, two methods in one repository. A rule here never guesses: what is
only suspicious is no fault.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from kg.catalog.finding import Finding, Rule
from kg.model import Catalog, Method, Paper, Sourced, Version, parse_reference

_PREPRINT_DATE: Final = re.compile(r"10\.(?:1101|64898)/(\d{4})\.\d{2}\.\d{2}\.\d+")
# DOIs of bioRxiv and medRxiv, arXiv, Research Square, Preprints.org, SSRN, OSF, ChemRxiv, Authorea and TechRxiv.
# Genome Research shares 10.1101.
_PREPRINT_DOI: Final = re.compile(
    r"10\.1101/(\d{4}\.\d{2}\.\d{2}\.)?\d{6,}|10\.64898/.+|10\.48550/.+|10\.21203/.+|10\.20944/.+|10\.2139/ssrn.+"
    r"|10\.31219/.+|10\.26434/.+|10\.22541/.+|10\.36227/.+"
)
_PREPRINT_SERVERS: Final = frozenset({"arxiv", "biorxiv", "medrxiv", "research-square"})
_ARXIV_YEAR: Final = re.compile(r"(\d{2})\d{2}\.\d{4,5}")
_DOI_IN_URL: Final = re.compile(r"/(10\.\d{4,9}/[^\s?#]+?)(?:v\d+)?(?:\.full|\.abstract)?(?:[?#].*)?$")
_ARXIV_IN_URL: Final = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})")
# What is not the method: tests, notebooks, baselines, copies of other people's code, settings of the documentation.
_NOT_THE_METHOD: Final = re.compile(
    r"(?i)(?:^|/)(?:tests?|notebooks?|tutorials?|examples?|benchmark\w*|baselines?|compared?_methods|comparisons?"
    r"|other_methods|existing_methods|external|third_?party|vendor(?:ed)?|reproducib\w*|experiments?|evaluation|figure_scripts|\.github"
    r"|\.ipynb_checkpoints)/|\.ipynb\b|(?:^|/)conf\.py\b"
)
_NOT_FOR_DATA: Final = re.compile(
    r"(?i)(?:^|/)(?:tests?|benchmark\w*|baselines?|compared_methods|other_methods|existing_methods|external|third_?party"
    r"|vendor(?:ed)?|\.github|\.ipynb_checkpoints)/|\.ipynb\b|(?:^|/)conf\.py\b"
)
_TITLE_WORD: Final = re.compile(r'stkg-curation:title word "(?P<word>[^"]+)"')
_SPATIAL: Final = re.compile(
    r"(?i)spati|tissue|histolog|in situ|visium|slide-?seq|stereo-?seq|seqfish|merfish|\bfish\b|xenium|cosmx|\bcodex\b"
    r"|niche|microenvironment|morpholog|neighbou?r|\bslices?\b|\bsections?\b|\bspots?\b|imag(?:e|ing)|multiplexed"
    r"|patholog|\b3d\b|subcellular|embryo|organoid|region"
)


def is_preprint_doi(doi: str) -> bool:
    """Whether a DOI is one of a preprint server.

    >>> is_preprint_doi("10.1101/2021.11.26.470166"), is_preprint_doi("10.1101/gr.271288.120")
    (True, False)
    """
    return _PREPRINT_DOI.fullmatch(doi) is not None


def _first_year(doi: str | None, arxiv: str | None) -> int | None:
    """Year in which a preprint came out, as its identifier says."""
    dated = _PREPRINT_DATE.fullmatch(doi or "")
    if dated:
        return int(dated[1])
    numbered = _ARXIV_YEAR.fullmatch(arxiv or (doi or "").removeprefix("10.48550/arxiv."))
    return 2000 + int(numbered[1]) if numbered else None


def dates_agree(catalog: Catalog) -> Iterator[Finding]:
    """Years fit days, each other, and the DOI or arXiv id of a preprint; no preprint is later than its article."""
    for key, paper in catalog.papers.items():
        if paper.year and paper.published_on and not -1 <= paper.year - paper.published_on.year <= 1:
            message = f"{paper.year} does not fit published_on {paper.published_on}"
            yield Finding("paper", key, ("year",), message, "both must belong to the same version")
        # The arXiv id of a published paper only says when its preprint came out.
        first = _first_year(paper.doi, paper.arxiv if paper.doi is None and paper.kind == "preprint" else None)
        if first and paper.year and paper.year != first:
            what = "DOI" if paper.doi else "arXiv id"
            message = f"{paper.year} does not fit the {what}, which dates from {first}"
            yield Finding("paper", key, ("year",), message, "a preprint has the year of its first version")
        for index, version in enumerate(paper.versions):
            yield from _version_dates(key, paper, index, version)
    for key, method in catalog.methods.items():
        repository = method.repository
        first_day, last_day = (repository.first_commit, repository.last_commit) if repository else (None, None)
        if first_day and last_day and first_day > last_day:
            yield Finding("method", key, ("repository", "first_commit"), "is later than last_commit", "swap them")


def _version_dates(key: str, paper: Paper, index: int, version: Version) -> Iterator[Finding]:
    first = _first_year(version.doi, version.arxiv)
    if first and version.year and version.year != first:
        what = "DOI" if _first_year(version.doi, None) else "arXiv id"
        message = f"{version.year} does not fit the {what}, which dates from {first}"
        yield Finding("paper", key, ("versions", index, "year"), message)
    year = version.year or first
    if (
        version.kind == "preprint"
        and paper.kind not in {"preprint", None}
        and paper.year
        and year
        and year > paper.year
    ):
        message = f"is a preprint of {year}, later than the paper of {paper.year}"
        hint = "a work that came later has a record of its own"
        yield Finding("paper", key, ("versions", index), message, hint)


def venues_agree(catalog: Catalog) -> Iterator[Finding]:
    """A paper's DOI begins as its venue's DOIs do."""
    for key, paper in catalog.papers.items():
        venue = catalog.venues.get(paper.venue or "")
        if venue is None or paper.doi is None or not venue.doi_prefixes:
            continue
        if not paper.doi.startswith(venue.doi_prefixes):
            message = f"{paper.doi} is not a DOI of {venue.label} ({', '.join(venue.doi_prefixes)})"
            yield Finding("paper", key, ("doi",), message, "correct the DOI or the venue; never mix two versions")


def kinds_agree(catalog: Catalog) -> Iterator[Finding]:
    """A paper or version is a preprint exactly when its DOI, or without one its venue or arXiv id, is a preprint's."""
    for key, paper in catalog.papers.items():
        is_preprint = _is_preprint(paper)
        if is_preprint and paper.kind != "preprint":
            hint = "preprint, or the identifier of the published version"
            yield Finding("paper", key, ("kind",), f"is {paper.kind or 'absent'} with a preprint's identifier", hint)
        elif not is_preprint and paper.kind == "preprint":
            hint = "leave kind out when no source says what it is"
            yield Finding("paper", key, ("kind",), "is preprint, but nothing here is a preprint's", hint)
        for index, version in enumerate(paper.versions):
            if version.doi and version.kind in {"preprint", "journal", "conference"}:
                of_server = is_preprint_doi(version.doi)
                if of_server != (version.kind == "preprint"):
                    message = f"is {version.kind}, but {version.doi} is {'' if of_server else 'not '}a preprint's"
                    yield Finding("paper", key, ("versions", index, "kind"), message, "correct the kind or the DOI")


def _is_preprint(paper: Paper) -> bool:
    if paper.doi:
        return is_preprint_doi(paper.doi)
    if paper.venue:
        return paper.venue in _PREPRINT_SERVERS
    return paper.kind == "preprint" and paper.arxiv is not None


def _identifier(reference: str) -> str | None:
    """DOI or arXiv id that a reference is the page of, or None."""
    parts = parse_reference(reference) or {}
    if "doi" in parts:
        return parts["doi"].lower()
    numbered = _ARXIV_IN_URL.search(parts.get("url", ""))
    named = _DOI_IN_URL.search(parts.get("url", ""))
    return numbered[1] if numbered else named[1].lower() if named else None


def fields_are_of_one_version(catalog: Catalog) -> Iterator[Finding]:
    """Title, venue and year do not rest on the pages of other versions only; an author list that does has a note."""
    for key, paper in catalog.papers.items():
        own = {paper.doi, paper.arxiv, f"10.48550/arxiv.{paper.arxiv}"}
        others = {name for version in paper.versions for name in (version.doi, version.arxiv) if name} - own
        for field in ("title", "venue", "year"):
            other = _only_of(others, paper.sources.get(field, ()))
            if other:
                hint = "take title, venue, year and DOI from one version"
                yield Finding("paper", key, ("sources", field), f"names only another version: {other}", hint)
        authors = paper.authors
        other = _only_of(others, authors.sources) if authors and not authors.note else None
        if other:
            hint = "say in authors.note which version printed the list"
            yield Finding("paper", key, ("authors",), f"is the list of another version: {other}", hint)


def _only_of(versions: set[str], references: tuple[str, ...]) -> str | None:
    """A version, when every reference is a page of one of these versions; None otherwise."""
    named = [_identifier(reference) for reference in references]
    return named[0] if named and all(name in versions for name in named) else None


def title_words_stand_in_titles(catalog: Catalog) -> Iterator[Finding]:
    """A task taken from a word of the title is weak, and the word stands there whole and outside the method's name."""
    for key, method in catalog.methods.items():
        for index, link in enumerate(method.tasks):
            words = [match["word"] for match in map(_TITLE_WORD.fullmatch, link.sources) if match]
            if words and len(words) == len(link.sources) and link.strength != "weak":
                hint = "add strength: weak, or a source that says it"
                yield Finding("method", key, ("tasks", index), "rests on a word of the title, but is not weak", hint)
            for word in words:
                if not any(_stands_in(word, title, method.name) for title in _titles(catalog, method)):
                    hint = "name a word of the title, or remove the task"
                    yield Finding("method", key, ("tasks", index, "sources"), f"{word!r} is no word of the title", hint)


def _titles(catalog: Catalog, method: Method) -> Iterator[str]:
    for link in method.papers:
        paper = catalog.papers.get(link.paper)
        if paper is not None:
            yield paper.title
            yield from (version.title for version in paper.versions if version.title)


def _stands_in(word: str, title: str, name: str) -> bool:
    title = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", " ", title)
    return re.search(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", title) is not None


def places_count(catalog: Catalog) -> Iterator[Finding]:
    """What only stands in notebooks, tests, baselines or copied code is weak, or a note says why it counts."""
    for key, method in catalog.methods.items():
        own: list[tuple[str, int, Sourced]] = []
        own += [("languages", index, link) for index, link in enumerate(method.languages)]
        own += [("frameworks", index, link) for index, link in enumerate(method.frameworks) if link.use == "imports"]
        for field, index, link in own:
            yield from _place(key, field, index, link, _NOT_THE_METHOD)
        for index, used in enumerate(method.datasets):
            yield from _place(key, "datasets", index, used, _NOT_FOR_DATA)


def _place(key: str, field: str, index: int, link: Sourced, elsewhere: re.Pattern[str]) -> Iterator[Finding]:
    if link.strength == "weak" or link.note:
        return
    paths = [(parse_reference(reference) or {}).get("path", "") for reference in link.sources]
    if all(elsewhere.search(path) for path in paths):
        hint = "add strength: weak, or a note that says why this place counts"
        yield Finding("method", key, (field, index), f"stands only in {paths[0]}, which is not the method", hint)


def repositories_are_explained(catalog: Catalog) -> Iterator[Finding]:
    """Two current methods in one repository, or introduced by one paper, are linked by lineage or say why in a note."""
    sharing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, method in catalog.methods.items():
        if method.status != "current":
            continue
        if method.repository:
            sharing["repository", method.repository.url.casefold().rstrip("/").removesuffix(".git")].append(key)
        for link in method.papers:
            if link.role == "introduces":
                sharing["papers", link.paper].append(key)
    for (field, value), keys in sharing.items():
        for key in keys[1:] if len(keys) > 1 else ():
            if not any(_is_explained(catalog, field, value, key, other) for other in keys if other != key):
                message = f"is also that of {', '.join(other for other in keys if other != key)}"
                hint = "add the lineage or a note, or merge the two records"
                yield Finding("method", key, (field,), message, hint)


def _is_explained(catalog: Catalog, field: str, value: str, key: str, other: str) -> bool:
    pair = catalog.methods[key], catalog.methods[other]
    if any(link.method in {key, other} for method in pair for link in method.lineage):
        return True
    if field == "repository":
        return any(method.repository and method.repository.note for method in pair)
    return any(link.note for method in pair for link in method.papers if link.paper == value)


def scope_has_grounds(catalog: Catalog) -> Iterator[Finding]:
    """A method in scope shows something of space: task, title, summary, data set, list of such methods, scope_note."""
    for key, method in catalog.methods.items():
        if method.scope != "spatial" or method.scope_note or method.datasets or not method.tasks:
            continue
        if any(link.task not in catalog.tasks for link in method.tasks):
            continue  # another rule reports it
        links = (*method.tasks, *method.papers)
        references = [reference for link in links for reference in link.sources]
        references += [reference for given in method.sources.values() for reference in given]
        texts = [method.name, method.summary or "", *method.synonyms, *_titles(catalog, method), *references]
        texts += [link.note for link in links if link.note]
        for link in method.tasks:
            texts += [catalog.tasks[link.task].label, *catalog.tasks[link.task].synonyms]
        texts += _list_labels(catalog, references)
        if not any(_SPATIAL.search(text) for text in texts):
            hint = "say in scope_note what is spatial, or set the scope"
            yield Finding("method", key, ("tasks",), "shows nothing of space, but is in scope", hint)


def _list_labels(catalog: Catalog, references: list[str]) -> Iterator[str]:
    """Labels of the lists among the sources: a list of spatial methods says so; a catalog may hold others as well."""
    for reference in references:
        source = catalog.sources.get((parse_reference(reference) or {}).get("source", ""))
        if source is not None and source.kind == "list":
            yield source.label


RULES: Final[tuple[Rule, ...]] = (
    dates_agree,
    venues_agree,
    kinds_agree,
    fields_are_of_one_version,
    title_words_stand_in_titles,
    places_count,
    repositories_are_explained,
    scope_has_grounds,
)

__all__ = ["RULES", "is_preprint_doi"]
