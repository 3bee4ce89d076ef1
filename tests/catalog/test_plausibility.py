"""Rules that hold facts against where they stand: each fires on the error it was made for, and not on its neighbour."""

from typing import Any

import pytest

from kg.catalog import plausibility
from kg.catalog.finding import Finding
from kg.model import Catalog, Method, Paper, Source, Task, Venue

BIORXIV = {"doi": "10.1101/2021.02.03.429000", "kind": "preprint", "year": 2021}
ARTICLE = {"doi": "10.1038/s41467-023-36796-3", "kind": "article", "year": 2023}


def paper(**fields: Any) -> Paper:
    """A paper with the fields given, its title sourced."""
    given: dict[str, Any] = {"id": "p", "title": "A title", "sources": {"title": ["museumst:row 1"]}, **fields}
    return Paper.model_validate(given)


def version(**fields: Any) -> dict[str, Any]:
    """A preprint version with the fields given."""
    return {"kind": "preprint", "sources": ["museumst:row 1"], **fields}


def method(key: str = "m", **fields: Any) -> Method:
    """A method named Bad with the fields given."""
    given: dict[str, Any] = {"id": key, "name": "Bad", "evidence_level": "catalog-only", "sources": {}, **fields}
    return Method.model_validate(given)


def link(sources: list[str], **fields: Any) -> dict[str, Any]:
    """A linked thing with its sources."""
    return {"sources": sources, **fields}


def catalog(*records: Method | Paper, **more: Any) -> Catalog:
    """A catalog of a few records."""
    methods = {record.id: record for record in records if isinstance(record, Method)}
    papers = {record.id: record for record in records if isinstance(record, Paper)}
    return Catalog(methods=methods, papers=papers, **more)


def found(rule: str, content: Catalog) -> list[Finding]:
    """What one rule says."""
    return list(next(each for each in plausibility.RULES if each.__name__ == rule)(content))


def messages(rule: str, content: Catalog) -> str:
    """What one rule says, as one text."""
    return " | ".join(finding.message for finding in found(rule, content))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (BIORXIV, ""),
        ({**BIORXIV, "year": 2022}, "2022 does not fit the DOI, which dates from 2021"),
        ({"doi": "10.64898/2025.12.22.696108", "year": 2026}, "the DOI, which dates from 2025"),
        ({"doi": "10.48550/arxiv.2306.01859", "year": 2024}, "the DOI, which dates from 2023"),
        ({"kind": "preprint", "arxiv": "2306.01859", "year": 2024}, "the arXiv id, which dates from 2023"),
        ({"kind": "preprint", "arxiv": "2306.01859", "year": 2023}, ""),
        ({"kind": "conference-paper", "arxiv": "2306.01859", "year": 2024}, ""),
        ({"kind": "preprint", "arxiv": "q-bio/0701001", "year": 2024}, ""),
        ({**ARTICLE, "versions": [version(arxiv="2306.01859", year=2022)]}, "the arXiv id, which dates from 2023"),
        ({**ARTICLE, "versions": [version(arxiv="2406.01859")]}, "is a preprint of 2024, later than the paper of 2023"),
        ({**ARTICLE, "versions": [version(arxiv="2206.01859", year=2022)]}, ""),
        ({**BIORXIV, "versions": [version(arxiv="2206.01859")]}, ""),
    ],
)
def test_years_fit_identifiers(fields: dict[str, Any], said: str) -> None:
    given = messages("dates_agree", catalog(paper(**fields)))
    assert said in given
    assert bool(said) == bool(given)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (BIORXIV, ""),
        (ARTICLE, ""),
        ({"kind": "article", "doi": "10.1101/gr.271288.120"}, ""),  # Genome Research shares the prefix
        ({"kind": "preprint", "doi": "10.1101/654813"}, ""),
        ({"kind": "preprint", "arxiv": "2306.01859"}, ""),
        ({"kind": "preprint", "venue": "arxiv"}, ""),
        ({}, ""),
        ({**BIORXIV, "kind": "article"}, "is article with a preprint's identifier"),
        ({"doi": "10.48550/arxiv.2306.01859"}, "is absent with a preprint's identifier"),
        ({**ARTICLE, "kind": "preprint"}, "is preprint, but nothing here is a preprint's"),
        ({"kind": "preprint"}, "is preprint, but nothing here is a preprint's"),
        ({**ARTICLE, "versions": [version(doi="10.1038/s41586-1")]}, "is preprint, but 10.1038/s41586-1 is not a"),
        (
            {**ARTICLE, "versions": [version(kind="journal", doi="10.1101/654813")]},
            "is journal, but 10.1101/654813",
        ),
        ({**ARTICLE, "versions": [version(kind="other-title", doi="10.1101/654813")]}, ""),
    ],
)
def test_kinds_fit_identifiers(fields: dict[str, Any], said: str) -> None:
    given = messages("kinds_agree", catalog(paper(**fields)))
    assert said in given
    assert bool(said) == bool(given)


