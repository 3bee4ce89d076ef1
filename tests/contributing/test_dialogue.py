"""``stkg add method`` with answers from a pipe: asked again until good, written only after a yes, or not at all."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.catalog import load_catalog
from kg.cli.app import main
from kg.contributing.questions import QUESTIONS, Asked

PROJECT = Path(__file__).parents[2]
# One answer a question, in order.
GOOD = {
    "Name": "ExampleST",
    "Other names": "Example-ST; EST",
    "DOI": "https://doi.org/10.1038/S41467-024-99999-9",
    "arXiv id": "",
    "Title of the paper": "Spatial domains from graphs of spots",
    "Kind of paper": "",
    "Year": "2024",
    "Journal, conference or preprint server": "Nature Communications",
    "Authors": "Ada Example; Yahui Long",
    "Source code": "github.com/example-lab/ExampleST.git",
    "Tasks": "spatial domain identification; deconvolution",
    "Languages": "python",
    "Licence": "",
    "Summary": "Finds domains: with a graph # of spots.",
    "What did you read?": "",
    "Scope": "",
    "Why it is listed": "",
    "Sources": "",
}


@pytest.fixture
def root(toy_root: Path, tmp_path: Path) -> Path:
    """A copy of the toy catalog."""
    shutil.copytree(toy_root, tmp_path / "data")
    return tmp_path / "data"


def add(root: Path, lines: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command with lines on standard input."""
    command = [sys.executable, "-m", "kg.cli", "add", "method", "--data", str(root), *words]
    return subprocess.run(
        command, input=lines, capture_output=True, text=True, encoding="utf-8", cwd=PROJECT, check=False
    )


def given(last: str = "y\n", **changed: str) -> str:
    answers = {**GOOD, **changed}
    return "".join(f"{answer}\n" for answer in answers.values()) + last


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_good_answers_become_valid_records(root: Path) -> None:
    before = files(root)
    done = add(root, given())
    assert done.returncode == 0, done.stderr
    wanted = [root / "methods" / "examplest.yaml", root / "papers" / "examplest-2024.yaml"]
    assert done.stdout.splitlines() == [str(path) for path in wanted]
    assert set(files(root)) - set(before) == {"methods/examplest.yaml", "papers/examplest-2024.yaml"}
    assert {path: content for path, content in files(root).items() if path in before} == before
    assert main(["check", str(root)]) == 0
    catalog = load_catalog(root)
    method, paper = catalog.methods["examplest"], catalog.papers["examplest-2024"]
    assert (method.name, method.synonyms) == ("ExampleST", ("Example-ST", "EST"))
    assert method.summary == "Finds domains: with a graph # of spots."
    assert method.repository is not None
    assert method.repository.url == "https://github.com/example-lab/ExampleST"
    assert [link.task for link in method.tasks] == ["cell-type-deconvolution", "spatial-domain-identification"]
    assert (method.evidence_level, method.scope, method.licenses) == ("repository", "spatial", ())
    assert method.papers[0].sources == (
        "doi:10.1038/s41467-024-99999-9",
        "https://github.com/example-lab/ExampleST",
    )
    assert (paper.doi, paper.kind, paper.year) == ("10.1038/s41467-024-99999-9", "article", 2024)
    assert paper.venue == "nature-communications"


def test_people_of_a_known_name_are_kept_apart_and_that_is_said(root: Path) -> None:
    done = add(root, given())
    authors = load_catalog(root).papers["examplest-2024"].authors
    assert authors is not None
    assert authors.names[0] == "Ada Example"
    assert authors.names[1].model_dump() == {"name": "Yahui Long", "author": "yahui-long-2"}  # type: ignore[union-attr]
    assert "Yahui Long was kept apart from author:yahui-long" in " ".join(done.stderr.split())


def test_wrong_answers_are_asked_again_with_the_cure(root: Path) -> None:
    lines = given(
        **{
            "Name": "graphst\n???\nExampleST",
            "DOI": "none\n10.1038/s41467-024-99999-9",
            "Year": "20x4\n1890\n2024",
            "Journal, conference or preprint server": "Nature Comunications\nNature Communications",
            "Authors": "???\nAda Example",
            "Source code": "github.com\nhttps://github.com/example-lab/ExampleST",
            "Tasks": "\nspatial domans\n?\ndeconvolution",
            "Sources": "nowhere\nnosource:row 3\nmuseumst:row 3",
        },
        last="perhaps\nyes\n",
    )
    done = add(root, lines)
    assert done.returncode == 0, done.stderr
    told = " ".join(done.stderr.split())
    for cure in (
        "is the name of method:graphst already: if it is another method, add what tells them apart in brackets",
        "has no letter or digit: write the name as its authors do",
        "'none' holds no DOI: write 10.…/…",
        "'20x4' is no year: write four digits",
        "'1890' cannot be used",
        "there is no venue 'Nature Comunications': did you mean Nature Communications",
        "'???' is no name of a person: write one author a line",
        "is no repository: write https://github.com/OWNER/NAME",
        "is needed: write an answer",
        "there is no task 'spatial domans': did you mean Spatial domain identification?",
        "there is no source 'nosource'",
        "write y or n",
    ):
        assert cure in told
    assert "  Cell type deconvolution\n" in done.stderr, "'?' shows the choices"
    assert load_catalog(root).methods["examplest"].tasks[0].sources == ("museumst:row 3",)


