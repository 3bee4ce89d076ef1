"""A row that no record fits, as records: a method, its paper, or both. Nothing is said that the row does not say."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from kg.catalog.plausibility import is_preprint_doi
from kg.catalog.spelling import plain_letters
from kg.importing.additions import forge_address, suggested
from kg.importing.entries import Entry
from kg.importing.known import Known
from kg.importing.people import agreement
from kg.importing.plan import Decision
from kg.importing.rows import Row
from kg.importing.text import preprint_year
from kg.iris import fold, slugify
from kg.model import Catalog, Method, Paper, Record, Venue, author_of

_KINDS: Final = {
    **dict.fromkeys(("article", "article-journal", "jour", "journalarticle"), "article"),
    **dict.fromkeys(("inproceedings", "conference", "paper-conference", "conf", "cpaper"), "conference-paper"),
    **dict.fromkeys(("incollection", "inbook", "chapter", "chap"), "book-chapter"),
}
_SERVERS: Final = frozenset({"biorxiv", "medrxiv", "arxiv", "research-square"})
_EMPTY: Final = frozenset({"with", "from", "using", "toward", "towards", "through", "into", "novel", "based"})


@dataclass
class Written:
    """Records that a row leads to.

    Attributes:
        records: New records; none when the row cannot be written.
        left_out: What the row says and the records do not, with the reason.
    """

    records: list[Record] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def clean(text: str) -> str:
    """A text as records may hold it: composed letters, plain hyphens, single blanks, nothing that cannot be seen."""
    composed = unicodedata.normalize("NFC", plain_letters(text))
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())


class NewRecords:
    """Makes records whose ids nothing else has, neither in the catalog nor among those made before.

    Args:
        catalog: Our records.
        known: The same, indexed.
    """

    def __init__(self, catalog: Catalog, known: Known) -> None:
        self.catalog = catalog
        self.known = known
        former = catalog.former_ids()
        self._methods, self._papers, self._people = (
            set(catalog.of_kind(kind)) | {old for of_kind, old in former if of_kind == kind}
            for kind in ("method", "paper", "author")
        )
        self._people |= {person for _, _, _, person in catalog.printed_authors()}
        self._kinds = _kinds_of_venues(catalog)
        self._repositories = set(known.by_repository)
        self._taken = {
            value: min(papers)
            for index in (known.by_doi, known.by_arxiv, known.by_pmid)
            for value, papers in index.items()
            if papers
        }

    def make(self, decision: Decision, reference_to: Callable[[Row, str], str]) -> Written:
        """Records of one row.

        Args:
            decision: A row of the plan's ``new``.
            reference_to: Gives the reference to a row, or to a place of its own.
        """
        entry, written = decision.entry, Written()
        reference = reference_to(entry.row, "")
        name, title = clean(entry.name or entry.title_name), clean(entry.title)
        if len(name.split()) > 6 or len(name) > 80:
            written.left_out.append(f"{name[:60]!r} is too long for the name of a method")
            name = ""
        if (entry.dois or entry.arxivs or entry.pmids) and not title:
            written.left_out.append("it names a paper by identifier only: a record needs the title")
            return written
        taken = next((self._taken[value] for value in _identifiers(entry) if value in self._taken), "")
        if taken:
            written.left_out.append(f"one of its identifiers is that of paper/{taken}")
            return written
        if not title and not (name and slugify(name)):
            written.left_out.append("it has neither the title of a paper nor a name for a method")
            return written
        try:
            key = self._method_id(name, entry) if name and slugify(name) else ""
            paper = self._paper(entry, title, key, reference, written) if title else None
            method = self._method(entry, name, key, paper, reference_to, written) if key else None
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            return Written([], [f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}"])
        written.records = [record for record in (method, paper) if record is not None]
        self._methods |= {record.id for record in (method,) if record}
        if paper:
            self._papers.add(paper.id)
            self._taken |= dict.fromkeys(_identifiers(entry), paper.id)
        return written

    def _method_id(self, name: str, entry: Entry) -> str:
        slug = slugify(name)[:60].strip("-")
        wanted = f"{slug}-{entry.year}" if slug in self._methods and entry.year else slug
        return _free(wanted, self._methods)

    def _paper_id(self, entry: Entry, title: str, method: str, year: int | None) -> str:
        if method:
            return _free(f"{method}-{year}" if year else f"{method}-paper", self._papers)
        words = [w for w in slugify(title).split("-") if len(w) >= 4 and w not in _EMPTY] or slugify(title).split("-")
        family = slugify(entry.authors[0].split()[-1]) if entry.authors else ""
        first = [family] if family else words[:1]
        rest = words[0] if family else "-".join(words[1:2])
        return _free("-".join(part[:30] for part in (*first, str(year or ""), rest) if part), self._papers)

    def _paper(self, entry: Entry, title: str, method: str, reference: str, written: Written) -> Paper:
        fields: dict[str, Any] = {"title": title}
        sources: dict[str, tuple[str, ...]] = {"title": (reference,)}
        main, preprints = _dois(entry, written)
        venue = self._venue(entry, main, written)
        kind = self._kind(entry, main, venue)
        year, year_source, conflict = _year(entry, main, kind, reference, written)
        arxiv = entry.arxivs[0] if entry.arxivs else None
        for name, value in (("doi", main), ("arxiv", arxiv), ("pmid", next(iter(entry.pmids), None))):
            if value:
                fields[name], sources[name] = value, (reference,)
        if venue:
            fields["venue"], sources["venue"] = venue.id, (reference,)
        if year:
            fields["year"], sources["year"] = year, (year_source,)
        later = [doi for doi in preprints if year and (preprint_year(doi) or 0) > year]
        written.left_out += [f"the preprint {doi}: it is later than the paper of {year}" for doi in later]
        versions = [{"kind": "preprint", "doi": doi, "sources": (reference,)} for doi in preprints if doi not in later]
        identifier = self._paper_id(entry, title, method, year)
        authors = self._authors(entry, reference, written)
        return Paper.model_validate(
            {
                "id": identifier,
                "kind": kind,
                **fields,
                "authors": authors,
                "versions": tuple(versions),
                "conflicts": tuple(conflict),
                "sources": sources,
            }
        )

    def _kind(self, entry: Entry, doi: str | None, venue: Venue | None) -> str | None:
        """What the identifier, venue or entry type says; None when nothing does."""
        said = _KINDS.get(fold(entry.own_field("kind")).replace(" ", "-"))
        if doi and is_preprint_doi(doi):
            return "preprint"
        if venue is not None:
            return "preprint" if venue.id in _SERVERS else said or self._kinds.get(venue.id)
        if entry.arxivs and not doi and said != "conference-paper":
            return "preprint"
        return said

    def _venue(self, entry: Entry, doi: str | None, written: Written) -> Venue | None:
        if not entry.venue:
            return None
        venue = self.known.venue(entry.venue)
        if venue is None:
            written.left_out.append(f"the venue {clean(entry.venue)[:60]!r}: add it to venues.yaml")
        elif doi and (venue.doi_prefixes and not doi.startswith(venue.doi_prefixes)):
            written.left_out.append(f"the venue {venue.label!r}: {doi} is not one of its DOIs")
            venue = None
        elif doi and is_preprint_doi(doi) != (venue.id in _SERVERS):
            what = "the DOI of a preprint" if is_preprint_doi(doi) else "no DOI of a preprint"
            written.left_out.append(f"the venue {venue.label!r}: {doi} is {what}")
            venue = None
        return venue

    def _authors(self, entry: Entry, reference: str, written: Written) -> dict[str, Any] | None:
        if not entry.authors:
            return None
        names = [clean(name) for name in entry.authors]
        bad = next((n for n in names if not slugify(n) or len(n) > 100 or re.search(r"[\d@/]", n)), None)
        if bad is not None or len(names) > 2000:
            written.left_out.append(f"the authors: {str(bad)[:60]!r} is not a name")
            return None
        complete = not entry.authors_cut
        return {"complete": complete, "names": tuple(self.person(n) for n in names), "sources": (reference,)}

    def person(self, name: str) -> str | dict[str, str]:
        """An entry of an author list: a person of this name has an id already, but nothing says it is the same one."""
        wanted = slugify(name)
        free = _free(wanted, self._people)
        self._people.add(free)
        return name if free == wanted else {"name": name, "author": free}

    def longer_list(self, paper: Paper, listed: list[str]) -> tuple[str | dict[str, str], ...]:
        """A whole author list for a paper whose list was cut: people that we have keep their names and ids."""
        ours = list(paper.authors.names) if paper.authors else []
        found: list[str | dict[str, str]] = []
        for name in map(clean, listed):
            same = next((one for one in ours if agreement([name], [author_of(one)[0]]) == 1.0), None)
            if same is None:
                found.append(self.person(name))
                continue
            ours.remove(same)
            found.append(same if isinstance(same, str) else same.model_dump())
        return tuple(found)

    def _method(
        self,
        entry: Entry,
        name: str,
        key: str,
        paper: Paper | None,
        reference_to: Callable[[Row, str], str],
        written: Written,
    ) -> Method:
        reference = reference_to(entry.row, "")
        own = {"sources": (reference,)}
        shared = bool(self.known.by_name.get(fold(name)))
        shown, synonyms = (f"{name} ({key})", (name,)) if shared else (name, ())
        of_name = (reference_to(entry.row, entry.row.places.get("name", "")),)
        sources = {"name": of_name, **({"synonyms": of_name} if shared else {})}
        fields: dict[str, Any] = {"id": key, "name": shown, "synonyms": synonyms, "sources": sources}
        level = "catalog-with-doi" if paper and (paper.doi or paper.arxiv) else "catalog-only"
        fields["evidence_level"] = entry.row.evidence or level
        if paper:
            said = fold(name) in fold(f"{entry.title} {entry.reference}")
            link = {"paper": paper.id, "role": "introduces" if said else "describes", **own}
            note = "the list prints the title beside the name; the title does not name the method"
            fields["papers"] = (link if said else {**link, "strength": "weak", "note": note},)
        if entry.repositories and entry.repositories[0].lower() in self._repositories:
            written.left_out.append(f"the repository {entry.repositories[0]}: another method has it; say what is where")
        elif entry.repositories:
            self._repositories.add(entry.repositories[0].lower())
            url = next(link.url for link in entry.links if entry.repositories[0] in link.url)
            fields["repository"] = {"url": forge_address(url, entry.repositories[0]), **own}
        if len(entry.repositories) > 1:
            written.left_out.append(f"a second repository, {entry.repositories[1]}")
        languages = self.known.words.languages_in(entry.language)
        if entry.language and not languages:
            written.left_out.append(
                f"the language {clean(entry.language)[:60]!r}: languages.yaml has none of this name"
            )
        fields["languages"] = tuple({"language": language, **own} for language in languages)
        for fact in suggested(entry, self.known):
            link = {**fact["plain"], "strength": "weak", "note": clean(fact["note"]), **own}
            fields[fact["field"]] = (*fields.get(fact["field"], ()), link)
        _add_row_facts(fields, entry.row, reference_to, written)
        return Method.model_validate(fields)


def _add_row_facts(fields: dict[str, Any], row: Row, reference_to: Callable[[Row, str], str], written: Written) -> None:
    """Add what a README or repository says beside its fields."""
    for fact in row.facts:
        if fact.plain is None:
            written.left_out.append(f"{fact.field} {fact.value[:60]!r}: {fact.note}")
            continue
        if fact.field == "repository" and "repository" not in fields:
            continue  # another method has it; that was said
        marks: dict[str, Any] = {"sources": (reference_to(row, fact.place),)}
        marks |= {"strength": fact.strength} if fact.strength == "weak" else {}
        marks |= {"note": clean(fact.note)} if fact.note else {}
        if fact.field == "repository":
            fields["repository"] = {**fact.plain, **marks}
        else:
            fields[fact.field] = (*fields.get(fact.field, ()), {**fact.plain, **marks})


def _identifiers(entry: Entry) -> list[str]:
    return [*entry.dois, *entry.arxivs, *entry.pmids]


def _free(wanted: str, taken: set[str]) -> str:
    number, found = 2, wanted
    while found in taken:
        found, number = f"{wanted}-{number}", number + 1
    return found


def _kinds_of_venues(catalog: Catalog) -> dict[str, str]:
    """The kind that most of our papers of each venue have."""
    counts: dict[str, Counter[str]] = {}
    for paper in catalog.papers.values():
        if paper.venue and paper.kind:
            counts.setdefault(paper.venue, Counter())[paper.kind] += 1
    return {venue: max(sorted(count), key=count.__getitem__) for venue, count in counts.items()}


def _dois(entry: Entry, written: Written) -> tuple[str | None, list[str]]:
    """The DOI of the published version, else of the preprint; and those of preprints beside it."""
    published = [doi for doi in entry.dois if not is_preprint_doi(doi)]
    preprints = [doi for doi in entry.dois if is_preprint_doi(doi)]
    if len(published) > 1:
        written.left_out.append(f"a second DOI, {published[1]}: whether it is the same work is not known")
    if published:
        return published[0], preprints[:1]
    return (preprints[0], []) if preprints else (None, [])


def _year(
    entry: Entry, doi: str | None, kind: str | None, reference: str, written: Written
) -> tuple[int | None, str, list[dict[str, Any]]]:
    """Year, its source, and the listed year as a conflict when the preprint is of another."""
    listed = entry.year if entry.year_from == "cell" else None
    dated = preprint_year(doi, entry.arxivs if doi is None and kind == "preprint" else ())
    if dated is not None:
        source = f"doi:{doi}" if doi else f"https://arxiv.org/abs/{entry.arxivs[0]}"
        if listed is None or listed == dated:
            return dated, reference if listed else source, []
        why = "The identifier dates the first version; a preprint has its year."
        return dated, source, [{"field": "year", "value": str(listed), "why": why, "sources": (reference,)}]
    if entry.year and listed is None:
        written.left_out.append(f"the year {entry.year}: it is that of the section, not of the row")
    return listed, reference, []
