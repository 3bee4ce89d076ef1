"""Answers of the five services are read in their documented forms, and no form at all breaks a reader."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.enrich.crossref import read_crossref
from kg.enrich.datacite import read_datacite
from kg.enrich.europepmc import read_europepmc
from kg.enrich.github import last_page, read_commit_day, read_license, read_repository
from kg.enrich.openalex import openalex_id, read_openalex_work
from kg.enrich.works import Person, Related, Work
from tests.enrich.serving import (
    DOI,
    NAMES,
    TITLE,
    crossref_work,
    datacite_doi,
    europepmc_search,
    github_commits,
    github_repository,
    openalex_work,
    orcid,
)


def test_crossref() -> None:
    work = read_crossref(crossref_work())
    assert work == Work(
        doi=DOI,
        title=TITLE,
        titles=(TITLE,),
        kind="article",
        years=(2024,),
        published_on=date(2024, 2, 1),
        venue="Journal of Examples",
        people=(Person(NAMES[0], orcid(11)), Person(NAMES[1]), Person(NAMES[2])),
        related=(Related("preprint", arxiv="2305.00001"),),
    )


def test_crossref_preprint() -> None:
    relation = {"is-preprint-of": [{"id-type": "doi", "id": "https://doi.org/10.5555/J.1"}]}
    posted = {"date-parts": [[2023, 5, 2]]}
    work = read_crossref(
        crossref_work(
            **{"type": "posted-content", "posted": posted, "container-title": [], "relation": relation},
            institution=[{"name": "bioRxiv"}],
        )
    )
    assert (work.kind, work.venue, work.published_on) == ("preprint", "bioRxiv", date(2023, 5, 2))
    assert work.related == (Related("journal", doi="10.5555/j.1"),)


def test_crossref_years_in_print_and_online() -> None:
    work = read_crossref(crossref_work(**{"published-print": {"date-parts": [[2025, 1]]}}))
    assert work.years == (2025, 2024)


@pytest.mark.parametrize("identifier", ["2305.00001", "2305.00001v2", "arXiv:2305.00001"])
def test_crossref_arxiv_preprint(identifier: str) -> None:
    relation = {"has-preprint": [{"id-type": "arxiv", "id": identifier}]}
    assert read_crossref(crossref_work(relation=relation)).related == (Related("preprint", arxiv="2305.00001"),)


def test_crossref_subtitle_consortium_suffix_and_wrong_orcid() -> None:
    people = [
        {"given": "Ada", "family": "Example", "suffix": "Jr.", "ORCID": "https://orcid.org/0000-0000-0000-0012"},
        {"name": "Example Consortium", "sequence": "additional"},
        {"affiliation": []},
    ]
    work = read_crossref(crossref_work(title=["ExampleST"], subtitle=["spots"], author=people))
    assert work.titles == ("ExampleST", "ExampleST: spots")
    assert work.people == (Person("Ada Example Jr."), Person("Example Consortium"))


def test_datacite() -> None:
    work = read_datacite(datacite_doi())
    assert work == Work(
        doi="10.48550/arxiv.2305.00001",
        title=TITLE,
        titles=(TITLE,),
        kind="preprint",
        years=(2023,),
        venue="arXiv",
        people=(Person("Ada Example", orcid(11)), Person("Berta Probe")),
        related=(Related("journal", doi=DOI),),
    )


def test_datacite_with_a_publisher_object_and_a_day() -> None:
    dates = [{"date": "2023-05-03", "dateType": "Issued"}, {"date": "2023-05-01", "dateType": "Collected"}]
    work = read_datacite(datacite_doi(publisher={"name": "Zenodo"}, dates=dates))
    assert (work.venue, work.published_on) == ("Zenodo", date(2023, 5, 3))


def test_europepmc() -> None:
    work = read_europepmc(europepmc_search(), doi=DOI)
    assert work == Work(
        doi=DOI,
        title=TITLE,
        titles=(TITLE,),
        kind="article",
        years=(2024,),
        published_on=date(2024, 2, 1),
        venue="Journal of examples",
        people=(Person(NAMES[0]), Person(NAMES[1], orcid(22)), Person(NAMES[2])),
        pmid="12345678",
    )


def test_europepmc_gives_only_what_was_asked_for() -> None:
    assert read_europepmc(europepmc_search(doi="10.5555/other"), doi=DOI) == Work()
    assert read_europepmc(europepmc_search(), pmid="12345678").doi == DOI
    assert read_europepmc({"resultList": {"result": []}}, doi=DOI) == Work()


def test_europepmc_initials_and_groups() -> None:
    people = {"author": [{"fullName": "Example A", "lastName": "Example"}, {"collectiveName": "Example Consortium"}]}
    work = read_europepmc(europepmc_search(authorList=people), doi=DOI)
    assert [person.name for person in work.people] == ["Example A", "Example Consortium"]


def test_openalex() -> None:
    work = read_openalex_work(openalex_work())
    assert (work.doi, work.title, work.years, work.pmid) == (DOI, TITLE, (2024,), "12345678")
    assert (work.external, work.whole) == ("https://openalex.org/W1", True)
    assert [person.name for person in work.people] == list(NAMES)
    assert not any(person.orcid for person in work.people)


def test_openalex_cut_list_and_turned_name() -> None:
    people = [{"raw_author_name": "Example, Ada", "author": {"display_name": "A. Other"}}]
    work = read_openalex_work(openalex_work(authorships=people, is_authors_truncated=True))
    assert (work.whole, work.people) == (False, (Person("Ada Example"),))


@pytest.mark.parametrize(
    "iri", ["https://openalex.org/A1", "https://evil.org/W1", "W1", "https://openalex.org/W0", None]
)
def test_openalex_ids_are_of_the_asked_kind(iri: Any) -> None:
    assert openalex_id({"id": iri}, "W") == ""


def test_github() -> None:
    state = read_repository(github_repository(archived=True))
    assert state is not None
    assert (state.name, state.spdx, state.archived, state.fork) == ("example-lab/ExampleST", "MIT", True, False)
    assert read_license({"license": {"spdx_id": "NOASSERTION"}}) == ""
    assert read_commit_day(github_commits("2024-11-30")) == date(2024, 11, 30)
    assert read_repository({"message": "Not Found"}) is None
    assert last_page('<https://x/?page=2>; rel="next", <https://x/?per_page=1&page=7>; rel="last"') == 7
    assert last_page("") is None


def europepmc(answer: Any) -> Any:
    """The reader as the others are called."""
    return read_europepmc(answer, doi=DOI)


READERS: list[tuple[Callable[[Any], Any], Any]] = [
    (read_crossref, crossref_work()),
    (read_datacite, datacite_doi()),
    (europepmc, europepmc_search()),
    (read_openalex_work, openalex_work()),
    (read_repository, github_repository()),
    (read_license, github_repository()),
    (read_commit_day, github_commits("2024-11-30")),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Path of every value in JSON."""
    found = [path]
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        found += places(inner, (*path, key))
    return found


