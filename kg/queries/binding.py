"""Check what people give as parameters and turn it into SPARQL terms.

The only place where outside values meet a query. A record parameter can only become the IRI of a record that exists;
an integer only digits within its range; a string only one quoted literal. What cannot be typed so is refused.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from kg.errors import QueryParameterError
from kg.iris import RECORD_KINDS
from kg.names import NameIndex, shown
from kg.queries.definition import Parameter, StoredQuery

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_LONGEST: Final = 300
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}

FindIndex = Callable[[str], NameIndex]


def literal(text: str) -> str:
    r"""A string as a SPARQL literal.

    A ``u`` after a backslash is written as its code point: some parsers expand ``\uXXXX`` before they look for the
    end of a string, even where the backslash itself is escaped, and a value could so smuggle in a quote.

    Args:
        text: Any text without surrogates.

    Returns:
        One quoted literal that every SPARQL parser reads back as ``text``.

    Example:
        >>> print(literal('say "hi"'), literal("back\\u0022"))
        "say \"hi\"" "back\\\U000000750022"
    """
    pieces = ['"']
    previous = ""
    for char in text:
        if previous == "\\" and char in "uU":
            # Eight digits: four could run on into digits of the value itself.
            pieces.append(f"\\U{ord(char):08X}")
        else:
            pieces.append(_ESCAPES.get(char) or (f"\\u{ord(char):04X}" if ord(char) < 32 or ord(char) == 127 else char))
        previous = char
    return "".join([*pieces, '"'])


def bind(query: StoredQuery, values: Mapping[str, Any], find_index: FindIndex) -> str:
    """SPARQL text of a stored query with its parameters filled in.

    Args:
        query: The definition.
        values: Parameter name to what was given; None counts as not given.
        find_index: Gives the name index of a record kind.

    Returns:
        SPARQL that holds nothing of ``values`` but checked terms.

    Raises:
        QueryParameterError: A name is unknown, a value does not fit, or a required one is missing.
    """
    given = {name: value for name, value in values.items() if value is not None}
    for name in given:
        if query.parameter(name) is None:
            raise _about(str(name), QueryParameterError(_unknown(query, name)))
    terms: dict[str, str] = {}
    chosen: dict[str, str] = {}
    for parameter in query.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            if parameter.required:
                error = QueryParameterError(f"{query.name} needs --{parameter.name}: {parameter.description}")
                raise _about(parameter.name, error)
            continue
        try:
            plain, term = _term(parameter, value, find_index)
        except QueryParameterError as error:
            raise _about(parameter.name, error) from error.__cause__
        chosen[parameter.name], terms[parameter.name] = plain, term
    _refuse_reversed(query, chosen)
    return query.assemble(terms, chosen)


def _refuse_reversed(query: StoredQuery, chosen: Mapping[str, str]) -> None:
    """A range that ends before it begins holds nothing; whoever gave it meant something else."""
    for parameter in query.parameters:
        last, first = chosen.get(parameter.name), chosen.get(parameter.not_before or "")
        if last is not None and first is not None and int(last) < int(first):
            message = f"--{parameter.name} {last} is before --{parameter.not_before} {first}: exchange them"
            raise _about(parameter.name, QueryParameterError(message))


def _about(field: str, error: QueryParameterError) -> QueryParameterError:
    error.field = field
    return error


def _unknown(query: StoredQuery, name: str) -> str:
    names = [p.name for p in query.parameters]
    import difflib

    near = difflib.get_close_matches(str(name)[:60], names, n=1)
    known = f"did you mean --{near[0]}?" if near else f"it has {', '.join('--' + n for n in names) or 'none'}"
    return f"{query.name} has no parameter {shown(str(name))}: {known}"


def _term(parameter: Parameter, value: Any, find_index: FindIndex) -> tuple[str, str]:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise QueryParameterError(f"--{parameter.name}: give one text or number, not {type(value).__name__}")
    text = str(value).strip()
    if not text:
        raise QueryParameterError(f"--{parameter.name} is empty: leave it out, or give a value")
    if len(text) > _LONGEST:
        raise QueryParameterError(f"--{parameter.name} is too long ({len(text)} characters, at most {_LONGEST})")
    if not all(c.isprintable() for c in text):
        raise QueryParameterError(f"--{parameter.name} holds a control or invisible character: {shown(text)}")
    if parameter.type in RECORD_KINDS:
        return _record(parameter, text, find_index(parameter.type))
    if parameter.type == "integer":
        return _integer(parameter, text)
    if parameter.type == "choice":
        return _choice(parameter, text)
    if parameter.maximum is not None and len(text) > parameter.maximum:
        raise QueryParameterError(f"--{parameter.name} is too long (at most {parameter.maximum} characters)")
    return text, literal(text)


def _record(parameter: Parameter, text: str, index: NameIndex) -> tuple[str, str]:
    try:
        iri = index.resolve(text)
    except QueryParameterError as error:
        hint = f" ('stkg query {parameter.values}' lists them)" if parameter.values else ""
        raise QueryParameterError(f"--{parameter.name}: {error.summary}{hint}") from error
    return iri, f"<{iri}>"


def _integer(parameter: Parameter, text: str) -> tuple[str, str]:
    if not _INTEGER.fullmatch(text):
        raise QueryParameterError(f"--{parameter.name}: {shown(text)} is not a whole number")
    number = int(text)
    low, high = parameter.minimum, parameter.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise QueryParameterError(f"--{parameter.name}: {number} is not between {low} and {high}")
    return str(number), str(number)


def _choice(parameter: Parameter, text: str) -> tuple[str, str]:
    match = next((choice for choice in parameter.choices if choice == text.casefold()), None)
    if match is None:
        allowed = ", ".join(parameter.choices)
        raise QueryParameterError(f"--{parameter.name}: {shown(text)} is not one of {allowed}")
    return match, literal(match)
