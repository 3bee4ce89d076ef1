"""Statements about methods and benchmarks."""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.iris import part_iri, record_iri, slugify
from kg.model import Benchmark, Conflict, Method
from kg.model.base import Lifecycle
from kg.projection.record import RecordGraph, doi_url
from kg.projection.terms import DCTERMS, RDFS, SCHEMA, SKOS, STKG, boolean, day, node, text

LINEAGE: Final = {
    "extends": STKG("extends"),
    "reuses-code-of": STKG("reusesCodeOf"),
    "reimplements": STKG("reimplements"),
    "supersedes": STKG("supersedes"),
}

# Field of a record -> the property its values stand under; used for values that were not chosen.
FIELD_PROPERTIES: Final = {
    "name": RDFS("label"),
    "synonyms": SKOS("altLabel"),
    "summary": DCTERMS("description"),
    "papers": STKG("describedIn"),
    "repository": STKG("repository"),
    "languages": STKG("programmingLanguage"),
    "frameworks": STKG("usesFramework"),
    "licenses": STKG("license"),
    "tasks": STKG("addressesTask"),
    "datasets": STKG("evaluatedOn"),
    "lineage": STKG("derivedFrom"),
    "comparisons": STKG("comparedWith"),
    "scope": STKG("scope"),
    "scope_note": STKG("scopeNote"),
    "title": DCTERMS("title"),
    "doi": STKG("doi"),
    "arxiv": STKG("arxivId"),
    "pmid": STKG("pmid"),
    "url": SCHEMA("url"),
    "venue": STKG("publishedIn"),
    "year": STKG("year"),
    "published_on": DCTERMS("issued"),
    "authors": STKG("author"),
    "kind": STKG("paperKind"),
}


def add_lifecycle(graph: RecordGraph, record: Lifecycle) -> None:
    """State scope and status of a record that stands, which methods and papers share."""
    graph.add(graph.subject, STKG("scope"), text(record.scope))
    graph.add(graph.subject, STKG("recordStatus"), text(record.status))


def add_conflicts(graph: RecordGraph, conflicts: Iterable[Conflict]) -> None:
    """Describe the values that sources give and that were not chosen."""
    for conflict in conflicts:
        predicate = FIELD_PROPERTIES[conflict.field.split(".")[0]]
        graph.claim(predicate, text(conflict.value), conflict.sources, status="rejected", note=conflict.why)


def add_method(graph: RecordGraph, method: Method) -> None:
    """State everything about one method."""
    subject, sources = graph.subject, method.sources
    graph.type(subject, STKG("Method"), SCHEMA("CreativeWork"))
    graph.fact(RDFS("label"), text(method.name), sources.get("name", ()))
    for synonym in method.synonyms:
        graph.fact(SKOS("altLabel"), text(synonym), sources.get("synonyms", ()))
    graph.fact(DCTERMS("description"), _english(method.summary), sources.get("summary", ()))
    graph.fact(STKG("scopeNote"), text(method.scope_note) if method.scope_note else None, sources.get("scope_note", ()))
    graph.add(subject, STKG("evidenceLevel"), text(method.evidence_level))
    add_lifecycle(graph, method)
    _add_repository(graph, method)
    _add_links(graph, method)
    _add_requirements(graph, method)
    add_conflicts(graph, method.conflicts)


def _english(value: str | None) -> Literal | None:
    return text(value, "en") if value else None


def _add_repository(graph: RecordGraph, method: Method) -> None:
    repository = method.repository
    if repository is None:
        return
    graph.fact(STKG("repository"), node(repository.url), repository.sources)
    graph.add(graph.subject, STKG("commit"), text(repository.commit) if repository.commit else None)
    for name, value in (("firstCommitOn", repository.first_commit), ("lastCommitOn", repository.last_commit)):
        graph.fact(STKG(name), day(value) if value else None, repository.sources)
    archived = None if repository.archived is None else boolean(repository.archived)
    graph.fact(STKG("archived"), archived, repository.sources)


def _add_links(graph: RecordGraph, method: Method) -> None:
    for paper in method.papers:
        graph.link(STKG("describedIn"), "paper", paper.paper, paper)
        if paper.role == "introduces":
            graph.link(STKG("introducedIn"), "paper", paper.paper, paper)
    for language in method.languages:
        graph.link(STKG("programmingLanguage"), "language", language.language, language)
    for framework in method.frameworks:
        predicate = STKG("usesFramework") if framework.use == "imports" else STKG("declaresFramework")
        graph.link(predicate, "framework", framework.framework, framework)
    for grant in method.licenses:
        graph.link(STKG("license"), "license", grant.license, grant)
    for task in method.tasks:
        graph.link(STKG("addressesTask"), "task", task.task, task)
    for dataset in method.datasets:
        graph.link(STKG("evaluatedOn"), "dataset", dataset.dataset, dataset)
    for lineage in method.lineage:
        graph.link(LINEAGE[lineage.relation], "method", lineage.method, lineage)
        # Stated as well as implied, because engines without reasoning must find it.
        graph.add(graph.subject, STKG("derivedFrom"), node(record_iri("method", lineage.method)))
    for comparison in method.comparisons:
        graph.link(STKG("comparedWith"), "method", comparison.method, comparison)


def _add_requirements(graph: RecordGraph, method: Method) -> None:
    for requirement in method.requirements:
        part: NamedNode = node(part_iri("method", method.id, "requirement", slugify(requirement.package)))
        graph.type(part, STKG("Requirement"))
        graph.add(graph.subject, STKG("hasRequirement"), part)
        graph.add(part, RDFS("label"), text(f"{requirement.package}{requirement.version or ''}"))
        graph.add(part, STKG("packageName"), text(requirement.package))
        graph.add(part, STKG("versionSpecifier"), text(requirement.version) if requirement.version else None)
        if requirement.framework:
            graph.add(part, STKG("forFramework"), node(record_iri("framework", requirement.framework)))
        graph.add(part, STKG("note"), text(requirement.note) if requirement.note else None)
        graph.evidence(part, requirement.sources)


def add_benchmark(graph: RecordGraph, benchmark: Benchmark) -> None:
    """State everything about one benchmark."""
    subject = graph.subject
    graph.type(subject, STKG("Benchmark"))
    graph.add(subject, RDFS("label"), text(benchmark.label))
    for synonym in benchmark.synonyms:
        graph.add(subject, SKOS("altLabel"), text(synonym))
    graph.add(subject, STKG("forTask"), node(record_iri("task", benchmark.task)))
    graph.add(subject, STKG("repository"), node(benchmark.repository) if benchmark.repository else None)
    graph.add(subject, STKG("commit"), text(benchmark.commit) if benchmark.commit else None)
    if benchmark.doi:
        graph.add(subject, STKG("doi"), text(benchmark.doi))
        graph.add(subject, SCHEMA("sameAs"), node(doi_url(benchmark.doi)))
    for method in benchmark.methods:
        graph.add(subject, STKG("benchmarks"), node(record_iri("method", method)))
    graph.evidence(subject, benchmark.sources)
