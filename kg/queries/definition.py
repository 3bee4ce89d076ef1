"""A compiled stored query: what the command line, Python, HTTP and the static site all run.

A definition is plain data that goes to JSON and back, so that a reader of a built store needs neither YAML nor a
SPARQL parser. :mod:`kg.queries.library` makes definitions from ``.rq`` files.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

ValueType = Literal["iri", "string", "integer", "number", "date", "boolean"]

# Separator in GROUP_CONCAT of columns with many values. No text of the catalog can hold a tab.
SEPARATOR: Final = "\t"


class Parameter(NamedTuple):
    """One parameter.

    Attributes:
        name: As people type it, such as ``since``.
        type: A record kind (``task``: any name of a task, bound as its IRI), ``integer``, ``string`` or ``choice``.
        required: Whether the query cannot run without it.
        default: Value when none is given; None means the parts of the query that use it are left out.
        choices: Allowed values of a ``choice``.
        minimum: Smallest ``integer``.
        maximum: Largest ``integer``, or greatest length of a ``string`` in characters.
        values: Name of the stored query that lists the values for a form.
        not_before: Name of an ``integer`` parameter that this one must not be smaller than.
        description: One sentence.
        variable: The SPARQL variable that stands for it, without ``?``.
    """

    name: str
    type: str
    variable: str
    description: str
    required: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    values: str | None = None
    not_before: str | None = None


class Column(NamedTuple):
    """One column of the answer.

    Attributes:
        name: Variable of the SELECT, and key of the JSON rows.
        type: How values are written; IRIs are strings in JSON.
        many: The cell is a list.
        ordered: The order of the list means something: each value begins with a number and a blank, which are used to
            sort and then removed.
        description: One sentence.
    """

    name: str
    type: ValueType
    description: str
    many: bool = False
    ordered: bool = False


class Segment(NamedTuple):
    """A piece of the query's text.

    Attributes:
        text: SPARQL as it stands; ``""`` for the other two forms.
        slot: Name of a parameter whose value stands here.
        condition: Parameter that must have a value (and, with ``value``, this one) for ``inner`` to be kept.
        value: See ``condition``.
        inner: Pieces of a conditional part.
    """

    text: str = ""
    slot: str | None = None
    condition: str | None = None
    value: str | None = None
    inner: tuple["Segment", ...] = ()


class StoredQuery(NamedTuple):
    """One stored query.

    Attributes:
        name: File name without ``.rq``.
        path: File below ``queries/``.
        empty: What an answer without rows may mean; ``""`` when it means just that.
        sample: Parameter values with which the query gives at least ``least_rows`` rows.
    """

    name: str
    path: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    sample: Mapping[str, str]
    least_rows: int
    text: str
    segments: tuple[Segment, ...]
    empty: str = ""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of a name, or None."""
        return next((p for p in self.parameters if p.name == name), None)

    def assemble(self, terms: Mapping[str, str], chosen: Mapping[str, str]) -> str:
        """SPARQL text with terms in place of parameters.

        Args:
            terms: Parameter name to serialised RDF term; see :mod:`kg.queries.binding`, which alone makes them.
            chosen: Parameter name to the plain value, for conditions.
        """
        return "".join(_pieces(self.segments, terms, chosen))


def _pieces(segments: Sequence[Segment], terms: Mapping[str, str], chosen: Mapping[str, str]) -> Iterator[str]:
    for segment in segments:
        if segment.slot is not None:
            yield terms[segment.slot]
        elif segment.condition is None:
            yield segment.text
        elif segment.condition in chosen and segment.value in (None, chosen[segment.condition]):
            yield from _pieces(segment.inner, terms, chosen)


def _segment_to_json(segment: Segment) -> Any:
    if segment.slot is not None:
        return {"slot": segment.slot}
    if segment.condition is None:
        return segment.text
    return {"if": segment.condition, "is": segment.value, "then": [_segment_to_json(s) for s in segment.inner]}


def _segment_from_json(value: Any) -> Segment:
    if isinstance(value, str):
        return Segment(value)
    if "slot" in value:
        return Segment(slot=value["slot"])
    return Segment(condition=value["if"], value=value["is"], inner=tuple(map(_segment_from_json, value["then"])))


def to_json(query: StoredQuery) -> dict[str, Any]:
    """A definition as plain JSON values."""
    return query._asdict() | {
        "sample": dict(query.sample),
        "parameters": [p._asdict() for p in query.parameters],
        "columns": [c._asdict() for c in query.columns],
        "segments": [_segment_to_json(s) for s in query.segments],
    }


def from_json(value: Mapping[str, Any]) -> StoredQuery:
    """The definition that :func:`to_json` wrote."""
    fields = dict(value)
    fields["tags"] = tuple(value["tags"])
    fields["parameters"] = tuple(Parameter(**(p | {"choices": tuple(p["choices"])})) for p in value["parameters"])
    fields["columns"] = tuple(Column(**c) for c in value["columns"])
    fields["segments"] = tuple(_segment_from_json(s) for s in value["segments"])
    return StoredQuery(**fields)
