"""Graphs to explore are there before anybody asks for them."""

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

from kg.engine.limits import Limits
from kg.errors import BusyError
from kg.web.prepared import Prepared
from tests.web.running import Running, children, command, until


class _Answer:
    head: ClassVar = {"type": "text/html", "headers": {"Content-Security-Policy": "none"}, "status": 200, "length": 4}

    def __enter__(self) -> "_Answer":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    async def chunks(self) -> Any:
        yield b"pa"
        yield b"ge"


class _Pool:
    limits = Limits()

    async def ask(self, client: str, task: str, arguments: dict[str, str]) -> _Answer:
        if arguments["kind"] == "coauthors":
            raise BusyError("too many requests are waiting")
        assert (client, task, arguments["root"]) == ("", "page-graph", "/at")
        return _Answer()


def test_what_could_not_be_made_is_left_to_each_request() -> None:
    prepared = Prepared(_Pool(), "/at")  # type: ignore[arg-type]
    assert prepared.response("lineage") is None
    with ThreadPoolExecutor(1) as threads:  # this thread may have a loop of its own already
        threads.submit(lambda: asyncio.run(prepared.make())).result()
    assert prepared.response("coauthors") is None
    response = prepared.response("lineage")
    assert response is not None
    assert response.body == b"page"
    assert response.headers["content-security-policy"] == "none"


def _light(running: Running) -> list[int]:
    found = children(running.process.pid)
    priority = {worker: os.getpriority(os.PRIO_PROCESS, worker) for worker in found}
    return [worker for worker in found if priority[worker] == min(priority.values())]


def test_graphs_need_none_of_the_workers_that_answer_pages(toy_root: Path) -> None:
    running = Running(command(toy_root, "--workers", "1", "--timeout", "60"))
    try:
        assert until(lambda: len(children(running.process.pid)) == 3)
        # A graph that is not made yet would be made by one of these, and no longer within the client's patience.
        before = {kind: running.get(f"/graph/{kind}") for kind in ("coauthors", "lineage")}
        assert until(running.is_whole)
        for worker in _light(running):
            os.kill(worker, signal.SIGSTOP)
        for kind, reply in before.items():
            now = running.get(f"/graph/{kind}")
            assert (now.status, now.body) == (200, reply.body)
            assert now.headers["content-security-policy"] == reply.headers["content-security-policy"]
            assert now.headers["content-type"] == reply.headers["content-type"]
        for worker in _light(running):
            os.kill(worker, signal.SIGCONT)
    finally:
        running.stop()
