"""Throughput of a small SELECT at 16 connections, all limits on, beside two peers in one interleaved run.

Ours runs twice: as it comes, and without the answers that it keeps. The peers are rdflib-endpoint, and the plainest
thing one would write: Starlette and pyoxigraph in one process without any limit, once with the query in the event loop
and once in a thread. All run under uvicorn with httptools, answer the same query from the same statements, and are
asked by wrk, pinned to one core, in turn. Needs wrk (``apt-get install wrk``) and an environment for the peers:

    python -m venv PEERS && PEERS/bin/pip install rdflib-endpoint uvicorn httptools starlette pyoxigraph
    python benchmarks/serve.py PEERS/bin/python [ROUNDS [SECONDS]]
"""

import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from kg import KnowledgeGraph
from kg.build import ensure_build
from kg.resources import resource_root

CONNECTIONS = 16
RECORD = "https://w3id.org/stkg/method/graphst"
QUERY = f"SELECT ?p ?o WHERE {{ <{RECORD}> ?p ?o FILTER(isIRI(?o)) }} LIMIT 13"
PLAIN = """
import sys, uvicorn, pyoxigraph
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
store, json = pyoxigraph.Store.read_only(sys.argv[2]), pyoxigraph.QueryResultsFormat.JSON
def answer(request):
    result = store.query(request.query_params["query"], use_default_graph_as_union=True)
    return Response(result.serialize(format=json), media_type="application/sparql-results+json")
async def inline(request):
    return answer(request)
app = Starlette(routes=[Route("/sparql", inline if sys.argv[3] == "inline" else answer)])
uvicorn.run(app, port=int(sys.argv[1]), http="httptools", log_level="error", access_log=False)
"""
RDFLIB = """
import sys, uvicorn
from rdflib import Graph
from rdflib_endpoint import SparqlEndpoint
graph = Graph().parse(sys.argv[2], format="nt")
app = SparqlEndpoint(graph=graph, path="/sparql")
uvicorn.run(app, port=int(sys.argv[1]), http="httptools", log_level="error", access_log=False)
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}/sparql?query={quote(QUERY, safe='')}"


def _rows(port: int) -> int:
    request = urllib.request.Request(_address(port), headers={"Accept": "application/sparql-results+json"})
    with urllib.request.urlopen(request, timeout=5) as response:
        return len(json.load(response)["results"]["bindings"])


@contextlib.contextmanager
def _servers(commands: dict[str, list[str]], ports: dict[str, int]) -> Iterator[None]:
    """Start all, and wait until all give the same answer."""
    processes = [subprocess.Popen(words, stderr=subprocess.DEVNULL) for words in commands.values()]
    try:
        for port in ports.values():
            end = time.monotonic() + 120
            while True:
                with contextlib.suppress(OSError):
                    if _rows(port) != 13:
                        sys.exit("a server does not give the expected answer")
                    break
                if time.monotonic() > end:
                    sys.exit("a server does not come up")
                time.sleep(0.2)
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def _wrk(port: int, seconds: int) -> tuple[float, float, float]:
    """Requests a second, and median and 99th percentile in milliseconds."""
    words = ["taskset", "-c", "1", "wrk", "-t1", f"-c{CONNECTIONS}"]
    words += [f"-d{seconds}s", "--latency", "-H", "Accept: application/sparql-results+json", _address(port)]
    out = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit(out)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}

    def of(share: str) -> float:
        found = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", out)
        return float(found[1]) * scale[found[2]] if found else float("nan")

    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    return float(rate[1]) if rate else 0.0, of("50"), of("99")


def main(peers: str, rounds: int, seconds: int) -> None:
    """Run all in turn and print a table."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    place = ensure_build(resource_root("data").absolute())
    with tempfile.TemporaryDirectory() as folder:
        triples = Path(folder) / "graph.nt"
        lines = {f"{quad.triple} .\n" for quad in KnowledgeGraph(place).quads()}
        triples.write_text("".join(lines), encoding="utf-8")
        names = ("stkg serve", "stkg serve --cache 0", "plain, in the loop", "plain, in a thread", "rdflib-endpoint")
        ports = {name: _free_port() for name in names}
        port = [str(number) for number in ports.values()]
        store = os.fspath(place / "store")
        serve = [sys.executable, "-m", "kg.cli", "serve", "--port"]
        each = (
            [*serve, port[0]],
            [*serve, port[1], "--cache", "0"],
            [peers, "-c", PLAIN, port[2], store, "inline"],
            [peers, "-c", PLAIN, port[3], store, "thread"],
            [peers, "-c", RDFLIB, port[4], os.fspath(triples)],
        )
        commands = dict(zip(names, each, strict=True))
        found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
        with _servers(commands, ports):
            for number in range(rounds + 1):
                for name in names:
                    measured = _wrk(ports[name], seconds if number else 1)
                    if number:  # the first round only warms up
                        found[name].append(measured)
    print(f"{'median of ' + str(rounds) + ' rounds':22} {'req/s':>8} {'ratio':>6} {'p50 ms':>7} {'p99 ms':>7}")
    slowest = statistics.median(rate for rate, _, _ in found["rdflib-endpoint"])
    for name, rows in found.items():
        rate, middle, late = (statistics.median(row[place] for row in rows) for place in range(3))
        print(f"{name:22} {rate:8.0f} {rate / slowest:6.2f} {middle:7.2f} {late:7.2f}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[2:]]
    main(sys.argv[1], *(given + [5, 3][len(given) :]))