def with_value(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The JSON with another value at a path."""
    if not path:
        return new
    key, *rest = path
    if isinstance(value, dict):
        return {**value, key: with_value(value[key], tuple(rest), new)}
    return [with_value(v, tuple(rest), new) if index == key else v for index, v in enumerate(value)]


@pytest.mark.parametrize(("read", "sound"), READERS, ids=lambda value: getattr(value, "__name__", ""))
@given(data=st.data())
def test_no_form_of_json_breaks_a_reader(read: Callable[[Any], Any], sound: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(places(sound)))
    read(with_value(sound, path, data.draw(JSON)))


@pytest.mark.parametrize(("read", "sound"), READERS, ids=lambda value: getattr(value, "__name__", ""))
@pytest.mark.parametrize("strange", [None, [], {}, "x" * 20_000, 10**400, -1, True, [[[]]], {"a": {}}, float("inf")])
def test_no_value_in_any_place_breaks_a_reader(read: Callable[[Any], Any], sound: Any, strange: Any) -> None:
    for path in places(sound):
        read(with_value(sound, path, strange))


def test_text_of_services_is_cleaned() -> None:
    strange = "Title\x1b[31m\u202e <script>alert(1)</script> &lt;b&gt;bold&lt;/b&gt; 3 &lt; 4\u2028end"
    assert read_crossref(crossref_work(title=[strange])).title == "Title [31m alert(1) bold 3 < 4 end"


def test_letters_of_services_are_plain() -> None:
    assert (
        read_crossref(crossref_work(title=["Single\u2010cell\u00a0maps of\u00ad cells"])).title
        == "Single-cell maps of cells"
    )
