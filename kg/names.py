"""What people type, folded so that spelling does not matter, and the index from names to records.

The index is made once a build from the catalog and stored beside the graph as one JSON file a kind, so that every
reader of the graph (command line, Python, later HTTP and the static site) resolves names alike.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import QueryParameterError
from kg.iris import fold, parse_curie, parse_record_iri, record_iri, slugify

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Catalog


class NameIndex(NamedTuple):
    """Names of the records of one kind.

    Attributes:
        kind: As in IRIs.
        labels: Slug to label.
        names: Folded name to the slugs it can mean, best known first.
    """

    kind: str
    labels: Mapping[str, str]
    names: Mapping[str, list[str]]

    def resolve(self, text: str) -> str:
        """IRI of the record that a text means.

        Args:
            text: An IRI, a CURIE, a slug, a label or a synonym; case, accents and hyphens do not matter.

        Returns:
            The record's IRI.

        Raises:
            QueryParameterError: Nothing or more than one record has this name; the message names the nearest.
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
            return parsed[1] if parsed[0] == self.kind and parsed[1] in self.labels else None
        return text if text in self.labels else None

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
    found["paper"] = {
        key: [
            p.title,
            *(x for x in (p.doi, p.arxiv, p.pmid) if x),
            *(x for v in p.versions for x in (v.doi, v.arxiv) if x),
        ]
        for key, p in catalog.papers.items()
    }
    people = found["author"] = {}
    for _, _, name, author in catalog.printed_authors():
        people.setdefault(author, []).append(name)
    for key, person in catalog.authors.items():
        people[key] = [person.name, *person.synonyms, *([person.orcid] if person.orcid else []), *people.get(key, [])]
    return found


def build_indexes(catalog: "Catalog") -> dict[str, NameIndex]:
    """Make the name index of every kind.

    A label wins over a synonym: a name that is one record's label and another's synonym means the former.
    """
    indexes = {}
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
        indexes[kind] = NameIndex(kind, {slug: names[0] for slug, names in sorted(records.items())}, names_of)
    return indexes


def index_text(index: NameIndex) -> str:
    """An index as JSON."""
    content = {"labels": dict(index.labels), "names": dict(index.names)}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_index(folder: "Path", kind: str) -> NameIndex:
    """Read the index of one kind from a built store's folder."""
    content = json.loads((folder / f"{kind}.json").read_bytes())
    return NameIndex(kind, content["labels"], content["names"])


__all__ = ["NameIndex", "build_indexes", "fold", "index_text", "read_index", "shown"]
