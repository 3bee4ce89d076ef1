"""The server's side: workers that are killed and replaced, and a queue that is fair to every client."""

import asyncio
import contextlib
import json
import signal
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Self

from kg.engine.frames import DATA, END, ERROR, PING, TASK, frame, json_frame
from kg.engine.limits import Limits
from kg.engine.process import LostError, Worker, WorkerSettings, start_worker
from kg.errors import BusyError, QueryTimeoutError, ServerError, WorkerLostError

# How a worker ends by no fault of its task: that one runs out of memory or stack, and aborts.
_FROM_OUTSIDE: Final = (-signal.SIGKILL, -signal.SIGTERM)


class TaskError(Exception):
    """A task's own deliberate error, as it came over the pipe.

    Attributes:
        found: ``code``, ``status``, ``summary`` and perhaps ``field``.
    """

    def __init__(self, found: Mapping[str, Any]) -> None:
        super().__init__(found["summary"])
        self.found = found


class _KilledError(Exception):
    """Somebody else killed the worker: the same task may fare better with another one."""


class BrokenAnswerError(Exception):
    """An answer ended before its end; the client must see that."""


class Answer:
    """An answer on its way, to be used in a ``with`` statement: leaving that before the end kills the worker.

    Attributes:
        head: ``type``, ``headers`` and ``length``; the last is None when it is not known yet.
        deadline: When the time is up, on the loop's clock.
        end: ``rows`` and ``cut``, when the answer is whole.
    """

    def __init__(self, pool: "Pool", client: str, worker: Worker, deadline: float) -> None:
        self._pool, self._client, self._worker, self.deadline = pool, client, worker, deadline
        self.head: Mapping[str, Any] = {}
        self.end: Mapping[str, Any] | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        """Pieces of the answer.

        Raises:
            BrokenAnswerError: The worker was lost, or the answer was cut and could not say so.
            TimeoutError: The time was up in the middle of the answer.
        """
        while True:
            try:
                kind, content = await self._worker.read(self.deadline)
            except LostError as error:
                raise BrokenAnswerError from error
            if kind == DATA:
                yield content
                continue
            if kind != END:
                raise BrokenAnswerError
            self.end = json.loads(content)
            if self.end["broken"]:
                raise BrokenAnswerError
            return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Give the worker back, or end it."""
        self._pool.give_back(self._client, self._worker, reusable=self.end is not None)


def _expire(future: "asyncio.Future[Worker]") -> None:
    if not future.done():
        future.set_exception(TimeoutError())


class Pool:
    """Worker processes, and who may use them next.

    Clients take turns; none may have all workers, and none may fill the queue.

    Attributes:
        name: For metrics.
        size: Number of workers.
        counts: What happened, by event.
    """

    def __init__(
        self, name: str, size: int, settings: WorkerSettings, limits: Limits, counts: Counter[str] | None = None
    ) -> None:
        self.name, self.size, self.limits = name, size, limits
        self._settings = settings
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._waiting: OrderedDict[str, deque[asyncio.Future[Worker]]] = OrderedDict()
        self._running: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.counts: Counter[str] = Counter() if counts is None else counts

    @property
    def idle(self) -> int:
        """Workers that wait for work."""
        return len(self._idle)

    @property
    def alive(self) -> int:
        """Workers that are ready or at work."""
        return len(self._all)

    @property
    def queued(self) -> int:
        """Requests that wait."""
        return sum(map(len, self._waiting.values()))

    async def start(self, *, whole: bool) -> None:
        """Start the workers.

        Args:
            whole: Wait until all can answer; else for the first, while the others follow.

        Raises:
            ServerError: One that is waited for does not come up.
        """
        here = self.size if whole else 1
        try:
            for _ in range(here):
                self._enlist(await start_worker(self._settings, self.limits))
        except LostError as error:
            raise ServerError(f"a worker process does not start: {error}") from error
        for _ in range(self.size - here):
            self._replace()

    async def stop(self) -> None:
        """Kill all workers."""
        self._stopping = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        workers = list(self._all)
        for worker in workers:
            worker.kill()
        await asyncio.gather(*(worker.gone() for worker in workers))

    def _spawn(self, coroutine: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _enlist(self, worker: Worker) -> None:
        self._all.add(worker)
        self._idle.append(worker)
        self._spawn(self._watch(worker))
        self._dispatch()

    async def _watch(self, worker: Worker) -> None:
        """Replace a worker when it has ended, whoever ended it."""
        await worker.gone()
        self._all.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
            self.counts["lost"] += 1
        if not self._stopping:
            self._replace()

    def _replace(self) -> None:
        if not self._stopping:
            self._spawn(self._start_another())

    async def _start_another(self) -> None:
        pause = 0.05
        while not self._stopping:
            try:
                worker = await start_worker(self._settings, self.limits)
            except LostError:
                self.counts["failed-start"] += 1
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
                continue
            self.counts["started"] += 1
            self._enlist(worker)
            return

    def _share(self) -> int:
        """How many workers one client may have at once."""
        return max(1, self.size - 1)

    def _dispatch(self) -> None:
        """Give idle workers to those who wait, one client after the other."""
        self._idle = [worker for worker in self._idle if worker.alive]
        for client in list(self._waiting):
            queue = self._waiting[client]
            if not self._idle:
                return
            if self._running[client] >= self._share():
                continue
            while queue and queue[0].done():
                queue.popleft()
            if queue:
                self._running[client] += 1
                queue.popleft().set_result(self._idle.pop())
            if queue:
                self._waiting.move_to_end(client)
            else:
                del self._waiting[client]
        if self._idle and any(self._running[client] < self._share() for client in self._waiting):
            self._dispatch()

    def give_back(self, client: str, worker: Worker, *, reusable: bool) -> None:
        """Take back a worker that a client had.

        Args:
            client: Who had it.
            worker: The worker.
            reusable: Whether it has done its task; else it is killed and replaced.
        """
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        if reusable and worker.alive:
            self._idle.append(worker)
        else:
            self.counts["killed"] += 1
            worker.kill()
        if self._waiting:
            self._dispatch()

    async def _take(self, client: str) -> Worker:
        """A worker, at once or when it is one's turn.

        Raises:
            BusyError: Too many wait already, or the wait was too long.
        """
        while self._idle and not self._waiting and self._running[client] < self._share():
            worker = self._idle.pop()
            if worker.alive:
                self._running[client] += 1
                return worker
        return await self._wait(client)

    async def _wait(self, client: str) -> Worker:
        mine = self._waiting.get(client)
        if self.queued >= self.limits.queue or (mine and len(mine) >= self.limits.client_queue):
            self.counts["refused"] += 1
            raise BusyError("too many requests are waiting: ask again in a moment")
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(future)
        self._dispatch()
        timer = asyncio.get_running_loop().call_later(self.limits.seconds, _expire, future)
        try:
            return await future
        except BaseException as error:
            if future.done() and not future.cancelled() and future.exception() is None:
                self.give_back(client, future.result(), reusable=True)
            self._forget(client, future)
            if isinstance(error, TimeoutError):
                self.counts["refused"] += 1
                raise BusyError("no worker became free in time: ask again in a moment") from error
            raise
        finally:
            timer.cancel()

    def _forget(self, client: str, future: asyncio.Future[Worker]) -> None:
        queue = self._waiting.get(client)
        if queue is not None:
            with contextlib.suppress(ValueError):
                queue.remove(future)
            if not queue:
                del self._waiting[client]

    async def ask(self, client: str, task: str, arguments: Mapping[str, Any], spent: float = 0.0) -> Answer:
        """Have a task done; once more when its worker was killed from outside before the answer began.

        Args:
            client: Who asks; clients share the workers.
            task: Name of the task.
            arguments: For the task; plain values.
            spent: Seconds of the request's time that are gone already.

        Returns:
            The beginning of the answer, for a ``with`` statement.

        Raises:
            BusyError: Too many requests wait.
            TaskError: The task refused.
            QueryTimeoutError: The time was up before the answer began.
            WorkerLostError: The worker came to an end before the answer began.
        """
        message = json_frame(TASK, {"task": task, "arguments": arguments})
        with contextlib.suppress(_KilledError):
            return await self._attempt(client, await self._take(client), message, spent)
        try:
            # Who killed that worker may have killed others, whose ends are not seen yet.
            return await self._attempt(client, await self._take_living(client), message, spent)
        except _KilledError as error:
            raise WorkerLostError(str(error)) from error

    async def _take_living(self, client: str) -> Worker:
        """A worker that has just said that it lives."""
        loop = asyncio.get_running_loop()
        while True:
            worker = await self._take(client)
            try:
                worker.send(frame(PING, b""))
                await worker.read(loop.time() + self.limits.seconds)
            except BaseException as error:
                self.give_back(client, worker, reusable=False)
                if not isinstance(error, LostError | TimeoutError):
                    raise
            else:
                return worker

    async def _attempt(self, client: str, worker: Worker, message: bytes, spent: float) -> Answer:
        """Bring an answer to its beginning."""
        started = asyncio.get_running_loop().time() - spent
        answer = Answer(self, client, worker, started + self.limits.seconds)
        try:
            answer.head = await self._begin(worker, message, started)
        except BaseException as error:
            self.give_back(client, worker, reusable=isinstance(error, TaskError))
            raise
        return answer

    async def _begin(self, worker: Worker, message: bytes, started: float) -> Mapping[str, Any]:
        """Send the task and read the head of the answer."""
        try:
            worker.send(message)
            kind, content = await worker.read(started + self.limits.seconds)
        except TimeoutError as error:
            self.counts["timeout"] += 1
            text = f"stopped after {self._since(started)} s: a query may take {self.limits.seconds:g} s"
            raise QueryTimeoutError(text) from error
        except LostError as error:
            self.counts["lost"] += 1
            text = (
                f"the worker came to an end after {self._since(started)} s: too much memory is needed, "
                "or nesting is too deep"
            )
            found_dead = _KilledError if await worker.gone() in _FROM_OUTSIDE else WorkerLostError
            raise found_dead(text) from error
        found: Mapping[str, Any] = json.loads(content)
        if kind == ERROR:
            raise TaskError(found)
        return found

    @staticmethod
    def _since(started: float) -> str:
        return f"{asyncio.get_running_loop().time() - started:.1f}"
