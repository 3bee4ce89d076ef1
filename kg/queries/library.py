"""Read ``queries/**/*.rq``: a ``#+`` header in YAML, then SPARQL that is valid as it stands.

Parameters are variables in grlc's notation: ``?_name_type`` when required, ``?__name_type`` when optional, with
``type`` one of ``iri``, ``integer`` and ``literal``. Parts that only hold when a parameter is given stand between the
comments ``# if name`` (or ``# if name=value``) and ``# end``.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from kg.errors import Problem, QueryDefinitionError
from kg.iris import RECORD_KINDS
from kg.queries.definition import Column, Parameter, Segment, StoredQuery, ValueType
from kg.sparql_text import TOKEN, bare

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_BLOCK: Final = re.compile(r"[ \t]*# (?:if (?P<name>[a-z_]+)(?:=(?P<value>[\w-]+))?|(?P<end>end))[ \t]*")
_PROJECTION: Final = re.compile(r"\bSELECT\b(?P<what>.*?)\bWHERE\b", re.DOTALL | re.IGNORECASE)
_PROJECTED: Final = re.compile(r"\bAS\s+[?$](?P<alias>\w+)|[?$](?P<plain>\w+)|[()]", re.IGNORECASE)
_SUFFIXES: Final = {"integer": "integer", "string": "literal", "choice": "literal"} | dict.fromkeys(RECORD_KINDS, "iri")


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else str(value)


_Loose = Annotated[str | None, BeforeValidator(_as_text)]


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _ParameterHeader(_Header):
    type: str
    description: str
    required: bool = False
    default: _Loose = None
    choices: list[str] = Field(default_factory=list)
    minimum: int | None = None
    maximum: int | None = None
    values: str | None = None
    not_before: str | None = None


class _ColumnHeader(_Header):
    type: ValueType
    description: str
    many: bool = False
    ordered: bool = False


class _QueryHeader(_Header):
    summary: str
    description: str = ""
    tags: list[str]
    parameters: dict[str, _ParameterHeader] = Field(default_factory=dict)
    columns: dict[str, _ColumnHeader]
    sample: dict[str, _Loose] = Field(default_factory=dict)
    least_rows: int = 1
    empty: str = ""


def load_library(root: Path) -> dict[str, StoredQuery]:
    """Read every stored query below a folder.

    Args:
        root: The ``queries/`` folder.

    Returns:
        Definitions by name, sorted.

    Raises:
        QueryDefinitionError: Some file breaks a rule; ``problems`` has every one.
    """
    found: dict[str, StoredQuery] = {}
    problems: list[Problem] = []
    for path in sorted(root.rglob("*.rq"), key=lambda p: (p.stem, p.as_posix())):
        shown = path.relative_to(root).as_posix()
        try:
            query = compile_query(path.read_text(encoding="utf-8"), path.stem, shown)
        except QueryDefinitionError as error:
            problems.extend(error.problems)
            continue
        if path.stem in found:
            other = found[path.stem].path
            problems.append(Problem(shown, 1, "", f"has the name of {other}", "names are unique: rename one"))
        found[path.stem] = query
    for query in found.values():
        problems += [
            Problem(query.path, 1, f"parameters.{p.name}.values", f"there is no stored query {p.values!r}")
            for p in query.parameters
            if p.values is not None and p.values not in found
        ]
    if problems:
        raise QueryDefinitionError(f"{len(problems)} problems in stored queries", sorted(problems))
    return found


def compile_query(text: str, name: str, path: str) -> StoredQuery:
    """Make a definition from the text of an ``.rq`` file.

    Raises:
        QueryDefinitionError: The header or the use of parameters breaks a rule.
    """
    header = _read_header(text, path)
    body = "\n".join(line for line in text.split("\n") if not line.startswith("#+")).strip() + "\n"
    parameters = tuple(_parameter(key, value) for key, value in header.parameters.items())
    segments = tuple(_cut(body, {p.variable: p.name for p in parameters}))
    columns = tuple(Column(key, c.type, c.description, c.many, c.ordered) for key, c in header.columns.items())
    problems = [*_rule_breaks(header, parameters, columns, segments, body, path)]
    if not _NAME.fullmatch(name):
        problems.append(Problem(path, 1, "", f"{name!r} is no name", "use lower-case letters, digits and hyphens"))
    if problems:
        raise QueryDefinitionError(f"{path} breaks the rules for stored queries", problems)
    return StoredQuery(
        name=name,
        path=path,
        summary=header.summary,
        description=header.description.strip(),
        tags=tuple(header.tags),
        parameters=parameters,
        columns=columns,
        sample={key: value for key, value in header.sample.items() if value is not None},
        least_rows=header.least_rows,
        text=body,
        segments=segments,
        empty=header.empty.strip(),
    )


def _read_header(text: str, path: str) -> _QueryHeader:
    lines = [line[2:] for line in text.split("\n") if line.startswith("#+")]
    block = "\n".join(line.removeprefix(" ") for line in lines)
    try:
        return _QueryHeader.model_validate(yaml.safe_load(block) or {})
    except yaml.YAMLError as error:
        problem = Problem(path, 1, "#+", f"the header is not YAML: {error}", "mend the '#+' lines")
        raise QueryDefinitionError("bad header", [problem]) from error
    except ValidationError as error:
        problems = [Problem(path, 1, ".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()]
        raise QueryDefinitionError("bad header", problems) from error


def _parameter(name: str, header: _ParameterHeader) -> Parameter:
    dashes = "_" if header.required or header.default is not None else "__"
    return Parameter(
        name=name,
        type=header.type,
        variable=f"{dashes}{name}_{_SUFFIXES.get(header.type, header.type)}",
        description=header.description,
        required=header.required,
        default=header.default,
        choices=tuple(header.choices),
        minimum=header.minimum,
        maximum=header.maximum,
        values=header.values,
        not_before=header.not_before,
    )


def _cut(body: str, variables: Mapping[str, str]) -> Iterator[Segment]:
    """Cut SPARQL into text, slots and conditional parts."""
    stack: list[tuple[str, str | None, list[Segment]]] = [("", None, [])]
    for line in body.splitlines(keepends=True):
        block = _BLOCK.fullmatch(line.rstrip("\n"))
        if block is None:
            stack[-1][2].extend(_slots(line, variables))
        elif block["end"] is None:
            stack.append((block["name"], block["value"], []))
        elif len(stack) > 1:
            name, value, inner = stack.pop()
            stack[-1][2].append(Segment(condition=name, value=value, inner=tuple(_joined(inner))))
    for name, value, inner in stack[1:]:  # a part without '# end'; the rules complain of it
        stack[0][2].append(Segment(condition=name, value=value, inner=tuple(_joined(inner))))
    yield from _joined(stack[0][2])


def _slots(line: str, variables: Mapping[str, str]) -> Iterator[Segment]:
    for token in TOKEN.finditer(line):
        name = variables.get(token[0][1:]) if token.lastgroup == "variable" else None
        yield Segment(slot=name) if name else Segment(token[0])


def _joined(segments: list[Segment]) -> Iterator[Segment]:
    text = ""
    for segment in segments:
        if segment.slot is None and segment.condition is None:
            text += segment.text
            continue
        if text:
            yield Segment(text)
        text = ""
        yield segment
    if text:
        yield Segment(text)


def _uses(segments: tuple[Segment, ...], within: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each use of a parameter as (name, names of the conditions around it)."""
    for segment in segments:
        if segment.slot is not None:
            yield segment.slot, within
        elif segment.condition is not None:
            yield from _uses(segment.inner, (*within, segment.condition))


