"""Routes about the server itself: health, metrics, VoID, OpenAPI, style sheet."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kg.engine.results import GRAPHS
from kg.web.metrics import exposition
from kg.web.negotiate import best
from kg.web.openapi import document
from kg.web.protocol import origin
from kg.web.respond import PoolResponse, client_of


async def health(request: Request) -> Response:
    """``/healthz``: a known record is resolved in three formats by a worker; 503 when that fails."""
    state = request.app.state
    arguments = {"reloads": state.traffic.reloads}
    return PoolResponse(state.light, "healthz", "health", arguments, {"Cache-Control": "no-store"})


async def metrics(request: Request) -> Response:
    """``/metrics`` for Prometheus."""
    state = request.app.state
    text = exposition(state.traffic, (state.heavy, state.light), state.key)
    return Response(text, headers={"Cache-Control": "no-store"}, media_type="text/plain; version=0.0.4")


async def void(request: Request) -> Response:
    """``/.well-known/void``: what the dataset holds."""
    media_type = best(request.headers.getlist("accept"), GRAPHS)
    if media_type is None:
        raise HTTPException(406, f"the description of the dataset comes as {', '.join(GRAPHS)}")
    arguments = {"origin": origin(request), "media_type": media_type}
    return PoolResponse(request.app.state.light, client_of(request), "void", arguments, lasting=True)


async def dataset(request: Request) -> Response:
    """``/void``, whose fragments are the parts of the data set: what describes them."""
    root = request.scope.get("root_path", "")
    return Response(status_code=303, headers={"Location": f"{root}/.well-known/void"})


async def openapi(request: Request) -> Response:
    """``/openapi.json``; written once, because it takes milliseconds in which nobody else is answered."""
    state = request.app.state
    if state.openapi is None:
        root = request.scope.get("root_path", "")  # the server's own: every request has the same
        state.openapi = JSONResponse(document(state.queries, state.limits, root)).body
    return Response(state.openapi, media_type="application/openapi+json")


async def front(request: Request) -> Response:
    """``/`` for programs: the way in."""
    root = request.scope.get("root_path", "")
    if best(request.headers.getlist("accept"), ["application/json", *GRAPHS]) in GRAPHS:
        # The address of the data set itself.
        return Response(status_code=303, headers={"Location": f"{root}/.well-known/void", "Vary": "Accept"})
    places = ["sparql", "query", "openapi.json", ".well-known/void", "ontology", "healthz", "metrics"]
    return JSONResponse(
        {"name": "STKG", "see": {name: f"{root}/{name}" for name in places}}, headers={"Vary": "Accept"}
    )