def test_a_venue_gives_out_its_own_dois() -> None:
    venues = {"jci": Venue(id="jci", label="JCI", doi_prefixes=("10.1172",), sources=("museumst",))}
    assert "is not a DOI of JCI" in messages("venues_agree", catalog(paper(venue="jci", **ARTICLE), venues=venues))
    good = paper(venue="jci", doi="10.1172/jci.insight.1")
    assert found("venues_agree", catalog(good, venues=venues)) == []


PREPRINT = version(doi="10.1101/2021.02.03.429000", arxiv="2102.00001")


@pytest.mark.parametrize(
    ("sources", "fires"),
    [
        (["doi:10.1101/2021.02.03.429000"], True),
        (["https://www.biorxiv.org/content/10.1101/2021.02.03.429000v2.full"], True),
        (["https://arxiv.org/abs/2102.00001"], True),
        (["https://arxiv.org/abs/2102.00001", "doi:10.1101/2021.02.03.429000"], True),
        (["doi:10.1038/s41467-023-36796-3", "doi:10.1101/2021.02.03.429000"], False),
        (["museumst:row 1", "doi:10.1101/2021.02.03.429000"], False),
        (["doi:10.1186/another-paper-that-cites-it"], False),
    ],
)
def test_a_title_is_that_of_its_doi(sources: list[str], *, fires: bool) -> None:
    content = catalog(paper(**{**ARTICLE, "versions": [PREPRINT], "sources": {"title": sources}}))
    findings = found("fields_are_of_one_version", content)
    assert [finding.steps for finding in findings] == [("sources", "title")] * fires


@pytest.mark.parametrize("note", [None, "the preprint's list"])
def test_the_author_list_of_another_version_needs_a_note(note: str | None) -> None:
    authors = {"complete": True, "names": ["A B"], "note": note, "sources": ["https://arxiv.org/abs/2102.00001"]}
    content = catalog(paper(**{**ARTICLE, "versions": [PREPRINT], "authors": authors}))
    assert bool(found("fields_are_of_one_version", content)) == (note is None)


@pytest.mark.parametrize(
    ("title", "word", "fires"),
    [
        ("Alignment of slices", "alignment", False),
        ("A model of malignant cells", "align", True),
        ("Enhancers of gene regulation", "enhanc", True),
        ("NicheNet: ligands and targets", "niche", True),
        ("Bad Niche: ligands and targets", "niche", True),
        ("Bad Niche: niches in tissue", "niches", False),
    ],
)
def test_a_word_of_the_title_stands_whole_and_outside_the_name(title: str, word: str, *, fires: bool) -> None:
    task = link([f'stkg-curation:title word "{word}"'], task="t", strength="weak")
    record = method(name="Bad Niche", tasks=[task], papers=[link(["museumst"], paper="p", role="introduces")])
    findings = found("title_words_stand_in_titles", catalog(record, paper(title=title)))
    assert [finding.steps for finding in findings] == [("tasks", 0, "sources")] * fires


def test_a_word_of_the_title_alone_is_weak() -> None:
    papers = [link(["museumst"], paper="p", role="introduces")]
    word = 'stkg-curation:title word "title"'
    alone = method(tasks=[link([word], task="t")], papers=papers)
    assert "but is not weak" in messages("title_words_stand_in_titles", catalog(alone, paper()))
    backed = method(tasks=[link([word, "museumst:row 1"], task="t")], papers=papers)
    assert found("title_words_stand_in_titles", catalog(backed, paper())) == []


