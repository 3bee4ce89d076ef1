"""Statements about tasks, data sets, frameworks, languages, licences, technologies, venues, sources and listings."""

from typing import Final

from kg.iris import TASK_SCHEME, part_iri, record_iri
from kg.model import (
    Dataset,
    Framework,
    Language,
    License,
    ListEntry,
    Listing,
    Source,
    Task,
    Technology,
    Venue,
)
from kg.projection.record import RecordGraph
from kg.projection.terms import (
    DCAT,
    DCTERMS,
    PROV,
    RDFS,
    SCHEMA,
    SKOS,
    STKG,
    boolean,
    day,
    integer,
    node,
    text,
)

_MATCHES: Final = {
    "exact": "exactMatch",
    "close": "closeMatch",
    "broad": "broadMatch",
    "narrow": "narrowMatch",
    "related": "relatedMatch",
}
_LISTED: Final = (
    ("method", "listsMethod"),
    ("paper", "listsPaper"),
    ("dataset", "listsDataset"),
    ("framework", "listsFramework"),
    ("task", "listsTask"),
)


def _add_names(graph: RecordGraph, label: str, synonyms: tuple[str, ...]) -> None:
    graph.add(graph.subject, RDFS("label"), text(label))
    for synonym in synonyms:
        graph.add(graph.subject, SKOS("altLabel"), text(synonym))


def add_task(graph: RecordGraph, task: Task) -> None:
    """State everything about one task, a concept of the task scheme."""
    subject = graph.subject
    graph.type(subject, STKG("Task"), SKOS("Concept"))
    graph.add(subject, RDFS("label"), text(task.label))
    graph.add(subject, SKOS("prefLabel"), text(task.label, "en"))
    for synonym in task.synonyms:
        graph.add(subject, SKOS("altLabel"), text(synonym, "en"))
    graph.add(subject, SKOS("definition"), text(task.definition, "en"))
    graph.add(subject, SKOS("scopeNote"), text(task.scope_note, "en") if task.scope_note else None)
    graph.add(subject, SKOS("inScheme"), node(TASK_SCHEME))
    for broader in task.broader:
        graph.add(subject, SKOS("broader"), node(record_iri("task", broader)))
    if not task.broader:
        graph.add(subject, SKOS("topConceptOf"), node(TASK_SCHEME))
    for match in task.matches:
        graph.add(subject, SKOS(_MATCHES[match.relation]), node(match.iri))
    graph.evidence(subject, task.sources)


def add_technology(graph: RecordGraph, technology: Technology) -> None:
    """State everything about one technology."""
    graph.type(graph.subject, STKG("Technology"), SKOS("Concept"))
    _add_names(graph, technology.label, technology.synonyms)
    graph.add(graph.subject, SKOS("prefLabel"), text(technology.label, "en"))
    if technology.definition:
        graph.add(graph.subject, SKOS("definition"), text(technology.definition, "en"))
    for broader in technology.broader:
        graph.add(graph.subject, SKOS("broader"), node(record_iri("technology", broader)))
    graph.evidence(graph.subject, technology.sources)


def add_dataset(graph: RecordGraph, dataset: Dataset) -> None:
    """State everything about one data set."""
    subject = graph.subject
    graph.type(subject, STKG("Dataset"), DCAT("Dataset"), SCHEMA("Dataset"))
    _add_names(graph, dataset.label, dataset.synonyms)
    graph.add(subject, STKG("organism"), text(dataset.organism) if dataset.organism else None)
    graph.add(subject, STKG("tissue"), text(dataset.tissue) if dataset.tissue else None)
    for technology in dataset.technologies:
        graph.add(subject, STKG("technology"), node(record_iri("technology", technology)))
    for accession in dataset.accessions:
        graph.add(subject, STKG("accession"), text(accession))
    for url in dataset.urls:
        graph.add(subject, SCHEMA("url"), node(url))
    if dataset.paper:
        graph.add(subject, STKG("reportedIn"), node(record_iri("paper", dataset.paper)))
    graph.add(subject, STKG("note"), text(dataset.note) if dataset.note else None)
    graph.evidence(subject, dataset.sources)


def add_framework(graph: RecordGraph, framework: Framework) -> None:
    """State everything about one framework."""
    subject = graph.subject
    graph.type(subject, STKG("Framework"), SCHEMA("SoftwareApplication"))
    _add_names(graph, framework.label, framework.synonyms)
    graph.add(subject, SCHEMA("url"), node(framework.homepage) if framework.homepage else None)
    if framework.language:
        graph.add(subject, STKG("programmingLanguage"), node(record_iri("language", framework.language)))
    graph.add(subject, STKG("isDeepLearningFramework"), boolean(framework.deep_learning))
    graph.evidence(subject, framework.sources)


