"""Answers are kept only where the same answer would come again."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kg.web.cache import LASTING, Cache
from kg.web.metrics import Traffic
from tests.web.running import Running


def _hits(server: Running) -> int:
    return int(server.get("/metrics").text.split("\nstkg_cache_hits_total ")[1].split(maxsplit=1)[0])


@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=SELECT%20*%20%7B%20?s%20a%20stkg:Method%20%7D",
        "/query/methods.csv?task=deconvolution",
        "/method/graphst.ttl",
        "/.well-known/void",
    ],
)
def test_an_answer_is_given_again(server: Running, path: str) -> None:
    first = server.get(path)
    before = _hits(server)
    again = server.get(path)
    assert _hits(server) == before + 1
    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body
    assert {k: v for k, v in again.headers.items() if k != "date"} == {
        k: v for k, v in first.headers.items() if k != "date"
    }


def test_what_is_different_each_time_is_not_kept(server: Running) -> None:
    for call in ("STRUUID()", "UUID()", "rAnD()", "NOW()"):
        query = f"SELECT ({call} AS ?x) {{}}"
        found = [json.loads(server.sparql(query).body)["results"]["bindings"][0]["x"]["value"] for _ in range(2)]
        assert found[0] != found[1]


def test_what_an_answer_depends_on_is_looked_at(server: Running) -> None:
    path = "/sparql?query=SELECT%20*%20%7B%20?s%20a%20stkg:Task%20%7D"
    assert server.get(path, "text/csv").type == "text/csv"
    assert server.get(path, "application/json").type == "application/json"
    hosts = [server.ask("/.well-known/void", headers={"Host": host}).text for host in ("a.org", "b.org")]
    assert "http://a.org/sparql" in hosts[0]
    assert "http://b.org/sparql" in hosts[1]
    tag = server.get("/method/graphst.nt").headers["etag"]
    assert server.ask("/method/graphst.nt", headers={"If-None-Match": tag}).status == 304
    assert server.ask("/method/graphst.nt", "HEAD").body == b""
    assert server.get("/method/graphst.nt").body


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/sparql?query=SELECT", "/query/nothing", "/method/nothing"])
def test_states_and_errors_are_not_kept(server: Running, path: str) -> None:
    server.get(path)
    before = _hits(server)
    server.get(path)
    assert _hits(server) == before


def _asked(cache: Cache, path: str, method: str = "GET") -> bytes:
    sent: list[Mapping[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    scope = {"method": method, "scheme": "http", "path": path, "query_string": b"", "headers": []}
    # In a thread of its own: a browser of other tests may have left its loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, cache(scope, receive, send)).result()
    return b"".join(message.get("body", b"") for message in sent)


def test_the_memory_for_answers_is_bounded() -> None:
    asked: list[str] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        scope[LASTING] = True
        size = 100_000 if scope["path"] == "/large" else 1_000
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * size, "more_body": False})

    traffic = Traffic()
    cache = Cache(app, 100_000, traffic)
    for _ in range(2):
        for path in ("/a", "/b", "/large"):
            assert _asked(cache, path)
    assert asked == ["/a", "/b", "/large", "/large"]
    for number in range(30):
        _asked(cache, f"/{number}")
        _asked(cache, "/a")  # in use, and therefore not the first to go
    asked.clear()
    _asked(cache, "/a")
    _asked(cache, "/b")
    assert asked == ["/b"]
    assert traffic.hits == 2 + 30 + 1
    assert _asked(Cache(app, 0, traffic), "/a") == b"x" * 1000
