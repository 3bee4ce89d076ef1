"""Where a row and the record it means disagree, by rule."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from kg.importing.entries import Entry
from kg.importing.findings import Finding
from kg.importing.known import Known, arxivs_of, dois_of, titles_of
from kg.importing.matching import Candidate, similarity, title_likeness
from kg.importing.people import agreement
from kg.importing.text import repository_of, title_key
from kg.iris import fold
from kg.model import Paper, Sourced

_SAME: Final = 0.34  # below this share of common names, an author list is another's
_ALIKE: Final = 0.55
_LATE: Final = 11  # a paper that is online in this month or later may belong to an issue of the next year
_SERVERS: Final = frozenset({"biorxiv", "arxiv", "medrxiv"})
_PREPRINT: Final = ("10.1101/", "10.48550/", "10.64898/", "10.21203/", "10.2139/")


def fact_findings(entry: Entry, match: Candidate, known: Known) -> Iterator[Finding]:
    """Places where a row and the record it means disagree."""
    if match.method:
        yield from _method_findings(entry, match, known)
        yield from _heading_findings(entry, match.method, known)
    if match.paper:
        paper = known.catalog.papers[match.paper]
        yield from _title_findings(entry, paper, known)
        yield from _identifier_findings(entry, match.paper, known)
        yield from _venue_findings(entry, paper, known)
        yield from _year_findings(entry, paper, known)
        yield from _author_findings(entry, match.paper, known)


def _method_findings(entry: Entry, match: Candidate, known: Known) -> Iterator[Finding]:
    method = known.catalog.methods[match.method]
    names = [method.name, *method.synonyms]
    if entry.name and entry.name not in names and fold(entry.name).replace(" ", "") != "":
        likeness = SequenceMatcher(None, title_key(entry.name), title_key(method.name)).ratio()
        if likeness >= 0.7:
            yield Finding(
                entry.line, "name-spelling", "name", entry.name, method.name, "ours", "our sources spell it so"
            )
    ours = repository_of(method.repository.url) if method.repository else None
    listed = [repository.lower() for repository in entry.repositories]
    if ours and listed and ours.lower() not in listed:
        why = "moved, a companion, or another method's"
        yield Finding(entry.line, "other-repository", "repository", entry.repositories[0], ours, "unsettled", why)
    languages = {use.language for use in method.languages}
    printed = known.words.languages_in(entry.language)
    if languages and printed and not set(printed) <= languages:
        wanted = ", ".join(use.language for use in method.languages)
        why = "the code of the repository is in another language"
        yield Finding(entry.line, "wrong-language", "language", entry.language, wanted, "ours", why)
    elif printed and len(method.languages) > len(printed) and _all_strong(method.languages):
        wanted = ", ".join(use.language for use in method.languages)
        why = "parts of the method are written in others as well"
        yield Finding(entry.line, "language-left-out", "language", entry.language, wanted, "ours", why)


def _heading_findings(entry: Entry, key: str, known: Known) -> Iterator[Finding]:
    """The heading of a README that is the title of another method's paper."""
    heading = entry.own_field("heading")
    papers = known.by_title.get(title_key(heading), set()) if len(title_key(heading)) >= 20 else set()
    own = {link.paper for link in known.catalog.methods[key].papers}
    for paper in sorted(papers - own) if not papers & own else ():
        right = next((known.catalog.papers[one].title for one in sorted(own)), "")
        why = f"it is the title of paper/{paper}"
        yield Finding(
            entry.row.heading_line or entry.line, "title-of-another-paper", "title", heading, right, "ours", why
        )


def _all_strong(uses: Sequence[Sourced]) -> bool:
    return all(use.strength == "strong" for use in uses)


def _title_findings(entry: Entry, paper: Paper, known: Known) -> Iterator[Finding]:
    if not entry.title:
        return
    line, listed, ours = entry.line, entry.title, paper.title
    yield from _lost_capitals(line, listed, titles_of(paper))
    if title_key(listed) == title_key(ours):
        return
    other = next((t for t in titles_of(paper)[1:] if title_key(t) == title_key(listed)), None)
    if other and _means_preprint(entry, paper, known):
        return  # the row means that version, and says so
    likeness = similarity(listed, ours)
    if not other and title_key(ours).startswith(title_key(listed)) and likeness >= 0.9:
        yield Finding(line, "title-truncated", "title", listed, ours, "ours", "the end of the title is missing")
    elif other or likeness >= 0.55:
        why = "the title of another version" if other else "our sources have another wording"
        yield Finding(line, "title-variant", "title", listed, ours, "unsettled" if not other else "ours", why)


