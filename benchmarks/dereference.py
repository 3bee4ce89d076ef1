"""Every IRI of the graph under our base answers on a server of the whole catalog, and every record in five formats.

Each Turtle, N-Triples, RDF/XML and JSON-LD answer is parsed; the four must say the same. Pages must be whole. Ends with
a table, and with status 1 when anything failed.

    python benchmarks/dereference.py [CONNECTIONS]
"""

import http.client
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Final

import pyoxigraph as ox

from kg import KnowledgeGraph
from kg.iris import BASE, RECORD_KINDS

_FORMATS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
_RECORD: Final = re.compile(rf"({'|'.join(RECORD_KINDS)})/[^/]+")
_here = local()


def iris(graph: KnowledgeGraph) -> list[str]:
    """Every IRI of ours in the graph, without its fragment, as a path."""
    found: set[str] = set()
    for quad in graph.quads():
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(BASE):
                found.add(term.value[len(BASE) :].partition("#")[0])
    return sorted(found)


def get(port: int, path: str, accept: str) -> tuple[int, str, bytes]:
    """Status, media type and body, after two redirects at most: to the record's id of today, and to the format."""
    if not hasattr(_here, "connection"):
        _here.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    status, headers, body = _ask(path, accept)
    for _ in range(2):
        if status in {301, 303}:
            status, headers, body = _ask(headers["Location"], accept)
    return status, headers.get("Content-Type", "").partition(";")[0], body


def _ask(path: str, accept: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection: http.client.HTTPConnection = _here.connection
    connection.request("GET", path, headers={"Accept": accept})
    reply = connection.getresponse()
    return reply.status, reply.headers, reply.read()


def faults(port: int, path: str) -> list[str]:
    """What is wrong with the answers for one IRI."""
    is_record = _RECORD.fullmatch(path) is not None
    wrong, said = [], []
    for media_type, style in _FORMATS.items() if is_record else [("text/turtle", ox.RdfFormat.TURTLE)]:
        status, kind, body = get(port, f"/{path}", media_type)
        if (status, kind) != (200, media_type):
            wrong.append(f"/{path}: {status} {kind} for {media_type}")
            continue
        said.append({str(quad.triple) for quad in ox.parse(body, format=style)})
    if any(triples != said[0] or not triples for triples in said):
        wrong.append(f"/{path}: the formats do not say the same")
    if is_record:
        status, kind, body = get(port, f"/{path}", "text/html")
        if (status, kind) != (200, "text/html") or not body.rstrip().endswith(b"</html>"):
            wrong.append(f"/{path}: {status} {kind} for text/html")
    return wrong


def started() -> tuple[subprocess.Popen[str], int]:
    """A server, and its port."""
    words = [sys.executable, "-m", "kg.cli", "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    lines: Iterator[str] = iter(process.stderr or ())
    found = next(match for line in lines if (match := re.search(r"serving on http://[^ ]*:(\d+)/", line)))
    # Somebody must read the log, or the server waits.
    ThreadPoolExecutor(1).submit(lambda: [None for _ in lines])
    return process, int(found[1])


def main(words: Sequence[str]) -> int:
    """Ask for all of them and print what came."""
    paths = iris(KnowledgeGraph.open())
    process, port = started()
    begun = time.perf_counter()
    try:
        with ThreadPoolExecutor(int(words[0]) if words else 4) as threads:
            wrong = [line for lines in threads.map(lambda path: faults(port, path), paths) for line in lines]
    finally:
        process.terminate()
        process.wait(30)
    seconds = time.perf_counter() - begun
    kinds = Counter(path.partition("/")[0] for path in paths)
    records = sum(_RECORD.fullmatch(path) is not None for path in paths)
    print(f"{len(paths)} IRIs, {records} of them records in five formats: {len(wrong)} faults, {seconds:.0f} s")
    print(", ".join(f"{kind or '/'} {number}" for kind, number in kinds.most_common()))
    for line in wrong[:50]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
