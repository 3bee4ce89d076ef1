"""A plan says what records lack and what differs, and takes nothing from an answer about another work."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.catalog import load_catalog
from kg.enrich.client import Settings, open_client
from kg.enrich.plan import Choice, EnrichPlan, make_plan, plan_json, targets
from kg.enrich.records import records_of
from kg.enrich.report import plan_text
from kg.enrich.saved import Answer, Saved
from kg.enrich.services import (
    SERVICES,
    crossref_path,
    datacite_path,
    europepmc_doi_path,
    europepmc_pmid_path,
    openalex_author_path,
    openalex_work_path,
)
from kg.errors import EnrichError
from kg.model import Author, AuthorList, Catalog, ExternalLink, Paper, PrintedAuthor
from tests.enrich.serving import (
    DOI,
    NAMES,
    TITLE,
    FakeClock,
    Reply,
    Services,
    crossref_work,
    datacite_doi,
    europepmc_search,
    github_commits,
    github_repository,
    openalex_work,
    orcid,
)
from tests.enrich.test_readers import places, with_value

REPOSITORY = "/github/repos/example-lab/ExampleST"
SOURCES = ("museumst:row 1",)


def answer_all(services: Services) -> None:
    """Let every service know the example."""
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work()))
    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(europepmc_search()))
    services.on(f"/openalex{openalex_work_path(DOI)}", Reply(openalex_work()))
    last = f'<{services.base}{REPOSITORY}/commits?per_page=1&page=9>; rel="last"'
    services.on(REPOSITORY, Reply(github_repository()))
    services.on(f"{REPOSITORY}/commits?per_page=1", Reply(github_commits("2024-11-30"), headers={"Link": last}))
    services.on(f"{REPOSITORY}/commits?per_page=1&page=9", Reply(github_commits("2023-04-02")))


def planned(server: Services, folder: Path, catalog: Catalog, *records: str, **choice: Any) -> EnrichPlan:
    """The plan for some records."""
    return make_plan(catalog, Choice(records=records, **choice), server.client(folder))


def facts(plan: EnrichPlan) -> dict[str, Any]:
    """Field to value of what a plan proposes."""
    return {proposal.field: proposal.value for proposal in plan.proposals}


def paper_of(catalog: Catalog, **changes: Any) -> Catalog:
    """The catalog with a changed example."""
    plain = catalog.papers["examplest-2024"].model_dump(exclude_defaults=True) | changes
    changed = Paper.model_validate({key: value for key, value in plain.items() if value is not None})
    return replace(catalog, papers={**catalog.papers, "examplest-2024": changed})


@pytest.fixture
def catalog(data: Path) -> Catalog:
    """The catalog of the tests."""
    return load_catalog(data)


def test_a_paper_that_lacks_everything(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    assert facts(plan) == {
        "authors": {"complete": True, "names": list(NAMES)},
        "pmid": "12345678",
        "venue": "journal-of-examples",
        "year": 2024,
        "published_on": "2024-02-01",
        "versions": {"kind": "preprint", "arxiv": "2305.00001"},
        "external": {"iri": "https://openalex.org/W1", "seen_on": "2026-11-20"},
    }
    by_field = {proposal.field: proposal for proposal in plan.proposals}
    assert by_field["pmid"].told_by == ("Europe PMC", "OpenAlex")
    assert by_field["year"].sources == (
        f"https://api.crossref.org{crossref_path(DOI)}",
        f"https://www.ebi.ac.uk/europepmc/webservices/rest{europepmc_doi_path(DOI)}",
        f"https://api.openalex.org{openalex_work_path(DOI)}",
    )
    assert (plan.questions, len(plan.known), plan.not_understood, plan.contradicts) == (3, 3, [], [])
    assert plan.known[0]["evidence"] == [f"DOI {DOI}", "same title"]


def test_a_repository(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    plan = planned(services, tmp_path / "a", catalog, "method/examplest")
    assert facts(plan) == {
        "licenses": {"license": "mit"},
        "repository.archived": False,
        "repository.last_commit": "2024-11-30",
        "repository.first_commit": "2023-04-02",
    }
    assert plan.questions == len(plan.known) == 3


def test_rows_read_are_rows_accounted_for(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    plan = planned(services, tmp_path / "a", catalog)
    assert plan.questions == len(plan.known) + len(plan.not_understood) > 6
    lines = [item["line"] for item in (*plan.known, *plan.not_understood)]
    assert sorted(lines) == list(range(1, plan.questions + 1))
    item = plan.as_json()
    assert item["rows_read"] == plan.questions
    assert [fact["number"] for fact in item["adds_facts"]] == list(range(1, len(plan.proposals) + 1))


def test_the_doi_of_another_work_gives_nothing(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    other = "Soil bacteria of alpine meadows after fifty years"
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(title=[other])))
    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(europepmc_search(title=other)))
    services.on(f"/openalex{openalex_work_path(DOI)}", Reply(openalex_work(title=other)))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    assert plan.proposals == []
    assert [item["reason"] for item in plan.not_understood] == [f"its title is another: {other!r}"] * 3
    (fault,) = plan.contradicts
    assert (fault["rule"], fault["listed"], fault["ours"]) == ("title-of-another-work", other, TITLE)


def test_an_answer_about_another_doi_gives_nothing(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(DOI="10.5555/other")))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024", services=frozenset({"crossref"}))
    assert plan.proposals == []
    assert "another DOI, '10.5555/other'" in plan.not_understood[0]["reason"]


def test_a_reworded_title_counts_with_the_same_authors_only(
    services: Services, tmp_path: Path, catalog: Catalog
) -> None:
    reworded = "ExampleST finds spatial domains with graphs"
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(title=[reworded])))
    only = frozenset({"crossref"})
    assert planned(services, tmp_path / "a", catalog, "examplest-2024", services=only).proposals == []
    named = paper_of(catalog, authors={"complete": False, "names": NAMES[:2], "sources": SOURCES})
    plan = planned(services, tmp_path / "a", named, "examplest-2024", services=only)
    assert facts(plan)["authors"]["names"] == list(NAMES)
    assert [item["rule"] for item in plan.contradicts] == ["title-variant"]


DIFFERENT: dict[str, tuple[dict[str, Any], str, str]] = {
    "other-pmid": ({"pmid": "99999999"}, "12345678", "list"),
    "wrong-year": ({"year": 2021}, "2024", "list"),
    "other-day": ({"published_on": date(2023, 11, 1)}, "2024-02-01", "list"),
    "other-venue": ({"venue": "nature-biotechnology"}, "Journal of Examples", "unsettled"),
}


@pytest.mark.parametrize("rule", DIFFERENT)
def test_another_value_of_ours_is_never_overwritten(
    services: Services, tmp_path: Path, catalog: Catalog, rule: str
) -> None:
    answer_all(services)
    changes, listed, right = DIFFERENT[rule]
    (field,) = changes
    ours = paper_of(catalog, **changes)
    plan = planned(services, tmp_path / "a", ours, "examplest-2024")
    assert field not in facts(plan)
    found = [item for item in plan.contradicts if item["rule"] == rule]
    assert (found[0]["listed"], found[0]["right"]) == (listed, right)
    assert all(found[0][part] for part in ("record", "field", "ours", "why"))


def test_a_service_that_has_our_value_speaks_for_it(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(europepmc_search(pmid="777")))
    plan = planned(services, tmp_path / "a", paper_of(catalog, pmid="777"), "examplest-2024")
    (item,) = [item for item in plan.contradicts if item["field"] == "pmid"]
    assert (item["right"], item["why"]) == ("ours", "Europe PMC has ours")


@pytest.mark.parametrize("year", [2024, 2025])
def test_print_and_online_year_both_count(services: Services, tmp_path: Path, catalog: Catalog, year: int) -> None:
    changed = crossref_work(**{"published-print": {"date-parts": [[2025, 1]]}})
    services.on(f"/crossref{crossref_path(DOI)}", Reply(changed))
    plan = planned(services, tmp_path / "a", paper_of(catalog, year=year), "examplest-2024")
    assert not [item for item in plan.contradicts if item["field"] == "year"]


def test_services_that_differ_are_both_shown(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    services.on(f"/openalex{openalex_work_path(DOI)}", Reply(openalex_work(ids={"pmid": "55"})))
    changed = europepmc_search(firstPublicationDate="2023-06-01")
    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(changed))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    assert facts(plan)["pmid"] == "12345678"
    assert facts(plan)["published_on"] == "2024-02-01"
    shown = {item["field"]: item["listed"] for item in plan.contradicts if item["rule"] == "services-differ"}
    assert shown == {"pmid": "55", "published_on": "2023-06-01"}


def test_an_identifier_of_another_paper_is_no_fact(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    pmid = catalog.papers["graphst-2023"].pmid
    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(europepmc_search(pmid=pmid)))
    services.on(f"/openalex{openalex_work_path(DOI)}", Reply({}, 404))
    relation = {"has-preprint": [{"id-type": "doi", "id": catalog.papers["rctd-2022"].doi}]}
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(relation=relation)))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    assert not {"pmid", "versions"} & set(facts(plan))
    assert {item["rule"] for item in plan.contradicts} == {"identifier-of-another-paper", "one-work-two-records"}


def test_an_unknown_venue_is_left_to_the_curator(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(**{"container-title": ["Annals of Nowhere"]})))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    (venue,) = [proposal for proposal in plan.proposals if proposal.field == "venue"]
    assert (venue.value, "venues.yaml" in venue.hindrance) == ("Annals of Nowhere", True)
    assert "not to be written" in plan_text(plan)


def test_a_preprint_and_its_published_version(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    preprint = paper_of(catalog, kind="preprint")
    relation = {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/journal.1"}]}
    answer = crossref_work(type="posted-content", relation=relation)
    services.on(f"/crossref{crossref_path(DOI)}", Reply(answer))
    plan = planned(services, tmp_path / "a", preprint, "examplest-2024")
    assert facts(plan)["versions"] == {"kind": "journal", "doi": "10.5555/journal.1"}
    assert [item["rule"] for item in plan.contradicts] == ["superseded-preprint"]


def test_by_arxiv_id_only_what_belongs_to_the_work(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    """Year and venue of a preprint are not those of the conference; the DOI it names is asked about itself."""
    conference = paper_of(catalog, kind="conference-paper", doi=None, arxiv="2305.00001", sources={
        "title": SOURCES, "arxiv": SOURCES,
    })  # fmt: skip
    services.on(f"/datacite{datacite_path('10.48550/arxiv.2305.00001')}", Reply(datacite_doi(relatedIdentifiers=[])))
    plan = planned(services, tmp_path / "a", conference, "examplest-2024")
    assert facts(plan) == {"authors": {"complete": True, "names": list(NAMES[:2])}}
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work()))
    services.on(f"/datacite{datacite_path('10.48550/arxiv.2305.00001')}", Reply(datacite_doi()))
    again = facts(planned(services, tmp_path / "b", conference, "examplest-2024"))
    assert (again["doi"], again["venue"], len(again["authors"]["names"])) == (DOI, "journal-of-examples", 3)


def test_a_doi_that_crossref_does_not_know_is_asked_of_datacite(
    services: Services, tmp_path: Path, catalog: Catalog
) -> None:
    services.on(f"/datacite{datacite_path(DOI)}", Reply(datacite_doi(doi=DOI)))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    assert [item["service"] for item in plan.known] == ["datacite"]
    assert plan.not_understood[0]["reason"] == "Crossref does not know it (404)"


def test_a_paper_by_its_pubmed_id(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    sources = {"title": SOURCES, "pmid": SOURCES}
    paper = paper_of(catalog, doi=None, pmid="12345678", sources=sources)
    services.on(f"/europepmc{europepmc_pmid_path('12345678')}", Reply(europepmc_search()))
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work()))
    plan = planned(services, tmp_path / "a", paper, "examplest-2024")
    assert facts(plan)["doi"] == DOI
    assert {item["service"] for item in plan.known} == {"europepmc", "crossref"}


def test_a_record_without_an_identifier_is_accounted_for(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    paper = paper_of(catalog, doi=None, sources={"title": SOURCES})
    plan = planned(services, tmp_path / "a", paper, "examplest-2024")
    assert (plan.questions, services.asked) == (1, [])
    assert "no identifier" in plan.not_understood[0]["reason"]


# --- authors


def test_the_longest_list_that_holds_the_registrars_is_taken(
    services: Services, tmp_path: Path, catalog: Catalog
) -> None:
    """Publishers sometimes deposit the first author only."""
    answer_all(services)
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(author=crossref_work()["message"]["author"][:1])))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    assert facts(plan)["authors"]["names"] == list(NAMES)


def test_a_lone_author_of_one_service_is_left_to_the_curator(
    services: Services, tmp_path: Path, catalog: Catalog
) -> None:
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(author=crossref_work()["message"]["author"][:1])))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    assert "only one author" in next(p for p in plan.proposals if p.field == "authors").hindrance


def test_equal_names_do_not_join_people(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    """Kangning Dong has a record and other papers; only an ORCID says that this one is the same."""
    people = [
        {"given": "Kangning", "family": "Dong"},
        {"given": "Wei", "family": "Xu"},
        {"given": "Wei", "family": "Xu"},
    ]
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(author=people)))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    assert facts(plan)["authors"]["names"] == [
        {"name": "Kangning Dong", "author": "kangning-dong-2"},
        "Wei Xu",
        {"name": "Wei Xu", "author": "wei-xu-2"},
    ]


def test_an_orcid_joins_a_known_person(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    known = {key: author.model_copy(update={"orcid": orcid(33)}) for key, author in catalog.authors.items()
             if key == "kangning-dong"}  # fmt: skip
    people = [{"given": "K.", "family": "Dong", "ORCID": f"https://orcid.org/{orcid(33)}"}, {"name": "Ada Example"}]
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(author=people)))
    ours = replace(catalog, authors={**catalog.authors, **known})
    plan = planned(services, tmp_path / "a", ours, "examplest-2024")
    assert facts(plan)["authors"]["names"][0] == {"name": "K. Dong", "author": "kangning-dong"}


def test_a_cut_list_is_completed_and_keeps_its_people(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    first = PrintedAuthor(name="A. Example", author="ada-example-7").model_dump()
    cut = paper_of(catalog, authors={"complete": False, "names": (first,), "sources": SOURCES})
    plan = planned(services, tmp_path / "a", cut, "examplest-2024")
    assert facts(plan)["authors"]["names"] == [first, "Berta Probe", "Chen Muster"]
    strangers = paper_of(catalog, authors={"complete": False, "names": ("Zoe Nobody",), "sources": SOURCES})
    plan = planned(services, tmp_path / "a", strangers, "examplest-2024")
    assert "authors" not in facts(plan)
    assert [item["rule"] for item in plan.contradicts] == ["other-authors"]


WHOLE = {
    "author-count": ((*NAMES, "Dora Fourth"), "list"),
    "other-authors": (("Zoe Nobody", "Yan Nemo", "Xu Niemand"), "unsettled"),
    "author-order": (("Chen Muster", "Ada Example", "Berta Probe"), "unsettled"),
}


@pytest.mark.parametrize("rule", WHOLE)
def test_lists_that_differ_are_shown(services: Services, tmp_path: Path, catalog: Catalog, rule: str) -> None:
    answer_all(services)
    names, right = WHOLE[rule]
    ours = paper_of(catalog, authors={"complete": True, "names": names, "sources": SOURCES})
    plan = planned(services, tmp_path / "a", ours, "examplest-2024")
    assert {(item["rule"], item["right"]) for item in plan.contradicts if item["field"] == "authors"} == {(rule, right)}
    assert "authors" not in facts(plan)


def with_authors(catalog: Catalog, **authors: Author) -> Catalog:
    """The example with its whole list, and some people."""
    listed = AuthorList(complete=True, names=NAMES, sources=SOURCES)
    changed = paper_of(catalog, authors=listed.model_dump(exclude_defaults=True))
    return replace(changed, authors={**catalog.authors, **{a.id: a for a in authors.values()}})


def person(key: str, number: int | None = None) -> Author:
    """A made-up person."""
    return Author(id=key, name=key, orcid=orcid(number) if number else None, evidence="made up", sources=SOURCES)


def test_orcids_by_place(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    plan = planned(services, tmp_path / "a", with_authors(catalog), "examplest-2024")
    found = {p.record: p.value for p in plan.proposals if p.field == "orcid"}
    assert found == {"author/ada-example": orcid(11), "author/berta-probe": orcid(22)}


def test_orcids_that_disagree(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    ours = with_authors(catalog, a=person("ada-example", 99), b=person("someone-else", 22))
    plan = planned(services, tmp_path / "a", ours, "examplest-2024")
    assert not [p for p in plan.proposals if p.field == "orcid"]
    rules = {item["record"]: item["rule"] for item in plan.contradicts if item["field"] == "orcid"}
    assert rules == {"author/ada-example": "other-orcid", "author/berta-probe": "orcid-of-another-person"}


def test_an_orcid_at_another_persons_place_is_left(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    people = [
        {"given": "Zoe", "family": "Nobody", "ORCID": orcid(11)},
        {"name": "Berta Probe"},
        {"name": "Chen Muster"},
    ]
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(author=people)))
    plan = planned(services, tmp_path / "a", with_authors(catalog), "examplest-2024")
    assert not [p for p in plan.proposals if p.field == "orcid"]


def test_a_person_by_orcid(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    ours = with_authors(catalog, a=person("ada-example", 11))
    path = f"/openalex{openalex_author_path(orcid(11))}"
    sound = {"id": "https://openalex.org/A5", "orcid": f"https://orcid.org/{orcid(11)}", "display_name": "ada example"}
    services.on(path, Reply(sound))
    plan = planned(services, tmp_path / "a", ours, "author/ada-example")
    assert facts(plan) == {"external": {"iri": "https://openalex.org/A5", "seen_on": "2026-11-20"}}
    for wrong in ({"display_name": "Zoe Nobody"}, {"orcid": "x"}, {"id": "https://openalex.org/W5"}):
        services.on(path, Reply(sound | wrong))
        plan = planned(services, tmp_path / str(wrong), ours, "author/ada-example")
        assert (plan.proposals, len(plan.not_understood)) == ([], 1)


# --- repositories


def test_a_repository_that_changed(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    license_ = {"license": {"spdx_id": "GPL-3.0"}}
    services.on(REPOSITORY, Reply(github_repository(full_name="new-lab/ExampleST", archived=True, **license_)))
    method = catalog.methods["examplest"]
    assert method.repository is not None
    repository = method.repository.model_copy(update={"last_commit": date(2024, 1, 1), "archived": False})
    grant = {"license": "mit", "sources": SOURCES}
    plain = method.model_dump(exclude_defaults=True) | {"licenses": (grant,)}
    changed = type(method).model_validate(plain).model_copy(update={"repository": repository})
    plan = planned(services, tmp_path / "a", replace(catalog, methods={"examplest": changed}), "examplest")
    rules = {item["rule"]: item["listed"] for item in plan.contradicts if item["field"] != "repository.archived"}
    assert rules == {"moved": "new-lab/ExampleST", "other-licence": "GPL-3.0", "stale": "2024-11-30"}
    assert [item["listed"] for item in plan.contradicts if item["field"] == "repository.archived"] == ["True"]
    assert set(facts(plan)) == {"repository.first_commit"}


def test_licences_that_are_not_known(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    services.on(REPOSITORY, Reply(github_repository(license={"spdx_id": "NOASSERTION"})))
    services.on(f"{REPOSITORY}/license", Reply({"license": {"spdx_id": "NOASSERTION"}}))
    only = frozenset({"licenses"})
    plan = planned(services, tmp_path / "a", catalog, "examplest", fields=only)
    assert plan.proposals == []
    assert "read it" in plan.not_understood[0]["reason"]
    services.on(f"{REPOSITORY}/license", Reply({"license": {"spdx_id": "EUPL-1.2"}}))
    plan = planned(services, tmp_path / "b", catalog, "examplest", fields=only)
    assert "licenses.yaml" in plan.proposals[0].hindrance


def test_the_first_commit_of_a_fork_is_another_repositorys(
    services: Services, tmp_path: Path, catalog: Catalog
) -> None:
    answer_all(services)
    services.on(REPOSITORY, Reply(github_repository(fork=True)))
    assert "repository.first_commit" not in facts(planned(services, tmp_path / "a", catalog, "examplest"))


def test_a_repository_with_one_commit_and_one_that_is_gone(
    services: Services, tmp_path: Path, catalog: Catalog
) -> None:
    answer_all(services)
    services.on(f"{REPOSITORY}/commits?per_page=1", Reply(github_commits("2024-11-30")))
    found = facts(planned(services, tmp_path / "a", catalog, "examplest"))
    assert found["repository.first_commit"] == found["repository.last_commit"] == "2024-11-30"
    services.on(REPOSITORY, Reply({"message": "Not Found"}, 404))
    plan = planned(services, tmp_path / "b", catalog, "examplest")
    assert (plan.proposals, plan.not_understood[0]["reason"]) == ([], "GitHub does not know it (404)")


# --- what to ask


def test_records_that_lack_something_are_chosen(catalog: Catalog) -> None:
    def chosen(**choice: Any) -> list[str]:
        return [f"{kind}/{key}" for kind, key in targets(catalog, Choice(**choice))]

    assert "paper/fullst-2022" not in chosen(fields=frozenset({"authors", "year"}))
    assert chosen(fields=frozenset({"venue"})) == ["paper/examplest-2024"]
    assert "method/examplest" in chosen(services=frozenset({"github"}))
    assert all(name.startswith("method/") for name in chosen(services=frozenset({"github"})))
    everything = chosen()
    assert chosen(limit=2) == everything[:2]
    assert chosen(after=everything[1], limit=2) == everything[2:4]
    assert chosen(records=("fullst-2022",)) == ["paper/fullst-2022"]
    linked = {
        "https://openalex.org/W1": ExternalLink(
            iri="https://openalex.org/W1", record="paper/examplest-2024", seen_on=date(2026, 11, 20), sources=SOURCES
        )
    }
    only = Choice(fields=frozenset({"external"}), services=frozenset({"openalex"}))
    assert ("paper", "examplest-2024") not in targets(replace(catalog, externals=linked), only)


@pytest.mark.parametrize("name", ["nothing", "paper/nothing", "task/denoising", "", "/", "paper/"])
def test_a_record_that_nobody_can_be_asked_about(catalog: Catalog, name: str) -> None:
    with pytest.raises(EnrichError, match="no single record"):
        targets(catalog, Choice(records=(name,)))


def test_the_same_answers_give_the_same_plan(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    answer_all(services)
    folder = tmp_path / "answers"
    first = make_plan(catalog, Choice(), services.client(folder))
    asked = len(services.asked)
    replay = services.client(folder, FakeClock(day=date(2031, 1, 1)), offline=True, writable=False)
    known = Choice(records=("examplest-2024", "method/examplest"))
    assert plan_json(make_plan(catalog, known, services.client(folder))) == plan_json(make_plan(catalog, known, replay))
    assert plan_text(first) == plan_text(make_plan(catalog, Choice(), services.client(folder)))
    assert len(services.asked) == asked


def test_nothing_that_a_terminal_obeys_is_printed(services: Services, tmp_path: Path, catalog: Catalog) -> None:
    evil = "Ada\x1b]0;x\x07 \u202eExample\x9b2J"
    people = [{"name": evil}, {"name": "Berta Probe"}]
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(author=people, **{"container-title": [evil]})))
    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(europepmc_search(title=evil)))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    for text in (plan_text(plan), plan_json(plan)):
        assert not [c for c in text if not c.isprintable() and c != "\n"]
    assert json.loads(plan_json(plan))["kind"] == "enrich"


def test_every_service_has_an_endpoint(services: Services) -> None:
    assert set(services.endpoints()) == set(SERVICES)


# --- what the check would refuse


def test_a_fact_that_the_check_would_refuse_is_left_to_the_curator(
    services: Services, tmp_path: Path, catalog: Catalog
) -> None:
    """The other facts of the record stay free to be written."""
    relation = {"has-preprint": [{"id-type": "doi", "id": "10.5555/no.preprint.server"}]}
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(relation=relation)))
    plan = planned(services, tmp_path / "a", catalog, "examplest-2024")
    hindrances = {proposal.field: proposal.hindrance for proposal in plan.proposals}
    assert hindrances.pop("versions").startswith("the check would refuse it: is preprint, but 10.5555/")
    assert set(hindrances.values()) == {""}


STRANGE = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**12) | st.text(max_size=20) | st.sampled_from([DOI, TITLE]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answer_breaks_a_plan(catalog: Catalog, tmp_path: Path, data: st.DataObject) -> None:
    """Whatever stands in one place of an answer, the plan is made, printed, and each question is accounted for."""
    saved = Saved(tmp_path / "strange")
    for service, path, sound in (
        ("crossref", crossref_path(DOI), crossref_work()),
        ("europepmc", europepmc_doi_path(DOI), europepmc_search()),
        ("openalex", openalex_work_path(DOI), openalex_work()),
    ):
        place = data.draw(st.sampled_from(places(sound)))
        body = json.dumps(with_value(sound, place, data.draw(STRANGE))).encode()
        kind = {"content-type": "application/json"}
        saved.put(service, Answer(SERVICES[service].base + path, 200, kind, body, date(2026, 11, 20)))
    client = open_client(saved.folder, Settings(offline=True), clock=FakeClock())
    plan = make_plan(catalog, Choice(records=("examplest-2024",)), client)
    assert plan.questions == len(plan.known) + len(plan.not_understood)
    assert not [c for c in plan_text(plan) + plan_json(plan) if not c.isprintable() and c != "\n"]
    writable = [proposal for proposal in plan.proposals if not proposal.hindrance]
    assert {type(record).__name__ for record in records_of(catalog, writable)} <= {"Paper", "ExternalLink", "Author"}
