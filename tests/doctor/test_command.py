"""``stkg doctor`` as people type it."""

import json
from pathlib import Path

import pytest

from kg.cli.app import main


def test_text_markdown_and_json(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--data", str(toy_root), "--limit", "3"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("  1  ")
    assert "3 of " in text
    assert main(["doctor", "--data", str(toy_root), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["found"] == len(answer["findings"]) > 3
    first = answer["findings"][0]
    assert {"finding", "record", "path", "line", "message", "cure", "command", "score", "why"} <= set(first)
    assert (toy_root / first["path"]).is_file()
    assert main(["doctor", "--data", str(toy_root), "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("# What to do next\n")


def test_one_record_by_any_name(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "GraphST", "--data", str(toy_root), "--format", "json"]) == 0
    records = {each["record"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert records <= {"method/graphst", "paper/graphst-2023"}
    assert main(["doctor", "task:cell-type-inference", "--data", str(toy_root), "--format", "json"]) == 0
    assert {e["record"] for e in json.loads(capsys.readouterr().out)["findings"]} == {"task/cell-type-inference"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nosuch"], "there is no method 'nosuch'"),
        (["--only", "nothing"], "there is no finding 'nothing'"),
        (["--limit", "-1"], "--limit -1 is negative"),
        (["--today", "yesterday"], "is not a date"),
        (["--list", "nosuch"], "there is no list 'nosuch'"),
        (["--list", "sindilab", "--only", "missing"], "--list is about one list"),
    ],
)
def test_wrong_words(toy_root: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", *words, "--data", str(toy_root)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err


def test_faulty_files_end_with_status_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / "x.yaml").write_text("id: [", encoding="utf-8")
    assert main(["doctor", "--data", str(tmp_path)]) == 1
    assert "methods/x.yaml:2" in capsys.readouterr().err


def test_note_for_a_list_from_the_command(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--list", "sindilab", "--format", "markdown", "--data", str(toy_root)]) == 0
    note = capsys.readouterr().out
    assert "`2022` → `2023`" in note
    assert main(["doctor", "--list", "sindilab", "--format", "json", "--data", str(toy_root)]) == 0
    assert [e["finding"] for e in json.loads(capsys.readouterr().out)["findings"]] == ["list-errors"]