def _lost_capitals(line: int, listed: str, titles: Sequence[str]) -> Iterator[Finding]:
    """A name that lost its capitals, beside the title that a row means."""
    ours = next((title for title in titles if title_key(title) == title_key(listed)), "")
    words = zip(fold_words(listed), fold_words(ours), strict=False)
    wrong = [(a, b) for a, b in words if a != b and a.casefold() == b.casefold() and re.search(r"[\w&][A-Z]", b)]
    for a, b in wrong[:1]:
        yield Finding(line, "capitalisation", "title", a, b, "ours", "capitals of a name were lost")


def _means_preprint(entry: Entry, paper: Paper, known: Known) -> bool:
    """Whether link and venue of a row are those of a preprint of the work."""
    ids = {
        doi for version in paper.versions if version.kind == "preprint" for doi in (version.doi, version.arxiv) if doi
    }
    said = known.venue(entry.venue) if entry.venue else None
    by_venue = not entry.venue or (said is not None and said.id in _SERVERS)
    return by_venue and bool(ids & {*entry.dois, *entry.arxivs})


def fold_words(text: str) -> list[str]:
    """Words of a title without punctuation, case kept."""
    return re.findall(r"[\w&]+", text)


def _identifier_findings(entry: Entry, own: str, known: Known) -> Iterator[Finding]:
    paper = known.catalog.papers[own]
    ours = dois_of(paper)
    for doi in entry.dois:
        others = sorted(known.by_doi.get(doi, set()) - {own})
        if others and doi not in ours:
            title = known.catalog.papers[others[0]].title
            right = paper.doi or ""
            why = f"it is the DOI of paper/{others[0]} ({title[:60]})"
            yield Finding(entry.line, "wrong-link", "link", doi, right, "ours", why)
        elif ours and doi not in ours and not doi.startswith(_PREPRINT):
            yield Finding(entry.line, "other-doi", "doi", doi, ours[0], "unsettled", "another version, or a wrong link")
    for arxiv in entry.arxivs:
        others = sorted(known.by_arxiv.get(arxiv, set()) - {own})
        if others and arxiv not in arxivs_of(paper):
            why = f"it is the arXiv id of paper/{others[0]}"
            yield Finding(entry.line, "wrong-link", "link", arxiv, paper.arxiv or "", "ours", why)
    published = paper.doi and not paper.doi.startswith(_PREPRINT) and paper.doi not in entry.dois
    if paper.doi and published and entry.dois and all(doi.startswith(_PREPRINT) for doi in entry.dois):
        why = "the work has been published since"
        yield Finding(entry.line, "superseded-preprint", "link", entry.dois[0], paper.doi, "ours", why)


def foreign_identifiers(entry: Entry, known: Known) -> list[Finding]:
    """Identifiers of a row that no record fits which are those of a paper of ours with another title."""
    found = []
    indexes = ((entry.dois, known.by_doi, "DOI"), (entry.arxivs, known.by_arxiv, "arXiv id"))
    for values, index, kind in indexes:
        for value in values:
            for paper in sorted(index.get(value, ())):
                if entry.title and title_likeness(known, entry.title, paper) < _ALIKE:
                    why = f"it is the {kind} of paper/{paper}"
                    found.append(Finding(entry.line, "wrong-link", "link", value, "", "ours", why))
    said = known.venue(entry.venue) if entry.venue else None
    for doi in entry.dois:
        by_doi = known.venue_of_doi(doi)
        if said and by_doi and said.id != by_doi.id and not doi.startswith(_PREPRINT):
            why = f"{doi} begins as the DOIs of {by_doi.label} do"
            found.append(Finding(entry.line, "wrong-venue", "venue", entry.venue, by_doi.label, "unsettled", why))
    return found


def _venue_findings(entry: Entry, paper: Paper, known: Known) -> Iterator[Finding]:
    printed = re.sub(r"\s*\(?(?:spotlight|oral|poster|highlight)\)?", "", entry.venue, flags=re.IGNORECASE)
    printed = re.sub(r"[\s'’]*\b(?:19|20)?\d\d\b.*$", "", printed).strip()
    if not printed:
        return
    right = known.catalog.venues.get(paper.venue or "")
    said, by_doi = known.venue(printed), next((v for d in entry.dois if (v := known.venue_of_doi(d))), None)
    is_preprint = fold(printed) in {"biorxiv", "arxiv", "medrxiv", "preprint", "research square"}
    if right is None or (is_preprint and any(v.kind == "preprint" for v in paper.versions)):
        right = by_doi
    if right is None or is_preprint:
        if right is not None and said is not None and said.id == right.id and printed not in _names(right):
            yield Finding(entry.line, "venue-spelling", "venue", printed, right.label, "ours", "spelt otherwise")
        return
    if said is not None and said.id != right.id:
        why = (
            "the DOI of the link begins as that venue's do" if by_doi and by_doi.id == right.id else "our paper says so"
        )
        yield Finding(entry.line, "wrong-venue", "venue", printed, right.label, "ours", why)
    elif said is None:
        near = max(SequenceMatcher(None, fold(printed), fold(name)).ratio() for name in _names(right))
        rule = "venue-spelling" if near >= 0.7 else "wrong-venue"
        yield Finding(entry.line, rule, "venue", printed, right.label, "ours", "no venue of this name is known")
    elif printed != right.label and SequenceMatcher(None, fold(printed), fold(right.label)).ratio() >= 0.9:
        yield Finding(entry.line, "venue-spelling", "venue", printed, right.label, "ours", "spelt otherwise")
    elif printed not in _names(right):
        same = any(printed.casefold() == name.casefold() for name in _names(right))
        rule = "venue-spelling" if same else "abbreviated-venue"
        yield Finding(entry.line, rule, "venue", printed, right.label, "ours", "spelt otherwise")


