"""Where pages link to. The only place that turns a value into an address."""

import re
from typing import Final
from urllib.parse import urlencode

from kg.iris import BASE, ONTOLOGY, RECORD_KINDS, TERMS
from kg.view.links import web_address

# Paths of our IRIs, as the server takes them; anything else that begins like one is not linked.
_PATH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_FRAGMENT: Final = re.compile(r"[A-Za-z0-9._-]+")
# First segments that the server answers; other IRIs below the base are no pages.
PLACES: Final = frozenset(
    {*RECORD_KINDS, "graph", "claim", "evidence", "listing", "correction", "contributors", "ontology"}
)
# A path with a suffix is a format, so that a page never names one that another route has.
PAGE: Final = ".html"


class Links:
    """Addresses on one site.

    Args:
        root: Path under which the site stands, without a slash at its end.

    Example:
        >>> links = Links("/stkg")
        >>> links.to("https://w3id.org/stkg/task/denoising"), links.to("https://a.org/x"), links.to("javascript:x")
        ('/stkg/task/denoising.html', 'https://a.org/x', None)
        >>> links.to("https://w3id.org/stkg/ontology#Method")
        '/stkg/ontology.html#Method'
    """

    def __init__(self, root: str = "") -> None:
        self.root = root

    def to(self, iri: str) -> str | None:
        """Page of one of our IRIs, a web address as it is, None for anything else."""
        if iri == ONTOLOGY or iri.startswith(TERMS):
            term = iri[len(TERMS) :]
            anchor = f"#{term}" if _FRAGMENT.fullmatch(term) else ""
            return f"{self.root}/ontology{PAGE}{anchor}"
        if iri.startswith(BASE):
            return self.page(iri[len(BASE) :])
        return web_address(iri)

    def page(self, path: str, suffix: str = PAGE) -> str | None:
        """The page, or another format, of one of our paths such as ``method/graphst``."""
        first, slash, rest = path.partition("/")
        if first == "query" and _FRAGMENT.fullmatch(rest):
            return f"{self.root}/query/{rest}"
        known = _PATH.fullmatch(path) and first in PLACES and (slash or first == "contributors")
        return f"{self.root}/{path}{suffix}" if known else None

    def is_local(self, address: str) -> bool:
        """Whether an address that :meth:`to` gave is of this site."""
        return address.startswith("/")

    def query(self, name: str, /, **parameters: object) -> str:
        """Page of a stored query with parameters; those that are None are left out."""
        return self._with(f"/query/{name}", parameters)

    def search(self, text: str) -> str:
        """Page that searches for a text."""
        return self._with("/search", {"q": text})

    def sparql(self, text: str) -> str:
        """Page that answers a SPARQL query."""
        return self._with("/sparql", {"query": text})

    def _with(self, path: str, parameters: dict[str, object]) -> str:
        given = {name: value for name, value in parameters.items() if value is not None}
        return f"{self.root}{path}{'?' if given else ''}{urlencode(given)}"
