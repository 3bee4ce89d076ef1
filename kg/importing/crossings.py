"""What several rows of one source say together: the same record twice, and fields that stand at another row's entry.

Most of it needs no record of ours, so that a list is checked whose papers we do not have.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from kg.importing.entries import Entry
from kg.importing.findings import Finding
from kg.importing.known import Known
from kg.importing.matching import Match, similarity
from kg.importing.people import agreement, leading_authors, signatures, split_authors
from kg.importing.text import title_key
from kg.iris import fold

_OTHER: Final = 0.34
_SAME: Final = 0.6
_LONG: Final = 20


def repeated_titles(entries: Sequence[Entry]) -> dict[int, int]:
    """Rows that have the title of the row above under another name, with the line of that row."""
    found = {}
    above: Entry | None = None
    for index, entry in enumerate(entries):
        if entry.reason:
            continue
        key = title_key(entry.title)
        same = above is not None and len(key) >= _LONG and key == title_key(above.title)
        if same and above is not None and entry.name and fold(entry.name) != fold(above.name):
            found[index] = above.line
        above = entry
    return found


def crossings(entries: Sequence[Entry], matches: Sequence[Match], known: Known) -> dict[int, list[Finding]]:
    """Findings by index of the row.

    Args:
        entries: All rows of the source.
        matches: What each means, as many.
        known: Our records.
    """
    found: dict[int, list[Finding]] = defaultdict(list)
    for index, line in repeated_titles(entries).items():
        why = f"line {line} has the same title under another name"
        found[index].append(_finding(entries[index], "title-of-another-paper", "title", entries[index].title, "", why))
    for index, first in same_records(entries, matches).items():
        why = f"line {entries[first].line} means the same"
        listed = entries[index].name or entries[index].title
        found[index].append(_finding(entries[index], "repeated-entry", "row", listed, "", why))
    for index, finding in _swapped_names(entries):
        if not _is_ours(finding, matches[index], known):
            found[index].append(finding)
    for index, finding in _swapped_authors(entries):
        found[index].append(finding)
    for index, finding in _shared_links(entries, matches):
        found[index].append(finding)
    for index, finding in _authors_elsewhere(entries, matches, known):
        found[index].append(finding)
    return found


def _finding(entry: Entry, rule: str, field: str, listed: str, ours: str, why: str) -> Finding:
    return Finding(entry.line, rule, field, listed[:200], ours[:200], "unsettled", why)


def same_records(entries: Sequence[Entry], matches: Sequence[Match]) -> dict[int, int]:
    """Rows that mean what an earlier row means, with the index of the first such row.

    Rows that no record fits mean the same when they share an identifier of a paper, or title and name, or repository
    and name, and none of these speaks against it.
    """
    found: dict[int, int] = {}
    first: dict[tuple[str, ...], int] = {}
    for index, (entry, match) in enumerate(zip(entries, matches, strict=True)):
        if entry.reason or match.ambiguous:
            continue
        keys = [("record", match.best.method, match.best.paper)] if match.best else list(_own_keys(entry))
        earlier = next((first[key] for key in keys if key in first and _may_be_one(entry, entries[first[key]])), None)
        if earlier is not None:
            found[index] = earlier
        for key in keys:
            first.setdefault(key, index)
    return found


def _own_keys(entry: Entry) -> Iterator[tuple[str, ...]]:
    name, title = fold(entry.name or entry.title_name), title_key(entry.title)
    yield from (("id", value) for value in (*entry.dois, *entry.arxivs, *entry.pmids))
    if len(title) >= _LONG:
        yield ("title", title)
    yield from (("repository", repository.lower(), name) for repository in entry.repositories if name)
    if name and not entry.title and not entry.has_identifier:
        yield ("name", name)


def _may_be_one(entry: Entry, other: Entry) -> bool:
    """Whether neither names nor titles of two rows differ."""
    names = {fold(one.name or one.title_name) for one in (entry, other)} - {""}
    titles = entry.title and other.title
    return len(names) < 2 and not (titles and similarity(entry.title, other.title) < 0.8)


def _swapped_names(entries: Sequence[Entry]) -> Iterator[tuple[int, Finding]]:
    """Titles and repositories that bear the name of another row, and not that of their own."""
    names = {fold(e.name): i for i, e in enumerate(entries) if not e.reason and len(fold(e.name)) >= 3}
    for index, entry in enumerate(entries):
        if entry.reason or not entry.name:
            continue
        own = fold(entry.name)
        said = fold(entry.title_name)
        other = names.get(said)
        if said != own and other is not None and other != index and entries[other].title != entry.title:
            swapped = fold(entries[other].title_name) == own
            rule = "titles-swapped" if swapped else "title-of-another-paper"
            why = f"it begins with the name of line {entries[other].line}" + (", and the other way round" * swapped)
            yield index, _finding(entry, rule, "title", entry.title, "", why)
        for repository in entry.repositories[:1]:
            said = fold(repository.partition("/")[2])
            other = names.get(said)
            if said == own or other is None or other == index or repository in entries[other].repositories:
                continue
            swapped = any(fold(r.partition("/")[2]) == own for r in entries[other].repositories)
            rule = "links-swapped" if swapped else "link-of-another-entry"
            why = f"it bears the name of line {entries[other].line}" + (", and the other way round" * swapped)
            yield index, _finding(entry, rule, "repository", repository, "", why)


def _is_ours(finding: Finding, match: Match, known: Known) -> bool:
    """Whether the record that the row means has this title or repository itself: then nothing was swapped."""
    if match.best is None:
        return False
    if finding.field == "title":
        paper = known.catalog.papers.get(match.best.paper or "")
        return paper is not None and title_key(paper.title) == title_key(finding.listed)
    method = known.catalog.methods.get(match.best.method or "")
    url = method.repository.url if method and method.repository else ""
    return url.lower().endswith("/" + finding.listed.lower())


def _swapped_authors(entries: Sequence[Entry]) -> Iterator[tuple[int, Finding]]:
    """Authors that disagree with the row's own reference or key and agree with that of another row."""
    hints = [_author_hint(entry) for entry in entries]
    for index, entry in enumerate(entries):
        listed = list(entry.authors)
        if entry.reason or not listed or not hints[index] or _fits(listed, hints[index]):
            continue
        for other, hint in enumerate(hints):
            if other != index and hint and _fits(listed, hint) and not entries[other].reason:
                why = f"the reference or key of line {entries[other].line} names them, that of this row does not"
                yield index, _finding(entry, "authors-swapped", "authors", ", ".join(listed), "", why)
                break


