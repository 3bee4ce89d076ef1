"""Issue forms: made from the models, read back as data, and safe against everything that a form can hold."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from kg.catalog import load_catalog
from kg.cli.app import main
from kg.contributing import answers_of_form, draft_method, stale_forms, write_forms
from kg.contributing.forms import FORMS_FOLDER, NEW_LABEL, forms
from kg.contributing.questions import QUESTIONS, Asked
from kg.errors import AnswerError
from kg.model import Catalog

PROJECT: Final = Path(__file__).parents[2]
WORKFLOW: Final = PROJECT / ".github" / "workflows" / "method-from-form.yml"
GOOD: Final = {
    "Name": "ExampleST",
    "Other names": "_No response_",
    "DOI": "10.1038/s41467-024-99999-9",
    "arXiv id": "_No response_",
    "Title of the paper": "Spatial domains from graphs of spots",
    "Kind of paper": "article",
    "Year": "2024",
    "Journal, conference or preprint server": "_No response_",
    "Authors": "Ada Example\nBo Example",
    "Source code": "https://github.com/example-lab/ExampleST",
    "Tasks": "Spatial domain identification, Cell type deconvolution",
    "Languages": "Python",
    "Licence": "None",
    "Summary": "Finds domains.",
    "What did you read?": "repository",
    "Scope": "spatial",
    "Why it is listed": "_No response_",
    "Shared code or paper": "_No response_",
    "Sources": "doi:10.1038/s41467-024-99999-9",
    "Your contribution": "- [X] I put this contribution under CC0 1.0.",
}
# What a hostile hand may write into any answer.
HOSTILE: Final = (
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    "${{ secrets.GITHUB_TOKEN }}",
    "${{ github.token }}`$(id)`",
    "x: {y: *z}",
    "!!python/object/apply:os.system [touch pwned]",
    "&a *a",
    "a\n  sources: [museumst]\nid: other",
    "- a\n- b",
    "../../../etc/passwd",
    "..\\..\\x",
    "/etc/passwd",
    "methods/graphst",
    "\x00",
    "\x1b]0;x\x07\x1b[31m",
    "\u202eevil\u2066",
    "\ud7ff\ufeff",
    "::error file=x::y\n::set-output name=a::b",
    "| # - ? : , [ ] { } & * ! > ' \" % @",
    "null",
    "~",
    "1e5",
    "---\n...\n%YAML 1.1",
    "A" * 30_000,
    "<script>alert(1)</script>",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://user:pw@evil.example/a/b",
    "x " * 5000,
)


def body(**changed: str) -> str:
    """The text that a code forge makes of a filled form."""
    return "\n\n".join(f"### {label}\n\n{answer}" for label, answer in {**GOOD, **changed}.items()) + "\n"


def event(text: str) -> str:
    return json.dumps({"action": "labeled", "issue": {"number": 7, "body": text}, "label": {"name": "accepted"}})


@pytest.fixture
def root(toy_root: Path, tmp_path: Path) -> Path:
    shutil.copytree(toy_root, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def asked(toy_root: Path) -> Asked:
    return Asked(load_catalog(toy_root))


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_forms_are_up_to_date(real_root: Path, real_catalog: Catalog) -> None:
    stale = [path.name for path in stale_forms(real_root, real_catalog)]
    assert stale == [], "run 'stkg format'"


def test_format_writes_what_is_stale_and_check_names_it(
    root: Path, real_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root.parent / FORMS_FOLDER
    catalog = load_catalog(root)
    assert stale_forms(root, catalog) == [], "no folder, no forms"
    folder.mkdir(parents=True)
    shutil.copytree(real_root / "schema", root / "schema")
    assert main(["check", str(root)]) == 1
    assert (
        ".github/ISSUE_TEMPLATE/new-method.yml:0: does not fit the models (run 'stkg format')"
        in capsys.readouterr().out
    )
    assert main(["format", str(root), "--dry-run"]) == 1
    assert files(folder) == {}
    assert main(["format", str(root)]) == 0
    assert {path.name for path in folder.iterdir()} == set(forms(catalog))
    assert main(["check", str(root)]) == 0
    assert write_forms(root, catalog) == []


@pytest.mark.parametrize("name", ["new-method.yml", "correction.yml"])
def test_forms_have_the_shape_that_forges_ask_for(real_catalog: Catalog, name: str) -> None:
    form = yaml.safe_load(forms(real_catalog)[name])
    assert {"name", "description", "title", "labels", "body"} == set(form)
    elements = [element for element in form["body"] if element["type"] != "markdown"]
    ids = [element["id"] for element in elements]
    labels = [element["attributes"]["label"] for element in elements]
    assert len(set(ids)) == len(ids)
    assert len(set(labels)) == len(labels)
    for element in elements:
        assert element["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert re.fullmatch(r"[A-Za-z0-9_-]+", element["id"])
        if element["type"] == "dropdown":
            options = element["attributes"]["options"]
            assert len(set(options)) == len(options) > 1
            assert all(isinstance(option, str) and option.lower() != "none" for option in options)
            assert not (element["attributes"].get("multiple") and any("," in option for option in options))


def test_the_form_asks_every_question_with_the_choices_of_the_models(real_catalog: Catalog) -> None:
    form = yaml.safe_load(forms(real_catalog)["new-method.yml"])
    by_label = {e["attributes"]["label"]: e for e in form["body"] if e["type"] != "markdown"}
    assert [question.label for question in QUESTIONS] == list(by_label)[: len(QUESTIONS)]
    tasks = by_label["Tasks"]["attributes"]["options"]
    assert sorted(tasks) == sorted(task.label.replace(",", "") for task in real_catalog.tasks.values())
    assert "accepted" not in form["labels"], "opening the form must not accept it"
    assert form["labels"] == [NEW_LABEL]


@pytest.mark.parametrize("wrap", [str, event], ids=["markdown", "event"])
def test_good_form_becomes_valid_records(root: Path, wrap: Any, tmp_path: Path) -> None:
    form = tmp_path / "form"
    form.write_text(wrap(body().replace("\n", "\r\n")), encoding="utf-8")
    assert main(["add", "method", "--from-form", str(form), "--data", str(root)]) == 0
    assert main(["check", str(root)]) == 0
    catalog = load_catalog(root)
    method = catalog.methods["examplest"]
    assert [link.task for link in method.tasks] == ["cell-type-deconvolution", "spatial-domain-identification"]
    assert (method.synonyms, method.licenses, method.scope) == ((), (), "spatial")
    authors = catalog.papers["examplest-2024"].authors
    assert authors is not None
    assert authors.names == ("Ada Example", "Bo Example")


def test_all_faults_of_a_form_are_told_at_once(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = tmp_path / "form.md"
    text = body(Name="GraphST", DOI="x", Tasks="Nothing", Sources="_No response_")
    form.write_text(text, encoding="utf-8")
    before = files(root)
    assert main(["add", "method", "--from-form", str(form), "--data", str(root)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert files(root) == before
    assert [line.split(":")[0] for line in told[:4]] == ["form"] * 4
    for line, label in zip(told, ("Name", "DOI", "Tasks", "Sources"), strict=False):
        number = int(line.split(":")[1])
        assert text.splitlines()[number - 1] == f"### {label}"
        assert line.endswith(")"), "the cure stands in brackets"
    assert told[4] == "stkg: 4 answers of the form cannot be used; nothing was written"


@pytest.mark.parametrize("label", [question.label for question in QUESTIONS])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_answers_are_refused_or_stay_texts(asked: Asked, label: str, text: str) -> None:
    """Whatever stands in an answer: no other error than ours, ids that are slugs, and a file that says just that."""
    from kg.catalog.writer import dump_record
    from kg.catalog.yaml_text import parse_yaml

    try:
        draft = draft_method(answers_of_form(body(**{label: text}).encode(), asked), asked)
    except AnswerError as error:
        assert all(c.isprintable() or c == "\n" for c in error.summary + "".join(map(str, error.problems)))
        return
    for record in draft.records:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", record.id)
        written = dump_record(record)
        again = type(record).model_validate(parse_yaml(written, "x.yaml"))
        assert dump_record(again) == written
        assert Counter(leaves(again)) == Counter(leaves(record))
        assert not any(ord(c) < 32 and c != "\n" for c in written)


def test_answers_that_do_not_go_together_are_named(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = tmp_path / "form.md"
    text = {"DOI": "10.1038/s41587-024-99999-9", "Journal, conference or preprint server": "Nature Communications"}
    form.write_text(body(**text), encoding="utf-8")
    assert main(["add", "method", "--from-form", str(form), "--data", str(root)]) == 2
    assert "is not a DOI of Nature Communications (write the venue that the DOI belongs to)" in capsys.readouterr().err
    repository = {"Source code": "https://github.com/zhanglabtools/STAGATE"}
    form.write_text(body(**repository), encoding="utf-8")
    before = files(root)
    assert main(["add", "method", "--from-form", str(form), "--data", str(root)]) == 2
    assert "Shared code or paper: is needed" in capsys.readouterr().err
    assert files(root) == before
    form.write_text(body(**repository, **{"Shared code or paper": "another model there"}), encoding="utf-8")
    assert main(["add", "method", "--from-form", str(form), "--data", str(root)]) == 0


def test_a_former_id_is_not_given_again(root: Path, tmp_path: Path) -> None:
    assert main(["rename", "method", "graphst", "graphst-renamed", "--data", str(root)]) == 0
    catalog = load_catalog(root)
    asked = Asked(catalog)
    draft = draft_method({**answers_of_form(body().encode(), asked), "name": "graphst ?"}, asked)
    assert draft.records[0].id == "graphst-2"


def leaves(value: Any) -> Iterator[str]:
    """Every scalar of a record."""
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from leaves(inner)
    else:
        yield str(value)


def test_hostile_form_runs_nothing_and_touches_only_two_files(root: Path, tmp_path: Path) -> None:
    """The command as the workflow runs it, in a folder where a command of the form would leave a trace."""
    work = tmp_path / "work"
    work.mkdir()
    evil = "$(touch pwned) `touch pwned` ${{ github.token }} '; touch pwned"
    text = body(**{"Name": evil, "Summary": evil, "Title of the paper": evil, "Authors": f"{evil}\nAda Example"})
    (work / "event.json").write_text(event(text), encoding="utf-8")
    before = files(root)
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "add", "method", "--from-form", "event.json", "--data", str(root)],
        capture_output=True,
        text=True,
        cwd=work,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in work.iterdir()] == ["event.json"]
    new = set(files(root)) - set(before)
    assert new == {
        "methods/touch-pwned-touch-pwned-github-token-touch-pwned.yaml",
        "papers/touch-pwned-touch-pwned-github-token-touch-pwned-2024.yaml",
    }
    assert load_catalog(root).methods["touch-pwned-touch-pwned-github-token-touch-pwned"].summary == evil


@pytest.mark.parametrize("label", ["Authors", "Sources", "Summary", "Your contribution"])
def test_a_heading_inside_an_answer_cannot_answer_another_question(asked: Asked, label: str) -> None:
    with pytest.raises(AnswerError, match="cannot be told apart") as raised:
        answers_of_form(body(**{label: "x\n\n### Name\n\nOther"}).encode(), asked)
    assert "no line of an answer may begin with ###" in str(raised.value.problems[0])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "none of our questions"),
        (b"### Something else\n\nx", "none of our questions"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{not json", "begins like JSON and is none"),
        (b"{" * 100_000, "longer than|begins like JSON"),
        (b'{"issue": {"body": null}}', "no issue with a text"),
        (b'{"pull_request": {}}', "no issue with a text"),
        (b'{"issue": []}', "no issue with a text"),
        (b"x" * 100_001, "longer than 100,000 characters"),
        (b"x" * 2_000_001, "larger than 2,000,000 bytes"),
    ],
)
def test_what_is_no_form_is_refused(asked: Asked, content: bytes, message: str) -> None:
    with pytest.raises(AnswerError, match=message):
        answers_of_form(content, asked)


def test_a_form_that_is_not_there(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "method", "--from-form", "none.md", "--data", str(root)]) == 2
    assert "'none.md' cannot be read: No such file" in capsys.readouterr().err


@settings(deadline=None)  # a busy machine is no fault
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: body(Summary=text).encode("utf-8", "replace")))
def test_any_bytes_end_well(toy_asked: Asked, content: bytes) -> None:
    try:
        draft_method(answers_of_form(content, toy_asked), toy_asked)
    except AnswerError as error:
        assert error.summary


@pytest.fixture(scope="session")
def toy_asked(toy_root: Path) -> Asked:
    return Asked(load_catalog(toy_root))


def workflow() -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return found


def test_workflow_puts_no_text_of_a_form_into_commands_or_expressions() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    allowed = {"github.event.issue.number", "github.event.repository.default_branch", "github.token"}
    assert set(re.findall(r"\$\{\{\s*(.*?)\s*\}\}", text)) == allowed
    for step in workflow()["jobs"]["propose"]["steps"]:
        assert "${{" not in step["run"]
        assert "uses" not in step
    for name in ("issue.body", "issue.title", "user.login", "head_ref", "comment.body"):
        assert name not in text


def test_workflow_has_the_least_permissions_and_waits_for_a_maintainer() -> None:
    flow = workflow()
    assert flow.get("on", flow.get(True)) == {"issues": {"types": ["labeled"]}}  # YAML 1.1 reads "on" as true
    assert flow["permissions"] == {}
    (job,) = flow["jobs"].values()
    assert job["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert "github.event.label.name == 'accepted'" in job["if"]
    assert f"'{NEW_LABEL}'" in job["if"]
    with_token = [step["name"] for step in job["steps"] if "GH_TOKEN" in step.get("env", {})]
    assert with_token == ["Check out the default branch", "Open a pull request"]
    reads_form = [step["name"] for step in job["steps"] if "GITHUB_EVENT_PATH" in step["run"]]
    assert reads_form == ["Turn the form into records"]


def test_workflow_is_sound_shell() -> None:
    for step in workflow()["jobs"]["propose"]["steps"]:
        done = subprocess.run(["bash", "-n", "-c", step["run"]], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert not re.search(r"(?<![\"\w/])\$[A-Z_]+", re.sub(r'"[^"]*"', '""', step["run"])), "variables are quoted"


def test_workflow_calls_commands_that_exist() -> None:
    from kg.cli.app import COMMANDS

    runs = "\n".join(step["run"] for step in workflow()["jobs"]["propose"]["steps"])
    used = re.findall(r"bin/stkg\" (\w+)", runs)
    assert used == ["add", "check"]
    assert set(used) <= set(COMMANDS)