def add_language(graph: RecordGraph, language: Language) -> None:
    """State everything about one programming language."""
    graph.type(graph.subject, STKG("Language"), SCHEMA("ComputerLanguage"))
    _add_names(graph, language.label, language.synonyms)
    graph.evidence(graph.subject, language.sources)


def add_license(graph: RecordGraph, record: License) -> None:
    """State everything about one licence."""
    subject = graph.subject
    graph.type(subject, STKG("License"), DCTERMS("LicenseDocument"))
    _add_names(graph, record.label, record.synonyms)
    if record.spdx:
        graph.add(subject, STKG("spdxId"), text(record.spdx))
        graph.add(subject, SCHEMA("sameAs"), node(f"https://spdx.org/licenses/{record.spdx}"))
    graph.add(subject, STKG("isOpenSource"), None if record.open_source is None else boolean(record.open_source))
    graph.add(subject, STKG("note"), text(record.note) if record.note else None)
    graph.evidence(subject, record.sources)


def add_venue(graph: RecordGraph, venue: Venue) -> None:
    """State everything about one journal, conference or preprint server."""
    graph.type(graph.subject, STKG("Venue"), SCHEMA("Periodical"))
    _add_names(graph, venue.label, venue.synonyms)
    for prefix in venue.doi_prefixes:
        graph.add(graph.subject, STKG("doiPrefix"), text(prefix))
    graph.evidence(graph.subject, venue.sources)


def add_source(graph: RecordGraph, source: Source) -> None:
    """State everything about one place that facts are taken from."""
    subject = graph.subject
    graph.type(subject, STKG("Source"), PROV("Entity"))
    _add_names(graph, source.label, source.synonyms)
    graph.add(subject, STKG("sourceKind"), text(source.kind))
    if source.repository:
        graph.add(subject, STKG("repository"), node(f"https://github.com/{source.repository}"))
    graph.add(subject, STKG("commit"), text(source.commit) if source.commit else None)
    graph.add(subject, SCHEMA("url"), node(source.url) if source.url else None)
    graph.add(subject, STKG("licenseNote"), text(source.license_note) if source.license_note else None)
    graph.add(subject, STKG("retrievedOn"), day(source.retrieved_on) if source.retrieved_on else None)
    graph.add(subject, STKG("note"), text(source.note) if source.note else None)


def add_listing(graph: RecordGraph, listing: Listing) -> None:
    """State what one source list prints, entry by entry, and what is wrong with it."""
    for number, entry in enumerate(listing.entries, start=1):
        _add_entry(graph, listing.source, number, entry)


def _add_entry(graph: RecordGraph, source: str, number: int, entry: ListEntry) -> None:
    subject = node(f"{part_iri('listing', source, 'entry', number)}")
    graph.type(subject, STKG("ListEntry"))
    graph.add(subject, RDFS("label"), text(entry.listed))
    graph.add(subject, STKG("inSource"), node(record_iri("source", source)))
    graph.add(subject, STKG("order"), integer(number))
    graph.add(subject, STKG("position"), text(entry.position))
    graph.add(subject, STKG("listedText"), text(entry.listed))
    graph.add(subject, STKG("entryStatus"), text(entry.status))
    graph.add(subject, STKG("note"), text(entry.note) if entry.note else None)
    for kind, name in _LISTED:
        slug = getattr(entry, kind)
        graph.add(subject, STKG(name), node(record_iri(kind, slug)) if slug else None)
    for index, correction in enumerate(entry.corrections, start=1):
        part = node(part_iri("listing", source, "correction", f"{number}-{index}"))
        graph.type(part, STKG("Correction"))
        label = f"{correction.field}: {correction.listed} -> {correction.corrected}"
        graph.add(part, RDFS("label"), text(label))
        graph.add(part, STKG("correctsEntry"), subject)
        graph.add(part, STKG("inSource"), node(record_iri("source", source)))
        graph.add(part, STKG("position"), text(entry.position))
        graph.add(part, STKG("errorKind"), text(correction.kind))
        graph.add(part, STKG("correctedField"), text(correction.field))
        graph.add(part, STKG("listedValue"), text(correction.listed))
        graph.add(part, STKG("correctedValue"), text(correction.corrected))
        if correction.record:
            kind, _, slug = correction.record.partition("/")
            graph.add(part, STKG("aboutRecord"), node(record_iri(kind, slug)))
        graph.add(part, STKG("note"), text(correction.note) if correction.note else None)
        graph.evidence(part, correction.evidence)
