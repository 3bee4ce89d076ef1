"""The facts of a record in the order in which people look for them, each with its sources."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.iris import BASE, TERMS, fold, record_iri
from kg.pages.cells import Entry, entry
from kg.pages.links import Links
from kg.view.links import short_name, web_address

if TYPE_CHECKING:
    from kg.records import RecordView, Value
    from kg.service import KnowledgeGraph

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
# What stands under the heading instead of among the facts.
LEADS: Final = (f"{_DCTERMS}description", f"{_SKOS}definition")
NAMES: Final = (_RDFS_LABEL, f"{_DCTERMS}title")
# Properties in the order of their facts; what is not named comes after, and what the record says of itself last.
_STATED: Final = tuple(
    TERMS + name
    for name in (
        *("addressesTask", "forTask", "evaluatedOn", "technology", "organism", "tissue", "accession"),
        *("usesFramework", "declaresFramework", "hasRequirement", "programmingLanguage", "license", "repository"),
        *("introducedIn", "describedIn", "extends", "reusesCodeOf", "reimplements", "supersedes", "derivedFrom"),
        *("comparedWith", "author", "publishedIn", "year", "doi", "arxivId", "pmid", "orcid"),
        *("firstCommitOn", "lastCommitOn"),
    )
)
_ORDER: Final = (f"{_RDF}subject", f"{_RDF}predicate", f"{_RDF}object", *_STATED)
_OWN: Final = frozenset(
    TERMS + name
    for name in (
        *("recordStatus", "scope", "scopeNote", "evidenceLevel", "commit", "authorListComplete", "order", "recordFile"),
        *("identityEvidence", "retrievedOn", "claimStatus", "strength"),
    )
)
_IDENTIFIERS: Final = {
    f"{TERMS}doi": "https://doi.org/",
    f"{TERMS}arxivId": "https://arxiv.org/abs/",
    f"{TERMS}pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    f"{TERMS}orcid": "https://orcid.org/",
}


# A property and those that say the same of a value more precisely; then the wider one is not shown.
_NARROWER: Final = {
    f"{TERMS}derivedFrom": tuple(TERMS + name for name in ("extends", "reusesCodeOf", "reimplements", "supersedes")),
    f"{TERMS}describedIn": (f"{TERMS}introducedIn",),
}


_DOI: Final = re.compile(r"^doi:")
_COMMIT: Final = re.compile(r"\b([0-9a-f]{10})[0-9a-f]{30}\b")
# Properties of other vocabularies, in words.
_WORDS: Final = {
    f"{_SKOS}altLabel": "also called",
    f"{_SKOS}broader": "part of",
    f"{_SKOS}narrower": "parts",
    f"{_SKOS}exactMatch": "the same elsewhere",
    f"{_SKOS}closeMatch": "close to",
    f"{_SKOS}broadMatch": "broader elsewhere",
    f"{_SKOS}narrowMatch": "narrower elsewhere",
    f"{_SKOS}relatedMatch": "related elsewhere",
    f"{_DCTERMS}issued": "published on",
    f"{_DCTERMS}title": "title",
    _RDFS_LABEL: "name",
    f"{_DCTERMS}license": "licence",
    f"{_DCTERMS}subject": "about",
    "http://www.w3.org/ns/prov#wasDerivedFrom": "rests on",
    "https://schema.org/url": "web site",
    "https://schema.org/sameAs": "the same elsewhere",
}


class Reference(NamedTuple):
    """Where a fact can be read.

    Attributes:
        source: The source, with its page here.
        place: Where in it, with an address when it has one.
    """

    source: Entry
    place: Entry | None


class Shown(NamedTuple):
    """One value of a fact.

    Attributes:
        entry: Text and link.
        rejected: Whether a source says it and the catalog does not.
        weak: Whether its evidence is weak.
        note: Why.
        references: Where it can be read.
    """

    entry: Entry
    rejected: bool
    weak: bool
    note: str | None
    references: Sequence[Reference]


class Fact(NamedTuple):
    """A property with its values.

    A fact is plain when its values are only texts or links, so that they can stand in one line.

    Attributes:
        name: Its label.
        href: Its place on the page of the ontology, or its address elsewhere.
        values: What is known, values not chosen last.
    """

    name: str
    href: str | None
    values: Sequence[Shown]

    @property
    def is_plain(self) -> bool:
        """Whether no value has anything beside it."""
        return len(self.values) > 1 and not any(
            value.rejected or value.weak or value.note or value.references for value in self.values
        )


def reference(graph: "KnowledgeGraph", links: Links, source: Mapping[str, str | None]) -> Reference:
    """A reference such as ``owner/name:README.md:43`` as links to the source's page and to the place."""
    text = source["reference"] or ""
    page = web_address(source["page"])
    name, colon, place = text.partition(":")
    index = graph.index("source")
    slugs = [name] if name in index.labels else index.names.get(fold(name), ())
    if not slugs:
        address = page or web_address(_DOI.sub("https://doi.org/", text))
        return Reference(Entry(short_name(text) if web_address(text) else text, address), None)
    known = Entry(name, links.to(record_iri("source", slugs[0])), local=True)
    if not colon:
        # The address says the name of the source again, and a whole commit.
        short = _COMMIT.sub(r"\1", short_name(page).removeprefix(f"{name}/")) if page else ""
        return Reference(known, Entry(short, page) if page and short != name else None)
    return Reference(known, Entry(place, page))


