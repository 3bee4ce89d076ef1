"""References, read back by other people's parsers."""

import json

import bibtexparser
import pytest

from kg import KnowledgeGraph
from kg.citations import cite, cite_all, latex, split_name


def test_bibtex_is_read_back(toy_graph: KnowledgeGraph) -> None:
    found = bibtexparser.loads(cite(toy_graph, ["GraphST", "10.1038/s41467-022-29439-6"], "bibtex")).entries_dict
    entry = found["graphst-2023"]
    assert entry["ENTRYTYPE"] == "article"
    assert entry["author"] == "Long, Yahui and Ang, Kok Siong and Chen, Jinmiao and others"
    assert entry["doi"] == "10.1038/s41467-023-36796-3"
    assert entry["year"] == "2023"
    assert found["stagate-2022"]["author"] == "Dong, Kangning and Zhang, Shihua"


def test_every_paper_of_the_catalog_is_citable(real_graph: KnowledgeGraph) -> None:
    papers = len(real_graph.query("papers"))
    assert len(bibtexparser.loads(cite_all(real_graph, "bibtex")).entries) == papers
    csl = json.loads(cite_all(real_graph, "csl-json"))
    assert len(csl) == papers
    assert len({item["id"] for item in csl}) == papers
    assert cite_all(real_graph, "ris").count("\nER  - ") == papers


def test_csl_json(toy_graph: KnowledgeGraph) -> None:
    item = json.loads(cite(toy_graph, ["STAGATE"], "csl-json"))[0]
    assert item["author"] == [{"family": "Dong", "given": "Kangning"}, {"family": "Zhang", "given": "Shihua"}]
    assert item["issued"] == {"date-parts": [[2022]]}


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig"),
        ("Vinícius de Moraes", "de Moraes", "Vinícius"),
        ("William A MacDonald", "MacDonald", "William A"),
        ("John Smith Jr.", "Smith", "John Jr."),
        ("Madonna", "Madonna", ""),
        ("王伟", "王伟", ""),
    ],
)
def test_names_are_split(name: str, family: str, given: str) -> None:
    assert split_name(name) == (family, given)


def test_no_character_means_something_to_latex() -> None:
    assert latex("100% \\input{x} $y$ #1 ~") == r"100\% \textbackslash{}input\{x\} \$y\$ \#1 \textasciitilde{}"
