"""Read the YAML of records strictly: every scalar is text, and nothing is guessed, repeated or hidden.

YAML's own typing turns ``1.10`` into 1.1 and ``NO`` into false, and keeps the second of two equal keys without a word.
Here every scalar stays the text that was written, and anchors, tags, repeated keys and empty values are errors. The
pydantic field decides what a text means.
"""

import re
from collections.abc import Sequence
from typing import Any

import yaml

from kg.errors import Problem, YamlError

try:
    from yaml.cyaml import CBaseLoader as _Loader
except ImportError:  # PyYAML was built without libyaml; slower, same answers.
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

Pointer = Sequence[str | int]

_MAX_DEPTH = 12
_MAX_BYTES = 8_000_000
# Only where one of these stands can a text hold an anchor, alias or tag; only with many openings can it be deep.
_MARK = re.compile(r"(?m)(?:^|[\s\[{,:?-])[&*!]")
_OPENINGS = re.compile(r"[\[{]|[-?]\s")
_HARMLESS_OPENINGS = 1000


def _compose(text: str, path: str) -> yaml.Node | None:
    if len(text) > _MAX_BYTES:
        raise YamlError("file is too large", [Problem(path, 0, "", "is larger than 8 MB", "split the record")])
    try:
        if _MARK.search(text) or len(_OPENINGS.findall(text)) > _HARMLESS_OPENINGS:
            _refuse_hidden(text, path)
        loader = _Loader(text)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = " ".join(part for part in (error.context, error.problem) if part)
        raise YamlError("not YAML", [Problem(path, line, "", f"is not YAML: {what}", "mend the syntax")]) from error
    except yaml.YAMLError as error:  # for example a character that YAML does not allow
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        reason = getattr(error, "reason", None) or "unreadable character"
        raise YamlError("not YAML", [Problem(path, line, "", f"is not YAML: {reason}", "remove it")]) from error


def _refuse_hidden(text: str, path: str) -> None:
    """Refuse what nodes do not show (anchors, aliases, tags), and depth that would exhaust the C stack."""
    problems = []
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            hint = "write the value out; anchors are not allowed"
            problems.append(Problem(path, line, "", f"is an alias (*{event.anchor})", hint))
        elif isinstance(event, yaml.NodeEvent) and event.anchor:
            problems.append(Problem(path, line, "", f"has an anchor (&{event.anchor})", "remove the anchor"))
        elif getattr(event, "tag", None):
            problems.append(Problem(path, line, "", f"has the tag {event.tag}", "remove the tag"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH + 1:
            hint = "records have at most a few levels"
            problems.append(Problem(path, line, "", "is nested too deeply", hint))
            break
    if problems:
        raise YamlError("forbidden YAML", problems)


class _Reader:
    """Turn nodes into plain values and collect what is not allowed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def complain(self, node: yaml.Node, pointer: str, message: str, hint: str) -> None:
        self.problems.append(Problem(self.path, node.start_mark.line + 1, pointer, message, hint))

    def value(self, node: yaml.Node, pointer: str, depth: int) -> Any:
        fault = self._fault(node, depth)
        if fault is not None:
            self.complain(node, pointer, *fault)
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, pointer, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{pointer}[{i}]", depth + 1) for i, item in enumerate(node.value)]
        return node.value

    def _fault(self, node: yaml.Node, depth: int) -> tuple[str, str] | None:
        if depth > _MAX_DEPTH:
            return "is nested too deeply", "records have at most a few levels"
        if isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style:
            return "has no value", "give a value or remove the key; absent means unknown"
        return None

    def _mapping(self, node: yaml.MappingNode, pointer: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                self.complain(key_node, pointer, "has a key that is not text", "write a field name")
                continue
            inner = f"{pointer}.{key}" if pointer else key
            if key in lines:
                self.complain(key_node, inner, f"repeats the key of line {lines[key]}", "keep one of the two")
                continue
            lines[key] = key_node.start_mark.line + 1
            if key == "<<":
                self.complain(key_node, inner, "is a merge key", "write the fields out")
                continue
            found[key] = self.value(value_node, inner, depth + 1)
        return found


def parse_yaml(text: str, path: str) -> Any:
    r"""Parse a record file.

    Args:
        text: The file's text.
        path: Name for messages.

    Returns:
        Nested dicts, lists and strings.

    Raises:
        YamlError: The text is no YAML, or uses what records may not use; ``problems`` has every place.

    Example:
        >>> parse_yaml("version: 1.10\nanswer: NO\n", "x.yaml")
        {'version': '1.10', 'answer': 'NO'}
    """
    node = _compose(text, path)
    if node is None:
        raise YamlError("empty file", [Problem(path, 1, "", "is empty", "write a record or remove the file")])
    reader = _Reader(path)
    value = reader.value(node, "", 0)
    if reader.problems:
        raise YamlError("forbidden YAML", reader.problems)
    return value


class Place:
    """The lines of one file's fields; parses once and answers many times.

    Args:
        text: The file's text; must be readable by :func:`parse_yaml`.
        path: Name for messages.
    """

    def __init__(self, text: str, path: str) -> None:
        self._top = _compose(text, path)

    def line(self, pointer: Pointer) -> int:
        """1-based line of the deepest part of ``pointer`` (keys and list positions from the top) that exists."""
        node, line = self._top, 1
        for step in pointer:
            if isinstance(node, yaml.MappingNode):
                pairs = [(k, v) for k, v in node.value if k.value == step]
                if not pairs:
                    break
                line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line


def locate(text: str, path: str, pointer: Pointer) -> int:
    """Line on which one field stands; :class:`Place` for many fields of one file."""
    return Place(text, path).line(pointer)