def references(
    graph: "KnowledgeGraph", links: Links, sources: Iterable[Mapping[str, str | None]]
) -> tuple[Reference, ...]:
    """All references of a fact or record."""
    return tuple(reference(graph, links, source) for source in sources)


def _shown(graph: "KnowledgeGraph", links: Links, iri: str, value: "Value") -> Shown:
    base = _IDENTIFIERS.get(iri)
    if base is not None:
        found = Entry(value.value, web_address(base + value.value))
    else:
        found = entry(graph, links, value.value, value.label)
    if value.value in {"true", "false"}:
        found = Entry("yes" if value.value == "true" else "no")
    return Shown(
        found,
        value.status == "rejected",
        value.strength == "weak",
        value.note,
        references(graph, links, value.sources),
    )


def _rank(iri: str) -> tuple[int, str]:
    return (_ORDER.index(iri) if iri in _ORDER else len(_ORDER), iri)


def _tells_more(name: str, values: "Sequence[Value]") -> bool:
    """Whether the name of a record has anything to say that the heading does not."""
    return any(value.status == "rejected" or value.sources or value.value != name for value in values)


def facts_of(
    graph: "KnowledgeGraph", links: Links, view: "RecordView", title: str
) -> tuple[list[Fact], list[Fact], list[Shown]]:
    """Facts about the thing, facts about the record, and what stands under its heading.

    Args:
        graph: The graph.
        links: Addresses on the site.
        view: The record.
        title: Heading of its page.
    """
    about: list[tuple[tuple[int, str], Fact]] = []
    own: list[tuple[tuple[int, str], Fact]] = []
    lead: list[Shown] = []
    said = {view.properties.get(name, ""): {value.value for value in values} for name, values in view.facts.items()}
    for name, every in view.facts.items():
        iri = view.properties.get(name, "")
        precise = {value for narrower in _NARROWER.get(iri, ()) for value in said.get(narrower, ())}
        values = [value for value in every if value.value not in precise]
        if not values:
            continue
        shown = [_shown(graph, links, iri, value) for value in values]
        if iri in LEADS:
            lead += shown
        elif iri not in NAMES or _tells_more(title, values):
            part = own if iri in _OWN else about
            part.append((_rank(iri), Fact(_WORDS.get(iri, name), links.to(iri), shown)))
    return [fact for _, fact in sorted(about)], [fact for _, fact in sorted(own)], lead


def path_of(iri: str) -> str:
    """Path of one of our IRIs on any site."""
    return iri[len(BASE) :]
