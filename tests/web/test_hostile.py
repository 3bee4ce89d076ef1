"""Every kind of runaway query ends; under attack others are served; afterwards all is as before."""

import contextlib
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.hostile import RUNAWAYS, request, start_attack, watch
from tests.web.running import Running, children, command, until

MEMORY_MB, WORKERS = 200, 3
PATHS = ("/healthz", "/query/methods?task=deconvolution&limit=5")


@pytest.fixture(scope="module")
def attacked(toy_root: Path) -> Iterator[Running]:
    """A server with narrow limits that comes to no harm."""
    words = ["--workers", str(WORKERS), "--memory", str(MEMORY_MB), "--timeout", "1", "--rows", "100000"]
    running = Running(command(toy_root, *words))
    yield running
    left = children(running.process.pid)
    assert len(left) == WORKERS + 2
    assert running.stop() == 0
    assert until(lambda: not any(Path(f"/proc/{child}").exists() for child in left))
    assert "Traceback" not in "".join(running.lines)


def _status(port: int, raw: bytes) -> str:
    """Status of the answer; a request that was turned away is sent again, as it is asked to."""
    for _ in range(20):
        status = _one_status(port, raw)
        if status != "429":
            return status
        time.sleep(0.5)
    return "429"


def _one_status(port: int, raw: bytes) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(raw)
        with connection.makefile("rb") as answer:
            status = answer.readline()[9:12].decode()
            while answer.read(1 << 20):
                pass
    return status


def test_every_kind_of_runaway_query_is_ended(attacked: Running) -> None:
    assert len(RUNAWAYS) >= 30
    with ThreadPoolExecutor(WORKERS - 1) as threads:
        ended = {name: threads.submit(_status, attacked.port, request(query)) for name, query in RUNAWAYS.items()}
    found = {name: future.result() for name, future in ended.items()}
    cut = {"a gigabyte of rows", "a gigabyte in one cell", "growth by replacing", "growth by doubling"}
    assert {name for name, status in found.items() if status not in {"503", "504"}} <= cut
    assert set(found.values()) <= {"200", "503", "504"}
    assert until(attacked.is_whole, 20)


def test_others_are_served_under_attack(attacked: Running) -> None:
    attack = start_attack(attacked, seconds=6, clients=200)
    seen = watch(attacked, PATHS, 60, 0.02)
    statuses = Counter(json.loads(attack.communicate(timeout=60)[0]))
    assert seen.failed == []
    assert seen.mib < 512 + (WORKERS + 2) * (MEMORY_MB + 100)
    assert statuses["503"] + statuses["504"] > 0
    assert not set(statuses) & {"500", "101"}
    assert until(attacked.is_whole, 20)


def test_one_client_cannot_take_all_connections(attacked: Running) -> None:
    with contextlib.ExitStack() as stack:
        connections = []
        for _ in range(260):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", attacked.port), timeout=10))
            connections.append(connection)
        assert connections[-1].recv(100).startswith(b"HTTP/1.1 429")
        with socket.create_connection(
            ("127.0.0.1", attacked.port), timeout=10, source_address=("127.0.0.9", 0)
        ) as other:
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert other.recv(100).startswith(b"HTTP/1.1 200")
    assert until(lambda: attacked.get("/healthz").status == 200)


def test_more_connections_than_allowed_are_refused_until_there_are_fewer(attacked: Running) -> None:
    with contextlib.ExitStack() as stack:
        for place in range(1000):
            source = (f"127.0.0.{10 + place // 200}", 0)
            stack.enter_context(socket.create_connection(("127.0.0.1", attacked.port), source_address=source))
        assert attacked.get("/healthz").status == 503
    assert until(lambda: attacked.get("/healthz").status == 200)


def test_a_body_that_does_not_come_is_not_waited_for(attacked: Running) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\n"
    assert _status(attacked.port, head + b"ASK") == "408"


def test_bodies_of_all_clients_together_are_bounded(attacked: Running) -> None:
    size = 1024 * 1024
    head = "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
    raw = f"{head}Content-Length: {size}\r\n\r\n".encode() + b" " * (size - 1)
    with contextlib.ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(("127.0.0.1", attacked.port), timeout=10)) for _ in range(70)
        ]
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.sendall(raw)
        assert any(_answers(connection).startswith(b"HTTP/1.1 429") for connection in connections)
    assert until(lambda: attacked.sparql("ASK {}").status == 200)


def _answers(connection: socket.socket) -> bytes:
    connection.settimeout(0.05)
    try:
        return connection.recv(100)
    except OSError:
        return b""
