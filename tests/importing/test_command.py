"""``stkg import`` as people type it."""

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from kg.cli.app import main

FIXTURES = Path(__file__).with_name("fixtures")


def test_the_plan_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(FIXTURES / "table.md"), "--source", "sindilab"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("read as markdown: 13 rows = 1 new + 9 known + 3 not understood")
    assert "line 7: method/deepsc, sure 0.99: repository fmaseda/DEEPsc" in output


def test_the_plan_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(FIXTURES / "bullets.md"), "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["rows_read"] == len(plan["known"]) == 8
    assert {"new", "known", "adds_facts", "contradicts", "not_understood"} <= set(plan)


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"name,doi\nGraphST,\n")))
    assert main(["import", "-", "--kind", "csv"]) == 0
    assert "method/graphst" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words, message",
    [
        (["no-such-file"], "cannot be read"),
        (["a\0b"], "cannot be read"),
        ([str(FIXTURES / "table.md"), "--source", "../etc"], "there is no source '../etc'"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_source_without_a_mapping_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(FIXTURES / "shapes.md"), "--source", "hrlblab"]) == 0
    assert "headings decide" in capsys.readouterr().err


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["import", str(FIXTURES / "table.md")]) == 0
    assert list(tmp_path.iterdir()) == []
