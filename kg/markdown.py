"""Markdown that shows a text as it is: nothing in the text becomes markup, a link, a mention or a second line."""

import re
from typing import Final
from urllib.parse import quote

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>|#~])")
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")


def escaped(text: str) -> str:
    r"""A text for use within a paragraph, list item, cell or link.

    >>> escaped("a_b <i> | see https://x.y and @me")
    'a\\_b \\<i\\> \\| see https\\://x.y and \\@me'
    """
    seen = "".join(c if c.isprintable() else " " for c in text)
    found = _MARKUP.sub(r"\\\1", _ENTITY.sub("&amp;", " ".join(seen.split())))
    # A bare address or a mention would become a link; a sign at the start, a list or a heading.
    found = re.sub(r"\bwww\.", r"www\\.", re.sub(r"(?<=\w)://", r"\\://", found)).replace("@", "\\@")
    return re.sub(r"^([-+=])|^(\d+)([.)])", lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", found)


def code(text: str, *, width: int = 160) -> str:
    """A value as code, blanks as they are; longer ones are cut.

    >>> code("a `b`")
    '`` a `b` ``'
    """
    shown = "".join(c if c.isprintable() else " " for c in text)
    shown = shown if len(shown) <= width else shown[: width - 1] + "…"
    if not shown.strip():
        return "(nothing)"
    ticks = "`" * (max(map(len, re.findall(r"`+", shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def link(text: str, url: str) -> str:
    """A link that shows a text.

    >>> link("a b", "https://x.y/a b(c)")
    '[a b](https://x.y/a%20b%28c%29)'
    """
    return f"[{escaped(text)}]({address(url)})"


def address(url: str) -> str:
    """An address that ends neither the link it stands in nor the line."""
    return quote(url, safe=":/?#@!$&'*+,;=%~.-_")


def printable(text: str) -> str:
    r"""A text for a terminal: what cannot be seen is shown as its code.

    >>> printable("a" + chr(27) + "[31m")
    'a\\x1b[31m'
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
