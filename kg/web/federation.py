"""``SERVICE`` for endpoints that the operator lists: they are asked here, before a worker evaluates the query.

Workers have no network and refuse the word ``SERVICE``. They get the rest of the query, and the answers as text that
they read and write into it as data (:mod:`kg.queries.answers`).
"""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from starlette.datastructures import State
from starlette.types import Scope, Send

from kg.engine.pool import Pool
from kg.enrich.endpoint import Endpoint, TooMuchError, ask_endpoint, is_listed, read_endpoint
from kg.errors import BusyError, EnrichError, FederationError, FetchError, QueryForbiddenError
from kg.queries.answers import MOST_ROWS
from kg.queries.federated import Block, mentions_service, read_federated
from kg.web.respond import PoolResponse

_AT_ONCE: Final = 4
_OF_ONE_CLIENT: Final = 1
# Of a request's time: the rest is left for the query itself.
_SHARE: Final = 0.5

_Wanted = tuple[Block, Endpoint]


class Federation:
    """Whom ``SERVICE`` may ask, and how many do so now.

    Args:
        listed: Addresses of endpoints, or of their servers.

    Raises:
        EnrichError: One of them is not an address.
    """

    def __init__(self, listed: Sequence[str]) -> None:
        self._listed = [read_endpoint(text) for text in listed]
        self._running: Counter[str] = Counter()

    @staticmethod
    def concerns(query: str) -> bool:
        """Whether a query is to be answered by :meth:`response`."""
        return mentions_service(query)

    def response(self, state: State, client: str, task: str, arguments: Mapping[str, Any]) -> PoolResponse:
        """The response to a query that mentions ``SERVICE``; nobody has been asked yet.

        Args:
            state: Of the application of one build.
            client: Who asks.
            task: Name of the worker's task.
            arguments: For it.

        Raises:
            QueryForbiddenError: The query is not one that may ask others.
        """
        found = read_federated(arguments["query"], state.prefixes)
        wanted = [(block, self._allowed(block)) for block in found.blocks]
        more = {**arguments, "pieces": found.pieces}
        return _FederatedResponse(self, wanted, state.heavy, client, task, more)

    def _allowed(self, block: Block) -> Endpoint:
        try:
            endpoint = read_endpoint(block.endpoint)
        except EnrichError as error:
            raise QueryForbiddenError(f"SERVICE: {error.summary}") from error
        if not is_listed(endpoint, self._listed):
            raise QueryForbiddenError(
                f"SERVICE <{block.endpoint}> is not allowed: only endpoints that the operator has listed are asked"
            )
        return endpoint

    @contextlib.contextmanager
    def turn(self, client: str) -> Iterator["Turn"]:
        """Be one of the few queries that ask others.

        Raises:
            BusyError: There are too many.
        """
        if self._running.total() >= _AT_ONCE or self._running[client] >= _OF_ONE_CLIENT:
            raise BusyError("too many queries with SERVICE are under way: ask again in a moment")
        self._running[client] += 1
        turn = Turn()
        try:
            yield turn
        finally:
            turn.end(lambda: self._release(client))

    def _release(self, client: str) -> None:
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]


class Turn:
    """One query's use of the network. It lasts as long as its thread, also when nobody waits for that any more."""

    def __init__(self) -> None:
        self._asking: asyncio.Future[str] | None = None

    async def ask(self, endpoint: Endpoint, query: str, seconds: float) -> str:
        """What an endpoint answers.

        Raises:
            FetchError: It does not, or not in time.
        """
        if seconds <= 0:
            raise FetchError("there was no time left to ask it")
        self._asking = _in_thread(lambda: ask_endpoint(endpoint, query, seconds))
        try:
            # The thread has the same limit, save for looking a name up.
            return await asyncio.wait_for(asyncio.shield(self._asking), seconds + 0.5)
        except TimeoutError as error:
            raise FetchError(f"the answer took more than {seconds:g} s") from error

    def end(self, release: Callable[[], None]) -> None:
        """Call ``release`` once the thread has come to its end."""
        if self._asking is None or self._asking.done():
            release()
        else:
            self._asking.add_done_callback(lambda _: release())


def _in_thread(work: Callable[[], str]) -> "asyncio.Future[str]":
    """Run something in a thread that does not keep the server from ending."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[str] = loop.create_future()
    # Whoever waited may have gone: then an error is nobody's.
    future.add_done_callback(lambda done: done.exception())

    def run() -> None:
        done: Callable[[], None]
        try:
            done = partial(future.set_result, work())
        except Exception as error:  # noqa: BLE001 - handed on to whoever waits
            done = partial(future.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(done)

    threading.Thread(target=run, name="stkg-service", daemon=True).start()
    return future


class _FederatedResponse(PoolResponse):
    """Ask the endpoints, then let a worker answer. Its turn lasts until its answer is sent, which bounds the memory."""

    def __init__(
        self,
        federation: Federation,
        wanted: Sequence[_Wanted],
        pool: Pool,
        client: str,
        task: str,
        arguments: Mapping[str, Any],
    ) -> None:
        super().__init__(pool, client, task, arguments, {"Cache-Control": "no-store"}, lasting=False)
        self._federation, self._wanted = federation, wanted

    async def _work(self, scope: Scope, send: Send) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        with self._federation.turn(self._client) as turn:
            answers = []
            for block, endpoint in self._wanted:
                left = started + _SHARE * self._pool.limits.seconds - loop.time()
                answers.append(await self._answer(turn, block, endpoint, left))
            self._arguments = {**self._arguments, "answers": answers}
            self._spent = loop.time() - started
            await super()._work(scope, send)

    async def _answer(self, turn: Turn, block: Block, endpoint: Endpoint, left: float) -> dict[str, Any]:
        body = None
        try:
            body = await turn.ask(endpoint, f"{block.query} LIMIT {MOST_ROWS + 1}", left)
        except FetchError as error:
            # SILENT hides what is wrong with others, not that there is more than we take.
            if not block.silent or isinstance(error, TooMuchError):
                raise FederationError(f"SERVICE: {endpoint.origin}: {error.summary}") from error
        said = {"endpoint": endpoint.origin, "body": body}
        return said | {"silent": block.silent, "variables": block.variables, "lines": block.lines}
