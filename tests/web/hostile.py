"""What hostile clients do to a server: runaway queries of many kinds, and requests that never were HTTP.

Run as ``python -m tests.web.hostile PORT SECONDS CLIENTS`` it attacks from several addresses at once, at low priority,
because real attackers use processors of their own, and prints how many answers had which status.
"""

import asyncio
import contextlib
import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from tests.web.running import ROOT, Running, children

TWO = "{ ?a ?b ?c . ?d ?e ?f }"
THREE = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_TEN = "{ 0 1 2 3 4 5 6 7 8 9 }"
_ANY = "(!<urn:x>|^!<urn:x>)"
_MANY = " ".join(map(str, range(100_000)))
_LONG = "x" * 60_000


def _doubling(times: int) -> str:
    binds = "".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1}) " for n in range(times))
    return f"SELECT (STRLEN(?s{times}) AS ?n) {{ BIND('{'x' * 1000}' AS ?s0) {binds} }}"


RUNAWAYS = {
    "count of a cross join": f"SELECT (COUNT(*) AS ?n) {THREE}",
    "count of distinct values": f"SELECT (COUNT(DISTINCT ?c) AS ?n) {THREE}",
    "sum by group": f"SELECT ?a (SUM(STRLEN(STR(?f))) AS ?n) {THREE} GROUP BY ?a",
    "aggregate of an aggregate": f"SELECT (SUM(?n) AS ?m) {{ SELECT ?a (COUNT(*) AS ?n) {THREE} GROUP BY ?a ?d ?g }}",
    "having": f"SELECT ?a {THREE} GROUP BY ?a HAVING (COUNT(DISTINCT CONCAT(STR(?d), STR(?g))) > 1000000000)",
    "group_concat": f"SELECT (GROUP_CONCAT(STR(?c)) AS ?n) {THREE}",
    "distinct": f"SELECT DISTINCT ?a ?d ?g {THREE} ORDER BY ?g",
    "sort": f"SELECT * {THREE} ORDER BY ?i ?f LIMIT 1",
    "sort by chance": f"SELECT * {THREE} ORDER BY RAND() LIMIT 1",
    "sort by fresh names": f"SELECT ?u {{ {THREE} BIND(STRUUID() AS ?u) }} ORDER BY ?u",
    "regular expression": f"ASK {{ {THREE} FILTER REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), '(x+x+)+y.*z$') }}",
    "huge regular expression": f"ASK {{ {THREE} FILTER REGEX(STR(?c), CONCAT(STR(?f), '((a{{50}}){{50}}){{20}}')) }}",
    "hashes": f"ASK {{ {THREE} FILTER(SHA512(CONCAT(STR(?a), STR(?f), STR(?i))) = 'no') }}",
    "substrings": f"ASK {{ {THREE} FILTER(CONTAINS(STR(?a), CONCAT(STR(?f), STR(?i), 'no'))) }}",
    "long list": f"ASK {{ {THREE} FILTER(?c IN ({', '.join(map(str, range(20_000)))})) FILTER(?f = ?zz) }}",
    "path, both ends open": f"SELECT (COUNT(*) AS ?n) {{ ?a {_ANY}* ?b . ?c {_ANY}* ?d }}",
    "path of paths": f"SELECT (COUNT(*) AS ?n) {{ ?a ({_ANY}/{_ANY})+/({_ANY}/{_ANY})+ ?b . ?c {_ANY}+ ?d }}",
    "optional in optional": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i } } }",
    "minus": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i MINUS { ?a ?x ?y . ?d ?z ?w . ?g ?v ?u } }",
    "not exists": f"ASK {{ ?x ?y ?z FILTER NOT EXISTS {{ {THREE} FILTER(?i = ?zz) }} FILTER(STR(?x) = 'no') }}",
    "union of many": f"SELECT (COUNT(*) AS ?n) {{ {' UNION '.join([THREE] * 40)} }}",
    "join of values": "SELECT (SUM(?a0) AS ?n) { " + " ".join(f"VALUES ?a{n} {_TEN}" for n in range(11)) + " }",
    "giant values": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {_MANY} }} {TWO} FILTER(?x != ?c) }}",
    "graph of a cross join": f"CONSTRUCT {{ ?a ?b ?f }} {{ {THREE} FILTER(CONCAT(STR(?a), STR(?i)) = 'no') }}",
    "describe everything": f"DESCRIBE ?a ?d {{ {THREE} FILTER(STR(?i) != STR(?a)) }}",
    "a gigabyte of rows": f"SELECT * {THREE}",
    "a gigabyte in one cell": f"SELECT (CONCAT({', '.join(['?s'] * 16_000)}) AS ?x) {{ BIND('{_LONG}' AS ?s) }}",
    "growth by replacing": f"SELECT (REPLACE(?s, 'x', ?s) AS ?n) {{ BIND('{_LONG}' AS ?s) }}",
    "growth by doubling": _doubling(40),
    "deep nesting": "SELECT * " + "{" * 100_000 + "}" * 100_000,
    "deep expression": "ASK { FILTER(" + "(" * 200_000 + "1" + ")" * 200_000 + ") }",
    "nested queries": "SELECT * { " * 20_000 + "?a ?b ?c" + " }" * 20_000,
}
_HEAD = "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
_CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
# Complete requests that no limit lets through, or that are none.
BROKEN = {
    "too many headers": b"GET /sparql HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200_000 + b"\r\n",
    "too long an address": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    "negative length": b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "two lengths": f"{_HEAD}Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(),
    "no chunk": f"{_HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode(),
    "too large": f"{_HEAD}Content-Length: 2000000\r\n\r\n".encode() + b" " * 2_000_000,
    "too large in chunks": f"{_HEAD}Transfer-Encoding: chunked\r\n\r\n".encode()
    + (b"10000\r\n" + b" " * 0x10000 + b"\r\n") * 17,
    "said to be too large": f"{_HEAD}Content-Length: 99999999999\r\n\r\n".encode(),
    "not UTF-8": f"{_HEAD}Content-Length: 4\r\n\r\n".encode() + b"\xff\xfe\xc3\x28",
    "not UTF-8 in the address": b"GET /sparql?query=%ff%c3%28 HTTP/1.1\r\nHost: a\r\n\r\n",
    "compressed": f"{_HEAD}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n".encode() + b"\x1f\x8b\x08\x00",
    "a zero": b"GET /sparql?query=%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    "nothing but blanks": b" \r\n" * 50_000,
    "upgrade": b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


def request(query: str) -> bytes:
    """A request for a query: in the address when it is short, else in the body."""
    if len(query) < 4000:
        return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    return f"{_HEAD}Connection: close\r\nContent-Length: {len(query)}\r\n\r\n{query}".encode()


class _Attack:
    """Clients that go on until time is up."""

    def __init__(self, port: int, seconds: float) -> None:
        self._port = port
        self._end = asyncio.get_running_loop().time() + seconds
        self.seen: Counter[str] = Counter()

    async def _connect(self, place: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        address = (f"127.0.0.{2 + place % 20}", 0)
        return await asyncio.open_connection("127.0.0.1", self._port, local_addr=address)

    async def go_on(self, place: int, raw: "itertools.cycle[bytes]", *, leaves: bool = False) -> None:
        """Send one request after the other, each on a connection of its own."""
        while asyncio.get_running_loop().time() < self._end:
            try:
                reader, writer = await self._connect(place)
            except OSError:
                self.seen["no connection"] += 1
                await asyncio.sleep(0.2)
                continue
            try:
                writer.write(next(raw))
                if leaves:
                    await asyncio.sleep(random.random())
                    self.seen["left"] += 1
                else:
                    head = await reader.readline()
                    self.seen[head[9:12].decode() or "closed"] += 1
                    while await reader.read(1 << 20):
                        pass
            except OSError:
                self.seen["broken off"] += 1
            finally:
                writer.transport.abort()
            await asyncio.sleep(0.02)

    async def dribble(self, place: int, *, reads: bool) -> None:
        """Send a request so slowly that it never ends, or never read the answer."""
        while asyncio.get_running_loop().time() < self._end:
            with contextlib.suppress(OSError):
                _, writer = await self._connect(place)
                try:
                    if reads:
                        for byte in b"GET / HTTP/1.1\r\nX-Slow: " + b"a" * 1000:
                            writer.write(bytes([byte]))
                            await writer.drain()
                            await asyncio.sleep(1)
                    else:
                        # The reader takes no more than its limit, and nobody takes that from the reader.
                        writer.write(b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 50)
                        await asyncio.sleep(5)
                finally:
                    writer.transport.abort()
            await asyncio.sleep(0.1)


async def attack(port: int, seconds: float, clients: int) -> Counter[str]:
    """Attack a server.

    Args:
        port: Where it listens on 127.0.0.1.
        seconds: How long.
        clients: Connections at a time.

    Returns:
        How many answers had which status.
    """
    attacker = _Attack(port, seconds)
    queries, broken = [request(query) for query in RUNAWAYS.values()], list(BROKEN.values())
    work = []
    for place in range(clients):
        kind = place % 10
        if kind < 6:
            work.append(
                attacker.go_on(
                    place, itertools.cycle(queries[place % len(queries) :] + queries[: place % len(queries)])
                )
            )
        elif kind == 6:
            work.append(attacker.go_on(place, itertools.cycle(queries), leaves=True))
        elif kind == 7:
            work.append(attacker.go_on(place, itertools.cycle(broken)))
        else:
            work.append(attacker.dribble(place, reads=kind == 8))
    await asyncio.gather(*work)
    return attacker.seen


class Watch(NamedTuple):
    """What was seen of a server while it was asked again and again.

    Attributes:
        seconds: Times of the answers with status 200, by path, in order of length.
        failed: Other answers.
        mib: The most memory that the server and its workers had together, shared pages counted once.
    """

    seconds: dict[str, list[float]]
    failed: list[str]
    mib: float

    def late(self, path: str) -> float:
        """99th percentile of the times of a path."""
        times = self.seconds[path]
        return times[min(len(times) - 1, len(times) * 99 // 100)]


def _tree_mib(server: int) -> float:
    total = 0
    for process in (server, *children(server)):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
            total += int(text.partition("\nPss:")[2].split(maxsplit=1)[0])
    return total / 1024


def watch(running: Running, paths: Sequence[str], number: int, pause: float) -> Watch:
    """Ask for paths in turn, on one connection, and look at the server's memory now and then.

    Args:
        running: The server.
        paths: What to ask for.
        number: How often each.
        pause: Seconds between two requests.
    """
    seconds: dict[str, list[float]] = {path: [] for path in paths}
    failed, most = [], 0.0
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    for turn in range(number):
        for path in paths:
            started = time.perf_counter()
            # Not one of the answers that are kept: a worker has to do something.
            connection.request("GET", path, headers={"If-None-Match": '"none"'})
            response = connection.getresponse()
            body = response.read()
            if response.status == 200:
                seconds[path].append(time.perf_counter() - started)
            else:
                failed.append(f"{path}: {response.status} {body[:200]!r}")
            time.sleep(pause)
        if turn % 20 == 0:
            most = max(most, _tree_mib(running.process.pid))
    connection.close()
    return Watch({path: sorted(times) for path, times in seconds.items()}, failed, most)


def start_attack(running: Running, seconds: float, clients: int) -> "subprocess.Popen[str]":
    """Attack from a process of its own, which prints how many answers had which status."""
    words = [sys.executable, "-m", "tests.web.hostile", str(running.port), str(seconds), str(clients)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)


if __name__ == "__main__":
    os.nice(19)
    print(json.dumps(asyncio.run(attack(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))))
