"""The command line as people and scripts use it: exit status, standard output, standard error."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli.app import COMMANDS, main
from kg.model import Catalog


def run(*words: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``stkg`` in a process of its own."""
    extra = ["--data", str(data)] if data else []
    command = [sys.executable, "-m", "kg.cli", *words, *extra]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_no_word_prints_help_and_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in COMMANDS:
        assert f"  {name} " in done.stdout
    assert "examples:" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert "stkg" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_unknown_command_is_refused() -> None:
    done = run("qurey")
    assert done.returncode == 2
    assert "invalid choice" in done.stderr


def test_answers_go_to_stdout_and_talk_to_stderr(toy_root: Path) -> None:
    done = run("query", "methods", "--task", "deconvolution", "--format", "json", data=toy_root)
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert [row["label"] for row in rows] == ["SpatialFusion", "GraphST", "RCTD"]


def test_the_table_names_ids_that_can_be_typed_again(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "methods", "--data", str(toy_root)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["method", "label", "year", "tasks", "frameworks", "languages", "repository", "paper"]
    shown = lines[2].split()[0]
    assert main(["show", shown, "--data", str(toy_root)]) == 0
    assert "SpatialFusion" in capsys.readouterr().out


def test_csv_and_tsv_hold_the_same_cells(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["query", "methods", "--data", str(toy_root), "--format", "csv"])
    table = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    main(["query", "methods", "--data", str(toy_root), "--format", "tsv"])
    assert [line.split("\t") for line in capsys.readouterr().out.splitlines()] == table
    assert table[2][3] == "Cell type deconvolution; Spatial domain identification"


def test_limit_says_what_it_leaves_out(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["query", "methods", "--limit", "1", "--data", str(toy_root), "--format", "json"])
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)) == 1
    assert "1 of 4 rows" in captured.err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["query", "nothing"], 2, "no stored query 'nothing'"),
        (["query", "methods", "--tusk", "x"], 2, "did you mean --task"),
        (["query", "methods", "--task", "decnvolution"], 2, "did you mean Cell type deconvolution"),
        (["query", "methods", "--since", "soon"], 2, "not a whole number"),
        (["query", "methods", "--since"], 2, "needs a value"),
        (["query", "methods", "--since", "2020", "--since", "2021"], 2, "given twice"),
        (["query", "methods", "stray"], 2, "'stray'"),
        (["query", "methods", "--format", "pdf"], 2, "no format 'pdf'"),
        (["query", "methods", "--limit", "-1"], 2, "not a number of rows"),
        (["query", "methods", "--engine", "mysql"], 2, "use oxigraph or rdflib"),
        (["query", "tasks", "--format", "bibtex"], 2, "no paper column"),
        (["show", "nothing-like-this"], 2, "nothing is called"),
        (["show", "GrapST"], 2, "did you mean GraphST"),
        (["cite", "spatialfusion"], 2, "has no paper"),
        (["sparql", "SELECT ?m WHERE { ?m x }"], 2, "line 1, column"),
        (["sparql", "SELECT * { SERVICE <http://127.0.0.1> {} }"], 2, "SERVICE is not allowed"),
        (["sparql", "no-such-file.rq"], 2, "neither SPARQL nor a readable file"),
        (["sparql", "ASK {}", "--format", "turtle"], 2, "CONSTRUCT and DESCRIBE"),
        (["export", "x.pdf"], 2, "cannot tell the format"),
        (["graph", "lineage", "-o", "x.doc"], 2, "cannot tell the format"),
        (["graph", "lineage", "-o", "x.html", "--task", "denoising"], 2, "for coauthors only"),
        (["query", "methods", "--columns", "label,yaer"], 2, "no column 'yaer'"),
        (["query", "methods", "--lmit", "3"], 2, "did you mean --limit"),
    ],
)
def test_a_wrong_request_is_explained(
    toy_root: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, said: str
) -> None:
    assert main([*words, "--data", str(toy_root)]) == status
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_a_list_whose_entries_are_not_kept_is_said_to_be_so(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for style in ("table", "json"):
        assert main(["query", "listings", "--source", "museumst", "--format", style, "--data", str(toy_root)]) == 0
        assert "The entries of that list are not kept here" in capsys.readouterr().err
    assert main(["query", "listings", "--source", "sindilab", "--data", str(toy_root)]) == 0
    assert "not kept here" not in capsys.readouterr().err


def test_columns_can_be_chosen(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["query", "methods", "--columns", "year, label", "--format", "csv", "--data", str(toy_root)])
    assert capsys.readouterr().out.splitlines()[:2] == ["year,label", "2024,SpatialFusion"]


def test_a_folder_that_is_no_catalog_is_explained(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("- a list\n")
    for folder in (tmp_path, tmp_path / "nothing"):
        for words in (["query", "methods"], ["serve", "--port", "0"], ["import", str(tmp_path / "list.md")]):
            done = run(*words, data=folder)
            assert done.returncode == 1
            assert "is not a data folder" in done.stderr
            assert "Traceback" not in done.stderr


def test_checking_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    done = run("check", str(tmp_path))
    assert done.returncode == 1
    assert "holds no records" in done.stderr


def test_faults_keep_the_graph_from_being_built_and_form_does_not(toy_root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(toy_root, copy)
    path = copy / "methods" / "rctd.yaml"
    path.write_text(path.read_text().replace("name: RCTD", "name:  RCTD"))
    assert run("query", "methods", data=copy).returncode == 0
    path.write_text(path.read_text().replace("evidence_level: catalog-with-doi", "evidence_level: rumour"))
    done = run("query", "methods", data=copy)
    assert done.returncode == 1
    assert f"{path}:" in done.stderr


def test_show_has_sources_and_what_was_not_chosen(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["show", "10.1038/s41467-023-36796-3", "--data", str(toy_root)])
    text = capsys.readouterr().out
    assert "← museumst:row 1" in text
    assert "2022  [not chosen: year of the preprint]" in text
    main(["show", "graphst-2023", "--format", "json", "--data", str(toy_root)])
    facts = json.loads(capsys.readouterr().out)["facts"]
    year = next(values for values in facts.values() if any(value["value"] == "2023" for value in values))
    assert [value["status"] for value in year] == ["accepted", "rejected"]
    main(["show", "graphst", "--format", "turtle", "--data", str(toy_root)])
    assert "stkg.method:graphst a " in capsys.readouterr().out


def test_show_finds_a_person_without_a_record(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "Yahui Long", "--data", str(toy_root)]) == 0
    assert "GraphST" in capsys.readouterr().out
    assert main(["show", "author:yahui-long", "--format", "turtle", "--data", str(toy_root)]) == 0
    assert "Yahui Long" in capsys.readouterr().out


def test_compare_is_a_matrix(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["compare", "GraphST", "rctd", "--format", "json", "--data", str(toy_root)])
    rows = {row["property"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["tasks"]["RCTD"] == ["Cell type deconvolution"]
    assert rows["led to"]["GraphST"] == ["SpatialFusion"]
    assert rows["year"] == {"property": "year", "GraphST": ["2023"], "RCTD": ["2022"]}
    for name in ("tasks", "frameworks", "data sets", "licence", "year", "last commit", "comes from"):
        assert name in rows


def test_sparql_json_is_the_w3c_form(toy_root: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    done = run("sparql", "SELECT ?m WHERE { ?m stkg:extends ?x }", "--format", "json", data=toy_root)
    assert json.loads(done.stdout) == {"head": {"vars": ["m"]}, "results": {"bindings": []}}
    done = run("sparql", "ASK { ?m a stkg:Method }", "--format", "json", data=toy_root)
    assert json.loads(done.stdout)["boolean"] is True
    done = run("sparql", "CONSTRUCT WHERE { ?a stkg:reusesCodeOf ?b }", "--format", "nt", data=toy_root)
    assert done.stdout.count("\n") == 1


def test_sparql_writes_the_same_triples_as_the_same_turtle(toy_root: Path) -> None:
    query = "CONSTRUCT { ?m rdfs:label ?l ; a stkg:Method } WHERE { ?m a stkg:Method ; rdfs:label ?l }"
    texts = {run("sparql", query, data=toy_root).stdout for _ in range(3)}
    (text,) = texts
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("@prefix ")]
    assert head == sorted(head) == lines[: len(head)]
    assert not any("dcterms:" in line for line in head)
    subjects = [line.split()[0] for line in lines[len(head) :] if line and not line.startswith("\t")]
    assert subjects == sorted(subjects)
    assert len(subjects) == 5


def test_sparql_reads_files_and_standard_input(toy_root: Path, tmp_path: Path) -> None:
    query = tmp_path / "q.rq"
    query.write_text("SELECT (COUNT(*) AS ?n) WHERE { ?m a stkg:Method }")
    assert run("sparql", str(query), "--format", "csv", data=toy_root).stdout.split() == ["n", "5"]
    command = [sys.executable, "-m", "kg.cli", "sparql", "-", "--format", "csv", "--data", str(toy_root)]
    done = subprocess.run(command, input=query.read_text(), capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["n", "5"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_another_encoding_breaks_nothing(toy_root: Path, encoding: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    for style in ("table", "json"):
        command = [sys.executable, "-m", "kg.cli", "query", "methods", "--format", style, "--data", str(toy_root)]
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        assert "GraphST" in done.stdout.decode("utf-8")


def test_a_closed_pipe_is_no_error(toy_root: Path) -> None:
    command = f"{sys.executable} -m kg.cli query facts-by-strength --data {toy_root} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_commands_queries_and_parameters(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    for word in ("query", "coauthors", "min_papers"):
        assert word in text
    if shell == "bash":
        subprocess.run(["bash", "-n", "-c", text], check=True)


def test_check_passes_on_the_catalog_and_counts_it(real_catalog: Catalog) -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout
    assert f"{len(real_catalog.methods)} methods" in done.stderr
    assert "no problem found" in done.stderr


def test_query_help_names_parameters_and_columns(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["query", "coauthors", "--help", "--data", str(toy_root)])
    text = capsys.readouterr().out
    assert "--min_papers" in text
    assert "author_a" in text
    assert "default 1" in text
    main(["query", "--list", "lineage", "--data", str(toy_root)])
    assert "foundations" in capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_poor_encoding_costs_letters_and_not_the_answer(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    done = run("query", "methods", "--limit", "1")
    assert done.returncode == 0, done.stderr
    assert run("--help").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_explained() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "kg.cli", "query", "methods"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name", ["python", "aavache", "DOI:10.1038/s41467-023-36796-3", "http://dx.doi.org/10.1038/s41467-023-36796-3"]
)
def test_a_record_is_found_by_any_of_its_names(name: str) -> None:
    assert run("show", name, "--brief").returncode == 0


@pytest.mark.parametrize("text", ["DESCRIBE stkg.task:denoising", "SELECT (<<( <urn:a> <urn:b> <urn:c> )>> AS ?t) {}"])
def test_sparql_of_every_kind_is_answered(text: str) -> None:
    done = run("sparql", text)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout) > 10


def test_lineage_takes_no_filters_of_coauthors(tmp_path: Path) -> None:
    assert run("graph", "lineage", "-o", str(tmp_path / "l.svg"), "--task", "deconvolution").returncode == 2
