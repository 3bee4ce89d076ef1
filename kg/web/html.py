"""Routes of pages. What they show is made by workers (:mod:`kg.web.page_tasks`); here is only what is about HTTP."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kg.pages.render import static as static_file
from kg.web.page import CACHED, page, prefers_page, root_of
from kg.web.prepared import Prepared
from kg.web.protocol import origin
from kg.web.site import front

_STATIC: Final = {"stkg.css": "text/css", "icon.svg": "image/svg+xml", "spots.svg": "image/svg+xml"}
_LONGEST_SEARCH: Final = 200


async def home(request: Request) -> Response:
    """``/``: the home page, or for programs what there is."""
    return page(request, "page-home") if prefers_page(request, "application/json") else await front(request)


async def search(request: Request) -> Response:
    """``/search?q=``."""
    return page(request, "page-search", text=request.query_params.get("q", "")[:_LONGEST_SEARCH])


async def browse(request: Request) -> Response:
    """``/browse/KIND?page=``."""
    number = request.query_params.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise HTTPException(404)
    return page(request, "page-browse", kind=request.path_params["kind"], page=int(number))


async def graphs(request: Request) -> Response:
    """``/graph``: what graphs there are."""
    return page(request, "page-graphs")


async def graph(request: Request) -> Response:
    """``/graph/coauthors`` and ``/graph/lineage``."""
    kind = request.url.path.rpartition("/")[2]
    prepared: Prepared = request.app.state.prepared
    return prepared.response(kind) or page(request, "page-graph", kind=kind)


async def cite(request: Request) -> Response:
    """``/cite/KIND/ID.bib``: a reference."""
    slug, dot, style = request.path_params["name"].rpartition(".")
    if not dot:
        raise HTTPException(404)
    return page(request, "citation", kind=request.path_params["kind"], slug=slug, style=style)


async def static(request: Request) -> Response:
    """Style sheet and icon of all pages."""
    name = request.path_params.get("name", "icon.svg")
    if name not in _STATIC:
        raise HTTPException(404)
    return Response(static_file(name), headers={"Cache-Control": "public, max-age=3600"}, media_type=_STATIC[name])


async def robots(request: Request) -> Response:
    """``/robots.txt``: searches and queries are not for crawlers."""
    root = root_of(request)
    rules = [f"Disallow: {root}{path}" for path in ("/search", "/sparql?", "/query/*?", "/claim/", "/evidence/")]
    lines = ["User-agent: *", *rules, f"Sitemap: {origin(request)}/sitemap.xml"]
    return PlainTextResponse("\n".join(lines) + "\n", headers=CACHED)


async def sitemap(request: Request) -> Response:
    """``/sitemap.xml``: every page there is."""
    return page(request, "sitemap", origin=origin(request))
