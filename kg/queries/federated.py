"""Read ``SERVICE`` blocks out of a query, so that others can be asked for them before the query is evaluated.

The text is cut into tokens as the engine does it. Where the two could differ, the query is refused; and should that
ever fail, what is left of the query goes through :func:`kg.queries.policy.refuse_federation` like any other.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from kg.errors import QueryForbiddenError
from kg.iris import BASE
from kg.queries.policy import refuse_federation
from kg.sparql_text import decode_escapes

MOST_BLOCKS: Final = 3
# Cutting the text into tokens keeps the server's one loop busy: this much takes some 30 ms at worst.
LONGEST: Final = 16_384
_STRING: Final = (
    r'"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*"{3}'
    r"|'{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
)
_TOKEN: Final = re.compile(
    rf"(?P<blank>[ \t\r\n]+|\#[^\n\r]*)|(?P<string>{_STRING})|(?P<iri><[^<>\"{{}}|^`\\\x00-\x20]*>)"
    r"|(?P<variable>[?$]\w+)|(?P<word>[\w:%@-][\w:.%@-]*)|(?P<open>\{)|(?P<close>\})|(?P<other>.)",
    re.DOTALL,
)
_WHOLE_STRING: Final = re.compile(_STRING, re.DOTALL)
_FORMS: Final = frozenset({"select", "ask", "construct", "describe"})
_PREFIXED: Final = re.compile(r"([^:%@]*):([^:%@]*)")
# What may stand before the keyword, other than a string, an IRI or a variable.
_BEFORE: Final = frozenset(" \t\r\n{}.)")
_NESTED: Final = re.compile(r"service(silent)?(:.*)?", re.IGNORECASE | re.ASCII | re.DOTALL)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int

    @property
    def keyword(self) -> str:
        """The word in lower case. Letters that only fold to ASCII make no keyword."""
        return self.text.lower() if self.kind == "word" and self.text.isascii() else ""


class Block(NamedTuple):
    """One ``SERVICE`` block.

    Attributes:
        endpoint: IRI of the endpoint, as it stands or from its prefix.
        silent: Whether its failure counts as one empty solution.
        start: Offset of the keyword.
        end: Offset behind the closing brace.
        query: What to ask the endpoint: all variables of the block, with the prefixes it needs; no limit yet.
        variables: Names in the block; an answer may bind no others.
        lines: Line ends in the block, so that places of errors can stay what they are.
    """

    endpoint: str
    silent: bool
    start: int
    end: int
    query: str
    variables: Sequence[str]
    lines: int


class Federated(NamedTuple):
    """A query with blocks.

    Attributes:
        pieces: The text before, between and behind the blocks.
        blocks: At least one, in the order of the text.
    """

    pieces: Sequence[str]
    blocks: Sequence[Block]


def mentions_service(text: str) -> bool:
    """Whether the word occurs at all, as :func:`~kg.queries.policy.refuse_federation` sees it."""
    return "service" in decode_escapes(text).casefold()


def read_federated(text: str, prefixes: Mapping[str, str]) -> Federated:
    """Find the blocks of a query that mentions ``SERVICE``.

    Args:
        text: The query.
        prefixes: Prefixes that it need not declare.

    Raises:
        QueryForbiddenError: A block cannot be read with certainty, or asks for what is never allowed.

    Example:
        >>> found = read_federated("SELECT * { SERVICE <http://a/> { ?s ?p 'x' } ?s ?q 1 }", {})
        >>> found.pieces, found.blocks[0].endpoint, found.blocks[0].variables
        (['SELECT * { ', ' ?s ?q 1 }'], 'http://a/', ['p', 's'])
    """
    if len(text) > LONGEST:
        raise QueryForbiddenError(f"a query with SERVICE may have {LONGEST} characters")
    tokens = _tokens(text)
    prologue, declared = _prologue(tokens)
    blocks: list[Block] = []
    place = 0
    while place < len(tokens):
        if not _is_service(tokens, place, text):
            place += 1
            continue
        block, place = _block(tokens, place, prologue, {**prefixes, **declared})
        blocks.append(block)
    if len(blocks) > MOST_BLOCKS:
        raise QueryForbiddenError(f"a query may have {MOST_BLOCKS} SERVICE blocks, not {len(blocks)}")
    bounds = [0, *(bound for block in blocks for bound in (block.start, block.end)), len(text)]
    pieces = [text[bounds[i] : bounds[i + 1]] for i in range(0, len(bounds), 2)]
    refuse_leftover(pieces)
    return Federated(pieces, blocks)


def refuse_leftover(pieces: Sequence[str]) -> None:
    """Refuse a query in which the word occurs outside the blocks that were taken out.

    Raises:
        QueryForbiddenError: It does, be it in a string.
    """
    try:
        refuse_federation(" ".join(pieces))
    except QueryForbiddenError as error:
        message = (
            "the word 'service' is only allowed as SERVICE <address> { … }: write it so, with blanks around the word, "
            "and with other letters in strings and names outside such a block"
        )
        raise QueryForbiddenError(message) from error


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKEN.finditer(text):
        token = _Token(match.lastgroup or "", match[0], match.start())
        if token.kind == "other" and token.text in "\"'\\":
            line = text.count("\n", 0, token.start) + 1
            raise QueryForbiddenError(
                f"line {line}: with SERVICE, a query may have no backslash outside strings, and every string has an end"
            )
        # Where an escape stands for a quote, some parsers end the string there, and others do not.
        if token.kind == "string" and "\\" in token.text and not _WHOLE_STRING.fullmatch(decode_escapes(token.text)):
            raise QueryForbiddenError("with SERVICE, no escape in a string may stand for a quote or a line end")
        found.append(token)
    return found


def _is_service(tokens: Sequence[_Token], place: int, text: str) -> bool:
    token = tokens[place]
    if token.keyword != "service" or not place:
        return False
    return tokens[place - 1].kind in {"string", "iri", "variable", "blank"} or text[token.start - 1] in _BEFORE


def _next(tokens: Sequence[_Token], place: int) -> int:
    """The next place that is neither blank nor comment; past the end there is an empty token."""
    place += 1
    while place < len(tokens) and tokens[place].kind == "blank":
        place += 1
    return place


def _at(tokens: Sequence[_Token], place: int) -> _Token:
    return tokens[place] if place < len(tokens) else _Token("end", "", 0)


def _prologue(tokens: Sequence[_Token]) -> tuple[str, dict[str, str]]:
    """The declarations of a query, as text and as a map from prefix to IRI."""
    lines: list[str] = []
    declared: dict[str, str] = {}
    place = _next(tokens, -1)
    while place < len(tokens) and tokens[place].keyword not in _FORMS:
        keyword, place = tokens[place].keyword, _next(tokens, place)
        if keyword == "base" and _at(tokens, place).kind == "iri":
            lines.append(f"BASE {tokens[place].text}")
        elif keyword == "prefix" and _at(tokens, place).text.endswith(":"):
            prefix, place = tokens[place].text[:-1], _next(tokens, place)
            if prefix in declared:
                raise QueryForbiddenError(f"with SERVICE, a prefix is declared once: {prefix}: is declared again")
            if _at(tokens, place).kind == "iri":
                declared[prefix] = tokens[place].text[1:-1]
                lines.append(f"PREFIX {prefix}: {tokens[place].text}")
    return "\n".join(lines), declared


def _block(tokens: Sequence[_Token], place: int, prologue: str, prefixes: Mapping[str, str]) -> tuple[Block, int]:
    """Read the block whose keyword is at ``place``; also gives the place behind it."""
    at, start = place, tokens[place].start
    place = _next(tokens, place)
    silent = _at(tokens, place).keyword == "silent"
    if silent:
        place = _next(tokens, place)
    endpoint = _endpoint(_at(tokens, place), prefixes)
    place = _next(tokens, place)
    if _at(tokens, place).kind != "open":
        raise QueryForbiddenError(f"SERVICE <{endpoint}> must be followed by a group in braces")
    first, depth = place + 1, 1
    while depth:
        place += 1
        kind = _at(tokens, place).kind
        if kind == "end":
            raise QueryForbiddenError(f"the braces behind SERVICE <{endpoint}> do not close")
        depth += (kind == "open") - (kind == "close")
    inner = tokens[first:place]
    query = _remote_query(inner, prologue, prefixes)
    names = sorted({token.text[1:] for token in inner if token.kind == "variable"})
    lines = sum(token.text.count("\n") for token in tokens[at:place])
    return Block(endpoint, silent, start, tokens[place].start + 1, query, names, lines), place + 1


def _endpoint(token: _Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "variable":
        raise QueryForbiddenError("SERVICE with a variable is not allowed: name the endpoint")
    name = _PREFIXED.fullmatch(token.text) if token.kind == "word" else None
    if name is None or name[2].endswith("."):
        raise QueryForbiddenError("behind SERVICE stands the address of an endpoint, such as <https://host/sparql>")
    if name[1] not in prefixes:
        raise QueryForbiddenError(f"the prefix {name[1]}: behind SERVICE is not declared")
    return prefixes[name[1]] + name[2]


def _remote_query(inner: Sequence[_Token], prologue: str, prefixes: Mapping[str, str]) -> str:
    if any(token.kind == "word" and _NESTED.fullmatch(token.text) for token in inner):
        raise QueryForbiddenError("SERVICE inside SERVICE is not allowed")
    body = "".join(" " if token.kind == "blank" else token.text for token in inner)
    used = {token.text.partition(":")[0] for token in inner if token.kind == "word" and ":" in token.text}
    ours = "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in sorted(used) if name in prefixes)
    # What the query declares itself stands behind ours, and wins.
    return f"BASE <{BASE}>\n{ours}{prologue}\nSELECT * WHERE {{{body}\n}}"
