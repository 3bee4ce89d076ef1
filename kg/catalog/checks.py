"""Rules that hold across records: references, sources, identifiers, cycles, identities.

Each rule is a generator of :class:`Finding`. :func:`check_catalog` runs them all, with those of
:mod:`kg.catalog.plausibility` and :mod:`kg.catalog.spelling`, and turns findings into problems at a file and line.
Rules never raise and never stop at the first fault.
"""

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.catalog import plausibility, spelling
from kg.catalog.finding import LINKS, Finding, Rule, Steps, all_records, walk
from kg.catalog.life import LIFE_RULES, exists, nearest
from kg.catalog.loader import pointer_text, read_text
from kg.catalog.yaml_text import locate
from kg.errors import Problem
from kg.iris import fold
from kg.model import Catalog, Method, Paper, parse_reference

_SCALARS: Mapping[str, tuple[str, ...]] = {
    "method": ("name", "synonyms", "summary", "scope_note"),
    "paper": ("title", "doi", "arxiv", "pmid", "url", "venue", "year", "published_on", "scope_note"),
}
# Fields that say something about the record, or that have no property of their own in the graph.
_WITHOUT_CONFLICTS = frozenset(
    {
        *("id", "former_ids", "sources", "conflicts", "status", "status_note", "replaced_by"),
        *("evidence_level", "requirements", "versions"),
    }
)


def check_catalog(catalog: Catalog, root: Path) -> list[Problem]:
    """Run every rule.

    Args:
        catalog: What could be read.
        root: The data folder it was read from; files with findings are read again for their line numbers.

    Returns:
        All problems, sorted by file and line; ``[]`` when the catalog is sound.
    """
    texts: dict[str, str] = {}
    problems = []
    for rule in RULES:
        for finding in rule(catalog):
            path, index = catalog.places[finding.kind, finding.key]
            text = texts.setdefault(path, read_text(root, path))
            steps = finding.steps if index < 0 else (index, *finding.steps)
            line = locate(text, path, steps)
            name = rule.__name__.replace("_", "-")
            problems.append(Problem(path, line, pointer_text(finding.steps), finding.message, finding.hint, name))
    return sorted(set(problems))


def references_exist(catalog: Catalog) -> Iterator[Finding]:
    """A slug that names another record must name one that exists."""
    for kind, key, record in all_records(catalog):
        for steps, name, value in walk(record):
            target = kind if name in {"broader", "replaced_by"} else LINKS.get(name)
            if kind in {"listing", "mapping"} and name == "source":
                target = "source"
            if target is None:
                continue
            many = isinstance(value, tuple)
            for index, slug in enumerate(value if many else (value,)):
                if isinstance(slug, str) and not exists(catalog, target, slug):
                    where = (*steps, index) if many else steps
                    yield Finding(kind, key, where, f"there is no {target} {slug!r}", nearest(slug, catalog, target))


def listing_targets_exist(catalog: Catalog) -> Iterator[Finding]:
    """A correction's ``record`` must exist."""
    for key, listing in catalog.listings.items():
        for index, entry in enumerate(listing.entries):
            for number, correction in enumerate(entry.corrections):
                if correction.record is None:
                    continue
                kind, _, slug = correction.record.partition("/")
                if not exists(catalog, kind, slug):
                    steps = ("entries", index, "corrections", number, "record")
                    yield Finding("listing", key, steps, f"there is no {kind} {slug!r}", nearest(slug, catalog, kind))


def listing_entries_are_explained(catalog: Catalog) -> Iterator[Finding]:
    """Each entry names a record or says why not, and is ``corrected`` exactly when it has corrections."""
    for key, listing in catalog.listings.items():
        for index, entry in enumerate(listing.entries):
            steps = ("entries", index)
            links = (entry.method, entry.paper, entry.dataset, entry.framework, entry.task)
            if not any(links) and entry.note is None:
                yield Finding("listing", key, steps, "is linked to no record", "name a record, or say why in note")
            if (entry.status == "corrected") != bool(entry.corrections):
                wanted = "'corrected'" if entry.corrections else "not 'corrected'"
                yield Finding(
                    "listing", key, (*steps, "status"), f"must be {wanted}: {len(entry.corrections)} corrections given"
                )


def facts_have_sources(catalog: Catalog) -> Iterator[Finding]:
    """Every scalar field of methods and papers names its source, and ``sources`` names only fields that are there."""
    for kind, fields in _SCALARS.items():
        for key, record in catalog.of_kind(kind).items():
            for name in fields:
                if getattr(record, name) not in (None, ()) and name not in record.sources:
                    hint = f"add 'sources: {name}: [where it stands]'"
                    yield Finding(kind, key, (name,), "has no source", hint)
            for name in record.sources:
                if name not in fields:
                    hint = f"sources has the fields {', '.join(fields)}"
                    yield Finding(kind, key, ("sources", name), "is not a field that has its source here", hint)
                elif getattr(record, name) in (None, ()):
                    yield Finding(kind, key, ("sources", name), "is the source of an absent field", "remove it")


