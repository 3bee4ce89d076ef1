"""What rows of one list say of each other, with and without records of ours; all names and papers are made up."""

import pytest

from kg.importing import make_plan, read_source
from kg.model import Catalog

EMPTY = Catalog()


def rules(text: str, kind: str = "csv", catalog: Catalog = EMPTY) -> dict[int, list[str]]:
    plan = make_plan(read_source(text.encode(), kind=kind), catalog)
    items = [*plan.new, *plan.not_understood]
    found = {int(i["line"]): [w["rule"] for w in i["warnings"]] for i in items if i.get("warnings")}
    for item in plan.contradicts:
        found.setdefault(int(item["line"]), []).append(item["rule"])
    return found


HEAD = "name,title,doi,code\n"
ONE = "OneST,OneST: folding tissues with graphs of cells,10.1000/one,https://github.com/a/OneST\n"
TWO = "TwoST,TwoST: counting spots with trees of genes,10.1000/two,https://github.com/a/TwoST\n"


def test_a_sound_list_has_no_crossings() -> None:
    assert rules(HEAD + ONE + TWO) == {}


@pytest.mark.parametrize(
    "rows, wanted",
    [
        (ONE + ONE, {3: ["repeated-entry"]}),
        (ONE + "OneST,,10.1000/one,\n", {3: ["repeated-entry"]}),
        (ONE + "OneST,,,https://github.com/a/OneST\n", {3: ["repeated-entry"]}),
        ("OneST,,,\nOneST,,,\n", {3: ["repeated-entry"]}),
        (ONE + "OneST,A wholly different thing about other matters,10.1000/three,\n", {}),
    ],
)
def test_rows_that_mean_the_same(rows: str, wanted: dict[int, list[str]]) -> None:
    assert rules(HEAD + rows) == wanted


def test_titles_of_two_entries_swapped() -> None:
    swapped = (
        HEAD + ONE.replace("OneST,OneST: folding", "TwoST,OneST: folding") + TWO.replace("TwoST,TwoST", "OneST,TwoST")
    )
    found = rules(swapped)
    assert set(found) == {2, 3}
    assert all("titles-swapped" in of_line for of_line in found.values())


def test_repositories_of_two_entries_swapped() -> None:
    text = HEAD + ONE.replace("a/OneST", "a/TwoST") + TWO.replace("a/TwoST", "a/OneST")
    assert rules(text) == {2: ["links-swapped"], 3: ["links-swapped"]}


def test_one_link_under_two_titles() -> None:
    assert rules(HEAD + ONE + TWO.replace("10.1000/two", "10.1000/one")) == {
        2: ["link-of-another-entry"],
        3: ["link-of-another-entry"],
    }


def test_authors_swapped_between_references() -> None:
    text = (
        "name,title,authors,reference\n"
        'OneST,Folding tissues with graphs,"Carla Third, Dora Fourth","Example A, Other B. Folding tissues. X 2020"\n'
        'TwoST,Counting spots with trees,"Ada Example, Bob Other","Third C, Fourth D. Counting spots. X 2020"\n'
    )
    assert rules(text) == {2: ["authors-swapped"], 3: ["authors-swapped"]}


def test_authors_swapped_against_citation_keys() -> None:
    text = (
        "@article{example2020one, title={Folding tissues with graphs}, author={Third, Carla and Fourth, D}}\n"
        "@article{third2020two, title={Counting spots with trees}, author={Example, Ada and Other, B}}\n"
    )
    assert rules(text, "bibtex") == {1: ["authors-swapped"], 2: ["authors-swapped"]}


def test_authors_of_our_paper_at_a_row_that_is_new(toy_catalog: Catalog) -> None:
    paper = toy_catalog.papers["graphst-2023"]
    ours = ", ".join(str(getattr(n, "name", n)) for n in paper.authors.names) if paper.authors else ""
    text = f'title,authors\n"{paper.title}","Xeno Alpha, Yuri Beta"\n"A wholly new thing on other matters","{ours}"\n'
    found = rules(text, catalog=toy_catalog)
    assert found[2] == ["other-authors"]
    assert found[3] == ["authors-swapped"]


@pytest.mark.parametrize(
    "row, wanted",
    [
        ("A,2020,10.1101/2021.03.04.433999,", ["wrong-year"]),
        ("A,2023,10.1101/2021.03.04.433999,bioRxiv", ["wrong-year"]),
        ("A,2023,10.1101/2021.03.04.433999,Cell", []),
        ("A,2021,10.1101/2021.03.04.433999,bioRxiv", []),
        ("A,2019,https://arxiv.org/abs/2101.01234,", ["wrong-year"]),
    ],
)
def test_years_of_preprints(row: str, wanted: list[str]) -> None:
    assert rules(f"name,year,link,venue\n{row}\n").get(2, []) == wanted


def test_a_venue_that_the_doi_is_not_of(toy_catalog: Catalog) -> None:
    text = "name,title,doi,venue\nNewST,A new thing on other matters,10.1038/s41467-025-00000-1,Nature Biotechnology\n"
    assert rules(text, catalog=toy_catalog) == {2: ["wrong-venue"]}


def test_a_known_doi_under_another_title(toy_catalog: Catalog) -> None:
    doi = toy_catalog.papers["graphst-2023"].doi
    text = f"name,title,doi\nNewST,A wholly new thing on other matters,{doi}\n"
    assert rules(text, catalog=toy_catalog) == {2: ["wrong-link"]}


@pytest.mark.parametrize(
    "sentence, reason",
    [
        ("A review on nothing we know of in any of our papers can be found [here]().", "does not say which"),
        ("Have a look at [this page]().", "link is empty"),
    ],
)
def test_a_sentence_whose_link_is_empty(sentence: str, reason: str) -> None:
    plan = make_plan(read_source(sentence.encode(), kind="markdown"), EMPTY)
    assert reason in plan.not_understood[0]["reason"]


def test_an_announced_paper_is_recognised(toy_catalog: Catalog) -> None:
    key = next(k for k, p in toy_catalog.papers.items() if len(p.title.partition(":")[0]) > 25)
    topic = toy_catalog.papers[key].title.partition(":")[0]
    text = f"A paper on {topic.lower()} can be found [here]() [coming soon].\n"
    plan = make_plan(read_source(text.encode(), kind="markdown"), toy_catalog)
    assert plan.known[0]["paper"] == f"paper/{key}"
    assert {i["rule"] for i in plan.contradicts} == {"empty-link", "placeholder"}
