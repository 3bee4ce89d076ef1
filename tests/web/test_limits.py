"""Limits hold, others go on, and nobody takes a part for the whole."""

import http.client
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from tests.web.running import ROWS, SECONDS, Running

THREE = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
RUNAWAYS = {
    "count": f"SELECT (COUNT(*) AS ?n) {THREE}",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)* ?b . ?c (!<urn:x>|^!<urn:x>)* ?d }",
}


@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_query_is_stopped_and_the_answer_says_so(server: Running, name: str) -> None:
    started = time.monotonic()
    reply = server.sparql(RUNAWAYS[name])
    elapsed = time.monotonic() - started
    assert reply.status in {503, 504}
    assert elapsed < SECONDS + 1
    problem = json.loads(reply.body)
    assert problem["limits"]["seconds"] == SECONDS
    assert 0 < problem["elapsed"] <= elapsed
    assert int(reply.headers["retry-after"]) > 0


def test_others_are_served_while_runaways_run(server: Running) -> None:
    with ThreadPoolExecutor(12) as threads:
        runaways = [threads.submit(server.sparql, RUNAWAYS["count"]) for _ in range(12)]
        time.sleep(0.2)
        took: list[float] = []
        while not runaways[0].done() or len(took) < 5:
            started = time.monotonic()
            assert server.get("/healthz").status == 200
            assert server.get("/query/methods?task=deconvolution").status == 200
            assert server.get("/method/graphst.ttl").status == 200
            took.append(time.monotonic() - started)
        statuses = {future.result().status for future in runaways}
    assert statuses <= {429, 503, 504}
    assert sorted(took)[len(took) // 2] < 1
    assert server.sparql("ASK {}").status == 200


def test_no_worker_is_missing_afterwards(server: Running) -> None:
    text = ""
    for _ in range(50):
        text = server.get("/metrics").text
        if 'stkg_workers_idle{pool="sparql"} 2' in text and 'stkg_workers_idle{pool="records"} 2' in text:
            break
        time.sleep(0.1)
    assert 'stkg_workers_alive{pool="sparql"} 2' in text
    assert 'stkg_workers_alive{pool="records"} 2' in text
    assert 'stkg_workers_queued{pool="sparql"} 0' in text


def test_too_much_memory_ends_the_query_alone(server: Running) -> None:
    big = "SELECT (CONCAT(?s, ?s, ?s, ?s) AS ?x) { VALUES ?a { 1 2 3 4 5 6 7 8 } BIND('" + "x" * 60_000 + "' AS ?s) }"
    body = big.replace("?s, ?s", ", ".join(["?s"] * 4000)).encode()
    reply = server.ask("/sparql", "POST", body, {"Content-Type": "application/sparql-query"})
    assert reply.status in {503, 504}
    assert server.sparql("ASK {}").status == 200


def test_deep_nesting_ends_the_query_alone(server: Running) -> None:
    body = ("SELECT * " + "{" * 100_000 + "}" * 100_000).encode()
    reply = server.ask("/sparql", "POST", body, {"Content-Type": "application/sparql-query"})
    assert reply.status in {400, 503}
    assert server.sparql("ASK {}").status == 200


WIDE = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"


def test_rows_are_capped_and_the_answer_says_so(server: Running) -> None:
    reply = server.sparql(WIDE)
    assert reply.status == 200
    assert f"rows={ROWS}" in reply.headers["stkg-limits"]
    found = json.loads(reply.body)
    assert len(found["results"]["bindings"]) == ROWS
    assert str(ROWS) in found["stkg:truncated"]
    small = server.sparql("SELECT ?a { ?a ?b ?c }")
    assert "stkg:truncated" not in json.loads(small.body)


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values"])
def test_an_answer_that_cannot_say_so_is_seen_as_broken(server: Running, accept: str) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        server.sparql(WIDE, accept)


def test_who_reads_too_slowly_sees_a_broken_answer(server: Running) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(5)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(SECONDS + 0.5)
        received = b""
        try:
            while piece := connection.recv(1 << 20):
                received += piece
        except ConnectionError:
            pass
    assert received.startswith(b"HTTP/1.1 200")
    assert not received.endswith(b"0\r\n\r\n")


def test_the_worker_of_a_client_that_left_is_stopped(server: Running) -> None:
    before = server.get("/metrics").text
    request = f"GET /sparql?query={quote(RUNAWAYS['count'])} HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request.encode())
        time.sleep(0.3)
    time.sleep(0.3)
    after = server.get("/metrics").text

    def count(text: str, event: str) -> int:
        return int(text.split(f'{{pool="sparql",event="{event}"}} ')[1].split(maxsplit=1)[0])

    assert count(after, "killed") == count(before, "killed") + 1
    assert count(after, "timeout") == count(before, "timeout")


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /sparql HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200_000 + b"\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 10\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /sparql?query=%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /method/x%0d%0aX-Evil:%20y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ],
)
def test_broken_requests_are_refused_and_the_server_goes_on(server: Running, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        try:
            connection.sendall(raw)
            answer = connection.recv(4096)
        except ConnectionError:
            answer = b""
    assert not answer or answer.split(b" ", 2)[1].startswith(b"4")
    assert server.sparql("ASK {}").status == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(server: Running) -> None:
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 99999999999\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(head)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_chunked_body_is_counted(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b" " * 0x10000 + b"\r\n") * 17
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")
