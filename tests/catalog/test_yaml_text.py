"""The strict YAML reader: scalars stay text, nothing hidden gets through, and no text makes it fall over."""

import subprocess
import sys
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.catalog.yaml_text import locate, parse_yaml
from kg.errors import YamlError

RECORD: Final = """\
id: graphst
papers:
  - paper: graphst-2023
    role: introduces
  - paper: other-2024

    role: describes
sources:
  name: [a, b]
"""
WORDS: Final = (
    "id",
    "name",
    ":",
    " ",
    "\n",
    "- ",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&a",
    "*a",
    "!!",
    "<<",
    "|",
    ">",
    "'",
    '"',
)
OTHERS: Final = ("#", "?", "%", "---", "...", "\t", "\r", "\x00", "\x85", "\u2028", "\ufeff", "é", "1.10", "~")


def reports(text: str) -> list[tuple[int, str]]:
    """Lines and messages of what is wrong with a text."""
    with pytest.raises(YamlError) as caught:
        parse_yaml(text, "x.yaml")
    assert all(problem.path == "x.yaml" for problem in caught.value.problems)
    return [(problem.line, problem.message) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "scalar",
    ["1.10", "NO", "yes", "~", "null", "0x1F", "1e3", "2022-01-01", "12:30:45", "1_000", "0o7", ".inf", "=", "010"],
)
def test_scalars_stay_as_written(scalar: str) -> None:
    assert parse_yaml(f"a: {scalar}\nb: '{scalar}'\nc: [{scalar}x]\n", "x.yaml") == {
        "a": scalar,
        "b": scalar,
        "c": [f"{scalar}x"],
    }


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a: 1\nb: 2\na: 3\n", [(3, "repeats the key of line 1")]),
        ("a:\n  b: 1\n  b: 2\n", [(3, "repeats the key of line 2")]),
        ("a: 1\nb: &x [1]\n", [(2, "has an anchor (&x)")]),
        ("a: &x one\nb:\n  - *x\n", [(1, "has an anchor (&x)"), (3, "is an alias (*x)")]),
        ("a: &x [1, *x]\n", [(1, "has an anchor (&x)"), (1, "is an alias (*x)")]),
        ("&x a: 1\n", [(1, "has an anchor (&x)")]),
        ("a: *nowhere\n", [(1, "is an alias (*nowhere)")]),
        ("a: 1\nb: !!int 5\n", [(2, "has the tag tag:yaml.org,2002:int")]),
        ("!mine a: 1\n", [(1, "has the tag !mine")]),
        ("a: ! 5\n", [(1, "has the tag !")]),
        ("a: 1\nb:\n", [(2, "has no value")]),
        ("a:\n  - 1\n  -\n", [(3, "has no value")]),
        ("a: [1, ~]\nb: {c: }\n", [(2, "has no value")]),
        ("a: 1\n<<: {b: 2}\n", [(2, "is a merge key")]),
        ("? {a: b}\n: c\n", [(1, "has a key that is not text")]),
        ("", [(1, "is empty")]),
        ("# only a comment\n", [(1, "is empty")]),
    ],
)
def test_what_records_may_not_use(text: str, expected: list[tuple[int, str]]) -> None:
    assert reports(text) == expected


@pytest.mark.parametrize(
    "text, line",
    [
        ("a: [1\n", 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\n b: 2\n", 2),
        ("a: 1\nb: @x\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ('a: "open\n', 2),
        ("a: 1\nb: \x07\n", 2),
    ],
)
def test_what_is_no_yaml(text: str, line: int) -> None:
    (found,) = reports(text)
    assert found[0] == line
    assert found[1].startswith("is not YAML: ")


def test_all_faults_of_a_file_are_told_at_once() -> None:
    assert reports("a: 1\na: 2\nb:\nc: {d: }\n") == [
        (2, "repeats the key of line 1"),
        (3, "has no value"),
        (4, "has no value"),
    ]


def test_text_in_quotes_may_look_like_a_mark() -> None:
    assert parse_yaml("a: '&x'\nb: \"*y\"\nc: '!!z'\nd: x & y *z !\n", "x.yaml") == {
        "a": "&x",
        "b": "*y",
        "c": "!!z",
        "d": "x & y *z !",
    }


def test_empty_text_in_quotes_is_a_value() -> None:
    assert parse_yaml("a: ''\n", "x.yaml") == {"a": ""}


@pytest.mark.parametrize("unit, end", [("[", ""), ("[", "]"), ("- ", ""), ("{a: ", ""), ("? ", ""), ("[\n", "")])
def test_deep_nesting_is_refused_without_a_crash(unit: str, end: str) -> None:
    """In a process of its own: a stack that overflows in C takes the whole process with it."""
    code = (
        "from kg.catalog.yaml_text import parse_yaml\nfrom kg.errors import YamlError\n"
        f"try:\n    parse_yaml({unit!r} * 100000 + 'a' + {end!r} * 100000, 'x')\n"
        "except YamlError as error:\n    print(error.problems[0].message)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.returncode
    assert done.stdout == "is nested too deeply\n"


def test_huge_text_is_refused() -> None:
    assert reports("a: " + "x" * 8_000_000) == [(0, "is larger than 8 MB")]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS + OTHERS), max_size=20).map("".join)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
)
@example("a: &x\n")
@example("? ")
@example("\ufeff")
@example("- ? a\n  : *b")
def test_any_text_gives_plain_values_or_a_yaml_error(text: str) -> None:
    try:
        value = parse_yaml(text, "x.yaml")
    except YamlError as error:
        assert error.problems
        lines = len(text.splitlines()) + 2
        assert all(0 <= problem.line <= lines and problem.message for problem in error.problems)
    else:
        assert is_plain(value)


def is_plain(value: Any) -> bool:
    """Whether a value is made of text, lists and mappings with text keys only."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_plain(inner) for key, inner in value.items())
    return isinstance(value, str) or (isinstance(value, list) and all(map(is_plain, value)))


@pytest.mark.parametrize(
    "pointer, line",
    [
        ((), 1),
        (("id",), 1),
        (("papers",), 2),
        (("papers", 0), 3),
        (("papers", 1, "role"), 7),
        (("papers", 1, "absent"), 5),
        (("papers", 9, "role"), 2),
        (("sources", "name", 1), 9),
        (("sources", "year"), 8),
        (("absent",), 1),
    ],
)
def test_fields_are_found_at_their_line(pointer: tuple[str | int, ...], line: int) -> None:
    assert locate(RECORD, "x.yaml", pointer) == line
