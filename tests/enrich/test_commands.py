"""``stkg enrich`` and ``stkg new`` as a user runs them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.catalog import load_all, load_catalog
from kg.catalog.checks import check_catalog
from kg.cli.app import main
from kg.enrich.services import crossref_path, datacite_path, europepmc_doi_path
from kg.projection import catalog_quads
from tests.enrich.serving import (
    DOI,
    NAMES,
    TITLE,
    Reply,
    Services,
    crossref_work,
    datacite_doi,
    europepmc_search,
    github_repository,
    orcid,
)
from tests.enrich.test_plan import answer_all


def words(services: Services, data: Path, *more: str) -> list[str]:
    """Options that send every question to the test server."""
    endpoints = [word for name, url in services.endpoints().items() for word in ("--endpoint", f"{name}={url}")]
    folder = data.parent / "answers"
    return ["--data", str(data), "--email", "curator@example.org", "--cache", str(folder), *endpoints, *more]


def enrich(services: Services, data: Path, *more: str) -> int:
    """Run ``stkg enrich``."""
    return main(["enrich", *words(services, data, *more)])


def sound(data: Path) -> bool:
    """Whether a data folder passes the check."""
    loaded = load_all(data)
    return not loaded.problems and not check_catalog(loaded.catalog, data)


def test_a_plan_is_printed_and_nothing_is_written(
    services: Services, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_all(services)
    before = {path: path.read_bytes() for path in data.rglob("*.yaml")}
    assert enrich(services, data, "examplest-2024") == 0
    out, err = capsys.readouterr()
    assert out.startswith("3 questions = 3 answered + 0 not understood\n")
    assert "paper/examplest-2024 lacks pmid: 12345678 — Europe PMC, OpenAlex" in out
    assert "stkg: 3 requests, 0 saved answers used" in err
    assert {path: path.read_bytes() for path in data.rglob("*.yaml")} == before


def test_a_replay_gives_the_same_bytes_without_a_network(
    services: Services, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_all(services)
    choice = ["examplest-2024", "method/examplest", "--format", "json"]
    assert enrich(services, data, *choice) == 0
    first = capsys.readouterr().out
    asked = len(services.asked)
    replay = ["enrich", *choice, "--data", str(data), "--replay", str(data.parent / "answers")]
    assert main(replay) == 0
    out, err = capsys.readouterr()
    assert out == first
    assert "0 requests, 6 saved answers used" in err
    assert len(services.asked) == asked
    assert json.loads(out)["rows_read"] == 6


def test_chosen_facts_are_written(services: Services, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer_all(services)
    assert enrich(services, data, "examplest-2024", "--write", "adds-facts:pmid,1,year") == 0
    assert "3 facts written into 1 files" in capsys.readouterr().err
    paper = load_catalog(data).papers["examplest-2024"]
    assert paper.authors is not None
    assert (paper.pmid, paper.year, paper.authors.names, paper.venue) == ("12345678", 2024, NAMES, None)
    assert len(paper.sources["pmid"]) == 2
    assert sound(data)


def test_everything_is_written_in_two_rounds(
    services: Services, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_all(services)
    records = ["examplest-2024", "method/examplest"]
    assert enrich(services, data, *records, "--write", "adds-facts") == 0
    assert enrich(services, data, *records, "--write", "adds-facts") == 0
    catalog = load_catalog(data)
    assert {catalog.authors[key].orcid for key in ("ada-example", "berta-probe")} == {orcid(11), orcid(22)}
    assert "paper/examplest-2024" in catalog.authors["ada-example"].evidence
    repository = catalog.methods["examplest"].repository
    assert repository is not None
    assert (str(repository.first_commit), str(repository.last_commit)) == ("2023-04-02", "2024-11-30")
    assert repository.archived is False
    assert catalog.externals["https://openalex.org/W1"].record == "paper/examplest-2024"
    assert sound(data)
    capsys.readouterr()
    assert enrich(services, data, *records, "--format", "json") == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["adds_facts"], plan["contradicts"]) == ([], [])


def test_one_name_on_two_papers_of_a_plan_is_two_people(services: Services, data: Path) -> None:
    """Labs publish several methods: the check would refuse both lists if one id stood in them."""
    other = "10.5555/example.2"
    text = (data / "papers" / "examplest-2024.yaml").read_text(encoding="utf-8")
    second = text.replace(DOI, other).replace("examplest-2024", "otherst-2024")
    (data / "papers" / "otherst-2024.yaml").write_text(second, encoding="utf-8")
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work()))
    services.on(f"/crossref{crossref_path(other)}", Reply(crossref_work(DOI=other)))
    choice = ["examplest-2024", "otherst-2024", "--from", "crossref", "--write", "adds-facts:authors"]
    assert enrich(services, data, *choice) == 0
    printed = [author for paper, _, _, author in load_catalog(data).printed_authors() if paper == "otherst-2024"]
    assert printed == ["ada-example-2", "berta-probe-2", "chen-muster-2"]
    assert sound(data)


def test_ids_elsewhere_have_a_graph_of_their_own_and_a_day(services: Services, data: Path) -> None:
    answer_all(services)
    assert enrich(services, data, "examplest-2024", "--write", "adds-facts:external") == 0
    catalog = load_catalog(data)
    graph = "<https://w3id.org/stkg/graph/links/external>"
    quads = [str(quad) for quad in catalog_quads(catalog)]
    assert {quad.split()[-1] for quad in quads if "<https://openalex.org/W1>" in quad} == {graph}
    day = str(catalog.externals["https://openalex.org/W1"].seen_on)
    (dated,) = [quad for quad in quads if "#retrievedOn>" in quad and quad.endswith(graph)]
    assert f'"{day}"' in dated


def test_what_cannot_be_written_is_named(services: Services, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services.on(f"/crossref{crossref_path(DOI)}", Reply(crossref_work(**{"container-title": ["Annals of Nowhere"]})))
    assert enrich(services, data, "examplest-2024", "--write", "adds-facts:venue") == 0
    err = capsys.readouterr().err
    assert "0 facts written into 0 files" in err
    assert "not written: paper/examplest-2024 venue: no venue of this name" in err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--missing", "colour"], "no field 'colour'"),
        (["--from", "google"], "no service 'google'"),
        (["no-such-paper"], "no single record 'no-such-paper'"),
        (["--after", "paper/none"], "no single record 'paper/none'"),
        (["--email", "nobody"], "not an e-mail address"),
        (["--endpoint", "crossref=http://10.0.0.1"], "only for this machine"),
        (["--replay", "no-such-folder"], "not a folder of saved answers"),
        (["examplest-2024", "--write", "contradicts"], "write adds-facts"),
        (["examplest-2024", "--write", "adds-facts:99"], "neither a field nor a number from 1 to 7"),
        (["examplest-2024", "--write", "adds-facts:0-3"], "neither a field"),
        (["examplest-2024", "--write", "adds-facts:3-1"], "neither a field"),
        (["examplest-2024", "--write", "adds-facts:"], "neither a field"),
    ],
)
def test_a_wrong_request_is_named(
    services: Services, data: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    answer_all(services)
    before = {path: path.read_bytes() for path in data.rglob("*.yaml")}
    assert enrich(services, data, *more) == 2
    assert said in capsys.readouterr().err
    assert {path: path.read_bytes() for path in data.rglob("*.yaml")} == before


@pytest.mark.parametrize("more", [["--limit", "0"], ["--limit", "x"], ["--max-age", "-1"], ["--format", "xml"]])
def test_a_wrong_option_is_named(services: Services, data: Path, more: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        enrich(services, data, *more)
    assert ended.value.code == 2


def test_facts_that_would_break_a_rule_are_not_written(
    services: Services, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A preprint's DOI says its year: the year is left out and named, the authors are written."""
    doi = "10.1101/2020.01.01.000001"
    path = data / "papers" / "examplest-2024.yaml"
    text = path.read_text(encoding="utf-8").replace(DOI, doi).replace("kind: article", "kind: preprint")
    path.write_text(text, encoding="utf-8")
    services.on(f"/crossref{crossref_path(doi)}", Reply(crossref_work(DOI=doi)))
    assert enrich(services, data, "examplest-2024", "--from", "crossref", "--write", "adds-facts:year,authors") == 0
    assert "not written: paper/examplest-2024 year: the check would refuse it: 2024" in capsys.readouterr().err
    paper = load_catalog(data).papers["examplest-2024"]
    assert (paper.year, paper.authors is not None) == (None, True)
    assert sound(data)


