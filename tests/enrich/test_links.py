"""Links are checked with one small request each, and what cannot be said is not guessed."""

from pathlib import Path

import pytest

from kg.enrich import LinkResult, check_links
from kg.enrich.client import Client
from kg.enrich.links import INTERVAL
from kg.errors import FetchError
from tests.enrich.serving import FakeClock, Reply, Services


def opened(services: Services, folder: Path, clock: FakeClock | None = None, **settings: object) -> Client:
    """A client for which the test server is a public machine."""
    client = services.client(folder, clock, **settings)

    def resolve(host: str, port: int) -> list[str]:
        if host in {"private.example.org", "127.0.0.1"} and str(port) not in services.base:
            raise FetchError(f"{host!r} leads to 10.0.0.1, which is not a public address")
        return ["127.0.0.1"]

    client.polite.transport.resolve = resolve
    return client


def at(services: Services, path: str, host: str = "example.org") -> str:
    """Address of a path on the test server under a public name."""
    return f"http://{host}:{services.base.rpartition(':')[2]}{path}"


def test_each_state_is_told(services: Services, tmp_path: Path) -> None:
    services.on("/ok", Reply(b"x"))
    services.on("/gone", Reply(b"", 410))
    services.on("/moved", Reply(b"", 301, {"Location": "/ok"}))
    services.on("/moved-away", Reply(b"", 308, {"Location": "/gone"}))
    services.on("/elsewhere-today", Reply(b"", 302, {"Location": "/ok"}))
    services.on("/closed", Reply(b"", 403))
    services.on("/circle", Reply(b"", 301, {"Location": "/circle"}))
    services.on("/file", Reply(b"", 301, {"Location": "file:///etc/passwd"}))
    services.on("/inside", Reply(b"", 302, {"Location": "http://private.example.org/"}))
    services.on("/broken", Reply(b"", 500))
    paths = ["/ok", "/gone", "/missing", "/moved", "/moved-away", "/elsewhere-today", "/closed", "/circle", "/file"]
    urls = [at(services, path) for path in [*paths, "/inside", "/broken"]]
    found = {
        r.url: r
        for r in check_links([*urls, urls[0], "ftp://x.org", "http://[::1", "nonsense"], opened(services, tmp_path))
    }
    states = {path: found[at(services, path)].state for path in [*paths, "/inside", "/broken"]}
    assert states == {
        "/ok": "ok",
        "/gone": "gone",
        "/missing": "gone",
        "/moved": "moved",
        "/moved-away": "gone",
        "/elsewhere-today": "ok",
        "/closed": "unreachable",
        "/circle": "unreachable",
        "/file": "unreachable",
        "/inside": "unreachable",
        "/broken": "unreachable",
    }
    assert found[at(services, "/moved")] == LinkResult(
        at(services, "/moved"), "moved", at(services, "/ok"), 200, "the server says that it moved for good"
    )
    assert "no web address" in found[at(services, "/file")].why
    assert "not a public address" in found[at(services, "/inside")].why
    assert {found[bad].state for bad in ("ftp://x.org", "http://[::1", "nonsense")} == {"unreachable"}
    assert len(found) == len(urls) + 3


def test_a_server_without_head_is_asked_with_get(services: Services, tmp_path: Path) -> None:
    services.on("/x", Reply(b"", 405), Reply(b"content"))
    (result,) = check_links([at(services, "/x")], opened(services, tmp_path))
    assert result.state == "ok"
    assert [method for method, _, _ in services.asked] == ["HEAD", "GET"]
    assert not [headers for _, _, headers in services.asked if "curator@" in headers["user-agent"]]


def test_a_resolver_of_names_is_not_followed(services: Services, tmp_path: Path) -> None:
    services.on("/10.5555/x", Reply(b"", 302, {"Location": "https://publisher.example.org/x"}))
    (result,) = check_links([at(services, "/10.5555/x", "doi.org")], opened(services, tmp_path))
    assert (result.state, len(services.asked)) == ("ok", 1)


def test_one_host_is_not_hurried(services: Services, tmp_path: Path) -> None:
    clock = FakeClock()
    urls = [at(services, "/a"), at(services, "/b"), at(services, "/c", "example.net")]
    list(check_links(urls, opened(services, tmp_path, clock)))
    assert clock.slept[0] == INTERVAL
    assert len([s for s in clock.slept if s]) < len(services.asked)  # another host waits for nobody


def test_a_check_goes_on_where_it_was_broken_off(services: Services, tmp_path: Path) -> None:
    urls = [at(services, f"/{number}") for number in range(4)]
    for number in range(4):
        services.on(f"/{number}", Reply(b""))
    results = check_links(urls, opened(services, tmp_path))
    assert [next(results).state, next(results).state] == ["ok", "ok"]
    results.close()  # as by Ctrl-C
    second = opened(services, tmp_path)
    assert [result.state for result in check_links(urls, second)] == ["ok"] * 4
    assert (second.hits, len(services.asked)) == (2, 4)


def test_offline_only_saved_results_are_given(services: Services, tmp_path: Path) -> None:
    (result,) = check_links([at(services, "/x")], opened(services, tmp_path, offline=True))
    assert (result.state, result.why) == ("unreachable", "not among the saved answers")
    assert services.asked == []


@pytest.mark.parametrize("location", ["http://[::1", "javascript:alert(1)", "data:text/html,x"])
def test_a_strange_redirect_is_named(services: Services, tmp_path: Path, location: str) -> None:
    services.on("/x", Reply(b"", 301, {"Location": location}))
    (result,) = check_links([at(services, "/x")], opened(services, tmp_path))
    assert (result.state, "no web address" in result.why) == ("unreachable", True)
