"""``stkg audit``: a sample can be drawn into the catalog, judged there, and counted."""

import json
import shutil
from pathlib import Path

import pytest

from kg.cli.app import main


def test_a_drawn_sample_is_a_sound_record_and_can_be_counted(
    toy_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(toy_root, tmp_path / "data"))
    assert main(["audit", "draw", "--seed", "7", "--size", "12", "--data", str(folder)]) == 0
    text = capsys.readouterr().out
    name = next(line.split('"')[1] if '"' in line else line[4:] for line in text.split("\n") if line.startswith("id:"))
    path = folder / "audits" / f"{name}.yaml"
    words = ["audit", "draw", "--seed", "7", "--size", "12", "-o", str(path), "--data", str(folder)]
    assert main(words) == 0
    assert path.read_text() == text
    path.write_text(text.replace("    value:", "    verdict: right\n    value:", 3))
    assert main(["format", str(folder)]) == 0
    assert main(["check", str(folder)]) == 0
    capsys.readouterr()
    assert main(["audit", "report", "--format", "json", "--data", str(folder)]) == 0
    total = json.loads(capsys.readouterr().out)[-1]
    assert (total["field"], total["checked"], total["right"], total["unseen"]) == ("all", 3, 3, 9)


def test_what_is_not_there_is_said(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "report", "--data", str(toy_root)]) == 2
    assert "there is no audit yet" in capsys.readouterr().err