def test_what_two_records_break_between_them_is_found(
    services: Services, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One PubMed id for two papers: only the first gets it, and the other is named."""
    other = "10.5555/example.2"
    text = (data / "papers" / "examplest-2024.yaml").read_text(encoding="utf-8")
    second = text.replace(DOI, other).replace("examplest-2024", "otherst-2024")
    (data / "papers" / "otherst-2024.yaml").write_text(second, encoding="utf-8")
    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(europepmc_search()))
    services.on(f"/europepmc{europepmc_doi_path(other)}", Reply(europepmc_search(doi=other)))
    choice = ["examplest-2024", "otherst-2024", "--from", "europepmc", "--missing", "pmid"]
    assert enrich(services, data, *choice, "--write", "adds-facts") == 0
    assert "not written" in capsys.readouterr().err
    papers = load_catalog(data).papers
    assert (papers["examplest-2024"].pmid, papers["otherst-2024"].pmid) == ("12345678", None)
    assert sound(data)


def test_an_interrupted_run_goes_on_where_it_was(services: Services, data: Path) -> None:
    """Ctrl-C after some answers: they are kept, and the second run asks only for the rest."""
    answer_all(services)

    def wait(handler: object) -> None:
        time.sleep(30)

    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(write=wait))
    command = [sys.executable, "-m", "kg.cli", "enrich", "examplest-2024", *words(services, data)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    deadline = time.monotonic() + 30
    while len(services.asked) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "all answers are saved, run it again to go on" in err
    assert "Traceback" not in err
    services.asked.clear()
    answer_all(services)
    assert enrich(services, data, "examplest-2024") == 0
    assert not [path for path in services.paths if path.startswith("/crossref")]
    assert len(services.asked) == 2


# --- new


def new(services: Services, data: Path, *more: str) -> int:
    """Run ``stkg new``."""
    return main(["new", *words(services, data, *more)])


FRESH = "10.5555/fresh.1"


def test_new_from_a_doi(services: Services, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    title = "FreshST: cells in their places"
    work = crossref_work(
        DOI=FRESH, title=[title], relation={"has-preprint": [{"id-type": "arxiv", "id": "2305.00001"}]}
    )
    services.on(f"/crossref{crossref_path(FRESH)}", Reply(work))
    assert new(services, data, "--from", f"https://doi.org/{FRESH.upper()}") == 0
    out, err = capsys.readouterr()
    assert "# methods/freshst.yaml" in out
    assert "# papers/freshst-2024.yaml" in out
    assert "add tasks" in err
    assert not (data / "methods" / "freshst.yaml").exists()
    assert new(services, data, "--from", FRESH, "--write") == 0
    catalog = load_catalog(data)
    paper, method = catalog.papers["freshst-2024"], catalog.methods["freshst"]
    assert (paper.title, paper.doi, paper.venue, paper.year) == (title, FRESH, "journal-of-examples", 2024)
    assert paper.authors is not None
    assert paper.authors.names == NAMES
    assert [version.arxiv for version in paper.versions] == ["2305.00001"]
    assert (method.name, method.papers[0].paper) == ("FreshST", "freshst-2024")
    assert sound(data)
    assert new(services, data, "--from", FRESH) == 2
    assert "is that of paper/freshst-2024" in capsys.readouterr().err


def test_new_from_arxiv(services: Services, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = datacite_doi(
        doi="10.48550/arxiv.2401.00001", titles=[{"title": "Cells in their places"}], publicationYear=2024
    )
    services.on(f"/datacite{datacite_path('10.48550/arxiv.2401.00001')}", Reply(answer))
    assert new(services, data, "--from", "https://arxiv.org/abs/2401.00001v2") == 2
    assert "give --name" in capsys.readouterr().err
    assert new(services, data, "--from", "2401.00001", "--name", "FreshST", "--write") == 0
    paper = load_catalog(data).papers["freshst-2024"]
    assert (paper.arxiv, paper.kind, paper.doi) == ("2401.00001", "preprint", None)
    assert sound(data)


def test_new_from_a_repository(services: Services, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services.on("/github/repos/fresh-lab/FreshST", Reply(github_repository(full_name="fresh-lab/FreshST")))
    assert new(services, data, "--from", "https://github.com/fresh-lab/FreshST#readme", "--write") == 0
    method = load_catalog(data).methods["freshst"]
    assert method.repository is not None
    assert (method.repository.url, method.licenses[0].license) == ("https://github.com/fresh-lab/FreshST", "mit")
    assert sound(data)
    assert new(services, data, "--from", "https://github.com/fresh-lab/FreshST") == 2
    assert "repository of method/freshst" in capsys.readouterr().err


def test_a_second_method_of_one_name_stays_a_second(
    services: Services, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services.on(f"/crossref{crossref_path(FRESH)}", Reply(crossref_work(DOI=FRESH, title=["STAGATE: another"])))
    assert new(services, data, "--from", FRESH, "--write") == 0
    assert load_catalog(data).methods["stagate-2"].name == "STAGATE (stagate-2)"
    assert sound(data)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("source", "status", "said"),
    [
        ("nonsense", 2, "no DOI, arXiv id"),
        ("https://gitlab.com/a/b", 2, "no DOI, arXiv id"),
        ("10.5555/unknown", 3, "Crossref does not know it (404); DataCite does not know it (404)"),
        ("https://github.com/no/where", 3, "GitHub does not know it (404)"),
        ("http://127.0.0.1/10.5555/unknown", 3, "does not know it"),
        ("file:///etc/passwd", 2, "no DOI"),
        ("", 2, "no DOI"),
    ],
)
def test_new_from_something_else(
    services: Services, data: Path, capsys: pytest.CaptureFixture[str], source: str, status: int, said: str
) -> None:
    assert new(services, data, "--from", source) == status
    assert said in capsys.readouterr().err


def test_new_from_a_hostile_answer(services: Services, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a service sends becomes quoted text of a record, whatever it looks like."""
    title = "Evil: &anchor *alias !!python/object {a: [b]} # comment\n- x: y"
    people = [{"name": "- !!python/object:os.system"}, {"name": "null"}, {"name": "../../x"}]
    services.on(f"/crossref{crossref_path(FRESH)}", Reply(crossref_work(DOI=FRESH, title=[title], author=people)))
    assert new(services, data, "--from", FRESH, "--write") == 0
    paper = load_catalog(data).papers["evil-2024"]
    assert paper.title == " ".join(title.split())
    assert sound(data)
    capsys.readouterr()


def test_without_its_libraries_the_cure_is_named(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("kg.enrich")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "urllib3", None)
    assert main(["enrich", "--data", str(data), "--offline"]) == 2
    assert "pip install 'stkg[enrich]'" in capsys.readouterr().err


def test_the_search_of_europe_pmc_is_one_request(services: Services, data: Path) -> None:
    services.on(f"/europepmc{europepmc_doi_path(DOI)}", Reply(europepmc_search(title=TITLE)))
    assert enrich(services, data, "examplest-2024", "--from", "europepmc") == 0
    assert services.paths == [f"/europepmc{europepmc_doi_path(DOI)}"]
