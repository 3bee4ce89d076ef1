"""Pages that take seconds to make: made once for each build, in the background, and given to everybody from memory."""

import contextlib
from typing import Final, NamedTuple

from starlette.responses import Response

from kg.engine.pool import BrokenAnswerError, Pool, TaskError
from kg.errors import KgError
from kg.web.page import CACHED

_KINDS: Final = ("lineage", "coauthors")


class _Page(NamedTuple):
    content: bytes
    headers: dict[str, str]


class Prepared:
    """The graphs to explore, which need a layout.

    Args:
        pool: Whose workers make them.
        root: Path under which the server stands, without a slash at its end.
    """

    def __init__(self, pool: Pool, root: str) -> None:
        self._pool, self._root = pool, root
        self._made: dict[str, _Page] = {}

    async def make(self) -> None:
        """Make all; one that fails is made for each who asks, as any other page is."""
        for kind in _KINDS:
            with contextlib.suppress(KgError, TaskError, BrokenAnswerError, TimeoutError):
                arguments = {"root": self._root, "kind": kind}
                with await self._pool.ask("", "page-graph", arguments) as answer:
                    content = b"".join([chunk async for chunk in answer.chunks()])
                    if answer.head["status"] == 200:
                        self._made[kind] = _Page(content, answer.head["headers"])

    def response(self, kind: str) -> Response | None:
        """The page of a kind of graph; None when it is not there yet."""
        found = self._made.get(kind)
        if found is None:
            return None
        headers = {**found.headers, **CACHED, "Vary": "Accept", "STKG-Limits": self._pool.limits.header()}
        return Response(found.content, headers=headers, media_type="text/html")
