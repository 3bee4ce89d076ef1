"""Choose a media type by the Accept header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

_QUALITY: Final = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
# Headers of clients are mostly shorter; longer ones are not remembered.
_USUAL: Final = 300
_RANGE: Final = re.compile(r"([!#$%&'*+.^_`|~\w-]+)/([!#$%&'*+.^_`|~\w-]+)", re.ASCII)


def _ranges(accept: str) -> Iterator[tuple[str, str, float]]:
    for part in accept.lower().split(","):
        pieces = [piece.strip() for piece in part.split(";")]
        match = _RANGE.fullmatch(pieces[0])
        if match is None or (match[1] == "*" and match[2] != "*"):
            continue
        quality = next((piece[2:] for piece in pieces[1:] if piece.startswith("q=")), "1")
        if _QUALITY.fullmatch(quality):
            yield match[1], match[2], float(quality)


def best(accept: Sequence[str] | str | None, offers: Iterable[str]) -> str | None:
    """The offer that a client likes best.

    Args:
        accept: The Accept header, or its several lines; None or empty when there is none.
        offers: Media types without parameters, in the server's own order, which decides between equals.

    Returns:
        One of the offers, or None when none is acceptable.

    Example:
        >>> best("text/csv;q=0.5, text/*;q=0.2, */*;q=0", ["text/turtle", "text/csv"])
        'text/csv'
    """
    text = accept if isinstance(accept, str) else ",".join(accept or ())
    return (_known if len(text) < _USUAL else _best)(text, tuple(offers))


def _best(text: str, offers: tuple[str, ...]) -> str | None:
    ranges = list(_ranges(text)) or ([("*", "*", 1.0)] if not text.strip() else [])
    chosen, most = None, 0.0
    for offer in offers:
        kind, _, subtype = offer.partition("/")
        # The most specific range that fits is the one that counts.
        fits = [
            ((r_kind != "*") + (r_subtype != "*"), quality)
            for r_kind, r_subtype, quality in ranges
            if r_kind in {"*", kind} and r_subtype in {"*", subtype}
        ]
        quality = max(fits)[1] if fits else 0.0
        if quality > most:
            chosen, most = offer, quality
    return chosen


_known = lru_cache(maxsize=512)(_best)
