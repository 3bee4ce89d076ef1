"""One worker process as the server sees it."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections import deque
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from kg.engine.frames import HEADER, READY
from kg.engine.limits import Limits

_START_S: Final = 60.0
# Pieces of an answer, of some 16 KiB each, that the server takes from a worker before the client has taken them.
_FRAMES_AHEAD: Final = 16


class LostError(Exception):
    """The process has ended, or never came up."""


class WorkerSettings(NamedTuple):
    """How to start a worker.

    Attributes:
        module: Python module to run.
        place: Folder of the build.
        nice: Added to the priority value: higher is more modest.
    """

    module: str
    place: Path
    nice: int


class Worker(asyncio.Protocol):
    """A process that answers one task at a time, and the socket to it.

    Attributes:
        facts: What the process said of itself when it was ready.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._buffer = bytearray()
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._lost = self._paused = False
        self.facts: dict[str, Any] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)
        self._loop = asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        """Called by the loop: take bytes, and whole frames out of them."""
        buffer = self._buffer
        buffer += data
        start = 0
        while len(buffer) - start >= HEADER.size:
            kind, length = HEADER.unpack_from(buffer, start)
            end = start + HEADER.size + length
            if len(buffer) < end:
                break
            self._frames.append((kind, bytes(buffer[start + HEADER.size : end])))
            start = end
        del buffer[:start]
        self._wake()
        if len(self._frames) > _FRAMES_AHEAD and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Called by the loop: the process has ended, or is about to."""
        self._lost = True
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _give_up(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_exception(TimeoutError())

    @property
    def alive(self) -> bool:
        """Whether the process has not been seen to end."""
        return self._process.returncode is None and not self._lost

    def kill(self) -> None:
        """End it now."""
        self._transport.abort()
        # Not by asyncio's own method, which takes the exit status of a process that is dead already and loses it.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def gone(self) -> int:
        """Wait for its end, and give its exit status, negative for the signal that ended it."""
        status = await self._process.wait()
        self._transport.abort()
        return status

    def send(self, data: bytes) -> None:
        """Send a frame; that nobody reads it is seen by :meth:`read`."""
        self._transport.write(data)

    async def read(self, deadline: float) -> tuple[bytes, bytes]:
        """The next frame.

        Args:
            deadline: Until when to wait, on the loop's clock.

        Raises:
            LostError: The process has ended.
            TimeoutError: It was too late.
        """
        while not self._frames:
            if self._lost:
                raise LostError("the process has ended")
            if self._paused:
                self._paused = False
                self._transport.resume_reading()
            self._reader = self._loop.create_future()
            timer = self._loop.call_at(deadline, self._give_up)
            try:
                await self._reader
            finally:
                timer.cancel()
                self._reader = None
        return self._frames.popleft()


def worker_environment(*more: str) -> dict[str, str]:
    """What a worker gets: the way to this very package, and few memory arenas, which its limit would count.

    Args:
        more: Names of variables to pass on beside the usual ones.
    """
    package = os.fspath(Path(__file__).absolute().parents[2])
    passed = {"PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "TMPDIR", *more}
    kept = {name: value for name, value in os.environ.items() if name in passed}
    others = kept.get("PYTHONPATH")
    path = f"{package}{os.pathsep}{others}" if others else package
    return kept | {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "2", "PYTHONUTF8": "1"}


def lower_priority(process: int, steps: int) -> None:
    """Make a process more modest than this one; from outside, so that its start is modest already.

    Args:
        process: Its id.
        steps: Added to this process's priority value.
    """
    with contextlib.suppress(OSError):  # it has ended, as will be seen
        os.setpriority(os.PRIO_PROCESS, process, min(19, os.getpriority(os.PRIO_PROCESS, 0) + steps))


async def start_worker(settings: WorkerSettings, limits: Limits) -> Worker:
    """Start a process and wait until it can answer.

    Raises:
        LostError: It ends or takes too long.
    """
    told = {"parent": os.getpid(), "limits": limits._asdict()}
    ours, theirs = socket.socketpair()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            settings.module,
            os.fspath(settings.place),
            json.dumps(told),
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            env=worker_environment(),
            # Not a session: Linux shares processors among sessions alike, whatever the priorities in them.
            process_group=0,
        )
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    lower_priority(process.pid, settings.nice)
    loop = asyncio.get_running_loop()
    _, worker = await loop.create_unix_connection(lambda: Worker(process), sock=ours)
    try:
        kind, content = await worker.read(loop.time() + _START_S)
    except BaseException as error:
        worker.kill()
        await worker.gone()
        if isinstance(error, TimeoutError):
            raise LostError("it takes too long") from error
        raise
    if kind != READY:
        worker.kill()
        raise LostError("it does not speak as expected")
    worker.facts = json.loads(content)
    return worker
