"""The application of one build: its routes, its workers, its errors."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kg.build import hold
from kg.engine.limits import Limits
from kg.engine.pool import Pool, TaskError
from kg.engine.process import WorkerSettings
from kg.errors import KgError, StoreError
from kg.service import KnowledgeGraph
from kg.web import html, linked, problem, site, stored
from kg.web.cache import Cache
from kg.web.metrics import Traffic
from kg.web.prepared import Prepared
from kg.web.protocol import sparql
from kg.web.respond import Bodies

if TYPE_CHECKING:
    from kg.web.federation import Federation

_MODULE: Final = "kg.web.tasks"
# Queries from outside yield to our own small ones, and both to the process that talks to clients.
_NICE_HEAVY: Final = 10
_NICE_LIGHT: Final = 5
_LIGHT_WORKERS: Final = 2


class Settings(NamedTuple):
    """How to serve.

    Attributes:
        place: Folder of the first build.
        workers: Processes for SPARQL of clients' own; stored queries and records have two more.
        limits: What one request may take.
        log: Whether to write the access log.
        data: Data folder that later builds are made of; None when there are none.
        cache_mb: Answers that are kept, in MB; 0 for none.
        services: Addresses of endpoints, or of their servers, that ``SERVICE`` may ask.
        root_path: Path under which a reverse proxy shows the server, without a slash at its end.
    """

    place: Path
    workers: int = 4
    limits: Limits = Limits()
    log: bool = True
    data: Path | None = None
    cache_mb: int = 32
    services: tuple[str, ...] = ()
    root_path: str = ""


class Edition:
    """One build as it is served: graph, definitions, addresses and workers of their own.

    A request is given to one edition and sees nothing of another, whatever happens meanwhile. The build stays on disk
    for as long as the edition lives.

    Args:
        place: Folder of the build.
        settings: How to serve.
        traffic: Counters, which outlive editions.
        federation: Asks other endpoints, for all editions; None when nobody may be asked.

    Attributes:
        key: Name of the build.
        pools: Workers for clients' own SPARQL, and for everything else.
        users: Requests under way.

    Raises:
        StoreError: The build is gone or damaged.
    """

    def __init__(
        self, place: Path, settings: Settings, traffic: Traffic, federation: "Federation | None" = None
    ) -> None:
        self._held = hold(place)
        manifest = _manifest(place)
        self.key = manifest["key"]
        self.users = 0
        self._unused: asyncio.Event | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._seconds = settings.limits.seconds
        heavy, light = (
            Pool(name, size, WorkerSettings(_MODULE, place, nice), settings.limits, traffic.events[name])
            for name, size, nice in (
                ("sparql", settings.workers, _NICE_HEAVY),
                ("records", _LIGHT_WORKERS, _NICE_LIGHT),
            )
        )
        self.pools = (heavy, light)
        app = _application()
        self._app = Cache(app, settings.cache_mb * 1024 * 1024, traffic)
        state, graph = app.state, KnowledgeGraph(place)
        state.graph, state.queries, state.key = graph, graph.queries, self.key
        state.limits, state.traffic = settings.limits, traffic
        state.heavy, state.light = heavy, light
        state.openapi = None
        state.prepared = self._prepared = Prepared(heavy, settings.root_path)
        state.federation, state.prefixes = federation, manifest.get("prefixes", {})
        state.bodies = self._bodies = Bodies()

    async def start(self, *, whole: bool) -> None:
        """Start the workers.

        Args:
            whole: Wait for all of them; else for the first of each kind.

        Raises:
            ServerError: A worker does not come up.
        """
        for pool in reversed(self.pools):
            await pool.start(whole=whole)
        self._preparing = asyncio.create_task(self._prepared.make())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope["stkg.build"] = self.key
        self.users += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self.users -= 1
            self._bodies.let_go(scope)
            if self._unused is not None and not self.users:
                self._unused.set()

    async def stop(self) -> None:
        """Kill the workers, and let go of the build."""
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.gather(self._preparing, return_exceptions=True)
        await asyncio.gather(*(pool.stop() for pool in self.pools))
        self._held.close()

    async def retire(self) -> None:
        """Stop when the last request has its answer, or has had twice the time that one may take."""
        self._unused = asyncio.Event()
        try:
            async with asyncio.timeout(2 * self._seconds + 30):
                if self.users:
                    await self._unused.wait()
        except TimeoutError:
            pass
        finally:
            await self.stop()


def _manifest(place: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((place / "manifest.json").read_bytes())
        return {**found, "key": str(found["key"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"the build in {place} is damaged ({error}): run 'stkg build'") from error


def _application() -> Starlette:
    return Starlette(
        routes=_routes(),
        exception_handlers={
            KgError: problem.on_kg_error,
            TaskError: problem.on_task_error,
            HTTPException: problem.on_http_error,
            Exception: problem.on_fault,
        },
    )


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
