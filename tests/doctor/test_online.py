"""Links are asked about on request only, those of the most used records first, and what was found is ranked."""

import json
from pathlib import Path

import pytest

from kg.cli.app import main
from kg.doctor import examine
from kg.doctor.advice import Patient
from kg.doctor.online import broken_links, links
from kg.enrich.client import Settings, open_client
from kg.enrich.saved import Answer
from kg.model import Dataset
from tests.doctor.making import HERE, TODAY, catalog, method, paper
from tests.enrich.serving import FakeClock


def answered(folder: Path, answers: dict[str, tuple[int, str]]) -> None:
    """Save answers as a run that asked would have."""
    client = open_client(folder, Settings(), clock=FakeClock())
    for url, (status, to) in answers.items():
        client.saved.put("links", Answer(url, status, {"location": to} if to else {}, b"", TODAY))


def test_every_state_becomes_advice_at_each_place(tmp_path: Path) -> None:
    shared = {"url": "https://github.com/lab/old", "sources": HERE}
    data = Dataset.model_validate({"id": "far", "label": "Far", "urls": ["https://gone.example/d"], "sources": HERE})
    records = catalog(
        method("x", repository=shared),
        paper("x", url="https://closed.example/p"),
        method("y", repository=shared, lineage=[{"relation": "extends", "method": "x", "sources": HERE}]),
        paper("y", url="https://fine.example/p"),
        data,
    )
    answered(
        tmp_path,
        {
            "https://github.com/lab/old": (301, "https://github.com/lab/new"),
            "https://github.com/lab/new": (200, ""),
            "https://gone.example/d": (404, ""),
            "https://closed.example/p": (403, ""),
            "https://fine.example/p": (200, ""),
        },
    )
    client = open_client(tmp_path, Settings(offline=True), clock=FakeClock())
    places = links(Patient.of(records, TODAY))
    asked = [url for url in places if not url.startswith("https://github.com/lab-")]
    found = examine(records, only=["links"], today=TODAY, more=broken_links(places, asked, client))
    assert [(each.code, each.kind, each.key, each.steps) for each in found] == [
        ("link-gone", "dataset", "far", ("urls", 0)),
        ("link-moved", "method", "x", ("repository", "url")),
        ("link-moved", "method", "y", ("repository", "url")),
        ("link-unreachable", "paper", "x-paper", ("url",)),
    ]
    assert "now https://github.com/lab/new" in found[1].message


def test_command_checks_the_most_used_first_and_only_when_asked(
    toy_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(tmp_path, {"https://github.com/JinmiaoChenLab/GraphST": (404, "")})
    words = ["doctor", "--data", str(toy_root), "--only", "links", "--format", "json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["found"] == 0
    assert main([*words, "--online", "--replay", str(tmp_path), "--links", "1"]) == 0
    (only,) = json.loads(capsys.readouterr().out)["findings"]
    assert (only["finding"], only["record"]) == ("link-gone", "method/graphst")
    line = (toy_root / only["path"]).read_text(encoding="utf-8").splitlines()[only["line"] - 1]
    assert "https://github.com/JinmiaoChenLab/GraphST" in line
    assert main([*words, "stagate", "--online", "--replay", str(tmp_path), "--links", "0"]) == 0
    records = {each["record"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert records == {"method/stagate"}
    assert main([*words, "--online", "--links", "-1"]) == 2
    assert "--links -1 is negative" in capsys.readouterr().err
