"""The application: routes, workers, errors."""

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, NamedTuple

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from kg.engine.limits import Limits
from kg.engine.pool import Pool, TaskError
from kg.engine.process import WorkerSettings
from kg.errors import KgError
from kg.service import KnowledgeGraph
from kg.web import html, linked, problem, site, stored
from kg.web.front import Front
from kg.web.metrics import Traffic
from kg.web.protocol import sparql

_MODULE: Final = "kg.web.tasks"
# Queries from outside yield to our own small ones, and both to the process that talks to clients.
_NICE_HEAVY: Final = 10
_NICE_LIGHT: Final = 5
_LIGHT_WORKERS: Final = 2


class Settings(NamedTuple):
    """How to serve.

    Attributes:
        place: Folder of a build.
        workers: Processes for SPARQL of clients' own; stored queries and records have two more.
        limits: What one request may take.
        log: Whether to write the access log.
    """

    place: Path
    workers: int = 4
    limits: Limits = Limits()
    log: bool = True


def create_app(settings: Settings) -> Starlette:
    """The application; its workers start and stop with it.

    Args:
        settings: How to serve.
    """
    heavy = Pool("sparql", settings.workers, WorkerSettings(_MODULE, settings.place, _NICE_HEAVY), settings.limits)
    light = Pool("records", _LIGHT_WORKERS, WorkerSettings(_MODULE, settings.place, _NICE_LIGHT), settings.limits)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            await light.start()
            await heavy.start()
            yield
        finally:
            await heavy.stop()
            await light.stop()

    traffic = Traffic()
    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        middleware=[Middleware(Front, traffic=traffic, log=settings.log)],
        exception_handlers={
            KgError: problem.on_kg_error,
            TaskError: problem.on_task_error,
            HTTPException: problem.on_http_error,
            Exception: problem.on_fault,
        },
    )
    graph = KnowledgeGraph(settings.place)
    app.state.graph, app.state.queries = graph, graph.queries
    app.state.key = json.loads((settings.place / "manifest.json").read_bytes())["key"]
    app.state.limits, app.state.traffic = settings.limits, traffic
    app.state.heavy, app.state.light = heavy, light
    return app


def _routes() -> list[Route]:
    return [
        Route("/", html.home),
        Route("/search", html.search),
        Route("/browse/{kind}", html.browse),
        Route("/graph", html.graphs),
        Route("/graph/coauthors", html.graph),
        Route("/graph/lineage", html.graph),
        Route("/cite/{kind}/{name}", html.cite),
        Route("/robots.txt", html.robots),
        Route("/sitemap.xml", html.sitemap),
        Route("/favicon.ico", html.static),
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route("/query", stored.listing),
        Route("/query/{name}", stored.stored),
        Route("/openapi.json", site.openapi),
        Route("/healthz", site.health),
        Route("/metrics", site.metrics),
        Route("/.well-known/void", site.void),
        Route("/void", site.dataset),
        Route("/.well-known/sparql-examples", linked.examples),
        Route("/static/{name}", html.static),
        Route("/{path:path}", linked.resource),
    ]
