"""Responses that are pages: asked of a worker, and what stands in when none can answer."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import KgError
from kg.web.negotiate import best
from kg.web.respond import PoolResponse, client_of

CACHED: Final = {"Cache-Control": "public, max-age=300"}


def root_of(request: Request) -> str:
    """Path under which the server stands, without a slash at its end."""
    root: str = request.scope.get("root_path", "")
    return root


def page(request: Request, task: str, **arguments: Any) -> Response:
    """A page that a worker of the light pool writes."""
    given = {"root": root_of(request), **arguments}
    return PoolResponse(request.app.state.light, client_of(request), task, given, CACHED, lasting=True)


def prefers_page(request: Request, *others: str) -> bool:
    """Whether a client would rather have a page than any of the formats for programs."""
    return best(request.headers.getlist("accept"), [*others, "text/html"]) == "text/html"


class MissingPage(PoolResponse):
    """The page for an address at which there is nothing; a plain one when no worker can say what may be meant."""

    def __init__(self, request: Request, detail: str, plain: Response) -> None:
        arguments = {"root": root_of(request), "path": request.url.path[:200], "detail": detail}
        headers = {"Cache-Control": "no-store"}
        super().__init__(request.app.state.light, client_of(request), "page-missing", arguments, headers)
        self._plain = plain

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send the one page or the other."""
        began = False

        async def watched(message: Any) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await super().__call__(scope, receive, watched)
        except KgError:
            if began:
                raise
            await self._plain(scope, receive, send)