def sources_are_known(catalog: Catalog) -> Iterator[Finding]:
    """A reference names a source of ``sources.yaml`` or a repository of ``repositories.yaml``."""
    repositories = {name.lower() for name in catalog.repositories}
    unsure = ("repository", "*") in catalog.unreadable
    repositories |= set(catalog.described_repositories())
    for kind, key, record in all_records(catalog):
        for steps, name, value in walk(record):
            if name not in {"sources", "evidence"} or not isinstance(value, tuple):
                continue
            for index, text in enumerate(value):
                parts = parse_reference(text) or {}
                source, repository = parts.get("source"), parts.get("repository")
                if source is not None and not exists(catalog, "source", source):
                    near = nearest(source, catalog, "source")
                    yield Finding(kind, key, (*steps, index), f"there is no source {source!r}", near)
                if repository is not None and not unsure and repository.lower() not in repositories:
                    hint = "add it with its commit to repositories.yaml"
                    yield Finding(kind, key, (*steps, index), f"repository {repository!r} is not registered", hint)


def _cycles(edges: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """One cycle for each strongly connected knot, found depth first."""
    state: dict[str, int] = {}
    for root in sorted(edges):
        stack: list[tuple[str, Iterator[str]]] = (
            [(root, iter(sorted(edges.get(root, ()))))] if root not in state else []
        )
        if stack:
            state[root] = 1
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[node] = 2
                stack.pop()
            elif state.get(following) == 1:
                path = [name for name, _ in stack]
                yield path[path.index(following) :]
            elif following not in state:
                state[following] = 1
                stack.append((following, iter(sorted(edges.get(following, ())))))


def lineage_has_no_cycle(catalog: Catalog) -> Iterator[Finding]:
    """No method is its own ancestor."""
    methods = {key: method for key, method in catalog.methods.items() if method.status == "current"}
    edges = {key: {link.method for link in method.lineage} for key, method in methods.items()}
    for cycle in _cycles(edges):
        text = " -> ".join([*cycle, cycle[0]])
        yield Finding("method", cycle[0], ("lineage",), f"goes in a circle: {text}", "remove the wrong step")


def broader_has_no_cycle(catalog: Catalog) -> Iterator[Finding]:
    """No task or technology is broader than itself."""
    for kind in ("task", "technology"):
        table = catalog.of_kind(kind)
        for cycle in _cycles({key: set(record.broader) for key, record in table.items()}):
            text = " -> ".join([*cycle, cycle[0]])
            yield Finding(kind, cycle[0], ("broader",), f"goes in a circle: {text}", "remove the wrong step")


def links_are_distinct(catalog: Catalog) -> Iterator[Finding]:
    """A method is not linked to itself, and to nothing twice in one list."""
    lists = ("papers", "languages", "frameworks", "licenses", "tasks", "datasets", "lineage", "comparisons")
    for key, method in catalog.methods.items():
        for name in lists:
            seen: set[tuple[Any, ...]] = set()
            for index, link in enumerate(getattr(method, name)):
                target = next(getattr(link, field) for field in LINKS if field in type(link).model_fields)
                relation = getattr(link, "relation", None)
                if name in {"lineage", "comparisons"} and target == key:
                    yield Finding("method", key, (name, index), "links the method to itself", "remove it")
                if (target, relation) in seen:
                    yield Finding("method", key, (name, index), f"lists {target!r} twice", "keep one, with all sources")
                seen.add((target, relation))


def identifiers_are_unique(catalog: Catalog) -> Iterator[Finding]:
    """No two papers share a DOI, arXiv id or PubMed id, and no two people an ORCID."""
    seen: dict[tuple[str, str], str] = {}
    for key, paper in sorted(catalog.papers.items()):
        if paper.status != "current":
            continue
        own: list[tuple[Steps, str, Any]] = [((name,), name, getattr(paper, name)) for name in ("doi", "arxiv", "pmid")]
        for index, version in enumerate(paper.versions):
            own += [(("versions", index, name), name, getattr(version, name)) for name in ("doi", "arxiv")]
        for steps, name, value in own:
            other = seen.setdefault((name, value), key) if value else key
            if other != key:
                hint = f"merge the two records, or correct the {name}"
                yield Finding("paper", key, steps, f"{value} is already the {name} of paper {other!r}", hint)
    for key, author in sorted(catalog.authors.items()):
        other = seen.setdefault(("orcid", author.orcid), key) if author.orcid else key
        if other != key:
            yield Finding("author", key, ("orcid",), f"is already the ORCID of {other!r}", "merge or correct")


def labels_are_unique(catalog: Catalog) -> Iterator[Finding]:
    """A label or synonym leads to one record of its kind, so that what people type is never ambiguous."""
    for kind in ("task", "framework", "language", "license", "technology", "dataset", "venue", "benchmark", "source"):
        seen: dict[str, str] = {}
        for key, record in sorted(catalog.of_kind(kind).items()):
            names = [("label", record.label), *((("synonyms"), s) for s in record.synonyms)]
            for field, name in names:
                other = seen.setdefault(fold(name), key)
                if other != key:
                    hint = "a name must lead to one record"
                    yield Finding(kind, key, (field,), f"{name!r} is already a name of {other!r}", hint)


def authors_are_told_apart(catalog: Catalog) -> Iterator[Finding]:
    """One id on two papers needs a record with the evidence; one paper does not list a person twice."""
    papers: dict[str, list[tuple[str, Steps]]] = defaultdict(list)
    for paper_id, position, name, author in catalog.printed_authors():
        steps = ("authors", "names", position - 1)
        if not author:
            yield Finding("paper", paper_id, steps, f"{name!r} gives no id", "write {name: …, author: an-id}")
        elif any(p == paper_id for p, _ in papers[author]):
            hint = "two people of one name need two ids: {name: …, author: other-id}"
            yield Finding("paper", paper_id, steps, f"lists the person {author!r} twice", hint)
        papers[author].append((paper_id, steps))
    for author, places in papers.items():
        distinct = sorted({paper_id for paper_id, _ in places})
        if author and len(distinct) > 1 and not exists(catalog, "author", author):
            hint = f"add {author!r} with the evidence to authors.yaml, or give one of them another id"
            message = f"the person {author!r} also stands in {', '.join(distinct[1:])} without evidence that it is one"
            yield Finding("paper", places[0][0], places[0][1], message, hint)
    for author in sorted(set(catalog.authors) - set(papers)):
        yield Finding("author", author, ("id",), "is the author of no paper", "remove the record or link a paper")


def scopes_are_explained(catalog: Catalog) -> Iterator[Finding]:
    """A record outside the scope says why it is kept; one paper at most introduces a method."""
    for kind in ("method", "paper"):
        for key, record in catalog.of_kind(kind).items():
            if record.scope != "spatial" and record.scope_note is None:
                hint = "add scope_note: why the record is kept"
                yield Finding(kind, key, ("scope",), f"is {record.scope!r} without a reason", hint)
    for key, method in catalog.methods.items():
        if sum(link.role == "introduces" for link in method.papers) > 1:
            yield Finding(
                "method", key, ("papers",), "has two papers that introduce it", "one introduces, others describe"
            )


def conflicts_name_fields(catalog: Catalog) -> Iterator[Finding]:
    """A conflict is about a field of its record."""
    for kind, model in (("method", Method), ("paper", Paper)):
        for key, record in catalog.of_kind(kind).items():
            for index, conflict in enumerate(record.conflicts):
                fields = set(model.model_fields) - _WITHOUT_CONFLICTS
                if conflict.field.split(".")[0] not in fields:
                    near = difflib.get_close_matches(conflict.field, fields, n=1)
                    hint = f"did you mean {near[0]}?" if near else f"a field of {kind}"
                    yield Finding(kind, key, ("conflicts", index, "field"), f"{conflict.field!r} is no field", hint)


def text_is_composed(catalog: Catalog) -> Iterator[Finding]:
    """Text is in Unicode normal form C, so that equal names are equal bytes; what a list printed is exempt."""
    for kind, key, record in all_records(catalog):
        for steps, name, value in walk(record):
            if isinstance(value, str) and name != "listed" and not unicodedata.is_normalized("NFC", value):
                yield Finding(kind, key, steps, "has letters and accents apart", "run 'stkg format'")


def benchmarks_are_distinct(catalog: Catalog) -> Iterator[Finding]:
    """A benchmark lists a method once."""
    for key, benchmark in catalog.benchmarks.items():
        for index, slug in enumerate(benchmark.methods):
            if slug in benchmark.methods[:index]:
                yield Finding("benchmark", key, ("methods", index), f"lists {slug!r} twice", "remove one")


def external_links_fit(catalog: Catalog) -> Iterator[Finding]:
    """An id elsewhere is of a record that exists, and OpenAlex's works are papers, its authors people."""
    printed = {author for _, _, _, author in catalog.printed_authors()} if catalog.externals else set()
    for key, link in catalog.externals.items():
        kind, _, slug = link.record.partition("/")
        if not exists(catalog, kind, slug) and not (kind == "author" and slug in printed):
            yield Finding("external", key, ("record",), f"there is no {kind} {slug!r}", nearest(slug, catalog, kind))
        wanted = {"W": "paper", "A": "author"}.get(key.rpartition("/")[2][0], kind)
        if wanted != kind:
            yield Finding("external", key, ("record",), f"is a {kind}, the id is of a {wanted}", "correct one of them")


RULES: tuple[Rule, ...] = (
    references_exist,
    listing_targets_exist,
    listing_entries_are_explained,
    facts_have_sources,
    sources_are_known,
    lineage_has_no_cycle,
    broader_has_no_cycle,
    links_are_distinct,
    identifiers_are_unique,
    labels_are_unique,
    authors_are_told_apart,
    scopes_are_explained,
    conflicts_name_fields,
    text_is_composed,
    benchmarks_are_distinct,
    *plausibility.RULES,
    *spelling.RULES,
    *LIFE_RULES,
    external_links_fit,
)

__all__ = ["RULES", "Finding", "check_catalog"]