@pytest.mark.parametrize("n_lines", range(len(GOOD) + 1))
def test_an_end_at_any_question_leaves_nothing(
    root: Path, n_lines: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    before = files(root)
    lines = given(last="").splitlines(keepends=True)[:n_lines]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(lines)))
    assert main(["add", "method", "--data", str(root)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "the answers ended too early; nothing was written" in captured.err
    assert files(root) == before


def test_interrupting_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(given(last="").splitlines())

    def interrupted() -> str:
        line = next(lines, None)
        if line is None:
            raise KeyboardInterrupt
        return line

    before = files(root)
    monkeypatch.setattr("builtins.input", interrupted)
    assert main(["add", "method", "--data", str(root)]) == 130
    assert capsys.readouterr().err.endswith("stkg: interrupted\n")
    assert files(root) == before


@pytest.mark.parametrize("answer", ["n\n", "\n", "no\n"])
def test_no_is_no(root: Path, answer: str) -> None:
    before = files(root)
    done = add(root, given(last=answer))
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing was written" in done.stderr
    assert files(root) == before


def test_dry_run_prints_the_records(root: Path) -> None:
    before = files(root)
    done = add(root, given(last=""), "--dry-run")
    assert done.returncode == 0
    assert "\nid: examplest\n" in done.stdout
    assert "\nid: examplest-2024\n" in done.stdout
    assert files(root) == before


def test_a_known_paper_is_linked_and_not_asked_about(root: Path) -> None:
    lines = {**GOOD, "DOI": "10.1038/s41467-023-36796-3"}
    about_paper = {question.label for question in QUESTIONS if question.about_paper}
    text = "".join(f"{answer}\n" for label, answer in lines.items() if label not in about_paper)
    note = "A part of GraphST for domains only."
    text = text.removesuffix("\n") + f"{note}\n\ny\n"  # asked before the sources: why the two share a paper
    done = add(root, text)
    assert done.returncode == 0, done.stderr
    assert "the paper is known: paper:graphst-2023" in done.stderr
    (link,) = load_catalog(root).methods["examplest"].papers
    assert (link.paper, link.note) == ("graphst-2023", note)


def test_other_scopes_need_a_reason(root: Path) -> None:
    text = given(**{"Scope": "single-cell", "Why it is listed": "\na list names it"})
    done = add(root, text)
    assert done.returncode == 0, done.stderr
    method = load_catalog(root).methods["examplest"]
    assert (method.scope, method.scope_note) == ("single-cell", "a list names it")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Journal, conference or preprint server": "Nature Biotechnology"}, "is not a DOI of Nature Biotechnology"),
        ({"Kind of paper": "preprint"}, "the DOI or arXiv id is not that of a preprint"),
        ({"DOI": "10.1101/2023.05.01.000001", "Kind of paper": "article"}, "the DOI or arXiv id is that of a preprint"),
        (
            {"DOI": "", "arXiv id": "2401.00001", "Kind of paper": "article"},
            "the DOI or arXiv id is that of a preprint",
        ),
        ({"DOI": "10.1101/2023.05.01.000001"}, "a preprint has the year of its first version, 2023"),
    ],
)
def test_contradictions_are_told_at_once(root: Path, changed: dict[str, str], message: str) -> None:
    before = files(root)
    done = add(root, given(**changed))
    assert message in " ".join(done.stderr.split())
    assert done.returncode == 2, "the answers end before the question is answered well"
    assert files(root) == before


def test_same_repository_is_remarked(root: Path) -> None:
    changed = {"Source code": "https://github.com/zhanglabtools/STAGATE", "Why it is listed": "\nanother model there"}
    done = add(root, given(**changed, last="n\n"))
    assert "method:stagate shares code or paper" in " ".join(done.stderr.split())
    assert "nothing was written" in done.stderr


def test_what_a_rule_of_the_catalog_refuses_is_asked_again(root: Path) -> None:
    """Nothing shows that the method is spatial; the answers are kept and one question is put again."""
    changed = {
        "DOI": "10.1000/xyz",
        "Journal, conference or preprint server": "",
        "Title of the paper": "Embedding of cells by pairs",
        "Tasks": "plain task",
        "Summary": "Embeds cells.",
    }
    text = "\n- id: plain-task\n  label: Plain task\n  definition: A task.\n  sources: [stkg-curation:test]\n"
    with (root / "tasks.yaml").open("a", encoding="utf-8") as file:
        file.write(text)
    assert main(["format", str(root)]) == 0
    done = add(root, given(**changed, last="coordinates of spots are an input\ny\n"))
    assert done.returncode == 0, done.stderr
    assert "The record cannot be used yet:\n  shows nothing of space, but is in scope (say in scope_note" in done.stderr
    assert load_catalog(root).methods["examplest"].scope_note == "coordinates of spots are an input"


def test_every_line_fits_80_columns_but_for_records(root: Path) -> None:
    done = add(root, given(last="n\n"))
    asked = done.stderr.partition("# yaml-language-server")[0]
    labels = tuple(question.label for question in QUESTIONS)
    assert max(len(line) for line in asked.splitlines() if not line.startswith(labels)) <= 80


def test_questions_have_good_choices(real_root: Path) -> None:
    asked = Asked(load_catalog(real_root))
    assert len({question.key for question in QUESTIONS}) == len({question.label for question in QUESTIONS})
    for question in QUESTIONS:
        if question.form.startswith("dropdown"):
            options = question.options(asked.catalog)
            assert len(options) == len(set(options)) > 1
            for option in options:
                assert question.read(option.replace(",", ""), asked)