@pytest.mark.parametrize(
    ("path", "fires"),
    [
        ("compared_methods/run.r", True),
        ("other_methods/STAGATE/train.py:3", True),
        ("notebooks/demo.ipynb", True),
        ("method/third_party/x.py:1", True),
        ("tests/test_cls.py:9", True),
        ("src/model.py:3", False),
        ("src/contests/model.py:3", False),
        ("benchmarking_model.py:1", False),
    ],
)
def test_what_only_a_baseline_imports_is_weak(path: str, *, fires: bool) -> None:
    framework = link([f"a/b:{path}"], framework="f", use="imports")
    content = catalog(method(frameworks=[framework]))
    assert bool(found("places_count", content)) == fires
    for excused in ({"strength": "weak"}, {"note": "the scripts are the method"}, {"use": "declares"}):
        assert found("places_count", catalog(method(frameworks=[framework | excused]))) == []
    assert found("places_count", catalog(method(frameworks=[framework | link([f"a/b:{path}", "a/b:m.py"])]))) == []


@pytest.mark.parametrize(
    ("path", "fires"),
    [("docs/conf.py:163", True), (".github/ISSUE_TEMPLATE/bug.md:3", True), ("docs/tutorial.md:4", False)],
)
def test_settings_are_no_evidence_of_a_data_set(path: str, *, fires: bool) -> None:
    assert bool(found("places_count", catalog(method(datasets=[link([f"a/b:{path}"], dataset="d")])))) == fires


def sharing(**second: Any) -> Catalog:
    """Two methods in one repository; the second has the fields given."""
    first = method("a", repository=link(["a/b"], url="https://github.com/A/B"))
    own = {"repository": link(["a/b"], url="https://github.com/a/b.git"), **second}
    return catalog(first, method("b", **own))


def test_methods_that_share_a_repository_say_why() -> None:
    assert messages("repositories_are_explained", sharing()) == "is also that of a"
    lineage = [link(["a/b"], relation="extends", method="a")]
    noted = link(["a/b"], url="https://github.com/a/b", note="a folder of the repository of A")
    assert found("repositories_are_explained", sharing(lineage=lineage)) == []
    assert found("repositories_are_explained", sharing(repository=noted)) == []
    assert found("repositories_are_explained", sharing(status="withdrawn")) == []


def test_methods_that_share_their_paper_say_why() -> None:
    introduces = link(["museumst"], paper="p", role="introduces")
    pair = [method(key, papers=[introduces]) for key in "ab"]
    assert messages("repositories_are_explained", catalog(*pair)) == "is also that of a"
    noted = method("b", papers=[introduces | {"note": "the paper has two methods"}])
    assert found("repositories_are_explained", catalog(pair[0], noted)) == []


LISTS = {
    "tools": Source(id="tools", label="Spatial tools", kind="list"),
    "museum": Source(id="museum", label="Museum of spatial methods", kind="catalog"),
}
TASKS = {
    "t": Task(id="t", label="Integration", definition="d", sources=("museum",)),
    "d": Task(id="d", label="Spatial domains", definition="d", sources=("museum",)),
}


@pytest.mark.parametrize(
    ("fields", "fires"),
    [
        ({}, True),
        ({"tasks": []}, False),
        ({"tasks": [link(["museum:row 1"], task="d")]}, False),
        ({"tasks": [link(["tools:line 1"], task="t")]}, False),
        ({"summary": "Joins slices of tissue."}, False),
        ({"scope": "single-cell"}, False),
        ({"scope_note": "one input is Visium"}, False),
        ({"datasets": [link(["museum"], dataset="x")]}, False),
    ],
)
def test_scope_rests_on_something(fields: dict[str, Any], *, fires: bool) -> None:
    record = method(**{"tasks": [link(["museum:row 1"], task="t")], **fields})
    assert bool(found("scope_has_grounds", catalog(record, sources=LISTS, tasks=TASKS))) == fires
