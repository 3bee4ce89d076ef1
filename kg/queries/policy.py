"""Refuse queries that would leave the graph.

Both engines POST to any address that ``SERVICE`` names. Parsers accept the word without blanks around it, so a guard
that cuts the text into tokens can be argued out of it; the word as such cannot.
"""

from kg.errors import QueryForbiddenError
from kg.sparql_text import decode_escapes


def refuse_federation(text: str) -> None:
    """Refuse any query in which the word ``service`` occurs at all.

    Args:
        text: SPARQL; code point escapes count as the characters they stand for.

    Raises:
        QueryForbiddenError: The word occurs. A harmless use, in a string or a name, is refused as well.

    Example:
        >>> refuse_federation("SELECT * WHERE { SERVICE:x{} }")
        Traceback (most recent call last):
        ...
        kg.errors.QueryForbiddenError: SERVICE is not allowed: queries are answered from this graph alone
    """
    if "service" in decode_escapes(text).casefold():
        raise QueryForbiddenError("SERVICE is not allowed: queries are answered from this graph alone")
