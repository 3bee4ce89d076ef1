"""Any record the models accept can be written, read back as it was, and stated as RDF."""

import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.catalog.formatter import format_folder
from kg.catalog.layout import RECORD_TYPES
from kg.catalog.loader import load_all
from kg.catalog.writer import dump_record, dump_records
from kg.catalog.yaml_text import parse_yaml
from kg.iris import slugify
from kg.model import Catalog, Method, Paper, Record, Task
from kg.projection import Registry, record_quads

TASK_FILE: Final = next(t for t in RECORD_TYPES if t.kind == "task")
# Words that other readers of YAML, or careless writers of it, get wrong.
TRAPS: Final = st.sampled_from(
    [
        *(
            "1.10",
            "NO",
            "yes",
            "~",
            "null",
            "2022-01-01",
            "12:30",
            "0x1F",
            "1e3",
            "-",
            "--",
            "---",
            "...",
            "? a",
            "- a",
        ),
        *(
            "a: b",
            "a #b",
            "#a",
            "a:",
            ":a",
            "&a",
            "*a",
            "!a",
            "!!str a",
            "<<",
            "=",
            "%a",
            "@a",
            "`a`",
            "'a'",
            '"a"',
            "|",
        ),
        *(
            "[a]",
            "{a: b}",
            "a, b",
            "a]",
            "\\n",
            "\\",
            "a\u2028b",
            "a\u00a0b",
            "\ufeffa",
            "a\u200bb",
            "\U0001f9ec",
            "Åke Ø",
        ),
        *(".inf", "+.5", "1_000", "0o7", "a\ue000b", "a\ufffeb", "\u202eabc", "x" * 300),
    ]
)


def is_text(text: str) -> bool:
    """Whether the models take a text: no control characters, no blanks at its ends."""
    return text == text.strip() and not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in text)


def composed(text: str) -> str:
    """Text with accents joined to their letters, as the checks ask for."""
    return unicodedata.normalize("NFC", text)


anything: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
texts: Final = TRAPS | anything.map(composed).filter(is_text)
slugs: Final = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
days: Final = st.dates(date(1990, 1, 1), date(2030, 1, 1))
paths: Final = st.from_regex(
    r"[A-Za-z_.-]{1,8}(/[A-Za-z (),&#%'+-]{1,8}[a-z]){0,2}(:[0-9]{1,4}(-[0-9]{1,4})?)?", fullmatch=True
)
references: Final = st.one_of(
    st.builds("{}/{}:{}".format, slugs, slugs, paths),
    st.builds("{}:{}".format, slugs, texts),
    st.builds(
        "doi:10.1002/{}".format, st.from_regex(r"[!-~]{1,12}", fullmatch=True).filter(lambda t: not set(t) & set('<>"'))
    ),
    st.builds(
        "https://example.org/{}".format,
        st.from_regex(r"[A-Za-z0-9/?#=&.~_()-]{0,12}", fullmatch=True).filter(lambda t: t.count("#") < 2),
    ),
    slugs,
)
sources: Final = st.lists(references, min_size=1, max_size=3)
urls: Final = st.builds(
    "https://example.org/{}".format, st.from_regex(r"([A-Za-z0-9/=&.~_()-]|%20){0,12}", fullmatch=True)
)
dois: Final = st.from_regex(r"10\.[0-9]{4}/[a-z0-9()./;_-]{1,12}", fullmatch=True)
commits: Final = st.from_regex(r"[0-9a-f]{7,12}", fullmatch=True)


