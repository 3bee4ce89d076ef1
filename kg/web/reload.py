"""The application for as long as the process lives: it hands requests to the newest build, and takes up another."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.types import Receive, Scope, Send

from kg.engine.process import lower_priority, worker_environment
from kg.errors import KgError, StoreError
from kg.web.app import Edition, Settings
from kg.web.front import Front
from kg.web.log import Log
from kg.web.metrics import Traffic

if TYPE_CHECKING:
    from kg.web.federation import Federation

_BUILDER: Final = "kg.web.rebuild"
_NICE: Final = 19


class Serving:
    """An ASGI application that can change to a new build between two requests.

    Args:
        settings: How to serve.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings, self._traffic = settings, Traffic()
        self._federation = _federation(settings)
        self._edition = Edition(settings.place, settings, self._traffic, self._federation)
        self._place = settings.place
        self._log = Log(sys.stderr.fileno()) if settings.log else None
        self._front = Front(self._to_edition, traffic=self._traffic, log=self._log)
        self._wanted = asyncio.Event()
        self._retiring: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live from the start of the server to its end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._front(scope, receive, send)

    async def _to_edition(self, scope: Scope, receive: Receive, send: Send) -> None:
        # One look at the newest edition; all that follows is of that one.
        await self._edition(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._edition.start(whole=False)
        except KgError as error:
            await self._edition.stop()
            await send({"type": "lifespan.startup.failed", "message": error.summary})
            return
        reloading = asyncio.create_task(self._reload_when_asked())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in (reloading, *self._retiring):
            task.cancel()
        await asyncio.gather(reloading, *self._retiring, return_exceptions=True)
        await self._edition.stop()
        if self._log is not None:
            self._log.close()
        await send({"type": "lifespan.shutdown.complete"})

    def reload(self) -> None:
        """Take up the state that the inputs are in, soon; asking again before it has begun changes nothing."""
        self._wanted.set()

    async def _reload_when_asked(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                outcome = await self._take_up_newest()
            except (KgError, OSError) as error:
                _say(f"reload failed, build {self._edition.key} stays: {error}")
                outcome = "failed"
            self._traffic.reloads[outcome] += 1

    async def _take_up_newest(self) -> str:
        """Build, start workers on the build, and let new requests go there.

        Raises:
            KgError: That did not work; nothing has changed.
        """
        if self._settings.data is None:
            raise StoreError("this server has no data folder")
        place = await _build(self._settings.data)
        if place == self._place:
            _say(f"reload: nothing has changed since build {self._edition.key}")
            return "unchanged"
        edition = Edition(place, self._settings, self._traffic, self._federation)
        try:
            await edition.start(whole=True)
        except BaseException:
            await edition.stop()
            raise
        old, self._edition, self._place = self._edition, edition, place
        _say(f"reload: build {edition.key} takes the place of {old.key}")
        task = asyncio.create_task(old.retire())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
        return "done"


def _federation(settings: Settings) -> "Federation | None":
    """What asks other endpoints; its packages are only needed when it may."""
    if not settings.services:
        return None
    from kg.web.federation import Federation

    return Federation(settings.services)


def _say(text: str) -> None:
    print(f"stkg: {text}", file=sys.stderr, flush=True)


async def _build(data: Path) -> Path:
    """Folder of the build of the inputs as they are, made by a process of low priority."""
    words = [sys.executable, "-P", "-m", _BUILDER, os.fspath(data), str(os.getpid())]
    process = await asyncio.create_subprocess_exec(
        *words, stdout=PIPE, env=worker_environment("STKG_CACHE_DIR", "XDG_CACHE_HOME"), process_group=0
    )
    lower_priority(process.pid, _NICE)
    try:
        out, _ = await process.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise StoreError("the inputs cannot be built; what is wrong stands above")
    return Path(os.fsdecode(out.rstrip(b"\n")))
