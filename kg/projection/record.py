"""Collect the statements of one record in its own named graph, each with the evidence that it rests on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from kg.iris import content_iri, graph_iri, record_iri, slugify
from kg.model import Catalog, Sourced, parse_reference
from kg.projection.terms import CC0, DCTERMS, PROV, RDF, RDFS, SCHEMA, STKG, day, node, text

# A path, perhaps with a line or lines, and what a curator wrote behind it.
_PATH_LINE: Final = re.compile(r"(?P<path>[^\s:][^:]*?)(?::(?P<line>\d+)(?:-(?P<last>\d+))?(?: .*)?)?(?: \(.*\))?")
# Files without an extension: LICENSE, DESCRIPTION, Dockerfile.
_BARE_FILE: Final = re.compile(r"[A-Z][A-Za-z]+")


class Registry:
    """What references need to know of the rest of the catalog; made once a build.

    Attributes:
        catalog: The catalog.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._described = catalog.described_repositories()
        self._commits = {name.lower(): known.commit for name, known in catalog.repositories.items()}

    def describes(self, repository: str) -> bool:
        """Whether ``sources.yaml`` has a record of its own for a repository."""
        return repository.lower() in self._described

    def source_iri(self, repository: str) -> str:
        """IRI of the source that an ``owner/name`` reference points into."""
        return record_iri("source", self._described.get(repository.lower()) or slugify(repository))

    def permalink(self, repository: str, path: str | None) -> str:
        """Page of a place in a repository, at the commit at which it was read."""
        return permalink(repository, self._commits.get(repository.lower()), path)


def permalink(repository: str, commit: str | None, path: str | None) -> str:
    """Page of a file, and line, in a public repository at a commit.

    Args:
        repository: ``owner/name`` on GitHub.
        commit: Commit, or None for the newest.
        path: ``path`` or ``path:line``; a place that is no path, such as ``row 12``, gives the repository's page.

    Example:
        >>> permalink("almaan/sepal", "1a2b3c4", "README.md:3")
        'https://github.com/almaan/sepal/blob/1a2b3c4/README.md#L3'
    """
    base = f"https://github.com/{repository}"
    match = _PATH_LINE.fullmatch(path or "")
    if match is None or not ("." in match["path"] or "/" in match["path"] or _BARE_FILE.fullmatch(match["path"])):
        return f"{base}/tree/{commit}" if commit else base
    line = f"#L{match['line']}" if match["line"] else ""
    line += f"-L{match['last']}" if match["last"] else ""
    return f"{base}/blob/{commit or 'HEAD'}/{quote(match['path'])}{line}"


