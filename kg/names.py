"""What people type, folded so that spelling does not matter, and the index from names to records.

The index is made once a build from the catalog and stored beside the graph as one JSON file a kind, so that every
reader of the graph (command line, Python, later HTTP and the static site) resolves names alike.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.errors import QueryParameterError, WithdrawnRecordError
from kg.iris import fold, parse_curie, parse_record_iri, record_iri, slugify

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Catalog, Paper


_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class NameIndex(NamedTuple):
    """Names of the records of one kind.

    Attributes:
        kind: As in IRIs.
        labels: Slug to label, of the records that stand.
        names: Folded name to the slugs it can mean, best known first.
        former: Slug that a record had once to the one it has now.
        merged: Slug of a merged record to that of the record that stands in its place.
        withdrawn: Slug of a withdrawn record to a sentence that says so.
    """

    kind: str
    labels: Mapping[str, str]
    names: Mapping[str, list[str]]
    former: Mapping[str, str] = _NONE
    merged: Mapping[str, str] = _NONE
    withdrawn: Mapping[str, str] = _NONE

    def current(self, slug: str) -> str | None:
        """Slug of the record that a slug means today, or None when there is none.

        Raises:
            WithdrawnRecordError: It was withdrawn.
        """
        if slug in self.withdrawn:
            raise WithdrawnRecordError(self.withdrawn[slug])
        return slug if slug in self.labels else self.successor(slug)

    def successor(self, slug: str) -> str | None:
        """Slug of the record that took the place of a renamed or merged one; None for any other."""
        return self.former.get(slug) or self.merged.get(slug)

    def resolve(self, text: str) -> str:
        """IRI of the record that a text means.

        Args:
            text: An IRI, a CURIE, a slug, a label or a synonym; case, accents and hyphens do not matter.

        Returns:
            The record's IRI.

        Raises:
            QueryParameterError: Nothing or more than one record has this name; the message names the nearest.
            WithdrawnRecordError: The record was withdrawn.
        """
        slug = self._slug(text)
        if slug is not None:
            return record_iri(self.kind, slug)
        found = self.names.get(fold(text), [])
        if len(found) == 1:
            return record_iri(self.kind, found[0])
        if found:
            choices = ", ".join(found)
            hint = f"write one of these ids ('stkg show {self.kind}:{found[0]}' tells what it is)"
            raise QueryParameterError(f"{shown(text)} can mean several {self.kind}s, {choices}: {hint}")
        raise QueryParameterError(f"there is no {self.kind} {shown(text)}{self._suggestion(text)}")

    def _slug(self, text: str) -> str | None:
        parsed = parse_record_iri(text) or parse_curie(text)
        if parsed is not None:
            return self.current(parsed[1]) if parsed[0] == self.kind else None
        # What was withdrawn only counts when nothing else has the name.
        if text in self.withdrawn and fold(text) in self.names:
            return None
        return self.current(text)

    def nearest(self, text: str, *, n_max: int = 3) -> list[str]:
        """Labels whose names look most like a text, best first."""
        import difflib  # only a wrong name needs it

        # Ten thousand names at most are compared; a long text cannot be a name, so it is cut.
        folded = fold(text)[:80]
        close = difflib.get_close_matches(folded, self.names, n=n_max * 2, cutoff=0.6)
        close += [name for name in self.names if folded and len(folded) > 2 and folded in name][: n_max * 2]
        labels = [self.labels[slug] for name in close for slug in self.names[name][:1]]
        return list(dict.fromkeys(labels))[:n_max]

    def _suggestion(self, text: str) -> str:
        near = self.nearest(text)
        return f": did you mean {', '.join(near)}?" if near else ""


def shown(text: str) -> str:
    """A text as it may stand in a message: quoted, cut, and without control characters.

    >>> shown("a" * 100)[-4:]
    "aa…'"
    """
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _entries(catalog: "Catalog") -> dict[str, dict[str, list[str]]]:
    """Names of every record by kind and slug; the label stands first."""
    found: dict[str, dict[str, list[str]]] = {}
    simple = ("task", "dataset", "framework", "language", "license", "technology", "venue", "benchmark", "source")
    for kind in simple:
        found[kind] = {key: [r.label, *r.synonyms] for key, r in catalog.of_kind(kind).items()}
    for key, dataset in catalog.datasets.items():
        found["dataset"][key] += dataset.accessions
    for key, record in catalog.licenses.items():
        found["license"][key] += [record.spdx] if record.spdx else []
    for key, source in catalog.sources.items():
        found["source"][key] += [source.repository] if source.repository else []
    described = catalog.described_repositories()
    for name in catalog.repositories:
        if name.lower() not in described:
            found["source"][slugify(name)] = [name]
    found["method"] = {key: [m.name, *m.synonyms] for key, m in catalog.methods.items()}
    found["paper"] = {key: _names_of_paper(paper) for key, paper in catalog.papers.items()}
    for kind in ("method", "paper"):
        _pass_on_names(catalog, kind, found[kind])
    people = found["author"] = {}
    for _, _, name, author in catalog.printed_authors():
        people.setdefault(author, []).append(name)
    for key, person in catalog.authors.items():
        people[key] = [person.name, *person.synonyms, *([person.orcid] if person.orcid else []), *people.get(key, [])]
    return found


def _names_of_paper(paper: "Paper") -> list[str]:
    own = [name for name in (paper.doi, paper.arxiv, paper.pmid) if name]
    return [paper.title, *own, *(name for v in paper.versions for name in (v.doi, v.arxiv) if name)]


def _pass_on_names(catalog: "Catalog", kind: str, names: dict[str, list[str]]) -> None:
    """Take retired records out; the names of a merged one become synonyms of its successor."""
    merged = _merged(catalog, kind)
    retired = {key: names.pop(key) for key in list(names) if not catalog.is_current(kind, key)}
    for key, successor in merged.items():
        names[successor] += retired[key]


def _merged(catalog: "Catalog", kind: str) -> dict[str, str]:
    """Merged record to the current one at the end of its chain."""
    table, found = catalog.of_kind(kind), {}
    for key in sorted(key for key, record in table.items() if getattr(record, "replaced_by", None)):
        here = key
        while not catalog.is_current(kind, here):
            here = table[here].replaced_by
        found[key] = here
    return found


def _withdrawn(catalog: "Catalog", kind: str, known: Mapping[str, Any]) -> dict[str, str]:
    """Withdrawn records, and people whom only retired papers name, with a sentence."""
    from kg.model import author_of

    if kind == "author":
        gone = {
            author: name
            for key, paper in sorted(catalog.papers.items())
            if not catalog.is_current("paper", key) and paper.authors
            for name, author in map(author_of, paper.authors.names)
            if author not in known
        }
        return {key: f"{name} is named only by papers that were withdrawn" for key, name in sorted(gone.items())}
    table = catalog.of_kind(kind)
    return {
        key: f"{getattr(record, 'name', None) or record.title} was withdrawn: {record.status_note}"
        for key, record in sorted(table.items())
        if getattr(record, "status", "current") == "withdrawn"
    }


def build_indexes(catalog: "Catalog") -> dict[str, NameIndex]:
    """Make the name index of every kind.

    A label wins over a synonym: a name that is one record's label and another's synonym means the former.
    """
    indexes, former = {}, catalog.former_ids()
    for kind, records in _entries(catalog).items():
        by_rank: dict[str, dict[str, int]] = {}
        for slug, names in sorted(records.items()):
            for rank, name in enumerate(names):
                places = by_rank.setdefault(fold(name), {})
                places[slug] = min(places.get(slug, 1), rank)
        names_of = {}
        for name, places in by_rank.items():
            best = min(places.values())
            names_of[name] = sorted(slug for slug, rank in places.items() if rank == best)
        names_of.pop("", None)
        merged = _merged(catalog, kind)
        indexes[kind] = NameIndex(
            kind,
            labels={slug: names[0] for slug, names in sorted(records.items())},
            names=names_of,
            former={old: merged.get(key, key) for (of, old), key in sorted(former.items()) if of == kind},
            merged=merged,
            withdrawn=_withdrawn(catalog, kind, records),
        )
    return indexes


def index_text(index: NameIndex) -> str:
    """An index as JSON."""
    content = {name: dict(table) for name, table in index._asdict().items() if name != "kind"}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_index(folder: "Path", kind: str) -> NameIndex:
    """Read the index of one kind from a built store's folder."""
    content = json.loads((folder / f"{kind}.json").read_bytes())
    return NameIndex(kind, **content)


__all__ = ["NameIndex", "build_indexes", "fold", "index_text", "read_index", "shown"]
