"""SARIF that services accept: the form of the standard, every problem at its place, hostile names as data.

The schema below is the part of OASIS's schema for SARIF 2.1.0 that concerns what we write, with the standard's own
types, patterns and required properties, and stricter in one thing: nothing else may stand in a log.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest

from kg.cli.app import main
from kg.cli.sarif import rule_texts, sarif_text
from kg.errors import Problem


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _array(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


TEXT: Final = {"type": "string"}
NUMBER: Final = {"type": "integer", "minimum": -1}
LEVEL: Final = {"enum": ["none", "note", "warning", "error"]}
MESSAGE: Final = _object(["text"], text=TEXT)
RULE: Final = _object(
    ["id"],
    id=TEXT,
    shortDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=_object([], level=LEVEL),
)
LOCATION: Final = _object(
    ["physicalLocation"],
    physicalLocation=_object(
        ["artifactLocation"],
        artifactLocation=_object(["uri"], uri={"type": "string", "format": "uri-reference"}),
        region=_object([], startLine={"type": "integer", "minimum": 1}),
    ),
    logicalLocations=_array(_object([], fullyQualifiedName=TEXT, kind=TEXT), minItems=0, uniqueItems=True),
)
RESULT: Final = _object(
    ["message"],
    ruleId=TEXT,
    ruleIndex=NUMBER,
    level=LEVEL,
    message=MESSAGE,
    locations=_array(LOCATION, minItems=0, uniqueItems=False),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
)
DRIVER: Final = _object(
    ["name"],
    name=TEXT,
    version=TEXT,
    informationUri={"type": "string", "format": "uri"},
    rules=_array(RULE, minItems=0, uniqueItems=True),
)
SCHEMA: Final = _object(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"enum": ["2.1.0"]},
    runs=_array(
        _object(
            ["tool"],
            tool=_object(["driver"], driver=DRIVER),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            results=_array(RESULT, minItems=0),
        ),
        minItems=0,
    ),
)


def log(text: str) -> dict[str, Any]:
    """The one run of a log that fits the schema."""
    content = json.loads(text)
    jsonschema.validate(content, SCHEMA, format_checker=jsonschema.FormatChecker())
    (run,) = content["runs"]
    found: dict[str, Any] = run
    return found


@pytest.fixture
def faulty(toy_root: Path, tmp_path: Path) -> Path:
    root = tmp_path / "data"
    shutil.copytree(toy_root, root)
    paper = root / "papers" / "graphst-2023.yaml"
    paper.write_text(paper.read_text(encoding="utf-8").replace("year: 2023", "year: 1023"), encoding="utf-8")
    (root / "methods" / "odd name,%[x](y) {0}.yaml").write_text("id: [", encoding="utf-8")
    return root


def test_log_of_a_faulty_folder(
    faulty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(faulty.parent)
    assert main(["check", "data", "--format", "sarif"]) == 1
    run = log(capsys.readouterr().out)
    results = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: r for r in run["results"]}
    assert set(results) >= {
        "data/papers/graphst-2023.yaml",
        "data/methods/odd%20name%2C%25%5Bx%5D%28y%29%20%7B0%7D.yaml",
    }
    year = results["data/papers/graphst-2023.yaml"]
    line = year["locations"][0]["physicalLocation"]["region"]["startLine"]
    text = (faulty / "papers" / "graphst-2023.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[line - 1] == "year: 1023"
    assert year["ruleId"] == "field"
    assert year["message"]["text"] == "year: '1023' is too small. Cure: at least 1950."
    assert year["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "year"
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_log_of_a_sound_folder_is_empty(toy_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(toy_root), "--format", "sarif"]) == 0
    run = log(capsys.readouterr().out)
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_the_working_directory_decides_between_relative_and_whole_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem("methods/a.yaml", 3, "name", "is odd", "mend it", "field")

    def address(root: Path) -> str:
        place = log(sarif_text([problem], root))["results"][0]["locations"][0]["physicalLocation"]
        return str(place["artifactLocation"]["uri"])

    monkeypatch.chdir(tmp_path)
    assert address(tmp_path / "data") == "data/methods/a.yaml"
    assert address(tmp_path.parent / "else").startswith("file:///")


def test_places_without_a_line_and_hostile_texts(tmp_path: Path) -> None:
    problems = [
        Problem("schema/x.json", 0, "", "does not fit", "run 'stkg format'", "generated-files"),
        Problem("a.yaml", 1, "name", "see [here](https://evil.example) or {0}\x1b[31m", "", "shacl/Method-label"),
        Problem("a.yaml", 9, "name", "see [here](https://evil.example) or {0}\x1b[31m", "", "shacl/Method-label"),
        Problem("a.yaml", 2, "", "no rule"),
    ]
    text = sarif_text(problems, tmp_path)
    first, second, third, fourth = log(text)["results"]
    assert "region" not in first["locations"][0]["physicalLocation"]
    assert "logicalLocations" not in first["locations"][0]
    assert second["message"]["text"].startswith("name: see \\[here](https://evil.example) or {{0}}")
    assert "\x1b" not in text
    marks = [r["partialFingerprints"]["stkg/v1"] for r in (first, second, third, fourth)]
    assert len(set(marks)) == 4
    assert fourth["ruleId"] == "other"
    assert sarif_text(problems, tmp_path) == text


def test_fingerprints_survive_a_change_of_lines(tmp_path: Path) -> None:
    def mark(line: int) -> str:
        problem = Problem("a.yaml", line, "name", "is odd", "", "field")
        return str(log(sarif_text([problem], tmp_path))["results"][0]["partialFingerprints"]["stkg/v1"])

    assert mark(3) == mark(30)


def test_every_rule_says_what_it_asks_for() -> None:
    texts = rule_texts()
    assert len(texts) > 20
    assert all(text.endswith(".") for text in texts.values())


def test_a_failed_shape_is_reported_at_the_line_of_its_value(toy_root: Path, tmp_path: Path) -> None:
    """Two shapes are made to fail: one about a value of a paper, one about an authorship."""
    shapes = """
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix shape: <https://w3id.org/stkg/ontology/shapes#> .
        @prefix stkg: <https://w3id.org/stkg/ontology#> .
        shape:Late a sh:NodeShape ; sh:targetClass stkg:Paper ; sh:property shape:Late-year .
        shape:Late-year sh:path stkg:year ; sh:maxInclusive 2022 ; sh:message "is late: correct year" .
        shape:First a sh:NodeShape ; sh:targetClass stkg:Authorship ; sh:property shape:First-position .
        shape:First-position sh:path stkg:position ; sh:maxInclusive 1 ; sh:message "is not first" .
    """
    code = (
        "import sys, kg.shapes, pathlib; from kg.cli.app import main; "
        "kg.shapes.resource_root = lambda kind: pathlib.Path(sys.argv[1]); "
        "sys.exit(main(['check', sys.argv[2], '--shapes', '--format', 'sarif']))"
    )
    (tmp_path / "shapes.ttl").write_text(shapes, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), str(toy_root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    run = log(done.stdout)
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {"shacl/Late-year", "shacl/First-position"}
    shown = set()
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        path = Path(place["artifactLocation"]["uri"].removeprefix("file://"))
        path = path if path.is_absolute() else Path.cwd() / path
        line = path.read_text(encoding="utf-8").splitlines()[place["region"]["startLine"] - 1].strip()
        shown.add((result["ruleId"], path.name, line))
    assert ("shacl/Late-year", "graphst-2023.yaml", "year: 2023") in shown
    assert all(not line.startswith(("id:", "title:")) for _, _, line in shown), shown
