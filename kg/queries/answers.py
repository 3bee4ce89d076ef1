"""Put what endpoints answered into a query, as data.

Nothing that an endpoint sent goes into the query as it is: answers become terms, and terms are written here.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyoxigraph as ox

from kg.errors import FederationError
from kg.queries.federated import refuse_leftover
from kg.queries.policy import refuse_federation

MOST_ROWS: Final = 10_000
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9 !#$%&()*+,./:;=?@\[\]_~-]")
_WORD: Final = re.compile("s(?=ervice)", re.IGNORECASE)
_KEYS: Final = frozenset({"type", "value", "xml:lang", "datatype"})
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


class _MalformedError(Exception):
    """The answer is not what the standard says; ``SILENT`` hides that."""


def evaluated(arguments: Mapping[str, Any]) -> str:
    """The text to evaluate for a request: its query, with answers in the place of ``SERVICE`` blocks.

    Args:
        arguments: ``query``; for a query with blocks also ``pieces`` of its text and ``answers`` between them, each
            with ``endpoint``, ``silent``, ``variables``, ``lines`` (line ends of the block), and ``body``: the answer
            in SPARQL JSON, or None when there is none and the block is ``SILENT``.

    Raises:
        QueryForbiddenError: The word ``service`` is left.
        FederationError: An answer cannot be used.
    """
    if "pieces" not in arguments:
        text: str = arguments["query"]
        refuse_federation(text)
        return text
    pieces: Sequence[str] = arguments["pieces"]
    refuse_leftover(pieces)
    groups = [group_of(answer) + "\n" * answer["lines"] for answer in arguments["answers"]]
    return "".join(part for pair in zip(pieces, [*groups, ""], strict=True) for part in pair)


def group_of(answer: Mapping[str, Any]) -> str:
    """One answer as a group of ``VALUES``.

    Raises:
        FederationError: It has too many rows, blank nodes, or cannot be read.
    """
    host = answer["endpoint"]
    if answer["body"] is None:
        return "{}"
    try:
        names, rows = _solutions(answer["body"], answer["variables"])
        if len(rows) > MOST_ROWS:
            raise FederationError(f"{host} has more than {MOST_ROWS} rows for SERVICE: ask for fewer")
        lines = [" ".join(_written(row.get(name), host) for name in names) for row in rows]
    except (_MalformedError, RecursionError) as error:
        if answer["silent"]:
            return "{}"
        raise FederationError(f"{host} did not answer with SPARQL JSON results: {error}") from error
    head = " ".join(f"?{name}" for name in names)
    text = f"{{ VALUES ({head}) {{ {' '.join(f'({line})' for line in lines)} }} }}"
    if not text.isascii() or "service" in text.lower():
        # Only variables and language tags can have no escapes.
        raise FederationError(f"{host} answered with a language tag or variable that cannot be taken over")
    return text


def _solutions(body: str, asked: Sequence[str]) -> tuple[list[str], list[Mapping[str, Any]]]:
    try:
        found = json.loads(body)
        names, rows = found["head"]["vars"], found["results"]["bindings"]
    except (ValueError, KeyError, TypeError) as error:
        raise _MalformedError("it is not such JSON, or not whole") from error
    if not isinstance(names, list) or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _MalformedError("its variables or rows are no lists")
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise _MalformedError("a variable is named twice, or not at all")
    if not set(names) <= set(asked) or any(not row.keys() <= set(names) for row in rows):
        raise _MalformedError("it has variables that were not asked for")
    if "stkg:truncated" in found:
        raise _MalformedError("it was cut")
    return names, rows


def _written(term: Any, host: str) -> str:
    """One term as SPARQL in plain ASCII, without the word ``service``."""
    if term is None:
        return "UNDEF"
    if not isinstance(term, dict) or not all(isinstance(part, str) for part in term.values()):
        raise _MalformedError("a value is not a term")
    if term.get("type") == "bnode":
        raise FederationError(
            f"{host} answered with a blank node, which means nothing here: leave such variables out with a sub-SELECT"
        )
    if not term.keys() <= _KEYS or "value" not in term:
        raise _MalformedError("a term has parts that are not known here")
    try:
        if term.get("type") == "uri":
            return f"<{_escaped(ox.NamedNode(term['value']).value)}>"
        if term.get("type") in {"literal", "typed-literal"}:
            return _literal(term)
    except ValueError as error:
        raise _MalformedError("a value is neither an IRI nor a literal") from error
    raise _MalformedError("a value is of a kind that is not known here")


def _literal(term: Mapping[str, str]) -> str:
    text = f'"{_escaped(term["value"])}"'
    if "xml:lang" in term:
        return f"{text}@{ox.Literal('', language=term['xml:lang']).language}"
    datatype = term.get("datatype", _STRING)
    return text if datatype == _STRING else f"{text}^^<{_escaped(ox.NamedNode(datatype).value)}>"


def _escaped(text: str) -> str:
    """The text with every character that could mean anything as a code point escape.

    Raises:
        ValueError: It holds half a character (a surrogate).
    """
    text.encode()
    return _WORD.sub(_escape, _UNSAFE.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"
