"""The catalog itself, file by file: canonical, sourced, linked, and free of what only one machine knows."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from kg.catalog.checks import check_catalog
from kg.catalog.layout import RECORD_TYPES
from kg.catalog.loader import Loaded, data_files, load_all
from kg.iris import slugify
from kg.model import Catalog, Method, Paper, Record, Sourced
from kg.names import build_indexes
from kg.resources import resource_root

FILES: Final = [path for path, _ in data_files(resource_root("data"))]
# The stored query `lineage` follows this many steps.
LONGEST_CHAIN: Final = 8
PRIVATE: Final = re.compile(
    r"(?<![\w.])/(home|root|tmp|work|Users|mnt|opt|srv|var)/|[A-Z]:\\|file://|localhost|127\.0\.0\.1"
)


@pytest.fixture(scope="session")
def loaded(real_root: Path) -> Loaded:
    """The catalog and the problems of its files."""
    return load_all(real_root)


@pytest.fixture(scope="session")
def problems(real_root: Path, loaded: Loaded) -> dict[str, list[str]]:
    """Everything that is wrong, by file."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in (*loaded.problems, *check_catalog(loaded.catalog, real_root)):
        found[problem.path].append(str(problem))
    return found


@pytest.mark.parametrize("path", FILES)
def test_record(path: str, real_root: Path, problems: dict[str, list[str]]) -> None:
    found = problems.get(path, [])
    assert not found, "\n" + "\n".join(found)
    text = (real_root / path).read_text(encoding="utf-8")
    assert text.endswith("\n"), "run 'stkg format': the last line has no end"
    assert not text.endswith("\n\n"), "run 'stkg format': an empty line at the end"
    private = [match.group() for match in PRIVATE.finditer(text)]
    assert not private, f"names a place on one machine ({private[0]}): cite a public address instead"


def test_every_file_has_a_test_of_its_own(real_root: Path, problems: dict[str, list[str]]) -> None:
    """A file that is new since collection, or a problem in no listed file, is not passed over."""
    assert sorted(FILES) == sorted(path for path, _ in data_files(real_root))
    assert set(problems) <= set(FILES)
    assert len(FILES) > len(RECORD_TYPES)


@pytest.mark.parametrize("text", ["see /home/me/x.py", "/srv/x", "C:\\x", "file://x"])
def test_private_places_are_recognised(text: str) -> None:
    assert PRIVATE.search(text)
    assert not PRIVATE.search("https://github.com/a/b/blob/c/home/x.py: work/tmp, Harvard/var and a.b/opt/x")


def facts(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Every part of a record that has to name its sources."""
    if isinstance(value, Record):
        if (
            isinstance(value, Sourced)
            or "sources" in type(value).model_fields
            or "evidence" in type(value).model_fields
        ):
            given = getattr(value, "sources", None)
            yield where, given if given is not None else getattr(value, "evidence")  # noqa: B009
        for name in type(value).model_fields:
            yield from facts(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from facts(item, f"{where}[{index}]")


@pytest.mark.parametrize("kind", [t.kind for t in RECORD_TYPES])
def test_every_fact_has_a_source(loaded: Loaded, kind: str) -> None:
    table = loaded.catalog.of_kind(kind)
    # Ids elsewhere come from services on request; the catalog is whole without any.
    assert table or kind == "external"
    without = [
        where for key, record in table.items() for where, sources in facts(record, f"{kind} {key}") if not sources
    ]
    assert without == []
    if kind in {"method", "paper"}:
        title = {"method": "name", "paper": "title"}[kind]
        assert [key for key, record in table.items() if title not in record.sources] == []


def depth(catalog: Catalog, method: str, known: dict[str, int]) -> int:
    """Number of steps of the longest lineage that ends at a method."""
    if method not in known:
        links = catalog.methods[method].lineage
        known[method] = 1 + max((depth(catalog, link.method, known) for link in links), default=-1)
    return known[method]


def test_no_lineage_is_longer_than_the_stored_query_follows(loaded: Loaded) -> None:
    known: dict[str, int] = {}
    depths = {method: depth(loaded.catalog, method, known) for method in loaded.catalog.methods}
    assert {method: steps for method, steps in depths.items() if steps > LONGEST_CHAIN} == {}
    assert max(depths.values()) >= 1


def test_stored_query_follows_as_many_steps() -> None:
    text = (next(resource_root("queries").rglob("lineage.rq"))).read_text(encoding="utf-8")
    # Each branch binds its distance; every direction has one branch a step.
    assert sorted(map(int, re.findall(r"BIND\((\d+) AS \?distance\)", text))) == sorted(
        [*range(1, LONGEST_CHAIN + 1)] * 2
    )


def test_vocabulary_names_lead_to_one_record(loaded: Loaded) -> None:
    """What people type is folded; a label or synonym must not mean two records even so."""
    indexes = build_indexes(loaded.catalog)
    for kind in ("task", "framework", "language", "license", "technology", "dataset", "venue", "benchmark", "source"):
        assert {name: slugs for name, slugs in indexes[kind].names.items() if len(slugs) > 1} == {}


def test_repositories_and_sources_have_iris_of_their_own(loaded: Loaded) -> None:
    described = {source.repository.lower() for source in loaded.catalog.sources.values() if source.repository}
    slugs = [slugify(name) for name in loaded.catalog.repositories if name.lower() not in described]
    assert len(slugs) == len(set(slugs))
    assert set(slugs).isdisjoint(loaded.catalog.sources)


def test_no_task_takes_the_place_of_the_scheme(loaded: Loaded) -> None:
    assert "scheme" not in loaded.catalog.tasks


def test_no_conflict_rejects_what_the_record_says(loaded: Loaded) -> None:
    catalog = loaded.catalog
    records: list[Method | Paper] = [*catalog.methods.values(), *catalog.papers.values()]
    for record in records:
        for conflict in record.conflicts:
            chosen = getattr(record, conflict.field.split(".")[0])
            assert conflict.value != str(chosen), (record.id, conflict.field)