def _conditions(segments: tuple[Segment, ...]) -> Iterator[Segment]:
    for segment in segments:
        if segment.condition is not None:
            yield segment
            yield from _conditions(segment.inner)


def _projected(body: str) -> list[str]:
    """Names that the outer SELECT gives, in order."""
    match = _PROJECTION.search(body)
    names: list[str] = []
    depth = 0
    for part in _PROJECTED.finditer(bare(match["what"]) if match else ""):
        depth += (part[0] == "(") - (part[0] == ")")
        if part["alias"] and depth == 1:
            names.append(part["alias"])
        elif part["plain"] and depth == 0:
            names.append(part["plain"])
    return names


def _rule_breaks(
    header: _QueryHeader,
    parameters: tuple[Parameter, ...],
    columns: tuple[Column, ...],
    segments: tuple[Segment, ...],
    body: str,
    path: str,
) -> Iterator[Problem]:
    known = {p.name: p for p in parameters}
    uses, conditions = list(_uses(segments)), list(_conditions(segments))
    for parameter in parameters:
        yield from _parameter_breaks(parameter, uses, conditions, path)
    yield from _range_breaks(known, path)
    for condition in conditions:
        if condition.condition not in known:
            yield Problem(path, 1, "", f"'# if {condition.condition}' names no parameter")
    if body.count("# if ") != len(re.findall(r"(?m)^[ \t]*# end[ \t]*$", body)):
        yield Problem(path, 1, "", "'# if' and '# end' do not pair up")
    wanted = _projected(body)
    if wanted != [column.name for column in columns]:
        yield Problem(path, 1, "columns", f"SELECT gives {', '.join(wanted)}", "describe just these columns in order")
    if "ORDER BY" not in body:
        yield Problem(path, 1, "", "has no ORDER BY", "an answer must come in one order on every engine")
    for name in header.sample:
        if name not in known:
            yield Problem(path, 1, f"sample.{name}", "is not a parameter")
    for variable in set(re.findall(r"[?$](__?[a-z]\w*)", body)) - {p.variable for p in parameters}:
        wanted_names = ", ".join("?" + p.variable for p in parameters) or "none"
        yield Problem(path, 1, "", f"?{variable} is not a declared parameter", f"declared: {wanted_names}")


def _parameter_breaks(
    parameter: Parameter, uses: list[tuple[str, tuple[str, ...]]], conditions: list[Segment], path: str
) -> Iterator[Problem]:
    pointer = f"parameters.{parameter.name}"
    if parameter.type not in _SUFFIXES:
        yield Problem(path, 1, pointer, f"has the unknown type {parameter.type!r}", f"use {', '.join(_SUFFIXES)}")
    if (parameter.type == "choice") != bool(parameter.choices):
        yield Problem(path, 1, pointer, "type choice and choices belong together")
    own = [within for name, within in uses if name == parameter.name]
    if not own and not any(c.condition == parameter.name for c in conditions):
        yield Problem(path, 1, pointer, f"is never used: write ?{parameter.variable}")
    optional = not parameter.required and parameter.default is None
    if optional and any(parameter.name not in within for within in own):
        hint = f"put it between '# if {parameter.name}' and '# end'"
        yield Problem(path, 1, pointer, "is optional but used outside of its own part", hint)


def _range_breaks(known: Mapping[str, Parameter], path: str) -> Iterator[Problem]:
    """``not_before`` compares two integers."""
    for parameter in known.values():
        first = known.get(parameter.not_before or "")
        if parameter.not_before and {parameter.type, first.type if first else None} != {"integer"}:
            message = f"is compared with {parameter.not_before!r}"
            yield Problem(path, 1, f"parameters.{parameter.name}", message, "both must be integer parameters")