def _author_hint(entry: Entry) -> list[str]:
    """Authors that a row names apart from its list of authors: in a printed reference, or in a citation key."""
    if entry.raw.get("authors") and entry.reference and entry.raw["authors"] not in entry.reference:
        return split_authors(leading_authors(entry.reference))
    family = entry.family_of_key
    return [family] if family else []


def _fits(listed: Sequence[str], hint: Sequence[str]) -> bool:
    if len(hint) == 1 and " " not in hint[0]:
        words = {word for pair in signatures(listed[0]) for word in pair}
        return fold(hint[0]) in words
    return agreement(list(hint), list(listed)) >= _OTHER


def _shared_links(entries: Sequence[Entry], matches: Sequence[Match]) -> Iterator[tuple[int, Finding]]:
    """One identifier at two rows of different titles, of which our records settle neither."""
    rows: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        for value in () if entry.reason or matches[index].best else (*entry.dois, *entry.arxivs, *entry.pmids):
            rows[value].append(index)
    for value, members in rows.items():
        titled = [index for index in members if entries[index].title]
        for index in titled:
            others = [o for o in titled if o != index and similarity(entries[o].title, entries[index].title) < _SAME]
            if others:
                why = f"line {entries[others[0]].line} has the same under another title"
                yield index, _finding(entries[index], "link-of-another-entry", "link", value, "", why)


def _authors_elsewhere(
    entries: Sequence[Entry], matches: Sequence[Match], known: Known
) -> Iterator[tuple[int, Finding]]:
    """Rows whose authors are those of our paper at another row; the paper of the row itself may be new to us."""
    ours = {i: known.authors(m.best.paper) for i, m in enumerate(matches) if m.best and m.best.paper}
    for index, entry in enumerate(entries):
        listed = list(entry.authors)
        if len(listed) < 2 or entry.reason or matches[index].best:
            continue
        for other, authors in ours.items():
            its = list(entries[other].authors)
            same = len(authors) == len(listed) and agreement(listed, authors) >= 0.9
            if same and its and agreement(its, authors) < _OTHER:
                why = f"they are those of the paper at line {entries[other].line}, which lists others"
                yield index, _finding(entry, "authors-swapped", "authors", ", ".join(listed), "", why)
                break