def _names(venue: object) -> tuple[str, ...]:
    return (getattr(venue, "label", ""), *getattr(venue, "synonyms", ()))


def _year_findings(entry: Entry, paper: Paper, known: Known) -> Iterator[Finding]:
    if entry.year is None or paper.year is None or entry.year == paper.year:
        return
    if entry.year_from == "cell" and entry.reference_year and entry.year != entry.reference_year:
        return  # the row contradicts itself; that was said
    said = known.venue(entry.venue) if entry.venue else None
    as_preprint = not entry.venue or said is None or said.id in _SERVERS
    if as_preprint and entry.year in {version.year for version in paper.versions}:
        return
    if paper.published_on and paper.published_on.month >= _LATE and entry.year == paper.published_on.year + 1:
        return  # online at the end of a year, in an issue of the next: both are right
    where = "stands in the section of" if entry.year_from == "section" else "is listed with"
    why = f"{where} {entry.year}, the paper is of {paper.year}"
    yield Finding(entry.line, "wrong-year", "year", str(entry.year), str(paper.year), "ours", why)


def _author_findings(entry: Entry, own: str, known: Known) -> Iterator[Finding]:
    listed, ours = list(entry.authors), known.authors(own)
    yield from _joined_names(entry, ours)
    if len(listed) < 2 or not ours:
        return
    share = agreement(listed, ours)
    printed = entry.raw.get("authors", "")
    if share < _SAME:
        owner = _owner_of(listed, own, known)
        rule = "authors-swapped" if owner else "other-authors"
        why = f"they are those of paper/{owner}" if owner else "they are not the authors of our paper"
        yield Finding(entry.line, rule, "authors", printed[:200], ", ".join(ours)[:200], "ours", why)
        whole = known.authors(owner) if owner else []
        if _abbreviated(listed, whole):
            yield _initials_only(entry, printed, whole)
    elif entry.authors_cut and len(listed) < len(ours):
        why = f"{len(listed)} of {len(ours)} authors"
        yield Finding(entry.line, "author-list-cut", "authors", printed[:200], ", ".join(ours)[:200], "ours", why)
    elif _abbreviated(listed, ours):
        yield _initials_only(entry, printed, ours)
    elif share == 1.0 and len(listed) == len(ours):
        order = [agreement([a], [b]) for a, b in zip(listed, ours, strict=True)]
        if sum(order) < len(order) - 0.5:
            yield Finding(
                entry.line, "author-order", "authors", printed[:200], ", ".join(ours)[:200], "unsettled", "order"
            )


def _abbreviated(listed: Sequence[str], ours: Sequence[str]) -> bool:
    return bool(ours) and all(map(_has_initials, listed)) and not any(map(_has_initials, ours))


def _initials_only(entry: Entry, printed: str, ours: Sequence[str]) -> Finding:
    why = "only initials of given names are printed"
    return Finding(entry.line, "abbreviated-authors", "authors", printed[:200], ", ".join(ours)[:200], "ours", why)


def _joined_names(entry: Entry, ours: Sequence[str]) -> Iterator[Finding]:
    """Names of our authors that are printed without the blank between their words, such as ``KaiTan``."""
    words = set(re.findall(r"\w+", f"{entry.raw.get('authors', '')} {entry.reference}"))
    for name in ours:
        joined = name.replace(" ", "")
        if " " in name and joined in words:
            yield Finding(entry.line, "missing-blank", "authors", joined, name, "ours", "no blank within a name")


def _has_initials(name: str) -> bool:
    """Whether the given names of a person are initials only, before or after the family name."""
    words = name.replace(".", " ").split()
    return any(all(len(w) <= 2 and w.isupper() for w in part) for part in (words[1:], words[:-1]) if part)


def _owner_of(listed: Sequence[str], own: str, known: Known) -> str:
    """The paper whose author list this is, or ``""``: all names agree, and there are as many."""
    for paper in sorted(known.catalog.papers):
        ours = known.authors(paper)
        if paper != own and len(ours) == len(listed) and agreement(list(listed), ours) >= 0.9:
            return paper
    return ""
