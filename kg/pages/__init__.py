"""The HTML pages of the project: data in, text out. Nothing here knows HTTP.

``kg.web`` serves what these functions return; a static site can write the same texts to files. Jinja2 escapes every
value, and a link is only what :class:`kg.pages.links.Links` made.
"""

from kg.pages.links import Links
from kg.pages.render import Site

__all__ = ["Links", "Site"]