class RecordGraph:
    """The named graph of one record.

    Attributes:
        subject: IRI of the record.
        graph: IRI of the named graph.
    """

    def __init__(self, registry: Registry, kind: str, key: str) -> None:
        self.registry, self.catalog = registry, registry.catalog
        self.kind, self.key = kind, key
        self.subject = node(record_iri(kind, key))
        self.graph = node(graph_iri(kind, key))
        self._statements: set[tuple[NamedNode, NamedNode, NamedNode | Literal]] = set()
        self._sources: set[NamedNode] = set()

    def add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal | None) -> None:
        """State something; None states nothing."""
        if value is not None:
            self._statements.add((subject, predicate, value))

    def type(self, subject: NamedNode, *classes: NamedNode) -> None:
        """State the classes of a node."""
        for each in classes:
            self.add(subject, RDF("type"), each)

    def evidence(self, subject: NamedNode, references: Iterable[str]) -> None:
        """Say where a node's own statements stand."""
        for reference in references:
            self.add(subject, STKG("evidence"), self._evidence_node(reference))

    def claim(
        self,
        predicate: NamedNode,
        value: NamedNode | Literal,
        sources: Sequence[str],
        *,
        strength: str = "strong",
        status: str = "accepted",
        note: str | None = None,
        seen_on: object | None = None,
    ) -> None:
        """Describe a statement about the record: its evidence, its strength, and whether it was accepted."""
        claim = node(content_iri("claim", self.kind, self.key, predicate.value, str(value), status))
        self.type(claim, STKG("Claim"), RDF("Statement"))
        self.add(claim, RDF("subject"), self.subject)
        self.add(claim, RDF("predicate"), predicate)
        self.add(claim, RDF("object"), value)
        self.add(claim, STKG("claimStatus"), text(status))
        self.add(claim, STKG("strength"), text(strength))
        self.add(claim, STKG("note"), text(note) if note else None)
        self.add(claim, STKG("retrievedOn"), day(seen_on) if seen_on else None)
        self.evidence(claim, sources)

    def fact(self, predicate: NamedNode, value: NamedNode | Literal | None, sources: Sequence[str]) -> None:
        """State something about the record and where it stands."""
        if value is not None:
            self.add(self.subject, predicate, value)
            self.claim(predicate, value, sources)

    def link(self, predicate: NamedNode, kind: str, key: str, sourced: Sourced) -> None:
        """State a link to another record and where it stands."""
        target = node(record_iri(kind, key))
        self.add(self.subject, predicate, target)
        self.claim(predicate, target, sourced.sources, strength=sourced.strength, note=sourced.note)

    def statements(self) -> list[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        """All statements, sorted."""
        return sorted(self._statements, key=lambda s: (s[0].value, s[1].value, str(s[2])))

    def quads(self) -> Iterator[Quad]:
        """All statements, sorted, with the description of the graph itself."""
        path, _ = self.catalog.places.get((self.kind, self.key), ("", -1))
        self.type(self.graph, STKG("RecordGraph"), PROV("Entity"))
        self.add(self.graph, DCTERMS("subject"), self.subject)
        self.add(self.graph, DCTERMS("license"), CC0)
        self.add(self.graph, STKG("recordFile"), text(f"data/{path}") if path else None)
        for source in self._sources:
            self.add(self.graph, PROV("wasDerivedFrom"), source)
        for statement in self.statements():
            yield Quad(*statement, self.graph)

    def _evidence_node(self, reference: str) -> NamedNode:
        # One node a record and reference, so that a record's statements never depend on another record.
        evidence = node(content_iri("evidence", self.kind, self.key, reference))
        self.type(evidence, STKG("Evidence"))
        self.add(evidence, RDFS("label"), text(reference))
        parts = parse_reference(reference) or {}
        source, locator, url = self._place(parts)
        if source is not None:
            self.add(evidence, STKG("inSource"), node(source))
            self._sources.add(node(source))
        self.add(evidence, STKG("locator"), text(locator) if locator else None)
        self.add(evidence, SCHEMA("url"), node(url) if url else None)
        return evidence

    def _place(self, parts: dict[str, str]) -> tuple[str | None, str | None, str | None]:
        """Source, place in it and web address of a reference."""
        if "url" in parts:
            return None, None, parts["url"]
        if "doi" in parts:
            return None, None, doi_url(parts["doi"])
        if "repository" in parts:
            name, path = parts["repository"], parts.get("path")
            return self.registry.source_iri(name), path, self.registry.permalink(name, path)
        record = self.catalog.sources.get(parts.get("source", ""))
        url = record.url if record else None
        if record and record.repository and url is None:
            url = permalink(record.repository, record.commit, parts.get("locator"))
        return record_iri("source", parts["source"]), parts.get("locator"), url


def doi_url(doi: str) -> str:
    """Web address of a DOI; characters that an IRI may not hold are escaped.

    >>> doi_url("10.1002/(sici)1097<1>3.0.co")
    'https://doi.org/10.1002/(sici)1097%3C1%3E3.0.co'
    """
    return "https://doi.org/" + quote(doi, safe="/:;()._-+~!$&'*,=@")
