"""Templates, and what every page has in common."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import jinja2
from markupsafe import Markup

from kg.iris import BASE, compact
from kg.pages.links import Links
from kg.version import __version__
from kg.view.links import short_name

# Names of formats and their suffixes and media types, as people see them.
FORMATS: Final = {
    "Turtle": ("ttl", "text/turtle"),
    "JSON-LD": ("jsonld", "application/ld+json"),
    "N-Triples": ("nt", "application/n-triples"),
    "RDF/XML": ("rdf", "application/rdf+xml"),
}
TAGLINE: Final = "computational methods for spatial transcriptomics, as a knowledge graph"


class Site(NamedTuple):
    """Where pages stand and what they show.

    Attributes:
        root: Path under which the site stands, without a slash at its end.
        build: Key of the build.
    """

    root: str = ""
    build: str = ""

    @property
    def links(self) -> Links:
        """Addresses on this site."""
        return Links(self.root)


class Head(NamedTuple):
    """What stands in the head of a page.

    Attributes:
        title: Name of the page.
        about: One sentence for search engines and previews.
        path: Path of the RDF that says the same, such as ``method/graphst``; None when there is none.
        here: Path and query of the page itself on this site; None for pages that have no address to keep.
        kind: Type for Open Graph.
        data: JSON-LD.
        indexed: Whether search engines may list it.
    """

    title: str
    about: str = ""
    path: str | None = None
    here: str | None = None
    kind: str = "website"
    data: Mapping[str, Any] | None = None
    indexed: bool = True

    @property
    def canonical(self) -> str | None:
        """The lasting address: the IRI for what has one."""
        return f"{BASE}{self.path}" if self.path else self.here


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("kg.pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(short=short_name, compact=compact, number=thousands, data_block=data_block)
    return environment


def thousands(value: object) -> str:
    """A whole number with thin marks between thousands; anything else as text.

    >>> thousands(249480), thousands("x")
    ('249,480', 'x')
    """
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def data_block(value: object) -> Markup:
    r"""JSON for a ``script`` element that holds data: no text in it can end the element.

    >>> print(data_block({"name": "</script>"}))
    {"name": "\u003c/script\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - nothing in it can be markup any more


def render(name: str, site: Site, head: Head, **values: Any) -> str:
    """Fill a template.

    Args:
        name: Template below ``templates/`` without its suffix.
        site: Where the page stands.
        head: What stands in its head.
        values: What the template shows.
    """
    common = {"site": site, "links": site.links, "root": site.root, "head": head}
    common |= {"version": __version__, "formats": FORMATS, "tagline": TAGLINE}
    return _templates().get_template(f"{name}.html.j2").render(**common, **values)


@cache
def static(name: str) -> bytes:
    """A file that pages ask for: the style sheet or the icon."""
    return files("kg.pages").joinpath("static", name).read_bytes()
