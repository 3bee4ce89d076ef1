"""One worker process as the server sees it."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

from kg.engine.frames import HEADER, READY
from kg.engine.limits import Limits

_START_S: Final = 60.0
# Bytes that the server takes from a worker before the client has taken them.
_AHEAD: Final = 256 * 1024


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


class Worker:
    """A process that answers one task at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise LostError("no pipes")
        self._process, self._in, self._out = process, process.stdin, process.stdout
        self.facts: dict[str, Any] = {}

    @property
    def alive(self) -> bool:
        """Whether the process has not been seen to end."""
        return self._process.returncode is None and not self._out.at_eof()

    def kill(self) -> None:
        """End it now."""
        # Not by asyncio's own method, which takes the exit status of a process that is dead already and loses it.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """End it now, and take what it left in its pipe: its end is only seen behind that."""
        self.kill()
        with contextlib.suppress(ConnectionError, RuntimeError):
            while await self._out.read(_AHEAD):
                pass

    async def status(self) -> int:
        """Exit status of a process that has closed its pipe, negative for the signal that ended it."""
        return await self._process.wait()

    async def gone(self) -> None:
        """Wait for its end, and let go of its pipes."""
        await self._process.wait()
        self._in.close()

    async def send(self, data: bytes) -> None:
        """Send a frame.

        Raises:
            LostError: Nobody reads.
        """
        try:
            self._in.write(data)
            await self._in.drain()
        except (ConnectionError, RuntimeError) as error:
            raise LostError(str(error)) from error

    async def read(self) -> tuple[bytes, bytes]:
        """The next frame.

        Raises:
            LostError: The process has ended.
        """
        try:
            kind, length = HEADER.unpack(await self._out.readexactly(HEADER.size))
            return kind, await self._out.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise LostError("the process has ended") from error


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


async def start_worker(settings: WorkerSettings, limits: Limits) -> Worker:
    """Start a process and wait until it can answer.

    Raises:
        LostError: It ends or takes too long.
    """
    told = {"nice": settings.nice, "parent": os.getpid(), "limits": limits._asdict()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        settings.module,
        os.fspath(settings.place),
        json.dumps(told),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=worker_environment(),
        limit=_AHEAD,
        start_new_session=True,
    )
    worker = Worker(process)
    try:
        async with asyncio.timeout(_START_S):
            kind, content = await worker.read()
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