def group(required: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings as they come out of YAML."""
    return st.fixed_dictionaries(required, optional=optional or {})


def sourced(optional: dict[str, Any] | None = None, **required: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A fact with sources, and perhaps a note of doubt."""
    doubt = {"strength": st.sampled_from(["strong", "weak"]), "note": texts}
    return group({**required, "sources": sources}, {**doubt, **(optional or {})})


def some(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """A short list."""
    return st.lists(items, max_size=3)


def conflicts(*fields: str) -> st.SearchStrategy[list[Any]]:
    """Values that were not chosen, about any of the fields."""
    return some(group({"field": st.sampled_from(fields), "value": texts, "why": texts, "sources": sources}))


LIFE: Final[dict[str, Any]] = {
    "scope": st.sampled_from(["spatial", "single-cell", "imaging", "pathology", "resource", "other"]),
    "scope_note": texts,
    "status": st.sampled_from(["current", "withdrawn", "merged"]),
    "status_note": texts,
    "replaced_by": slugs,
    "former_ids": some(slugs),
}


def own_sources(*fields: str) -> st.SearchStrategy[dict[str, Any]]:
    """Sources of scalar fields."""
    return st.dictionaries(st.sampled_from(fields), sources)


def built(model: type[Record]) -> Callable[[dict[str, Any]], Any]:
    """The model's own reading of a mapping."""
    return model.model_validate


methods: Final[st.SearchStrategy[Method]] = group(
    {
        "id": slugs,
        "name": texts,
        "evidence_level": st.sampled_from(["repository", "indexed-readme", "catalog-with-doi", "catalog-only"]),
        "sources": own_sources("name", "synonyms", "summary", "scope_note"),
    },
    {
        **LIFE,
        "synonyms": some(texts),
        "summary": texts,
        "papers": some(sourced(paper=slugs, role=st.sampled_from(["introduces", "describes"]))),
        "repository": sourced({"commit": commits, "first_commit": days, "last_commit": days}, url=urls),
        "languages": some(sourced(language=slugs)),
        "frameworks": some(sourced(framework=slugs, use=st.sampled_from(["imports", "declares"]))),
        "licenses": some(sourced(license=slugs)),
        "tasks": some(sourced(task=slugs)),
        "datasets": some(sourced(dataset=slugs)),
        "requirements": some(sourced({"version": texts, "framework": slugs}, package=texts)),
        "lineage": some(
            sourced(relation=st.sampled_from(["extends", "reuses-code-of", "reimplements", "supersedes"]), method=slugs)
        ),
        "comparisons": some(sourced(method=slugs)),
        "conflicts": conflicts("name", "summary", "papers", "licenses", "repository.url", "lineage"),
    },
).map(built(Method))

people: Final = st.one_of(texts.filter(lambda t: slugify(t) != ""), group({"name": texts, "author": slugs}))
papers: Final[st.SearchStrategy[Paper]] = group(
    {
        "id": slugs,
        "title": texts,
        "kind": st.sampled_from(["article", "conference-paper", "preprint", "review", "book-chapter"]),
        "sources": own_sources("title", "doi", "arxiv", "pmid", "url", "venue", "year", "published_on"),
    },
    {
        **LIFE,
        "doi": dois,
        "arxiv": st.from_regex(r"[0-9]{4}\.[0-9]{5}", fullmatch=True),
        "pmid": st.from_regex(r"[1-9][0-9]{0,8}", fullmatch=True),
        "url": urls,
        "venue": slugs,
        "year": st.integers(1950, 2100).map(str),
        "published_on": days,
        "authors": group(
            {"complete": st.booleans(), "names": st.lists(people, min_size=1, max_size=4), "sources": sources},
            {"note": texts},
        ),
        "versions": some(
            group(
                {"kind": st.sampled_from(["preprint", "journal", "erratum", "other-title"]), "sources": sources},
                {"doi": dois, "title": texts, "year": st.integers(1950, 2100), "url": urls},
            )
        ),
        "conflicts": conflicts("title", "doi", "year", "venue", "authors", "published_on"),
    },
).map(built(Paper))

tasks: Final[st.SearchStrategy[Task]] = group(
    {"id": slugs, "label": texts, "definition": texts, "sources": sources},
    {
        "synonyms": some(texts),
        "broader": some(slugs),
        "scope_note": texts,
        "matches": some(
            group({"relation": st.sampled_from(["exact", "close", "broad", "narrow"]), "iri": urls, "label": texts})
        ),
    },
).map(built(Task))

EXAMPLES: Final = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def same(one: Any, other: Any) -> bool:
    """Whether two dumps say the same; the writer sorts lists whose order says nothing."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        left = list(other)
        for item in one:
            match = next((i for i, each in enumerate(left) if same(item, each)), None)
            if match is None:
                return False
            left.pop(match)
        return not left
    return bool(one == other)


@EXAMPLES
@given(st.one_of(methods, papers))
def test_record_survives_writing_and_reading(record: Method | Paper) -> None:
    text = dump_record(record)
    again = type(record).model_validate(parse_yaml(text, "x.yaml"))
    assert same(again.model_dump(), record.model_dump())
    assert dump_record(again) == text


@EXAMPLES
@given(st.lists(tasks, max_size=3, unique_by=lambda task: task.id).filter(bool))
def test_list_of_records_survives_writing_and_reading(records: list[Task]) -> None:
    text = dump_records(TASK_FILE, records)
    again = [Task.model_validate(item) for item in parse_yaml(text, "x.yaml")]
    assert [task.id for task in again] == sorted(task.id for task in records)
    by_id = {task.id: task for task in records}
    assert all(same(task.model_dump(), by_id[task.id].model_dump()) for task in again)
    assert dump_records(TASK_FILE, again) == text


@EXAMPLES
@given(st.lists(people, min_size=1, max_size=5), texts)
def test_order_of_authors_and_of_synonyms_is_kept(names: list[Any], synonym: str) -> None:
    authors = {"complete": True, "names": names, "sources": ["museumst"]}
    record = Paper.model_validate({"id": "a", "title": "A", "kind": "article", "authors": authors, "sources": {}})
    read = Paper.model_validate(parse_yaml(dump_record(record), "x.yaml"))
    assert read.authors == record.authors
    method = Method.model_validate(
        {"id": "a", "name": "A", "evidence_level": "repository", "synonyms": ["z", synonym, "a"], "sources": {}}
    )
    assert Method.model_validate(parse_yaml(dump_record(method), "x.yaml")).synonyms == ("z", synonym, "a")


@EXAMPLES
@given(st.dictionaries(texts.filter(lambda t: t != "<<"), st.just(["museumst"]), min_size=1, max_size=3))
def test_any_field_name_is_written_so_that_it_can_be_read(fields: dict[str, list[str]]) -> None:
    """A wrong field name is reported by the checks; the writer must not turn it into a broken file."""
    record = Method.model_validate({"id": "a", "name": "A", "evidence_level": "repository", "sources": fields})
    assert parse_yaml(dump_record(record), "x.yaml")["sources"] == fields


@EXAMPLES
@given(
    st.one_of(
        methods.map(lambda m: ("method", m)), papers.map(lambda p: ("paper", p)), tasks.map(lambda t: ("task", t))
    )
)
def test_record_is_stated_without_blank_nodes_the_same_each_time(found: tuple[str, Any]) -> None:
    kind, record = found
    registry = Registry(Catalog())
    quads = [str(quad) for quad in record_quads(registry, kind, record.id, record)]
    assert quads
    assert not any(part.startswith("_:") for quad in quads for part in quad.split(" "))
    assert [str(quad) for quad in record_quads(Registry(Catalog()), kind, record.id, record)] == quads


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(methods)
def test_written_file_needs_no_formatting(tmp_path: Path, record: Method) -> None:
    folder = tmp_path / "methods"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / f"{record.id}.yaml").write_text(dump_record(record), encoding="utf-8", newline="")
    loaded = load_all(tmp_path)
    assert loaded.problems == []
    assert list(loaded.catalog.methods) == [record.id]
    changed, unreadable = format_folder(tmp_path, write=False)
    assert unreadable == []
    assert changed == []
