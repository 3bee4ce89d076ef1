"""SPARQL as text: what it is made of, as far as finding variables and keywords needs it."""

import re
from typing import Final

# Strings, IRIs and comments are kept apart, so that nothing inside them is taken for syntax (SPARQL 1.1, section 19.8).
TOKEN: Final = re.compile(
    r"""(?P<string>"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*"{3}|'{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}"""
    r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')"""
    r"""|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)|(?P<comment>\#[^\n\r]*)|(?P<variable>[?$]\w+)|(?P<other>.)""",
    re.DOTALL,
)
_FROM: Final = re.compile(r"(?<![\w:.-])from(?![\w:.-])", re.IGNORECASE)
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def _decode(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else ""


def decode_escapes(text: str) -> str:
    r"""Replace ``\uXXXX`` and ``\UXXXXXXXX`` by their characters, as parsers do first (SPARQL 1.1, section 19.2)."""
    return _CODE_POINT.sub(_decode, text)


def bare(text: str) -> str:
    """The text with a blank for every string, IRI and comment.

    >>> bare("SELECT ?s { ?s <urn:p> 'x' } # all")
    'SELECT ?s { ?s     }  '
    """
    hidden = {"string", "iri", "comment"}
    return "".join(" " if token.lastgroup in hidden else token[0] for token in TOKEN.finditer(text))


def names_its_dataset(text: str) -> bool:
    """Whether a query has a ``FROM`` clause.

    >>> names_its_dataset("SELECT * FROM <urn:g> {}"), names_its_dataset("SELECT * { ?s ?p 'from' } # from")
    (True, False)
    """
    if "from" not in text.casefold() and "\\" not in text:
        return False
    return _FROM.search(bare(decode_escapes(text))) is not None
